"""Deliveries as the operator sees them: listed, shown, sent once more, given up."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.leases import FREE
from storage.records import DeliveryReport, DeliveryState, Event
from storage.tables import UNDELIVERED, deliveries, delivery_events, events
from storage.types import AnyRow


def list_deliveries(
    session: Session, *, state: DeliveryState | None = None, channel: str | None = None, limit: int = 50
) -> list[DeliveryReport]:
    """The deliveries planned last, newest first."""
    found = select(deliveries).order_by(deliveries.c.id.desc()).limit(limit)
    if state is not None:
        found = found.where(deliveries.c.state == state)
    if channel is not None:
        found = found.where(deliveries.c.channel == channel)
    rows = session.execute(found).all()
    told = events_of(session, [row.id for row in rows])
    return [_delivery_report(row, told.get(row.id, ())) for row in rows]


def show_delivery(session: Session, delivery_id: str) -> DeliveryReport | None:
    row = session.execute(select(deliveries).where(deliveries.c.key == delivery_id)).first()
    return None if row is None else _delivery_report(row, events_of(session, [row.id]).get(row.id, ()))


def replay(session: Session, ids: Sequence[str], *, now: datetime) -> int:
    """Make deliveries due once more under the same id, with the same bytes, and all its tries before it. Returns how many."""
    again = update(deliveries).where(deliveries.c.key.in_(ids), deliveries.c.state != "sending")
    again = again.values(state="pending", next_try_at=now, n_tries=0, n_bugs=0, **FREE).returning(deliveries.c.id)
    return len(session.scalars(again).all())


def bury_channel(session: Session, channel: str, *, why: str, now: datetime) -> int:
    """Give up what a channel has not delivered; `replay` finds it. Returns how many deliveries that were."""
    buried = update(deliveries).where(UNDELIVERED, deliveries.c.channel == channel)
    buried = buried.values(state="dead", why=why, next_try_at=now, **FREE).returning(deliveries.c.id)
    return len(session.scalars(buried).all())


def _delivery_report(row: AnyRow, told: tuple[Event, ...]) -> DeliveryReport:
    return DeliveryReport(
        id=row.key,
        channel=row.channel,
        recipient=row.recipient,
        group=row.group,
        state=row.state,
        n_tries=row.n_tries,
        created_at=row.created_at,
        next_try_at=None if row.state in {"delivered", "dead"} else row.next_try_at,
        delivered_at=row.delivered_at,
        why=row.why,
        traceback=row.traceback,
        message=row.message,
        events=told,
    )


def events_of(session: Session, delivery_ids: Collection[int]) -> Mapping[int, tuple[Event, ...]]:
    if not delivery_ids:
        return {}
    joined = (
        select(delivery_events.c.delivery_id, events)
        .join(events, events.c.id == delivery_events.c.event_id)
        .where(delivery_events.c.delivery_id.in_(delivery_ids))
        .order_by(events.c.id)
    )
    found: dict[int, tuple[Event, ...]] = {}
    for row in session.execute(joined):
        event = Event(type=row.type, dedup_key=row.dedup_key, occurred_at=row.occurred_at, data=row.data)
        found[row.delivery_id] = (*found.get(row.delivery_id, ()), event)
    return found
