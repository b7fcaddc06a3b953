"""A clock that was ahead, and is right again: what it wrote would else wait for a day that is far off."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from storage.leases import FREE
from storage.sources import BASELINE
from storage.tables import OPEN, UNDELIVERED, deliveries, links, sources

SKEW: Final = timedelta(minutes=5)  # two daemons on one database may differ by seconds
LONGEST_WAIT: Final = timedelta(days=8)  # no pause between tries is longer, and no digest further off


def forget_the_future(session: Session, *, now: datetime) -> int:
    """Sources that were first seen or polled in the future are as new, and due; what waits for longer than anything waits is due.

    A baseline in the future would keep every alert back until then, a next poll every article. How many rows were set right.
    """
    soon, far = now + SKEW, now + LONGEST_WAIT
    was_begun, was_polled = sources.c.first_seen_at > soon, or_(sources.c.last_poll_at > soon, sources.c.next_poll_at > far)
    unlearnt = {"last_poll_at": now, "next_poll_at": now, "memory": {}, "etag": None, "last_modified": None}
    steps = [
        update(sources).where(was_polled).values(**unlearnt),
        update(sources).where(was_begun).values(first_seen_at=now, baseline_before=now - BASELINE, next_poll_at=now),
        update(links).where(OPEN, links.c.next_try_at > far).values(next_try_at=now),
        update(deliveries).where(UNDELIVERED, deliveries.c.next_try_at > far).values(next_try_at=now),
        *(update(table).where(table.c.lease_until > far).values(**FREE) for table in (sources, links, deliveries)),
    ]
    return sum(len(session.execute(step.returning(step.table.c.id)).all()) for step in steps)
