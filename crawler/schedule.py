"""When to ask a source again, and what to remember of what it showed. Pure: `now`, the past and the luck (0..1) are arguments; times in UTC.

plan(memory, shown, unseen) puts four judgements together: the gap meter (`overlap`), the rhythm (`rhythm`), the silence (`silence`) and the
pause (`pace`). After a gap the source's older pages are walked, one a poll and one commit each, so that a crash only repeats a page.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crawler import memory as memories
from crawler import overlap, pace, rhythm, silence
from crawler.memory import Gaps, Memory, Walk
from crawler.overlap import Overlap
from crawler.silence import Quiet
from crawler.sitemaps import Visit
from storage.records import PollPlan, SeenLink, SourceKind

SOURCE_JITTER = 0.1
"""Polls spread by ±10 %, so that sources configured together do not stay in step."""

LEARN_EVERY = timedelta(minutes=15)
"""Polls that bring nothing are noted together: most of them then change nothing in the memory but the time."""

MAX_FRESHNESS_S = 1800.0
"""Cache-Control is believed up to half an hour: longer ones are a CDN's blanket setting, and the news would be stale."""

MAX_WISH_S = 900.0
"""RSS ttl and sy:updatePeriod are mostly the system's default ("hourly"), so they only keep us from asking more than four times an hour."""

HASTE = 2.0
MAX_HASTE = 8.0
HASTE_HALVES = timedelta(days=2)
"""Each gap doubles the pace, up to eightfold; half of what was added is gone after two days."""

MAX_WALK = 20
"""Older pages asked after one gap: some hundred articles, more than any day of a provincial paper."""

WHOLE_EVERY = timedelta(hours=24)
"""A server may say 304 for ever by mistake; once a day we ask unconditionally."""

REPEATED_GAPS = 3
REPEATED_WITHIN = timedelta(days=7)
EARLY = timedelta(hours=1)
"""How much older than our last look the date of a fresh item may be, and still be believed: papers date first and publish later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The shortest and the longest pause between polls."""

    min_s: float
    max_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a source answered: its articles in its own order. A 304 shows nothing (`is_modified` False) and means "as before"."""

    kind: SourceKind
    links: Sequence[SeenLink] = ()
    n_entries: int = 0
    next_page: str | None = None
    is_modified: bool = True
    max_age_s: float | None = None
    ttl_s: float | None = None
    elsewhere: Sequence[str] = ()
    """Other sources of the portal that may still show what this one no longer does: its sitemaps, else its listings."""
    visits: Mapping[str, Visit] | None = None
    """Of an index of sitemaps: what is to be remembered of those it names; None: as before."""


def plan(memory: Memory, shown: Shown, unseen: Collection[str], *, now: datetime, bounds: Bounds, luck: float) -> PollPlan:
    """What follows from an answered poll; `unseen`: the URLs among `shown.links` that no source had shown before."""
    if shown.visits is not None:
        memory = replace(memory, visits=shown.visits)
    if memory.walk is not None:
        return _walked(memory, memory.walk, shown, unseen, now=now, bounds=bounds, luck=luck)
    links = overlap.newest_first(shown.links)
    keys = [overlap.key_of(link.url) for link in links]
    compared = _compared(memory, shown, keys, links, unseen)
    learnt = _learnt(memory, shown, compared, links, unseen, now=now)
    hasten: Sequence[str] = ()
    if compared.is_gap:
        learnt, hasten = _gapped(memory, learnt, shown, now=now)
    pause = 0.0 if learnt.walk is not None else _pause_s(learnt, shown, len(keys), now=now, bounds=bounds)
    report = _report(learnt, shown, n_new=len(unseen), share=compared.share, now=now)
    return PollPlan(next_poll_at=_after(pause, now, bounds, luck), memory=memories.dump(learnt), report=report, hasten=hasten)


def wants_whole(memory: Memory, now: datetime) -> bool:
    """Whether the list must be asked for without conditions: nothing is known of it, or it has been 304 for a day.

    An index of sitemaps always: what it names may change while it does not.
    """
    return bool(memory.visits) or not memory.shelf or memory.whole_at is None or now - memory.whole_at >= WHOLE_EVERY


def has_repeated_gaps(gaps: Gaps, now: datetime) -> bool:
    return sum(now - at <= REPEATED_WITHIN for at in gaps.recent) >= REPEATED_GAPS


# --- what was seen ---------------------------------------------------------------------------------------------------------------


def _compared(memory: Memory, shown: Shown, keys: Sequence[str], links: Sequence[SeenLink], unseen: Collection[str]) -> Overlap:
    """A sitemap keeps everything and has no window: it overlaps by definition, and its fresh items are the unseen ones."""
    if not shown.is_modified:
        return Overlap(fresh=(), share=1.0, is_gap=False, shelf=memory.shelf)
    if shown.kind == "sitemap":
        fresh = tuple(place for place, link in enumerate(links) if link.url in unseen) if memory.learnt_at else ()
        return Overlap(fresh=fresh, share=1.0, is_gap=False, shelf={overlap.key_of(shown.kind): 1})
    return overlap.compare(memory.shelf, keys)


def _learnt(
    memory: Memory, shown: Shown, compared: Overlap, links: Sequence[SeenLink], unseen: Collection[str], *, now: datetime
) -> Memory:
    whole_at = now if shown.is_modified else memory.whole_at
    since = memory.learnt_at
    if since is None:
        dates = _dates(links)
        known = rhythm.begin(dates, now=now)
        quiet = Quiet(since=max((date for date in dates if date <= now), default=now))
        return replace(memory, learnt_at=now, rhythm=known, quiet=quiet, shelf=compared.shelf, whole_at=whole_at)
    memory = replace(memory, shelf=compared.shelf, whole_at=whole_at)
    fresh = [links[place] for place in compared.fresh]
    if not fresh and now - since < LEARN_EVERY:
        return memory
    dated = [date for date in _dates(fresh) if since - EARLY <= date <= now]
    learnt, expected = rhythm.learn(memory.rhythm, since=since, now=now, shown=dated, n_undated=len(fresh) - len(dated))
    quiet = memory.quiet
    return replace(
        memory,
        learnt_at=now,
        rhythm=learnt,
        quiet=Quiet(since=now) if fresh else Quiet(since=quiet.since or now, expected=quiet.expected + expected),
        own_share=_own_share(memory.own_share, len(fresh), sum(link.url in unseen for link in fresh)),
        haste=1 + (memory.haste - 1) * 0.5 ** (max(now - since, timedelta()) / HASTE_HALVES),
    )


def _dates(links: Sequence[SeenLink]) -> list[datetime]:
    return [link.published_at for link in links if link.published_at is not None and link.hint.get("published_precision") != "day"]


def _own_share(before: float, n_fresh: int, n_unseen: int) -> float:
    """Remembers about the last ten fresh items."""
    kept: float = 0.9**n_fresh
    return before * kept + (1 - kept) * n_unseen / n_fresh if n_fresh else before


# --- after a gap -----------------------------------------------------------------------------------------------------------------


def _gapped(before: Memory, memory: Memory, shown: Shown, *, now: datetime) -> tuple[Memory, Sequence[str]]:
    """Walk its older pages, or else ask the portal's other sources at once; and ask this one more often from now on."""
    walk = Walk(next_page=shown.next_page, n_pages=0, shore=before.shelf) if shown.next_page else None
    hasten = () if walk else shown.elsewhere
    gaps = memory.gaps
    gaps = replace(
        gaps,
        n=gaps.n + 1,
        recent=(*gaps.recent[-memories.MAX_RECENT_GAPS + 1 :], now),
        n_open=gaps.n_open + (walk is None and not hasten),
    )
    return replace(memory, gaps=gaps, walk=walk, haste=min(memory.haste * HASTE, MAX_HASTE)), hasten


def _walked(memory: Memory, walk: Walk, shown: Shown, unseen: Collection[str], *, now: datetime, bounds: Bounds, luck: float) -> PollPlan:
    """One older page further: on at once, until it comes to what was known before the gap."""
    keys = [overlap.key_of(link.url) for link in overlap.newest_first(shown.links)]
    is_closed = bool(keys) and (not unseen or overlap.reaches(walk.shore, keys, front=memory.shelf))
    next_page = shown.next_page if walk.n_pages + 1 < MAX_WALK else None
    gaps = replace(memory.gaps, n_caught=memory.gaps.n_caught + len(unseen))
    if is_closed or next_page is None or next_page == walk.next_page:
        further, gaps = None, replace(gaps, n_open=gaps.n_open + (not is_closed))
    else:
        further = Walk(next_page=next_page, n_pages=walk.n_pages + 1, shore=walk.shore)
    learnt = replace(memory, walk=further, gaps=gaps)
    pause = 0.0 if further else _pause_s(learnt, shown, len(memory.shelf), now=now, bounds=bounds)
    report = _report(learnt, shown, n_new=len(unseen), share=0.0, now=now)
    return PollPlan(next_poll_at=_after(pause, now, bounds, luck), memory=memories.dump(learnt), report=report)


# --- when again ------------------------------------------------------------------------------------------------------------------


def _pause_s(memory: Memory, shown: Shown, n_items: int, *, now: datetime, bounds: Bounds) -> float:
    window = None if shown.kind == "sitemap" else n_items or sum(1 for seen in memory.shelf.values() if seen) or None
    wanted_s = pace.pause_s(
        memory.rhythm, now, own_share=memory.own_share, window=window, haste=memory.haste, max_s=bounds.max_s * memory.haste
    )
    fresh_s = min(shown.max_age_s or 0, MAX_FRESHNESS_S)
    wish_s = min(shown.ttl_s or 0, MAX_WISH_S)
    return max(wanted_s, *((fresh_s, wish_s) if memory.haste < HASTE else (0,)), 1e-9)


def _after(pause_s: float, now: datetime, bounds: Bounds, luck: float) -> datetime:
    """`now` for no pause at all, else within the bounds, the jitter included."""
    if not pause_s:
        return now
    pause_s = min(max(pause_s, bounds.min_s), bounds.max_s) * (1 + SOURCE_JITTER * (2 * luck - 1))
    return now + timedelta(seconds=min(max(pause_s, bounds.min_s), bounds.max_s))


def _report(memory: Memory, shown: Shown, *, n_new: int, share: float, now: datetime) -> Mapping[str, Any]:
    gaps = memory.gaps
    return {
        "n_entries": shown.n_entries,
        "n_articles": len(shown.links),
        "n_new": n_new,
        "per_day": round(memory.rhythm.level * 24, 1),
        "overlap": round(share, 2),
        "n_gaps": gaps.n,
        "last_gap_at": gaps.recent[-1].isoformat(timespec="seconds") if gaps.recent else None,
        "n_caught": gaps.n_caught,
        "n_open_gaps": gaps.n_open,
        "has_repeated_gaps": has_repeated_gaps(gaps, now),
        "is_catching_up": memory.walk is not None,
        "quiet_since": memory.quiet.since.isoformat(timespec="seconds")
        if memory.quiet.since and silence.is_suspicious(memory.quiet, n_items=memory.rhythm.n_items, now=now)
        else None,
    }
