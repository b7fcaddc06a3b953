"""`canhbao backfill`: reads back what a portal still shows, and tells nobody. The walk is rows: this command starts it, works on it, or watches."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.load import Config
from config.portal import Portal
from crawler.app import now, open_daemon
from crawler.commands.backfill_view import View, record, view_for
from crawler.commands.running import prepare
from crawler.commands.showing import Say
from crawler.commands.terminal import print_json, say_line
from crawler.daemon import Daemon
from crawler.model import VIETNAM
from crawler.walk import first_pages, progress, reach
from crawler.wording import moment, say_choice, speak
from storage.backfills import ask_backfill, backfill_of, oldest_read, stop_backfill
from storage.engine import Store, daemon_lock
from storage.errors import AlreadyRunning
from storage.presence import has_daemon
from storage.records import BackfillAsked, BackfillReport

BAD_USAGE = 2
LOOK_EVERY_S = 0.5
SOON = timedelta(minutes=2)
"""What is tried again within this time is waited for."""

IDLE_LOOKS = 3
"""So many looks in a row must find nothing to do, before the rest is left for later: a page in hand may be between two rows."""

STUCK_MIN = 5
WORTH_SAYING = timedelta(days=7)
"""What falls short of the wish by more than a quiet week has to be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for on the command line."""

    portal: str
    since: datetime | None
    detach: bool = False
    stop: bool = False
    again: bool = False


def backfill(config: Config, order: Order, *, as_json: bool) -> int:
    """0 when all is read, or goes on in a daemon; 1 when it is unfinished and nobody is at it; 2 for what cannot be done."""
    say = speak(config.settings.language)
    portal = config.portals.get(order.portal)
    if portal is None:
        advice = say_choice(say, order.portal, config.portals)
        say_line(say("unknown portal", id=order.portal, advice=advice), is_error=True)
        return BAD_USAGE
    if complaint := _complaint(portal, order, say):
        say_line(complaint, is_error=True)
        return BAD_USAGE
    with ExitStack() as held:
        is_ours = held.enter_context(_as_the_daemon(config.database_url))
        if is_ours:
            prepare(config)
        with Store.open(config.database_url) as store:
            if order.stop:
                is_stopped = store.run(stop_backfill, portal.id, now=now())
                say_line(say("backfill stopped" if is_stopped else "backfill none", name=portal.name), is_error=as_json)
                return 0
            return _begin(Walk(config, portal, store, as_json=as_json), order, is_ours=is_ours)


def _complaint(portal: Portal, order: Order, say: Say) -> str | None:
    """Why this cannot be walked."""
    if order.stop:
        return None
    if not portal.enabled:
        return say("portal disabled", id=portal.id)
    if order.since is None:
        return say("backfill since what")
    if order.since > now():
        return say("backfill future", day=f"{order.since.astimezone(VIETNAM):%d/%m/%Y}")
    return None


@contextmanager
def _as_the_daemon(url: str) -> Iterator[bool]:
    """Whether we are the only one on the database, and so have to do the work ourselves."""
    if has_daemon(url):
        yield False
        return
    with ExitStack() as held:
        try:
            held.enter_context(daemon_lock(url))
        except AlreadyRunning:
            yield False
        else:
            yield True


class Walk:
    """One backfill as this command sees it."""

    def __init__(self, config: Config, portal: Portal, store: Store, *, as_json: bool) -> None:
        self.config, self.portal, self.store, self.as_json = config, portal, store, as_json
        self.say = speak(config.settings.language)
        own_s = portal.per_host_interval_s
        self._interval_s = config.settings.http.per_host_interval_s if own_s is None else own_s
        self._began_s, self._first = time.monotonic(), -1
        self._moved_s, self._last = self._began_s, ""
        self._is_told = False

    def tell(self, key: str, **facts: object) -> None:
        say_line(self.say(key, name=self.portal.name, **facts), is_error=self.as_json)

    def show(self, view: View, report: BackfillReport) -> None:
        """Where it stands; the time left by what has passed since this command began."""
        n_done = report.n_pages + sum(n for state, n in report.links.items() if state != "open")
        self._first = n_done if self._first < 0 else self._first
        passed_s = time.monotonic() - self._began_s
        view.show(report, progress(report, interval_s=self._interval_s, n_passed=n_done - self._first, passed_s=passed_s))

    def tell_if_stuck(self, report: BackfillReport) -> None:
        """Once, when another process should be at it and is not."""
        told, now_s = repr(report), time.monotonic()
        if told != self._last:
            self._last, self._moved_s = told, now_s
        elif now_s - self._moved_s > STUCK_MIN * 60 and not self._is_told:
            self._is_told = True
            self.tell("backfill stuck", minutes=STUCK_MIN)

    def finish(self, report: BackfillReport) -> None:
        if self.as_json:
            print_json(record(report, progress(report, interval_s=self._interval_s)))
        if report.n_pages_failed:
            self.tell("backfill list failed", n=report.n_pages_failed, why=report.last_error)
        if report.state == "done":
            n_failed = sum(report.links.get(state, 0) for state in ("failed", "gone"))
            n_read = report.links.get("done", 0)
            self.tell("backfill done", read=n_read, failed=n_failed, since=day(report.since))
            oldest = self.store.look(oldest_read, report.id)
            if oldest is not None and oldest > report.since + WORTH_SAYING:
                self.tell("backfill reached", at=day(oldest))
        elif report.state != "running":
            self.tell("backfill taken away")


def day(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}"


def _begin(walk: Walk, order: Order, *, is_ours: bool) -> int:
    assert order.since is not None
    pages = first_pages(walk.portal)
    asked = walk.store.run(ask_backfill, walk.portal.id, since=order.since, pages=pages, now=now(), anew=order.again)
    _tell_start(walk, asked)
    if asked.how == "complete":
        if walk.as_json:
            walk.finish(asked.backfill)
        return 0
    if order.detach:
        walk.tell("backfill later")
        return 0
    if is_ours:
        return asyncio.run(_walk_here(walk, asked.backfill.id))
    walk.tell("backfill by daemon")
    return _watch(walk, asked.backfill.id)


def _tell_start(walk: Walk, asked: BackfillAsked) -> None:
    since = day(asked.backfill.since)
    walk.tell(f"backfill {asked.how}", since=since, n=asked.backfill.links.get("done", 0))
    if asked.how in ("new", "further"):
        n = reach(walk.portal)
        walk.tell("backfill reach", listings=n["listing"], feeds=n["feed"], sitemaps=n["sitemap"])
        if not n["listing"] and not n["sitemap"]:
            walk.tell("backfill feeds only")
            walk.tell("backfill reach more", home=walk.portal.home)


# --- watching ---------------------------------------------------------------------------------------------------------------------


def _watch(walk: Walk, backfill_id: int) -> int:
    """Another process walks. Ctrl-C ends the watching only."""
    view = view_for(walk.portal.name, walk.config.settings.language, as_json=walk.as_json)
    try:
        while (report := walk.store.look(backfill_of, backfill_id)).state == "running":
            walk.show(view, report)
            walk.tell_if_stuck(report)
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        view.close()
        walk.tell("backfill goes on")
        return 0
    view.close()
    walk.finish(report)
    return 0 if report.state == "done" else 1


# --- walking ----------------------------------------------------------------------------------------------------------------------


async def _walk_here(walk: Walk, backfill_id: int) -> int:
    """The daemon's own machinery, for backfills only, until this one is done, nothing can be done, or a signal comes."""
    stop, view = asyncio.Event(), view_for(walk.portal.name, walk.config.settings.language, as_json=walk.as_json)
    try:
        async with open_daemon(walk.config) as daemon:
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, _stop, stop, daemon)
            looking = asyncio.create_task(_look(walk, backfill_id, view, daemon, stop))
            await daemon.walk_back(stop)
            was_stopped = await looking
    finally:
        view.close()
    report = walk.store.look(backfill_of, backfill_id)
    walk.finish(report)
    if report.state == "running" and was_stopped:
        walk.tell("backfill interrupted", portal=walk.portal.id)
    elif report.state == "running":
        n_left = report.n_pages_open + report.links.get("open", 0)
        walk.tell("backfill left over", n=n_left, at=moment(report.next_due_at))
    return 0 if report.state == "done" else 1


def _stop(stop: asyncio.Event, daemon: Daemon) -> None:
    """The first signal drains, the second one does not wait."""
    if stop.is_set():
        daemon.hurry()
    stop.set()


async def _look(walk: Walk, backfill_id: int, view: View, daemon: Daemon, stop: asyncio.Event) -> bool:
    """Show how it stands, and set `stop` at its end. True when somebody else did."""
    n_idle = 0
    while not stop.is_set():
        report = await daemon.store.read(backfill_of, backfill_id)
        walk.show(view, report)
        is_idle = not daemon.backfiller.n_running and (report.next_due_at is None or report.next_due_at > now() + SOON)
        n_idle = n_idle + 1 if is_idle else 0
        if report.state != "running" or n_idle >= IDLE_LOOKS:
            stop.set()
            return False
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([waiting], timeout=LOOK_EVERY_S)
        waiting.cancel()
    return True
