"""How long to wait before a source is asked again, as its rhythm has it. Pure.

An article should not wait long, a portal should not be asked in vain: the pause ends when the items expected by then, each weighed by
how long it would have waited, are worth a request. What is left constant makes a source with one item an hour be asked every `PAUSE_S`
in an hour of its ordinary rate; three times the rate is asked about twice as often, a source with ten times the items 1.4 times as often.
The constants were tuned on the seeds 1 and 2 of `python -m bench economy`, which reports others; docs/decisions/0020-adaptive-polling.md.
"""

from collections.abc import Iterable
from datetime import datetime

from crawler.rhythm import Rhythm, ahead

PAUSE_S = 1250.0
IMPATIENCE = 1 / 3
"""An article's wait weighs by this power: below 1 the first minutes matter most, and requests gather in the hours of most news."""

SIZE = 0.15
WINDOW_SHARE = 0.25
"""A list should never turn over by more than a quarter between two polls: bursts are four times as fast as the habit, or more."""

STEP_S = 600.0


def pause_s(rhythm: Rhythm, now: datetime, *, own_share: float = 1.0, window: int | None = None, haste: float = 1.0, max_s: float) -> float:
    """Seconds from `now` until a poll is worth its request, at most `max_s`. `window`: how many items the source's list holds."""
    level = rhythm.level
    at_level_s = PAUSE_S * (level * max(own_share, 0.05)) ** -SIZE
    worth = at_level_s ** (1 + IMPATIENCE) * level / 3600
    most = window * WINDOW_SHARE if window else float("inf")
    return _until(ahead(rhythm, now, up_to_s=max_s, step_s=STEP_S), worth=worth, most=most) / haste


def _until(rates: Iterable[tuple[float, float]], *, worth: float, most: float) -> float:
    """When the expected items reach `most`, or weighed by the time waited so far are `worth` it."""
    passed_s = items = 0.0
    for lasts_s, rate in rates:
        after_s, more = passed_s + lasts_s, rate * lasts_s / 3600
        before, then = _weight(items, passed_s), _weight(items + more, after_s)
        if then >= worth or items + more >= most:
            to_worth = (worth - before) / (then - before) if then > before else 1.0
            to_most = (most - items) / more if more else 1.0
            return passed_s + lasts_s * min(max(to_worth, 0.0), max(to_most, 0.0), 1.0)
        passed_s, items = after_s, items + more
    return passed_s


def _weight(items: float, waited_s: float) -> float:
    return float(items * waited_s**IMPATIENCE)
