"""Silence is never trusted: is a source quieter than its own rhythm makes plausible? Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.records import Standing

PLAUSIBLE = 0.001  # issue 3, "silence is never trusted": one false alarm in a thousand ordinary silences
AT_LEAST = timedelta(days=1)
ITEMS_PER_DEGREE = 10.0
MAX_DEGREES = 8.0
"""Newsrooms publish in bursts and take days off, so a silence is likelier than Poisson's: as a gamma mixture with at most this shape. Eleven
expected items without one are then just implausible, and more as long as little has been seen of the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The silence a source is in: since its last fresh item, and how many items its rhythm has led us to expect since."""

    since: datetime | None = None
    expected: float = 0.0


MIN_SOURCES = 3
"""The fewest of which "everything" can be said."""

FAILS_FOR = timedelta(hours=1)
"""A failure counts as silence from here on: shorter ones are hiccups."""


def plausibility(expected: float, *, n_items: float) -> float:
    """The probability of not one item where `expected` were expected, by a rhythm learnt from `n_items`."""
    degrees = min(n_items / ITEMS_PER_DEGREE, MAX_DEGREES)
    return float((1 + expected / degrees) ** -degrees) if degrees > 0 else 1.0


def is_suspicious(quiet: Quiet, *, n_items: float, now: datetime) -> bool:
    if quiet.since is None or now - quiet.since < AT_LEAST:
        return False
    return plausibility(quiet.expected, n_items=n_items) < PLAUSIBLE


def majority_since(standing: Standing, now: datetime) -> datetime | None:
    """Since when more than half of the active sources have given nothing, be it that they fail or that they are quiet; None when most do."""
    silent = sorted((*(since for since in standing.failing_since if now - since >= FAILS_FOR), *standing.quiet_since))
    needed = standing.n_active // 2
    return silent[needed] if standing.n_active >= MIN_SOURCES and len(silent) > needed else None
