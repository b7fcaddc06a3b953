"""What we refuse to talk to: addresses off the public Internet, and URLs that hide one. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from crawler.errors import Failure, FetchError

# IANA IPv4 Special-Purpose Address Registry (2024-10), with multicast and the old class E.
REFUSED_IPV4 = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, the clouds' metadata services among it
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
GLOBAL_IPV6 = IPv6Network("2000::/3")  # IANA IPv6 Address Space: the only block of global unicast addresses
REFUSED_IPV6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)
EMBEDDED_IPV4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # IPv4-mapped; NAT64, the way out of an IPv6-only network

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
MAX_PORT = 65_535
MAX_JUDGED = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that we may ask for, taken apart once. `host` is ASCII, lower-case, without a trailing dot."""

    url: httpx.URL
    text: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def read_target(url: str, *, base: httpx.URL | None = None) -> Target:
    """Read `url`, relative to `base` if given, or say why we do not ask for it. Raises: FetchError (guarded)."""
    try:
        parsed = httpx.URL(url.strip()) if base is None else base.join(url.strip())
        if "#" in url:
            parsed = parsed.copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, TypeError) as error:  # UnicodeError is a ValueError
        raise FetchError(url, f"not a URL: {error}", kind=Failure.GUARDED) from error
    host = parsed.raw_host.decode("ascii")
    if host.endswith("."):
        host = host.rstrip(".")
        parsed = parsed.copy_with(host=host)
    if (why := _refusal(parsed, host)) is not None:
        raise FetchError(url, why, kind=Failure.GUARDED)
    return Target(parsed, str(parsed), parsed.scheme, host, parsed.port or (443 if parsed.scheme == "https" else 80))


def _refusal(url: httpx.URL, host: str) -> str | None:
    if url.scheme not in {"http", "https"}:
        return f"scheme {url.scheme or 'missing'}: only http and https are asked"
    if url.userinfo:
        return "a user name in the URL"
    if url.port is not None and not 0 < url.port <= MAX_PORT:
        return f"no such port: {url.port}"
    return None if is_address(host) and "%" not in host else _disguise(host)  # addresses are judged with the resolved ones


def _disguise(host: str) -> str | None:
    if not _NAME.fullmatch(host):
        return f"not a host name: {host!r}"
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return f"an address in disguise: {host}"  # decimal, octal, hexadecimal or short: the resolver would accept it
    return None


def is_address(host: str) -> bool:
    """Whether `host` is an IP address in its usual spelling."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class AddressGuard:
    """Judges resolved addresses. `allow` are networks (CIDR) that may be asked although they are private."""

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._allowed = tuple(ip_network(network, strict=False) for network in allow)
        self._judged: dict[str, str | None] = {}

    def refusal(self, address: str) -> str | None:
        """Why we do not connect to `address`, or None."""
        if address not in self._judged:
            if len(self._judged) >= MAX_JUDGED:
                self._judged.clear()
            self._judged[address] = self._judge(address)
        return self._judged[address]

    def _judge(self, address: str) -> str | None:
        try:
            parsed = ip_address(address)
        except ValueError:
            return f"not an address: {address!r}"
        if isinstance(parsed, IPv6Address) and any(parsed in network for network in EMBEDDED_IPV4):
            parsed = IPv4Address(int(parsed) & 0xFFFF_FFFF)
        if any(parsed in network for network in self._allowed) or _is_public(parsed):
            return None
        return f"{address} is not a public address; allow it under http.allow_addresses if it is meant"


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_IPV4)
    return address in GLOBAL_IPV6 and not any(address in network for network in REFUSED_IPV6)
