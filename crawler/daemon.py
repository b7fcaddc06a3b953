"""The daemon: two loops and an outbox, woken by a tick, ended by a signal.

What is due stands in the database; APScheduler only ticks, and each crew claims and works for itself.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, timedelta
from math import ceil

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from loguru import logger

from crawler import archivist
from crawler.alert.outbox import Outbox
from crawler.archivist import Archivist
from crawler.backfill import Backfiller
from crawler.crew import Crew
from crawler.inhand import InHand
from crawler.keeper import Keeper
from crawler.lookback import LookBack
from crawler.pipeline import Desk, fetch_link, poll_source
from crawler.reindex import BATCHES_OF_ONE_PASS, Librarian
from crawler.reload import Reloader
from crawler.rollcall import RollCall
from crawler.wording import speak
from storage.clocks import SKEW, forget_the_future
from storage.engine import Store
from storage.errors import StorageError
from storage.links import claim_due_links
from storage.records import DueLink, DueSource
from storage.sources import claim_due_sources, release_leases, source_reports

POLL_ROOM = 256
"""Polls at once. Most of them wait for their host's turn, which costs nothing but the slot."""

FETCH_ROOM = 128
"""Pages at once, for the same reason more than the processes that read them."""

LEASE = timedelta(minutes=10)
"""Longer than a poll or fetch can take, its waits for the host's turn included: see HANDFUL_S."""

LINE_LOOK_S = 1.0
"""How soon it is noticed that we are offline, or online again."""

HANDFUL_S = 20
"""At most as many links of one host in hand as its interval lets through in this time, so that none waits out its lease."""

SOON_S = 0.05
"""Portals whose host is free by then are polled before the others: their polls give their place in the room back at once."""

WAIT_S = 60
"""What would wait longer for its host's turn is not claimed yet: its lease would run out."""


def links_in_hand(interval_s: float) -> int:
    return max(2, min(FETCH_ROOM // 2, int(HANDFUL_S / interval_s) if interval_s else FETCH_ROOM))


def polls_in_hand(interval_s: float, tick_s: float) -> int:
    """So many of one portal that its host is never idle until the next claim, and never a room full."""
    return min(POLL_ROOM // 16, 1 + ceil(tick_s / interval_s)) if interval_s else POLL_ROOM // 16


class Daemon:
    """Runs until `stop` is set. Whatever breaks a loop ends `run` with that exception: no zombie."""

    def __init__(self, desk: Desk, outbox: Outbox, keeper: Keeper, *, owner: str, roll: RollCall | None = None) -> None:
        self._desk, self._outbox, self._keeper, self._owner = desk, outbox, keeper, owner
        self._roll = roll
        self.polls: Crew[DueSource] = Crew("polls", room=POLL_ROOM, claim=self._due_sources, work=self._poll)
        self.fetches: Crew[DueLink] = Crew("fetches", room=FETCH_ROOM, claim=self._due_links, work=self._fetch)
        self._reloader = Reloader(desk, outbox)
        self._librarian = Librarian(desk.store, desk.workers)
        self._archivist = Archivist(desk.store, lambda: desk.edition, clock=desk.clock)
        self._look_back = LookBack(desk)
        self._post = asyncio.Event()
        self._hurry = asyncio.Event()
        self._is_closing = False
        self._has_polled, self._is_first_round = False, True
        self._polling, self._fetching = InHand(), InHand()
        self.backfiller = Backfiller(desk, owner=owner, is_busy=lambda: self._fetching.with_at_least(1))
        self._clock_ahead_s = float("-inf")

    @property
    def desk(self) -> Desk:
        return self._desk

    @property
    def store(self) -> Store:
        return self._desk.store

    async def run(self, stop: asyncio.Event) -> None:
        settings = self._desk.edition.config.settings
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(self._tick, "interval", seconds=settings.poll.tick_s, misfire_grace_time=None, coalesce=True)
        loops: list[asyncio.Task[None]] = [
            asyncio.create_task(self.polls.run(), name="polls"),
            asyncio.create_task(self.fetches.run(), name="fetches"),
            asyncio.create_task(self._deliver(), name="outbox"),
            asyncio.create_task(self._reloader.run(), name="reload"),
            asyncio.create_task(self._keeper.run(), name="keeper"),
            asyncio.create_task(self._librarian.run(), name="index"),
            asyncio.create_task(self._archivist.run(), name="raw pages"),
            asyncio.create_task(self._look_back.run(), name="look back"),
            asyncio.create_task(self._watch_line(), name="line"),
            asyncio.create_task(self.backfiller.run(), name="backfill"),
            asyncio.create_task(self._call_roll(), name="roll call"),
        ]
        stopped: asyncio.Task[None] = asyncio.create_task(_set(stop), name="stop")
        await self._tick()
        scheduler.start()
        try:
            done, _ = await asyncio.wait({*loops, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            scheduler.shutdown(wait=False)
            stopped.cancel()
            await self._drain(loops, deadline_s=settings.drain_s)
        for task in done - {stopped}:
            logger.critical("the {} loop has died", task.get_name())
            task.result()

    async def once(self) -> None:
        """One pass: every due source, the links that come of it, the messages that come of these."""
        await self.polls.run_dry()
        await self._look_at_line()
        await self.fetches.run_dry()
        await self._look_back.look(self._desk.edition)
        while await self._outbox.drain(limit=100):
            pass
        await self._librarian.tidy(pause_s=0, most_batches=BATCHES_OF_ONE_PASS)
        await self._archivist.tidy(pause_s=0, most_batches=archivist.BATCHES_OF_ONE_PASS)
        await self._keeper.keep()
        await self._desk.store.write(release_leases, owner=self._owner)

    async def walk_back(self, stop: asyncio.Event) -> None:
        """Only the backfills, until `stop`: what `canhbao backfill` does where no daemon runs. Polls nothing, tells nobody."""
        self.backfiller = Backfiller(self._desk, owner=self._owner, is_alone=True)
        works = (self.backfiller.run(), self._keeper.run(), self._watch_line(), self._call_roll(), stop.wait())
        loops = [asyncio.ensure_future(work) for work in works]
        try:
            done, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for loop in loops:
                loop.cancel()
            hurry = asyncio.create_task(_set(self._hurry))
            idle = asyncio.create_task(self.backfiller.idle())
            await asyncio.wait([idle, hurry], timeout=self._desk.edition.config.settings.drain_s, return_when=asyncio.FIRST_COMPLETED)
            await self.backfiller.cut_off()
            for waiter in (idle, hurry):
                waiter.cancel()
            await asyncio.gather(*loops, idle, hurry, return_exceptions=True)
            await self._keeper.keep()
            await self._desk.store.write(release_leases, owner=self._owner)
        for task in done:
            task.result()

    async def _tick(self) -> None:
        """A coroutine, because APScheduler runs plain functions in a thread, from which no event of the loop may be set."""
        self.polls.ring()
        self.fetches.ring()
        self._post.set()
        self._reloader.look()

    def reload(self) -> None:
        """Read the configuration again (SIGHUP)."""
        self._reloader.ask()

    def hurry(self) -> None:
        """Cut the drain short."""
        self._hurry.set()

    async def _drain(self, loops: Sequence["asyncio.Task[None]"], *, deadline_s: float) -> None:
        """No new work; what runs may finish until the deadline; what is left over is free for the next start."""
        self._is_closing = True
        self._outbox.close()
        self._post.set()
        outbox = next(loop for loop in loops if loop.get_name() == "outbox")
        for loop in loops:
            if loop is not outbox:
                loop.cancel()
        hurry = asyncio.create_task(_set(self._hurry))
        finish = asyncio.create_task(self._finish(outbox))
        await asyncio.wait([finish, hurry], timeout=deadline_s, return_when=asyncio.FIRST_COMPLETED)
        for waiter in (hurry, finish, outbox):
            waiter.cancel()
        n_cut = await self.polls.cut_off() + await self.fetches.cut_off() + await self.backfiller.cut_off()
        await asyncio.gather(*loops, hurry, finish, return_exceptions=True)
        if n_cut:
            logger.warning("{} polls and fetches were cut off; they are taken up at the next start", n_cut)
        await self._keeper.keep()
        await self._desk.store.write(release_leases, owner=self._owner)

    async def _finish(self, outbox: "asyncio.Task[None]") -> None:
        await asyncio.gather(self.polls.idle(), self.fetches.idle(), self.backfiller.idle(), asyncio.wait([outbox]))

    async def _call_roll(self) -> None:
        """Only where others may work on the same database."""
        await (self._roll.run() if self._roll is not None else asyncio.Event().wait())

    # --- what the crews claim and do

    async def _watch_line(self) -> None:
        await self._look_at_clock()  # how it stands before the first row is written by it
        while True:
            await asyncio.sleep(LINE_LOOK_S)
            await self._look_at_line()
            await self._look_at_clock()
            if self._is_first_round and self._has_polled and not self.polls.n_running:
                self._is_first_round = False
                await self._notice_silence()

    async def _look_at_line(self) -> None:
        """Are we still online? If we are again, everybody goes on at once."""
        if self._desk.blackout.outage.is_offline:
            await self._desk.client.look_outside()
        try:
            is_back = await self._desk.blackout.look(self.store, lambda: self._desk.edition.operators, self._desk.clock())
        except StorageError as error:
            logger.error("cannot write down that we are offline, or online again: {}", error)
            return
        if is_back:
            self.polls.ring()
            self.fetches.ring()

    async def _look_at_clock(self) -> None:
        """Was it set back? Then what it wrote while it was ahead must not wait until it gets there again."""
        ahead_s = self._desk.clock().timestamp() - asyncio.get_running_loop().time()
        was_s, self._clock_ahead_s = self._clock_ahead_s, ahead_s
        if was_s - ahead_s < SKEW.total_seconds():
            return
        try:
            n_mended = await self._desk.store.write(forget_the_future, now=self._desk.clock())
        except StorageError as error:
            self._clock_ahead_s = was_s  # tried again
            logger.error("the clock was set back, and that cannot be written down: {}", error)
            return
        logger.warning(
            "the clock was set back by {:.0f} s; {} rows waited for a time that is far off, and are due now", was_s - ahead_s, n_mended
        )
        self.polls.ring()
        self.fetches.ring()

    async def _due_sources(self, limit: int) -> Sequence[DueSource]:
        limit = self._desk.blackout.n_probes(limit)
        if not limit:
            return []
        edition, client = self._desk.edition, self._desk.client
        share = polls_in_hand(edition.config.settings.http.per_host_interval_s, edition.config.settings.poll.tick_s)
        due = await self._desk.store.write(
            claim_due_sources,
            now=self._desk.clock(),
            lease=LEASE,
            owner=self._owner,
            limit=limit,
            share=share,
            later=self._polling.with_at_least(1) | edition.portals_on(client.busy_hosts(SOON_S)),
            without=self._polling.with_at_least(share) | edition.portals_on(client.distant_hosts(WAIT_S)),
        )
        self._polling.take(source.portal for source in due)
        return due

    async def _poll(self, source: DueSource) -> None:
        try:
            await poll_source(self._desk, source)
        finally:
            self._polling.give_back(source.portal)
        self._has_polled = True
        self.fetches.ring()

    async def _notice_silence(self) -> None:
        """After the first round: if not one source answered, say plainly what to look at."""
        try:
            reports = [report for report in await self.store.read(source_reports) if report.is_active]
        except StorageError:
            return  # whoever writes says so
        if reports and not any(report.last_ok_at for report in reports):
            say = speak(self._desk.edition.config.settings.language)
            logger.warning(say("nothing reached", n=len(reports)))

    async def _due_links(self, limit: int) -> Sequence[DueLink]:
        if self._desk.blackout.outage.is_offline:
            return []
        interval_s = self._desk.edition.config.settings.http.per_host_interval_s
        busy = self._fetching.with_at_least(links_in_hand(interval_s)) | self._desk.client.distant_hosts(WAIT_S)
        links = await self._desk.store.write(
            claim_due_links, now=self._desk.clock(), lease=LEASE, owner=self._owner, limit=limit, busy_hosts=busy
        )
        self._fetching.take(link.host for link in links)
        return links

    async def _fetch(self, link: DueLink) -> None:
        try:
            outcome = await fetch_link(self._desk, link)
        finally:
            self._fetching.give_back(link.host)
        if outcome is not None and outcome.deliveries:
            self._post.set()

    async def _deliver(self) -> None:
        while not self._is_closing:
            await self._post.wait()
            self._post.clear()
            while not self._is_closing and await self._outbox.drain(limit=100):
                pass


async def _set(event: asyncio.Event) -> None:
    await event.wait()
