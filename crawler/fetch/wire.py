"""One connection's bytes, between asyncio and httpcore: dialled to a checked address, read as far as asked and no further."""

import asyncio
import ssl
from collections import deque
from typing import Any

import httpcore

HIGH_WATER = 128 * 1024  # bytes held unread before the peer is made to wait


class _Inbox(asyncio.Protocol):
    """What has arrived and was not read."""

    def __init__(self) -> None:
        self._chunks: deque[bytes] = deque()
        self._n_bytes = 0
        self._is_paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None
        self.has_ended = False
        self.error: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def moved_to(self, transport: asyncio.Transport) -> None:
        """The connection goes on under TLS."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._chunks.append(data)
        self._n_bytes += len(data)
        if self._n_bytes > HIGH_WATER and not self._is_paused and self._transport is not None:
            self._transport.pause_reading()
            self._is_paused = True
        self._wake()

    def eof_received(self) -> None:
        self.has_ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.has_ended, self.error = True, exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    @property
    def is_empty(self) -> bool:
        return not self._chunks

    async def read(self, max_bytes: int) -> bytes:
        while not self._chunks:
            if self.error is not None:
                raise self.error
            if self.has_ended:
                return b""
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        chunk = self._chunks.popleft()
        if len(chunk) > max_bytes:
            self._chunks.appendleft(chunk[max_bytes:])
            chunk = chunk[:max_bytes]
        self._n_bytes -= len(chunk)
        if self._is_paused and self._n_bytes <= HIGH_WATER and self._transport is not None:
            self._transport.resume_reading()
            self._is_paused = False
        return chunk


class Wire(httpcore.AsyncNetworkStream):
    """An open connection. Its time is bounded by the caller's one deadline, not by the timeouts of each phase."""

    def __init__(self, transport: asyncio.Transport, inbox: _Inbox) -> None:
        self._transport, self._inbox = transport, inbox

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109  httpcore's signature
        try:
            return await self._inbox.read(max_bytes)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109  httpcore's signature
        if self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)  # one small GET: nothing to wait for

    async def aclose(self) -> None:
        self._transport.abort()  # no lingering for a peer that does not read our goodbye

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  httpcore's signature
    ) -> "Wire":
        """TLS on a connection that began without it: in a proxy's tunnel, also in one that is TLS itself. Raises: OSError, ValueError."""
        if not self._inbox.is_empty:
            raise httpcore.RemoteProtocolError("data before the TLS handshake")
        loop = asyncio.get_running_loop()
        secured = await loop.start_tls(self._transport, self._inbox, ssl_context, server_hostname=server_hostname)
        if secured is None:
            raise ConnectionResetError("closed during the TLS handshake")
        self._inbox.moved_to(secured)
        return Wire(secured, self._inbox)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # asked of idle connections: anything that came unasked makes them useless
            return self._inbox.has_ended or not self._inbox.is_empty or self._transport.is_closing()
        return None


async def dial(address: str, port: int, *, tls: ssl.SSLContext | None, host: str) -> Wire:
    """Connect to `address`, an IP address, and with `tls` prove that `host` answers there. Raises: OSError, ValueError."""
    transport, inbox = await asyncio.get_running_loop().create_connection(
        _Inbox, address, port, ssl=tls, server_hostname=host if tls is not None else None
    )
    return Wire(transport, inbox)
