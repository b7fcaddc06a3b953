"""Five hundred newspapers in one process: many names on fewer addresses, feeds that say 304, and a log of every request.

`python -m bench.crowd --log FILE` prints its port, serves until SIGTERM, then writes the log. An address is the one the connection was made
to, any of 127/8; a name is what the Host header says.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

N_ITEMS = 10
DOMAIN = ".bao.test"
KIND = {".xml": "application/rss+xml", ".html": "text/html", ".txt": "text/plain"}


class Asked(NamedTuple):
    """One request as its server saw it, in seconds of the server's clock: when its head was whole, and when its answer was about to leave."""

    host: str
    address: str
    path: str
    arrived_s: float
    answered_s: float
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What the papers publish, and how slowly they answer: a newspaper adds an item every `period_s` seconds, 0 for never."""

    period_s: float = 0.0
    slowest_s: float = 0.0
    began_s: float = 0.0

    def answer(self, host: str, path: str, etag: str | None, now_s: float) -> tuple[int, str, bytes]:
        """Status, validator and body."""
        match path.strip("/").partition("-"):
            case ["robots.txt", _, _]:
                return 200, "", b"User-agent: *\nAllow: /\n"
            case ["rss", _, _]:
                n_out = self._n_out(host, now_s)
                version = f'"{n_out}"'
                return (304, version, b"") if etag == version else (200, version, _feed(host, n_out))
            case ["bai", _, number]:
                return 200, "", _article(host, number.removesuffix(".html"))
        return 404, "", b"none"

    def delay_s(self, host: str, path: str) -> float:
        """Always the same for a page, so that a run can be made again."""
        return self.slowest_s * (crc32(f"{host}{path}".encode()) % 1000) / 1000

    def _n_out(self, host: str, now_s: float) -> int:
        if not self.period_s:
            return N_ITEMS
        offset = crc32(host.encode()) % 1000 / 1000
        return N_ITEMS + int((now_s - self.began_s) / self.period_s + offset)


def _feed(host: str, n_out: int) -> bytes:
    items = "".join(
        f"<item><title>Tin số {n} của {host}</title><link>http://{host}/bai-{n}.html</link></item>"
        for n in range(n_out, n_out - N_ITEMS, -1)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()


def _article(host: str, number: str) -> bytes:
    text = f"<p>Sáng nay, tại {host}, bài số {number} kể về một phiên họp của hội đồng nhân dân xã, với nhiều ý kiến của cử tri.</p>"
    return f"<html><head><title>Tin {number}</title></head><body><h1>Tin số {number} của {host}</h1><article>{text * 4}</article></body></html>".encode()


class Door(asyncio.Protocol):
    """One connection, kept alive; a bare HTTP/1.1 server costs the machine a tenth of what the daemon does."""

    def __init__(self, crowd: Crowd, log: list[Asked]) -> None:
        self._crowd, self._log = crowd, log
        self._head = b""
        self._address = ""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._address = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self._head += data
        while b"\r\n\r\n" in self._head:
            head, _, self._head = self._head.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            self._take(first.split(" ")[1], told, time.monotonic())

    def _take(self, path: str, told: Mapping[str, str], arrived_s: float) -> None:
        host = told["host"]
        delay_s = self._crowd.delay_s(host, path)
        if delay_s:
            asyncio.get_running_loop().call_later(delay_s, self._answer, host, path, told.get("if-none-match"), arrived_s)
        else:
            self._answer(host, path, told.get("if-none-match"), arrived_s)

    def _answer(self, host: str, path: str, etag: str | None, arrived_s: float) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        now_s = time.monotonic()
        status, version, body = self._crowd.answer(host, path, etag, now_s)
        kind = next((kind for ending, kind in KIND.items() if path.endswith(ending)), "text/plain")
        about = f"Content-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n" if status != 304 else ""
        tag = f"ETag: {version}\r\n" if version else ""
        self._log.append(Asked(host.partition(":")[0], self._address, path, arrived_s, now_s, status))
        self._transport.write(f"HTTP/1.1 {status} OK\r\n{about}{tag}\r\n".encode() + body)


def read_log(path: Path) -> list[Asked]:
    return [Asked(*row) for row in json.loads(path.read_text(encoding="utf-8"))]


async def _serve(wish: argparse.Namespace) -> None:
    log: list[Asked] = []
    crowd = Crowd(period_s=wish.period, slowest_s=wish.slowest, began_s=time.monotonic())
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(lambda: Door(crowd, log), "0.0.0.0", 0, backlog=1024)  # noqa: S104  every address of 127/8
    print(server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    server.close()
    wish.log.write_text(json.dumps(log), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.crowd")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--period", type=float, default=0.0)
    parser.add_argument("--slowest", type=float, default=0.0)
    asyncio.run(_serve(parser.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
