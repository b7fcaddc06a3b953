"""Backfills: walks back through what a portal still shows. Their state is rows: whoever comes next goes on where the last one ended."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Exists, bindparam, delete, exists, func, select, update
from sqlalchemy.orm import Session

from storage.dialects import POLLING, alone, insert_unless_there
from storage.leases import N_BUGS_TO_PARK, Lease, in_turn, is_free, lock_ours, take, update_ours
from storage.links import BACKFILL_STOPPED, MAX_URL_BYTES, batches, insert_links, is_too_long
from storage.records import (
    BackfillAsked,
    BackfillReport,
    DuePage,
    PageDone,
    SeenLink,
    WalkPage,
    Yield,
)
from storage.tables import OPEN, articles, backfill_pages, backfill_shown, backfills, links, sources
from storage.types import AnyRow

RUNNING = "running"


# --- asked for, stopped, ended ----------------------------------------------------------------------------------------------------


def ask_backfill(
    session: Session, portal: str, *, since: datetime, pages: Sequence[WalkPage], now: datetime, anew: bool = False
) -> BackfillAsked:
    """Have `portal` walked back to `since`, from `pages` on. One that reaches as far is taken up, or complete; a nearer one is replaced.

    `anew`: walk once more, whatever was reached before.
    """
    alone(session, POLLING)
    last = session.execute(_LAST, {"portal": portal}).first()
    if last is not None and not anew and last.since <= since:
        if last.state == "stopped":
            session.execute(update(backfills).where(backfills.c.id == last.id).values(state=RUNNING, ended_at=None))
            _reopen_stopped(session, last.id, now)
        return BackfillAsked(how="complete" if last.state == "done" else "resumed", backfill=backfill_of(session, last.id))
    if last is not None and last.state != "done":
        session.execute(update(backfills).where(backfills.c.id == last.id).values(state="replaced", ended_at=now))
        _reopen_stopped(session, last.id, now)
        _forget_shown(session, last.id)
    asked = {"portal": portal, "since": since, "state": RUNNING, "asked_at": now}
    backfill_id: int = session.scalars(backfills.insert().returning(backfills.c.id), asked).one()
    _add_pages(session, backfill_id, pages, now=now)
    if last is not None:
        waiting = update(links).where(links.c.backfill_id == last.id, links.c.state == "open", links.c.is_backfill)
        session.execute(waiting.values(backfill_id=backfill_id))
    return BackfillAsked(how="new" if last is None else "further", backfill=backfill_of(session, backfill_id))


def stop_backfill(session: Session, portal: str, *, now: datetime) -> bool:
    """Leave it where it is; what waits to be read is skipped until it is asked for again. False when none runs."""
    stopped = update(backfills).where(backfills.c.portal == portal, backfills.c.state == RUNNING).values(state="stopped", ended_at=now)
    ids = session.scalars(stopped.returning(backfills.c.id)).all()
    waiting = update(links).where(links.c.backfill_id.in_(ids), links.c.state == "open", links.c.is_backfill)
    session.execute(waiting.values(state="skipped", reason=BACKFILL_STOPPED, lease_owner=None, lease_token=None, lease_until=None))
    return bool(ids)


def _reopen_stopped(session: Session, backfill_id: int, now: datetime) -> None:
    skipped = (links.c.backfill_id == backfill_id, links.c.state == "skipped", links.c.reason == BACKFILL_STOPPED)
    session.execute(update(links).where(*skipped).values(state="open", reason=None, next_try_at=now))


def end_backfills(session: Session, *, now: datetime) -> list[str]:
    """Those that have nothing left to ask and nothing left to read are done; the portals of these."""
    ended = update(backfills).where(backfills.c.state == RUNNING, ~_PAGE_LEFT, ~_LINK_LEFT).values(state="done", ended_at=now)
    rows = session.execute(ended.returning(backfills.c.id, backfills.c.portal)).all()
    for row in rows:
        _forget_shown(session, row.id)
    return sorted(row.portal for row in rows)


def _forget_shown(session: Session, backfill_id: int) -> None:
    session.execute(delete(backfill_shown).where(backfill_shown.c.backfill_id == backfill_id))


_LAST = select(backfills).where(backfills.c.portal == bindparam("portal")).order_by(backfills.c.id.desc()).limit(1).with_for_update()
_PAGE_LEFT: Exists = exists().where(backfill_pages.c.backfill_id == backfills.c.id, backfill_pages.c.state == "open")
_LINK_LEFT: Exists = exists().where(links.c.backfill_id == backfills.c.id, links.c.state == "open", links.c.is_backfill)


# --- pages ------------------------------------------------------------------------------------------------------------------------


def _add_pages(
    session: Session, backfill_id: int, pages: Sequence[WalkPage], *, now: datetime, after_id: int | None = None, n_barren: int = 0
) -> None:
    """Pages to ask, each once in a backfill: a list that leads back to where it was ends there."""
    walk = {"backfill_id": backfill_id, "after_id": after_id, "n_barren": n_barren, "state": "open", "next_try_at": now}
    counts = {"n_tries": 0, "n_bugs": 0, "n_shown": 0}
    rows = [
        {"source": page.source, "kind": page.kind, "url": page.url, "part": page.part, **walk, **counts}
        for page in pages
        if len(page.url.encode("utf-8", "replace")) <= MAX_URL_BYTES
    ]
    if rows:
        session.execute(insert_unless_there(session, backfill_pages), rows)


_UNTRIED = (
    exists()
    .where(
        backfill_shown.c.page_id == backfill_pages.c.after_id,
        links.c.id == backfill_shown.c.link_id,
        links.c.state == "open",
        links.c.is_backfill,
        links.c.n_tries == 0,
        links.c.n_bugs == 0,
    )
    .correlate(backfill_pages)
)
"""The page before it still has links that nobody has tried: until then its dates are not known."""

_DUE = (
    select(backfill_pages.c.id, backfills.c.portal, backfills.c.since)
    .join(backfills, backfills.c.id == backfill_pages.c.backfill_id)
    .where(
        backfill_pages.c.state == "open",
        backfill_pages.c.next_try_at <= bindparam("now"),
        is_free(backfill_pages, bindparam("now")),
        backfills.c.state == RUNNING,
        backfills.c.portal == bindparam("portal"),
        ~_UNTRIED,
    )
    .order_by(backfill_pages.c.next_try_at, backfill_pages.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=backfill_pages)
)


def claim_pages(session: Session, *, now: datetime, lease: timedelta, owner: str, portals: Collection[str], limit: int) -> list[DuePage]:
    """Take due pages, one of each of `portals`: its host answers one request at a time anyway."""
    chosen: dict[int, AnyRow] = {}
    for portal in in_turn(portals, now=now):
        row = session.execute(_DUE, {"now": now, "portal": portal}).first() if len(chosen) < limit else None
        if row is not None:
            chosen[row.id] = row
    taken = take(session, backfill_pages, list(chosen), Lease.of(owner, until=now + lease))
    return [_due_page(row, chosen[row.id]) for row in taken]


def _due_page(row: AnyRow, walk: AnyRow) -> DuePage:
    return DuePage(
        id=row.id,
        lease_token=row.lease_token,
        backfill_id=row.backfill_id,
        portal=walk.portal,
        since=walk.since,
        page=WalkPage(source=row.source, kind=row.kind, url=row.url, part=row.part),
        after_id=row.after_id,
        n_barren=row.n_barren,
        n_tries=row.n_tries,
        n_bugs=row.n_bugs,
    )


def yield_of(session: Session, page_id: int) -> Yield:
    """What became of the links that this page was the first of its list to show."""
    page = session.execute(select(backfill_pages).where(backfill_pages.c.id == page_id)).one()
    before = None
    if page.after_id is not None:
        before = session.scalar(select(backfill_pages.c.fingerprint).where(backfill_pages.c.id == page.after_id))
    found = (
        select(links.c.state, links.c.is_backfill, articles.c.published_at)
        .join(backfill_shown, backfill_shown.c.link_id == links.c.id)
        .outerjoin(articles, articles.c.id == links.c.article_id)
        .where(backfill_shown.c.page_id == page_id)
    )
    rows = session.execute(found).all()
    return Yield(
        n_shown=page.n_shown,
        n_own=len(rows),
        published=tuple(row.published_at for row in rows if row.published_at is not None),
        n_news=sum(row.state == "open" and not row.is_backfill for row in rows),
        repeats=page.fingerprint is not None and page.fingerprint == before,
    )


def keep_links(session: Session, page: DuePage, seen: Sequence[SeenLink], *, now: datetime) -> bool:
    """Keep links that a page names; may be called for a part of them, and again. False, and nothing written, when it is no longer wanted."""
    if not seen:
        return True
    if not _is_wanted(session, page):
        return False
    alone(session, POLLING)
    _keep(session, page, seen, now)
    return True


def finish_page(session: Session, done: PageDone, *, now: datetime, n_barren: int = 0) -> bool:
    """Keep what a page names and what is to be asked after it, together. False, and nothing written, when it is no longer wanted."""
    page = done.page
    if not _is_wanted(session, page):
        return False
    alone(session, POLLING)
    ids = _keep(session, page, done.links, now)
    if ids and done.is_chain:
        shown = {"backfill_id": page.backfill_id, "source": page.page.source, "page_id": page.id}
        session.execute(insert_unless_there(session, backfill_shown), [shown | {"link_id": link_id} for link_id in ids])
    if done.older is not None:
        _add_pages(session, page.backfill_id, [done.older], now=now, after_id=page.id, n_barren=n_barren)
    _add_pages(session, page.backfill_id, done.named, now=now)
    asked = {"state": "done", "reason": None, "n_shown": done.n_shown, "fingerprint": done.fingerprint}
    return update_ours(session, backfill_pages, page.id, page.lease_token, **asked)


def _is_wanted(session: Session, page: DuePage) -> bool:
    """Whether the page is still ours, and its backfill has not been given up or replaced while the page was asked."""
    if lock_ours(session, backfill_pages, page.id, page.lease_token) is None:
        return False
    state = select(backfills.c.state).where(backfills.c.id == page.backfill_id).with_for_update(read=True)
    return bool(session.scalar(state) == RUNNING)


def _keep(session: Session, page: DuePage, seen: Sequence[SeenLink], now: datetime) -> list[int]:
    """The ids of the links, new or known before."""
    fitting = [link for link in seen if not is_too_long(link)]
    if not fitting:
        return []
    insert_links(session, fitting, source_id=_source_id(session, page), now=now, backfill_id=page.backfill_id)
    ids: list[int] = []
    for urls in batches([link.url for link in fitting]):
        ids += session.scalars(update(links).where(links.c.url.in_(urls)).values(backfill_id=page.backfill_id).returning(links.c.id))
        again = {"state": "open", "reason": None, "next_try_at": now}
        stopped = (links.c.url.in_(urls), links.c.state == "skipped", links.c.reason == BACKFILL_STOPPED)
        session.execute(update(links).where(*stopped).values(**again))
    return ids


def _source_id(session: Session, page: DuePage) -> int:
    """The configured source; one that only this backfill knows (a sitemap that robots.txt names) counts as the portal's first."""
    ours = select(sources.c.id).where(sources.c.portal == page.portal)
    named: int | None = session.scalar(ours.where(sources.c.source == page.page.source))
    return named or session.scalars(ours.order_by(sources.c.id).limit(1)).one()


def end_page(session: Session, page: DuePage, *, failed: bool, reason: str) -> bool:
    """Close the page without asking it, or because it cannot be read."""
    return update_ours(session, backfill_pages, page.id, page.lease_token, state="failed" if failed else "done", reason=reason)


def postpone_page(session: Session, page: DuePage, *, next_try_at: datetime, reason: str, count: bool = True) -> bool:
    values = {"next_try_at": next_try_at, "reason": reason, "n_tries": backfill_pages.c.n_tries + int(count)}
    return update_ours(session, backfill_pages, page.id, page.lease_token, **values)


def bug_in_page(session: Session, page: DuePage, *, traceback: str, next_try_at: datetime) -> bool:
    """Keep the traceback of our own failure on the page; the third closes it as failed."""
    is_parked = page.n_bugs + 1 >= N_BUGS_TO_PARK
    values: dict[str, Any] = {"n_bugs": page.n_bugs + 1, "reason": "bug", "traceback": traceback, "next_try_at": next_try_at}
    return update_ours(session, backfill_pages, page.id, page.lease_token, state="failed" if is_parked else "open", **values)


# --- how they stand ---------------------------------------------------------------------------------------------------------------


def running_portals(session: Session) -> list[str]:
    return list(session.scalars(select(backfills.c.portal).where(backfills.c.state == RUNNING)))


def backfill_of(session: Session, backfill_id: int) -> BackfillReport:
    return _report(session, session.execute(select(backfills).where(backfills.c.id == backfill_id)).one())


def backfill_reports(session: Session) -> list[BackfillReport]:
    """The last of each portal."""
    last = select(func.max(backfills.c.id)).group_by(backfills.c.portal)
    return [
        _report(session, row) for row in session.execute(select(backfills).where(backfills.c.id.in_(last)).order_by(backfills.c.portal))
    ]


def oldest_read(session: Session, backfill_id: int) -> datetime | None:
    """When the oldest article was published that the backfill has named; None when none has a date."""
    dated = select(func.min(articles.c.published_at)).join(links, links.c.article_id == articles.c.id)
    oldest: datetime | None = session.scalar(dated.where(links.c.backfill_id == backfill_id))
    return oldest


def _report(session: Session, row: AnyRow) -> BackfillReport:
    ours = backfill_pages.c.backfill_id == row.id
    of_it = links.c.backfill_id == row.id
    pages: dict[str, int] = _counted(session, backfill_pages.c.state, ours)
    errors = select(backfill_pages.c.reason).where(ours, backfill_pages.c.reason.is_not(None), backfill_pages.c.state != "done")
    due = [
        session.scalar(select(func.min(backfill_pages.c.next_try_at)).where(ours, backfill_pages.c.state == "open", ~_UNTRIED)),
        session.scalar(_NEXT_LINK, {"backfill_id": row.id}),
    ]
    return BackfillReport(
        id=row.id,
        portal=row.portal,
        since=row.since,
        state=row.state,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        n_pages=pages.get("done", 0) + pages.get("failed", 0),
        n_pages_open=pages.get("open", 0),
        n_pages_failed=pages.get("failed", 0),
        links=_counted(session, links.c.state, of_it),
        next_due_at=min((at for at in due if at is not None), default=None),
        last_error=session.scalar(errors.order_by(backfill_pages.c.id.desc()).limit(1)),
    )


_NEXT_LINK = (
    select(links.c.next_try_at)
    .where(OPEN, links.c.is_backfill, links.c.backfill_id == bindparam("backfill_id"))
    .order_by(links.c.next_try_at)
    .limit(1)
)


def _counted(session: Session, state: Column[Any], *of: ColumnElement[bool]) -> dict[Any, int]:
    counted = session.execute(select(state, func.count()).where(*of).group_by(state))
    return {row[0]: row[1] for row in counted}
