"""The schema's age: what the database has, what this program wants, and the way from one to the other."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.connect import connect, shown, sqlite_path, translated
from storage.copies import copy_sqlite
from storage.errors import SchemaTooNew, SchemaTooOld

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x63616E0001  # "can" and a number of our own: an advisory lock is known by nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What `upgrade` did. `before` is None for a new database; `copy` is the SQLite file as it was, when one was made."""

    before: str | None
    after: str
    copy: Path | None = None

    @property
    def changed(self) -> bool:
        return self.before != self.after


def require_current_schema(connection: Connection, migrations: Path = MIGRATIONS) -> None:
    """Raises: SchemaTooOld or SchemaTooNew, with what to do, unless the tables are this program's."""
    wanted, found = _head(migrations), _revision(connection, migrations)
    if found != wanted:
        where = shown(str(connection.engine.url.render_as_string(hide_password=False)))
        raise SchemaTooOld(f"{where} has schema {found or 'none'}, this canhbao needs {wanted}; run `canhbao db upgrade`")


def upgrade(url: str, migrations: Path = MIGRATIONS) -> Upgraded:
    """Create the tables or bring them up to date, all or nothing; an older SQLite file is copied first.

    Two processes may call it at once. Stop the daemon first: an older one knows nothing of newer tables.
    Raises: SchemaTooNew when a newer canhbao made them; StorageError.
    """
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = connect(url, "write", pool_size=1)
    try:
        with translated(url):
            with engine.connect() as connection:
                found = _revision(connection, migrations)
            copy = None
            if path is not None and found not in {None, _head(migrations)}:
                copy = copy_sqlite(path, _beside(path, found or ""))
            with engine.begin() as connection:
                before = _migrate(connection, migrations)
        return Upgraded(before=before, after=_head(migrations), copy=copy)
    finally:
        engine.dispose()


def alembic_config(connection: Connection, migrations: Path = MIGRATIONS) -> Config:
    """Alembic's configuration without an alembic.ini: the tables travel with the package, the connection comes from us."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _migrate(connection: Connection, migrations: Path) -> str | None:
    """Run what is missing inside the transaction of `connection`; returns the revision found there."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
    before = _revision(connection, migrations)  # once more: another process may have been faster
    if before != _head(migrations):
        command.upgrade(alembic_config(connection, migrations), "head")
    return before


def _beside(path: Path, revision: str) -> Path:
    return path.with_name(f"{path.name}.before-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.bak")


@cache
def _script(migrations: Path) -> ScriptDirectory:
    return ScriptDirectory(str(migrations))


def _head(migrations: Path) -> str:
    head = _script(migrations).get_current_head()
    assert head is not None, "the package ships at least one migration"
    return head


def _revision(connection: Connection, migrations: Path) -> str | None:
    """The revision the database is at, None when it is empty. Raises: SchemaTooNew when this program does not know it."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in {script.revision for script in _script(migrations).walk_revisions()}:
        where = connection.engine.url.render_as_string(hide_password=True)
        raise SchemaTooNew(f"{where} has schema {found}, which a newer canhbao made; install that version, or restore a backup made before")
    return found
