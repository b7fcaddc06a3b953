"""Which of the sitemaps that an index names are worth asking now. Pure: `now` and what is remembered are arguments; times in UTC.

A portal's index names up to some hundred sitemaps, a month or a thousand articles each; only the newest few ever change. Where the index
dates them (or their names do) those are known; where it does not, each is asked once, and those that had news then are asked again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

HORIZON = timedelta(days=31)
"""How old an article in a sitemap may be to become a link: a month, as much as one monthly sitemap holds. `backfill` reaches further back."""

MAX_A_POLL = 4
"""Sitemaps read in one poll of their index; the others wait for the next one."""

MAX_TRIES = 8
"""Sitemaps asked in one poll, those included that cannot be read."""

AGAIN = timedelta(minutes=15)
"""How long one is left alone that could not be read. It comes after all others then: a few that are broken must not be all that is asked."""

FAILED = -1
"""In the place of the number of fresh URLs: it could not be read."""

REST = timedelta(days=1)
"""How long a sitemap is left alone that named nothing within the horizon, or has not changed by its index's word."""

MAX_KEPT = 200
_IN_NAME = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:(?P<gap>[-_./]?)(?P<month>1[0-2]|0[1-9]|(?<=[-_./])[1-9]))?(?!\d)")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is remembered of one sitemap: when it was read, its validators, what the index then said, and how many fresh URLs it named."""

    asked_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    changed_at: datetime | None = None
    n_fresh: int = 0


def due(named: Mapping[str, datetime | None], visits: Mapping[str, Visit], *, now: datetime) -> list[str]:
    """The sitemaps to ask now, the most promising first. `named`: as the index names them, with the time of their last change."""
    told = ends((url for url, changed_at in named.items() if changed_at is None), border=now - HORIZON)
    ended = {url: changed_at or told.get(url) for url, changed_at in named.items()}
    worth = [(url, ended[url]) for url, changed_at in named.items() if _is_due(ended[url], changed_at, visits.get(url), now)]
    dated = sorted((each for each in worth if each[1] is not None), key=lambda each: each[1] or now, reverse=True)
    undated = sorted((each for each in worth if each[1] is None), key=lambda each: _rank(visits.get(each[0])))
    return sorted((url for url, _ in (*dated, *undated)), key=lambda url: _failed_at(visits.get(url)))


def _is_due(ends_at: datetime | None, changed_at: datetime | None, visit: Visit | None, now: datetime) -> bool:
    if ends_at is not None and ends_at < now - HORIZON:
        return False
    if visit is None or now - visit.asked_at >= REST:
        return True
    if visit.n_fresh == FAILED:
        return now - visit.asked_at >= AGAIN
    if changed_at is not None:
        return changed_at != visit.changed_at
    return visit.n_fresh > 0


def _rank(visit: Visit | None) -> tuple[int, float]:
    """Those that had news, then those never asked, then the one that has waited longest."""
    if visit is None:
        return 1, 0.0
    return (0 if visit.n_fresh else 2), visit.asked_at.timestamp()


def _failed_at(visit: Visit | None) -> float:
    """The sound ones as they stand, then those that failed, the longest ago first."""
    return visit.asked_at.timestamp() if visit is not None and visit.n_fresh == FAILED else 0.0


def ends(urls: Iterable[str], *, border: datetime) -> dict[str, datetime]:
    """When the periods are over that names of sitemaps tell: sitemap-2026-11.xml ends with November 2026. Other names are left out.

    A name is understood from its likes, those that differ in their numbers only: beside sitemap-1.xml, sitemap-2001.xml is no year, and
    beside sitemap-2025-13.xml the 1 of sitemap-2025-1.xml is no month. Bare numbers of which none reaches `border` are taken for numbers.
    """
    families: dict[str, list[str]] = {}
    for url in urls:
        families.setdefault(_NUMBERS.sub("#", url), []).append(url)
    return {url: at for family in families.values() for url, at in _ends_of(family, border).items()}


def _ends_of(family: Sequence[str], border: datetime) -> Mapping[str, datetime]:
    periods = {url: found for url in family if (found := _period(url)) is not None}
    if len(periods) < len(family):
        return {}
    are_months = all(found["month"] for found in periods.values())
    told = {url: _end(int(found["year"]), int(found["month"]) if are_months else 12) for url, found in periods.items()}
    are_sure = are_months and all(found["gap"] for found in periods.values())
    return told if are_sure or max(told.values()) >= border else {}


def _period(url: str) -> re.Match[str] | None:
    return next(reversed(list(_IN_NAME.finditer(url.rpartition("/")[2]))), None)


def _end(year: int, month: int) -> datetime:
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


# --- the JSON in a source's memory ------------------------------------------------------------------------------------------------


def dump(visits: Mapping[str, Visit]) -> dict[str, Any]:
    """The latest visits, each as a short list."""
    latest = sorted(visits.items(), key=lambda item: item[1].asked_at, reverse=True)[:MAX_KEPT]
    return {url: [_told(v.asked_at), v.etag, v.last_modified, _told(v.changed_at), v.n_fresh] for url, v in latest}


def load(kept: object) -> dict[str, Visit]:
    """Whatever was not written by `dump` reads as nothing known."""
    visits = {url: _visit(said) for url, said in kept.items() if isinstance(url, str)} if isinstance(kept, Mapping) else {}
    return {url: visit for url, visit in visits.items() if visit is not None}


def _visit(said: object) -> Visit | None:
    match said:
        case [str(asked), None | str() as etag, None | str() as modified, None | str() as changed, int(n_fresh)]:
            asked_at = _moment(asked)
            if asked_at is not None:
                return Visit(asked_at=asked_at, etag=etag, last_modified=modified, changed_at=_moment(changed), n_fresh=n_fresh)
    return None


def _told(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def _moment(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None
