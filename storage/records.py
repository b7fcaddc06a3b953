"""The nouns that survive a restart, as frozen values. Rows never leave `storage`; these do. All times are aware UTC.

Vocabulary (docs/architecture.md): a *portal* is a newspaper's site; a *source* one feed, listing or sitemap of it; a *link* a URL
once seen in a source; an *article* what the link's page says; a *story* the articles that tell the same thing; a *match* a watch
that found its topic in an article; an *event* what happened; a *delivery* one message to one reader.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Precision: TypeAlias = Literal["second", "minute", "day"]
Origin: TypeAlias = Literal["rule", "json-ld", "og", "meta", "generic", "feed"]
SourceKind: TypeAlias = Literal["feed", "listing", "sitemap"]
LinkState: TypeAlias = Literal["open", "done", "skipped", "failed", "gone"]
DeliveryState: TypeAlias = Literal["pending", "sending", "delivered", "retry", "dead"]


# --- articles -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What makes an article itself: the id in the portal's URLs (an id means nothing across eras), else the canonical URL.

    `era` is the portal's name for the URL scheme the id stands in, or "url" when `ident` is the canonical URL.
    """

    portal: str
    era: str
    ident: str

    def __str__(self) -> str:
        return f"{self.portal}/{self.era}/{self.ident}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    url: str
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one page gave to its portal's rules; where the portal has none, to generic extraction. See `crawler.contract`."""

    kept: tuple[str, ...] = ()
    """The fields that were found."""
    n_chars: int = 0
    """Length of the text."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """Title, text and date as short hashes: articles that share them were not read right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReading:
    """A reading as it was stored. `url` is the article's, or the link's that gave none."""

    id: int
    url: str
    reading: Reading
    is_degraded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as its page tells it: NFC text, no markup. `text` excludes the lead and the captions; a blank line parts paragraphs."""

    identity: Identity
    url: str
    """The canonical URL."""
    aliases: tuple[str, ...] = ()
    """Other URLs this article is known under: requested, redirected from, mobile, print. Canonical form, without `url`."""
    province: str | None = None
    title: str
    lead: str | None = None
    text: str
    author: str | None = None
    credit: str | None = None
    """The agency or paper the text was taken from, e.g. TTXVN; never part of `author`."""
    section: str | None = None
    tags: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    published_at: datetime | None = None
    published_precision: Precision | None = None
    published_raw: str | None = None
    """The string the time was read from, as printed."""
    updated_at: datetime | None = None
    provenance: Mapping[str, Origin] = field(default_factory=dict)
    """Field name to where it came from."""
    problems: tuple[str, ...] = ()
    """What should be looked at: letters lost or garbled, rules that did not match. Stable short texts; empty when all is right."""
    content_hash: str
    """Changes when title, lead or text change: tells a revision from a duplicate (`crawler.dedup.fingerprint`)."""
    text_hash: str
    """Equal for word-for-word copies on other portals: without title, dateline and letter case."""
    reading: Reading | None = field(default=None, compare=False)
    """How its page was read; None for an article that comes from the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldArticle:
    """As much of a stored article as a decision needs."""

    id: int
    identity: Identity
    url: str
    title: str
    content_hash: str
    story: str
    published_at: datetime | None
    first_seen_at: datetime
    n_revisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell the same thing. `key` is the identity of the first one, as text."""

    key: str
    opened_at: datetime
    portals: tuple[str, ...]
    """Portal ids that carry it, first come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What we already hold that bears on a newly read article, looked up in the transaction that will record it."""

    same_identity: HeldArticle | None = None
    look_alikes: tuple[HeldArticle, ...] = ()
    """Articles with the same `text_hash`, oldest first; of very many only the newest."""
    baseline_before: datetime | None = None
    """Of the link's source: articles published earlier are kept but not told."""
    found_at: datetime | None = None
    """When the link was first seen."""
    first_poll_at: datetime | None = None
    """When the link's source first answered: an undated article found then counts as older than the baseline."""
    late_reason: str | None = None
    """Set when the link came by another way than a poll (backfill, reprocess, since)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A stretch of one field that shows a match; `spans` are half-open code-point offsets inside `snippet`."""

    field: str
    snippet: str
    spans: tuple[tuple[int, int], ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One place where a term was found: half-open code-point offsets in the article's `field`; `text` is what stands there."""

    field: str
    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A watch that found its topic in an article, and why."""

    watch: str
    name: str
    spans: tuple[Span, ...]
    snippets: tuple[Snippet, ...]
    score: float = 1.0


# --- raw pages ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A page as it came, packed: all that reading it again needs (`crawler.rawpages` packs and unpacks)."""

    requested_url: str
    url: str
    redirects: tuple[str, ...] = ()
    status: int
    content_type: str | None
    fetched_at: datetime
    hint: Mapping[str, Any] = field(default_factory=dict)
    """What the source had said of the link: JSON types only."""
    body: bytes
    """zstd."""
    body_hash: str
    """Of the body as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A stored page: of a revision of an article, or of a link whose page could not be read."""

    id: int
    portal: str
    article_id: int | None
    revision: int | None
    link_id: int | None
    raw: RawPage


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCensus:
    """The raw pages as `stats` prints them."""

    n: int
    n_unread: int
    """Of links whose page could not be read."""
    n_bytes: int
    """Packed."""
    oldest_at: datetime | None


# --- full-text search ---------------------------------------------------------------------------------------------------------

IndexColumn: TypeAlias = Literal["normalised", "folded", "expanded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleIndex:
    """What full-text search knows of an article: index words as the crawler makes them, parted by spaces, each once a column.

    They are of Latin letters, digits and _ only, so that neither database cuts them or takes them for something else.
    `version` names the rules they were made by. Versions are compared as texts: a later one is greater.
    """

    version: str
    normalised: str
    folded: str
    """Without marks."""
    expanded: str
    """With short forms written out."""


@dataclass(frozen=True, slots=True)
class Word:
    """An index word that must stand in `column`. `is_beginning`: one that begins so."""

    text: str
    column: IndexColumn
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Sought", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Sought", ...]


Sought: TypeAlias = Word | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """What an article must at least have to be looked at: all of these. `words` None: any words.

    `version` are the rules that `words` were made by; what was indexed by others passes, since its words say nothing.
    """

    version: str
    words: Sought | None = None
    portals: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    """Of the publication, else the first sight; half-open."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article that passes a sieve. `fresh_at`: when it was published, else first seen."""

    article_id: int
    portal: str
    fresh_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as it reads now, without its aliases; `story` is the key of its story."""

    id: int
    article: Article
    story: str
    first_seen_at: datetime
    n_revisions: int


# --- events and deliveries ----------------------------------------------------------------------------------------------------


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
    """An article we held, unchanged."""

    of: HeldArticle


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


# --- sources and links --------------------------------------------------------------------------------------------------------


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
