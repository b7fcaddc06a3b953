"""One poll and one fetch, readable aloud: ask, read, recognise, match, record. Here is where the pure and the doing meet.

poll_source:  client.get → workers: read_source → storage: finish_poll
fetch_link:   client.get → workers: read_index_and_pack → matcher.match → storage: record(decide)
"""

import random
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from loguru import logger

from config.portal import Portal, Source
from crawler import memory as memories
from crawler import schedule, vigil
from crawler.alert.operator import tell_operator
from crawler.backoff import TAXONOMY, GiveUp, Retry, next_poll_after_failure, next_try_after_bug, next_try_of_link, next_try_of_unreadable
from crawler.blackout import Blackout, is_not_their_fault
from crawler.contract.guard import Guard
from crawler.dedup.decide import decide
from crawler.dedup.urls import hosts_of
from crawler.edition import Edition
from crawler.errors import Failure, FetchError, NoArticleError, ParseError
from crawler.fetch.client import Client
from crawler.fetch.download import Accept
from crawler.follow import follow
from crawler.memory import Memory, Walk
from crawler.model import NotModified, Page, Skipped, Validators
from crawler.rawpages import pack
from crawler.reading import Gleaned, read_index_and_pack, read_source
from crawler.schedule import Bounds, Shown
from crawler.sitemaps import Visit
from crawler.workers import Workers
from storage.articles import record
from storage.engine import StorageError, Store
from storage.links import PORTAL_REMOVED, bug_in_link, end_link, postpone_link
from storage.pages import keep_unread
from storage.readings import add_reading, is_archived
from storage.records import DueLink, DueSource, Outcome, PollDone, PollFailed, PollKept, PollPlan, Reading
from storage.sources import fail_poll, finish_poll


@dataclass(slots=True, kw_only=True)
class Desk:
    """What every unit of work needs at hand. A reload replaces `edition`; work that has begun keeps the one it began with."""

    store: Store
    client: Client
    workers: Workers
    edition: Edition
    clock: Callable[[], datetime]
    luck: random.Random = field(default_factory=random.Random)
    blackout: Blackout = field(default_factory=Blackout)
    guard: Guard = field(default_factory=Guard)


# --- polling a source -----------------------------------------------------------------------------------------------------------


async def poll_source(desk: Desk, due: DueSource) -> None:
    """Ask one source what is new, and remember every link it names. The bug boundary of a poll."""
    edition = desk.edition
    found = edition.find(due.portal, due.source)
    if found is None:
        return  # removed by a reload after it was claimed; sync_sources has made it inactive
    portal, source = found
    with logger.contextualize(portal=due.portal, source=due.source):
        try:
            await _poll(desk, edition, due, portal, source)
        except FetchError as error:
            await _poll_refused(desk, edition, due, source, error)
        except ParseError as error:
            await _poll_failed(desk, edition, due, source, error.reason, Failure.NOT_A_FEED)
        except StorageError:  # a full disk is no bug of this source: left to its lease
            raise
        except Exception:  # noqa: BLE001 - the one bug boundary of a poll: the traceback is kept on the source's row
            await _poll_failed(desk, edition, due, source, "a bug of ours", None, bug=traceback.format_exc())


async def _poll(desk: Desk, edition: Edition, due: DueSource, portal: Portal, source: Source) -> None:
    memory = memories.load(due.memory)
    if memory.walk is not None:
        shown, validators = await _ask_older(desk, portal, source, memory.walk), None
    else:
        known = None if schedule.wants_whole(memory, desk.clock()) else Validators(etag=due.etag, last_modified=due.last_modified)
        shown, validators = await _ask(desk, portal, source, str(source.url), known, memory.visits)
        if shown.is_modified and not shown.n_entries:
            raise FetchError(str(source.url), "answered, but names nothing at all: has the page changed?", kind=Failure.EMPTY)
    kept = await _keep(desk, edition, due, source, memory, shown, validators)
    if kept is None:
        return
    logger.info(
        "poll: {} new of {} {}{}",
        kept.n_new,
        shown.n_entries,
        f"({len(shown.links)} articles)" if shown.is_modified else "(not modified)",
        ", catching up" if memory.walk else "",
    )
    await vigil.look_after(desk.store, edition.operators, due, kept.plan, url=str(source.url), now=desk.clock())


async def _ask(
    desk: Desk, portal: Portal, source: Source, url: str, known: Validators | None, visits: Mapping[str, Visit] = {}
) -> tuple[Shown, Validators | None]:
    """One page of the source; the validators to remember, None for the old ones. Behind an index stand the sitemaps it names."""
    accept: Accept = "page" if source.kind == "listing" else "feed"
    answer = await desk.client.get(url, known, accept=accept, portal_hosts=hosts_of(portal), interval_s=portal.per_host_interval_s)
    match answer:
        case Skipped(reason=reason):
            raise FetchError(url, f"not fetched: {reason}", kind=Failure.HTTP_4XX)
        case NotModified(max_age_s=max_age_s):
            return Shown(kind=source.kind, is_modified=False, max_age_s=max_age_s), None
        case Page():
            gleaned = await desk.workers.run(read_source, answer, portal, source)
            shown = Shown(
                kind=source.kind,
                links=gleaned.links,
                n_entries=gleaned.n_entries,
                next_page=gleaned.next_page,
                max_age_s=answer.max_age_s,
                ttl_s=gleaned.ttl_s,
                elsewhere=_elsewhere(portal, source),
            )
            if gleaned.sitemaps:
                shown = await _ask_sitemaps(desk, portal, source, shown, gleaned, visits)
            return shown, answer.validators


async def _ask_sitemaps(desk: Desk, portal: Portal, source: Source, index: Shown, gleaned: Gleaned, visits: Mapping[str, Visit]) -> Shown:
    async def read(page: Page) -> Gleaned:
        return await desk.workers.run(read_source, page, portal, source)

    followed = await follow(desk.client, read, gleaned.sitemaps, visits, interval_s=portal.per_host_interval_s, now=desk.clock())
    return replace(index, links=followed.links, n_entries=index.n_entries + followed.n_entries, visits=followed.visits)


async def _ask_older(desk: Desk, portal: Portal, source: Source, walk: Walk) -> Shown:
    """The next older page after a gap. One that is not there ends the walk; a portal that is not there delays it."""
    try:
        shown, _ = await _ask(desk, portal, source, walk.next_page, None)
    except FetchError as error:
        if TAXONOMY[error.kind].kind in ("temporary", "ours"):
            raise
    except ParseError:
        pass
    else:
        return shown
    return Shown(kind=source.kind)


def _elsewhere(portal: Portal, source: Source) -> tuple[str, ...]:
    """Where to look for what fell out of this source's list: the portal's sitemaps keep everything, its listings show more at once."""
    others = [other for other in portal.sources if other.id != source.id]
    sitemaps = tuple(other.id for other in others if other.kind == "sitemap")
    return sitemaps or tuple(other.id for other in others if other.kind == "listing" and source.kind == "feed")


async def _keep(
    desk: Desk, edition: Edition, due: DueSource, source: Source, memory: Memory, shown: Shown, validators: Validators | None
) -> PollKept | None:
    now = desk.clock()
    done = PollDone(
        source_id=due.id,
        lease_token=due.lease_token,
        links=shown.links,
        etag=validators.etag if validators else None,
        last_modified=validators.last_modified if validators else None,
        not_modified=validators is None,
    )
    luck = desk.luck.random()

    def plan(unseen: Collection[str]) -> PollPlan:
        follows = schedule.plan(memory, shown, unseen, now=now, bounds=bounds(edition, source), luck=luck)
        return replace(follows, news=vigil.good_news(due, memory, follows, edition.operators, now=now))

    return await desk.store.write(finish_poll, done, plan, now=now)


def bounds(edition: Edition, source: Source) -> Bounds:
    """Between which pauses `source` is polled."""
    poll = edition.config.settings.poll
    return Bounds(min_s=source.min_s or poll.min_s, max_s=source.max_s or poll.max_s)


async def _poll_refused(desk: Desk, edition: Edition, due: DueSource, source: Source, error: FetchError) -> None:
    is_ours = is_not_their_fault(error)
    await _poll_failed(desk, edition, due, source, error.reason, error.kind, retry_after_s=error.retry_after_s, penalise=not is_ours)
    desk.blackout.note(error, "sources", due.id)


async def _poll_failed(
    desk: Desk,
    edition: Edition,
    due: DueSource,
    source: Source,
    reason: str,
    kind: Failure | None,
    *,
    retry_after_s: float | None = None,
    bug: str | None = None,
    penalise: bool = True,
) -> None:
    now, limits = desk.clock(), bounds(edition, source)
    next_poll_at = next_poll_after_failure(
        kind,
        now=now,
        n_failures=due.n_failures,
        min_s=limits.min_s,
        max_s=limits.max_s,
        retry_after_s=retry_after_s,
        luck=desk.luck.random(),
    )
    failed = PollFailed(
        source_id=due.id,
        lease_token=due.lease_token,
        reason=reason,
        kind=kind or "bug",
        next_poll_at=next_poll_at,
        bug=bug,
        penalise=penalise,
    )
    state = await desk.store.write(fail_poll, failed, now=now)
    logger.warning("poll failed: {}; asked again in {:.0f} s", reason, (next_poll_at - now).total_seconds())
    if bug is not None:
        logger.error("a bug of ours in this poll:\n{}", bug)
    if state is not None:
        await vigil.look_into(desk.store, edition.operators, due, state, url=str(source.url), reason=bug or reason, now=now)


# --- fetching a link ------------------------------------------------------------------------------------------------------------


async def fetch_link(desk: Desk, link: DueLink) -> Outcome | None:
    """Fetch one link, read its article, record it and what follows. None when there is no article (yet). The bug boundary of a link."""
    edition = desk.edition
    with logger.contextualize(portal=link.portal, url=link.url):
        try:
            return await _fetch(desk, edition, link)
        except FetchError as error:
            await _link_refused(desk, link, error)
        except ParseError as error:
            if not isinstance(error, NoArticleError):
                await _note_unreadable(desk, edition, link)
            await _link_failed(desk, link, next_try_of_unreadable(n_tries=link.n_tries, now=desk.clock()), error.reason)
        except StorageError:  # a full disk is no bug of this page: left to its lease
            raise
        except Exception:  # noqa: BLE001 - the one bug boundary of a link: the traceback is kept on the link's row
            await _link_bugged(desk, edition, link, traceback.format_exc())
    return None


async def _fetch(desk: Desk, edition: Edition, link: DueLink) -> Outcome | None:
    portal = edition.config.portals.get(link.portal)
    if portal is None or not portal.enabled:
        await desk.store.write(end_link, link.id, link.lease_token, state="skipped", reason=PORTAL_REMOVED)
        return None
    answer = await desk.client.get(link.url, accept="page", portal_hosts=hosts_of(portal), interval_s=portal.per_host_interval_s)
    match answer:
        case Skipped(reason=reason):
            await desk.store.write(end_link, link.id, link.lease_token, state="skipped", reason=reason)
            return None
        case NotModified():
            raise FetchError(link.url, "304 although nothing was asked to compare", kind=Failure.PROTOCOL)
        case Page():
            return await _record(desk, edition, link, portal, answer)


async def _record(desk: Desk, edition: Edition, link: DueLink, portal: Portal, page: Page) -> Outcome | None:
    is_kept = edition.config.settings.retention.raw_days > 0
    doubt = await desk.guard.doubt(desk.store, portal)
    try:
        article, index, raw = await desk.workers.run(read_index_and_pack, page, portal, link.hint, doubt)
    except Exception:
        if is_kept:  # whatever is wrong, rules that were mended or a newer canhbao may read it
            await desk.store.write(keep_unread, link.id, link.portal, await desk.workers.run(pack, page, link.hint))
        raise
    now = desk.clock()
    matches = edition.matcher.match(article)
    judge = partial(decide, article, matches=matches, routings=edition.routings, now=now)
    kept = raw if is_kept else None
    outcome = await desk.store.write(record, article, matches, judge, link=link, now=now, index=index, page=kept)
    logger.debug("{}: {}", type(outcome).__name__, article.title)
    if article.reading is not None and not link.is_backfill:
        await desk.guard.look(desk.store, edition.operators, portal, article.reading, now=now)
    return outcome


async def _note_unreadable(desk: Desk, edition: Edition, link: DueLink) -> None:
    """A page with no article in it gave nothing: that, too, is to be seen in its portal's contract."""
    now, nothing = desk.clock(), Reading()
    if link.is_backfill or is_archived(link.hint, None, now=now):
        return
    await desk.store.write(add_reading, nothing, portal=link.portal, link_id=link.id, article_id=None, is_degraded=False, now=now)
    if (portal := edition.config.portals.get(link.portal)) is not None:
        await desk.guard.look(desk.store, edition.operators, portal, nothing, now=now)


async def _link_refused(desk: Desk, link: DueLink, error: FetchError) -> None:
    step = next_try_of_link(error.kind, n_tries=link.n_tries, now=desk.clock(), retry_after_s=error.retry_after_s, status=error.status)
    reason = error.kind.value if error.kind is Failure.OFFLINE else error.reason
    await _link_failed(desk, link, step, reason)
    desk.blackout.note(error, "links", link.id)


async def _link_failed(desk: Desk, link: DueLink, step: Retry | GiveUp, reason: str) -> None:
    match step:
        case Retry(at=at, is_counted=is_counted):
            await desk.store.write(postpone_link, link.id, link.lease_token, next_try_at=at, reason=reason, count=is_counted)
            logger.debug("postponed: {}", reason)
        case GiveUp(state=state):
            await desk.store.write(end_link, link.id, link.lease_token, state=state, reason=reason)
            logger.warning("{}: {}", state, reason)


async def _link_bugged(desk: Desk, edition: Edition, link: DueLink, trace: str) -> None:
    now = desk.clock()
    next_try_at = next_try_after_bug(n_bugs=link.n_bugs, now=now)
    is_parked = await desk.store.write(bug_in_link, link.id, link.lease_token, traceback=trace, next_try_at=next_try_at, now=now)
    logger.error("a bug of ours on this page{}:\n{}", ", parked" if is_parked else "", trace)
    if is_parked and not link.is_backfill:  # a backfill tells nobody: what failed stands in its report
        await tell_operator(
            desk.store, edition.operators, kind="link_parked", key=f"link/{link.url}", summary=link.url, detail=trace, now=now
        )
