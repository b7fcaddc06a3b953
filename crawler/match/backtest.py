"""What a watch would have found: counts by day and portal, and what an edit adds and removes. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.match.evaluate import VIETNAM

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


def by_stretch(days: dict[str, int], *, most: int = 31) -> dict[str, int]:
    """Counts by day, or by month where there are more than `most` days, earliest first."""
    counts: dict[str, int] = {}
    for day, n in sorted(days.items()):
        label = day if len(days) <= most else day[:7]
        counts[label] = counts.get(label, 0) + n
    return counts
