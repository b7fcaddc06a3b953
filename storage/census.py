"""The census: every figure is a count of rows; and what should have been done by now."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, func, select
from sqlalchemy.orm import Session

from storage.leases import is_free
from storage.records import Census, Overdue
from storage.tables import ACTIVE, NEWS, UNDELIVERED, articles, deliveries, links, matches, sources, stories


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


def left_over(session: Session, *, began: datetime, now: datetime) -> int:
    """How much a pass from `began` to `now` should have done and did not even try: what was due could not be claimed or written down."""
    counts = (
        select(func.count()).select_from(sources).where(ACTIVE, sources.c.next_poll_at <= began),
        select(func.count()).select_from(links).where(NEWS, links.c.next_try_at <= now, links.c.n_tries == 0),
        select(func.count()).select_from(deliveries).where(UNDELIVERED, deliveries.c.next_try_at <= now, deliveries.c.n_tries == 0),
    )
    return sum(session.scalar(count) or 0 for count in counts)


def overdue(session: Session, *, now: datetime, grace: timedelta) -> list[Overdue]:
    """The sources to poll and the deliveries to try that have been due for more than `grace`, longest due first.

    What is under a lease is being worked on, and late only when that has run out.
    """
    polls = (
        select(sources.c.portal, sources.c.source, sources.c.next_poll_at)
        .where(ACTIVE, sources.c.next_poll_at < now - grace, is_free(sources, now))
        .order_by(sources.c.next_poll_at, sources.c.id)
    )
    tries = (
        select(deliveries.c.channel, deliveries.c.recipient, deliveries.c.key, deliveries.c.next_try_at)
        .where(UNDELIVERED, deliveries.c.next_try_at < now - grace, is_free(deliveries, now))
        .order_by(deliveries.c.next_try_at, deliveries.c.id)
    )
    late = [Overdue(kind="source", name=f"{portal}/{source}", due_at=due_at) for portal, source, due_at in session.execute(polls)]
    late += [
        Overdue(kind="delivery", name=" ".join(filter(None, (channel, recipient, key))), due_at=due_at)
        for channel, recipient, key, due_at in session.execute(tries)
    ]
    return sorted(late, key=lambda each: each.due_at)
