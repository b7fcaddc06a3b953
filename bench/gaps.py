"""The gap meter over a simulated week: bursts three times as long as the list, pinned items; with and without catching up."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Figures
from bench.week import HABITS, START, Paper, Polled, poll
from crawler.schedule import Bounds

BOUNDS = Bounds(min_s=300, max_s=21_600)  # the defaults of `poll:`
LISTS = ((15, True), (20, False), (10, True), (30, False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    seeds: tuple[int, ...]


FULL = Size(seeds=(11, 12, 13, 14, 15))
TINY = Size(seeds=(11,))


def papers() -> list[Paper]:
    """Every way to catch up with every kind of list, with and without pinned items."""
    return [
        Paper(
            name=f"{elsewhere}-{window}-{n_pinned}",
            habit=HABITS[n],
            per_day=30,
            window=window,
            is_dated=is_dated,
            n_pinned=n_pinned,
            elsewhere=elsewhere,
            burst=3 * window,
        )
        for n, (window, is_dated) in enumerate(LISTS)
        for elsewhere in ("pages", "sitemap")
        for n_pinned in (0, 3)
    ]


def week(seed: int, *, catches_up: bool) -> list[Polled]:
    return [poll(paper, str(seed), n_weeks=1, bounds=BOUNDS, catches_up=catches_up) for paper in papers()]


def measure(size: Size) -> Figures:
    runs = {catches_up: [polled for seed in size.seeds for polled in week(seed, catches_up=catches_up)] for catches_up in (True, False)}
    return Figures(
        name="gaps",
        input=(
            f"{len(papers())} sources over {len(size.seeds)} simulated weeks (seeds {size.seeds[0]}-{size.seeds[-1]}): lists of 10 to 30 items, half of them"
            " with three pinned ones, about 30 items a day, and once or twice a week a burst of three times the list within 20 minutes"
        ),
        columns=("catching up", "items published", "missed", "gaps shown", "not closed", "found by turning pages", "requests"),
        rows=tuple(_row(name, runs[catches_up]) for name, catches_up in (("on", True), ("off", False))),
        notes=(
            "Half of the sources have older pages, half a sitemap beside them; the items a sitemap gave are counted as found, not as found by pages.",
        ),
    )


def _row(name: str, runs: Sequence[Polled]) -> tuple[str, ...]:
    figures = (
        sum(polled.n_published(START) for polled in runs),
        sum(len(polled.missed(START)) for polled in runs),
        *(sum(polled.report[key] for polled in runs) for key in ("n_gaps", "n_open_gaps", "n_caught")),
        sum(len(polled.asked) for polled in runs),
    )
    return (name, *(f"{figure:,}" for figure in figures))
