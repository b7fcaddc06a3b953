"""Several daemons on one PostgreSQL: each is seen for as long as it lives, and the living take up what a dead one had in hand."""

import asyncio
from collections.abc import Collection

from loguru import logger

from storage.engine import Store
from storage.errors import StorageError
from storage.presence import Presence, absent_owners, free_work_of

LOOK_S = 5.0
N_LOOKS = 5
"""So often in a row somebody must be absent to be dead. Whoever lives is seen again within one look after the server was restarted."""


class RollCall:
    """Looks every few seconds. While the database is away nobody is missing: after it, everybody is looked for anew."""

    def __init__(self, store: Store, presence: Presence) -> None:
        self._store, self._presence = store, presence
        self._absent: dict[str, int] = {}

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            await self.look()

    async def look(self) -> None:
        try:
            await asyncio.to_thread(self._presence.renew)
            absent = await self._store.read(absent_owners)
            self._absent = {owner: self._absent.get(owner, 0) + 1 for owner in absent}
            await self._free([owner for owner, n_looks in self._absent.items() if n_looks >= N_LOOKS])
        except StorageError as error:
            self._absent = {}
            logger.error("cannot see who else works on the database: {}", error)

    async def _free(self, dead: Collection[str]) -> None:
        if dead and (n_freed := await self._store.write(free_work_of, dead)):
            logger.warning("{} no longer runs; the {} polls and pages it had in hand are due again", ", ".join(sorted(dead)), n_freed)
