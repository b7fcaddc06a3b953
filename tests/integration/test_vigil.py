"""What the operator hears of sources: once, one message for a common cause, and the end of it."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler import memory as memories
from crawler import vigil
from crawler.memory import Memory
from crawler.model import Route
from crawler.silence import Quiet
from storage.deliveries import list_deliveries
from storage.engine import Store, upgrade
from storage.records import PollFailed, PollPlan, SourceSpec
from storage.sources import claim_due_sources, fail_poll, finish_poll, sync_sources
from tests.builders import NOON
from tests.integration.storage.given import make_done

OPERATORS = (Route(channel="ops", recipient="a@example.org", grouping="story"),)
HOUR = timedelta(hours=1)
N_SOURCES = 5


@pytest.fixture
def store(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/v.db"
    upgrade(url)
    with Store.open(url) as opened:
        specs = [SourceSpec(portal="p", source=f"s{n}", kind="feed", url=f"http://p/{n}") for n in range(N_SOURCES)]
        opened.run(sync_sources, specs, now=NOON)
        yield opened


def claim(store: Store, now: datetime):
    return store.run(claim_due_sources, now=now, lease=HOUR / 60, owner="t", limit=100)


def fail(store: Store, names: set[str], *, hours: int, now: datetime = NOON) -> None:
    """Every hour the sources `names` fail and the others answer."""
    for hour in range(hours + 1):
        at = now + hour * HOUR
        for due in claim(store, at):
            if due.source in names:
                failed = PollFailed(
                    source_id=due.id, lease_token=due.lease_token, reason="HTTP 500", kind="http-5xx", next_poll_at=at + HOUR
                )
                state = store.run(fail_poll, failed, now=at)
                assert state is not None
                asyncio.run(vigil.look_into(store, OPERATORS, due, state, url=due.url, reason="HTTP 500", now=at))
            else:
                answer(store, due, at)


def answer(store: Store, due, at: datetime, *, report=None) -> None:
    news = vigil.good_news(due, memories.load(due.memory), PollPlan(next_poll_at=at + HOUR), OPERATORS, now=at)
    done, plan = make_done(due, next_poll_at=at + HOUR, news=news, report=report or {})
    kept = store.run(finish_poll, done, plan, now=at)
    assert kept is not None
    asyncio.run(vigil.look_after(store, OPERATORS, due, kept.plan, url=due.url, now=at))


def told(store: Store) -> list[str]:
    return sorted(f"{e.type} {e.data['summary']}" for delivery in store.look(list_deliveries, limit=100) for e in delivery.events)


def test_a_source_that_fails_for_hours_is_told_once(store: Store):
    fail(store, {"s1"}, hours=20)
    assert told(store) == ["operator.source_failing p/s1"]


def test_a_source_that_comes_back_is_told_once(store: Store):
    fail(store, {"s1"}, hours=8)
    fail(store, set(), hours=5, now=NOON + 9 * HOUR)
    assert told(store) == ["operator.source_failing p/s1", "operator.source_recovered p/s1"]


def test_a_hiccup_and_its_end_are_no_news(store: Store):
    fail(store, {"s1"}, hours=3)
    fail(store, set(), hours=3, now=NOON + 4 * HOUR)
    assert told(store) == []


def test_a_second_outage_is_told_again(store: Store):
    fail(store, {"s1"}, hours=8)
    fail(store, set(), hours=1, now=NOON + 9 * HOUR)
    fail(store, {"s1"}, hours=8, now=NOON + 11 * HOUR)
    assert told(store).count("operator.source_failing p/s1") == 2


def test_one_outage_of_everything_is_one_message_and_so_is_its_end(store: Store):
    fail(store, {f"s{n}" for n in range(N_SOURCES)}, hours=30)
    fail(store, set(), hours=3, now=NOON + 31 * HOUR)
    assert told(store) == ["operator.everything_back 5", "operator.everything_silent 5/5"]


def test_a_source_that_still_fails_after_everybody_is_back_is_told(store: Store):
    fail(store, {f"s{n}" for n in range(N_SOURCES)}, hours=10)
    fail(store, {"s1"}, hours=3, now=NOON + 11 * HOUR)
    assert "operator.source_failing p/s1" in told(store)


def test_a_quiet_source_is_told_once(store: Store):
    memory = memories.dump(Memory(quiet=Quiet(since=NOON, expected=99.0)))
    for hour in (30, 31):
        at = NOON + hour * HOUR
        due = next(each for each in claim(store, at) if each.source == "s1")
        done, plan = make_done(due, next_poll_at=at + HOUR, memory=memory, report={"quiet_since": NOON.isoformat(), "per_day": 40.0})
        kept = store.run(finish_poll, done, plan, now=at)
        assert kept is not None
        asyncio.run(vigil.look_after(store, OPERATORS, due, kept.plan, url=due.url, now=at))
    assert told(store) == ["operator.source_quiet p/s1"]


def test_repeated_gaps_are_told_once_a_week(store: Store):
    report = {"has_repeated_gaps": True, "n_gaps": 3, "n_open_gaps": 1, "last_gap_at": "x"}
    for hour in range(3):
        at = NOON + hour * HOUR
        due = next(each for each in claim(store, at) if each.source == "s1")
        answer(store, due, at, report=report)
    assert told(store) == ["operator.source_gaps p/s1"]


def test_a_second_outage_of_everything_is_told_again(store: Store):
    everything = {f"s{n}" for n in range(N_SOURCES)}
    fail(store, everything, hours=8)
    fail(store, set(), hours=1, now=NOON + 9 * HOUR)
    fail(store, everything, hours=8, now=NOON + 11 * HOUR)
    assert told(store).count("operator.everything_silent 5/5") == 2
