"""When a message that was not taken is tried again, and when no more. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.errors import DeliveryError

MAX_RETRY_AFTER_S = 86_400.0  # a receiver may ask for a day's patience, not for a year's
JITTER = 0.2  # of each pause: receivers that were down together are not asked together


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    at: datetime
    why: str

    def __str__(self) -> str:
        return f"{self.why}; tried again at {self.at:%Y-%m-%d %H:%M:%S} UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    why: str

    def __str__(self) -> str:
        return f"{self.why}; dead"


def after(failure: DeliveryError, *, reason: str, n_tries: int, retry_s: Sequence[float], now: datetime, luck: float) -> Retry | Dead:
    """What follows a failed try that `n_tries` went before.

    `reason` is the failure's own, fit to be shown. `luck` in [0, 1) spreads the pause by a fifth either way.
    """
    if failure.gone or failure.permanent:
        return Dead(why=reason)
    if n_tries >= len(retry_s):
        return Dead(why=f"{reason} (given up after {n_tries + 1} tries)")
    pause_s = retry_s[n_tries] * (1 - JITTER + 2 * JITTER * luck)
    if failure.retry_after_s is not None:
        pause_s = max(pause_s, min(failure.retry_after_s, MAX_RETRY_AFTER_S))
    return Retry(at=now + timedelta(seconds=pause_s), why=reason)
