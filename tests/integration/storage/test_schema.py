"""The schema: made from nothing, brought up to date after a copy, refused when it is newer than we are."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from storage.articles import count
from storage.engine import SchemaTooNew, SchemaTooOld, Store, upgrade
from storage.schema import MIGRATIONS
from storage.tables import METADATA
from tests.integration.storage.given import given_article

NEWER = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None

def upgrade():
    op.create_table("things_to_come", sa.Column("id", sa.Integer, primary_key=True))
    {then}
"""

MakeNewer = Callable[..., Path]


@pytest.fixture
def make_newer(tmp_path: Path) -> MakeNewer:
    """The migrations of a canhbao that is one revision ahead of us."""

    def make(then: str = "pass") -> Path:
        newer = Path(shutil.copytree(MIGRATIONS, tmp_path / "newer"))
        head = max(path.name for path in (newer / "versions").glob("*.py")).split("_")[0]
        (newer / "versions" / "9999_newer.py").write_text(NEWER.format(head=head, then=then))
        return newer

    return make


def table_names(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def is_common_to_both(name, kind, parents):
    """The words of full-text search are kept by each kind of database in tables of its own."""
    return not (kind == "table" and name.startswith("article_words"))


def test_migrating_from_nothing_equals_the_models(store_url: str):
    upgrade(store_url)
    engine = create_engine(store_url)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": is_common_to_both}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    engine.dispose()
    assert differences == []


def test_an_upgrade_of_nothing_says_what_it_made(store_url: str):
    upgraded = upgrade(store_url)
    assert (upgraded.before, upgraded.changed, upgraded.copy) == (None, True, None)


def test_an_upgrade_of_the_current_schema_changes_nothing(store_url: str):
    upgrade(store_url)
    again = upgrade(store_url)
    assert (again.changed, again.copy) == (False, None)


def test_the_folder_of_a_new_database_is_made(tmp_path: Path):
    upgrade(f"sqlite:///{tmp_path / 'data' / 'deep' / 'canhbao.db'}")
    assert (tmp_path / "data" / "deep" / "canhbao.db").exists()


def test_opening_a_database_that_is_not_there_names_the_command_and_makes_no_file(tmp_path: Path):
    with pytest.raises(SchemaTooOld, match="canhbao db upgrade"):
        Store.open(f"sqlite:///{tmp_path / 'canhbao.db'}")
    assert list(tmp_path.iterdir()) == []


def test_opening_a_database_without_tables_names_the_command(postgres_url: str):
    with pytest.raises(SchemaTooOld, match="canhbao db upgrade"):
        Store.open(postgres_url)


def test_an_older_schema_is_upgraded_with_all_it_holds(store_url: str, make_newer: MakeNewer):
    upgrade(store_url)
    store = Store.open(store_url)
    given_article(store)
    store.close()
    assert upgrade(store_url, make_newer()).after == "9999"
    engine = create_engine(store_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM articles").scalar() == 1
    engine.dispose()


def test_before_an_older_file_is_upgraded_it_is_copied_beside(sqlite_url: str, make_newer: MakeNewer):
    before = upgrade(sqlite_url).after
    store = Store.open(sqlite_url)
    given_article(store)
    store.close()
    copy = upgrade(sqlite_url, make_newer()).copy
    assert copy is not None
    assert copy.name.startswith(f"canhbao.db.before-{before}-")
    old = Store.open(f"sqlite:///{copy}")
    assert old.run(count) == 1
    old.close()


def test_an_upgrade_that_fails_half_way_leaves_the_schema_as_it_was(store_url: str, make_newer: MakeNewer):
    upgrade(store_url)
    before = table_names(store_url)
    with pytest.raises(ZeroDivisionError):
        upgrade(store_url, make_newer(then="1 / 0"))
    assert table_names(store_url) == before


def test_a_newer_schema_is_not_upgraded(store_url: str, make_newer: MakeNewer):
    upgrade(store_url, make_newer())
    with pytest.raises(SchemaTooNew, match="newer canhbao"):
        upgrade(store_url)


def test_a_newer_schema_is_not_opened(store_url: str, make_newer: MakeNewer):
    upgrade(store_url, make_newer())
    with pytest.raises(SchemaTooNew, match="newer canhbao"):
        Store.open(store_url)


def test_two_upgrades_at_once_make_one_schema(store_url: str):
    together = Barrier(2)

    def run(_: int) -> str:
        together.wait(timeout=30)
        return upgrade(store_url).after

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(run, range(2)))) == 1


def test_no_password_is_printed(postgres_url: str):
    with pytest.raises(SchemaTooOld) as raised:
        Store.open(postgres_url.replace("postgres@", "postgres:geheim@"))
    assert "geheim" not in str(raised.value)
