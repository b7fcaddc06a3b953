"""How we connect: one engine that writes and one that reads, for SQLite and for PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Literal, TypeAlias

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import StorageError
from storage.types import to_json

BUSY_TIMEOUT_S = 10.0  # a command that writes beside the daemon holds the lock for milliseconds; a backup never does
CACHE_KIB = 32_768  # the inner pages of every index of some million rows; three connections may hold as much
WAL_KEPT_BYTES = 64 * 1024 * 1024  # a sitemap of 50,000 links grows the write-ahead log once; it need not stay that long
MMAP_BYTES = 0  # a damaged disk must be an error we can report, not a SIGBUS
PG_CONNECT_TIMEOUT_S = 10
_PAUSE_S = 0.005  # another's change of the journal takes less than a millisecond

# These say that a value was wrong, not that the database is: the bug boundary of the row they belong to takes them.
VALUE_ERRORS = (IntegrityError, DataError, ProgrammingError)

ADVICE = {
    "disk is full": "free some space; nothing that was stored is lost",
    "database is locked": f"another program held it for more than {BUSY_TIMEOUT_S:.0f} s; is a copy or a SQLite shell open on it?",
    "readonly database": "the file or its folder may not be written; see who owns it",
    "malformed": "the file is damaged; restore the last backup",
    "unable to open": "the folder is missing or may not be written",
    "not a database": "the file is no SQLite database",
}

Role: TypeAlias = Literal["write", "read"]


def sqlite_path(url: str) -> Path | None:
    """The database file of `url`, or None when it is not SQLite."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database or parsed.database == ":memory:":
        raise StorageError(f"{url} names no file; use for example sqlite:///data/canhbao.db")
    return Path(parsed.database)


def shown(url: str) -> str:
    """`url` as it may be printed: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def connect(url: str, role: Role, *, pool_size: int) -> Engine:
    """An engine for `role`. Readers cannot write; SQLite writers take the write lock when they begin, not when they first write."""
    parsed = make_url(url)
    if sqlite_path(url) is not None:
        return _connect_sqlite(parsed, role, pool_size=pool_size)
    return _connect_postgres(parsed, role, pool_size=pool_size)


def _connect_sqlite(url: URL, role: Role, *, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        json_serializer=to_json,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False, "isolation_level": None},
    )
    is_reader = role == "read"

    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")  # docs/decisions/0001-sqlite-durability.md
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
        connection.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA query_only = {'ON' if is_reader else 'OFF'}")

    def begin(connection: Connection) -> None:
        # Under WAL a read that turns into a write fails at once with SQLITE_BUSY_SNAPSHOT, whatever the timeout.
        connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Of several that open a new file at once some are refused without a wait: the busy timeout does not cover this change."""
    until = monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_PAUSE_S)
        else:
            return


def _connect_postgres(url: URL, role: Role, *, pool_size: int) -> Engine:
    arguments: dict[str, Any] = {"connect_timeout": PG_CONNECT_TIMEOUT_S, "application_name": f"canhbao {role}"}
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,  # a server that was restarted costs one round trip, not one failed poll
        json_serializer=to_json,
        connect_args=arguments,
    )
    return engine.execution_options(postgresql_readonly=True) if role == "read" else engine


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn what the database driver raises about the database itself into a `StorageError` that says what to do."""
    try:
        yield
    except VALUE_ERRORS:
        raise
    except (DBAPIError, PoolTimeoutError) as error:
        cause = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
        advice = next((text for sign, text in ADVICE.items() if sign in cause), "")
        raise StorageError(f"{shown(url)}: {cause}" + (f": {advice}" if advice else "")) from error
