"""The store: transactions, threads, and errors that say what to do."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from storage.articles import count
from storage.engine import StorageError, Store
from storage.sources import source_reports
from tests.builders import make_article
from tests.integration.storage.given import given_article

REPOSITORY = Path(__file__).resolve().parents[3]
DEADLINE_S = 30

DIE_IN_MID_TRANSACTION = """
import os, sys
from sqlalchemy.orm import Session
from storage.engine import Store
from storage.sources import sync_sources
from tests.builders import NOON
from tests.integration.storage.given import FEED

def die(session: Session) -> None:
    sync_sources(session, [FEED], now=NOON)
    session.connection().exec_driver_sql("SELECT count(*) FROM sources")
    os.kill(os.getpid(), 9)

Store.open(sys.argv[1]).run(die)
"""


def sql(statement: str) -> Callable[[Session], Any]:
    """A work that runs one statement and returns its one value, if it has any."""

    def work(session: Session) -> Any:
        result = session.connection().exec_driver_sql(statement)
        return result.scalar() if result.returns_rows else None

    return work


A_STORY = "INSERT INTO stories (key, opened_at) VALUES ('s', '2026-03-02 00:00:00+00')"
KILL_THE_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def sqlite_store(empty_sqlite: str) -> Iterator[Store]:
    store = Store.open(empty_sqlite)
    yield store
    store.close()


def test_a_work_that_raises_leaves_nothing(store: Store):
    def work(session: Session) -> None:
        sql(A_STORY)(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.run(work)
    assert store.run(sql("SELECT count(*) FROM stories")) == 0


def test_a_process_killed_in_mid_transaction_leaves_nothing_half_written(url: str):
    killed = subprocess.run([sys.executable, "-c", DIE_IN_MID_TRANSACTION, url], cwd=REPOSITORY, timeout=DEADLINE_S, check=False)
    store = Store.open(url)
    try:
        assert (killed.returncode, store.run(source_reports)) == (-9, [])
    finally:
        store.close()


def test_works_are_awaited_from_a_loop(store: Store):
    given_article(store)

    async def main() -> tuple[int, int]:
        return await store.write(count), await store.read(count)

    assert asyncio.run(main()) == (1, 1)


def test_a_reader_cannot_write(store: Store):
    async def main() -> None:
        await store.read(sql("DELETE FROM stories"))

    with pytest.raises(Exception, match=r"read-?only"):
        asyncio.run(main())


def look_twice(store: Store, write: Callable[[], object]) -> tuple[int, int]:
    """How many articles one reading transaction counts before and after `write` ran beside it."""
    looked, written = threading.Event(), threading.Event()

    def work(session: Session) -> tuple[int, int]:
        before = count(session)
        looked.set()
        assert written.wait(DEADLINE_S)
        return before, count(session)

    async def main() -> tuple[int, int]:
        reading = asyncio.create_task(store.read(work))
        assert await asyncio.to_thread(looked.wait, DEADLINE_S)
        await asyncio.to_thread(write)
        written.set()
        return await reading

    return asyncio.run(asyncio.wait_for(main(), DEADLINE_S))


def test_readers_do_not_block_the_writer(store: Store):
    look_twice(store, lambda: given_article(store))
    assert store.run(count) == 1


def test_a_reader_sees_one_moment(sqlite_store: Store):
    assert look_twice(sqlite_store, lambda: given_article(sqlite_store)) == (0, 0)


def test_closing_waits_for_what_is_being_written(url: str):
    store = Store.open(url)
    entered, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        entered.set()
        assert go_on.wait(DEADLINE_S)
        sql(A_STORY)(session)

    writing = threading.Thread(target=store.run, args=(slow,))
    writing.start()
    assert entered.wait(DEADLINE_S)
    closing = threading.Thread(target=store.close)
    closing.start()
    go_on.set()
    closing.join(DEADLINE_S)
    again = Store.open(url)
    assert again.run(sql("SELECT count(*) FROM stories")) == 1
    again.close()


def test_a_store_may_be_closed_twice(url: str):
    store = Store.open(url)
    store.close()
    store.close()


def test_a_locked_file_is_named_with_what_may_hold_it(empty_sqlite: str):
    holder, store = Store.open(empty_sqlite), Store.open(empty_sqlite)
    store.run(sql("PRAGMA busy_timeout = 10"))
    holding, let_go = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        count(session)
        holding.set()
        assert let_go.wait(DEADLINE_S)

    thread = threading.Thread(target=holder.run, args=(hold,))
    thread.start()
    assert holding.wait(DEADLINE_S)
    try:
        with pytest.raises(StorageError, match="database is locked: another program"):
            store.run(count)
    finally:
        let_go.set()
        thread.join(DEADLINE_S)
        holder.close()
        store.close()


def fill(store: Store) -> None:
    """No page more than there is: as a full disk."""
    store.run(sql(f"PRAGMA max_page_count = {store.run(sql('PRAGMA page_count'))}"))


def test_a_full_disk_is_an_error_that_says_so(sqlite_store: Store):
    fill(sqlite_store)
    with pytest.raises(StorageError, match="disk is full: free some space"):
        given_article(sqlite_store, make_article(text="Đại biểu thảo luận. " * 10_000))


def test_after_a_full_disk_the_store_goes_on(sqlite_store: Store):
    fill(sqlite_store)
    with pytest.raises(StorageError):
        given_article(sqlite_store, make_article(text="Đại biểu thảo luận. " * 10_000))
    sqlite_store.run(sql("PRAGMA max_page_count = 1000000"))
    given_article(sqlite_store)
    assert sqlite_store.run(count) == 1


def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    (tmp_path / "letter.db").write_text("Kính gửi ban biên tập. " * 100)
    with pytest.raises(StorageError, match="no SQLite database"):
        Store.open(f"sqlite:///{tmp_path / 'letter.db'}")


def test_a_server_that_does_not_answer_is_a_storage_error(tmp_path: Path):
    with pytest.raises(StorageError, match="postgresql"):
        Store.open(f"postgresql+psycopg://postgres@/canhbao?host={tmp_path}")


def test_a_database_in_memory_is_refused():
    with pytest.raises(StorageError, match="names no file"):
        Store.open("sqlite://")


def test_a_server_that_was_restarted_costs_no_work(empty_postgres: str):
    """Connections that died while they were idle are replaced unnoticed."""
    store, other = Store.open(empty_postgres), Store.open(empty_postgres)
    store.run(count)
    other.run(sql(KILL_THE_OTHERS))
    assert store.run(count) == 0
    store.close()
    other.close()


def test_a_power_cut_loses_no_commit(sqlite_store: Store):
    """What commits is on the disk: docs/decisions/0001-sqlite-durability.md."""
    full = 2
    assert sqlite_store.run(sql("PRAGMA synchronous")) == full


def test_a_reference_to_nothing_is_a_bug_not_an_outage(store: Store):
    dangling = sql("INSERT INTO article_urls (url, article_id) VALUES ('http://h/', 4711)")
    with pytest.raises(Exception, match=r"(?i)foreign key") as raised:
        store.run(dangling)
    assert not isinstance(raised.value, StorageError)
