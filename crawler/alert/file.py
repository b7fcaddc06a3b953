"""The file channel: one JSON line a delivery.

A crash after the line was written and before that was noted writes it again, with the same `id`: readers keep the first of each.
"""

import asyncio
import contextlib
import fcntl
import json
import os
from pathlib import Path

from crawler.errors import DeliveryError

DEADLINE_S = 15.0  # a disk that takes longer hangs; the thread is left to it


async def send(path: Path, message: bytes, *, delivery_id: str) -> None:
    """Append the webhook's body with the delivery's id in front, on disk when this returns. Raises: DeliveryError."""
    line = b'{"id":' + json.dumps(delivery_id).encode() + b"," + message[1:] + b"\n"
    try:
        async with asyncio.timeout(DEADLINE_S):
            await asyncio.to_thread(_append, path, line)
    except TimeoutError as error:
        raise DeliveryError(f"{path}: not written in {DEADLINE_S:g} s") from error
    except OSError as error:
        raise DeliveryError(f"{path}: {error.strerror or error}") from error


def _append(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"  # somebody died within a line: keep ours whole
        _write(descriptor, b"\n" + line if is_torn else line, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(descriptor: int, line: bytes, size: int) -> None:
    """All of `line` or nothing: a full disk takes half of one."""
    try:
        written = os.write(descriptor, line)
        while written < len(line):
            written += os.write(descriptor, line[written:])
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
        raise
