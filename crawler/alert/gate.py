"""The way out for webhooks: an HTTP client that looks at every address before it connects, DNS tricks included."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from crawler.fetch.guard import AddressGuard
from crawler.fetch.resolver import Resolver

MAX_CONNECTIONS = 32


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a name itself and dials only addresses that the guard lets pass. TLS still proves the name, which httpcore keeps."""

    def __init__(self, allow: Iterable[str], resolver: Resolver) -> None:
        self._guard, self._resolver = AddressGuard(allow), resolver
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses = await self._resolver.addresses(host)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        failure = httpcore.ConnectError(
            f"{', '.join(addresses)}: not a public address; put it under the channel's allow_addresses if it is meant"
        )
        for address in addresses:
            if self._guard.refusal(address) is None:
                try:
                    return await self._network.connect_tcp(str(ip_address(address)), port, timeout, local_address, socket_options)
                except httpcore.ConnectError as error:
                    failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


def guarded_client(allow: Iterable[str], resolver: Resolver, *, user_agent: str) -> httpx.AsyncClient:
    """One client, for every webhook with these allowances. No proxy from the environment: it would dial in our place."""
    tls = httpx.create_ssl_context()
    transport = httpx.AsyncHTTPTransport(verify=tls)
    transport._pool = httpcore.AsyncConnectionPool(  # noqa: SLF001 - httpx offers no other way to its network (design §7)
        ssl_context=tls,
        max_connections=MAX_CONNECTIONS,
        network_backend=GuardedNetwork(allow, resolver),
    )
    return httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, headers={"user-agent": user_agent})
