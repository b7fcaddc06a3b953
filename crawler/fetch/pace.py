"""Spreading a burst of starts over several rounds of the loop, so that hundreds of turns that come at once do not hold it up."""

import asyncio
from collections import deque

PER_ROUND = 8  # starts in one round of the loop: with their answers about 5 ms of work


class Pace:
    """`await pace.next()` returns at once, or a few rounds of the loop later, first come first served. Never waits for time to pass."""

    def __init__(self, per_round: int = PER_ROUND) -> None:
        self._per_round = per_round
        self._n_started = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def next(self) -> None:
        if self._n_started < self._per_round and not self._waiting:
            self._count()
            return
        start = asyncio.get_running_loop().create_future()
        self._waiting.append(start)
        await start

    def _count(self) -> None:
        if self._n_started == 0:
            asyncio.get_running_loop().call_soon(self._next_round)
        self._n_started += 1

    def _next_round(self) -> None:
        self._n_started = 0
        while self._waiting and self._n_started < self._per_round:
            start = self._waiting.popleft()
            if not start.done():  # else cancelled
                self._count()
                start.set_result(None)
