"""When to ask again: polls, links, retries. Pure: `now`, the past and the luck (0..1) are arguments; times in UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.errors import Failure

SOURCE_JITTER = 0.1
"""Polls spread by ±10 %, so that sources configured together do not stay in step."""

LINK_RETRY_S = (60, 300, 1800, 7200, 21_600, 43_200, 86_400)
"""Pauses between tries of a page that fails for the moment; about two days in all, then failed(reason)."""

NOT_FOUND_RETRY_S = (300, 1800, 7200, 21_600)
"""Portals put a link into the feed before the page is there: 404 is believed after about eight hours, then gone."""

REFUSED_RETRY_S = (3600, 21_600)
"""Other 4xx: our fault or theirs, it rarely mends itself."""

BUG_RETRY_S = (60, 600)
"""A bug of ours: after three tries the link or source is parked as failed(bug)."""

TELL_AFTER_FAILURES = 3
TELL_AFTER = timedelta(hours=6)
"""A portal's nightly maintenance is no news; a source that was silent for a quarter of a day is."""

PARSE_RETRY_S = (600, 3600, 21_600)
"""A page without an article in it may be published half done."""


@dataclass(frozen=True, slots=True)
class Retry:
    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    state: Literal["gone", "failed"]


def next_poll(*, now: datetime, n_new: int, last_pause_s: float | None, min_s: float, max_s: float, luck: float) -> tuple[datetime, float]:
    """When to ask a source again, and the pause in seconds (to be remembered): something new halves it, nothing stretches it by half."""
    wanted_s = min_s if last_pause_s is None else last_pause_s / 2 if n_new else last_pause_s * 1.5
    pause_s = min(max(wanted_s, min_s), max_s)
    return now + timedelta(seconds=_jittered(pause_s, luck)), pause_s


def next_poll_after_failure(
    *, now: datetime, n_failures: int, min_s: float, max_s: float, retry_after_s: float | None, luck: float
) -> datetime:
    """When to ask a failing source again: doubling from `min_s` up to `max_s`, never given up, never before its Retry-After."""
    pause_s = min(min_s * 2 ** min(n_failures, 20), max_s)
    return now + timedelta(seconds=max(_jittered(pause_s, luck), retry_after_s or 0))


def is_worth_telling(*, n_failures: int, failing_since: datetime | None, now: datetime) -> bool:
    """Whether the operator should hear that a source gives nothing: not at the first hiccup, and not only after days."""
    return failing_since is not None and n_failures >= TELL_AFTER_FAILURES and now - failing_since >= TELL_AFTER


def next_try_of_link(
    kind: Failure, *, n_tries: int, now: datetime, retry_after_s: float | None, status: int | None = None
) -> Retry | GiveUp:
    """What becomes of a link after its `n_tries`-th failure (from 0)."""
    if status == 410:  # noqa: PLR2004 - HTTP's own "gone"
        return GiveUp("gone")
    ladder: Sequence[int] = LINK_RETRY_S
    if kind is Failure.NOT_FOUND:
        ladder = NOT_FOUND_RETRY_S
    elif kind in (Failure.HTTP_4XX, Failure.GUARDED, Failure.REDIRECT, Failure.CONTENT_TYPE, Failure.TOO_LARGE):
        ladder = REFUSED_RETRY_S
    return _from_ladder(ladder, n_tries, now, retry_after_s, "gone" if kind is Failure.NOT_FOUND else "failed")


def next_try_of_unreadable(*, n_tries: int, now: datetime) -> Retry | GiveUp:
    return _from_ladder(PARSE_RETRY_S, n_tries, now, None, "failed")


def next_try_after_bug(*, n_bugs: int, now: datetime) -> datetime:
    return now + timedelta(seconds=BUG_RETRY_S[min(n_bugs, len(BUG_RETRY_S) - 1)])


def _from_ladder(
    ladder: Sequence[int], n_tries: int, now: datetime, retry_after_s: float | None, end: Literal["gone", "failed"]
) -> Retry | GiveUp:
    if n_tries >= len(ladder):
        return GiveUp(end)
    return Retry(now + timedelta(seconds=max(ladder[n_tries], retry_after_s or 0)))


def _jittered(pause_s: float, luck: float) -> float:
    return pause_s * (1 + SOURCE_JITTER * (2 * luck - 1))
