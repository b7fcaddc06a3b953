"""A bare HTTP server on loopback for pages that a function makes: many hosts (any 127/8 address), one port."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeAlias

Answer: TypeAlias = Callable[[str, str], str | None]
"""(host without port, path) to the body of a page; None: 404."""


@dataclass(slots=True, kw_only=True)
class Stand:
    port: int
    n_requests: int = 0


@contextlib.asynccontextmanager
async def stand(answer: Answer) -> AsyncIterator[Stand]:
    """Serves until the block ends; HTTP/1.1, kept alive, no validators."""
    open_writers: set[asyncio.StreamWriter] = set()
    counts = Stand(port=0)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_writers.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                counts.n_requests += 1
                writer.write(_response(answer, head.decode("latin-1").split("\r\n")))
                await writer.drain()
        open_writers.discard(writer)
        writer.close()

    server = await asyncio.start_server(talk, "0.0.0.0", 0)  # noqa: S104  every address of 127/8, and the guard lets us reach no other
    counts.port = server.sockets[0].getsockname()[1]
    try:
        yield counts
    finally:
        server.close()
        for writer in open_writers:
            writer.close()
        await server.wait_closed()


def _response(answer: Answer, lines: list[str]) -> bytes:
    path = lines[0].split(" ")[1]
    host = next((line[5:].strip() for line in lines if line.lower().startswith("host:")), "")
    page = answer(host.partition(":")[0], path)
    body = (page or "").encode()
    kind = "text/html" if "<html" in (page or "") else "application/xml"
    status = "404 Not Found" if page is None else "200 OK"
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
