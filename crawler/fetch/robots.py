"""robots.txt after RFC 9309: fetched once a day per origin, remembered over restarts, obeyed."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from protego import Protego

from crawler.errors import Failure, FetchError

PRODUCT = "canhbao"
MAX_AGE = timedelta(hours=24)  # RFC 9309 §2.4
UNREACHABLE_FOR = timedelta(days=30)  # RFC 9309 §2.3.1.4: then it counts as if there were none
MAX_PARSED_BYTES = 500 * 1024  # RFC 9309 §2.5
MAX_CRAWL_DELAY_S = 60.0  # a larger one is meant to keep robots out, and says so under Disallow if it means it
MAX_KEPT_BYTES = 20_000  # of text that `state` hands out; a longer one is fetched again after a restart
MAX_ORIGINS = 20_000
OFF_THREAD_BYTES = 30_000  # parsing this much takes some 20 ms
TOO_MANY_REQUESTS = 429

_OURS = re.compile(
    rf"(?im)^([ \t]*user-?agent[ \t]*:[ \t]*{PRODUCT})\b[/ ].*$"
)  # an admin pastes the whole User-Agent from his log; protego wants the name

Fetch: TypeAlias = Callable[[str], Awaitable[bytes]]
"""Gives the body of a robots.txt, redirects followed. Raises: FetchError."""


class Rules:
    """What one robots.txt says to us; `text` is None where there is none."""

    def __init__(self, text: str | None, *, fetched_at: datetime) -> None:
        self.text, self.fetched_at = text, fetched_at
        self._parsed = Protego.parse(_OURS.sub(r"\1", text)) if text else None
        delay_s = self._parsed.crawl_delay(PRODUCT) if self._parsed is not None else None
        self.crawl_delay_s = min(delay_s or 0.0, MAX_CRAWL_DELAY_S)
        self.sitemaps: tuple[str, ...] = tuple(self._parsed.sitemaps) if self._parsed is not None else ()

    def allow(self, url: str) -> bool:
        return self._parsed is None or bool(self._parsed.can_fetch(url, PRODUCT))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Silence:
    """An origin whose robots.txt cannot be had: since when, and when we ask again."""

    since: datetime
    ask_again_at: datetime
    why: str


class Robots:
    """The rules of all origins. `retry` is the pause after an origin answered, but gave no rules."""

    def __init__(self, *, clock: Callable[[], datetime], max_age: timedelta = MAX_AGE, retry: timedelta = timedelta(minutes=5)) -> None:
        self._clock, self._max_age, self._retry = clock, min(max_age, MAX_AGE), retry
        self._rules: dict[str, Rules] = {}
        self._silent: dict[str, _Silence] = {}
        self._flights: dict[str, asyncio.Future[FetchError | None]] = {}

    async def rules(self, origin: str, fetch: Fetch) -> Rules:
        """The rules of `origin` (scheme://host:port), asked for at most once a day however many wait.

        Raises: FetchError, of kind robots-unreachable, or of the kind that keeps us from the host altogether (dns, refused, tls …).
        """
        while True:
            if (known := self._known(origin)) is not None:
                return known
            flight = self._flights.get(origin)
            if flight is None:
                return await self._lead(origin, fetch)
            if (failure := await asyncio.shield(flight)) is not None:
                raise _again(failure)

    def _known(self, origin: str) -> Rules | None:
        now = self._clock()
        rules = self._rules.get(origin)
        if rules is not None and now - rules.fetched_at < self._max_age:
            return rules
        silence = self._silent.get(origin)
        if silence is None or now >= silence.ask_again_at:
            return None
        return self._in_silence(origin, silence, now)

    def _in_silence(self, origin: str, silence: _Silence, now: datetime) -> Rules:
        """The last rules we saw (RFC 9309 §2.4 lets them live on), none after a month, else all is forbidden."""
        if now - silence.since >= UNREACHABLE_FOR:
            return Rules(None, fetched_at=now)
        if (held := self._rules.get(origin)) is not None:
            return held
        raise FetchError(f"{origin}/robots.txt", silence.why, kind=Failure.ROBOTS_UNREACHABLE)

    async def _lead(self, origin: str, fetch: Fetch) -> Rules:
        flight = self._flights[origin] = asyncio.get_running_loop().create_future()
        failure: FetchError | None = None
        try:
            return await self._ask(origin, fetch)
        except FetchError as error:
            failure = error
            raise
        finally:
            del self._flights[origin]
            flight.set_result(failure)  # None also when we were cancelled: the next one leads

    async def _ask(self, origin: str, fetch: Fetch) -> Rules:
        try:
            body = await fetch(f"{origin}/robots.txt")
        except FetchError as error:
            if not is_absent(error):
                return self._unreachable(origin, error)
            text = None
        else:
            text = body[:MAX_PARSED_BYTES].decode("utf-8-sig", errors="replace")
        now = self._clock()
        rules = await asyncio.to_thread(Rules, text, fetched_at=now) if len(text or "") > OFF_THREAD_BYTES else Rules(text, fetched_at=now)
        self._silent.pop(origin, None)
        self._keep(origin, rules)
        return rules

    def _unreachable(self, origin: str, error: FetchError) -> Rules:
        """Remember a refusal of the server. What keeps us from the host altogether is no word on robots.txt, and may be our own outage."""
        if not error.connected or error.kind in {Failure.TLS, Failure.GUARDED, Failure.PROXY, Failure.OFFLINE}:
            raise error
        now = self._clock()
        held = self._silent.get(origin)
        silence = _Silence(since=held.since if held else now, ask_again_at=now + self._retry, why=error.reason)
        self._silent[origin] = silence
        try:
            return self._in_silence(origin, silence, now)
        except FetchError as unreachable:
            unreachable.status, unreachable.retry_after_s = error.status, error.retry_after_s
            raise unreachable from error

    def _keep(self, origin: str, rules: Rules) -> None:
        if len(self._rules) >= MAX_ORIGINS:
            self._rules.pop(next(iter(self._rules)))
        self._rules.pop(origin, None)
        self._rules[origin] = rules

    def state(self) -> Mapping[str, Mapping[str, Any]]:
        """What to keep over a restart, as JSON types."""
        rules = {
            origin: {"text": rules.text, "fetched_at": rules.fetched_at.isoformat()}
            for origin, rules in self._rules.items()
            if len(rules.text or "") <= MAX_KEPT_BYTES
        }
        silent = {origin: {"since": silence.since.isoformat(), "why": silence.why} for origin, silence in self._silent.items()}
        return {"rules": rules, "silent": silent}

    def restore(self, state: Mapping[str, Mapping[str, Any]]) -> None:
        now = self._clock()
        for origin, kept in state.get("rules", {}).items():
            self._rules[origin] = Rules(kept["text"], fetched_at=min(now, datetime.fromisoformat(kept["fetched_at"])))
        for origin, kept in state.get("silent", {}).items():
            self._silent[origin] = _Silence(since=datetime.fromisoformat(kept["since"]), ask_again_at=now, why=kept["why"])


def is_absent(error: FetchError) -> bool:
    """Whether the answer says that there is no robots.txt: any 4xx but 429, and a redirect that leads nowhere."""
    client_error = error.status is not None and 400 <= error.status < 500 and error.status != TOO_MANY_REQUESTS  # noqa: PLR2004  the class of status codes
    return client_error or error.kind in {Failure.REDIRECT, Failure.EMPTY, Failure.CONTENT_TYPE}


def _again(error: FetchError) -> FetchError:
    """The same failure for another caller: an exception belongs to one traceback."""
    return FetchError(
        error.url, error.reason, kind=error.kind, status=error.status, retry_after_s=error.retry_after_s, connected=error.connected
    )
