"""Seconds that `canhbao search` and `canhbao watch test` take on a large archive, as whole commands: start, prefilter, matcher, output."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import archive
from bench.figures import Figures, median
from config.watch import Watch
from crawler.match.index import shipped_catalogue
from crawler.match.sieve import sieve_of
from storage.engine import Store
from storage.search import count_candidates

ROOT = Path(__file__).resolve().parents[1]
RARE = f'"{archive.PHRASE}"'
OFTEN = "lúa"
DEADLINE_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    n_articles: int
    n_sentences: int
    n_rounds: int


FULL = Size(n_articles=300_000, n_sentences=21, n_rounds=3)
TINY = Size(n_articles=300, n_sentences=9, n_rounds=1)
SHARE = 0.0095
"""Of the articles that are about the topic: just below a hundredth."""
COMMANDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("search, the newest 20", RARE, ("search", RARE)),
    ("search without marks", "quy che dan chu", ("search", "quy che dan chu")),
    ("search, the 20 best of all", RARE, ("search", RARE, "--order", "relevance")),
    ("watch test", RARE, ("watch", "test", "--query", RARE)),
    ("watch test, the last 90 days", RARE, ("watch", "test", "--query", RARE, "--since", "2026-08-03")),
    ("watch test, every place as JSON", RARE, ("watch", "test", "--query", RARE, "--json")),
    ("watch test, more than a hundredth: the estimate", OFTEN, ("watch", "test", "--query", OFTEN)),
)


def measure(size: Size) -> Figures:
    with tempfile.TemporaryDirectory(prefix="canhbao-bench-") as folder:
        config, began = _configure(Path(folder)), time.monotonic()
        archive.build(Path(folder) / "canhbao.db", n_articles=size.n_articles, share_about=SHARE, n_sentences=size.n_sentences)
        built_s, megabytes = time.monotonic() - began, (Path(folder) / "canhbao.db").stat().st_size / 1e6
        rows = tuple(_row(name, query, command, config, size) for name, query, command in COMMANDS)
    return Figures(
        name="search",
        input=(
            f"{size.n_articles:,} articles of about {19 * size.n_sentences} words in SQLite ({megabytes:,.0f} MB), put together from 5,000 "
            f"sentences (seed 1) over two years on 34 portals, one in {round(1 / SHARE)} about {archive.PHRASE!r}; whole commands, median of "
            f"{size.n_rounds} rounds (lowest-highest)"
        ),
        columns=("command", "candidates", "of the store", "seconds"),
        rows=rows,
        notes=(f"Building the archive took {built_s:.0f} s. Candidates are what the index lets through; the matcher judges each.",),
    )


def _row(name: str, query: str, command: Sequence[str], config: Path, size: Size) -> tuple[str, ...]:
    watch = Watch(id="query", name=query, query=query)
    with Store.open(f"sqlite:///{config.parent / 'canhbao.db'}") as store:
        n = store.look(count_candidates, sieve_of(watch, shipped_catalogue()))
    is_estimate = name.endswith("estimate")
    seconds = [_seconds(command, config, first_line_only=is_estimate) for _ in range(size.n_rounds)]
    return (name, f"{n:,}", f"{n / size.n_articles:.2%}", f"{median(seconds):.1f} ({min(seconds):.1f}-{max(seconds):.1f})")


def _seconds(command: Sequence[str], config: Path, *, first_line_only: bool) -> float:
    """Of the whole command, or until it has said its first line. Raises: RuntimeError when it fails."""
    began = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    asked = [sys.executable, "-m", "crawler", *command, "--config", str(config)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        if first_line_only:
            process.stdout.readline()
            process.terminate()
            return time.monotonic() - began
        said = process.stdout.read()
        if process.wait(DEADLINE_S) or not said:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - began


def _configure(folder: Path) -> Path:
    (folder / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    config = folder / "canhbao.yaml"
    config.write_text("database: sqlite:///canhbao.db\nchannels: {log: {type: file, path: alerts.jsonl}}\n", encoding="utf-8")
    return config
