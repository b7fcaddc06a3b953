"""Decoding a body chunk by chunk without ever holding more than the cap: a small gzip can stand for gigabytes."""

import zlib

from crawler.errors import Failure
from crawler.fetch.failures import FaultError

PLAIN = frozenset({"", "identity", "none", "binary", "7bit", "8bit", "utf-8", "utf8"})  # the nonsense among them was seen in the wild
MAX_MEMBERS = 1000  # a 10 MB file from bgzip, the greediest honest tool, has 160; a decoder each makes millions of them expensive
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class BoundedBody:
    """Collects a body of at most `max_bytes`, counted raw and decoded. Every method raises FaultError."""

    def __init__(self, content_encoding: str | None, max_bytes: int) -> None:
        self._coding = (content_encoding or "").strip().lower().removeprefix("x-")
        if self._coding not in PLAIN and self._coding not in {"gzip", "deflate"}:
            raise FaultError(Failure.BAD_ENCODING, f"Content-Encoding {self._coding[:40]!r} was not asked for")
        self._max_bytes = max_bytes
        self._n_raw = self._n_decoded = self._n_members = 0
        self._parts: list[bytes] = []
        self._decoder = None if self._coding in PLAIN else zlib.decompressobj(_GZIP_OR_ZLIB)

    def feed(self, chunk: bytes) -> None:
        self._n_raw += len(chunk)
        if self._n_raw > self._max_bytes:
            raise FaultError(Failure.TOO_LARGE, f"more than {self._max_bytes} bytes")
        if self._decoder is None:
            self._parts.append(chunk)
        else:
            self._inflate(chunk)

    def finish(self) -> bytes:
        """The whole body."""
        if self._decoder is not None and self._n_raw and not self._decoder.eof:
            raise FaultError(Failure.TRUNCATED, "the compressed body ends in its middle")
        return b"".join(self._parts)

    def _inflate(self, chunk: bytes) -> None:
        while chunk and self._decoder is not None:
            if self._decoder.eof and not self._open_next_member(chunk):
                return
            chunk = self._decode(chunk)

    def _open_next_member(self, chunk: bytes) -> bool:
        """Gzip files may be joined end to end; anything else behind the end is padding that browsers ignore too."""
        self._n_members += 1
        if self._n_members >= MAX_MEMBERS:
            raise FaultError(Failure.TOO_LARGE, f"more than {MAX_MEMBERS} gzip members")
        if not chunk.startswith(b"\x1f"):
            return False
        self._decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
        return True

    def _decode(self, chunk: bytes) -> bytes:
        """Decode `chunk` as far as the present member goes; what is left belongs to the next one."""
        assert self._decoder is not None
        try:
            out = self._decoder.decompress(chunk, self._max_bytes - self._n_decoded + 1)
        except zlib.error as error:
            if self._coding == "deflate" and self._n_raw == len(chunk):  # half of the servers mean it without the zlib frame
                self._decoder = zlib.decompressobj(_RAW_DEFLATE)
                self._coding = "raw deflate"
                return chunk
            raise FaultError(Failure.BAD_ENCODING, f"not {self._coding}: {error}") from error
        self._n_decoded += len(out)
        if self._n_decoded > self._max_bytes:
            raise FaultError(Failure.TOO_LARGE, f"more than {self._max_bytes} bytes when decoded")
        self._parts.append(out)
        return self._decoder.unconsumed_tail or self._decoder.unused_data
