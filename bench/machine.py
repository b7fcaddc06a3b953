"""What the figures were measured on."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

import psutil

PARTS = ("canhbao", "httpx", "lxml", "beautifulsoup4", "sqlalchemy", "ahocorasick-rs")


def describe() -> str:
    """One sentence: processor, cores, memory, system, Python, the versions that matter."""
    memory_gb = psutil.virtual_memory().total / 1e9
    versions = ", ".join(f"{part} {version(part)}" for part in PARTS)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory_gb:.0f} GB, {platform.system()} {platform.release().partition('-')[0]}, "
        f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
