"""What decompression bombs cost in resident memory: each is met in a process of its own, `python -m tests.integration.bombs WHERE WHAT`.

Prints JSON: what became of it, and by how many megabytes the process's highest resident size grew.
"""

import asyncio
import gzip
import json
import resource
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import crawler.reading  # noqa: F401  what reading needs is there before the measuring begins
from crawler.errors import CrawlError, FetchError
from crawler.parse.sitemap import parse_sitemap
from tests.integration.fetch.serving import Site, answer, open_client

GIB = 1 << 30
_MIB = 1 << 20


def bomb(n_bytes: int, unit: bytes = b"\0", *, wbits: int = zlib.MAX_WBITS | 16) -> bytes:
    """`n_bytes` of `unit`, packed, without ever unpacking them: a full flush makes a block that can be repeated. Its checksum is wrong."""
    block = unit * (_MIB // len(unit))
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    head = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    repeated = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + repeated * (n_bytes // _MIB - 1) + packer.flush()


def packed(head: bytes, unit: bytes, n_units: int, tail: bytes = b"") -> bytes:
    """A whole gzip file, made without ever holding what is in it."""
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    a_block = max(1, _MIB // len(unit))
    parts = [packer.compress(head)]
    parts += [packer.compress(unit * min(a_block, n_units - start)) for start in range(0, n_units, a_block)]
    return b"".join([*parts, packer.compress(tail), packer.flush()])


_ATTRIBUTES = b"<a " + b" ".join(b"b%d='x'" % n for n in range(100)) + b"/>"
SENT: Mapping[str, Callable[[], tuple[bytes, str]]] = {
    "gzip": lambda: (bomb(4 * GIB), "gzip"),
    "deflate": lambda: (bomb(4 * GIB, wbits=zlib.MAX_WBITS), "deflate"),
    "raw-deflate": lambda: (bomb(4 * GIB, wbits=-zlib.MAX_WBITS), "deflate"),
    "members": lambda: (gzip.compress(b"") * 400_000, "gzip"),
    "gzip-in-gzip": lambda: (gzip.compress(bomb(4 * GIB)), "gzip, gzip"),
    "br": lambda: (b"\x1b" + bytes(1_000_000), "br"),
    "zstd": lambda: (b"\x28\xb5\x2f\xfd" + bytes(1_000_000), "zstd"),
}
SITEMAPS: Mapping[str, Callable[[], bytes]] = {
    "zeros": lambda: bomb(4 * GIB),
    "letters": lambda: bomb(4 * GIB, b"a" * 1024),
    "members": lambda: packed(b"<urlset>", b" ", _MIB) * 60,
    "empty-elements": lambda: packed(b"<urlset>", b"<a/>", 12_000_000, b"</urlset>"),
    "attributes": lambda: packed(b"<urlset>", _ATTRIBUTES, 60_000, b"</urlset>"),
    "entries": lambda: packed(b"<urlset>", b"<url><loc>http://a/b</loc></url>", 1_600_000, b"</urlset>"),
    "wide-letters": lambda: packed(b"<urlset>", "😀".encode(), 13_000_000, b"</urlset>"),
    "lines": lambda: packed(b"", b"http://bao.test/a\n", 2_900_000),
    "nested-elements": lambda: packed(b"<urlset>", b"<a>", 1_000_000),
}


async def _fetched(body: bytes, coding: str) -> str:
    headers = {"Content_Encoding": coding, "Content_Type": "application/xml"}
    async with Site({"/s": answer(body, **headers)}) as site, open_client() as client:
        try:
            page: Any = await client.get(site.url("/s"), accept="feed")
        except FetchError as error:
            return error.kind.value
        return f"{len(page.body)} bytes"


async def _fetched_and_read(inner: bytes) -> str:
    """A sitemap.xml.gz that the server packs once more for the wire."""
    headers = {"Content_Encoding": "gzip", "Content_Type": "application/x-gzip"}
    async with Site({"/s.xml.gz": answer(gzip.compress(inner), **headers)}) as site, open_client() as client:
        page: Any = await client.get(site.url("/s.xml.gz"), accept="feed")
    return _read(page.body)


def _read(body: bytes) -> str:
    try:
        return f"{len(parse_sitemap(body, 'http://bao.test/s.xml.gz').entries)} entries"
    except CrawlError as error:
        return f"{type(error).__name__}: {error}"


def main(where: str, what: str) -> None:
    body, coding = SENT[what]() if where == "wire" else (SITEMAPS[what](), "")
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    match where:
        case "wire":
            outcome = asyncio.run(_fetched(body, coding))
        case "both":
            outcome = asyncio.run(_fetched_and_read(body))
        case _:
            outcome = _read(body)
    grew_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    sys.stdout.write(json.dumps({"outcome": outcome, "grew_mb": grew_kb / 1000}))


if __name__ == "__main__":
    main(*sys.argv[1:])
