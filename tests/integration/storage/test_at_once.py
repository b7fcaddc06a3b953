"""Two at once, with the interleaving forced: one story, one alert, and never the same row twice."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.alerts import claim_due_deliveries, freeze_message, list_deliveries, raise_event
from storage.articles import record
from storage.census import census
from storage.engine import Store
from storage.links import claim_due_links
from storage.records import Held, Outcome, SourceSpec, Story
from storage.sources import claim_due_sources, finish_poll, sync_sources
from tests.builders import NOON
from tests.integration.storage.given import (
    LEASE,
    claimed_delivery,
    claimed_sources,
    given_delivery,
    given_links,
    make_done,
    make_event,
    make_plan,
    make_seen,
)
from tests.integration.storage.recorder import MATCH, judge, wire_copy

T = TypeVar("T")
U = TypeVar("U")

REPOSITORY = Path(__file__).resolve().parents[3]
DEADLINE_S = 30
N_ROUNDS = 5
READERS = [("mail", "a@example.org"), ("mail", "b@example.org")]


class Recorder:
    """The other end of `recorder.py`."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.integration.storage.recorder", url]
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        self._process.communicate(timeout=DEADLINE_S)


def wait_for_somebody_at_a_lock(store: Store, unless: Callable[[], bool] = lambda: False) -> None:
    """Until PostgreSQL itself says that a session of this database waits for a lock."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    end = time.monotonic() + DEADLINE_S
    while store.run(lambda session: session.scalar(waiting)) == 0 and not unless():
        assert time.monotonic() < end, "nobody came to a lock"


@pytest.fixture
def recorders(empty_postgres: str) -> Iterator[tuple[Recorder, Recorder]]:
    pair = Recorder(empty_postgres), Recorder(empty_postgres)
    yield pair
    for recorder in pair:
        recorder.end()


def told(store: Store, story: str) -> list[tuple[str, str]]:
    return sorted((each.channel, each.recipient) for each in store.run(list_deliveries) if each.group == f"story:{story}")


def test_two_processes_that_record_one_wire_copy_make_one_story_and_one_alert(empty_postgres: str, recorders: tuple[Recorder, Recorder]):
    store = Store.open(empty_postgres)
    for n in range(N_ROUNDS):
        first, second = recorders if n % 2 else reversed(recorders)
        first.tell(f"{n} dongthap")
        assert first.hear() == "deciding"
        second.tell(f"{n} angiang")
        wait_for_somebody_at_a_lock(store)
        first.tell("go on")
        assert (first.hear(), second.hear()) == ("New", "deciding")
        second.tell("go on")
        assert second.hear() == "New"
        assert told(store, f"dongthap/aspx/{n}") == READERS
    counted = store.run(census)
    store.close()
    assert (counted.n_stories, counted.n_copies, sum(counted.deliveries.values())) == (N_ROUNDS, N_ROUNDS, N_ROUNDS * len(READERS))


def test_two_tasks_that_record_one_wire_copy_make_one_story_and_one_alert(url: str):
    store = Store.open(url)
    for n in range(N_ROUNDS):
        asyncio.run(asyncio.wait_for(record_twice_at_once(store, str(n)), DEADLINE_S))
        assert told(store, f"dongthap/aspx/{n}") == READERS
    counted = store.run(census)
    store.close()
    assert (counted.n_stories, counted.n_copies, sum(counted.deliveries.values())) == (N_ROUNDS, N_ROUNDS, N_ROUNDS * len(READERS))


async def record_twice_at_once(store: Store, ident: str) -> None:
    """The first task is held inside its decision until the second has asked for its turn."""
    inside, go_on = threading.Event(), threading.Event()
    first, second = wire_copy(ident, "dongthap"), wire_copy(ident, "angiang")

    def slowly(held: Held, stories: Sequence[Story]) -> Outcome:
        inside.set()
        assert go_on.wait(DEADLINE_S)
        return judge(first, held, stories)

    def at_once(held: Held, stories: Sequence[Story]) -> Outcome:
        return judge(second, held, stories)

    one = asyncio.create_task(store.write(record, first, [MATCH], slowly, link=None, now=NOON))
    assert await asyncio.to_thread(inside.wait, DEADLINE_S)
    two = asyncio.create_task(store.write(record, second, [MATCH], at_once, link=None, now=NOON))
    await asyncio.sleep(0)  # the second is now on its way to a thread
    go_on.set()
    await asyncio.gather(one, two)


def test_two_connections_to_one_file_take_turns(empty_sqlite: str):
    """BEGIN IMMEDIATE: the second recorder waits before it looks, and then sees what the first wrote."""
    one, two = Store.open(empty_sqlite), Store.open(empty_sqlite)
    inside, go_on = threading.Event(), threading.Event()
    first, second = wire_copy("1", "dongthap"), wire_copy("1", "angiang")

    def slowly(held: Held, stories: Sequence[Story]) -> Outcome:
        inside.set()
        assert go_on.wait(DEADLINE_S)
        return judge(first, held, stories)

    def only_after_it(held: Held, stories: Sequence[Story]) -> Outcome:
        assert go_on.is_set()
        return judge(second, held, stories)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(one.run, record, first, [MATCH], slowly, link=None, now=NOON)
        assert inside.wait(DEADLINE_S)
        quick = threads.submit(two.run, record, second, [MATCH], only_after_it, link=None, now=NOON)
        go_on.set()
        assert (type(slow.result(DEADLINE_S)).__name__, type(quick.result(DEADLINE_S)).__name__) == ("New", "New")
    assert told(one, "dongthap/aspx/1") == READERS
    one.close()
    two.close()


# --- claims

CLAIMS = [
    pytest.param(claim_due_sources, id="sources"),
    pytest.param(claim_due_links, id="links"),
    pytest.param(claim_due_deliveries, id="deliveries"),
]
N_ROWS = 60


def given_much_to_claim(store: Store) -> None:
    given_links(store, *(f"http://h{n % 5}/{n}" for n in range(N_ROWS)))
    store.run(sync_sources, [SourceSpec(portal="p", source=str(n), kind="feed", url=f"http://p/{n}") for n in range(N_ROWS)], now=NOON)
    for n in range(N_ROWS):
        given_delivery(store, make_event(f"e{n}"), make_plan(f"e{n}", channel=f"c{n % 5}", group=f"event:e{n}"))


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claimer_passes_by_what_another_has_taken_but_not_yet_committed(empty_postgres: str, claim):
    one, two = Store.open(empty_postgres), Store.open(empty_postgres)
    given_much_to_claim(one)
    taken, go_on = threading.Event(), threading.Event()

    def hold(session: Session) -> set[object]:
        ids = {each.id for each in claim(session, now=NOON, lease=LEASE, owner="one", limit=N_ROWS // 2)}
        taken.set()
        assert go_on.wait(DEADLINE_S)
        return ids

    with ThreadPoolExecutor(1) as thread:
        holding = thread.submit(one.run, hold)
        assert taken.wait(DEADLINE_S)
        others = {each.id for each in two.run(claim, now=NOON, lease=LEASE, owner="two", limit=N_ROWS)}
        go_on.set()
        mine = holding.result(DEADLINE_S)
    one.close()
    two.close()
    assert (len(mine), len(others), mine & others) == (N_ROWS // 2, N_ROWS // 2, set())


@pytest.mark.parametrize("claim", CLAIMS)
def test_four_claimers_at_once_get_every_row_once(url: str, claim):
    stores = [Store.open(url) for _ in range(4)]
    given_much_to_claim(stores[0])
    together = threading.Barrier(len(stores))

    def claim_all(store: Store) -> list[object]:
        together.wait(DEADLINE_S)
        ids: list[object] = []
        while claimed := store.run(claim, now=NOON, lease=LEASE, owner="x", limit=3):
            ids += [each.id for each in claimed]
        return ids

    with ThreadPoolExecutor(len(stores)) as threads:
        claimed = [row_id for ids in threads.map(claim_all, stores) for row_id in ids]
    for store in stores:
        store.close()
    assert (len(claimed), len(set(claimed))) == (N_ROWS, N_ROWS)


def test_two_polls_that_find_the_same_links_in_another_order_do_not_wait_for_each_other_for_ever(url: str):
    stores = [Store.open(url) for _ in range(2)]
    specs = [SourceSpec(portal="p", source=str(n), kind="feed", url=f"http://p/{n}") for n in range(2)]
    stores[0].run(sync_sources, specs, now=NOON)
    sources = claimed_sources(stores[0])
    pages = [[make_seen(f"http://h/{n}") for n in range(3_000)], [make_seen(f"http://h/{n}") for n in reversed(range(3_000))]]
    together = threading.Barrier(2)

    def poll(n: int) -> int | None:
        together.wait(DEADLINE_S)
        kept = stores[n].run(finish_poll, *make_done(sources[n], *pages[n]), now=NOON)
        return kept.n_new if kept else None

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(poll, range(2)), key=str) == [0, 3_000]
    for store in stores:
        store.close()


# --- an event that joins while its message is being rendered


def is_postgresql(url: str) -> bool:
    return url.startswith("postgresql")


def at_once(url: str, first: Callable[[Session], T], second: Callable[[Session], U]) -> tuple[T, U]:
    """What the two give when the second begins while the first has done its work but not committed."""
    one, two = Store.open(url), Store.open(url)
    done, go_on = threading.Event(), threading.Event()

    def hold(session: Session) -> T:
        result = first(session)
        done.set()
        assert go_on.wait(DEADLINE_S)
        return result

    with ThreadPoolExecutor(2) as threads:
        holding = threads.submit(one.run, hold)
        assert done.wait(DEADLINE_S)
        following = threads.submit(two.run, second)
        if is_postgresql(url):  # of SQLite one cannot ask who waits; there is one writer
            wait_for_somebody_at_a_lock(one, unless=following.done)
        go_on.set()
        results = holding.result(DEADLINE_S), following.result(DEADLINE_S)
    one.close()
    two.close()
    return results


def test_a_renderer_sees_the_event_that_is_just_joining(url: str, store: Store):
    given_delivery(store, make_event("e1"))
    delivery = claimed_delivery(store)
    _, frozen = at_once(
        url,
        lambda session: raise_event(session, make_event("e2"), [make_plan("e2")], now=NOON),
        lambda session: freeze_message(session, delivery.id, delivery.lease_token, b"tells of e1 only"),
    )
    assert frozen is None


def test_an_event_does_not_join_a_message_that_is_just_being_frozen(url: str, store: Store):
    given_delivery(store, make_event("e1"))
    delivery = claimed_delivery(store)
    at_once(
        url,
        lambda session: freeze_message(session, delivery.id, delivery.lease_token, b"tells of e1 only"),
        lambda session: raise_event(session, make_event("e2"), [make_plan("e2")], now=NOON),
    )
    (report,) = store.run(list_deliveries)
    assert [event.dedup_key for event in report.events] == ["e1"]
