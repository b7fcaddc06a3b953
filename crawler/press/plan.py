"""What the press will publish, where and when: the plan of a run. Pure and cheap; the texts are written later, from each slot's `story`."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, TypeVar

T = TypeVar("T")
Kind: TypeAlias = Literal["plain", "trap", "topic", "two-topics", "wire", "wire-topic"]
DECK: tuple[Kind, ...] = ("plain",) * 11 + ("topic",) * 4 + ("trap",) * 2 + ("two-topics", "wire", "wire-topic")
"""Twenty stories, shuffled anew for each twenty: three in ten bear a topic, so that even a short run has some of each kind."""
BACKLOG_AGE = (timedelta(days=30), timedelta(hours=26))
"""Backlog articles lie between these ages at the start: clearly older than the 24 h of a source's baseline (design §4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One article of the plan. Slots with the same `story` are copies of the first of them, word for word."""

    story: int
    kind: Kind
    portal: str
    copy: int
    """0 for the first, 1… for its copies elsewhere."""
    appears_at: datetime
    is_backlog: bool


def make_plan(*, seed: int, start: datetime, n_backlog: int, n_articles: int, period_s: float, portals: Sequence[str]) -> tuple[Slot, ...]:
    """All slots in the order of their appearance: the backlog first, then the run's own, the first of them at `start`."""
    dice = random.Random(f"plan:{seed}")
    stories = iter(range(1 << 62))
    oldest, youngest = start - BACKLOG_AGE[0], start - BACKLOG_AGE[1]
    backlog = _fill(dice, stories, portals, _moments(dice, oldest, youngest, n_backlog), is_backlog=True)
    run = _fill(dice, stories, portals, _moments(dice, start, start + timedelta(seconds=period_s), n_articles), is_backlog=False)
    return (*backlog, *run)


def _moments(dice: random.Random, first: datetime, last: datetime, n: int) -> list[datetime]:
    """`n` times from `first` on, evenly spread but for some jitter, in order."""
    step = (last - first) / n if n else timedelta()
    return [first + step * (i + (dice.uniform(0, 0.8) if i else 0.0)) for i in range(n)]


def _fill(
    dice: random.Random, stories: Iterator[int], portals: Sequence[str], moments: Sequence[datetime], *, is_backlog: bool
) -> list[Slot]:
    slots: list[Slot] = []
    kinds, desks = _deal(dice, DECK), _deal(dice, portals)
    while len(slots) < len(moments):
        story, kind, first = next(stories), next(kinds), next(desks)
        others = [portal for portal in portals if portal != first]
        takers = dice.sample(others, k=min(dice.randint(1, 2), len(others))) if kind.startswith("wire") else []
        for copy, portal in enumerate([first, *takers][: len(moments) - len(slots)]):
            at = moments[len(slots)]
            slots.append(Slot(story=story, kind=kind, portal=portal, copy=copy, appears_at=at, is_backlog=is_backlog))
    return slots


def _deal(dice: random.Random, deck: Sequence[T]) -> Iterator[T]:
    """The cards of `deck`, over and over, shuffled each time."""
    while True:
        yield from dice.sample(deck, k=len(deck))
