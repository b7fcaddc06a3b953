"""What polls remember of a source: the JSON in its row, and back. Anything that was not written here reads as "nothing known". Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from crawler import overlap, rhythm, sitemaps
from crawler.overlap import Shelf
from crawler.rhythm import Rhythm
from crawler.silence import Quiet
from crawler.sitemaps import Visit

MAX_URL_CHARS = 2_000
MAX_RECENT_GAPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A gap that is being closed: the older page to ask next, how many were asked, and what was known before the gap."""

    next_page: str
    n_pages: int
    shore: Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    n: int = 0
    recent: tuple[datetime, ...] = ()
    """Oldest first."""
    n_caught: int = 0
    """Links found only by catching up."""
    n_open: int = 0
    """Gaps that nothing was there to close with, or that were wider than what may be walked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """`None` and zeros: nothing known yet."""

    learnt_at: datetime | None = None
    """Until when `rhythm` has been fed."""
    rhythm: Rhythm = field(default_factory=Rhythm)
    shelf: Shelf = field(default_factory=dict)
    own_share: float = 1.0
    """How many of its fresh items no other source had shown before."""
    haste: float = 1.0
    """How much faster than its rhythm asks for: doubled by each gap, fading over days."""
    quiet: Quiet = field(default_factory=Quiet)
    gaps: Gaps = field(default_factory=Gaps)
    walk: Walk | None = None
    whole_at: datetime | None = None
    """When the source last gave its list instead of a 304."""
    visits: Mapping[str, Visit] = field(default_factory=dict)
    """Of an index of sitemaps: what is known of those it names."""


def dump(memory: Memory) -> dict[str, Any]:
    walk = memory.walk
    return {
        "at": _told(memory.learnt_at),
        "rhythm": rhythm.dump(memory.rhythm),
        "shelf": overlap.dump(memory.shelf),
        "own": round(memory.own_share, 3),
        "haste": round(memory.haste, 3),
        "quiet": {"since": _told(memory.quiet.since), "expected": round(memory.quiet.expected, 3)},
        "gaps": {
            "n": memory.gaps.n,
            "recent": [_told(at) for at in memory.gaps.recent[-MAX_RECENT_GAPS:]],
            "caught": memory.gaps.n_caught,
            "open": memory.gaps.n_open,
        },
        "walk": walk and {"next": walk.next_page, "pages": walk.n_pages, "shore": overlap.dump(walk.shore)},
        "whole_at": _told(memory.whole_at),
        **({"sitemaps": sitemaps.dump(memory.visits)} if memory.visits else {}),
    }


def load(kept: object) -> Memory:
    said = _mapping(kept)
    quiet, gaps, known = _mapping(said.get("quiet")), _mapping(said.get("gaps")), rhythm.load(said.get("rhythm"))
    recent = gaps.get("recent")
    return Memory(
        learnt_at=_moment(said.get("at")) if known is not None else None,
        rhythm=known or Rhythm(),
        shelf=overlap.load(said.get("shelf")),
        own_share=_number(said.get("own"), 0, 1, default=1.0),
        haste=_number(said.get("haste"), 1, 100, default=1.0),
        quiet=Quiet(since=_moment(quiet.get("since")), expected=_number(quiet.get("expected"), 0, 1e9, default=0.0)),
        gaps=Gaps(
            n=int(_number(gaps.get("n"), 0, 1e9, default=0)),
            recent=tuple(at for at in map(_moment, recent if isinstance(recent, list) else ()) if at is not None)[-MAX_RECENT_GAPS:],
            n_caught=int(_number(gaps.get("caught"), 0, 1e9, default=0)),
            n_open=int(_number(gaps.get("open"), 0, 1e9, default=0)),
        ),
        walk=_walk(_mapping(said.get("walk"))),
        whole_at=_moment(said.get("whole_at")),
        visits=sitemaps.load(said.get("sitemaps")),
    )


def _walk(said: Mapping[Any, Any]) -> Walk | None:
    url = said.get("next")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or len(url) > MAX_URL_CHARS:
        return None
    return Walk(next_page=url, n_pages=int(_number(said.get("pages"), 0, 1e6, default=0)), shore=overlap.load(said.get("shore")))


def _mapping(kept: object) -> Mapping[Any, Any]:
    return kept if isinstance(kept, Mapping) else {}


def _number(kept: object, low: float, high: float, *, default: float) -> float:
    if isinstance(kept, bool) or not isinstance(kept, int | float) or (isinstance(kept, float) and not isfinite(kept)):
        return default
    return min(max(kept, low), high)


def _told(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def _moment(kept: object) -> datetime | None:
    if not isinstance(kept, str):
        return None
    try:
        at = datetime.fromisoformat(kept)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
