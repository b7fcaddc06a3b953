"""HTTP/1.1 as far as the press needs it: keep-alive, HEAD, bodies by Content-Length, and room for scripted misbehaviour."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

MAX_HEAD_BYTES = 65_536
MAX_BODY_BYTES = 16_000_000
REASONS = {200: "OK", 204: "No Content", 302: "Found", 304: "Not Modified", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}
REASONS |= {405: "Method Not Allowed", 410: "Gone", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}
NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    target: str
    """Path and query, as sent."""
    headers: dict[str, str]
    """Names in lower case; the last of several wins."""
    body: bytes = b""


Script: TypeAlias = Callable[[asyncio.Transport, bytes, int], Awaitable[None]]
"""Sends a reply in its own way: gets the transport, the whole reply, and how many bytes of it are the head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    script: Script | None = None


Answerer: TypeAlias = Callable[[Request], Reply]


class Connection(asyncio.Protocol):
    """One connection: requests are answered in turn, each as soon as it is whole."""

    def __init__(self, answer: Answerer, live: "set[Connection]") -> None:
        self._answer, self._live = answer, live
        self._waiting = bytearray()
        self._transport: asyncio.Transport | None = None
        self._script: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._live.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._live.discard(self)
        self._transport = None
        if self._script is not None:
            self._script.cancel()

    def cut(self) -> None:
        """End the connection, and with it whatever script runs on it."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        self._go_on()

    def _go_on(self) -> None:
        while self._script is None and self._transport is not None and not self._transport.is_closing():
            end = self._waiting.find(b"\r\n\r\n")
            if end < 0:
                if len(self._waiting) > MAX_HEAD_BYTES:
                    self._transport.abort()
                return
            method, target, headers = _read_head(bytes(self._waiting[:end]))
            n_body = int(headers.get("content-length") or 0)
            whole = end + 4 + n_body
            if n_body > MAX_BODY_BYTES:
                self._transport.abort()
            if len(self._waiting) < whole:
                return
            body = bytes(self._waiting[end + 4 : whole])
            del self._waiting[:whole]
            self._send(Request(method=method, target=target, headers=headers, body=body))

    def _send(self, request: Request) -> None:
        transport = self._transport
        assert transport is not None
        reply = self._answer(request)
        is_last = request.headers.get("connection", "").lower() == "close"
        payload, n_head = _payload(reply, is_head=request.method == "HEAD", is_last=is_last)
        if reply.script is not None:
            self._script = asyncio.get_running_loop().create_task(self._act(reply.script, transport, payload, n_head))
            return
        transport.write(payload)
        if is_last:
            transport.close()

    async def _act(self, script: Script, transport: asyncio.Transport, payload: bytes, n_head: int) -> None:
        await script(transport, payload, n_head)
        self._script = None
        if b"\r\nConnection: close\r\n" in payload[:n_head]:
            transport.close()
        self._go_on()


def cut_all(live: set[Connection]) -> None:
    """To be called in the connections' own loop."""
    for connection in tuple(live):
        connection.cut()


def _read_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return method, rest.rpartition(" ")[0] or rest, headers


def _payload(reply: Reply, *, is_head: bool, is_last: bool) -> tuple[bytes, int]:
    lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if is_last:
        lines.append("Connection: close")
    if reply.status not in NO_BODY:
        lines.append(f"Content-Length: {len(reply.body)}")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    return (head if is_head or reply.status in NO_BODY else head + reply.body), len(head)
