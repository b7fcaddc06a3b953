"""Tells the operator: what happened becomes an event of its own and travels through the outbox like any alert."""

from collections.abc import Sequence
from datetime import datetime

from loguru import logger
from sqlalchemy.orm import Session

from crawler.model import Route
from storage.alerts import raise_event
from storage.engine import Store
from storage.records import Event, PlannedDelivery


def operator_event(*, kind: str, key: str, summary: str, detail: str | None, now: datetime) -> Event:
    """`kind` names what happened (its words: `crawler.alert.words`); `key` what it happened to: the same twice is told once."""
    return Event(
        type=f"operator.{kind}",
        dedup_key=f"operator.{kind}/{key}",
        occurred_at=now,
        data={"kind": kind, "summary": summary, "detail": detail},
    )


def planned(event: Event, operators: Sequence[Route], *, now: datetime) -> tuple[PlannedDelivery, ...]:
    """One message to each of `operators`, at once: quiet hours are for readers."""
    return tuple(
        PlannedDelivery(
            channel=route.channel, recipient=route.recipient, group=f"event:{event.dedup_key}", event_key=event.dedup_key, due_at=now
        )
        for route in operators
    )


def raise_to(session: Session, operators: Sequence[Route], event: Event, *, now: datetime) -> bool:
    """Within a transaction: remember `event` and queue it for `operators`; False when it was told before."""
    return raise_event(session, event, planned(event, operators, now=now), now=now)


async def tell_operator(
    store: Store, operators: Sequence[Route], *, kind: str, key: str, summary: str, detail: str | None, now: datetime
) -> bool:
    """As `raise_to`, in a transaction of its own."""
    event = operator_event(kind=kind, key=key, summary=summary, detail=detail, now=now)
    is_news = await store.write(raise_to, operators, event, now=now)
    if is_news:
        logger.warning("operator: {}: {}", kind, summary)
    return is_news
