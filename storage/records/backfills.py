"""Backfills: walks back through what a portal still shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from storage.records.sources import LinkState, SeenLink

BackfillState: TypeAlias = Literal["running", "done", "stopped", "replaced"]
WalkKind: TypeAlias = Literal["feed", "listing", "sitemap", "robots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPage:
    """A list that a backfill is to ask. `part`: which slice of it, where it is too long to be taken at once."""

    source: str
    kind: WalkKind
    url: str
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A claimed page of a backfill."""

    id: int
    lease_token: str
    backfill_id: int
    portal: str
    since: datetime
    page: WalkPage
    after_id: int | None
    """The page before it in the same list; None for the first."""
    n_barren: int
    """How many pages before it in a row told nothing new."""
    n_tries: int
    n_bugs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What became of the links that a page was the first of its list to show."""

    n_shown: int = 0
    """Links on the page, whoever showed them first."""
    n_own: int = 0
    published: Sequence[datetime] = ()
    """The dates of those that were read, as far as they have any."""
    n_news: int = 0
    """Those that polls found, and that nobody has read yet."""
    repeats: bool = False
    """It shows the same links as the page before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDone:
    """A page that was asked. `links` are to be read; `older` is the next one of the same list, `named` other lists to ask."""

    page: DuePage
    links: Sequence[SeenLink]
    fingerprint: str
    n_shown: int
    is_chain: bool
    """Its older pages are asked, or not, by what becomes of its links."""
    older: WalkPage | None = None
    named: Sequence[WalkPage] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillReport:
    """How a backfill stands: every figure a count of rows."""

    id: int
    portal: str
    since: datetime
    state: BackfillState
    asked_at: datetime
    ended_at: datetime | None
    n_pages: int
    """Lists asked so far."""
    n_pages_open: int
    n_pages_failed: int
    links: Mapping[LinkState, int]
    """What it has named so far, known before or not, by state."""
    next_due_at: datetime | None
    """When the next of its pages or links may be claimed; past when something is due now."""
    last_error: str | None = None
    """Why a list could not be read, of those that failed or wait for another try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillAsked:
    """What asking for a backfill came to: a new one, one that goes on, or one that had reached as far already."""

    how: Literal["new", "further", "resumed", "complete"]
    backfill: BackfillReport
