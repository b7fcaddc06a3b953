"""The tables, once per kind of database, and empty for each test.

A PostgreSQL database costs 50-500 ms to make and to drop, so here the tests share one and empty it.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from storage.engine import Store, upgrade
from storage.tables import METADATA
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_tables(postgres: Postgres) -> Iterator[str]:
    with postgres.fresh_database() as name:
        upgrade(postgres.url(name))
        yield postgres.url(name)


@pytest.fixture
def empty_postgres(postgres_tables: str) -> str:
    engine = create_engine(postgres_tables, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    return postgres_tables


@pytest.fixture
def empty_sqlite(sqlite_tables: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_tables, tmp_path / "canhbao.db")
    return f"sqlite:///{tmp_path / 'canhbao.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with empty tables, once of each kind."""
    url: str = request.getfixturevalue("empty_sqlite" if request.param == "sqlite" else "empty_postgres")
    return url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store.open(url)
    yield store
    store.close()
