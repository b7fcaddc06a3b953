"""The way through a proxy to a checked address: CONNECT (RFC 9110 §9.3.6) or SOCKS5 (RFC 1928, 1929). What is said in the tunnel is between us and the portal.

What goes wrong here is told apart: a proxy that is dead, refuses us or does not speak its language is the proxy's fault, and no portal is blamed;
a proxy that says that the portal does not answer is believed.
"""

import asyncio
import base64
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import IPv4Address, ip_address

import httpcore

from config.proxy import Proxy
from crawler.errors import Failure
from crawler.fetch.failures import WIRE_ERRORS, FaultError, reason_of
from crawler.fetch.resolver import Resolver
from crawler.fetch.wire import Wire, dial

REACH_S = 5.0  # to the proxy itself; it is near, or it is no use
MAX_PROXY_ADDRESSES = 2
_BY_STATUS: Mapping[int, Failure] = {
    HTTPStatus.BAD_GATEWAY: Failure.REFUSED,
    HTTPStatus.SERVICE_UNAVAILABLE: Failure.REFUSED,  # what Squid says for every portal that takes no connection
    HTTPStatus.GATEWAY_TIMEOUT: Failure.TIMEOUT,
}
_SOCKS = 5
_NO_LOGIN, _LOGIN, _NO_WAY = 0, 2, 255
_CONNECT, _IPV4, _NAME, _IPV6 = 1, 1, 3, 4
_SOCKS_REPLIES: Mapping[int, tuple[Failure, str]] = {
    1: (Failure.PROXY, "general failure"),
    2: (Failure.PROXY, "not allowed by its rules"),
    3: (Failure.REFUSED, "network unreachable"),
    4: (Failure.REFUSED, "host unreachable"),
    5: (Failure.REFUSED, "connection refused"),
    6: (Failure.TIMEOUT, "no answer in time"),
    7: (Failure.PROXY, "command not supported"),
    8: (Failure.PROXY, "kind of address not supported"),
}


async def dial_through(proxy: Proxy, resolver: Resolver, address: str, port: int, *, tls: ssl.SSLContext) -> Wire:
    """A connection to `address` by way of `proxy`, nothing said on it yet. `tls` is for the way to an https:// proxy.

    Raises: FaultError, of kind `proxy` where it is the proxy that fails, else refused or timeout.
    """
    wire = await _reach(proxy, resolver, tls)
    try:
        await (_ask_socks if proxy.scheme == "socks5" else _ask_http)(wire, proxy, address, port)
    except FaultError:
        await wire.aclose()
        raise
    except WIRE_ERRORS as error:
        await wire.aclose()
        raise _proxys(proxy, reason_of(error)) from error
    except BaseException:
        await wire.aclose()
        raise
    return wire


def _proxys(proxy: Proxy, why: str) -> FaultError:
    return FaultError(Failure.PROXY, f"the proxy {proxy}: {why}")


async def _reach(proxy: Proxy, resolver: Resolver, tls: ssl.SSLContext) -> Wire:
    """The operator named the proxy, so it may live where no portal may."""
    failure: Exception = OSError("no address")
    try:
        async with asyncio.timeout(REACH_S):
            for address in (await resolver.addresses(proxy.host))[:MAX_PROXY_ADDRESSES]:
                try:
                    return await dial(address, proxy.port, tls=tls if proxy.scheme == "https" else None, host=proxy.host)
                except OSError as error:
                    failure = error
    except WIRE_ERRORS as error:
        failure = error
    resolver.forget(proxy.host)
    why = f"no answer in {REACH_S:g} s" if isinstance(failure, TimeoutError) else reason_of(failure)
    raise _proxys(proxy, why) from failure


async def _ask_http(wire: Wire, proxy: Proxy, address: str, port: int) -> None:
    authority = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    headers = [(b"Host", authority.encode())]
    if proxy.username or proxy.password:
        login = base64.b64encode(f"{proxy.username}:{proxy.password}".encode())
        headers.append((b"Proxy-Authorization", b"Basic " + login))
    origin = httpcore.Origin(b"http", proxy.host.encode(), proxy.port)
    url = httpcore.URL(scheme=b"http", host=proxy.host.encode(), port=proxy.port, target=authority.encode())
    tunnel = httpcore.AsyncHTTP11Connection(origin, wire)
    response = await tunnel.handle_async_request(httpcore.Request(b"CONNECT", url, headers=headers))
    if response.status // 100 != 2:  # noqa: PLR2004  the class of status codes
        kind = _BY_STATUS.get(response.status, Failure.PROXY)
        raise FaultError(kind, f"the proxy {proxy}: HTTP {response.status} for {authority}{_hint(response.status, port)}")
    if tunnel._h11_state.trailing_data[0]:  # noqa: SLF001  httpcore hands it on, but does not say that it is there
        raise _proxys(proxy, "talks into the tunnel")


def _hint(status: int, port: int) -> str:
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return ": wrong user name or password"
    return f": does it allow CONNECT to port {port}, and to addresses?" if status == HTTPStatus.FORBIDDEN else ""


async def _ask_socks(wire: Wire, proxy: Proxy, address: str, port: int) -> None:
    methods = bytes([_NO_LOGIN, _LOGIN] if proxy.username else [_NO_LOGIN])
    await wire.write(bytes([_SOCKS, len(methods)]) + methods)
    version, method = await _exactly(wire, 2)
    if version != _SOCKS or method not in (*methods, _NO_WAY):
        raise _proxys(proxy, "is no SOCKS5 server")
    if method == _NO_WAY:
        raise _proxys(proxy, "wants a login" if not proxy.username else "takes no login by user name and password")
    if method == _LOGIN:
        await _log_in(wire, proxy)
    target = ip_address(address)
    kind = _IPV4 if isinstance(target, IPv4Address) else _IPV6
    await wire.write(bytes([_SOCKS, _CONNECT, 0, kind]) + target.packed + port.to_bytes(2))
    version, reply, _, bound = await _exactly(wire, 4)
    if version != _SOCKS:
        raise _proxys(proxy, "is no SOCKS5 server")
    if reply:
        failure, why = _SOCKS_REPLIES.get(reply, (Failure.PROXY, f"reply {reply}"))
        raise FaultError(failure, f"the proxy {proxy}: {why}")
    await _exactly(wire, {_IPV4: 4, _IPV6: 16}.get(bound) or (await _exactly(wire, 1))[0])
    await _exactly(wire, 2)


async def _log_in(wire: Wire, proxy: Proxy) -> None:
    username, password = proxy.username.encode(), proxy.password.encode()
    await wire.write(bytes([1, len(username)]) + username + bytes([len(password)]) + password)
    _, status = await _exactly(wire, 2)
    if status:
        raise _proxys(proxy, "wrong user name or password")


async def _exactly(wire: Wire, n: int) -> bytes:
    """A tunnel's greeting is read to the byte: what follows it is the portal's."""
    read = b""
    while len(read) < n:
        chunk = await wire.read(n - len(read))
        if not chunk:
            raise httpcore.ReadError("closed the connection")
        read += chunk
    return read
