"""Stretches of time as people type them: 90d, 12h, 4w, or the day it began."""

import re
from datetime import UTC, datetime, timedelta

from crawler.model import VIETNAM

_DAY = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
_BEGINNING = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?")
_SPAN = re.compile(r"(\d{1,6})([hdwmy])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(days=30), "y": timedelta(days=365)}


def since_of(typed: str, *, now: datetime) -> datetime:
    """The moment that `typed` reaches back to; a day begins in Vietnam. Raises: ValueError with what to write."""
    if found := _SPAN.fullmatch(typed.strip().lower()):
        try:
            return now - int(found[1]) * _UNITS[found[2]]
        except OverflowError:
            return datetime(1900, 1, 1, tzinfo=UTC)
    try:
        day = _day_of(typed.strip())
    except ValueError:
        advice = "write 90d, 12h, 4w, 6m, 2y, or a day: 2026-01-31 or 31/01/2026, or what begins with one: 2026-01, 2026"
        raise ValueError(f"{typed!r} is no stretch of time; {advice}") from None
    return (day if day.tzinfo else day.replace(tzinfo=VIETNAM)).astimezone(UTC)


def _day_of(typed: str) -> datetime:
    """Raises: ValueError."""
    if found := _DAY.fullmatch(typed) or _BEGINNING.fullmatch(typed):
        parts = found.groupdict()
        return datetime(int(parts["year"]), int(parts["month"] or 1), int(parts.get("day") or 1))  # noqa: DTZ001 - as typed; the caller says where
    return datetime.fromisoformat(typed)
