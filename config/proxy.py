"""Proxies: the way to portals that cannot be asked directly, in one address as everybody writes it."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias, cast
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, SecretStr

from config.base import Refusal

ProxyScheme: TypeAlias = Literal["http", "https", "socks5"]
SCHEMES = ("http", "https", "socks5")
DIRECT = "direct"
MAX_CREDENTIAL_BYTES = 255  # RFC 1929: a length is one byte
ADVICE = "is not a proxy; write it like http://user:password@proxy.example.org:3128 (or https://, socks5://), special characters as %40"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    scheme: ProxyScheme
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Fit to be shown: without the credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def read_proxy(text: str) -> Proxy:
    """Raises: Refusal, which does not quote `text`."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
        username, password = unquote(parts.username or "", errors="strict"), unquote(parts.password or "", errors="strict")
    except ValueError:
        raise Refusal(ADVICE) from None
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    fits = max(len(username.encode()), len(password.encode())) <= MAX_CREDENTIAL_BYTES
    if parts.scheme not in SCHEMES or not host or not port or not is_bare or not fits or any(c.isspace() for c in host):
        raise Refusal(ADVICE)
    if ":" in username and parts.scheme != "socks5":
        raise Refusal("the user name of a proxy cannot hold a colon")  # RFC 7617
    return Proxy(scheme=cast("ProxyScheme", parts.scheme), host=host, port=port, username=username, password=password)


def _proxy(value: SecretStr) -> SecretStr:
    read_proxy(value.get_secret_value())
    return value


def _proxy_or_none(value: SecretStr) -> SecretStr:
    return value if value.get_secret_value() == DIRECT else _proxy(value)


ProxyAddress = Annotated[SecretStr, AfterValidator(_proxy)]
ProxyOrDirect = Annotated[SecretStr, AfterValidator(_proxy_or_none)]
