"""Whether a daemon works on a PostgreSQL database: each holds a lock for as long as it lives, and the server lets go of it when it dies."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import NullPool, create_engine, text

from storage.connect import sqlite_path, translated

PRESENT = 0x63616E0004  # an advisory lock of our own, shared: any number of daemons hold it at once

_COME = text("SELECT pg_advisory_lock_shared(:lock)")
_LOOK = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = :high AND objid = :low"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


@contextmanager
def present(url: str) -> Iterator[None]:
    """Be seen as a daemon on the PostgreSQL database at `url`, until the end of the block or of the process."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args={"application_name": "canhbao presence"})
    with translated(url):
        connection = engine.connect()
    with connection:
        with translated(url):
            connection.execute(_COME, {"lock": PRESENT})
        yield


def has_daemon(url: str) -> bool:
    """Whether one is present. Of SQLite the file lock tells, which must be tried."""
    if sqlite_path(url) is not None:
        return False
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with translated(url), engine.connect() as connection:
        return bool(connection.scalar(_LOOK, {"high": PRESENT >> 32, "low": PRESENT & 0xFFFFFFFF}))
