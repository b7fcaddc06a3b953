"""Copies of a SQLite file that is in use, and the lock that keeps a second daemon away from it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.connect import BUSY_TIMEOUT_S, shown, sqlite_path
from storage.errors import AlreadyRunning, BackupError


def backup(url: str, target: Path) -> None:
    """Copy the database as it is at this moment to `target`; a running daemon is not disturbed.

    Raises: BackupError when `target` exists, when there is nothing to copy, or for PostgreSQL, which has its own tool.
    """
    path = sqlite_path(url)
    if path is None:
        raise BackupError(f"{shown(url)} is PostgreSQL; use its own tool: pg_dump --format=custom --file={target} …")
    if not path.exists():
        raise BackupError(f"{path} does not exist")
    copy_sqlite(path, target)


def copy_sqlite(path: Path, target: Path) -> Path:
    """Write `target` whole or not at all. It is one file: what still stood in the write-ahead log is inside."""
    partial = target.with_name(target.name + ".partial")
    try:
        target.open("xb").close()  # takes the name; refuses one that is taken
    except OSError as error:
        raise BackupError(f"{target}: {error.strerror}; choose another name") from error
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as source:
            source.execute("VACUUM INTO ?", (str(partial),))
        _sync(partial)
        partial.replace(target)
        _sync(target.parent)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise BackupError(f"{target}: {error}") from error
    return target


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def daemon_lock(url: str) -> Iterator[None]:
    """Be the only daemon on a SQLite database, until the end of the block or of the process, however it ends.

    On PostgreSQL the leases part the work between any number of them. Raises: AlreadyRunning.
    """
    path = sqlite_path(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(path.name + ".lock")
    with lock.open("a+", encoding="ascii") as held:  # never deleted: a lock on a deleted file excludes nobody
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            pid = _read_pid(lock)
            who = f"process {pid}" if pid else "another process"
            raise AlreadyRunning(f"{path} is in use by {who}; two daemons cannot share a SQLite database", pid=pid) from error
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def _read_pid(lock: Path) -> int | None:
    try:
        return int(lock.read_text("ascii"))
    except (OSError, ValueError):
        return None
