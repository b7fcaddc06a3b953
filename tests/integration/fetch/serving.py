"""Servers on loopback that answer as told, or misbehave as told, and remember what they were asked."""

import asyncio
import socket
import ssl
import struct
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from config.settings import Http
from crawler.fetch.client import Client
from crawler.fetch.politeness import Gate
from crawler.fetch.resolver import Resolver
from crawler.fetch.robots import Robots
from crawler.fetch.transport import Ways


@dataclass(frozen=True, kw_only=True)
class Asked:
    at: float
    path: str
    headers: Mapping[str, str]
    connection: int
    n_at_once: int


Misbehaviour = Callable[[asyncio.StreamWriter, Asked], Awaitable[None]]
"""Writes what it likes; the connection is closed when it returns."""


def answer(body: bytes = b"<p>ok</p>", *, status: str = "200 OK", **headers: str) -> bytes:
    """A well-formed answer. Header names are written with underscores."""
    fields = {"Content-Type": "text/html", "Content-Length": str(len(body))} | {k.replace("_", "-"): v for k, v in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def moved(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status=status, Location=location)


def says(*parts: bytes) -> Misbehaviour:
    async def speak(writer: asyncio.StreamWriter, _: Asked) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return speak


def repeats(head: bytes, part: bytes, pause_s: float = 0.0) -> Misbehaviour:
    """For ever, or until the client has gone."""

    async def speak(writer: asyncio.StreamWriter, _: Asked) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return speak


async def reset(writer: asyncio.StreamWriter) -> None:
    """Send a TCP reset instead of a goodbye."""
    await writer.drain()
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass
class Site:
    """One server. `pages` maps a path to bytes to send or to a misbehaviour; "*" stands for every other path; else 404."""

    pages: Mapping[str, bytes | Misbehaviour]
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    log: list[Asked] = field(default_factory=list)
    port: int = 0
    _n_connections: int = 0
    _n_running: int = 0
    _tasks: set["asyncio.Task[Any]"] = field(default_factory=set)
    _came: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def was_asked(self, path: str) -> None:
        """Wait until somebody has asked for `path`."""
        await self._came[path].wait()

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"{'https' if self.tls else 'http'}://{host or self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.log if asked.path != "/robots.txt"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)  # asyncio itself holds tasks weakly
        self._n_connections += 1
        number = self._n_connections
        try:
            while await self._answer_one(reader, writer, number):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client is gone, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        self._n_running += 1
        try:
            asked = Asked(
                at=asyncio.get_running_loop().time(),
                path=first.split(" ")[1],
                headers=headers,
                connection=number,
                n_at_once=self._n_running,
            )
            self.log.append(asked)
            self._came[asked.path].set()
            page = self.pages.get(asked.path, self.pages.get("*" if asked.path != "/robots.txt" else "", answer(b"no", status="404 No")))
            if not isinstance(page, bytes):
                await page(writer, asked)
                return False
            writer.write(page)
            await writer.drain()
            return True
        finally:
            self._n_running -= 1


def now() -> datetime:
    return datetime.now(UTC)


def open_client(
    *, names: Mapping[str, str] | None = None, robots: Robots | None = None, gate: Gate | None = None, **changed: Any
) -> Client:
    """A client without pauses that may talk to loopback; `names` resolves host names; other arguments go into `Http` or `Client`."""
    ways = {key: changed.pop(key) for key in list(changed) if key in Ways.__slots__}
    settings = {key: changed.pop(key) for key in list(changed) if key in Http.model_fields}
    http = Http(
        **({"allow_addresses": ("127.0.0.0/8",), "deadline_s": 5, "per_host_interval_s": 0, "per_address_interval_s": 0} | settings)
    )

    async def resolve(host: str) -> list[str]:
        if host not in (names or {}):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return (names or {})[host].split()

    values: dict[str, Any] = {
        "http": http,
        "ways": Ways(**ways),
        "gate": gate or Gate(per_host_interval_s=http.per_host_interval_s, per_address_interval_s=http.per_address_interval_s),
        "robots": robots or Robots(clock=now),
        "user_agent": "canhbao/test",
        "clock": now,
        "resolver": Resolver(resolve),
    }
    return Client(**(values | changed))
