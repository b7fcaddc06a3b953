import asyncio
from collections import deque

import pytest

from crawler.crew import Crew
from storage.errors import StorageError

DEADLINE_S = 5


class Shelf:
    """Due items, and what became of them."""

    def __init__(self, n: int) -> None:
        self.due = deque(range(n))
        self.done: list[int] = []
        self.most_at_once = 0
        self.running = 0
        self.empty = asyncio.Event()

    async def claim(self, limit: int) -> list[int]:
        taken = [self.due.popleft() for _ in range(min(limit, len(self.due)))]
        if not self.due:
            self.empty.set()
        return taken

    async def work(self, item: int) -> None:
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        self.done.append(item)


def test_a_crew_does_all_that_is_due_and_never_more_at_once_than_it_has_room():
    shelf = Shelf(100)
    n_done = asyncio.run(Crew("test", room=8, claim=shelf.claim, work=shelf.work).run_dry())
    assert (n_done, sorted(shelf.done), shelf.most_at_once) == (100, list(range(100)), 8)


def test_a_ring_wakes_a_waiting_crew():
    async def scenario() -> list[int]:
        shelf = Shelf(3)
        crew = Crew("test", room=2, claim=shelf.claim, work=shelf.work)
        running = asyncio.create_task(crew.run())
        async with asyncio.timeout(DEADLINE_S):
            crew.ring()
            await shelf.empty.wait()
            await crew.idle()
        running.cancel()
        return shelf.done

    assert sorted(asyncio.run(scenario())) == [0, 1, 2]


def test_a_unit_that_breaks_its_boundary_ends_the_crew():
    async def work(_: int) -> None:
        raise RuntimeError("broken")

    async def scenario() -> None:
        crew = Crew("test", room=2, claim=Shelf(1).claim, work=work)
        crew.ring()
        async with asyncio.timeout(DEADLINE_S):
            await crew.run()

    with pytest.raises(RuntimeError, match="broken"):
        asyncio.run(scenario())


def test_a_claim_that_breaks_ends_the_crew():
    async def claim(_: int) -> list[int]:
        raise RuntimeError("broken")

    async def scenario() -> None:
        crew = Crew("test", room=2, claim=claim, work=Shelf(0).work)
        crew.ring()
        async with asyncio.timeout(DEADLINE_S):
            await crew.run()

    with pytest.raises(RuntimeError, match="broken"):
        asyncio.run(scenario())


def test_a_full_disk_leaves_the_unit_to_its_lease_and_the_crew_at_work():
    shelf = Shelf(3)

    async def work(item: int) -> None:
        if item == 0:
            raise StorageError("disk full")
        await shelf.work(item)

    asyncio.run(Crew("test", room=1, claim=shelf.claim, work=work).run_dry())
    assert shelf.done == [1, 2]


def test_cutting_off_cancels_what_runs_and_counts_it():
    async def scenario() -> tuple[int, int]:
        shelf = Shelf(3)
        never = asyncio.Event()
        crew = Crew("test", room=4, claim=shelf.claim, work=lambda _: never.wait())
        running = asyncio.create_task(crew.run())
        crew.ring()
        await shelf.empty.wait()
        running.cancel()
        n_cut = await crew.cut_off()
        async with asyncio.timeout(DEADLINE_S):
            await crew.idle()
        return n_cut, await crew.cut_off()

    assert asyncio.run(scenario()) == (3, 0)
