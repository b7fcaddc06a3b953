"""Portals as the contract sees them, without any page: how often each of their articles keeps each field, in runs as newsrooms have them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from storage.records import Reading

ALWAYS = {"title": 1.0, "text": 1.0, "published": 1.0, "lead": 1.0, "author": 1.0, "section": 1.0, "tags": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a newsroom publishes. A gallery day is a run of photo stories: short texts without author, lead and tags."""

    shares: Mapping[str, float] = field(default_factory=lambda: ALWAYS)
    per_day: int = 30
    gallery_day: float = 0.0
    """The probability that a day brings one."""
    gallery_run: int = 6
    same_minute: float = 0.0
    """How often an article carries the very time of the one before."""
    median_chars: int = 2500


def readings(habits: Habits, n_days: int, dice: random.Random) -> Iterator[Reading]:
    number, date = 0, "d0"
    for _ in range(n_days):
        gallery = range(0)
        if dice.random() < habits.gallery_day:
            begin = dice.randrange(habits.per_day)
            gallery = range(begin, begin + habits.gallery_run)
        for place in range(habits.per_day):
            number += 1
            date = date if dice.random() < habits.same_minute else f"d{number}"
            yield _gallery(number, date) if place in gallery else _plain(habits, number, date, dice)


def _gallery(number: int, date: str) -> Reading:
    return Reading(kept=("title", "text", "published", "section"), n_chars=60, signs={"title": f"t{number}", "date": date})


def _plain(habits: Habits, number: int, date: str, dice: random.Random) -> Reading:
    kept = tuple(name for name, share in habits.shares.items() if dice.random() < share)
    n_chars = int(dice.lognormvariate(0, 0.6) * habits.median_chars)
    return Reading(kept=kept, n_chars=n_chars, signs={"title": f"t{number}", "text": f"b{number}", "date": date})


ORDINARY: Mapping[str, Habits] = {
    "gives-all": Habits(),
    "misses-some": Habits(shares=ALWAYS | {"title": 0.995, "text": 0.99, "published": 0.98, "author": 0.93, "lead": 0.9, "tags": 0.85}),
    "never-an-author": Habits(shares=ALWAYS | {"author": 0.0}),
    "author-half-the-time": Habits(shares=ALWAYS | {"author": 0.5, "tags": 0.4}),
    "gallery-every-weekend": Habits(gallery_day=2 / 7),
    "gallery-days-of-ten": Habits(gallery_day=1 / 7, gallery_run=10),
    "three-a-day": Habits(per_day=3, shares=ALWAYS | {"author": 0.9, "published": 0.97}),
    "published-in-batches": Habits(same_minute=0.3),
    "day-only-dates": Habits(same_minute=0.96),
    "notices-and-features": Habits(median_chars=900, shares=ALWAYS | {"lead": 0.8, "tags": 0.8}),
}
