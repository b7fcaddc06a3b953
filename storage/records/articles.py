"""Articles: what a page said, what is held of it, and what a watch found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

Precision: TypeAlias = Literal["second", "minute", "day"]
Origin: TypeAlias = Literal["rule", "json-ld", "og", "meta", "generic", "feed"]
BACKFILL = "backfill"
"""The `late_reason` of what only a backfill has named: it is kept, and nobody is told."""


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
    is_backfilled: bool = False
    """What it says came by a backfill only: nobody was told of it."""


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
