"""What can be wrong with a portal: each fault either alters a reply or sends a good one in a bad way."""

import asyncio
import re
import socket
import struct
import zlib
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, TypeAlias, get_args

from crawler.press.wire import Reply, Script

FaultKind: TypeAlias = Literal[
    "refuse",
    "302",
    "304",
    "403",
    "404",
    "410",
    "429",
    "500",
    "503",
    "slow",
    "drip",
    "truncate",
    "reset",
    "bad-chunking",
    "not-a-feed",
    "challenge",
    "empty",
    "gzip-bomb",
    "wrong-charset",
]
FAULT_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
BOMB_BYTES = 100_000_000  # ten times the shipped http.max_bytes
MAX_SCRIPT_S = 600.0
"""No reply is drawn out longer than this, whatever the client bears."""

NOT_A_FEED = "<!DOCTYPE html><html><head><title>Trang chủ</title></head><body><p>Chuyên mục đang được cập nhật.</p></body></html>"
CHALLENGE = """<!DOCTYPE html><html><head><title>Just a moment...</title><meta http-equiv="refresh" content="5"></head>
<body><noscript>Enable JavaScript and cookies to continue</noscript>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Kinds: `refuse` shuts the address (and heeds neither `paths` nor `times`); a number answers with that status (`302` leads back to
    the same URL, `304` comes whatever was asked); `slow` waits before the head; `drip` sends the body byte by byte for ever;
    `truncate` closes half-way through the announced length; `reset` cuts the connection in the body; `bad-chunking` breaks a chunk;
    `not-a-feed` and `challenge` are other pages with 200; `empty` has no bytes; `gzip-bomb` unfolds to 100 MB; `wrong-charset` names
    ISO-8859-1 for UTF-8.
    """

    kind: FaultKind
    paths: str | None = None
    """Regular expression searched in path and query; None: all."""
    times: int | None = None
    """How many requests it meets; None: until healed."""
    delay_s: float | None = None
    """Of `slow` (default 30) and of each byte of `drip` (default 0.2)."""
    retry_after_s: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in FAULT_KINDS:
            raise ValueError(f"{self.kind!r} is no fault; known: {', '.join(FAULT_KINDS)}")

    def concerns(self, target: str) -> bool:
        return self.paths is None or re.search(self.paths, target) is not None


def spoil(reply: Reply, fault: Fault, target: str) -> Reply:
    """The good `reply` as `fault` makes it."""
    mime = reply.headers.get("Content-Type", "text/html").partition(";")[0]
    html = {"Content-Type": "text/html; charset=utf-8"}
    pages = {
        "not-a-feed": lambda: Reply(headers=html, body=NOT_A_FEED.encode()),
        "challenge": lambda: Reply(headers=html, body=CHALLENGE.encode()),
        "empty": lambda: Reply(headers=html),
        "gzip-bomb": lambda: Reply(headers=html | {"Content-Encoding": "gzip"}, body=_bomb()),
        "wrong-charset": lambda: replace(reply, headers=reply.headers | {"Content-Type": f"{mime}; charset=ISO-8859-1"}),
    }
    if fault.kind in pages:
        return pages[fault.kind]()
    return _status(fault, target) if fault.kind.isdigit() else replace(reply, script=_script(fault))


def _status(fault: Fault, target: str) -> Reply:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    if fault.retry_after_s is not None:
        headers["Retry-After"] = f"{fault.retry_after_s:.0f}"
    if fault.kind == "302":
        headers["Location"] = target
    if fault.kind == "304":
        return Reply(status=304)
    return Reply(status=int(fault.kind), headers=headers, body=f"<html><body><h1>Lỗi {fault.kind}</h1></body></html>".encode())


def _script(fault: Fault) -> Script:
    async def slow(transport: asyncio.Transport, payload: bytes, n_head: int) -> None:  # noqa: ARG001 - a Script
        await asyncio.sleep(min(30.0 if fault.delay_s is None else fault.delay_s, MAX_SCRIPT_S))
        transport.write(payload)

    async def drip(transport: asyncio.Transport, payload: bytes, n_head: int) -> None:
        pause_s = max(0.2 if fault.delay_s is None else fault.delay_s, 0.001)
        head = payload[:n_head].replace(b"Content-Length: ", b"X-Length: ")[:-2]
        transport.write(head + b"Transfer-Encoding: chunked\r\n\r\n")
        body = payload[n_head:] or b" "
        for i in range(int(MAX_SCRIPT_S / pause_s)):
            transport.write(b"1\r\n" + body[i % len(body) : i % len(body) + 1] + b"\r\n")
            await asyncio.sleep(pause_s)
        transport.abort()

    async def truncate(transport: asyncio.Transport, payload: bytes, n_head: int) -> None:
        transport.write(payload[: n_head + (len(payload) - n_head) // 2])
        transport.close()

    async def reset(transport: asyncio.Transport, payload: bytes, n_head: int) -> None:
        transport.write(payload[: n_head + (len(payload) - n_head) // 2])
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close by RST
        await asyncio.sleep(0.05)  # else the kernel may drop the head with the rest
        transport.abort()

    async def bad_chunking(transport: asyncio.Transport, payload: bytes, n_head: int) -> None:
        head = payload[:n_head].replace(b"Content-Length: ", b"X-Length: ")[:-2]
        part = payload[n_head : n_head + (len(payload) - n_head) // 2]
        transport.write(head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\nno size\r\n" % (len(part), part))
        transport.close()

    scripts: dict[str, Script] = {"slow": slow, "drip": drip, "truncate": truncate, "reset": reset, "bad-chunking": bad_chunking}
    return scripts[fault.kind]


@cache
def _bomb() -> bytes:
    squeeze = zlib.compressobj(9, wbits=31)
    block = bytes(1_000_000)
    return b"".join([*(squeeze.compress(block) for _ in range(BOMB_BYTES // len(block))), squeeze.flush()])
