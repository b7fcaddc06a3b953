"""How often the rule of the contracts would cry wolf: simulated portals over many weeks, and how soon it sees a redesign at each.

Pure, no pages: the newsrooms are those of `tests.contracts`.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Figures, spread
from crawler.contract.guard import LOOK_AFTER_PAGES
from crawler.contract.rule import MEMORY, NEIGHBOURS, WINDOWS, Norm, is_suspicious, judge, missed, norm_of
from storage.records import Reading
from tests.contracts import ORDINARY, Habits, readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    weeks: int
    seeds: int


FULL, TINY = Scale(weeks=52, seeds=2), Scale(weeks=3, seeds=1)


def alarms(pages: Sequence[Reading]) -> tuple[int, int]:
    """(alarms that would be raised, pages that were judged in full) over all `pages`, as `crawler.contract.guard` looks at them."""
    n_alarms = n_judged = begin = 0
    norm: Norm | None = None
    misses: list[bool] = []
    for n in range(1, len(pages) + 1):
        seen = pages[max(begin, n - MEMORY) : n]
        if n % LOOK_AFTER_PAGES == 0 or norm is None:
            norm = norm_of(seen[: -WINDOWS[0]])
        misses.append(norm is not None and bool(missed(seen[-1], seen[-1 - NEIGHBOURS : -1], norm)))
        if not is_suspicious(misses):
            continue
        n_judged += 1
        if judge(seen):
            n_alarms, begin, norm = n_alarms + 1, n, None  # the portal begins anew
    return n_alarms, n_judged


def pages_to_alarm(habits: Habits, seed: int) -> int:
    """After how many pages of a redesign the alarm comes."""
    before = list(readings(habits, 60, random.Random(f"redesign/{seed}")))
    return next(n for n in range(1, 50) if judge([*before, *[Reading()] * n][-MEMORY:]))


def measure(scale: Scale) -> Figures:
    """One row for each kind of portal."""
    rows: list[tuple[str, ...]] = []
    n_all = n_alarms = 0
    began = time.process_time()
    for name, habits in ORDINARY.items():
        runs = [list(readings(habits, 7 * scale.weeks, random.Random(f"{name}/{seed}"))) for seed in range(scale.seeds)]
        found = [alarms(pages) for pages in runs]
        n_pages, n_raised, n_judged = sum(map(len, runs)), sum(one for one, _ in found), sum(judged for _, judged in found)
        after = [pages_to_alarm(habits, seed) for seed in range(scale.seeds)]
        rows.append((name, f"{n_pages:,}", str(n_raised), f"{n_judged / n_pages:.1%}", spread(after)))
        n_all, n_alarms = n_all + n_pages, n_alarms + n_raised
    spent_us = (time.process_time() - began) / n_all * 1e6
    n_weeks = len(ORDINARY) * scale.seeds * scale.weeks
    return Figures(
        name="contracts",
        input=f"{len(ORDINARY)} kinds of newsrooms (tests/contracts.py), {scale.seeds} times {scale.weeks} weeks of each without a redesign, then one",
        columns=("newsroom", "pages", "false alarms", "judged in full", "pages to the alarm"),
        rows=tuple(rows),
        notes=(f"{n_alarms} false alarms in {n_weeks:,} portal-weeks, {n_all:,} pages; {spent_us:.0f} µs of processor time a page.",),
    )
