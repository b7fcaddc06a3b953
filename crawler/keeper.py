"""Politeness over restarts: what portals asked of us is kept in the database and found again at the start."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from crawler.fetch.politeness import Gate
from crawler.fetch.robots import Robots
from storage.engine import Store
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
        now = self._clock()
        for name, state in ((GATE, self._gate.state(now)), (ROBOTS, self._robots.state())):
            if state != self._kept.get(name):
                await self._store.write(remember, name, state, now=now)
                self._kept[name] = state
