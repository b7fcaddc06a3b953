"""What becomes of a source or a link after a failure: every kind of failure has its class, and each class its pauses. Pure.

The one table of it is `TAXONOMY`; docs/operating.md shows it, and a test compares the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from crawler.errors import Failure

FailureClass: TypeAlias = Literal["temporary", "soft", "hard", "ours"]
End: TypeAlias = Literal["gone", "failed"]

TEMPORARY_S = (60, 300, 1800, 7200, 21_600, 43_200, 86_400)
"""Their server or the way to it: about two days in all, a weekend without its administrator."""

NOT_FOUND_S = (300, 1800, 7200, 21_600)
"""Portals put a link into the feed before the page is there: 404 is believed after about eight hours."""

SOFT_S = (600, 3600, 21_600)
"""They answer, but not with what it should be: a page may be published half done, and is mended within the day."""

HARD_S = (3600, 21_600)
"""They refuse, or we do: it rarely mends itself."""

OFFLINE_S = 60
"""While we are offline ourselves: asked again every minute, and nothing is counted."""

BUG_S = (60, 600)
"""A bug of ours: after three tries the link is parked as failed(bug)."""

SOURCE_CAP_S: Mapping[FailureClass, float] = {"temporary": 3600, "soft": 21_600, "hard": 86_400, "ours": OFFLINE_S}
"""The longest pause of a failing source: a portal that comes back is read within the hour. Never given up."""

SOURCE_FIRST_S: Mapping[FailureClass, float] = {"temporary": 0, "soft": 600, "hard": 3600, "ours": OFFLINE_S}

MAX_RETRY_AFTER_S = 86_400
"""A longer Retry-After is a mistake, or a "never" that deserves to be asked again tomorrow."""

SOURCE_JITTER = 0.1
TELL_AFTER_FAILURES = 3
TELL_AFTER = timedelta(hours=6)
"""A portal's nightly maintenance is no news; a source that was silent for a quarter of a day is."""


@dataclass(frozen=True, slots=True)
class Treatment:
    kind: FailureClass
    link_pauses_s: Sequence[int]
    """After each failed try; empty: again after `OFFLINE_S`, for ever, and not counted against it."""
    end: End = "failed"


_TEMPORARY = Treatment("temporary", TEMPORARY_S)
_SOFT = Treatment("soft", SOFT_S)
_HARD = Treatment("hard", HARD_S)

TAXONOMY: Mapping[Failure, Treatment] = {
    Failure.DNS: _TEMPORARY,
    Failure.REFUSED: _TEMPORARY,
    Failure.TLS: _TEMPORARY,
    Failure.TIMEOUT: _TEMPORARY,
    Failure.RESET: _TEMPORARY,
    Failure.PROTOCOL: _TEMPORARY,
    Failure.TRUNCATED: _TEMPORARY,
    Failure.THROTTLED: _TEMPORARY,
    Failure.HTTP_5XX: _TEMPORARY,
    Failure.ROBOTS_UNREACHABLE: _TEMPORARY,
    Failure.NOT_FOUND: Treatment("soft", NOT_FOUND_S, "gone"),
    Failure.BAD_ENCODING: _SOFT,
    Failure.NOT_A_FEED: _SOFT,
    Failure.EMPTY: _SOFT,
    Failure.BLOCKED: _SOFT,
    Failure.HTTP_4XX: _HARD,
    Failure.REDIRECT: _HARD,
    Failure.GUARDED: _HARD,
    Failure.CONTENT_TYPE: _HARD,
    Failure.TOO_LARGE: _HARD,
    Failure.PROXY: Treatment("temporary", ()),  # the operator hears of the source; no article is given up for it
    Failure.OFFLINE: Treatment("ours", ()),
}


@dataclass(frozen=True, slots=True)
class Retry:
    at: datetime
    is_counted: bool = True
    """Whether this try was the link's fault."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    state: End


def next_poll_after_failure(
    kind: Failure | None, *, now: datetime, n_failures: int, min_s: float, max_s: float, retry_after_s: float | None, luck: float
) -> datetime:
    """When to ask a failing source again: doubling with each failure up to its class's cap, within the source's bounds.

    Never before its Retry-After, if that is within a day. `n_failures`: before this one. `kind` None: a bug of ours.
    """
    failure_class: FailureClass = TAXONOMY[kind].kind if kind else "temporary"
    if failure_class == "ours":
        return now + timedelta(seconds=min(OFFLINE_S, max_s))
    first_s = max(min_s, SOURCE_FIRST_S[failure_class])
    pause_s = min(first_s * 2.0 ** min(n_failures, 20), SOURCE_CAP_S[failure_class])
    jittered_s = min(max(pause_s, min_s), max_s) * (1 + SOURCE_JITTER * (2 * luck - 1))
    return now + timedelta(seconds=max(min(max(jittered_s, min_s), max_s), min(retry_after_s or 0, MAX_RETRY_AFTER_S)))


def is_worth_telling(*, n_failures: int, failing_since: datetime | None, now: datetime) -> bool:
    """Whether the operator should hear that a source gives nothing: not at the first hiccup, and not only after days."""
    return failing_since is not None and n_failures >= TELL_AFTER_FAILURES and now - failing_since >= TELL_AFTER


def next_try_of_link(
    kind: Failure, *, n_tries: int, now: datetime, retry_after_s: float | None, status: int | None = None
) -> Retry | GiveUp:
    """What becomes of a link after its `n_tries`-th failure (from 0)."""
    if status == 410:  # noqa: PLR2004 - HTTP's own "gone"
        return GiveUp("gone")
    treatment = TAXONOMY[kind]
    if not treatment.link_pauses_s:
        return Retry(now + timedelta(seconds=OFFLINE_S), is_counted=False)
    if kind is Failure.THROTTLED and status is None:  # the host wants its pause: it was not even asked
        return Retry(now + timedelta(seconds=min(retry_after_s or OFFLINE_S, MAX_RETRY_AFTER_S)), is_counted=False)
    return _from_ladder(treatment.link_pauses_s, n_tries, now, retry_after_s, treatment.end)


def next_try_of_unreadable(*, n_tries: int, now: datetime) -> Retry | GiveUp:
    """A page without an article in it."""
    return _from_ladder(SOFT_S, n_tries, now, None, "failed")


def next_try_after_bug(*, n_bugs: int, now: datetime) -> datetime:
    return now + timedelta(seconds=BUG_S[min(n_bugs, len(BUG_S) - 1)])


def _from_ladder(ladder: Sequence[int], n_tries: int, now: datetime, retry_after_s: float | None, end: End) -> Retry | GiveUp:
    if n_tries >= len(ladder):
        return GiveUp(end)
    return Retry(now + timedelta(seconds=max(ladder[n_tries], min(retry_after_s or 0, MAX_RETRY_AFTER_S))))
