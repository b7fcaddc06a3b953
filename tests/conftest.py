"""What every test may ask for: a fresh database of either kind; and how examples are made up. Nothing here is built for a test that does not ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres import Postgres, running_postgres

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("hunt", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("same")
"""Every run tries the same examples, so that none fails for a change that did not break it. `make hunt` tries new ones; what it finds
becomes an @example, or a test of its own."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    with postgres.fresh_database() as name:
        yield postgres.url(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file of the test's own, not there yet."""
    return f"sqlite:///{tmp_path / 'canhbao.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """An empty database, once of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url
