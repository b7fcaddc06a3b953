"""Connections to checked addresses, kept open for the next request to the same origin, and httpx's way to use them."""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import httpcore
import httpx

from config.proxy import Proxy
from crawler.errors import Failure
from crawler.fetch.failures import FaultError
from crawler.fetch.guard import AddressGuard, Target
from crawler.fetch.resolver import Resolver
from crawler.fetch.tls import MODERN, TlsProfile, contexts, ssl_context
from crawler.fetch.tunnel import dial_through
from crawler.fetch.wire import Wire, dial

KEEP_S = 15.0  # most servers keep an idle connection for 5 to 75 s
MAX_IDLE = 256  # a quarter of the 1024 open files that most systems allow
CONNECT_S = 10.0  # of the deadline: enough for a TLS handshake over a bad line, and leaves time to try another address


class Connection(httpcore.AsyncHTTP11Connection):
    """One HTTP/1.1 connection. httpcore's own pool is not used: it looks at all its connections for each request, and dials names."""

    def __init__(self, target: Target, address: str, proxy: Proxy | None, wire: Wire) -> None:
        origin = httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port)
        super().__init__(origin, wire, keepalive_expiry=KEEP_S)
        self.key, self.address, self.proxy = target.origin, address, proxy
        self.was_used = self.has_answered = False

    def leftovers(self) -> bytes:
        """What the server sent behind the end of the answer: its Content-Length was too small."""
        return self._h11_state.trailing_data[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Hosts that are spoken to otherwise than the rest: with other TLS, through another proxy or none (None). `proxy`: the rest's."""

    tls_by_host: Mapping[str, TlsProfile] = field(default_factory=dict)
    proxy_by_host: Mapping[str, Proxy | None] = field(default_factory=dict)
    proxy: Proxy | None = None


class Connections:
    """At most one idle connection per origin, the oldest closed first. Raises: OSError for an extra_ca that cannot be read."""

    def __init__(self, *, guard: AddressGuard, resolver: Resolver, ways: Ways) -> None:
        self._guard, self._resolver = guard, resolver
        self._idle: OrderedDict[str, Connection] = OrderedDict()
        self.retune(ways)

    def retune(self, ways: Ways) -> None:
        """Connect so from the next connection on. Raises: OSError, and everything stays as it was."""
        self._tls = contexts(ways.tls_by_host)
        self._ways = ways

    def preferred(self, target: Target, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """`addresses`, the one that we are still connected to first."""
        held = self._idle.get(target.origin)
        if held is None or held.address == addresses[0] or held.address not in addresses:
            return addresses
        return (held.address, *(address for address in addresses if address != held.address))

    async def take(self, target: Target, address: str) -> Connection:
        """A connection for one request, an idle one if it is still good. Raises: FaultError (guarded), OSError, ValueError."""
        held, proxy = self._idle.pop(target.origin, None), self._ways.proxy_by_host.get(target.host, self._ways.proxy)
        if held is not None:
            if held.address == address and held.proxy == proxy and held.is_available() and not held.has_expired():
                return held
            await held.aclose()
        if (why := self._guard.refusal(address)) is not None:
            raise FaultError(Failure.GUARDED, why)
        try:
            async with asyncio.timeout(CONNECT_S):
                wire = await self._dial(target, address, proxy)
        except TimeoutError as error:
            through = f" through the proxy {proxy}" if proxy else ""
            raise FaultError(Failure.TIMEOUT, f"no connection in {CONNECT_S:g} s{through}") from error
        return Connection(target, address, proxy, wire)

    async def _dial(self, target: Target, address: str, proxy: Proxy | None) -> Wire:
        context = self._context(target) if target.scheme == "https" else None
        if proxy is None:
            return await dial(address, target.port, tls=context, host=target.host)
        wire = await dial_through(proxy, self._resolver, address, target.port, tls=self._context(target))
        if context is None:
            return wire
        try:
            return await wire.start_tls(context, target.host)
        except BaseException:
            await wire.aclose()
            raise

    async def give_back(self, connection: Connection) -> None:
        if connection.is_closed():
            return
        if not connection.is_available() or connection.leftovers():
            await connection.aclose()
            return
        connection.was_used, connection.has_answered = True, False
        if (other := self._idle.pop(connection.key, None)) is not None:
            await other.aclose()
        self._idle[connection.key] = connection
        if len(self._idle) > MAX_IDLE:
            _, oldest = self._idle.popitem(last=False)
            await oldest.aclose()

    async def aclose(self) -> None:
        while self._idle:
            _, connection = self._idle.popitem()
            await connection.aclose()
        await asyncio.sleep(0)  # asyncio closes the sockets in the loop's next two rounds
        await asyncio.sleep(0)

    @cached_property
    def _modern_tls(self) -> ssl.SSLContext:
        return ssl_context(MODERN)

    def _context(self, target: Target) -> ssl.SSLContext:
        return self._tls.get(target.host) or self._modern_tls


class _Answer(httpx.AsyncByteStream):
    """The raw body; closing it gives the connection back."""

    def __init__(self, response: httpcore.Response, connection: Connection, connections: Connections) -> None:
        self._response, self._connection, self._connections = response, connection, connections

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.aiter_stream():
            yield chunk
        if self._connection.leftovers().strip():  # a line end too much is common and harmless
            raise FaultError(Failure.TRUNCATED, "the answer goes on behind its Content-Length")

    async def aclose(self) -> None:
        await self._response.aclose()
        await self._connections.give_back(self._connection)


class Transport(httpx.AsyncBaseTransport):
    """Sends each request on the connection that stands in its extensions."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        connection: Connection = request.extensions["connection"]
        url = request.url
        sent = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
        )
        response = await connection.handle_async_request(sent)
        connection.has_answered = True
        stream = _Answer(response, connection, self._connections)
        return httpx.Response(response.status, headers=response.headers, stream=stream, extensions=response.extensions)

    async def aclose(self) -> None:
        await self._connections.aclose()
