"""Stretches of time as people type them: 90d, 12h, 4w, or the day it began."""

import re
from datetime import UTC, datetime, timedelta

from crawler.dedup.timing import VIETNAM

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
        day = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise ValueError(f"{typed!r} is no stretch of time; write 90d, 12h, 4w, 6m, 2y, or a day: 2026-01-31") from None
    return (day if day.tzinfo else day.replace(tzinfo=VIETNAM)).astimezone(UTC)
