"""Which failure an exception stands for: the one place that knows what httpx, httpcore, ssl and the system raise."""

import errno
import re
import socket
import ssl

import httpcore
import httpx

from crawler.errors import Failure


class FaultError(Exception):
    """A FetchError in the making, raised where the URL is not known."""

    def __init__(self, kind: Failure, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


# Whatever a request may raise that is not our own bug. asyncio.CancelledError is not among them.
WIRE_ERRORS = (
    OSError,  # with TimeoutError, socket.gaierror and ssl.SSLError
    UnicodeError,  # host names that cannot be encoded
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.ProtocolError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    FaultError,
)
_BY_TYPE: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Failure], ...] = (
    (ssl.SSLError, Failure.TLS),
    (socket.gaierror, Failure.DNS),
    ((TimeoutError, httpx.TimeoutException, httpcore.TimeoutException), Failure.TIMEOUT),
    (ConnectionRefusedError, Failure.REFUSED),
    ((httpcore.NetworkError, httpx.NetworkError, OSError), Failure.RESET),
)
_BY_TEXT = (  # httpcore passes h11's messages on, and h11 tells its reasons apart by nothing else
    ("disconnected without sending", Failure.RESET),
    ("incomplete chunked read", Failure.TRUNCATED),
    ("without sending complete message body", Failure.TRUNCATED),
    ("Receive buffer too long", Failure.TOO_LARGE),
    ("Invalid URL in location header", Failure.GUARDED),  # httpx reads a Location even where it is not asked to follow
)
_COUNTED = re.compile(r" \(received \d+ bytes, expected \d+\)")
"""How h11 tells one truncated answer from the next."""
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}


def failure_of(error: Exception) -> Failure:
    """The kind of one of WIRE_ERRORS."""
    if isinstance(error, FaultError):
        return error.kind
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return Failure.REFUSED
    for types, kind in _BY_TYPE:
        if isinstance(error, types):
            return kind
    text = str(error)
    return next((kind for mark, kind in _BY_TEXT if mark in text), Failure.PROTOCOL)


def reason_of(error: Exception) -> str:
    """One line for the operator, the same for all that failed so: `stats` counts by it."""
    if isinstance(error, FaultError):
        return str(error)
    if isinstance(error, socket.gaierror):
        return f"no such host, or this machine is offline ({error.strerror})"
    told = _COUNTED.sub("", str(error))
    return f"{type(error).__name__}: {told}".rstrip(": ").replace("\n", " ")[:300]
