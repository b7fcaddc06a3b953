"""When a reader is told: digests and quiet hours, in the operator's time zone; Vietnam's has no daylight saving, so +07:00 is exact."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo

from crawler.model import VIETNAM


def next_digest(times: Sequence[str], *, now: datetime, zone: tzinfo = VIETNAM) -> datetime:
    """The first of the local `times` (HH:MM) after `now`, as UTC."""
    local = now.astimezone(zone)
    slots = (datetime.combine(local.date() + timedelta(days=day), time.fromisoformat(at), zone) for day in (0, 1) for at in times)
    return min(slot for slot in slots if slot > local).astimezone(UTC)


def due_at(wanted: datetime, quiet_hours: tuple[str, str] | None, zone: tzinfo = VIETNAM) -> datetime:
    """`wanted`, or the end of the quiet hours it falls into; UTC."""
    if quiet_hours is None:
        return wanted
    local = wanted.astimezone(zone)
    start, end = (time.fromisoformat(at) for at in quiet_hours)
    now = local.time()
    is_quiet = start <= now < end if start < end else now >= start or now < end
    if not is_quiet:
        return wanted
    day = local.date() + timedelta(days=1 if start > end and now >= start else 0)
    return datetime.combine(day, end, zone).astimezone(UTC)
