"""The noun all benchmarks give back: one table with the input it was measured on."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One table of docs/benchmarks.md. The first column names what was measured, the others are figures as printed."""

    name: str
    """Of the benchmark, as on the command line and in the markers of the page."""
    input: str
    """What was measured on what, so that somebody else can do it again."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    """What the figures say beside the table, one sentence each."""


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    """The median, and the lowest and highest where there are several."""
    middle = f"{median(values):,.0f}" if median(values) >= 100 else f"{median(values):.1f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):,.0f}-{max(values):,.0f})"
