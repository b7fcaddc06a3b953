"""The store: works run against it as short transactions, on its own threads, and fail with our own errors."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.connect import connect, sqlite_path, translated
from storage.copies import backup, daemon_lock
from storage.errors import AlreadyRunning, BackupError, SchemaTooNew, SchemaTooOld, StorageError
from storage.schema import require_current_schema, upgrade
from storage.words import add_waiting_words
from storage.writers import Writers

__all__ = [
    "AlreadyRunning",
    "BackupError",
    "SchemaTooNew",
    "SchemaTooOld",
    "StorageError",
    "Store",
    "backup",
    "daemon_lock",
    "upgrade",
]

P = ParamSpec("P")
T = TypeVar("T")

N_READERS = 2
N_POSTGRES_WRITERS = 4  # transactions are short and wait mostly for the network; SQLite has exactly one writer


class Store:
    """One per process. A work is `work(session, …)`: one sentence, one transaction, no await, no network."""

    def __init__(self, url: str) -> None:
        n_writers = 1 if sqlite_path(url) is not None else N_POSTGRES_WRITERS
        self.url = url
        self._writing: Engine = connect(url, "write", pool_size=n_writers)
        self._reading: Engine = connect(url, "read", pool_size=N_READERS)
        self._writers = Writers(n_writers, partial(self._transact, self._writing))
        self._readers = ThreadPoolExecutor(N_READERS, thread_name_prefix="canhbao-read")
        self._closing = threading.Lock()

    @classmethod
    def open(cls, url: str) -> Self:
        """The store at `url`, whose schema must be this program's.

        Raises: SchemaTooOld, SchemaTooNew, StorageError when it cannot be reached.
        """
        path = sqlite_path(url)
        if path is not None and not path.exists():
            raise SchemaTooOld(f"{path} does not exist yet; run `canhbao db upgrade` to create it")
        store = cls(url)
        try:
            with translated(url), store._writing.connect() as connection:
                require_current_schema(connection)
        except BaseException:
            store.close()
            raise
        return store

    async def write(self, work: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in a transaction on a writer thread. A caller that is cancelled meanwhile does not undo it.

        It may share the transaction with others, and be run once more when one of those failed: it touches nothing but its session.
        """
        return await asyncio.wrap_future(self._writers.submit(lambda session: work(session, *args, **kwargs)))

    async def read(self, work: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a short `work` that only reads, beside the writer: what it sees is one moment of the database."""
        transaction = partial(self._transact, self._reading, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, transaction)

    def run(self, work: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, for code that has no loop: the commands."""
        return self._writers.submit(lambda session: work(session, *args, **kwargs)).result()

    def look(self, work: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`, for code that has no loop: the commands."""
        return self._transact(self._reading, work, *args, **kwargs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Wait for what is being written, then let go of the database. May be called twice."""
        with self._closing:
            self._writers.shutdown()
            self._readers.shutdown(wait=True)
            self._reading.dispose()
            self._writing.dispose()

    def _transact(self, engine: Engine, work: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with translated(self.url), Session(engine) as session, session.begin():
            given = work(session, *args, **kwargs)
            add_waiting_words(session)
            return given
