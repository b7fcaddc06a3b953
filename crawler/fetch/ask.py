"""One question to one host, in its turn: resolve, guard, connect, download within the deadline."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from http.cookiejar import CookieJar
from typing import TypeAlias

import httpx

from config.settings import Http
from crawler.errors import Failure, FetchError
from crawler.fetch.download import Accept, Answer, download
from crawler.fetch.failures import WIRE_ERRORS, failure_of, reason_of
from crawler.fetch.guard import AddressGuard, Target, read_target
from crawler.fetch.outage import Outage, may_be_ours
from crawler.fetch.pace import Pace
from crawler.fetch.politeness import Gate, PausedError
from crawler.fetch.probe import Probe
from crawler.fetch.resolver import Resolver
from crawler.fetch.transport import Connection, Connections, Transport, Ways

MAX_ADDRESSES = 3  # of one host, tried one after the other
Headers: TypeAlias = Mapping[bytes, bytes]


class _StaleError(Exception):
    """The server had closed the kept connection before our request arrived."""


class _NoCookies(CookieJar):
    """Takes none, so that no request depends on an earlier one."""

    def extract_cookies(self, response: object, request: object) -> None:
        pass


class Asker:
    """Owns the process's one httpx client. Raises FetchError for whatever keeps it from an answer."""

    def __init__(
        self,
        *,
        http: Http,
        gate: Gate,
        user_agent: str,
        clock: Callable[[], datetime],
        resolver: Resolver,
        outage: Outage,
        ways: Ways,
    ) -> None:
        self._settings, self._gate, self._clock = http, gate, clock
        self._resolver, self._outage, self._pace = resolver, outage, Pace()
        self._guard = AddressGuard(http.allow_addresses)
        self._connections = Connections(guard=self._guard, resolver=resolver, ways=ways)
        self._http = httpx.AsyncClient(
            transport=Transport(self._connections),
            trust_env=False,
            timeout=None,  # noqa: S113  one deadline per request stands in _exchange
            headers={"user-agent": user_agent, "accept-encoding": "gzip", "accept-language": "vi, *;q=0.5"},
            cookies=_NoCookies(),
        )
        self._probe = Probe(partial(self._is_answered, str(http.probe_url)), outage) if http.probe_url else None

    async def aclose(self) -> None:
        if self._probe is not None:
            await self._probe.aclose()
        await self._http.aclose()

    def retune(self, ways: Ways) -> None:
        self._connections.retune(ways)

    async def look_outside(self) -> bool:
        """Ask the probe, if there is one, whether we are still offline. Whether there is one."""
        if self._probe is not None:
            await self._probe.consult()
        return self._probe is not None

    async def ask(self, target: Target, headers: Headers, interval_s: float | None, accept: Accept) -> Answer:
        """One request in the host's turn, and one more, in a turn of its own, if a kept connection proves dead."""
        request = self._http.build_request("GET", target.url, headers=headers)
        url = target.text
        for _ in range(2):
            try:
                async with self._gate.host(target.host, interval_s=interval_s):
                    return await self._try_addresses(target, request, accept)
            except _StaleError:
                continue
            except PausedError as paused:
                raise FetchError(url, str(paused), kind=Failure.THROTTLED, retry_after_s=paused.remaining_s) from paused
            except FetchError as error:
                if may_be_ours(error):
                    await self.look_outside()
                    error.kind = Failure.OFFLINE if self._outage.is_offline else error.kind
                raise
        raise FetchError(url, "two kept connections in a row were dead", kind=Failure.RESET)

    def _note_failure(self, target: Target, error: FetchError) -> None:
        """Still in the host's turn, so that nobody slips in before the pause."""
        if error.kind is Failure.THROTTLED:
            error.retry_after_s = self._gate.throttled(target.host, error.retry_after_s)
        elif error.retry_after_s is not None:
            self._gate.pause(target.host, error.retry_after_s)

    async def _is_answered(self, url: str) -> bool | None:
        """Whether an HTTP answer came, whatever it says; None where we ourselves refuse to ask."""
        try:
            target = read_target(url)
            async with self._gate.host(target.host):
                await self._try_addresses(target, self._http.build_request("GET", target.url), "any")
        except (_StaleError, PausedError):
            return None
        except FetchError as error:
            return None if error.kind is Failure.GUARDED else error.status is not None
        return True

    async def _try_addresses(self, target: Target, request: httpx.Request, accept: Accept) -> Answer:
        """Ask the first address that takes a connection."""
        addresses = self._connections.preferred(target, await self._addresses(target))[:MAX_ADDRESSES]
        for address in addresses:
            try:
                return await self._exchange(target, address, request, accept)
            except FetchError as error:
                self._note_failure(target, error)
                if error.connected:
                    raise
                if address == addresses[-1]:
                    self._resolver.forget(target.host)
                    raise
        raise AssertionError("a host has at least one address")

    async def _addresses(self, target: Target) -> tuple[str, ...]:
        url = target.text
        try:
            async with asyncio.timeout(self._settings.deadline_s):
                addresses = await self._resolver.addresses(target.host)
        except (OSError, UnicodeError) as error:
            self._outage.note(asyncio.get_running_loop().time(), target.host, connected=False)
            raise FetchError(url, reason_of(error), kind=Failure.DNS, connected=False) from error
        for address in addresses:
            if (why := self._guard.refusal(address)) is not None:
                raise FetchError(url, why, kind=Failure.GUARDED)
        return addresses

    async def _exchange(self, target: Target, address: str, request: httpx.Request, accept: Accept) -> Answer:
        """Connect and download within the deadline, in the address's turn. Raises: FetchError, _StaleError."""
        connection: Connection | None = None
        async with self._gate.address(address):
            await self._pace.next()
            try:
                async with asyncio.timeout(self._settings.deadline_s):
                    connection = await self._connections.take(target, address)
                    self._outage.note(asyncio.get_running_loop().time(), target.host, connected=True)
                    request.extensions["connection"] = connection
                    answer = await download(self._http, request, max_bytes=self._settings.max_bytes, accept=accept, now=self._clock())
            except WIRE_ERRORS as error:
                raise self._failure(target, connection, error) from error
        self._gate.succeeded(target.host)
        return answer

    def _failure(self, target: Target, connection: Connection | None, error: Exception) -> FetchError | _StaleError:
        kind = failure_of(error)
        if connection is not None and connection.was_used and kind is Failure.RESET and not connection.has_answered:
            return _StaleError()
        connected = connection is not None or kind in {Failure.TLS, Failure.GUARDED, Failure.PROXY}
        if not connected:
            self._outage.note(asyncio.get_running_loop().time(), target.host, connected=False)
        return FetchError(target.text, reason_of(error), kind=kind, connected=connected)
