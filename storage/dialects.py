"""The places where SQLite and PostgreSQL are asked differently."""

from functools import cache
from typing import Final

from sqlalchemy import Insert, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

RECORDING: Final = 0x63616E0002  # advisory locks of our own; `storage.schema` has number 1
POLLING: Final = 0x63616E0003

_POSTGRES_WITHOUT_PAGES: Final = text("SELECT pg_database_size(current_database()) - pg_total_relation_size('pages')")
_TAKE: Final = text("SELECT pg_advisory_xact_lock(:lock)")


def insert_unless_there(session: Session, table: Table) -> Insert:
    """INSERT that leaves alone what is already there by any unique key; returns the id of what it added. Give it rows to execute."""
    return _insert_unless_there(session.get_bind().dialect.name, table)


def upsert(session: Session, table: Table, *, key: tuple[str, ...], changing: tuple[str, ...]) -> Insert:
    """INSERT that overwrites the columns `changing` of the row with the same `key`. Give it rows to execute."""
    return _upsert(session.get_bind().dialect.name, table, key, changing)


@cache  # building a statement costs more than running it
def _insert_unless_there(dialect: str, table: Table) -> Insert:
    added = table.primary_key.columns.values()
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing().returning(*added)
    return sqlite.insert(table).on_conflict_do_nothing().returning(*added)


@cache
def _upsert(dialect: str, table: Table, key: tuple[str, ...], changing: tuple[str, ...]) -> Insert:
    if dialect == "postgresql":
        on_postgres = postgresql.insert(table)
        return on_postgres.on_conflict_do_update(index_elements=key, set_={name: on_postgres.excluded[name] for name in changing})
    on_sqlite = sqlite.insert(table)
    return on_sqlite.on_conflict_do_update(index_elements=key, set_={name: on_sqlite.excluded[name] for name in changing})


def used_bytes(session: Session, *, kept_bytes: int) -> int:
    """The room that the database needs, without what it could use again. `kept_bytes` are those of the raw pages.

    PostgreSQL's files never shrink when pages go, so there the rest is measured and the pages are counted.
    """
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(_POSTGRES_WITHOUT_PAGES) or 0) + kept_bytes
    size, n_pages, n_free = (int(session.scalar(text(f"PRAGMA {name}")) or 0) for name in ("page_size", "page_count", "freelist_count"))
    return size * (n_pages - n_free)


def alone(session: Session, lock: int) -> None:
    """From here to the end of the transaction no other one is in a stretch with the same `lock`.

    SQLite has one writer at a time and began with BEGIN IMMEDIATE: it is alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TAKE, {"lock": lock})
