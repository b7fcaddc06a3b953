"""After an outage of our own: nobody is blamed for it, and what waited for its end waits no longer."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from storage.tables import ACTIVE, OPEN, links, sources

OFFLINE = "offline"
"""The kind of a source's last failure, and the reason of an open link, where the fault was ours (crawler.errors.Failure)."""


def forgive(session: Session, *, source_ids: Collection[int], link_ids: Collection[int]) -> None:
    """Take back one failure of each: it proved to be ours. A link that it was the last try of is open again."""
    fewer = case((sources.c.n_failures > 0, sources.c.n_failures - 1), else_=0)
    still_since = case((sources.c.n_failures > 1, sources.c.failing_since), else_=None)
    taken_back = {"n_failures": fewer, "failing_since": still_since, "last_error_kind": OFFLINE}
    failed = sources.c.last_error_kind.is_not(None)  # else it has answered since
    session.execute(update(sources).where(sources.c.id.in_(source_ids), failed).values(**taken_back))
    tries = case((links.c.n_tries > 0, links.c.n_tries - 1), else_=0)
    undecided = links.c.state.in_(("open", "failed"))
    reopened = {"state": "open", "reason": OFFLINE, "n_tries": tries}
    session.execute(update(links).where(links.c.id.in_(link_ids), undecided).values(**reopened))


def resume(session: Session, *, now: datetime) -> int:
    """Make due whatever waits because we were offline; how many those are."""
    waiting_sources = update(sources).where(ACTIVE, sources.c.last_error_kind == OFFLINE, sources.c.next_poll_at > now)
    waiting_links = update(links).where(OPEN, links.c.reason == OFFLINE, links.c.next_try_at > now)
    woken = session.scalars(waiting_sources.values(next_poll_at=now).returning(sources.c.id)).all()
    return len(woken) + len(session.scalars(waiting_links.values(next_try_at=now).returning(links.c.id)).all())
