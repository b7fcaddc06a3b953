import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetch.politeness import MAX_PAUSE_S, PATIENCE_S, SWEEP_FROM, Gate, PausedError
from tests.builders import NOON
from tests.unit.fetch_time import run

TICK = 1e-6


def make_gate(per_host_interval_s: float = 5, per_address_interval_s: float = 0, per_address_max: int = 4) -> Gate:
    return Gate(per_host_interval_s=per_host_interval_s, per_address_interval_s=per_address_interval_s, per_address_max=per_address_max)


@dataclass
class Log:
    """What a server would have seen: (start, end, who)."""

    turns: list[tuple[float, float, int]] = field(default_factory=list)

    async def turn(self, gate: Gate, host: str, who: int = 0, *, lasts_s: float = 1, interval_s: float | None = None) -> None:
        async with gate.host(host, interval_s=interval_s):
            start = asyncio.get_running_loop().time()
            await asyncio.sleep(lasts_s)
            self.turns.append((start, asyncio.get_running_loop().time(), who))

    @property
    def gaps(self) -> list[float]:
        """From the end of each turn to the start of the next."""
        turns = sorted(self.turns)
        return [after[0] - before[1] for before, after in pairwise(turns)]


def test_turns_at_one_host_are_an_interval_apart_and_in_order():
    async def scenario():
        gate, log = make_gate(), Log()
        await asyncio.gather(*(log.turn(gate, "a", n) for n in range(4)))
        return log

    log = run(scenario())
    assert [who for _, _, who in log.turns] == [0, 1, 2, 3]
    assert log.gaps == pytest.approx([5, 5, 5])


def test_hosts_do_not_wait_for_each_other():
    async def scenario():
        gate, log = make_gate(), Log()
        await asyncio.gather(*(log.turn(gate, f"host{n}", n) for n in range(50)))
        return log

    assert {start for start, _, _ in run(scenario()).turns} == {1000.0}


def test_the_first_request_after_a_long_rest_does_not_wait():
    async def scenario():
        gate, log = make_gate(), Log()
        await log.turn(gate, "a")
        await asyncio.sleep(60)
        before = asyncio.get_running_loop().time()
        await log.turn(gate, "a")
        return log.turns[1][0] - before

    assert run(scenario()) == 0


def test_a_larger_interval_holds_at_once():
    """robots.txt is fetched at the usual pace; its Crawl-delay then holds for the first page already."""

    async def scenario():
        gate, log = make_gate(), Log()
        await log.turn(gate, "a")
        await log.turn(gate, "a", interval_s=40)
        return log.gaps

    assert run(scenario()) == pytest.approx([40])


@settings(max_examples=60, deadline=None)
@given(
    visits=st.lists(
        st.tuples(st.integers(0, 3), st.floats(0, 20), st.floats(0, 8), st.sampled_from([None, None, None, 0.5, 3.0])), max_size=40
    ),
    interval_s=st.sampled_from([0.0, 0.5, 5.0]),
)
def test_no_host_sees_two_at_once_or_too_soon_whoever_is_cancelled(visits, interval_s):
    async def scenario():
        gate, logs = make_gate(interval_s), [Log() for _ in range(4)]

        async def visit(host, at, lasts_s, patience_s):
            await asyncio.sleep(at)
            try:
                async with asyncio.timeout(patience_s):
                    await logs[host].turn(gate, str(host), lasts_s=lasts_s)
            except TimeoutError:
                pass

        await asyncio.gather(*(visit(*of) for of in visits))
        assert not any(lane.n_running or lane.wait_s(1e9) for lane in gate._hosts.values())
        return logs

    for log in run(scenario()):
        assert all(gap >= interval_s - TICK for gap in log.gaps)


@settings(max_examples=40, deadline=None)
@given(durations=st.lists(st.floats(0, 10), max_size=40), most=st.integers(1, 5))
def test_no_address_sees_more_than_its_share(durations, most):
    async def scenario():
        gate, starts, running, peak = make_gate(0, 0.5, most), [], 0, 0

        async def visit(lasts_s):
            nonlocal running, peak
            async with gate.address("203.0.113.1"):
                starts.append(asyncio.get_running_loop().time())
                running += 1
                peak = max(peak, running)
                await asyncio.sleep(lasts_s)
                running -= 1

        await asyncio.gather(*map(visit, durations))
        return starts, peak

    starts, peak = run(scenario())
    assert peak <= most
    assert all(after - before >= 0.5 - TICK for before, after in pairwise(starts))


def test_a_turn_that_comes_in_the_moment_of_a_cancellation_is_passed_on():
    async def scenario():
        gate, log = make_gate(0), Log()
        async with gate.host("a"):
            second = asyncio.create_task(log.turn(gate, "a", 2))
            third = asyncio.create_task(log.turn(gate, "a", 3))
            await asyncio.sleep(0)
        second.cancel()  # its turn has been given, but it has not run yet
        await asyncio.wait_for(third, 10)
        return [who for _, _, who in log.turns]

    assert run(scenario()) == [3]


def test_a_cancelled_waiter_that_has_not_run_yet_gets_no_turn():
    async def scenario():
        gate, log = make_gate(0), Log()
        async with gate.host("a"):
            second = asyncio.create_task(log.turn(gate, "a", 2))
            third = asyncio.create_task(log.turn(gate, "a", 3))
            await asyncio.sleep(0)
            second.cancel()
        await asyncio.wait_for(third, 10)
        return [who for _, _, who in log.turns]

    assert run(scenario()) == [3]


def test_a_short_pause_is_waited_for():
    async def scenario():
        gate, log = make_gate(0), Log()
        gate.pause("a", 20)
        await log.turn(gate, "a")
        return log.turns[0][0]

    assert run(scenario()) == pytest.approx(1020)


def test_a_long_pause_fails_newcomers_and_those_who_wait():
    async def scenario():
        gate, log = make_gate(0), Log()
        async with gate.host("a"):
            waiting = asyncio.create_task(log.turn(gate, "a"))
            await asyncio.sleep(0)
            gate.pause("a", 600)
        with pytest.raises(PausedError) as told:
            await waiting
        with pytest.raises(PausedError):
            await log.turn(gate, "a")
        return told.value.remaining_s

    assert run(scenario()) == pytest.approx(600)


def test_a_long_pause_ends():
    async def scenario():
        gate, log = make_gate(0), Log()
        gate.pause("a", 600)
        await asyncio.sleep(600 - PATIENCE_S)
        await log.turn(gate, "a")
        return log.turns[0][0]

    assert run(scenario()) == pytest.approx(1600)


def test_a_shorter_pause_does_not_end_a_longer_one():
    async def scenario():
        gate = make_gate(0)
        gate.pause("a", 25)
        gate.pause("a", 1)
        return gate.would_wait_s("a")

    assert run(scenario()) == pytest.approx(25)


def test_pauses_grow_while_a_host_keeps_saying_no():
    async def scenario():
        gate = make_gate(5)
        return [gate.throttled("a", None) for _ in range(4)]

    assert run(scenario()) == [30, 60, 120, 240]


def test_the_hosts_own_wish_is_kept_to_the_second():
    async def scenario():
        gate = make_gate(0)
        return gate.throttled("a", 7), gate.would_wait_s("a")

    assert run(scenario()) == (7, pytest.approx(7))


def test_no_pause_is_longer_than_a_day():
    async def scenario():
        gate = make_gate()
        gate.pause("a", 1e12)
        return gate.would_wait_s("a")

    assert run(scenario()) == pytest.approx(MAX_PAUSE_S)


def test_a_throttled_host_is_asked_more_slowly_until_it_has_answered_well_for_a_while():
    async def scenario():
        gate, log = make_gate(5), Log()
        gate.throttled("a", 0)
        for _ in range(6):
            await log.turn(gate, "a")
            gate.succeeded("a")
        return log.gaps

    gaps = run(scenario())
    assert gaps[0] == pytest.approx(8)
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] == pytest.approx(5)


def test_waiting_times_are_foreseen():
    async def scenario():
        gate, log = make_gate(5), Log()
        seen = [gate.would_wait_s("a")]
        async with gate.host("a"):
            waiting = [asyncio.create_task(log.turn(gate, "a", lasts_s=0)) for _ in range(3)]
            await asyncio.sleep(0)
            busy = gate.busy_hosts()
        seen.append(gate.would_wait_s("a"))
        await asyncio.gather(*waiting)
        return seen, busy, gate.busy_hosts(within_s=5), gate.busy_hosts()

    seen, busy, later, at_once = run(scenario())
    assert seen == [0, pytest.approx(20)]
    assert (busy, later, at_once) == ({"a"}, frozenset(), {"a"})


def test_a_host_with_a_long_queue_is_distant_and_one_that_wants_its_pause_is_not():
    async def scenario():
        gate, log = make_gate(5), Log()
        waiting = [asyncio.create_task(log.turn(gate, host, lasts_s=0)) for host in "aaaab"]
        await asyncio.sleep(0)
        gate.pause("paused", 3600)
        distant = gate.distant_hosts(beyond_s=12)
        await asyncio.gather(*waiting)
        return distant

    assert run(scenario()) == {"a"}


def test_politeness_survives_a_restart():
    async def before():
        gate, log = make_gate(5), Log()
        await log.turn(gate, "a")
        gate.throttled("b", 3600)
        return json.dumps(gate.state(NOON))

    async def after(state):
        gate, later = make_gate(5), NOON + timedelta(seconds=2)
        gate.restore(json.loads(state), later)
        return gate.would_wait_s("a"), gate.would_wait_s("b"), gate.throttled("b", None)

    assert run(after(run(before()))) == (pytest.approx(3), pytest.approx(3598), 60)


def test_a_clock_that_was_set_back_costs_a_day_at_most():
    async def scenario():
        gate = make_gate()
        gate.restore({"a": {"ready_at": (NOON + timedelta(days=400)).isoformat(), "slowdown": 1.0}}, NOON)
        return gate.would_wait_s("a")

    assert run(scenario()) == pytest.approx(MAX_PAUSE_S)


def test_idle_hosts_are_forgotten():
    async def scenario():
        gate, log = make_gate(5), Log()
        gate.pause("paused", 3600)
        for n in range(20 * SWEEP_FROM):
            await log.turn(gate, f"host{n}")
        return len(gate._hosts), gate.would_wait_s("paused") > 0 or gate.busy_hosts()

    n_kept, _ = run(scenario())
    assert n_kept <= 2 * SWEEP_FROM


def test_a_paused_host_is_not_forgotten():
    async def scenario():
        gate, log = make_gate(0), Log()
        gate.pause("paused", 86_000)
        for n in range(4 * SWEEP_FROM):
            await log.turn(gate, f"host{n}")
        return gate.would_wait_s("paused")

    assert run(scenario()) > 80_000


def test_ten_thousand_waiters_cost_one_timer_a_host():
    async def scenario():
        gate, log = make_gate(0.5), Log()
        await asyncio.gather(*(log.turn(gate, f"host{n % 500}", n, lasts_s=0) for n in range(10_000)))
        return log.turns

    turns = run(scenario())
    assert len(turns) == 10_000
    assert turns[-1][0] == pytest.approx(1000 + 19 * 0.5)
