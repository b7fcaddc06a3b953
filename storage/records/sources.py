"""Sources and links: where articles are announced, and the URLs once seen there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from storage.records.alerts import DeliveryState, Event, PlannedDelivery

SourceKind: TypeAlias = Literal["feed", "listing", "sitemap"]
LinkState: TypeAlias = Literal["open", "done", "skipped", "failed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """A configured source, as `sync_sources` takes it."""

    portal: str
    source: str
    kind: SourceKind
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSource:
    """A claimed source."""

    id: int
    portal: str
    source: str
    kind: SourceKind
    url: str
    lease_token: str
    etag: str | None
    last_modified: str | None
    n_polls: int
    n_failures: int
    """Failed polls in a row, before this one."""
    n_bugs: int
    first_seen_at: datetime
    last_ok_at: datetime | None
    memory: Mapping[str, Any]
    """What `crawler.schedule` wants to find again: JSON types only."""
    failing_since: datetime | None = None
    """When the first of the failures in a row happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLink:
    """A candidate in canonical form, as `finish_poll` takes it."""

    url: str
    host: str
    portal: str
    hint: Mapping[str, Any] = field(default_factory=dict)
    """What the source said of it (title, summary, author, published_at as ISO 8601 …): JSON types only."""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDone:
    """A poll that got an answer. A 304 has no links and keeps the validators."""

    source_id: int
    lease_token: str
    links: Sequence[SeenLink]
    etag: str | None
    last_modified: str | None
    not_modified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """An event to raise with what else a transaction writes; `after`: only if the event with that key had been told."""

    event: Event
    deliveries: Sequence[PlannedDelivery] = ()
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """What follows from an answered poll, decided when it is known which of its links nobody had seen."""

    next_poll_at: datetime
    report: Mapping[str, Any] = field(default_factory=dict)
    """For `stats`: n_entries, n_new, overlap …; JSON types only."""
    memory: Mapping[str, Any] = field(default_factory=dict)
    hasten: Collection[str] = ()
    """Other sources of the portal to be polled at once."""
    news: Sequence[News] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollKept:
    """An answered poll as it was written down."""

    n_new: int
    """Links nobody had seen before."""
    plan: PollPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFailed:
    """A poll that got none. `bug` carries the traceback when it was our own fault."""

    source_id: int
    lease_token: str
    reason: str
    kind: str
    next_poll_at: datetime
    bug: str | None = None
    penalise: bool = True
    """False while we are offline ourselves: the failure is not counted against the source."""
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedPoll:
    """What a failed poll made of its source: as much as the question "tell the operator?" needs."""

    n_failures: int
    """Failed polls in a row, this one included."""
    failing_since: datetime | None
    """When the first of them failed; None when none is counted against the source."""
    n_bugs: int
    parked_now: bool
    """This poll was the one that parked the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How all active sources stand, as much as tells one source's trouble from everybody's."""

    n_active: int
    failing_since: Sequence[datetime] = ()
    """Of those that fail: when the first failure in a row was."""
    quiet_since: Sequence[datetime] = ()
    """Of those that answer, but show nothing new for longer than is plausible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """A source as `stats` prints it."""

    id: int
    portal: str
    source: str
    kind: SourceKind
    url: str
    is_active: bool
    first_seen_at: datetime
    baseline_before: datetime
    last_poll_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    next_poll_at: datetime
    n_polls: int
    n_failures: int
    last_error: str | None
    last_error_kind: str | None
    parked: bool
    links: Mapping[LinkState, int]
    report: Mapping[str, Any]
    memory: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLink:
    """A claimed link."""

    id: int
    source_id: int
    portal: str
    url: str
    host: str
    lease_token: str
    found_at: datetime
    n_tries: int
    """Tries before this one that failed."""
    n_bugs: int
    hint: Mapping[str, Any]
    is_backfill: bool = False
    """Only a backfill has named it so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """A link as `stats` and `explain` print it."""

    id: int
    portal: str
    url: str
    state: LinkState
    reason: str | None
    found_at: datetime
    next_try_at: datetime
    n_tries: int
    article_id: int | None
    traceback: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """The figures of `stats`: every one is a query over rows."""

    articles: Mapping[str, int]
    """By portal."""
    links: Mapping[tuple[str, LinkState, str | None], int]
    """By portal, state and reason (for done: new, revised, duplicate)."""
    n_stories: int
    n_copies: int
    matches: Mapping[str, int]
    """By watch."""
    deliveries: Mapping[tuple[str, DeliveryState], int]
    """By channel and state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A source or a delivery whose time came and went, and that nobody works on."""

    kind: Literal["source", "delivery"]
    name: str
    """`portal/source`, or `channel recipient id`."""
    due_at: datetime
