"""A crew keeps a bounded number of units of work going: it claims what is due when there is room, and starts a task for each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from loguru import logger

from storage.errors import StorageError

T = TypeVar("T")


class Crew(Generic[T]):
    """`claim(n)` takes up to n due items out of the database, `work(item)` does one and handles its own failures.

    A unit that cannot even write down its failure (disk full, database away) is left to its lease: it is due again when that runs
    out. Any other exception that escapes `work` or `claim` is a broken daemon and ends `run`.
    """

    def __init__(
        self, name: str, *, room: int, claim: Callable[[int], Awaitable[Sequence[T]]], work: Callable[[T], Awaitable[object]]
    ) -> None:
        self.name = name
        self._room, self._claim, self._work = room, claim, work
        self._worth_asking = max(1, room // 4)
        self._bell = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._broken: BaseException | None = None

    @property
    def n_running(self) -> int:
        return len(self._running)

    def ring(self) -> None:
        """Something may be due."""
        self._bell.set()

    async def run(self) -> None:
        """Work for ever. Cancelling it stops the claiming, not what is running: see `idle` and `cut_off`."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            await self._take_up()
            if self._broken is not None:
                raise self._broken

    async def run_dry(self) -> int:
        """Work until nothing is due and nothing is running; the number of units done."""
        n_done = 0
        while n_started := await self._take_up():
            n_done += n_started
            while self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                n_done += await self._take_up()
            if self._broken is not None:
                raise self._broken
        return n_done

    async def idle(self) -> None:
        """Until nothing is running."""
        while self._running:
            await asyncio.wait(self._running)

    async def cut_off(self) -> int:
        """Cancel what is still running; how many those were."""
        late = list(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _take_up(self) -> int:
        """Claim while there is room worth a query; the number started."""
        n_started = 0
        while (free := self._room - len(self._running)) >= self._worth_asking:
            try:
                claimed = await self._claim(free)
            except StorageError as error:
                logger.error("{}: cannot claim work: {}", self.name, error)
                return n_started
            for item in claimed:
                task = asyncio.create_task(self._one(item))
                self._running.add(task)
                task.add_done_callback(self._done)
            n_started += len(claimed)
            if len(claimed) < free:
                return n_started
        return n_started

    async def _one(self, item: T) -> None:
        try:
            await self._work(item)
        except StorageError as error:
            logger.error("{}: could not be written down, is tried again when its lease ends: {}", self.name, error)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken = error
        self._bell.set()
