"""A real daemon that watches itself: how late its loop is, what it holds in memory, what it costs, once a second.

`python -m bench.watched CONFIG --addresses FILE --diary FILE` is `canhbao run` with names of our own instead of DNS.
"""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from config.load import load
from crawler import logs
from crawler.commands.running import serve
from crawler.fetch.resolver import Resolver
from storage.engine import upgrade

LOOK_EVERY_S = 0.02
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Second(NamedTuple):
    """One second of the daemon's life, on the clock of time.monotonic."""

    at_s: float
    resident_mb: float
    cpu_s: float
    """Of the daemon alone, since it began."""
    lags_ms: list[float]
    """How much later than asked the loop woke a sleeper, each 20 ms."""


class Diary:
    def __init__(self) -> None:
        self.seconds: list[Second] = []

    async def keep(self) -> None:
        loop = asyncio.get_running_loop()
        lags_ms: list[float] = []
        until = loop.time() + 1
        while True:
            asked = loop.time() + LOOK_EVERY_S
            await asyncio.sleep(LOOK_EVERY_S)
            now = loop.time()
            lags_ms.append((now - asked) * 1000)
            if now >= until:
                self.seconds.append(Second(time.monotonic(), _resident_mb(), time.process_time(), lags_ms))
                lags_ms, until = [], now + 1


def read_diary(path: Path) -> list[Second]:
    return [Second(*row) for row in json.loads(path.read_text(encoding="utf-8"))]


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES / 1e6


async def _run(config_path: Path, addresses: Mapping[str, str], diary: Diary) -> None:
    async def resolve(host: str) -> list[str]:
        if host not in addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [addresses[host]]

    config = load(config_path)
    upgrade(config.database_url)
    keeping = asyncio.create_task(diary.keep())
    try:
        await serve(config, resolver=Resolver(resolve))
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.watched")
    parser.add_argument("config", type=Path)
    parser.add_argument("--addresses", type=Path, required=True)
    parser.add_argument("--diary", type=Path, required=True)
    wish = parser.parse_args()
    diary = Diary()
    logs.configure("info")
    asyncio.run(_run(wish.config, json.loads(wish.addresses.read_text(encoding="utf-8")), diary))
    wish.diary.write_text(json.dumps(diary.seconds), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
