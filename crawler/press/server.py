"""The press as a whole: papers that publish a seeded plan on loopback addresses, with a log, faults and a known truth."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from crawler.press import export, newsroom
from crawler.press.desk import Desk, Served
from crawler.press.door import Door, Ledger, call_in, loop_in_thread, open_doors
from crawler.press.families import FAMILIES
from crawler.press.faults import Fault
from crawler.press.newspaper import Newspaper
from crawler.press.pages import Printing
from crawler.press.plan import Slot, make_plan
from crawler.press.roster import DEFAULT_PORTALS, PressPortal
from crawler.press.truth import Truth, make_truth
from crawler.press.wire import Connection, cut_all


def utc_now() -> datetime:
    return datetime.now(UTC)


class Press:
    """A provincial press. Same arguments, same bytes; with `port=0` the port differs, and with it the URLs.

    `start` (aware) is the moment of the first article of the run, normally now; `n_articles` follow over `period_s` seconds;
    `n_backlog` are 26 hours to 30 days older. A page exists from its article's moment on, by `clock`. Feeds and pages of listings
    show the `window` newest; `page_bytes` brings article pages to about that size. May be entered again after it was left.
    """

    def __init__(
        self,
        *,
        start: datetime,
        seed: int = 1,
        n_backlog: int = 40,
        n_articles: int = 40,
        period_s: float = 30.0,
        portals: Sequence[PressPortal] = DEFAULT_PORTALS,
        port: int = 0,
        window: int = 30,
        page_bytes: int = 0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._seed, self._port, self._window, self._page_bytes, self._clock = seed, port, window, page_bytes, clock
        ids = [portal.id for portal in portals]
        self._plan = make_plan(seed=seed, start=start, n_backlog=n_backlog, n_articles=n_articles, period_s=period_s, portals=ids)
        self._ledger: Ledger[Served] = Ledger()
        self._doors: dict[str, Door] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._live: set[Connection] = set()
        self._set_up(portals, port)

    def _set_up(self, portals: Sequence[PressPortal], port: int) -> None:
        self.portals: tuple[PressPortal, ...] = tuple(replace(portal, base_url=f"http://{portal.address}:{port}") for portal in portals)
        self._truth: Truth | None = None
        provinces = {portal.id: portal.province for portal in portals}
        firsts = {slot.story: slot.portal for slot in reversed(self._plan)}

        @cache
        def write(slot: Slot) -> newsroom.Piece:
            return newsroom.write(slot, seed=self._seed, province=provinces[firsts[slot.story]])

        self._papers = {
            portal.id: Newspaper(
                portal,
                FAMILIES[portal.family],
                [slot for slot in self._plan if slot.portal == portal.id],
                write=write,
                theme_of=lambda slot: newsroom.theme_of(slot, seed=self._seed),
                window=self._window,
                page_bytes=self._page_bytes,
            )
            for portal in self.portals
        }
        self._desks = {portal: Desk(paper, self._ledger, self._clock) for portal, paper in self._papers.items()}

    # --- up and down ----------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def running(self) -> Generator["Press", None, None]:
        """Serve from a thread with a loop of its own, for synchronous callers."""
        with loop_in_thread("press") as loop, self._open_in(loop):
            yield self

    @contextlib.asynccontextmanager
    async def serve(self) -> AsyncGenerator["Press", None]:
        """Serve from the running loop."""
        with self._open_in(asyncio.get_running_loop()):
            yield self
        await asyncio.sleep(0)

    @contextlib.contextmanager
    def _open_in(self, loop: asyncio.AbstractEventLoop) -> Generator[None, None, None]:
        doors = open_doors([portal.address for portal in self.portals], self._port)
        self._set_up(self.portals, doors[0].port)
        self._loop, self._doors = loop, dict(zip(self._papers, doors, strict=True))
        try:
            for portal in self._papers:
                self._open(portal)
            yield
        finally:
            for door in doors:
                door.close()
            call_in(loop, lambda: cut_all(self._live))
            self._loop, self._doors = None, {}

    def _open(self, portal: str) -> None:
        assert self._loop is not None
        desk = self._desks[portal]
        self._doors[portal].open(self._loop, lambda: Connection(desk.answer, self._live))

    # --- what happened and what is true ---------------------------------------------------------------------------------------

    @property
    def log(self) -> list[Served]:
        """Every request so far, oldest first: a copy."""
        return self._ledger.since()

    def log_since(self, n: int) -> list[Served]:
        """The log from its `n`-th entry on."""
        return self._ledger.since(n)

    def wait_until(self, is_enough: Callable[[list[Served]], bool], *, deadline_s: float) -> list[Served]:
        """Block until the log is enough, then return it. Raises: TimeoutError."""
        return self._ledger.wait_until(is_enough, deadline_s=deadline_s)

    def truth(self) -> Truth:
        """All articles of the plan, those still to come included; with the URLs of the port served on."""
        if self._truth is None:
            self._truth = make_truth(self._printings())
        return self._truth

    def _printings(self) -> list[Printing]:
        counts = dict.fromkeys(self._papers, 0)
        printings = []
        for slot in self._plan:
            printings.append(self._papers[slot.portal].printing(counts[slot.portal]))
            counts[slot.portal] += 1
        return printings

    def watches(self) -> list[dict[str, object]]:
        """One watch a topic, in the form of watches.yaml; the id is the topic's."""
        return export.watches()

    def write_portals(self, folder: Path) -> None:
        """One portal file each, in the form of `config.portal.Portal`."""
        export.write_portals(self.portals, folder)

    def write_watches(self, path: Path) -> None:
        export.write_watches(path)

    # --- faults ---------------------------------------------------------------------------------------------------------------

    def portal(self, host_or_portal: str) -> PressPortal:
        """By its id, its address, or its host with the port. Raises: KeyError."""
        for portal in self.portals:
            if host_or_portal in (portal.id, portal.address, portal.host):
                return portal
        raise KeyError(host_or_portal)

    def tell(self, host_or_portal: str, fault: Fault) -> None:
        """From the next request on, the first fault told that concerns it and is not used up applies."""
        portal = self.portal(host_or_portal).id
        self._desks[portal].tell(fault)
        if fault.kind == "refuse":
            self._doors[portal].shut()

    def redesign(self, host_or_portal: str, *, from_article: int | None = None) -> None:
        """All article pages of one portal in another markup: now, or from the moment its article with this number appears. No truth changes."""
        portal = self.portal(host_or_portal)
        paper = self._papers[portal.id]
        paper.redesign(self._clock() if from_article is None else paper.moment_of(from_article - portal.first_number))

    def heal(self, host_or_portal: str | None = None) -> None:
        """End all faults of one portal, or of all. Replies under way keep theirs."""
        for portal in [self.portal(host_or_portal).id] if host_or_portal else list(self._papers):
            self._desks[portal].heal()
            if self._doors:
                self._open(portal)
