"""What a watch would have found: counts by day and portal, and what an edit adds and removes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from crawler.model import VIETNAM

Change = Literal["added", "removed"]


@dataclass(slots=True)
class Tally:
    """Of articles in the order they are judged. `is_compared`: against what the watch found before the edit."""

    is_compared: bool
    n_judged: int = 0
    by_day: dict[str, int] = field(default_factory=dict)
    by_portal: dict[str, int] = field(default_factory=dict)
    n_added: int = 0
    n_removed: int = 0

    @property
    def n_found(self) -> int:
        return sum(self.by_portal.values())

    def add(self, *, portal: str, fresh_at: datetime, is_found: bool, was_found: bool) -> Change | None:
        """Count one article; what the edit changes about it."""
        self.n_judged += 1
        if is_found:
            day = fresh_at.astimezone(VIETNAM).date().isoformat()
            self.by_day[day] = self.by_day.get(day, 0) + 1
            self.by_portal[portal] = self.by_portal.get(portal, 0) + 1
        if not self.is_compared or is_found == was_found:
            return None
        self.n_added += is_found
        self.n_removed += was_found
        return "added" if is_found else "removed"


Stretch = Literal["day", "week", "month"]


def by_stretch(days: Mapping[str, int], *, most: int = 31) -> tuple[Stretch, dict[str, int]]:
    """Counts by day, or by week or month where those would be more than `most`, earliest first; quiet ones between count 0.

    A week is named by its Monday.
    """
    if not days:
        return "day", {}
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    n_days = (last - first).days + 1
    stretch: Stretch = "day" if n_days <= most else "week" if n_days <= most * 7 else "month"
    counts = dict.fromkeys((_label(first + timedelta(days=n), stretch) for n in range(n_days)), 0)
    for day, n in days.items():
        counts[_label(date.fromisoformat(day), stretch)] += n
    return stretch, counts


def _label(day: date, stretch: Stretch) -> str:
    match stretch:
        case "day":
            return day.isoformat()
        case "week":
            return (day - timedelta(days=day.weekday())).isoformat()
        case "month":
            return day.isoformat()[:7]
