"""Which of the times a page gives is its publication: docs/decisions/0041-contradicting-dates.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.model import VIETNAM
from crawler.parse.dates import When, parse_machine
from storage.records import Origin

MOST_AHEAD = timedelta(days=1)  # a publication time later than that is a fault of the page (design §7)
FIRST_ONLINE = datetime(1997, 1, 1, tzinfo=UTC)  # no Vietnamese paper was online before; earlier is an empty field (1970, 0001)
_SAME = timedelta(minutes=1)  # the same article says 08:01:53 and 08:01:00 (dates.md §2)
_ZONE_SLIP = timedelta(hours=7)
_REQUEST = timedelta(minutes=10)  # pages are cached for a few minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One time a page gives. `is_printed`: as readers see it beside the headline."""

    origin: Origin
    when: When
    is_printed: bool = False


def readable(claims: Sequence[tuple[Origin, str | When]], fetched_at: datetime, problems: list[str]) -> list[Said]:
    """The claims that are times at all, and neither in the future nor before there were papers online; others are noted as problems."""
    read = []
    for origin, raw in claims:
        when = raw if isinstance(raw, When) else parse_machine(raw)
        if when is None:
            continue
        if when.at > fetched_at + MOST_AHEAD:
            problems.append(f"published: in the future ({origin})")
        elif when.at < FIRST_ONLINE:
            problems.append(f"published: before any paper was online ({origin})")
        else:
            read.append(Said(origin=origin, when=when, is_printed=isinstance(raw, When) and origin == "generic"))
    return read


def settle(said: Sequence[Said], fetched_at: datetime) -> Said | None:
    """The publication, out of what is said in the order of trust (rule, JSON-LD, meta, microdata, printed, feed).

    The first counts, unless it errs in a way that systems are known to err and the printed line shows it: a local time marked as UTC or the
    reverse, day and month swapped, the time of the request; or unless two others agree against it. A bare date gives way to a time on
    the same day.
    """
    if not said:
        return None
    first = said[0]
    if first.origin != "rule":
        printed = next((one for one in said if one.is_printed and one.when.precision != "day"), None)
        if printed is not None and _is_slip(first.when, printed.when, fetched_at):
            first = _finest(said, printed)
        else:
            first = _outvoted(said, first) or first
    if first.when.precision != "day":
        return first
    finer = (one for one in said if one.when.precision != "day" and _day(one.when) == _day(first.when))
    return next(finer, first)


def _is_slip(when: When, printed: When, fetched_at: datetime) -> bool:
    apart = when.at - printed.at
    if when.precision == "day" or abs(apart) < _SAME:
        return False
    if abs(abs(apart) - _ZONE_SLIP) < _SAME:
        return True
    if abs(when.at - fetched_at) <= _REQUEST and apart > _REQUEST:
        return True
    local, shown = when.at.astimezone(VIETNAM), printed.at.astimezone(VIETNAM)
    is_same_clock = (local.year, local.hour, local.minute) == (shown.year, shown.hour, shown.minute)
    return is_same_clock and (local.day, local.month) == (shown.month, shown.day)


def _outvoted(said: Sequence[Said], first: Said) -> Said | None:
    """The first of two that agree with each other to the minute and not with `first`."""
    others = [one for one in said[1:] if one.when.precision != "day" and not _agree(one, first)]
    if any(_agree(one, first) for one in said[1:]):
        return None
    return next((one for n, one in enumerate(others) if any(_agree(one, other) for other in others[n + 1 :])), None)


def _finest(said: Sequence[Said], chosen: Said) -> Said:
    """The same moment with seconds, where somebody gives them."""
    return next((one for one in said if one.when.precision == "second" and _agree(one, chosen)), chosen)


def _agree(one: Said, other: Said) -> bool:
    if "day" in (one.when.precision, other.when.precision):
        return _day(one.when) == _day(other.when)
    return abs(one.when.at - other.when.at) < _SAME


def _day(when: When) -> str:
    return when.at.astimezone(VIETNAM).date().isoformat()
