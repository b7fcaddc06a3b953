"""The census: every figure is a count of rows."""

from typing import Any

from sqlalchemy import Column, func, select
from sqlalchemy.orm import Session

from storage.records import Census
from storage.tables import articles, deliveries, links, matches, stories


def census(session: Session) -> Census:
    """How many of what we hold, as of one moment."""
    return Census(
        articles=dict(_counts(session, articles.c.portal)),
        links={(portal, state, reason): n for portal, state, reason, n in _counts(session, links.c.portal, links.c.state, links.c.reason)},
        n_stories=session.scalar(select(func.count()).select_from(stories)) or 0,
        n_copies=session.scalar(select(func.count()).where(articles.c.copy_of.is_not(None))) or 0,
        matches=dict(_counts(session, matches.c.watch)),
        deliveries={(channel, state): n for channel, state, n in _counts(session, deliveries.c.channel, deliveries.c.state)},
    )


def _counts(session: Session, *by: Column[Any]) -> list[Any]:
    return [tuple(row) for row in session.execute(select(*by, func.count()).group_by(*by).order_by(*by))]
