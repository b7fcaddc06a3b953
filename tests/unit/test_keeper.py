"""What portals asked of us outlives a restart, and a database that refuses it for a while does not end the daemon."""

import asyncio
from collections.abc import Callable
from typing import Any

from crawler.fetch.politeness import Gate
from crawler.fetch.robots import Robots
from crawler.keeper import GATE, Keeper
from storage.errors import StorageError
from tests.builders import NOON


class FullAtFirst:
    """A store that takes nothing the first time."""

    def __init__(self) -> None:
        self.n_refused = 0
        self.kept: list[str] = []

    async def write(self, _work: Callable[..., None], name: str, _state: Any, **_: Any) -> None:
        if not self.n_refused:
            self.n_refused += 1
            raise StorageError("disk is full")
        self.kept.append(name)


def test_what_a_full_disk_refused_is_kept_the_next_time():
    async def keep_twice() -> FullAtFirst:
        store, gate = FullAtFirst(), Gate(per_host_interval_s=0, per_address_interval_s=0)
        gate.pause("h", 60)
        keeper = Keeper(store, gate, Robots(clock=lambda: NOON), clock=lambda: NOON)  # type: ignore[arg-type]
        await keeper.keep()
        await keeper.keep()
        return store

    store = asyncio.run(keep_twice())
    assert store.n_refused == 1
    assert GATE in store.kept
