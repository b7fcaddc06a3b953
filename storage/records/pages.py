"""Raw pages: what articles were read from, kept for reading them again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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
