"""Links: each in exactly one state, claimed host by host, and never lost between two of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, TextClause, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from storage.dialects import insert_unless_there
from storage.leases import N_BUGS_TO_PARK, Lease, by_turns, distinct, in_turn, is_free, lock_ours, take, update_ours
from storage.records import DueLink, LinkReport, LinkState, SeenLink
from storage.tables import NEWS, PAST, articles, links
from storage.types import AnyRow

A_PLACE = timedelta(minutes=1)
"""How much older a link counts that stands one place further down, where no date says it; the order is what matters."""

PORTAL_REMOVED = "portal-removed"
"""Why a link was skipped whose portal was taken out of the configuration, or disabled. Its return opens the link again."""

BACKFILL_STOPPED = "backfill-stopped"
"""Why a link was skipped that only a backfill had named, which was then stopped. Whoever names it again opens it."""

A_DAY = timedelta(days=1)
"""A date without its hour may be that much younger."""

URLS_A_QUERY = 500  # SQLite takes 32,766 parameters, but a statement is compiled anew for each number of them
MAX_URL_BYTES = 2_000  # PostgreSQL's index takes 2,704; no portal of portals/facts.yaml comes near


def is_too_long(link: SeenLink) -> bool:
    """Whether no index can hold the link; one such link must not fail the whole poll."""
    return len(link.url.encode("utf-8", "replace")) > MAX_URL_BYTES


def unseen(session: Session, seen: Sequence[SeenLink]) -> list[SeenLink]:
    """Those of `seen` that no poll has shown yet, each once, without those no index can hold."""
    told = {link.url: link for link in reversed(seen) if not is_too_long(link)}
    urls = list(told)
    known: set[str] = set()
    for batch in batches(urls):
        known.update(session.scalars(_KNOWN, {"urls": batch}))
    return [link for url, link in reversed(told.items()) if url not in known]


def batches(urls: Sequence[str]) -> Iterator[Sequence[str]]:
    """`urls` in portions that a statement takes."""
    return (urls[at : at + URLS_A_QUERY] for at in range(0, len(urls), URLS_A_QUERY))


def insert_links(session: Session, seen: Sequence[SeenLink], *, source_id: int, now: datetime, backfill_id: int | None = None) -> int:
    """Add those of `seen` that are not there yet, open and due at once; returns how many. `backfill_id`: only this one names them.

    The page's last goes in first: its first is its newest, gets the highest id, and is fetched first.
    """
    rows = [_new_link(link, source_id, now, place, backfill_id) for place, link in reversed(list(enumerate(seen))) if not is_too_long(link)]
    if not rows:
        return 0
    return len(session.scalars(insert_unless_there(session, links), rows).all())


def _new_link(link: SeenLink, source_id: int, now: datetime, place: int, backfill_id: int | None) -> dict[str, Any]:
    """Without a date, what stands further down counts as older, so that ten thousand links of one list do not pass for ten thousand news."""
    published = link.published_at
    return {
        "url": link.url,
        "host": link.host,
        "portal": link.portal,
        "source_id": source_id,
        "state": "open",
        "found_at": now,
        "fresh_at": published if published is not None and published < now else now - place * A_PLACE,
        "next_try_at": now,
        "n_tries": 0,
        "n_bugs": 0,
        "hint": link.hint,
        "is_backfill": backfill_id is not None,
        "backfill_id": backfill_id,
    }


_KNOWN = select(links.c.url).where(links.c.url.in_(bindparam("urls", expanding=True)), ~links.c.is_backfill)


@dataclass(frozen=True, slots=True)
class _Queue:
    """The claims among the open links of one kind: news, or the past that backfills bring. Built once: that costs more than running it."""

    hosts: Select[Any]
    due_of_host: Select[Any]

    @classmethod
    def of(cls, kind: TextClause) -> "_Queue":
        hosts = distinct(links.c.host, kind).subquery()
        portal = select(links.c.portal).where(kind, links.c.host == hosts.c.value).limit(1).scalar_subquery()
        is_due = (links.c.next_try_at <= bindparam("now"), is_free(links, bindparam("now")))
        newest_first = (links.c.fresh_at.desc(), links.c.id.desc())
        due = select(links.c.id).where(kind, links.c.host == bindparam("host"), *is_due).order_by(*newest_first)
        return cls(select(hosts.c.value, portal), due.limit(bindparam("share")).with_for_update(skip_locked=True))


_NEWS, _PAST = _Queue.of(NEWS), _Queue.of(PAST)


def claim_due_links(
    session: Session, *, now: datetime, lease: timedelta, owner: str, limit: int, busy_hosts: Collection[str] = ()
) -> list[DueLink]:
    """Take up to `limit` due links: the same share for each portal, in it for each host that is not busy, the newest of each first.

    What only a backfill has named is not among them.
    """
    return _claim(session, _NEWS, now=now, lease=lease, owner=owner, limit=limit, of_a_host=limit, busy_hosts=busy_hosts)


def claim_past_links(
    session: Session, *, now: datetime, lease: timedelta, owner: str, limit: int, of_a_host: int, busy_hosts: Collection[str] = ()
) -> list[DueLink]:
    """As `claim_due_links`, of what only backfills have named, and no more than `of_a_host` of each host."""
    return _claim(session, _PAST, now=now, lease=lease, owner=owner, limit=limit, of_a_host=of_a_host, busy_hosts=busy_hosts)


def _claim(
    session: Session, queue: _Queue, *, now: datetime, lease: timedelta, owner: str, limit: int, of_a_host: int, busy_hosts: Collection[str]
) -> list[DueLink]:
    hosts: dict[str, list[str]] = {}
    for host, portal in session.execute(queue.hosts):
        if host not in busy_hosts:
            hosts.setdefault(portal, []).append(host)

    def pick_of_portal(portal: str, share: int) -> Sequence[int]:
        return by_turns(in_turn(hosts[portal], now=now, every_s=len(hosts)), share, pick)

    def pick(host: str, share: int) -> Sequence[int]:
        return session.scalars(queue.due_of_host, {"host": host, "now": now, "share": min(share, of_a_host)}).all()

    ids = by_turns(in_turn(hosts, now=now), limit, pick_of_portal)
    return [_due_link(row) for row in take(session, links, ids, Lease.of(owner, until=now + lease))]


def _due_link(row: AnyRow) -> DueLink:
    return DueLink(
        id=row.id,
        source_id=row.source_id,
        portal=row.portal,
        url=row.url,
        host=row.host,
        lease_token=row.lease_token,
        found_at=row.found_at,
        n_tries=row.n_tries,
        n_bugs=row.n_bugs,
        hint=row.hint,
        is_backfill=row.is_backfill,
    )


def postpone_link(session: Session, link_id: int, lease_token: str, *, next_try_at: datetime, reason: str, count: bool = True) -> bool:
    """Leave the link open for a later try; `count` says whether this one was its fault. False when the lease is lost."""
    values = {"next_try_at": next_try_at, "reason": reason, "n_tries": links.c.n_tries + int(count)}
    return update_ours(session, links, link_id, lease_token, **values)


def end_link(session: Session, link_id: int, lease_token: str, *, state: Literal["skipped", "failed", "gone"], reason: str) -> bool:
    """Close the link without an article. False when the lease is lost."""
    return update_ours(session, links, link_id, lease_token, state=state, reason=reason)


def take_over_links(session: Session, fresh: Sequence[SeenLink], source: AnyRow, *, now: datetime) -> None:
    """What only a backfill had named, and now a poll names too, is a link like any other, found now.

    It is read again where that may still be told: nobody was told of it when the backfill brought it.
    """
    young = select(articles.c.id).where(
        articles.c.id == links.c.article_id,
        articles.c.is_backfilled,
        or_(articles.c.published_at.is_(None), articles.c.published_at >= source.baseline_before - A_DAY),
    )
    is_undone = or_(links.c.state.in_(("failed", "gone")), and_(links.c.state == "skipped", links.c.reason == BACKFILL_STOPPED))
    is_again = or_(is_undone, and_(links.c.state == "done", young.exists()))
    for urls in batches([link.url for link in fresh]):
        ours = update(links).where(links.c.url.in_(urls), links.c.is_backfill)
        again = {"state": "open", "reason": None, "n_tries": 0, "n_bugs": 0, "next_try_at": now, "fresh_at": now}
        taken = {"is_backfill": False, "source_id": source.id, "found_at": now}
        session.execute(ours.where(is_again).values(**again, **taken))
        session.execute(ours.values(**taken))


def reopen_links(session: Session, portal: str, *, now: datetime) -> None:
    """Make due what was skipped while `portal` was out of the configuration: no list need name it once more."""
    skipped = (links.c.portal == portal, links.c.state == "skipped", links.c.reason == PORTAL_REMOVED)
    session.execute(update(links).where(*skipped).values(state="open", reason=None, next_try_at=now))


def bug_in_link(session: Session, link_id: int, lease_token: str, *, traceback: str, next_try_at: datetime, now: datetime) -> bool:
    """Keep the traceback of our own failure on the link; the third parks it as failed(bug). True when this one did."""
    link = lock_ours(session, links, link_id, lease_token)
    if link is None:
        return False
    is_parked = bool(link.n_bugs + 1 >= N_BUGS_TO_PARK)
    values: dict[str, Any] = {"n_bugs": link.n_bugs + 1, "reason": "bug", "traceback": traceback, "next_try_at": next_try_at}
    if is_parked:
        values |= {"state": "failed", "next_try_at": now}
    update_ours(session, links, link_id, lease_token, **values)
    return is_parked


def find_link(session: Session, url: str) -> LinkReport | None:
    row = session.execute(select(links).where(links.c.url == url)).first()
    return None if row is None else _link_report(row)


def link_reports(session: Session, *, portal: str | None = None, state: LinkState | None = None, limit: int = 50) -> list[LinkReport]:
    """The links found last, newest first."""
    found = select(links).order_by(links.c.id.desc()).limit(limit)
    if portal is not None:
        found = found.where(links.c.portal == portal)
    if state is not None:
        found = found.where(links.c.state == state)
    return [_link_report(row) for row in session.execute(found)]


def _link_report(row: AnyRow) -> LinkReport:
    return LinkReport(
        id=row.id,
        portal=row.portal,
        url=row.url,
        state=row.state,
        reason=row.reason,
        found_at=row.found_at,
        next_try_at=row.next_try_at,
        n_tries=row.n_tries,
        article_id=row.article_id,
        traceback=row.traceback,
    )
