"""Outcomes, events and deliveries: what an article is to what we hold, what happened, and who is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from storage.records.articles import Article, HeldArticle, Match

DeliveryState: TypeAlias = Literal["pending", "sending", "delivered", "retry", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, frozen: `data` is the webhook's `data` object, JSON types only. `dedup_key` makes it happen once."""

    type: str
    dedup_key: str
    occurred_at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDelivery:
    """A message to be: unique by (channel, recipient, group). Events that share the three travel in one message."""

    channel: str
    recipient: str
    """The mail address; "" for channels that have one reader."""
    group: str
    """`event:<dedup_key>`, `story:<key>` or `digest:<local time>`."""
    event_key: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAlert:
    """A match in revision `revision` of a stored article, and what follows from it."""

    article_id: int
    revision: int
    match: Match
    event: Event
    deliveries: tuple[PlannedDelivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """An article we did not hold; `copy_of` is the id of the stored article it repeats word for word."""

    article: Article
    story: str
    copy_of: int | None = None
    events: tuple[Event, ...] = ()
    deliveries: tuple[PlannedDelivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """An article we held, now saying something else."""

    article: Article
    previous: HeldArticle
    events: tuple[Event, ...] = ()
    deliveries: tuple[PlannedDelivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """An article we held, unchanged. Events follow only where it had come by a backfill, of which nobody is told."""

    of: HeldArticle
    events: tuple[Event, ...] = ()
    deliveries: tuple[PlannedDelivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """A stored article whose page was read again by other rules: the newspaper changed nothing."""

    article: Article
    is_revision: bool
    """Title, lead or text are others now."""
    joins: str | None = None
    """The story of the article it now proves to be a copy of, by its key."""
    copy_of: int | None = None
    events: tuple[Event, ...] = ()
    deliveries: tuple[PlannedDelivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A reader who has heard, or will hear, of a story under a watch."""

    channel: str
    recipient: str
    watch: str


Outcome: TypeAlias = New | Revised | Duplicate


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """One article of a story, as a mail lists it."""

    portal: str
    url: str
    title: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """A claimed delivery. `message` is None until it was rendered and kept; from then on the bytes never change."""

    id: str
    """Stable over all tries: the webhook-id, the left part of the Message-ID."""
    channel: str
    recipient: str
    group: str
    lease_token: str
    n_tries: int
    """Tries before this one."""
    created_at: datetime
    message: bytes | None
    events: tuple[Event, ...]
    story: tuple[StoryArticle, ...] = ()
    """The articles of the group's story, oldest first; empty for other groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """A delivery as `alerts list` and `alerts show` print it."""

    id: str
    channel: str
    recipient: str
    group: str
    state: DeliveryState
    n_tries: int
    created_at: datetime
    next_try_at: datetime | None
    delivered_at: datetime | None
    why: str | None
    traceback: str | None
    message: bytes | None
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """What we learnt of a channel: disabled by its receiver (410), or refusing again and again. Belongs to one configuration of it."""

    channel: str
    fingerprint: str
    disabled_why: str | None
    n_equal_refusals: int
    last_refusal: str | None
