"""Articles per second through everything: polled, fetched, read, matched, recorded and told, by a real daemon against the press.

The press publishes all articles at one moment, when the daemon is up and warm; from then on the clock and the meters run.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ruamel.yaml import YAML

from bench.daemon import Meter, Used, running
from bench.figures import Figures, median, spread
from bench.topics import watches
from crawler.press.remote import RemotePress, remote_press
from crawler.press.sinks import WebhookSink

LOOK_EVERY_S = 0.05
N_WARM = 16
"""Older articles, fetched before the clock runs: the daemon's and its workers' imports, first statements and caches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    n_articles: int
    page_bytes: int
    n_watches: int
    n_runs: int
    lead_s: float
    """From the start of the press to the moment it publishes: the daemon must be up and warm by then."""
    deadline_s: float
    layouts: "tuple[Layout, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How many workers, and whether daemon and workers have to share one core."""

    name: str
    n_workers: int
    one_core: bool = False


FULL = Size(
    n_articles=2_000,
    page_bytes=80_000,
    n_watches=100,
    n_runs=1,
    lead_s=8.0,
    deadline_s=120.0,
    layouts=(
        Layout(name="1 reading worker, both on one core", n_workers=1, one_core=True),
        Layout(name="1 reading worker", n_workers=1),
        Layout(name="2 reading workers", n_workers=2),
    ),
)
TINY = Size(
    n_articles=12, page_bytes=0, n_watches=10, n_runs=1, lead_s=6.0, deadline_s=60.0, layouts=(Layout(name="1 worker", n_workers=1),)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One daemon's work on the articles of one moment."""

    n_articles: int
    elapsed_s: float
    """From the first of them stored to the last."""
    told_s: float
    """From the first of them stored until nothing was left to deliver."""
    n_told: int
    used: Used
    daemon_peak_mb: float
    worker_peak_mb: float


def measure(size: Size) -> Figures:
    rows, shares = [], []
    for layout in size.layouts:
        runs = [_run(size, layout) for _ in range(size.n_runs)]
        rows.append((layout.name, *_row(runs)))
        shares += [run.n_told / run.n_articles for run in runs]
    pages = f"pages of about {size.page_bytes // 1000} kB" if size.page_bytes else "pages of natural size"
    return Figures(
        name="pipeline",
        input=(
            f"{size.n_articles:,} articles ({pages}, gzip) of 4 portals of the press, published at one moment (seed 1); {size.n_watches} watches; "
            f"a file and a webhook channel ({median(shares):.2f} messages an article); no politeness interval; SQLite on disk with the settings "
            f"of `canhbao run`; press and receiver in processes of their own on the same machine; median of {size.n_runs} runs (lowest-highest)"
        ),
        columns=(
            "daemon and",
            "articles/s",
            "CPU ms/article: daemon",
            "workers",
            "articles per CPU second",
            "peak MB: daemon",
            "a worker",
        ),
        rows=tuple(rows),
        notes=(
            "Articles/s is by the clock, from the first article stored to the last; press, receiver and daemon compete for the cores.",
            "Articles per CPU second divides by all processor time of daemon and workers from publication until the last delivery.",
        ),
    )


def _row(runs: Sequence[Run]) -> tuple[str, ...]:
    return (
        spread([run.n_articles / run.elapsed_s for run in runs]),
        f"{median([run.used.daemon_s / run.n_articles for run in runs]) * 1000:.2f}",
        f"{median([run.used.workers_s / run.n_articles for run in runs]) * 1000:.2f}",
        spread([run.n_articles / run.used.total_s for run in runs]),
        f"{median([run.daemon_peak_mb for run in runs]):.0f}",
        f"{median([run.worker_peak_mb for run in runs]):.0f}",
    )


class _TooSlowError(Exception):
    """The daemon was not warm when the press published."""


def _run(size: Size, layout: Layout) -> Run:
    """Raises: TimeoutError."""
    for lead_s in (size.lead_s, 2 * size.lead_s, 4 * size.lead_s):
        try:
            return _try(size, layout, lead_s)
        except _TooSlowError:
            continue
    raise TimeoutError("the daemon does not get warm: the machine is too busy")


def _try(size: Size, layout: Layout, lead_s: float) -> Run:
    with tempfile.TemporaryDirectory(prefix="canhbao-bench-") as name, WebhookSink().running() as hook:
        folder = Path(name)
        start = datetime.now(UTC) + timedelta(seconds=lead_s)
        with remote_press(folder, *_options(size, start)) as press:
            config = _configure(folder, hook, size, layout)
            with running(config, cores=_one_core() if layout.one_core else None) as meter:
                run = _watch(folder / "canhbao.db", meter, size, start)
            _check(press, hook, size)
            return run


def _one_core() -> list[int] | None:
    return sorted(os.sched_getaffinity(0))[:1] if hasattr(os, "sched_getaffinity") else None


def _options(size: Size, start: datetime) -> list[str]:
    wishes = {"start": start.isoformat(), "backlog": N_WARM, "articles": size.n_articles, "period": 0, "window": size.n_articles}
    wishes |= {"page-bytes": size.page_bytes, "for": (start - datetime.now(UTC)).total_seconds() + size.deadline_s + 60}
    return [part for name, wish in wishes.items() for part in (f"--{name}", str(wish))]


def _watch(database: Path, meter: Meter, size: Size, start: datetime) -> Run:
    """Wait until all is stored and told, with an eye on the meters. Raises: TimeoutError, _TooSlowError."""
    lead_s = (start - datetime.now(UTC)).total_seconds()
    _until(lambda: _stored(database) >= N_WARM or datetime.now(UTC) > start, meter, time.monotonic() + lead_s + 1)
    if datetime.now(UTC) >= start:
        raise _TooSlowError
    deadline = time.monotonic() + lead_s + size.deadline_s
    time.sleep((start - datetime.now(UTC)).total_seconds())
    before = meter.look()
    _until(lambda: _stored(database) > N_WARM, meter, deadline)
    first_at = time.monotonic()
    _until(lambda: _stored(database) >= N_WARM + size.n_articles, meter, deadline)
    stored_at = time.monotonic()
    _until(lambda: _asked(database, "SELECT count(*) FROM deliveries WHERE state != 'delivered'") == 0, meter, deadline)
    return Run(
        n_articles=size.n_articles,
        elapsed_s=stored_at - first_at,
        told_s=time.monotonic() - first_at,
        n_told=_asked(database, "SELECT count(*) FROM deliveries"),
        used=meter.look() - before,
        daemon_peak_mb=meter.daemon_peak_mb,
        worker_peak_mb=meter.worker_peak_mb,
    )


def _until(condition: Callable[[], bool], meter: Meter, deadline: float) -> None:
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the daemon did not get through in time")
        meter.look()
        time.sleep(LOOK_EVERY_S)


def _stored(database: Path) -> int:
    return _asked(database, "SELECT max(id) FROM articles")


def _asked(database: Path, question: str) -> int:
    """One number, 0 where there is none yet. Read beside the daemon, which WAL lets go on meanwhile."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return int(connection.execute(question).fetchone()[0] or 0)
    except sqlite3.OperationalError:
        return 0  # not made yet


def _check(press: RemotePress, hook: WebhookSink, size: Size) -> None:
    """A figure counts only if the work was right: every article about a topic of the press was told once, and no other."""
    truth = press.truth()
    topics = {str(watch["id"]) for watch in watches(size.n_watches)}
    wanted = {(article.url, topic) for topic in topics for article in truth.about(topic)}
    payloads = {one.id: one.payload["data"] for one in hook.hooks}
    told = [(each["article"]["url"], each["watch"]["id"]) for each in payloads.values()]
    ours = [pair for pair in told if not pair[1].startswith("de-tai-")]
    if set(ours) != wanted or len(ours) != len(wanted):
        raise RuntimeError(f"wrong alerts: {len(wanted)} wanted, {len(ours)} told, {len(wanted ^ set(ours))} differ")


def _configure(folder: Path, hook: WebhookSink, size: Size, layout: Layout) -> Path:
    """The portals as the press wrote them, and our own watches."""
    _write(folder / "watches.yaml", {"watches": watches(size.n_watches)})
    settings = {
        "database": f"sqlite:///{folder / 'canhbao.db'}",
        "portals": ["portals"],
        "watches": "watches.yaml",
        "http": {"contact": "bench@example.org", "per_host_interval_s": 0, "per_address_interval_s": 0, "allow_addresses": ["127.0.0.0/8"]},
        "poll": {"min_s": 3, "max_s": 3, "tick_s": 0.2},
        "workers": layout.n_workers,
        "channels": {
            "log": {"type": "file", "path": str(folder / "alerts.jsonl")},
            "hook": {"type": "webhook", "url": hook.url, "secret": hook.secret, "allow_addresses": ["127.0.0.0/8"]},
        },
    }
    path = folder / "canhbao.yaml"
    _write(path, settings)
    return path


def _write(path: Path, value: object) -> None:
    with path.open("w", encoding="utf-8") as out:
        YAML().dump(value, out)
