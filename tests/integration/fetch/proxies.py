"""Two small real proxies on loopback, CONNECT and SOCKS5, that remember what they were asked for and may refuse."""

import asyncio
import base64
import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Self

from config.proxy import Proxy, ProxyScheme


@dataclass(kw_only=True)
class ProxyServer:
    """`login` is (user name, password) where it wants one. `refusal`: what it answers instead of connecting."""

    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    refusal: bytes | None = None
    asked: list[str] = field(default_factory=list)
    """Each target as host:port, as it was written."""
    port: int = 0
    _tasks: set["asyncio.Task[Any]"] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def address(self, *, host: str = "127.0.0.1", username: str = "", password: str = "") -> Proxy:
        return Proxy(scheme=self.scheme, host=host, port=self.port, username=username, password=password)

    @property
    def is_open(self) -> bool:
        return self._server.is_serving()

    @property
    def scheme(self) -> ProxyScheme:
        raise NotImplementedError

    async def _target(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int] | None:
        """Where the client wants to go; None after a refusal."""
        raise NotImplementedError

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with self._gone(), contextlib.closing(writer):
                target = await self._target(reader, writer)
                if target is not None:
                    await self._relay(reader, writer, *target)
        finally:
            self._tasks.discard(task)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int) -> None:
        far_reader, far_writer = await asyncio.open_connection(host, port)
        with contextlib.closing(far_writer):
            ways = [asyncio.create_task(_pump(reader, far_writer)), asyncio.create_task(_pump(far_reader, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)

    @staticmethod
    @contextlib.contextmanager
    def _gone() -> Iterator[None]:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            yield


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


class ConnectProxy(ProxyServer):
    @property
    def scheme(self) -> ProxyScheme:
        return "https" if self.tls else "http"

    async def _target(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int] | None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, authority, _ = first.split(" ")
        self.asked.append(authority)
        told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        wanted = self.login and "Basic " + base64.b64encode(":".join(self.login).encode()).decode()
        if method != "CONNECT" or (wanted and told.get("proxy-authorization") != wanted):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return None
        writer.write(self.refusal or b"HTTP/1.1 200 Connection established\r\n\r\n")
        host, _, port = authority.rpartition(":")
        return None if self.refusal else (host.strip("[]"), int(port))


class SocksProxy(ProxyServer):
    """`refusal` is its reply to the request, whole."""

    @property
    def scheme(self) -> ProxyScheme:
        return "socks5"

    async def _target(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int] | None:
        _, n_methods = await reader.readexactly(2)
        offered, wanted = await reader.readexactly(n_methods), 2 if self.login else 0
        if wanted not in offered:
            writer.write(b"\x05\xff")
            return None
        writer.write(bytes([5, wanted]))
        if self.login and not await self._is_let_in(reader, writer):
            return None
        _, _, _, kind = await reader.readexactly(4)
        host = str(ip_address(await reader.readexactly(4 if kind == 1 else 16)))
        port = int.from_bytes(await reader.readexactly(2))
        self.asked.append(f"{host}:{port}")
        writer.write(self.refusal or b"\x05\x00\x00\x03\x05proxy\x00\x50")  # bound to a name, as some say it
        return None if self.refusal else (host, port)

    async def _is_let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        said = [(await reader.readexactly((await reader.readexactly(n))[-1])).decode() for n in (2, 1)]
        is_right = tuple(said) == self.login
        writer.write(b"\x01\x00" if is_right else b"\x01\x01")
        return is_right
