"""Politeness over restarts: what portals asked of us is kept in the database and found again at the start."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from loguru import logger

from crawler.fetch.politeness import Gate
from crawler.fetch.robots import Robots
from storage.engine import Store
from storage.errors import StorageError
from storage.memories import recall, remember

KEEP_EVERY_S = 10
"""A crash forgets at most so much of Retry-After; the pause between requests is waited out anew anyway."""

GATE, ROBOTS = "politeness", "robots"


class Keeper:
    """Keeps the gate's pauses and the robots.txt files; writes only what changed."""

    def __init__(self, store: Store, gate: Gate, robots: Robots, *, clock: Callable[[], datetime]) -> None:
        self._store, self._gate, self._robots, self._clock = store, gate, robots, clock
        self._kept: dict[str, Mapping[str, Any]] = {}

    async def restore(self) -> None:
        """To be called before the first request."""
        self._robots.restore(await self._store.read(recall, ROBOTS))
        self._gate.restore(await self._store.read(recall, GATE), self._clock())

    async def run(self) -> None:
        while True:
            await asyncio.sleep(KEEP_EVERY_S)
            await self.keep()

    async def keep(self) -> None:
        """What cannot be written down (disk full) waits for the next time: it is not worth the daemon."""
        now = self._clock()
        for name, state in ((GATE, self._gate.state(now)), (ROBOTS, self._robots.state())):
            if state != self._kept.get(name):
                try:
                    await self._store.write(remember, name, state, now=now)
                except StorageError as error:
                    logger.error("{}: could not be written down, is tried again: {}", name, error)
                else:
                    self._kept[name] = state
