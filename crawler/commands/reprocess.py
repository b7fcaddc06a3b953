"""`canhbao reprocess`: kept pages read again by today's rules; what was missed is raised, late and in one digest."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from config.load import Config
from crawler.app import PAGE_DEADLINE_S, PAGE_MEMORY_MB, n_workers, now
from crawler.commands.showing import Say
from crawler.commands.terminal import print_json, print_table, say_line
from crawler.edition import Edition
from crawler.reprocess import Finding, Reprocess, Tally
from crawler.wording import say_choice, speak
from crawler.workers import Workers
from storage.engine import Store
from storage.pages import PageChoice

MAX_SHOWN = 20
LINE_EVERY_S = 10.0
"""Where no bar can be drawn."""


class Report(Protocol):
    """What is told of the findings, as they come and at the end."""

    def see(self, finding: Finding) -> None: ...

    def close(self, run: Reprocess, *, is_whole: bool) -> None: ...


def reprocess(config: Config, *, since: datetime, typed: str, portals: tuple[str, ...], is_dry: bool, as_json: bool) -> int:
    """0 when all pages were read; 1 when somebody stopped it, which the next run goes on from."""
    say = speak(config.settings.language)
    for portal in portals:
        if portal not in config.portals:
            say_line(say("unknown portal", id=portal, advice=say_choice(say, portal, config.portals)), is_error=True)
            return 2
    report: Report = Lines(is_dry=is_dry) if as_json else Page(say=say, is_dry=is_dry)
    with Store.open(config.database_url) as store:
        return asyncio.run(_run(config, store, PageChoice(since=since, portals=portals), report, say, typed=typed, is_dry=is_dry))


async def _run(config: Config, store: Store, choice: PageChoice, report: Report, say: Say, *, typed: str, is_dry: bool) -> int:
    workers = Workers(n_workers(config.settings.workers), deadline_s=PAGE_DEADLINE_S, memory_mb=PAGE_MEMORY_MB)
    run = Reprocess(store, workers, Edition.of(config), choice, typed=typed, clock=now, is_dry=is_dry)
    is_whole = False
    try:
        await run.begin()
        if run.is_resumed:
            print(say("reprocess resumes"), file=sys.stderr)  # noqa: T201 - beside the data, as the bar is
        with _progress(run.n_pages, say) as step:
            async for found in run.findings():
                for finding in found:
                    report.see(finding)
                step(len(found))
        is_whole = True
    except asyncio.CancelledError:  # Ctrl-C: what is written down stays, and the next run goes on
        pass
    finally:
        await workers.close()
    report.close(run, is_whole=is_whole)
    return 0 if is_whole else 1


@contextmanager
def _progress(total: int, say: Say) -> Iterator[Callable[[int], None]]:
    """A bar with the time that is left while somebody watches; else now and then a line."""
    if not sys.stderr.isatty():
        yield _plain(total, say)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task(say("reading again"), total=total)
        yield lambda n: progress.advance(task, n)


def _plain(total: int, say: Say) -> Callable[[int], None]:
    began = said_at = time.monotonic()
    n_done = 0

    def step(n: int) -> None:
        nonlocal n_done, said_at
        is_first, n_done = n_done == 0, n_done + n
        if is_first or time.monotonic() - said_at >= LINE_EVERY_S:
            said_at = time.monotonic()
            left_s = (said_at - began) / n_done * max(total - n_done, 0)
            print(say("read again so far", done=n_done, total=total, minutes=f"{left_s / 60:.1f}"), file=sys.stderr, flush=True)  # noqa: T201

    return step


# --- what is printed


def _record(finding: Finding) -> dict[str, Any]:
    kind = "unreadable" if finding.problem else "new" if finding.is_new else "changed"
    facts = {"portal": finding.page.portal, "url": finding.url, "title": finding.title}
    if finding.problem:
        return {"kind": kind, **facts, "reason": finding.problem}
    return {"kind": kind, **facts, "fields": list(finding.changed), "gained": list(finding.gained), "lost": list(finding.lost)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """JSON: each finding is printed as it comes."""

    is_dry: bool

    def see(self, finding: Finding) -> None:
        if finding.problem or finding.is_new or finding.changed:
            print_json(_record(finding))

    def close(self, run: Reprocess, *, is_whole: bool) -> None:
        tally = run.tally
        counts = {"n_pages": tally.n_pages, "n_changed": tally.n_changed, "n_new": tally.n_new, "n_unreadable": tally.n_unreadable}
        found = {"fields": dict(tally.fields), "gained": dict(tally.gained), "lost": dict(tally.lost), "n_raised": tally.n_raised}
        print_json({"kind": "summary", "is_dry_run": self.is_dry, "is_whole": is_whole, **counts, **found})


@dataclass(slots=True, kw_only=True)
class Page:
    """For people: the first few findings that a watch gains or loses by, then the counts."""

    say: Say
    is_dry: bool
    n_shown: int = field(default=0)

    def see(self, finding: Finding) -> None:
        if (finding.changed or finding.is_new) and self.n_shown < MAX_SHOWN:
            self.n_shown += 1
            signs = [f"+{watch}" for watch in finding.gained] + [f"−{watch}" for watch in finding.lost]
            what = self.say("new article") if finding.is_new else ", ".join(self.say(f"field {name}") for name in finding.changed)
            say_line(f"{finding.title}\n  {finding.url}\n  {what}{'  ' if signs else ''}{' '.join(signs)}")

    def close(self, run: Reprocess, *, is_whole: bool) -> None:
        say, tally = self.say, run.tally
        _print_counts(say, tally)
        if not tally.n_pages:
            say_line(say("no pages"))
        facts = {"pages": tally.n_pages, "changed": tally.n_changed, "new": tally.n_new, "unreadable": tally.n_unreadable}
        say_line(say("reprocess would" if self.is_dry else "reprocess done", **facts))
        if tally.n_raised:
            say_line(say("raised", n=tally.n_raised))
        if not is_whole:
            say_line(say("reprocess stopped"))


def _print_counts(say: Say, tally: Tally) -> None:
    print_table(
        say("changed fields"), ["", say("number")], _rows({say(f"field {name}"): n for name, n in tally.fields.items()}), right=(1,)
    )
    watches = {watch: (tally.gained[watch], tally.lost[watch]) for watch in sorted({*tally.gained, *tally.lost})}
    rows = [(watch, f"+{gained}", f"−{lost}") for watch, (gained, lost) in watches.items()]
    print_table(say("watches"), [say("watch"), "+", "−"], rows, right=(1, 2))


def _rows(counts: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    return [(name, str(n)) for name, n in sorted(counts.items(), key=lambda item: -item[1])]
