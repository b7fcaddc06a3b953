"""Links: each in exactly one state, claimed host by host, and never lost between two of them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage.dialects import insert_unless_there
from storage.leases import N_BUGS_TO_PARK, Lease, by_turns, distinct, in_turn, is_free, lock_ours, take, update_ours
from storage.records import DueLink, LinkReport, LinkState, SeenLink
from storage.tables import OPEN, links
from storage.types import AnyRow

A_PLACE = timedelta(minutes=1)
"""How much older a link counts that stands one place further down, where no date says it; the order is what matters."""

PORTAL_REMOVED = "portal-removed"
"""Why a link was skipped whose portal was taken out of the configuration, or disabled. Its return opens the link again."""

URLS_A_QUERY = 500  # SQLite takes 32,766 parameters, but a statement is compiled anew for each number of them
MAX_URL_BYTES = 2_000  # PostgreSQL's index takes 2,704; no portal of portals/facts.yaml comes near


def is_too_long(link: SeenLink) -> bool:
    """Whether no index can hold the link; one such link must not fail the whole poll."""
    return len(link.url.encode("utf-8", "replace")) > MAX_URL_BYTES


def unseen(session: Session, seen: Sequence[SeenLink]) -> list[SeenLink]:
    """Those of `seen` that no source has shown yet, each once, without those no index can hold."""
    told = {link.url: link for link in reversed(seen) if not is_too_long(link)}
    urls = list(told)
    known: set[str] = set()
    for at in range(0, len(urls), URLS_A_QUERY):
        known.update(session.scalars(_KNOWN, {"urls": urls[at : at + URLS_A_QUERY]}))
    return [link for url, link in reversed(told.items()) if url not in known]


def insert_links(session: Session, seen: Sequence[SeenLink], *, source_id: int, now: datetime) -> int:
    """Add those of `seen` that no source has shown yet, open and due at once; returns how many.

    The page's last goes in first: its first is its newest, gets the highest id, and is fetched first.
    """
    rows = [_new_link(link, source_id, now, place) for place, link in reversed(list(enumerate(seen))) if not is_too_long(link)]
    if not rows:
        return 0
    return len(session.scalars(insert_unless_there(session, links), rows).all())


def _new_link(link: SeenLink, source_id: int, now: datetime, place: int) -> dict[str, Any]:
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
    }


_KNOWN = select(links.c.url).where(links.c.url.in_(bindparam("urls", expanding=True)))
_ALL_HOSTS = distinct(links.c.host, OPEN).subquery()
_HOSTS = select(_ALL_HOSTS.c.value, select(links.c.portal).where(OPEN, links.c.host == _ALL_HOSTS.c.value).limit(1).scalar_subquery())
_DUE_OF_HOST = (  # built once: building a statement costs more than running it
    select(links.c.id)
    .where(OPEN, links.c.host == bindparam("host"), links.c.next_try_at <= bindparam("now"), is_free(links, bindparam("now")))
    .order_by(links.c.fresh_at.desc(), links.c.id.desc())
    .limit(bindparam("share"))
    .with_for_update(skip_locked=True)
)


def claim_due_links(
    session: Session, *, now: datetime, lease: timedelta, owner: str, limit: int, busy_hosts: Collection[str] = ()
) -> list[DueLink]:
    """Take up to `limit` due links: the same share for each portal, in it for each host that is not busy, the newest of each first."""
    hosts: dict[str, list[str]] = {}
    for host, portal in session.execute(_HOSTS):
        if host not in busy_hosts:
            hosts.setdefault(portal, []).append(host)

    def pick_of_portal(portal: str, share: int) -> Sequence[int]:
        return by_turns(in_turn(hosts[portal], now=now, every_s=len(hosts)), share, pick)

    def pick(host: str, share: int) -> Sequence[int]:
        return session.scalars(_DUE_OF_HOST, {"host": host, "now": now, "share": share}).all()

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
    )


def postpone_link(session: Session, link_id: int, lease_token: str, *, next_try_at: datetime, reason: str, count: bool = True) -> bool:
    """Leave the link open for a later try; `count` says whether this one was its fault. False when the lease is lost."""
    values = {"next_try_at": next_try_at, "reason": reason, "n_tries": links.c.n_tries + int(count)}
    return update_ours(session, links, link_id, lease_token, **values)


def end_link(session: Session, link_id: int, lease_token: str, *, state: Literal["skipped", "failed", "gone"], reason: str) -> bool:
    """Close the link without an article. False when the lease is lost."""
    return update_ours(session, links, link_id, lease_token, state=state, reason=reason)


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
