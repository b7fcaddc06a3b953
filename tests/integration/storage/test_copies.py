"""Copies of a database in use, and the lock that keeps a second daemon away."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.articles import count
from storage.engine import AlreadyRunning, BackupError, Store, backup, daemon_lock
from tests.integration.storage.given import given_article

REPOSITORY = Path(__file__).resolve().parents[3]
DEADLINE_S = 30

HOLD_THE_LOCK = """
import sys
from storage.engine import daemon_lock
with daemon_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(url: str) -> subprocess.Popen[str]:
    """Another process that is the daemon of `url` until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, url], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_backup_holds_what_was_committed(empty_sqlite: str, tmp_path: Path):
    store = Store.open(empty_sqlite)
    given_article(store)
    backup(empty_sqlite, tmp_path / "copy.db")  # the store is still open: its last commits stand in the write-ahead log
    store.close()
    copy = Store.open(f"sqlite:///{tmp_path / 'copy.db'}")
    assert copy.run(count) == 1
    copy.close()


def test_a_backup_is_taken_while_something_is_being_written(empty_sqlite: str, tmp_path: Path):
    store = Store.open(empty_sqlite)

    def work(session):
        count(session)
        backup(empty_sqlite, tmp_path / "copy.db")

    store.run(work)
    store.close()
    assert (tmp_path / "copy.db").stat().st_size > 0


def test_a_backup_overwrites_nothing(empty_sqlite: str, tmp_path: Path):
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(BackupError, match="File exists; choose another name"):
        backup(empty_sqlite, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_backup_into_a_missing_folder_is_refused(empty_sqlite: str, tmp_path: Path):
    with pytest.raises(BackupError, match="No such file"):
        backup(empty_sqlite, tmp_path / "missing" / "copy.db")


def test_a_backup_of_nothing_is_refused(sqlite_url: str, tmp_path: Path):
    with pytest.raises(BackupError, match="does not exist"):
        backup(sqlite_url, tmp_path / "copy.db")


def test_a_failed_backup_leaves_no_file(tmp_path: Path):
    (tmp_path / "letter.db").write_text("Kính gửi ban biên tập. " * 100)
    with pytest.raises(BackupError, match="not a database"):
        backup(f"sqlite:///{tmp_path / 'letter.db'}", tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.db"]


def test_a_backup_of_postgresql_names_its_own_tool(postgres_url: str, tmp_path: Path):
    with pytest.raises(BackupError, match="pg_dump"):
        backup(postgres_url, tmp_path / "copy.db")


def test_a_second_daemon_is_told_who_holds_the_database(empty_sqlite: str):
    first = holder(empty_sqlite)
    try:
        with pytest.raises(AlreadyRunning, match=f"process {first.pid}") as raised, daemon_lock(empty_sqlite):
            pass
        assert raised.value.pid == first.pid
    finally:
        first.communicate(timeout=DEADLINE_S)


def test_a_killed_daemon_leaves_no_lock(empty_sqlite: str):
    first = holder(empty_sqlite)
    first.kill()
    first.communicate(timeout=DEADLINE_S)
    with daemon_lock(empty_sqlite):
        pass


def test_a_lock_ends_with_its_block(empty_sqlite: str):
    for _ in range(2):
        with daemon_lock(empty_sqlite):
            pass


def test_commands_may_write_beside_a_daemon(empty_sqlite: str):
    with daemon_lock(empty_sqlite):
        store = Store.open(empty_sqlite)
        given_article(store)
        assert store.run(count) == 1
        store.close()


def test_a_postgresql_server_takes_any_number_of_daemons(postgres_url: str):
    with daemon_lock(postgres_url), daemon_lock(postgres_url):
        pass
