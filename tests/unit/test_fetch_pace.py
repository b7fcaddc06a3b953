import asyncio

from crawler.fetch.pace import Pace


def rounds_of(n_starts: int, *, cancelled: frozenset[int] = frozenset()) -> list[list[int]]:
    """Which starts each round of the loop saw."""

    async def scenario():
        pace = Pace(per_round=3)
        rounds: list[list[int]] = [[]]

        async def start(n: int) -> None:
            await pace.next()
            rounds[-1].append(n)

        tasks = [asyncio.create_task(start(n)) for n in range(n_starts)]
        await asyncio.sleep(0)
        for n in cancelled:
            tasks[n].cancel()
        while not all(task.done() for task in tasks):
            rounds.append([])
            await asyncio.sleep(0)
        return [seen for seen in rounds if seen]

    return asyncio.run(scenario())


def test_a_few_starts_do_not_wait():
    assert rounds_of(3) == [[0, 1, 2]]


def test_a_burst_is_spread_over_rounds_in_order():
    assert rounds_of(8) == [[0, 1, 2], [3, 4, 5], [6, 7]]


def test_a_cancelled_start_takes_nobodys_place():
    assert rounds_of(8, cancelled=frozenset({3, 4})) == [[0, 1, 2], [5, 6, 7]]


def test_a_later_start_does_not_wait_for_an_earlier_burst():
    async def scenario():
        pace = Pace(per_round=1)
        for _ in range(5):
            await pace.next()
            await asyncio.sleep(0)
        return pace._waiting

    assert not asyncio.run(scenario())
