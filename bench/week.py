"""A press in memory for simulated weeks: papers with habits of their own, and a poller that drives the pure schedule on a clock of its own.

The habits are made up beside those `crawler.rhythm` starts from, and as uneven as real feeds are: in the samples we have, half of the items follow
the one before within one to six minutes, and one in ten after more than an hour.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from crawler import memory as memories
from crawler import schedule
from crawler.schedule import Bounds, Shown
from storage.records import SeenLink

START = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
"""Monday 2 March 2026, midnight in Vietnam."""

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
BACKLOG = timedelta(days=10)
"""What a paper had published before we came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How a newsroom spreads its day: (from hour, to hour, share of the day's items), and what is left of a day at the weekend."""

    name: str
    day: tuple[tuple[float, float, float], ...]
    saturday: float
    sunday: float


HABITS = (
    Habit(name="morning and afternoon", day=((6, 9, 0.2), (8, 11, 0.3), (14, 17.5, 0.35), (18, 21, 0.15)), saturday=0.6, sunday=0.5),
    Habit(name="early batch", day=((5, 7, 0.55), (9, 12, 0.15), (14, 18, 0.25), (20, 22, 0.05)), saturday=0.8, sunday=0.7),
    Habit(name="office hours, dead weekend", day=((8, 11.5, 0.5), (13.5, 17, 0.5)), saturday=0.05, sunday=0.0),
    Habit(name="evening paper", day=((9, 12, 0.2), (15, 18, 0.35), (18, 22.5, 0.45)), saturday=0.5, sunday=0.4),
    Habit(name="all day", day=((5, 23, 0.9), (0, 5, 0.1)), saturday=0.7, sunday=0.6),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A source: what it shows and how."""

    name: str
    habit: Habit
    per_day: float
    window: int
    """How many items its list holds, the pinned ones besides."""
    is_dated: bool
    n_pinned: int = 0
    elsewhere: Literal["nothing", "pages", "sitemap"] = "pages"
    burst: int = 25
    """Press releases in one go, once or twice a week."""


def appearances(paper: Paper, dice: random.Random, *, n_weeks: int) -> list[datetime]:
    """When each of its items appears, in order, the backlog included."""
    first, moments = START - BACKLOG, list[datetime]()
    n_days = n_weeks * 7 + BACKLOG.days
    for day in range(n_days):
        midnight = first + day * DAY
        weekday = (midnight + timedelta(hours=7)).weekday()
        share = {5: paper.habit.saturday, 6: paper.habit.sunday}.get(weekday, 1.0)
        for _ in range(_poisson(dice, paper.per_day * share * dice.gammavariate(6, 1 / 6) / MEAN_CLUSTER)):
            moments += _cluster(dice, midnight + timedelta(hours=_hour(dice, paper.habit)))
        if weekday < 5 and dice.random() < 1.5 / 5:
            at = midnight + timedelta(hours=dice.choice((8, 9, 10, 14, 15, 16)) + dice.random())
            moments += [at + timedelta(minutes=dice.uniform(0, 20)) for _ in range(paper.burst)]
    end = START + n_weeks * WEEK
    return sorted(moment for moment in moments if moment < end)


MEAN_CLUSTER = 2.0


def _cluster(dice: random.Random, at: datetime) -> Iterator[datetime]:
    yield at
    while dice.random() < 1 - 1 / MEAN_CLUSTER:
        at += timedelta(minutes=dice.expovariate(1 / 2.5))
        yield at


def _hour(dice: random.Random, habit: Habit) -> float:
    (begin, end, _) = dice.choices(habit.day, weights=[share for _, _, share in habit.day])[0]
    return dice.uniform(begin, end)


def _poisson(dice: random.Random, mean: float) -> int:
    n, passed = 0, dice.expovariate(1)
    while passed < mean:
        n, passed = n + 1, passed + dice.expovariate(1)
    return n


# --- polling it -------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Polled:
    """What became of one source over the weeks."""

    paper: Paper
    appeared: Sequence[datetime]
    found: dict[int, datetime] = field(default_factory=dict)
    """Number of the item to when we saw it."""
    asked: list[datetime] = field(default_factory=list)
    report: Mapping[str, Any] = field(default_factory=dict)

    def delays_s(self, since: datetime, until: datetime) -> list[float]:
        """From publication to discovery, of the items published in between; an item never found counts as found at the end."""
        numbers = range(bisect_right(self.appeared, since), bisect_right(self.appeared, until))
        return [(self.found.get(n, until) - self.appeared[n]).total_seconds() for n in numbers]

    def n_asked(self, since: datetime, until: datetime) -> int:
        return sum(since <= at < until for at in self.asked)

    def n_published(self, since: datetime) -> int:
        return len(self.appeared) - bisect_right(self.appeared, since)

    def missed(self, since: datetime) -> list[int]:
        return [n for n in range(bisect_right(self.appeared, since), len(self.appeared)) if n not in self.found]


def poll(paper: Paper, seed: str, *, n_weeks: int, bounds: Bounds, catches_up: bool = True) -> Polled:
    """Poll `paper` for `n_weeks` as the daemon does: plan after plan, the memory as JSON in between."""
    dice = random.Random(f"{paper.name}:{seed}")
    appeared = appearances(paper, dice, n_weeks=n_weeks)
    links = [_link(paper, n, at) for n, at in enumerate(appeared)]
    pins = [_link(paper, -1 - n, START - timedelta(days=40)) for n in range(paper.n_pinned)]
    polled = Polled(paper=paper, appeared=appeared)
    kept: Mapping[str, Any] = {}
    now = START + timedelta(seconds=dice.uniform(0, 300))
    while now < START + n_weeks * WEEK:
        memory = memories.load(kept)
        page = memory.walk.n_pages + 2 if memory.walk else 1
        shown = _shown(paper, links, pins, bisect_right(appeared, now), page, catches_up=catches_up)
        unseen = _find(polled, links, shown.links, now)
        plan = schedule.plan(memory, shown, unseen, now=now, bounds=bounds, luck=dice.random())
        if plan.hasten:
            n_out = bisect_right(appeared, now)
            _find(polled, links, links[max(0, n_out - SITEMAP) : n_out], now)
            polled.asked.append(now)
        polled.asked.append(now)
        kept, polled.report = plan.memory, plan.report
        now = max(plan.next_poll_at, now + timedelta(seconds=PAGE_S))
    return polled


SITEMAP = 1000
PAGE_S = 5
"""Between two requests to one host."""


def _link(paper: Paper, number: int, at: datetime) -> SeenLink:
    return SeenLink(
        url=f"http://{paper.name}/{number}", host="h", portal="p", published_at=at.replace(second=0) if paper.is_dated else None
    )


def _shown(paper: Paper, links: Sequence[SeenLink], pins: Sequence[SeenLink], n_out: int, page: int, *, catches_up: bool) -> Shown:
    newest = max(0, n_out - (page - 1) * paper.window)
    listed = (*pins, *reversed(links[max(0, newest - paper.window) : newest]))
    has_older = catches_up and paper.elsewhere == "pages" and newest > paper.window
    return Shown(
        kind="listing" if paper.elsewhere == "pages" else "feed",
        links=listed,
        n_entries=len(listed),
        next_page=f"http://{paper.name}/page/{page + 1}" if has_older else None,
        elsewhere=("sitemap",) if catches_up and paper.elsewhere == "sitemap" else (),
    )


def _find(polled: Polled, links: Sequence[SeenLink], listed: Sequence[SeenLink], now: datetime) -> set[str]:
    numbers = [int(link.url.rpartition("/")[2]) for link in listed]
    fresh = {n for n in numbers if n >= 0 and n not in polled.found}
    polled.found |= dict.fromkeys(fresh, now)
    return {links[n].url for n in fresh}
