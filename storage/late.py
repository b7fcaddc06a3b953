"""Alerts about articles that are stored already."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from storage.alerts import add_events
from storage.articles import add_matches
from storage.records import LateAlert


def raise_late(session: Session, alerts: Sequence[LateAlert], *, now: datetime) -> int:
    """Raise those that were not raised before, all in one transaction, so that a digest holds all of them; how many."""
    n_raised = 0
    for alert in alerts:
        add_matches(session, alert.article_id, alert.revision, [alert.match], now)
        n_raised += add_events(session, [alert.event], alert.deliveries, article_id=alert.article_id, now=now)
    return n_raised
