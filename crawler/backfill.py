"""Backfills at work: lists are walked back page by page and what they name is read, at the polite rate, behind everything that is news.

walk_page:  after(the page before) → client.get → workers: read_source → step → storage: keep_links, finish_page
"""

import asyncio
import traceback
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from loguru import logger

from config.portal import Portal, Source
from crawler.backoff import TAXONOMY, GiveUp, next_try_after_bug, next_try_of_link
from crawler.crew import Crew
from crawler.dedup.urls import hosts_of
from crawler.errors import Failure, FetchError, ParseError
from crawler.fetch.download import Accept
from crawler.inhand import InHand
from crawler.model import NotModified, Page, Skipped
from crawler.pipeline import Desk, fetch_link
from crawler.reading import read_source
from crawler.walk import SLACK, Enough, GoOn, Step, after, sitemaps_named, source_of, step
from storage.backfills import (
    bug_in_page,
    claim_pages,
    end_backfills,
    end_page,
    finish_page,
    keep_links,
    postpone_page,
    running_portals,
    yield_of,
)
from storage.errors import StorageError
from storage.links import claim_past_links
from storage.records import DueLink, DuePage, PageDone, Yield

LEASE = timedelta(minutes=10)
PAGE_ROOM, LINK_ROOM = 16, 32
"""Of its own, so that no backfill takes the room of what is news."""

IN_HAND_S = 1.0
"""As many links of one host in hand as its interval lets through in this time, at least one: news wait behind one request, not behind many."""

PORTION = 500
"""Links of one sitemap that are written down at once: some 20 ms of the database's one writer."""

LOOK_EVERY_S = 0.5
WAKE_S = 2.0
"""How soon a backfill is noticed where none was running."""


async def walk_page(desk: Desk, due: DuePage) -> None:
    """Ask one list of a backfill, unless the page before it says that it is far enough back. The bug boundary of such a page."""
    portal = desk.edition.config.portals.get(due.portal)
    with logger.contextualize(portal=due.portal, source=due.page.source):
        try:
            await _walk(desk, due, portal)
        except FetchError as error:
            await _refused(desk, due, error)
        except ParseError as error:
            await desk.store.write(end_page, due, failed=True, reason=error.reason)
        except StorageError:  # a full disk is no bug of this page: left to its lease
            raise
        except Exception:  # noqa: BLE001 - the one bug boundary of a page: the traceback is kept on its row
            trace = traceback.format_exc()
            logger.error("a bug of ours in this page of a backfill:\n{}", trace)
            again_at = next_try_after_bug(n_bugs=due.n_bugs, now=desk.clock())
            await desk.store.write(bug_in_page, due, traceback=trace, next_try_at=again_at)


async def _walk(desk: Desk, due: DuePage, portal: Portal | None) -> None:
    source = source_of(due.page, portal) if portal is not None else None
    if portal is None or source is None:
        await desk.store.write(end_page, due, failed=True, reason="no longer configured")
        return
    if due.page.kind == "robots":
        await _ask_robots(desk, due, portal)
        return
    verdict = GoOn()
    if due.after_id is not None:
        before: Yield = await desk.store.read(yield_of, due.after_id)
        match after(before, since=due.since, n_barren=due.n_barren):
            case Enough(reason=reason):
                await desk.store.write(end_page, due, failed=False, reason=reason)
                return
            case GoOn() as verdict:
                pass
    await _keep(desk, due, await _ask(desk, due, portal, source), verdict)


async def _ask_robots(desk: Desk, due: DuePage, portal: Portal) -> None:
    rules = await desk.client.rules(due.page.url)
    named = sitemaps_named(rules.sitemaps, portal)
    done = PageDone(page=due, links=(), fingerprint="", n_shown=0, is_chain=False, named=named)
    await desk.store.write(finish_page, done, now=desk.clock())


async def _ask(desk: Desk, due: DuePage, portal: Portal, source: Source) -> Step:
    accept: Accept = "page" if source.kind == "listing" else "feed"
    answer = await desk.client.get(due.page.url, accept=accept, portal_hosts=hosts_of(portal), interval_s=portal.per_host_interval_s)
    match answer:
        case Page():
            gleaned = await desk.workers.run(read_source, answer, portal, source, since=due.since - SLACK)
            return step(due.page, gleaned, portal, since=due.since)
        case Skipped(reason=reason):
            raise FetchError(due.page.url, f"not fetched: {reason}", kind=Failure.HTTP_4XX)
        case NotModified():
            raise FetchError(due.page.url, "304 although nothing was asked to compare", kind=Failure.PROTOCOL)


async def _keep(desk: Desk, due: DuePage, found: Step, verdict: GoOn) -> None:
    """What follows from a page commits with its last links; what came before is only repeated when we die in between."""
    *early, last = [found.links[at : at + PORTION] for at in range(0, len(found.links), PORTION)] or [()]
    for portion in early:
        if not await desk.store.write(keep_links, due, portion, now=desk.clock()):
            return
    done = PageDone(
        page=due,
        links=last,
        fingerprint=found.fingerprint,
        n_shown=found.n_shown,
        is_chain=found.is_chain,
        older=found.older,
        named=found.named,
    )
    await desk.store.write(finish_page, done, now=desk.clock(), n_barren=verdict.n_barren)
    logger.debug("backfill: {} names {} links", due.page.url, len(found.links))


async def _refused(desk: Desk, due: DuePage, error: FetchError) -> None:
    """What is temporary is tried again; a page that is not there ends its list."""
    now = desk.clock()
    if TAXONOMY[error.kind].kind not in ("temporary", "ours"):
        await desk.store.write(end_page, due, failed=due.after_id is None, reason=error.reason)
        return
    again = next_try_of_link(error.kind, n_tries=due.n_tries, now=now, retry_after_s=error.retry_after_s, status=error.status)
    if isinstance(again, GiveUp):
        await desk.store.write(end_page, due, failed=True, reason=error.reason)
    else:
        await desk.store.write(postpone_page, due, next_try_at=again.at, reason=error.reason, count=again.is_counted)


class Backfiller:
    """Two crews, for the lists and for what they name. `is_busy` are the hosts that have news in hand: these go first.

    `is_alone`: nobody polls beside it, so while we are offline it is up to this one to find out that we are no longer.
    """

    def __init__(self, desk: Desk, *, owner: str, is_busy: Callable[[], Collection[str]] = tuple, is_alone: bool = False) -> None:
        self._desk, self._owner, self._is_busy, self._is_alone = desk, owner, is_busy, is_alone
        self.pages: Crew[DuePage] = Crew("backfill lists", room=PAGE_ROOM, claim=self._due_pages, work=self._walk)
        self.links: Crew[DueLink] = Crew("backfill pages", room=LINK_ROOM, claim=self._due_links, work=self._fetch)
        self._walking, self._fetching = InHand(), InHand()
        self._running: Sequence[str] = ()

    @property
    def n_running(self) -> int:
        return self.pages.n_running + self.links.n_running

    async def run(self) -> None:
        """For ever. Cancelling it stops the claiming, not what is running: see `idle` and `cut_off`."""
        await asyncio.gather(self.pages.run(), self.links.run(), self._look())

    async def idle(self) -> None:
        await asyncio.gather(self.pages.idle(), self.links.idle())

    async def cut_off(self) -> int:
        """Cancel what is still running; how many those were."""
        return await self.pages.cut_off() + await self.links.cut_off()

    async def _look(self) -> None:
        """Notice a backfill that was asked for, and one that has come to its end."""
        while True:
            try:
                if self._running:
                    for portal in await self._desk.store.write(end_backfills, now=self._desk.clock()):
                        logger.info("backfill of {}: done", portal)
                self._running = await self._desk.store.read(running_portals)
            except StorageError as error:
                logger.error("cannot look after the backfills: {}", error)
            if self._running:
                self.pages.ring()
                self.links.ring()
            await asyncio.sleep(LOOK_EVERY_S if self._running else WAKE_S)

    def _n_free(self, limit: int) -> int:
        outage = self._desk.blackout.outage
        if outage.is_offline and self._is_alone:
            return self._desk.blackout.n_probes(limit)
        return 0 if outage.is_offline or not self._running else limit

    async def _due_pages(self, limit: int) -> Sequence[DuePage]:
        edition = self._desk.edition
        portals = (set(self._running) & edition.config.portals.keys()) - self._walking.with_at_least(1)
        idle = [portal for portal in sorted(portals) if not self._has_news(edition.config.portals[portal])]
        if not idle or not (n_free := self._n_free(limit)):
            return []
        pages = await self._desk.store.write(
            claim_pages, now=self._desk.clock(), lease=LEASE, owner=self._owner, portals=idle, limit=n_free
        )
        self._walking.take(page.portal for page in pages)
        return pages

    def _has_news(self, portal: Portal) -> bool:
        return bool(hosts_of(portal) & set(self._is_busy()))

    async def _walk(self, page: DuePage) -> None:
        try:
            await walk_page(self._desk, page)
        finally:
            self._walking.give_back(page.portal)
        self.links.ring()

    async def _due_links(self, limit: int) -> Sequence[DueLink]:
        if not (n_free := self._n_free(limit)):
            return []
        of_a_host = links_in_hand(self._desk.edition.config.settings.http.per_host_interval_s)
        links = await self._desk.store.write(
            claim_past_links,
            now=self._desk.clock(),
            lease=LEASE,
            owner=self._owner,
            limit=n_free,
            of_a_host=of_a_host,
            busy_hosts=self._fetching.with_at_least(of_a_host) | set(self._is_busy()),
        )
        self._fetching.take(link.host for link in links)
        return links

    async def _fetch(self, link: DueLink) -> None:
        try:
            await fetch_link(self._desk, link)
        finally:
            self._fetching.give_back(link.host)
        self.pages.ring()


def links_in_hand(interval_s: float) -> int:
    return max(1, min(LINK_ROOM // 2, int(IN_HAND_S / interval_s))) if interval_s else LINK_ROOM // 2
