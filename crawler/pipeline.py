"""One poll and one fetch, readable aloud: ask, read, recognise, match, record. Here is where the pure and the doing meet.

poll_source:  client.get → workers: read_source → storage: finish_poll
fetch_link:   client.get → workers: read_article → matcher.match → storage: record(decide)
"""

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from loguru import logger

from config.portal import Portal, Source
from crawler import schedule
from crawler.alert.operator import tell_operator
from crawler.dedup.decide import decide
from crawler.edition import Edition
from crawler.errors import Failure, FetchError, ParseError
from crawler.fetch.client import Client
from crawler.model import NotModified, Page, Skipped, Validators
from crawler.reading import Gleaned, read_article, read_source
from crawler.workers import Workers
from storage.articles import record
from storage.engine import Store
from storage.links import bug_in_link, end_link, postpone_link
from storage.records import DueLink, DueSource, Outcome, PollDone, PollFailed
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
            await _poll_failed(desk, edition, due, source, error.reason, error.kind, retry_after_s=error.retry_after_s)
        except ParseError as error:
            await _poll_failed(desk, edition, due, source, error.reason, Failure.NOT_A_FEED)
        except Exception:  # noqa: BLE001 - the one bug boundary of a poll: the traceback is kept on the source's row
            await _poll_failed(desk, edition, due, source, "a bug of ours", None, bug=traceback.format_exc())


async def _poll(desk: Desk, edition: Edition, due: DueSource, portal: Portal, source: Source) -> None:
    answer = await desk.client.get(
        str(source.url),
        Validators(etag=due.etag, last_modified=due.last_modified),
        accept="feed" if source.kind == "feed" else "any",
        interval_s=portal.per_host_interval_s,
    )
    match answer:
        case Skipped(reason=reason):
            raise FetchError(str(source.url), f"not fetched: {reason}", kind=Failure.HTTP_4XX)
        case NotModified():
            gleaned, validators = Gleaned(links=(), n_entries=0, harvest_ttl_s=None, next_page=None), None
        case Page():
            gleaned, validators = await desk.workers.run(read_source, answer, portal, source), answer.validators
            if not gleaned.n_entries:
                raise FetchError(answer.url, "answered, but names nothing at all: has the page changed?", kind=Failure.EMPTY)
    n_new = await _finish(desk, edition, due, source, gleaned, validators)
    if n_new is not None:
        logger.info(
            "poll: {} new of {} {}",
            n_new,
            gleaned.n_entries,
            "(not modified)" if validators is None else f"({len(gleaned.links)} articles)",
        )


async def _finish(
    desk: Desk, edition: Edition, due: DueSource, source: Source, gleaned: Gleaned, validators: Validators | None
) -> int | None:
    now = desk.clock()
    min_s, max_s = bounds(edition, source)
    next_poll_at, pause_s = schedule.next_poll(
        now=now,
        n_new=len(gleaned.links) if due.last_ok_at is None else 0,
        last_pause_s=due.memory.get("pause_s"),
        min_s=min_s,
        max_s=max_s,
        luck=desk.luck.random(),
    )
    done = PollDone(
        source_id=due.id,
        lease_token=due.lease_token,
        links=gleaned.links,
        etag=due.etag if validators is None else validators.etag,
        last_modified=due.last_modified if validators is None else validators.last_modified,
        next_poll_at=next_poll_at,
        report={"n_entries": gleaned.n_entries, "n_articles": len(gleaned.links)},
        memory={**due.memory, "pause_s": pause_s},
        not_modified=validators is None,
    )
    return await desk.store.write(finish_poll, done, now=now)


def bounds(edition: Edition, source: Source) -> tuple[float, float]:
    """The shortest and longest pause between polls of `source`, in seconds."""
    poll = edition.config.settings.poll
    return source.min_s or poll.min_s, source.max_s or poll.max_s


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
) -> None:
    now = desk.clock()
    min_s, max_s = bounds(edition, source)
    next_poll_at = schedule.next_poll_after_failure(
        now=now, n_failures=due.n_failures, min_s=min_s, max_s=max_s, retry_after_s=retry_after_s, luck=desk.luck.random()
    )
    failed = PollFailed(
        source_id=due.id,
        lease_token=due.lease_token,
        reason=reason,
        kind=kind or "bug",
        next_poll_at=next_poll_at,
        bug=bug,
        memory=due.memory,
    )
    state = await desk.store.write(fail_poll, failed, now=now)
    logger.warning("poll failed: {}; asked again in {:.0f} s", reason, (next_poll_at - now).total_seconds())
    if bug is not None:
        logger.error("a bug of ours in this poll:\n{}", bug)
    if state is None:
        return
    name, url = f"{due.portal}/{due.source}", str(source.url)
    if state.parked_now:
        await tell_operator(
            desk.store, edition.operators, kind="source_parked", key=f"{name}/{now:%Y-%m-%d}", summary=name, detail=bug, now=now
        )
    elif schedule.is_worth_telling(n_failures=state.n_failures, failing_since=state.failing_since, now=now):
        key = f"{name}/{state.failing_since:%Y-%m-%dT%H:%M:%S}"
        await tell_operator(desk.store, edition.operators, kind="source_failing", key=key, summary=name, detail=f"{url}\n{reason}", now=now)


# --- fetching a link ------------------------------------------------------------------------------------------------------------


async def fetch_link(desk: Desk, link: DueLink) -> Outcome | None:
    """Fetch one link, read its article, record it and what follows. None when there is no article (yet). The bug boundary of a link."""
    edition = desk.edition
    with logger.contextualize(portal=link.portal, url=link.url):
        try:
            return await _fetch(desk, edition, link)
        except FetchError as error:
            step = schedule.next_try_of_link(
                error.kind, n_tries=link.n_tries, now=desk.clock(), retry_after_s=error.retry_after_s, status=error.status
            )
            await _link_failed(desk, link, step, error.reason)
        except ParseError as error:
            await _link_failed(desk, link, schedule.next_try_of_unreadable(n_tries=link.n_tries, now=desk.clock()), error.reason)
        except Exception:  # noqa: BLE001 - the one bug boundary of a link: the traceback is kept on the link's row
            await _link_bugged(desk, edition, link, traceback.format_exc())
    return None


async def _fetch(desk: Desk, edition: Edition, link: DueLink) -> Outcome | None:
    portal = edition.config.portals.get(link.portal)
    if portal is None:
        await desk.store.write(end_link, link.id, link.lease_token, state="skipped", reason="portal-removed")
        return None
    answer = await desk.client.get(link.url, interval_s=portal.per_host_interval_s)
    match answer:
        case Skipped(reason=reason):
            await desk.store.write(end_link, link.id, link.lease_token, state="skipped", reason=reason)
            return None
        case NotModified():
            raise FetchError(link.url, "304 although nothing was asked to compare", kind=Failure.PROTOCOL)
        case Page():
            article = await desk.workers.run(read_article, answer, portal, link.hint)
    now = desk.clock()
    matches = edition.matcher.match(article)
    judge = partial(decide, article, matches=matches, routings=edition.routings, now=now)
    outcome = await desk.store.write(record, article, matches, judge, link=link, now=now)
    logger.debug("{}: {}", type(outcome).__name__, article.title)
    return outcome


async def _link_failed(desk: Desk, link: DueLink, step: schedule.Retry | schedule.GiveUp, reason: str) -> None:
    match step:
        case schedule.Retry(at=at):
            await desk.store.write(postpone_link, link.id, link.lease_token, next_try_at=at, reason=reason)
            logger.debug("postponed: {}", reason)
        case schedule.GiveUp(state=state):
            await desk.store.write(end_link, link.id, link.lease_token, state=state, reason=reason)
            logger.warning("{}: {}", state, reason)


async def _link_bugged(desk: Desk, edition: Edition, link: DueLink, trace: str) -> None:
    now = desk.clock()
    next_try_at = schedule.next_try_after_bug(n_bugs=link.n_bugs, now=now)
    is_parked = await desk.store.write(bug_in_link, link.id, link.lease_token, traceback=trace, next_try_at=next_try_at, now=now)
    logger.error("a bug of ours on this page{}:\n{}", ", parked" if is_parked else "", trace)
    if is_parked:
        await tell_operator(
            desk.store, edition.operators, kind="link_parked", key=f"link/{link.url}", summary=link.url, detail=trace, now=now
        )
