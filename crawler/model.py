"""The nouns that do not survive a restart: what passes between the stages of one poll or one fetch.

Nouns that do survive stand in `storage.records`. All times are aware UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Literal

from storage.records import Image, Origin, Precision, Reading

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam's time: no daylight saving since 1975, which is before any portal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "changed since?" with. Both are sent back verbatim."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One whole answer: `body` is decoded from gzip but not from its charset; `url` is where the redirects ended."""

    requested_url: str
    url: str
    status: int
    body: bytes
    content_type: str | None
    """The raw Content-Type header, charset parameter included."""
    validators: Validators
    fetched_at: datetime
    redirects: tuple[str, ...] = ()
    """Every URL asked on the way, the first included, the final one excluded."""
    max_age_s: float | None = None
    """How long the portal itself says that this stays fresh (Cache-Control max-age, else Expires)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """304: nothing new since `validators`."""

    url: str
    max_age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """We decided not to fetch, or not to keep: `reason` is a short stable word such as `robots` or `not-an-article`."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A link seen in a feed, a listing or a sitemap, with what was said about it there. `url` is absolute, as found."""

    url: str
    title: str | None = None
    summary: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_precision: Precision | None = None
    published_raw: str | None = None
    updated_at: datetime | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What one poll of a source yields, in the order of the page. `next_page` is the older page of a listing, if any."""

    kind: Literal["feed", "listing", "sitemap"]
    url: str
    entries: tuple[Candidate, ...]
    title: str | None = None
    ttl_s: float | None = None
    """The source's own wish how often to be asked (RSS ttl, sy:updatePeriod)."""
    next_page: str | None = None
    sitemaps: tuple[str, ...] = ()
    """Of a sitemap index: the sitemaps it names."""
    changed_at: Mapping[str, datetime] = field(default_factory=dict)
    """Of a sitemap index: when each of them last changed, where it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedArticle:
    """What a page says, before it has an identity. Clean NFC text; `text` excludes the lead and the captions."""

    canonical_url: str | None
    """As the page itself names it, absolute; None when it names none on its own portal."""
    title: str
    lead: str | None = None
    text: str
    """Paragraphs parted by a blank line; "" where the lead is the whole article."""
    author: str | None = None
    credit: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    published_at: datetime | None = None
    published_precision: Precision | None = None
    published_raw: str | None = None
    updated_at: datetime | None = None
    """Only when later than `published_at`."""
    provenance: Mapping[str, Origin] = field(default_factory=dict)
    runners_up: Mapping[str, tuple[Origin, str]] = field(default_factory=dict)
    """Field name to the best other value that was not taken, and where it stood."""
    problems: tuple[str, ...] = ()
    """What should be looked at: rules that did not match, times in the future, letters lost. Stable short texts."""
    reading: Reading = field(default_factory=Reading)
    """What the portal's rules, or generic extraction where there are none, gave: the portal's contract is judged by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a watch's alerts go: one reader of one channel. `grouping`: mail and chat tell a story once, webhooks every event."""

    channel: str
    recipient: str
    grouping: Literal["event", "story"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """How the alerts of one watch travel."""

    watch: str
    routes: Sequence[Route]
    digest_at: tuple[str, ...] = ()
    """Local times HH:MM when alerts are bundled and sent; empty = at once."""
    quiet_hours: tuple[str, str] | None = None
    """Local from-to times HH:MM in which mail and chat wait."""
    zone: tzinfo = VIETNAM
    """The time zone of both."""
