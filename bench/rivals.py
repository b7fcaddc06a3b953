"""Other programs that do what a part of ours does, each in a virtual environment of its own under .bench/, as subprocesses that speak JSON lines."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".bench/rivals"
REQUIREMENTS = ROOT / "bench/rivals.txt"
WORKER = ROOT / "bench/rival_extractor.py"
SEARCHER = ROOT / "bench/rival_hyperscan.py"
EXTRACTORS = ("trafilatura", "newspaper4k", "readability-lxml", "goose3", "resiliparse")
_INSTALL_S = 600.0
_MEASURE_S = 900.0


class NoRivalsError(Exception):
    """The environment of the rivals could not be made: no network, most likely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rival made of one page, and in how many seconds of the processor (the best of the rounds)."""

    text: str
    seconds: float


@cache
def python() -> Path:
    """The interpreter of the rivals' environment, which is made first where it is not there or not what rivals.txt says.

    Raises: NoRivalsError.
    """
    interpreter, stamp = HOME / "bin/python", HOME / "installed.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if interpreter.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return interpreter
    pip = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True, timeout=_INSTALL_S)
        # The pip that comes with Python 3.11 cannot read two spellings of one extra (lxml[html-clean], lxml[html_clean]).
        subprocess.run([*pip, "--upgrade", "pip"], check=True, timeout=_INSTALL_S, capture_output=True)
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True, timeout=_INSTALL_S, capture_output=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise NoRivalsError(f"{HOME} could not be made: {error}") from error
    stamp.write_text(wanted, encoding="utf-8")
    return interpreter


def extract(name: str, pages: Mapping[str, tuple[Path, str]], *, n_rounds: int) -> Mapping[str, Answer]:
    """What the extractor `name` makes of each page (name → file and URL). Raises: NoRivalsError, or what the subprocess died of."""
    wanted = [{"name": page, "path": str(path), "url": url} for page, (path, url) in pages.items()]
    lines = _ask([str(WORKER), name, str(n_rounds)], wanted)
    return {line["name"]: Answer(text=line["text"], seconds=line["seconds"]) for line in lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scans:
    """Seconds of the processor that hyperscan took, and how many patterns it found in each text."""

    compile_s: float
    seconds: Sequence[float]
    n_found: Sequence[int]


def scan(patterns: Sequence[str], texts: Sequence[str], *, n_rounds: int) -> Scans:
    """All `patterns` sought by hyperscan in each of `texts`. Raises: NoRivalsError, or what the subprocess died of."""
    [line] = _ask([str(SEARCHER)], [{"patterns": patterns, "texts": texts, "n_rounds": n_rounds}])
    return Scans(**line)


def _ask(command: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(python()), *command],
        input="\n".join(json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        check=False,
        timeout=_MEASURE_S,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[1]} failed: {done.stderr[-1000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def versions() -> Mapping[str, str]:
    """As pinned."""
    lines = (line.partition("==") for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if "==" in line)
    return {name: version for name, _, version in lines}
