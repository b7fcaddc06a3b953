"""What the end of a try writes: each function one transaction, in which the delivery, its channel and the operator's news agree."""

import hashlib
import traceback as tracebacks
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from crawler.alert.operator import operator_event, raise_to
from crawler.alert.retry import Dead, Retry
from crawler.model import VIETNAM, Route
from storage.alerts import bug_in_delivery, mark_dead, mark_delivered, mark_retry
from storage.channels import channel_ok, disable_channel, note_refusal
from storage.records import DueDelivery, Event

N_REFUSALS_TO_TELL = 10  # design §5.3


def delivered(session: Session, delivery: DueDelivery, fingerprint: str, *, now: datetime) -> bool:
    """It was taken; the channel's row of refusals ends."""
    channel_ok(session, delivery.channel, fingerprint, now=now)
    return mark_delivered(session, delivery.id, delivery.lease_token, now=now)


def refused(
    session: Session,
    delivery: DueDelivery,
    verdict: Retry | Dead,
    *,
    gone: bool,
    fingerprint: str,
    refusal: str | None,
    operators: Sequence[Route],
    now: datetime,
) -> bool:
    """It was not taken. `refusal` is a short word for an answer that counts against the channel when it is always the same.

    False, and nothing written, when the lease is no longer ours.
    """
    match verdict:
        case Retry(at=at, why=why):
            is_ours = mark_retry(session, delivery.id, delivery.lease_token, next_try_at=at, why=why, now=now)
        case Dead(why=why):
            is_ours = mark_dead(session, delivery.id, delivery.lease_token, why=why, now=now)
    if not is_ours:
        return False
    if gone:
        disable_channel(session, delivery.channel, fingerprint, why=verdict.why, now=now)
        operators = [route for route in operators if route.channel != delivery.channel]
    n_refusals = note_refusal(session, delivery.channel, fingerprint, refusal, now=now) if refusal is not None else 0
    if not is_operators(delivery):
        for event in _news(delivery, verdict, gone=gone, fingerprint=fingerprint, n_refusals=n_refusals, now=now):
            raise_to(session, operators, event, now=now)
    return True


def bugged(
    session: Session, delivery: DueDelivery, traceback: str, *, next_try_at: datetime, operators: Sequence[Route], now: datetime
) -> bool:
    """Our own code broke on it. True when it is parked now, and the operator told: each bug once a day and channel."""
    is_parked = bug_in_delivery(session, delivery.id, delivery.lease_token, traceback=traceback, next_try_at=next_try_at, now=now)
    if is_parked and not is_operators(delivery):
        last_words = traceback.strip().splitlines()[-1]
        event = operator_event(
            kind="delivery_parked",
            key=f"{delivery.channel}/{_day(now)}/{hashlib.sha256(last_words.encode()).hexdigest()[:12]}",
            summary=f"{delivery.channel}: {delivery.id}: {last_words}",
            detail=traceback,
            now=now,
        )
        raise_to(session, operators, event, now=now)
    return is_parked


def is_operators(delivery: DueDelivery) -> bool:
    """News of the service itself. That such a message fails raises no news of its own, else they would breed."""
    return any(event.type.startswith("operator.") for event in delivery.events)


def traceback_of(error: Exception) -> str:
    return "".join(tracebacks.format_exception(error))


def _news(delivery: DueDelivery, verdict: Retry | Dead, *, gone: bool, fingerprint: str, n_refusals: int, now: datetime) -> Iterator[Event]:
    channel = delivery.channel
    if gone:
        yield operator_event(
            kind="channel_disabled", key=f"{channel}/{fingerprint}", summary=f"{channel}: {verdict.why}", detail=None, now=now
        )
        return
    if n_refusals == N_REFUSALS_TO_TELL:
        key, summary = f"{channel}/{now.isoformat()}", f"{channel}: {verdict.why}"
        yield operator_event(kind="channel_refusing", key=key, summary=summary, detail=None, now=now)
    if isinstance(verdict, Dead):
        summary = f"{channel}: {delivery.recipient or delivery.id}: {verdict.why}"
        yield operator_event(kind="delivery_dead", key=f"{channel}/{_day(now)}", summary=summary, detail=None, now=now)


def _day(now: datetime) -> str:
    return now.astimezone(VIETNAM).date().isoformat()
