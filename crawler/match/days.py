"""Days and stretches of days in a query: 2024, 2024-05, 2024-05-01, [a TO b], {a TO b}, >=a."""

import re
from calendar import monthrange
from datetime import date, timedelta

from crawler.match.pieces import Piece, QueryError
from crawler.match.terms import Published

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_RANGE = re.compile(r"([\[{])\s*(\S+)\s+TO\s+([^\s\]}]+)\s*([\]}])")
_BOUND = re.compile(r"([<>]=?)\s*(\S+)")
_ONE_DAY = timedelta(days=1)


def day_range(piece: Piece) -> Published:
    """The days that `piece` speaks of. Raises: QueryError."""
    if found := _RANGE.fullmatch(piece.text):
        low, high = _days(found[2], piece), _days(found[3], piece)
        since = low and (low[0] if found[1] == "[" else low[1] + _ONE_DAY)
        until = high and (high[1] if found[4] == "]" else high[0] - _ONE_DAY)
        return _ordered(since, until, piece)
    if found := _BOUND.fullmatch(piece.text):
        days = _days(found[2], piece)
        if days is None:
            raise QueryError("a bound must be a day", position=piece.start, advice="write it as 2024-05-31")
        match found[1]:
            case ">=":
                return Published(days[0], None)
            case ">":
                return Published(days[1] + _ONE_DAY, None)
            case "<=":
                return Published(None, days[1])
            case _:
                return Published(None, days[0] - _ONE_DAY)
    first, last = _days(piece.text, piece) or (None, None)
    return Published(first, last)


def _ordered(since: date | None, until: date | None, piece: Piece) -> Published:
    if since is not None and until is not None and since > until:
        raise QueryError("the range holds no day", position=piece.start, advice="write the earlier day first")
    return Published(since, until)


def _days(text: str, piece: Piece) -> tuple[date, date] | None:
    """First and last day of a year, a month or a day; None for *."""
    bare = text.strip("\"“”' ")
    if bare == "*":
        return None
    found = _DAY.fullmatch(bare)
    try:
        if found is None:
            raise ValueError
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        first = date(int(year), int(month or 1), int(day or 1))
        if day:
            return first, first
        last_month = first.month if month else 12
        return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
    except (ValueError, OverflowError):
        raise QueryError(f"{text!r} is no day", position=piece.start, advice="write it as 2024-05-31, 2024-05 or 2024") from None
