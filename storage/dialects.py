"""The two places where SQLite and PostgreSQL are asked differently."""

from typing import Final

from sqlalchemy import Insert, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

RECORDING: Final = 0x63616E0002  # advisory locks of our own; `storage.schema` has number 1
POLLING: Final = 0x63616E0003


def insert_unless_there(session: Session, table: Table) -> Insert:
    """INSERT that leaves alone what is already there by any unique key."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def upsert(session: Session, table: Table, *, key: tuple[str, ...], changing: tuple[str, ...]) -> Insert:
    """INSERT that overwrites the columns `changing` of the row with the same `key`."""
    if session.get_bind().dialect.name == "postgresql":
        on_postgres = postgresql.insert(table)
        return on_postgres.on_conflict_do_update(index_elements=key, set_={name: on_postgres.excluded[name] for name in changing})
    on_sqlite = sqlite.insert(table)
    return on_sqlite.on_conflict_do_update(index_elements=key, set_={name: on_sqlite.excluded[name] for name in changing})


def alone(session: Session, lock: int) -> None:
    """From here to the end of the transaction no other one is in a stretch with the same `lock`.

    SQLite has one writer at a time and began with BEGIN IMMEDIATE: it is alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
