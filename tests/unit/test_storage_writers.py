"""Works that wait together are written together, and fail each for itself."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy.orm import Session

from storage.errors import StorageError
from storage.writers import Writers

DEADLINE_S = 10


class Ledger:
    """A database of one list: what a transaction adds is there when it ends well, and only then."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.transactions: list[list[str]] = []
        self.is_locked, self.n_refused = False, 0

    def lock(self) -> None:
        self.is_locked = True

    def transact(self, work: Callable[[Any], Any]) -> Any:
        if self.is_locked:
            self.n_refused += 1
            raise StorageError("database is locked")
        added: list[str] = []
        given = work(added)
        if "unwritable" in added:
            raise StorageError("disk is full")
        self.rows += added
        self.transactions.append(added)
        return given


def adding(row: str) -> Callable[[Session], str]:
    def work(session: Any) -> str:
        session.append(row)
        return f"{row} added"

    return work


def failing(_: Session) -> str:
    raise ZeroDivisionError


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def writers(ledger: Ledger) -> Iterator[Writers]:
    writers = Writers(1, ledger.transact)
    yield writers
    writers.shutdown()


@contextlib.contextmanager
def kept_busy(writers: Writers, meanwhile: Callable[[], object] = lambda: None) -> Iterator[None]:
    """The writer does something else as long as the block lasts, and then `meanwhile`."""
    is_busy, go_on = threading.Event(), threading.Event()

    def busy(_: Session) -> None:
        is_busy.set()
        assert go_on.wait(DEADLINE_S)
        meanwhile()

    writers.submit(busy)
    assert is_busy.wait(DEADLINE_S)
    yield
    go_on.set()


def together(writers: Writers, *works: Callable[[Session], str], before: Callable[[], object] = lambda: None) -> list["Future[str]"]:
    """Submit `works` while the writer is busy, and wait until they are done."""
    with kept_busy(writers, before):
        futures = [writers.submit(work) for work in works]
    for future in futures:
        future.exception(DEADLINE_S)
    return futures


def test_works_that_wait_together_share_a_transaction_in_their_order(ledger: Ledger, writers: Writers):
    together(writers, adding("a"), adding("b"), adding("c"))
    assert ledger.transactions == [[], ["a", "b", "c"]]


def test_each_gets_what_its_own_work_gave(writers: Writers):
    given = [future.result() for future in together(writers, adding("a"), adding("b"))]
    assert given == ["a added", "b added"]


def test_a_work_that_raises_fails_alone(ledger: Ledger, writers: Writers):
    [_, failed, _] = together(writers, adding("a"), failing, adding("c"))
    assert isinstance(failed.exception(), ZeroDivisionError)
    assert ledger.rows == ["a", "c"]


def test_a_work_that_cannot_be_committed_fails_alone(ledger: Ledger, writers: Writers):
    [_, failed, _] = together(writers, adding("a"), adding("unwritable"), adding("c"))
    assert isinstance(failed.exception(), StorageError)
    assert ledger.rows == ["a", "c"]


def test_a_database_that_cannot_be_had_is_asked_once_for_all_of_them(ledger: Ledger, writers: Writers):
    futures = together(writers, adding("a"), adding("b"), adding("c"), before=ledger.lock)
    assert [type(future.exception()) for future in futures] == [StorageError] * 3
    assert ledger.n_refused == 1


def test_a_work_that_was_cancelled_before_its_turn_is_not_done(ledger: Ledger, writers: Writers):
    with kept_busy(writers):
        unwanted, wanted = writers.submit(adding("unwanted")), writers.submit(adding("wanted"))
        unwanted.cancel()
    wanted.result(DEADLINE_S)
    assert ledger.rows == ["wanted"]


def test_shutting_down_waits_for_all_that_was_submitted(ledger: Ledger):
    writers = Writers(1, ledger.transact)
    for row in "abc":
        writers.submit(adding(row))
    writers.shutdown()
    assert ledger.rows == ["a", "b", "c"]


def test_several_writers_do_not_share_transactions(ledger: Ledger):
    writers = Writers(2, ledger.transact)
    for row in "abc":
        writers.submit(adding(row))
    writers.shutdown()
    assert sorted(map(len, ledger.transactions)) == [1, 1, 1]
