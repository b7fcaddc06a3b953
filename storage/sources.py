"""Sources: which there are, which are due, and what a poll left behind."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.alerts import has_happened, raise_event
from storage.dialects import POLLING, alone, insert_unless_there
from storage.leases import FREE, N_BUGS_TO_PARK, Lease, is_free, lock_ours, take, update_ours
from storage.links import insert_links, is_too_long, reopen_links, take_over_links, unseen
from storage.records import DueSource, FailedPoll, LinkState, PollDone, PollFailed, PollKept, PollPlan, SourceReport, SourceSpec, Standing
from storage.tables import ACTIVE, LEASED, OPEN, UNDELIVERED, backfill_pages, deliveries, links, sources
from storage.types import AnyRow

BASELINE = timedelta(hours=24)  # design §4: what was published earlier than this before we first looked is kept but not told
PARKED_FOR = timedelta(hours=6)  # how often a source that hits our own bugs is tried: rarely, but an upgrade may have mended it
Plan: TypeAlias = Callable[[Collection[str]], PollPlan]
UNKNOWN: Mapping[str, Any] = {"etag": None, "last_modified": None}


def sync_sources(session: Session, specs: Sequence[SourceSpec], *, now: datetime) -> None:
    """Make the sources those of the configuration. What was learnt of a source stays; one that vanished is only laid to rest."""
    wanted = {(spec.portal, spec.source): spec for spec in specs}
    for spec in sorted(wanted.values(), key=lambda each: (each.portal, each.source)):
        session.execute(insert_unless_there(session, sources), _first_seen(spec, now))
    for row in session.execute(select(sources).order_by(sources.c.id).with_for_update()).all():
        changed = _changes(row, wanted.get((row.portal, row.source)), now)
        if changed:
            session.execute(update(sources).where(sources.c.id == row.id).values(**changed))
        if changed.get("is_active"):
            reopen_links(session, row.portal, now=now)


def _first_seen(spec: SourceSpec, now: datetime) -> dict[str, Any]:
    told = {"portal": spec.portal, "source": spec.source, "kind": spec.kind, "url": spec.url}
    times = {"first_seen_at": now, "baseline_before": now - BASELINE, "next_poll_at": now}
    return told | times | {"is_active": True, "n_polls": 0, "n_failures": 0, "n_bugs": 0, "parked": False, "report": {}, "memory": {}}


def _changes(row: AnyRow, spec: SourceSpec | None, now: datetime) -> dict[str, Any]:
    if spec is None:
        return {"is_active": False} if row.is_active else {}
    changes: dict[str, Any] = {}
    if not row.is_active:
        changes |= {"is_active": True, "next_poll_at": now}
    if (row.url, row.kind) != (spec.url, spec.kind):
        fresh_start = {"n_failures": 0, "failing_since": None, "n_bugs": 0, "parked": False, "next_poll_at": now}
        changes |= {"url": spec.url, "kind": spec.kind, **UNKNOWN, **fresh_start}
    return changes


_NOW = bindparam("now", type_=sources.c.next_poll_at.type)
_LONGEST_DUE = (sources.c.next_poll_at, sources.c.id)
_IS_DUE = (ACTIVE, sources.c.next_poll_at <= _NOW, is_free(sources, _NOW), sources.c.portal.not_in(bindparam("without", expanding=True)))
_PLACED = select(
    sources.c.id,
    sources.c.portal.in_(bindparam("later", expanding=True)).label("is_later"),
    func.row_number().over(partition_by=sources.c.portal, order_by=_LONGEST_DUE).label("place"),
).where(*_IS_DUE)
_PLACED_DUE = _PLACED.subquery("placed")
_DUE = (
    select(sources.c.id)
    .join(_PLACED_DUE, _PLACED_DUE.c.id == sources.c.id)
    .where(*_IS_DUE, _PLACED_DUE.c.place <= bindparam("share"))  # due and free once more: what was so may have been taken meanwhile
    .order_by(_PLACED_DUE.c.is_later, _PLACED_DUE.c.place, *_LONGEST_DUE)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=sources)
)


def claim_due_sources(
    session: Session,
    *,
    now: datetime,
    lease: timedelta,
    owner: str,
    limit: int,
    share: int | None = None,
    later: Collection[str] = (),
    without: Collection[str] = (),
) -> list[DueSource]:
    """Take up to `limit` sources whose time has come: in turn one of each portal, at most `share` of it, its longest due first.

    Portals that are asked just now come `later`, if there is room; some are left out altogether.
    """
    wish = {"now": now, "limit": limit, "share": limit if share is None else share, "later": list(later), "without": list(without)}
    ids = session.scalars(_DUE, wish).all()
    return [_due_source(row) for row in take(session, sources, ids, Lease.of(owner, until=now + lease))]


def _due_source(row: AnyRow) -> DueSource:
    return DueSource(
        id=row.id,
        portal=row.portal,
        source=row.source,
        kind=row.kind,
        url=row.url,
        lease_token=row.lease_token,
        etag=row.etag,
        last_modified=row.last_modified,
        n_polls=row.n_polls,
        n_failures=row.n_failures,
        n_bugs=row.n_bugs,
        first_seen_at=row.first_seen_at,
        last_ok_at=row.last_ok_at,
        memory=row.memory,
        failing_since=row.failing_since,
    )


def finish_poll(session: Session, done: PollDone, plan: Plan, *, now: datetime) -> PollKept | None:
    """Keep what an answered poll found: unseen links, validators, what `plan` says follows and the next due time, together or not at all.

    `plan` is pure and called with the URLs that no source had shown before. None, and nothing written, when the lease is no longer ours.
    """
    source = lock_ours(session, sources, done.source_id, done.lease_token)
    if source is None:
        return None
    alone(session, POLLING)  # two polls that find the same links in another order would wait for each other
    fresh = unseen(session, done.links)
    if insert_links(session, fresh, source_id=done.source_id, now=now) < len(fresh):
        take_over_links(session, fresh, source, now=now)
    follows = plan({link.url for link in fresh})
    n_too_long = sum(map(is_too_long, done.links))
    values: dict[str, Any] = {
        **_poll_counted(source, now, memory=follows.memory),
        "first_poll_at": source.first_poll_at or now,
        "last_ok_at": now,
        "last_new_at": now if fresh else source.last_new_at,
        "next_poll_at": follows.next_poll_at,
        "report": follows.report if n_too_long == 0 else {**follows.report, "n_links_too_long": n_too_long},
        "n_failures": 0,
        "failing_since": None,
        "n_bugs": 0,
        "parked": False,
        "last_error": None,
        "last_error_kind": None,
        "traceback": None,
    }
    if not done.not_modified:
        values |= {"etag": done.etag, "last_modified": done.last_modified}
    update_ours(session, sources, done.source_id, done.lease_token, **values)
    _hasten(session, source, follows.hasten, now)
    for news in follows.news:
        if news.after is None or has_happened(session, news.after):
            raise_event(session, news.event, news.deliveries, now=now)
    return PollKept(n_new=len(fresh), plan=follows)


def _hasten(session: Session, source: AnyRow, names: Collection[str], now: datetime) -> None:
    """Make other sources of the portal due."""
    if names:
        later = update(sources).where(ACTIVE, sources.c.portal == source.portal, sources.c.source.in_(names), sources.c.id != source.id)
        session.execute(later.where(sources.c.next_poll_at > now).values(next_poll_at=now))


def _poll_counted(source: AnyRow, now: datetime, *, memory: Mapping[str, Any]) -> dict[str, Any]:
    """An empty memory leaves the old one: a poll that learnt nothing forgets nothing."""
    return {"last_poll_at": now, "n_polls": source.n_polls + 1, "memory": memory or source.memory}


def fail_poll(session: Session, failed: PollFailed, *, now: datetime) -> FailedPoll | None:
    """Keep why a poll failed and when to try again; the third bug in a row parks the source.

    None, and nothing written, when the lease is no longer ours.
    """
    source = lock_ours(session, sources, failed.source_id, failed.lease_token)
    if source is None:
        return None
    n_failures = source.n_failures + failed.penalise
    failing_since = (source.failing_since or now) if failed.penalise else source.failing_since
    n_bugs = source.n_bugs + 1 if failed.bug else 0
    is_parked = n_bugs >= N_BUGS_TO_PARK
    values: dict[str, Any] = {
        **_poll_counted(source, now, memory=failed.memory),
        "next_poll_at": now + PARKED_FOR if is_parked else failed.next_poll_at,
        "n_failures": n_failures,
        "failing_since": failing_since,
        "n_bugs": n_bugs,
        "parked": is_parked,
        "last_error": failed.reason,
        "last_error_kind": failed.kind,
        "traceback": failed.bug or source.traceback,
    }
    update_ours(session, sources, failed.source_id, failed.lease_token, **values)
    return FailedPoll(n_failures=n_failures, failing_since=failing_since, n_bugs=n_bugs, parked_now=is_parked and not source.parked)


def standing(session: Session) -> Standing:
    """How the active sources stand now."""
    rows = session.execute(select(sources.c.failing_since, sources.c.report).where(ACTIVE)).all()
    quiet = (row.report.get("quiet_since") for row in rows if row.failing_since is None)
    return Standing(
        n_active=len(rows),
        failing_since=[row.failing_since for row in rows if row.failing_since is not None],
        quiet_since=[datetime.fromisoformat(since) for since in quiet if since],
    )


def release_leases(session: Session, *, owner: str | None) -> None:
    """Make everything that is under a lease of `owner` due again; None frees all, for the only daemon on a database."""
    for table in (sources, links, deliveries, backfill_pages):
        held = table.c.lease_token.is_not(None) if owner is None else table.c.lease_owner == owner
        session.execute(update(table).where(LEASED, held).values(**FREE))
    session.execute(
        update(deliveries).where(UNDELIVERED, deliveries.c.state == "sending", deliveries.c.lease_token.is_(None)).values(state="retry")
    )


def next_due_at(session: Session) -> datetime | None:
    """When the next source, link or delivery can be claimed: when its time has come and no lease is on it."""
    times = [
        session.scalar(select(func.min(time)).where(where, lease))
        for table, time, where in (
            (sources, sources.c.next_poll_at, ACTIVE),
            (links, links.c.next_try_at, OPEN),
            (deliveries, deliveries.c.next_try_at, UNDELIVERED),
        )
        for time, lease in ((time, table.c.lease_until.is_(None)), (table.c.lease_until, LEASED))
    ]
    return min((time for time in times if time is not None), default=None)


def source_reports(session: Session) -> list[SourceReport]:
    """Every source ever configured with the state of its links, by portal and name."""
    counts: dict[int, dict[LinkState, int]] = {}
    by_state = select(links.c.source_id, links.c.state, func.count()).group_by(links.c.source_id, links.c.state)
    for source_id, state, n_links in session.execute(by_state):
        counts.setdefault(source_id, {})[state] = n_links
    rows = session.execute(select(sources).order_by(sources.c.portal, sources.c.source))
    return [_source_report(row, counts.get(row.id, {})) for row in rows]


def _source_report(row: AnyRow, counted: Mapping[LinkState, int]) -> SourceReport:
    return SourceReport(
        id=row.id,
        portal=row.portal,
        source=row.source,
        kind=row.kind,
        url=row.url,
        is_active=row.is_active,
        first_seen_at=row.first_seen_at,
        baseline_before=row.baseline_before,
        last_poll_at=row.last_poll_at,
        last_ok_at=row.last_ok_at,
        last_new_at=row.last_new_at,
        next_poll_at=row.next_poll_at,
        n_polls=row.n_polls,
        n_failures=row.n_failures,
        last_error=row.last_error,
        last_error_kind=row.last_error_kind,
        parked=row.parked,
        links=counted,
        report=row.report,
        memory=row.memory,
    )
