"""The threads that write: works that wait for one at the same time share a transaction, and with it one wait for the disk.

Measured: a disk that takes 4 ms to confirm a commit gives 250 transactions a second, whatever the processor; together with what
else waits, an article costs its statements only (docs/benchmarks.md).
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeAlias, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")
Work: TypeAlias = Callable[[Session], Any]
Transact: TypeAlias = Callable[[Work], Any]

MOST_TOGETHER = 64  # some 100 ms of work: other processes that write, and whoever waits for the first of them, wait so long


class Writers:
    """Run works in the order they came. `transact` runs one in a transaction of its own, and raises what it raises.

    What a work gives is told only after the commit. A work may be run twice, the first time rolled back: when one of those that
    shared its transaction failed, each gets its own. So works touch nothing but their session.
    """

    def __init__(self, n: int, transact: Transact) -> None:
        self._transact = transact
        self._most_together = MOST_TOGETHER if n == 1 else 1
        self._waiting: deque[tuple[Work, Future[Any]]] = deque()
        self._threads = ThreadPoolExecutor(n, thread_name_prefix="canhbao-write")

    def submit(self, work: Callable[[Session], T]) -> "Future[T]":
        """Raises: RuntimeError after `shutdown`."""
        future: Future[T] = Future()
        self._waiting.append((work, future))
        self._threads.submit(self._turn)
        return future

    def shutdown(self) -> None:
        """Wait for all that was submitted."""
        self._threads.shutdown(wait=True)

    def _turn(self) -> None:
        """Do what waits by now. There is a turn for each work, so that later ones often find nothing left."""
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most_together))]
        taken = [(work, future) for work, future in taken if future.set_running_or_notify_cancel()]
        if len(taken) > 1 and self._together(taken):
            return
        for work, future in taken:
            try:
                given = self._transact(work)
            except BaseException as error:  # noqa: BLE001  not ours: it belongs to whoever waits for the work
                future.set_exception(error)
            else:
                future.set_result(given)

    def _together(self, taken: list[tuple[Work, "Future[Any]"]]) -> bool:
        """Whether all of them are settled: committed together, or refused together before the first one began."""
        has_begun = False

        def all_of_them(session: Session) -> list[Any]:
            nonlocal has_begun
            has_begun = True
            return [work(session) for work, _ in taken]

        try:
            given = self._transact(all_of_them)
        except Exception as error:  # noqa: BLE001  which of them it belongs to shows when each is run alone
            if not has_begun:  # somebody else holds the file: no need to wait for that again and again
                for _, future in taken:
                    future.set_exception(error)
            return not has_begun
        for (_, future), each in zip(taken, given, strict=True):
            future.set_result(each)
        return True
