"""A source's rhythm: how many new items it shows in each hour of the week, learnt from its own polls. Pure; times are aware UTC.

What is kept is small and forgets by itself: per hour of the Vietnamese week the items seen and the hours watched, both fading by
`KEEP_A_WEEK` whenever that hour has passed again, and the same two figures for the last hours ("pulse"), which tell a press conference or a
holiday from an ordinary day. Rates are items per hour.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from operator import mul
from typing import Any

from crawler.model import VIETNAM

WEEK_H = 168
KEEP_A_WEEK = 0.8  # what is remembered of an hour of the week one week later: a habit is learnt anew within about five weeks
MAX_WATCHED = timedelta(days=7)
"""A longer silence of ours (a stopped daemon) tells nothing about the source."""

MAX_SPAN = timedelta(days=28)
MIN_DATES = 4
"""What the dates of a first list must be to tell a rhythm: not from years ago, and more than a handful."""

PRIOR_RATE = 1.0
PRIOR_ITEMS = 1.0
"""A source nobody has watched yet is taken for one with an item an hour, until an item's worth of watching says otherwise."""

PRIOR_HOURS = 2.0
"""How many watched hours the common shape of the day below weighs against what the source itself has shown at that hour."""

PULSE_H = 2.0
PULSE_PRIOR = 2.0
"""The pulse compares the last two hours with the habit; two items weigh as much as the habit itself."""

_DAY = (
    (.15, .1, .1, .1, .25, .9, 1.4, 1.9, 2.1, 2.0, 1.9, 1.4, .8, .9, 1.7, 1.9, 1.8, 1.5, 1.1, .9, .7, .5, .35, .25)
)  # fmt: skip
_WEEKEND = 0.6
"""Hours of the day of a provincial newsroom, by general knowledge (design §1); each source replaces them by its own within a week or two."""


def _shape() -> tuple[float, ...]:
    week = [rate * (_WEEKEND if day >= 5 else 1.0) for day in range(7) for rate in _DAY]  # noqa: PLR2004 - Saturday
    mean = sum(week) / WEEK_H
    return tuple(rate / mean for rate in week)


SHAPE = _shape()
"""The common shape of a week from Monday 0:00 in Vietnam; its mean is 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    items: tuple[float, ...] = (0.0,) * WEEK_H
    hours: tuple[float, ...] = (0.0,) * WEEK_H
    pulse_items: float = 0.0
    pulse_expected: float = 0.0

    @property
    def level(self) -> float:
        """The mean rate over a whole week."""
        watched: float = sum(map(mul, self.hours, SHAPE))
        return (sum(self.items) + PRIOR_ITEMS) / (watched + PRIOR_ITEMS / PRIOR_RATE)

    @property
    def n_items(self) -> float:
        """How many items the estimate stands on."""
        return sum(self.items)

    @property
    def pulse(self) -> float:
        """How much more (or less) than its habit the source shows right now."""
        return (self.pulse_items + PULSE_PRIOR) / (self.pulse_expected + PULSE_PRIOR)


def hour_of_week(at: datetime) -> int:
    local = at.astimezone(VIETNAM)
    return local.weekday() * 24 + local.hour


def habit(rhythm: Rhythm, hour: int, level: float) -> float:
    """The usual rate in that hour of the week: its own past, its neighbours', the same hour of like days, and the common shape."""
    items = level * SHAPE[hour] * PRIOR_HOURS
    hours = PRIOR_HOURS
    for other, weight in _NEIGHBOURS[hour]:
        items += weight * rhythm.items[other]
        hours += weight * rhythm.hours[other]
    return items / hours


def is_known(rhythm: Rhythm, hour: int) -> bool:
    """Whether this hour, or twice a like one, has been watched before: only then does its silence mean anything."""
    return sum(weight * rhythm.hours[other] for other, weight in _NEIGHBOURS[hour]) >= 1


def _neighbours(hour: int) -> tuple[tuple[int, float], ...]:
    day, of_day = divmod(hour, 24)
    like = range(5) if day < 5 else (day,)  # noqa: PLR2004 - Saturday and Sunday stand for themselves
    near = ((-1, 0.25), (0, 1.0), (1, 0.25))
    return tuple(
        ((other * 24 + of_day + shift) % WEEK_H, weight * (1.0 if other == day else 0.5)) for other in like for shift, weight in near
    )


_NEIGHBOURS = tuple(_neighbours(hour) for hour in range(WEEK_H))


def ahead(rhythm: Rhythm, now: datetime, *, up_to_s: float, step_s: float) -> Iterator[tuple[float, float]]:
    """The rates expected from `now` on: (seconds it lasts, items per hour), until `up_to_s`. The pulse fades into the habit."""
    level, pulse = rhythm.level, rhythm.pulse
    left_in_hour_s = 3600 - (now.timestamp() % 3600)
    hour, passed_s = hour_of_week(now), 0.0
    usual = habit(rhythm, hour, level)
    while passed_s < up_to_s:
        lasts_s = min(step_s, left_in_hour_s, up_to_s - passed_s)
        yield lasts_s, usual * (1 + (pulse - 1) * exp(-passed_s / (PULSE_H * 3600)))
        passed_s += lasts_s
        left_in_hour_s -= lasts_s
        if left_in_hour_s <= 0:
            left_in_hour_s, hour = 3600.0, (hour + 1) % WEEK_H
            usual = habit(rhythm, hour, level)


def learn(rhythm: Rhythm, *, since: datetime, now: datetime, shown: Sequence[datetime], n_undated: int) -> tuple[Rhythm, float]:
    """The rhythm after a poll at `now` that showed items which were not there at `since`; and how many it had expected in hours it knows.

    `shown`: the times of those that tell one; the others are spread over the time as the habit expects them.
    """
    since = min(max(since, now - MAX_WATCHED), now)
    return _learnt(rhythm, since=since, now=now, shown=shown, n_undated=n_undated)


def _learnt(rhythm: Rhythm, *, since: datetime, now: datetime, shown: Sequence[datetime], n_undated: int) -> tuple[Rhythm, float]:
    items, hours = list(rhythm.items), list(rhythm.hours)
    level, stretches = rhythm.level, list(_stretches(since, now))
    expected = [habit(rhythm, hour, level) * lasted for hour, lasted in stretches]
    all_expected = sum(expected)
    known = sum(share for (hour, _), share in zip(stretches, expected, strict=True) if is_known(rhythm, hour))
    for (hour, lasted), share in zip(stretches, expected, strict=True):
        kept = KEEP_A_WEEK**lasted
        items[hour] = items[hour] * kept + n_undated * share / all_expected
        hours[hour] = hours[hour] * kept + lasted
    dated = [*shown, *([now] * n_undated if not stretches else ())]
    for at in dated:
        items[hour_of_week(min(max(at, since), now))] += 1
    fades = exp(-max((now - since).total_seconds(), 0) / (PULSE_H * 3600))
    learnt = Rhythm(
        items=tuple(items),
        hours=tuple(hours),
        pulse_items=rhythm.pulse_items * fades + len(shown) + n_undated,
        pulse_expected=rhythm.pulse_expected * fades + all_expected,
    )
    return learnt, known


def begin(dates: Sequence[datetime], *, now: datetime) -> Rhythm:
    """What the dates of a first list tell. Its oldest fifth is left out: pinned items would stretch the time it seems to span."""
    newest = sorted((date for date in dates if date <= now), reverse=True)
    newest = [date for date in newest[: len(newest) * 4 // 5] if now - date <= MAX_SPAN]
    if len(newest) < MIN_DATES:
        return Rhythm()
    return _learnt(Rhythm(), since=newest[-1], now=now, shown=newest, n_undated=0)[0]


def _stretches(since: datetime, now: datetime) -> Iterator[tuple[int, float]]:
    """The hours of the week between the two, each with the hours (up to 1) it lasted."""
    at = since
    while at < now:
        until = min(now, at + timedelta(seconds=3600 - at.timestamp() % 3600))
        yield hour_of_week(at), (until - at).total_seconds() / 3600
        at = until


MAX_KEPT = 10**9  # in hundredths: far above any count, far below what JSON readers round


# --- as JSON: in hundredths, so that a source's memory stays small


def dump(rhythm: Rhythm) -> dict[str, Any]:
    return {
        "items": [round(value * 100) for value in rhythm.items],
        "hours": [round(value * 100) for value in rhythm.hours],
        "pulse": [round(rhythm.pulse_items * 100), round(rhythm.pulse_expected * 100)],
    }


def load(kept: object) -> Rhythm | None:
    """None for anything that `dump` did not write."""
    if not isinstance(kept, Mapping):
        return None
    items, hours, pulse = (_numbers(kept.get(key), n) for key, n in (("items", WEEK_H), ("hours", WEEK_H), ("pulse", 2)))
    if items is None or hours is None or pulse is None:
        return None
    return Rhythm(items=items, hours=hours, pulse_items=pulse[0], pulse_expected=pulse[1])


def _numbers(kept: object, n: int) -> tuple[float, ...] | None:
    if not isinstance(kept, list) or len(kept) != n:
        return None
    if set(map(type, kept)) != {int} or min(kept) < 0 or max(kept) > MAX_KEPT:
        return None
    return tuple([value / 100 for value in kept])
