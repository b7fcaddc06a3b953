"""A daemon in this process with a clock and parts of the test's own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from config.load import load
from crawler import app
from crawler.alert.mailroom import mailroom_of
from crawler.alert.outbox import Outbox
from crawler.alert.senders import Senders
from crawler.blackout import Blackout
from crawler.daemon import Daemon
from crawler.edition import VERSION, Edition
from crawler.fetch.resolver import Resolver
from crawler.fetch.robots import Robots
from crawler.keeper import Keeper
from crawler.pipeline import Desk
from crawler.workers import Workers
from storage.engine import Store, upgrade
from storage.sources import sync_sources

DEADLINE_S = 60

P = ParamSpec("P")
T = TypeVar("T")


@contextlib.asynccontextmanager
async def daemon_with(
    path: Path,
    *,
    clock: Callable[[], datetime],
    since: datetime | None = None,
    workers: Workers | None = None,
    senders: Senders | None = None,
    blackout: Blackout | None = None,
    resolver: Resolver | None = None,
) -> AsyncIterator[Daemon]:
    """As `crawler.app.open_daemon`, with the parts given; the sources were first seen at `since`, by default now."""
    config = load(path)
    upgrade(config.database_url)
    edition, store = Edition.of(config), WatchedStore.open(config.database_url)
    workers, senders = workers or Workers(1, deadline_s=20, memory_mb=1024), senders or Senders(version=VERSION)
    try:
        await store.write(sync_sources, edition.specs(), now=since or clock())
        gate, robots = app.open_gate(config.settings.http), Robots(clock=clock)
        blackout = blackout or Blackout()
        portals = config.portals.values()
        async with app.open_client(
            config.settings.http, gate, robots, outage=blackout.outage, portals=portals, resolver=resolver
        ) as client:
            desk = Desk(store=store, client=client, workers=workers, edition=edition, clock=clock, blackout=blackout)
            mailroom = mailroom_of(config, edition.operators, version=VERSION)
            outbox = Outbox(store, mailroom, senders.send, clock=clock, owner="test")
            yield Daemon(desk, outbox, Keeper(store, gate, robots, clock=clock), owner="test")
    finally:
        await senders.aclose()
        await workers.close()
        store.close()


class WatchedStore(Store):
    """The real one, of which a test can tell whether it is writing."""

    n_writing = 0

    async def write(self, work: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        self.n_writing += 1
        try:
            return await super().write(work, *args, **kwargs)
        finally:
            self.n_writing -= 1


class SkippingClock:
    """Ours, but a test may skip the hours in which the daemon would only wait."""

    def __init__(self) -> None:
        self._skipped = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._skipped

    def skip(self, hours: timedelta) -> None:
        self._skipped += hours


async def run_while_skipping(daemon: Daemon, clock: SkippingClock, condition: Callable[[], bool], *, after: Callable[[], bool]) -> None:
    """As `run_until`, but whenever the daemon has nothing in hand it is told to look again at once; once `after` holds, twenty minutes later.

    A claim that is being written is in hand: its lease is reckoned from the clock as it was, and would be over before its work begins.
    So it is not left to its own tick, which on a busy machine comes again before the claims of the last one are through.
    """
    store = daemon.store
    assert isinstance(store, WatchedStore)

    def look_and_skip() -> bool:
        if after() and condition():
            return True
        if not (store.n_writing or daemon.polls.n_running or daemon.fetches.n_running or daemon._outbox._in_hand.total()):
            if after():
                clock.skip(timedelta(minutes=20))
            daemon.polls.ring()
            daemon.fetches.ring()
            daemon._post.set()
        return False

    await run_until(daemon, look_and_skip)


async def run_until(daemon: Daemon, condition: Callable[[], bool]) -> None:
    """Run the daemon until the world outside, which no event of ours tells of, is as wanted. Raises: TimeoutError."""
    stop = asyncio.Event()
    running = asyncio.create_task(daemon.run(stop))
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not condition() and not running.done():
                await asyncio.wait([running], timeout=0.05)
    finally:
        stop.set()
        await running


def look(path: Path, work: Any, **kwargs: Any) -> Any:
    with Store.open(load(path).database_url) as store:
        return store.look(work, **kwargs)
