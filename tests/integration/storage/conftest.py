"""The tables, once per kind of database: each test gets its own copy of the empty ones."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Store, upgrade
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
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with empty tables, once of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_tables"), tmp_path / "canhbao.db")
        yield f"sqlite:///{tmp_path / 'canhbao.db'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.fresh_database(template=request.getfixturevalue("postgres_tables")) as name:
        yield postgres.url(name)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store.open(url)
    yield store
    store.close()
