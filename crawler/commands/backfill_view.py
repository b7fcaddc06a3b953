"""How far a backfill is: a bar for people, a line now and then for a log, JSON Lines for programs."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from crawler.commands.terminal import print_json, say_line
from crawler.walk import Progress as Far
from crawler.wording import Language, speak
from storage.records import BackfillReport

LINE_EVERY_S = 60.0
JSON_EVERY_S = 10.0


class View(Protocol):
    def show(self, report: BackfillReport, far: Far) -> None:
        """How it stands now; called about once a second."""

    def close(self) -> None: ...


def view_for(name: str, language: Language, *, as_json: bool) -> View:
    if as_json:
        return Seldom(lambda report, far: print_json(record(report, far)), every_s=JSON_EVERY_S)
    if sys.stderr.isatty():
        return Bar(name, language, Console(file=sys.stderr, highlight=False))
    return Seldom(lambda _, far: say_line(line(name, far, language)), every_s=LINE_EVERY_S)


class Seldom:
    """Prints at once, and then every so often what has changed."""

    def __init__(self, print_: Callable[[BackfillReport, Far], None], *, every_s: float) -> None:
        self._print, self._every_s = print_, every_s
        self._shown_at = float("-inf")

    def show(self, report: BackfillReport, far: Far) -> None:
        if time.monotonic() - self._shown_at >= self._every_s:
            self._shown_at = time.monotonic()
            self._print(report, far)
            sys.stdout.flush()

    def close(self) -> None:
        pass


class Bar:
    """On a terminal; it goes when it is closed."""

    def __init__(self, name: str, language: Language, console: Console) -> None:
        self._language = language
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[left]}"))
        self._progress = Progress(*columns, console=console, transient=True)
        self._task: TaskID = self._progress.add_task(name, total=None, left="")
        self._progress.start()

    def show(self, report: BackfillReport, far: Far) -> None:  # noqa: ARG002 - the same for all views
        left = f"{far.n_read}/{far.n_found} · {time_left(far, self._language)}"
        self._progress.update(self._task, completed=far.n_read, total=far.n_found or None, left=left)

    def close(self) -> None:
        self._progress.stop()


def line(name: str, far: Far, language: Language) -> str:
    say = speak(language)
    more = say("backfill lists left", n=far.n_pages_left) if far.n_pages_left else ""
    return say("backfill line", name=name, read=far.n_read, found=far.n_found, left=far.n_left, more=more, time=time_left(far, language))


def time_left(far: Far, language: Language) -> str:
    """While lists are still to be asked, more may be found: then it is the least."""
    say = speak(language)
    if far.left_s is None:
        return say("backfill nearly")
    return say("backfill at least" if far.n_pages_left else "backfill about", time=spoken(far.left_s, language))


def spoken(seconds: float, language: Language) -> str:
    """A stretch of time as people say it, to two places: 3 days 4 h, 25 min."""
    units = (("ngày", "d", 86_400), ("giờ", "h", 3600), ("phút", "min", 60))
    left = max(60, round(seconds / 60) * 60)
    parts = []
    for vietnamese, english, size in units:
        n, left = divmod(left, size)
        if n:
            parts.append(f"{n} {vietnamese if language == 'vi' else english}")
    return " ".join(parts[:2])


def record(report: BackfillReport, far: Far) -> Mapping[str, Any]:
    told = {key: value for key, value in asdict(report).items() if key != "id"}
    left_s = None if far.left_s is None else round(timedelta(seconds=far.left_s).total_seconds())
    return {"kind": "backfill"} | told | {"n_found": far.n_found, "n_read": far.n_read, "n_left": far.n_left, "left_s": left_s}
