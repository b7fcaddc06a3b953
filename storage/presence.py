"""Which daemons work on a PostgreSQL database: each holds locks for as long as it lives, and the server lets go of them when it dies.

One lock says that there is a daemon, one says which: so what a dead one had in hand need not wait until its leases run out.
"""

import threading
from collections.abc import Collection
from contextlib import suppress
from zlib import crc32

from sqlalchemy import Connection, NullPool, bindparam, create_engine, select, text, union, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.connect import PG_CONNECT_TIMEOUT_S, sqlite_path, translated
from storage.leases import FREE
from storage.tables import LEASED, backfill_pages, links, sources

PRESENT = 0x63616E0004  # an advisory lock of our own, shared: any number of daemons hold it at once
OWNER = 0x63616E05  # and the first half of the lock that each holds for its name
WORK = (sources, links, backfill_pages)
"""What is freed. Messages are not: their leases are short, and one must never go out twice because a line was bad."""

_TIMEOUT_MS = PG_CONNECT_TIMEOUT_S * 1000  # a server that went away without a word must not be waited for a quarter of an hour
_OURS = (
    "FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_COME = text("SELECT pg_advisory_lock_shared(:present), pg_advisory_lock_shared(:kind, :name)")
_IS_SEEN = text(f"SELECT EXISTS (SELECT {_OURS} AND objsubid = 2 AND classid = :kind AND objid = :name)")
_HAS_ONE = text(f"SELECT EXISTS (SELECT {_OURS} AND objsubid = 1 AND classid = :high AND objid = :low)")
_NAMES = text(f"SELECT objid {_OURS} AND objsubid = 2 AND classid = :kind")
_OWNERS = union(*(select(table.c.lease_owner).where(LEASED) for table in WORK))


class Presence:
    """One daemon, seen on the PostgreSQL database at `url` by the name its leases bear, from `renew` to `close` or to its death."""

    def __init__(self, url: str, owner: str) -> None:
        arguments = {"application_name": "canhbao presence", "connect_timeout": PG_CONNECT_TIMEOUT_S, "tcp_user_timeout": _TIMEOUT_MS}
        self._url, self._name = url, {"kind": OWNER, "name": _number(owner)}
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=arguments)
        self._connection: Connection | None = None
        self._alone = threading.Lock()

    def renew(self) -> None:
        """Be seen; again, where the server was restarted or has let go of us. Raises: StorageError."""
        with self._alone, translated(self._url):
            if not self._is_seen():
                self._let_go()
                self._connection = self._engine.connect()
                self._connection.execute(_COME, {"present": PRESENT, **self._name})

    def close(self) -> None:
        with self._alone:
            self._let_go()

    def _is_seen(self) -> bool:
        """Asked of the server: between it and us may stand a pooler, whose connection outlives the one that held the lock."""
        try:
            return self._connection is not None and bool(self._connection.scalar(_IS_SEEN, self._name))
        except DBAPIError:
            return False

    def _let_go(self) -> None:
        if self._connection is not None:
            with suppress(DBAPIError):  # it was broken already
                self._connection.close()
            self._connection = None


def has_daemon(url: str) -> bool:
    """Whether one is present. Of SQLite the file lock tells, which must be tried."""
    if sqlite_path(url) is not None:
        return False
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with translated(url), engine.connect() as connection:
        return bool(connection.scalar(_HAS_ONE, {"high": PRESENT >> 32, "low": PRESENT & 0xFFFFFFFF}))


def absent_owners(session: Session) -> set[str]:
    """Who has work in hand on a PostgreSQL database and is not to be seen there."""
    present = set(session.scalars(_NAMES, {"kind": OWNER}))
    return {owner for owner in session.scalars(_OWNERS) if _number(owner) not in present}


def free_work_of(session: Session, owners: Collection[str]) -> int:
    """Make due again what `owners` had in hand, but for their messages; how much that was."""
    return sum(len(session.scalars(_FREED[table], {"owners": list(owners)}).all()) for table in WORK)


_FREED = {
    table: update(table).where(LEASED, table.c.lease_owner.in_(bindparam("owners", expanding=True))).values(**FREE).returning(table.c.id)
    for table in WORK
}


def _number(owner: str) -> int:
    """Two owners with one number only wait for their leases, as without all this."""
    return crc32(owner.encode()) & 0x7FFFFFFF
