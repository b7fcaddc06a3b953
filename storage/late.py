"""Alerts about articles that are stored already."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.alerts import add_events
from storage.articles import add_matches
from storage.records import LateAlert
from storage.search import MOST_KEYS
from storage.tables import events


def untold(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the events with these keys that were not raised yet."""
    asked = sorted(keys)
    found = select(events.c.dedup_key).where(events.c.dedup_key.in_(bindparam("keys", expanding=True)))
    batches = (asked[start : start + MOST_KEYS] for start in range(0, len(asked), MOST_KEYS))
    return set(asked) - {key for batch in batches for key in session.scalars(found, {"keys": batch})}


def raise_late(session: Session, alerts: Sequence[LateAlert], *, now: datetime) -> int:
    """Raise those that were not raised before, all in one transaction, so that a digest holds all of them; how many."""
    n_raised = 0
    for alert in alerts:
        add_matches(session, alert.article_id, alert.revision, [alert.match], now)
        n_raised += add_events(session, [alert.event], alert.deliveries, article_id=alert.article_id, now=now)
    return n_raised
