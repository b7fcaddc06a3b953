"""What an answer's status and headers say: a failure and its kind, when to come back, how long it stays fresh. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from crawler.errors import Failure

MAX_RETRY_AFTER_S = 86_400.0  # whoever asks for more is asked again tomorrow
MAX_FRESH_S = 7 * 86_400.0
_USABLE = frozenset({HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION})
_BY_STATUS: dict[int, Failure] = {
    HTTPStatus.NO_CONTENT: Failure.EMPTY,
    HTTPStatus.RESET_CONTENT: Failure.EMPTY,
    HTTPStatus.NOT_FOUND: Failure.NOT_FOUND,
    HTTPStatus.GONE: Failure.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS: Failure.THROTTLED,
    HTTPStatus.SERVICE_UNAVAILABLE: Failure.THROTTLED,
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS: Failure.BLOCKED,
}
_BY_CLASS = {3: Failure.REDIRECT, 4: Failure.HTTP_4XX, 5: Failure.HTTP_5XX}
_SECONDS = re.compile(r"\s*(\d{1,12})(?:\.\d*)?\s*")
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_STALE = re.compile(r"(?:^|[\s,])no-(?:cache|store)(?![\w-])", re.IGNORECASE)


def failure_of(status: int) -> Failure | None:
    """The failure that `status` stands for; None for the answers that we can use."""
    if status in _USABLE:
        return None
    return _BY_STATUS.get(status) or _BY_CLASS.get(status // 100, Failure.PROTOCOL)


def retry_after_s(value: str | None, *, now: datetime) -> float | None:
    """Seconds from `now` that a Retry-After header asks for, at most a day; None if it says nothing readable."""
    if value is None:
        return None
    if (seconds := _SECONDS.fullmatch(value)) is not None:
        return min(float(seconds[1]), MAX_RETRY_AFTER_S)
    at = _http_date(value)
    return None if at is None else min(max((at - now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def max_age_s(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """How long the answer stays fresh by its own word: Cache-Control, else Expires; at most a week; None if it says nothing."""
    control = headers.get("cache-control", "")
    if (age := _MAX_AGE.search(control)) is not None:
        spent = _SECONDS.fullmatch(headers.get("age", "0"))
        return min(max(float(age[1]) - (float(spent[1]) if spent else 0.0), 0.0), MAX_FRESH_S)
    if _STALE.search(control):
        return 0.0
    if "expires" not in headers:
        return None
    until, sent = _http_date(headers["expires"]), _http_date(headers.get("date", ""))
    return 0.0 if until is None else min(max((until - (sent or now)).total_seconds(), 0.0), MAX_FRESH_S)  # "Expires: 0" is stale, RFC 9111


def _http_date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value[:64])
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
