"""Fetching a URL: robots, the host's and the address's turn, the guard, one bounded download, redirects by hand."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self, TypeAlias

import httpx

from config.settings import Http
from crawler.errors import Failure, FetchError
from crawler.fetch.answer import max_age_s
from crawler.fetch.download import NOT_MODIFIED, REDIRECTS, Accept, Answer, download
from crawler.fetch.failures import WIRE_ERRORS, failure_of, reason_of
from crawler.fetch.guard import AddressGuard, Target, read_target
from crawler.fetch.outage import Outage
from crawler.fetch.politeness import Gate, PausedError
from crawler.fetch.resolver import Resolver
from crawler.fetch.robots import Robots, Rules
from crawler.fetch.tls import TlsProfile
from crawler.fetch.transport import Connection, Connections, Transport
from crawler.model import NotModified, Page, Skipped, Validators

MAX_REDIRECTS = 5  # RFC 9309 asks for five; browsers allow twenty, honest portals use two
MAX_ADDRESSES = 3  # of one host, tried one after the other
Headers: TypeAlias = Mapping[bytes, bytes]
ACCEPT: Mapping[Accept, bytes] = {
    "feed": b"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "page": b"text/html, application/xhtml+xml, */*;q=0.5",
    "any": b"*/*",
}


class _StaleError(Exception):
    """The server had closed the kept connection before our request arrived."""


def user_agent(version: str, contact: str | None) -> str:
    """How we introduce ourselves: RFC 9110 product and, in brackets, whom to write to."""
    return f"canhbao/{version}" + (f" (+mailto:{contact})" if contact else "")


class Client:
    """The one way to the portals. Belongs to one running loop; use it as `async with`."""

    def __init__(
        self,
        *,
        http: Http,
        gate: Gate,
        robots: Robots,
        user_agent: str,
        clock: Callable[[], datetime],
        resolver: Resolver | None = None,
        outage: Outage | None = None,
        tls_by_host: Mapping[str, TlsProfile] | None = None,
    ) -> None:
        self._settings, self._gate, self._robots, self._clock = http, gate, robots, clock
        self._resolver, self._outage = resolver or Resolver(), outage or Outage()
        self._guard = AddressGuard(http.allow_addresses)
        self._connections = Connections(guard=self._guard, tls_by_host=tls_by_host or {})
        self._http = httpx.AsyncClient(
            transport=Transport(self._connections),
            trust_env=False,
            timeout=None,  # noqa: S113  one deadline per request stands in _exchange
            headers={"user-agent": user_agent, "accept-encoding": "gzip"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._http.aclose()

    async def get(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        accept: Accept = "any",
        portal_hosts: Collection[str] = (),
        interval_s: float | None = None,
    ) -> Page | NotModified | Skipped:
        """What stands at `url` now. `Skipped("robots")` where robots.txt forbids it, also on a redirect.

        `portal_hosts`: redirects to other hosts are failures. `interval_s`: the portal's own pause between requests.
        Raises: FetchError, and nothing else.
        """
        asked: list[Target] = []
        target = read_target(url)
        headers = _headers(validators, accept)
        while True:
            rules = await self._rules(target, interval_s)
            if not rules.allow(target.text):
                return Skipped("robots")
            answer = await self._ask(target, headers, self._pause_s(rules, interval_s), accept)
            asked.append(target)
            if answer.status not in REDIRECTS:
                return self._outcome(url, asked, answer, validators)
            target = _follow(asked, answer.headers["location"], portal_hosts)

    async def rules(self, url: str) -> Rules:
        """What robots.txt says at the origin of `url`: for discovery, which wants its sitemaps. Raises: FetchError."""
        return await self._rules(read_target(url), None)

    async def _rules(self, target: Target, interval_s: float | None) -> Rules:
        async def fetch(url: str) -> bytes:
            asked: list[Target] = []
            hop = read_target(url)
            while True:
                answer = await self._ask(hop, _headers(None, "any"), interval_s, "any")
                asked.append(hop)
                if answer.status not in REDIRECTS:
                    return answer.body
                hop = _follow(asked, answer.headers["location"], ())

        return await self._robots.rules(target.origin, fetch)

    def _pause_s(self, rules: Rules, interval_s: float | None) -> float:
        wanted_s = self._gate.per_host_interval_s if interval_s is None else interval_s
        return max(wanted_s, rules.crawl_delay_s)

    def _outcome(self, url: str, asked: list[Target], answer: Answer, validators: Validators | None) -> Page | NotModified:
        now, final = self._clock(), asked[-1].text
        if answer.status == NOT_MODIFIED:
            if validators is None or (validators.etag is None and validators.last_modified is None):
                raise FetchError(final, "304 to a question without validators", kind=Failure.PROTOCOL, status=NOT_MODIFIED)
            return NotModified(url=final, max_age_s=max_age_s(answer.headers, now=now))
        return Page(
            requested_url=url,
            url=final,
            status=answer.status,
            body=answer.body,
            content_type=answer.headers.get("content-type"),
            validators=Validators(etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified")),
            fetched_at=now,
            redirects=tuple(target.text for target in asked[:-1]),
            max_age_s=max_age_s(answer.headers, now=now),
        )

    async def _ask(self, target: Target, headers: Headers, interval_s: float | None, accept: Accept) -> Answer:
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
                self._note_failure(target, error)
                raise
        raise FetchError(url, "two kept connections in a row were dead", kind=Failure.RESET)

    def _note_failure(self, target: Target, error: FetchError) -> None:
        if error.kind is Failure.THROTTLED:
            error.retry_after_s = self._gate.throttled(target.host, error.retry_after_s)
        elif error.retry_after_s is not None:
            self._gate.pause(target.host, error.retry_after_s)
        elif not error.connected and self._outage.is_offline:
            error.kind = Failure.OFFLINE

    async def _try_addresses(self, target: Target, request: httpx.Request, accept: Accept) -> Answer:
        """Ask the first address that takes a connection."""
        addresses = self._connections.preferred(target, await self._addresses(target))[:MAX_ADDRESSES]
        for address in addresses:
            try:
                return await self._exchange(target, address, request, accept)
            except FetchError as error:
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
        connected = connection is not None or kind in {Failure.TLS, Failure.GUARDED}
        if not connected:
            self._outage.note(asyncio.get_running_loop().time(), target.host, connected=False)
        return FetchError(target.text, reason_of(error), kind=kind, connected=connected)


def _headers(validators: Validators | None, accept: Accept) -> Headers:
    headers = {b"accept": ACCEPT[accept]}
    if validators is not None and validators.etag is not None:
        headers[b"if-none-match"] = validators.etag.encode(errors="replace")
    if validators is not None and validators.last_modified is not None:
        headers[b"if-modified-since"] = validators.last_modified.encode(errors="replace")
    return headers


def _follow(asked: list[Target], location: str, portal_hosts: Collection[str]) -> Target:
    """Where a redirect leads, if we go there: not in circles, not down to http, not out of the portal. Raises: FetchError."""
    last = asked[-1]
    target = read_target(location, base=last.url)
    url = target.text
    if len(asked) > MAX_REDIRECTS:
        raise FetchError(url, f"more than {MAX_REDIRECTS} redirects", kind=Failure.REDIRECT)
    if any(target.text == earlier.text for earlier in asked):
        raise FetchError(url, "redirects in a circle", kind=Failure.REDIRECT)
    if last.scheme == "https" and target.scheme == "http":
        raise FetchError(url, "redirects from https to http: what comes then may be anybody's", kind=Failure.REDIRECT)
    if portal_hosts and target.host != last.host and _bare(target.host) not in {_bare(host) for host in portal_hosts}:
        raise FetchError(url, f"redirects out of the portal, to {target.host}", kind=Failure.REDIRECT)
    return target


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")
