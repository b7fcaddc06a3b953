"""Requests and delays of the adaptive schedule beside a fixed interval of ten minutes, on the same simulated press."""

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.figures import Figures
from bench.week import HABITS, START, WEEK, Paper, Polled, poll
from crawler.schedule import Bounds

BOUNDS = Bounds(min_s=300, max_s=21_600)  # the defaults of `poll:`
FIXED_S = 600.0
RATES = (6, 12, 20, 35, 60)
WINDOWS = (20, 30, 15, 50, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    seeds: tuple[int, ...]
    n_weeks: int


FULL = Size(seeds=(101, 102, 103, 104), n_weeks=4)
"""Neither of the seeds 1 and 2 is among them, on which `crawler.pace` was tuned."""

TINY = Size(seeds=(101,), n_weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a week of polling all papers cost and gave."""

    n_requests: int
    delays_s: Sequence[float]

    @property
    def median_s(self) -> float:
        return statistics.median(self.delays_s)


def papers() -> list[Paper]:
    """Each habit with each rate; half of the lists tell dates."""
    return [
        Paper(name=f"paper-{n}-{rate}", habit=habit, per_day=rate, window=WINDOWS[(n + m) % len(WINDOWS)], is_dated=(n + m) % 2 == 0)
        for n, habit in enumerate(HABITS)
        for m, rate in enumerate(RATES)
    ]


def adaptive(runs: Sequence[Polled], week: int) -> Outcome:
    since, until = _week(week)
    delays_s = [delay for polled in runs for delay in polled.delays_s(since, until)]
    return Outcome(n_requests=sum(polled.n_asked(since, until) for polled in runs), delays_s=delays_s)


def fixed(runs: Sequence[Polled], week: int) -> Outcome:
    """The same items, asked for every ten minutes from a moment of each source's own."""
    since, until = _week(week)
    n_requests, delays_s = 0, list[float]()
    for polled in runs:
        phase_s = random.Random(polled.paper.name).uniform(0, FIXED_S)
        n_requests += int((until - since).total_seconds() / FIXED_S)
        appeared = (at for at in polled.appeared if since <= at < until)
        delays_s += [FIXED_S - ((at - START).total_seconds() - phase_s) % FIXED_S for at in appeared]
    return Outcome(n_requests=n_requests, delays_s=delays_s)


def _week(week: int) -> tuple[datetime, datetime]:
    since = START + (week - 1) * WEEK
    return since, since + WEEK - timedelta(microseconds=1)


def run(size: Size) -> list[Polled]:
    return [poll(paper, str(seed), n_weeks=size.n_weeks, bounds=BOUNDS) for seed in size.seeds for paper in papers()]


def measure(size: Size) -> Figures:
    runs = run(size)
    weeks = sorted({1, size.n_weeks})
    rows = [_row("fixed, every 10 minutes", fixed(runs, 1), fixed(runs, 1))]
    rows += [_row(f"adaptive, week {week}", adaptive(runs, week), fixed(runs, week)) for week in weeks]
    by_habit = [
        _row(f"… {habit.name}", adaptive(ours, weeks[-1]), fixed(ours, weeks[-1]))
        for habit in HABITS
        for ours in [[polled for polled in runs if polled.paper.habit == habit]]
    ]
    by_rate = [
        _row(f"… {rate} items a day", adaptive(ours, weeks[-1]), fixed(ours, weeks[-1]))
        for rate in RATES
        for ours in [[polled for polled in runs if polled.paper.per_day == rate]]
    ]
    return Figures(
        name="economy",
        input=(
            f"{len(papers())} simulated sources (five habits of publishing, 6 to 60 items a day) with {len(size.seeds)} seeds "
            f"({size.seeds[0]}-{size.seeds[-1]}), {size.n_weeks} weeks each; morning and afternoon peaks, quiet nights, weekend dips, a dead weekend, bursts "
            "of press releases; bounds as shipped (5 minutes, 6 hours); the constants were tuned on seeds 1 and 2"
        ),
        columns=("schedule", "requests a source and day", "of the fixed", "median delay s", "mean s", "90 % within s"),
        rows=(*rows, *by_habit, *by_rate),
        notes=(
            f"The lines with … are parts of week {weeks[-1]}.",
            "Delay: from publication to discovery. Week 1 begins with nothing but the dates of the first list, where it tells any.",
            "A source that publishes evenly around the clock has no rhythm to follow: there half the requests are twice the delay.",
        ),
    )


def _row(name: str, ours: Outcome, theirs: Outcome) -> tuple[str, ...]:
    per_day = ours.n_requests / theirs.n_requests * 86_400 / FIXED_S
    ninth = statistics.quantiles(ours.delays_s, n=10)[8]
    return (
        name,
        f"{per_day:.1f}",
        f"{ours.n_requests / theirs.n_requests:.0%}",
        f"{ours.median_s:.0f}",
        f"{statistics.mean(ours.delays_s):.0f}",
        f"{ninth:.0f}",
    )
