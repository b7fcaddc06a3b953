"""Events and deliveries: an alert is a row before it is a request, and keeps one id and the same bytes over all its tries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.channels import channel_ok, channel_state, disable_channel, note_refusal
from storage.deliveries import bury_channel, events_of, list_deliveries, replay, show_delivery
from storage.dialects import insert_unless_there
from storage.leases import FREE, N_BUGS_TO_PARK, Lease, by_turns, distinct, in_turn, is_free, take, update_ours
from storage.records import DueDelivery, Event, PlannedDelivery, StoryArticle
from storage.tables import UNDELIVERED, articles, deliveries, delivery_events, events, stories
from storage.types import AnyRow

__all__ = [  # with what the outbox and the commands need of the two modules beside this one
    "add_events",
    "bug_in_delivery",
    "bury_channel",
    "channel_ok",
    "channel_state",
    "claim_due_deliveries",
    "disable_channel",
    "freeze_message",
    "has_happened",
    "list_deliveries",
    "mark_dead",
    "mark_delivered",
    "mark_retry",
    "note_refusal",
    "raise_event",
    "release_delivery",
    "replay",
    "show_delivery",
]

STORY = "story:"
"""How the group of a delivery that tells a story begins; the story's key follows."""

DIGEST = "digest:"
"""How the group of a digest begins; its hour follows, and a + for each digest of this hour that had left too early."""


def raise_event(session: Session, event: Event, deliveries: Sequence[PlannedDelivery], *, now: datetime) -> bool:
    """Store an event and the deliveries that tell it. False when it had happened before: then nothing is added."""
    return bool(add_events(session, [event], deliveries, article_id=None, now=now))


def has_happened(session: Session, dedup_key: str) -> bool:
    """Whether the event with this key was raised."""
    return session.scalar(select(events.c.id).where(events.c.dedup_key == dedup_key)) is not None


def add_events(
    session: Session, happened: Sequence[Event], planned: Sequence[PlannedDelivery], *, article_id: int | None, now: datetime
) -> int:
    """Store what had not happened before, and plan or join the deliveries of exactly these events. Returns how many are new."""
    new_ids: dict[str, int] = {}
    for event in happened:
        said = {"type": event.type, "dedup_key": event.dedup_key, "occurred_at": event.occurred_at, "data": event.data}
        event_id = session.scalar(insert_unless_there(session, events), said | {"article_id": article_id})
        if event_id is not None:
            new_ids[event.dedup_key] = event_id
    for plan in planned:
        if plan.event_key in new_ids:
            _plan(session, plan, new_ids[plan.event_key], now)
    return len(new_ids)


_JOINABLE = (
    select(deliveries.c.id)
    .where(
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.recipient == bindparam("recipient"),
        deliveries.c.group == bindparam("group"),
        deliveries.c.message.is_(None),
    )
    .with_for_update()
)


def _plan(session: Session, plan: PlannedDelivery, event_id: int, now: datetime) -> None:
    """Open the delivery, or join the one of the same reader and group while its message is not rendered yet.

    The row is locked: a renderer that froze the message first is seen here, one that freezes later sees our event.
    A digest may have left already, when we decided just before its hour and write just after it: then another one follows it.
    """
    reader = {"channel": plan.channel, "recipient": plan.recipient, "group": plan.group}
    while (delivery_id := _open_or_join(session, reader, plan.due_at, now)) is None and plan.group.startswith(DIGEST):
        reader["group"] += "+"
    if delivery_id is not None:
        session.execute(insert_unless_there(session, delivery_events), {"delivery_id": delivery_id, "event_id": event_id})


def _open_or_join(session: Session, reader: Mapping[str, str], due_at: datetime, now: datetime) -> int | None:
    """None when the message to this reader and group is written already."""
    new = {"key": f"msg_{uuid4().hex}", "next_try_at": due_at, "created_at": now}
    zero = {"state": "pending", "n_tries": 0, "n_bugs": 0, "n_events_claimed": 0}
    return session.scalar(insert_unless_there(session, deliveries), {**reader, **new, **zero}) or session.scalar(_JOINABLE, reader)


_CHANNELS = distinct(deliveries.c.channel, UNDELIVERED)
_DUE_OF_CHANNEL = (
    select(deliveries.c.id)
    .where(
        UNDELIVERED,
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.next_try_at <= bindparam("now"),
        is_free(deliveries, bindparam("now")),
    )
    .order_by(deliveries.c.next_try_at, deliveries.c.id)
    .limit(bindparam("share"))
    .with_for_update(skip_locked=True)
)
_N_EVENTS = select(func.count()).select_from(delivery_events).where(delivery_events.c.delivery_id == deliveries.c.id).scalar_subquery()
_CLAIMED = {"state": "sending", "n_tries": deliveries.c.n_tries + 1, "n_events_claimed": _N_EVENTS}


def claim_due_deliveries(
    session: Session, *, now: datetime, lease: timedelta, owner: str, limit: int, busy_channels: Collection[str] = ()
) -> list[DueDelivery]:
    """Take up to `limit` due deliveries, the same share for each channel that is not busy, the longest due of each first.

    A claim counts as a try: one whose process died in the middle was one, too.
    """
    channels = in_turn(session.scalars(_CHANNELS), without=busy_channels, now=now)

    def pick(channel: str, share: int) -> Sequence[int]:
        return session.scalars(_DUE_OF_CHANNEL, {"channel": channel, "now": now, "share": share}).all()

    ids = by_turns(channels, limit, pick)
    rows = take(session, deliveries, ids, Lease.of(owner, until=now + lease), **_CLAIMED)
    told, told_of = events_of(session, ids), _stories_of(session, {row.group for row in rows})
    return [_due_delivery(row, told.get(row.id, ()), told_of.get(row.group, ())) for row in rows]


def _due_delivery(row: AnyRow, told: tuple[Event, ...], story: tuple[StoryArticle, ...]) -> DueDelivery:
    return DueDelivery(
        id=row.key,
        channel=row.channel,
        recipient=row.recipient,
        group=row.group,
        lease_token=row.lease_token,
        n_tries=row.n_tries - 1,
        created_at=row.created_at,
        message=row.message,
        events=told,
        story=story,
    )


def _stories_of(session: Session, groups: Iterable[str]) -> Mapping[str, tuple[StoryArticle, ...]]:
    keys = [group.removeprefix(STORY) for group in groups if group.startswith(STORY)]
    if not keys:
        return {}
    joined = (
        select(stories.c.key, articles.c.portal, articles.c.url, articles.c.title, articles.c.published_at)
        .join(articles, articles.c.story_id == stories.c.id)
        .where(stories.c.key.in_(keys))
        .order_by(articles.c.id)
    )
    found: dict[str, tuple[StoryArticle, ...]] = {}
    for row in session.execute(joined):
        article = StoryArticle(portal=row.portal, url=row.url, title=row.title, published_at=row.published_at)
        found[STORY + row.key] = (*found.get(STORY + row.key, ()), article)
    return found


_FREEZE = (
    update(deliveries).where(deliveries.c.id == bindparam("the_id"), deliveries.c.n_events_claimed == _N_EVENTS).returning(deliveries.c.id)
)


def freeze_message(session: Session, delivery_id: str, lease_token: str, message: bytes) -> bytes | None:
    """Keep the rendered message, once and for all, and return the bytes that are kept: the first ones win.

    None when the lease is lost, and also when an event joined since the claim, which the message cannot know: the delivery
    is then due again at once, with all its events.
    """
    row = _lock(session, delivery_id, lease_token)
    if row is None or row.message is not None:
        return row.message if row else None
    if session.scalar(_FREEZE, {"message": message, "the_id": row.id}) is None:
        release_delivery(session, delivery_id, lease_token)
        return None
    return message


def mark_delivered(session: Session, delivery_id: str, lease_token: str, *, now: datetime) -> bool:
    """False when the lease is lost; whoever holds it now will send the same bytes under the same id."""
    return _update(session, delivery_id, lease_token, state="delivered", delivered_at=now, why=None)


def mark_retry(session: Session, delivery_id: str, lease_token: str, *, next_try_at: datetime, why: str, now: datetime) -> bool:  # noqa: ARG001  # every mark is told the time
    return _update(session, delivery_id, lease_token, state="retry", next_try_at=next_try_at, why=why)


def mark_dead(session: Session, delivery_id: str, lease_token: str, *, why: str, now: datetime) -> bool:
    return _update(session, delivery_id, lease_token, state="dead", next_try_at=now, why=why)


def bug_in_delivery(session: Session, delivery_id: str, lease_token: str, *, traceback: str, next_try_at: datetime, now: datetime) -> bool:
    """Keep the traceback of our own failure on the delivery; the third parks it as dead(bug). True when this one did."""
    row = _lock(session, delivery_id, lease_token)
    if row is None:
        return False
    is_parked = bool(row.n_bugs + 1 >= N_BUGS_TO_PARK)
    state, due_at = ("dead", now) if is_parked else ("retry", next_try_at)
    values = {"state": state, "next_try_at": due_at, "n_bugs": row.n_bugs + 1, "why": "bug", "traceback": traceback}
    update_ours(session, deliveries, row.id, lease_token, **values)
    return is_parked


def release_delivery(session: Session, delivery_id: str, lease_token: str) -> bool:
    """Give a claimed delivery back as it was, the try not counted. False when the lease is lost."""
    row = _lock(session, delivery_id, lease_token)
    if row is None:
        return False
    state = "retry" if row.n_tries > 1 else "pending"
    return update_ours(session, deliveries, row.id, lease_token, state=state, n_tries=row.n_tries - 1)


_OURS = (
    select(deliveries).where(deliveries.c.key == bindparam("delivery"), deliveries.c.lease_token == bindparam("token")).with_for_update()
)


def _lock(session: Session, delivery_id: str, lease_token: str) -> AnyRow | None:
    return session.execute(_OURS, {"delivery": delivery_id, "token": lease_token}).first()


_UPDATE = (
    update(deliveries)
    .where(deliveries.c.key == bindparam("delivery"), deliveries.c.lease_token == bindparam("token"))
    .returning(deliveries.c.id)
)


def _update(session: Session, delivery_id: str, lease_token: str, **values: Any) -> bool:
    return session.execute(_UPDATE, {**FREE, **values, "delivery": delivery_id, "token": lease_token}).first() is not None
