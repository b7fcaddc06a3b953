"""What the receiver of a channel told us: it is gone, or it refuses again and again. Editing the channel clears it."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage.dialects import upsert
from storage.records import ChannelState
from storage.tables import channels

_LEARNT = ("fingerprint", "disabled_why", "disabled_at", "n_equal_refusals", "last_refusal", "last_refused_at")


_AS_CONFIGURED = select(channels).where(
    channels.c.channel == bindparam("the_channel"), channels.c.fingerprint == bindparam("the_fingerprint")
)


def channel_state(session: Session, channel: str, fingerprint: str) -> ChannelState:
    """What we learnt of `channel` as it is configured now; nothing when its configuration has another fingerprint."""
    row = session.execute(_AS_CONFIGURED, {"the_channel": channel, "the_fingerprint": fingerprint}).first()
    return ChannelState(
        channel=channel,
        fingerprint=fingerprint,
        disabled_why=row.disabled_why if row else None,
        n_equal_refusals=row.n_equal_refusals if row else 0,
        last_refusal=row.last_refusal if row else None,
    )


def note_refusal(session: Session, channel: str, fingerprint: str, refusal: str, *, now: datetime) -> int:
    """Count a refusal and return how many equal ones came in a row, this one included."""
    before = channel_state(session, channel, fingerprint)
    n_equal = before.n_equal_refusals + 1 if before.last_refusal == refusal else 1
    learnt = {"disabled_why": before.disabled_why, "n_equal_refusals": n_equal, "last_refusal": refusal, "last_refused_at": now}
    _keep(session, channel, fingerprint, **learnt)
    return n_equal


def disable_channel(session: Session, channel: str, fingerprint: str, *, why: str, now: datetime) -> bool:
    """Remember that the receiver wants no more. False when we knew."""
    before = channel_state(session, channel, fingerprint)
    if before.disabled_why is not None:
        return False
    learnt = {"n_equal_refusals": before.n_equal_refusals, "last_refusal": before.last_refusal}
    _keep(session, channel, fingerprint, disabled_why=why, disabled_at=now, **learnt)
    return True


_FORGET_REFUSALS = (
    update(channels)
    .where(channels.c.channel == bindparam("the_channel"), channels.c.fingerprint == bindparam("the_fingerprint"))
    .where(channels.c.n_equal_refusals > 0)
    .values(n_equal_refusals=0, last_refusal=None)
)


def channel_ok(session: Session, channel: str, fingerprint: str, *, now: datetime) -> None:  # noqa: ARG001  # as its siblings
    """A message was taken: the refusals are over. Writes nothing when there were none."""
    session.execute(_FORGET_REFUSALS, {"the_channel": channel, "the_fingerprint": fingerprint})


def _keep(session: Session, channel: str, fingerprint: str, **learnt: Any) -> None:
    row = dict.fromkeys(_LEARNT) | {"channel": channel, "fingerprint": fingerprint} | learnt
    session.execute(upsert(session, channels, key=("channel",), changing=_LEARNT), row)
