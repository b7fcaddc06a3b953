"""The plan of the next poll: always within its bounds, bounded in memory, whatever the past says."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import memory as memories
from crawler import schedule
from crawler.memory import Memory
from crawler.schedule import Bounds, Shown
from storage.records import SeenLink
from tests.builders import NOON

BOUNDS = Bounds(min_s=300, max_s=21_600)
MAX_MEMORY_BYTES = 6_000


def make_links(numbers, *, dated=None):
    return tuple(SeenLink(url=f"http://h/{n}", host="h", portal="p", published_at=dated(n) if dated else None) for n in numbers)


def make_shown(numbers, **changed):
    values = {"kind": "feed", "links": make_links(numbers), "n_entries": len(numbers)}
    return Shown(**(values | changed))


def polled(kept, shown, *, unseen=None, now=NOON, bounds=BOUNDS, luck=0.5):
    """One poll as the daemon does it: the memory goes through JSON."""
    unseen = {link.url for link in shown.links} if unseen is None else unseen
    memory = memories.load(json.loads(json.dumps(kept)))
    return schedule.plan(memory, shown, unseen, now=now, bounds=bounds, luck=luck)


def pause_of(plan, now=NOON):
    return (plan.next_poll_at - now).total_seconds()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.datetimes().map(str),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*memories.dump(Memory()), "since", "n", "next", "v"]), inner, max_size=6)
    ),
    max_leaves=20,
)
MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
NUMBERS = st.lists(st.integers(0, 300), unique=True, max_size=60)


@st.composite
def shown(draw):
    hints = st.none() | st.floats(0, 1e12)
    return make_shown(
        draw(NUMBERS),
        kind=draw(st.sampled_from(["feed", "listing", "sitemap"])),
        next_page=draw(st.sampled_from([None, "http://h/page/2", "http://h/page/3"])),
        is_modified=draw(st.booleans()),
        max_age_s=draw(hints),
        ttl_s=draw(hints),
        elsewhere=draw(st.sampled_from([(), ("sitemap",)])),
    )


@given(kept=JSON, answer=shown(), luck=st.floats(0, 1), now=MOMENTS)
def test_any_memory_gives_a_plan_within_the_bounds_or_at_once(kept, answer, luck, now):
    plan = polled(kept, answer, now=now, luck=luck)
    assert plan.next_poll_at == now or BOUNDS.min_s <= pause_of(plan, now) <= BOUNDS.max_s
    assert json.loads(json.dumps(plan.memory)) == plan.memory


@settings(max_examples=30, deadline=None)
@given(answers=st.lists(st.tuples(shown(), st.integers(1, 200_000), st.floats(0, 1)), min_size=5, max_size=40))
def test_a_life_of_polls_keeps_its_bounds_and_a_small_memory(answers):
    kept: object = {}
    known: set[str] = set()
    now = NOON
    for answer, seconds, luck in answers:
        now += timedelta(seconds=seconds)
        urls = {link.url for link in answer.links}
        plan = polled(kept, answer, unseen=urls - known, now=now, luck=luck)
        known |= urls
        kept = plan.memory
        assert plan.next_poll_at == now or BOUNDS.min_s <= pause_of(plan, now) <= BOUNDS.max_s
        assert len(json.dumps(kept)) < MAX_MEMORY_BYTES


def test_a_source_never_seen_before_is_asked_soon_but_not_at_the_shortest_pause():
    assert 300 < pause_of(polled({}, make_shown(range(20)))) < 1800


def test_a_first_list_with_dates_tells_the_rhythm_at_once():
    brisk = polled({}, make_shown(range(20), links=make_links(range(20), dated=lambda n: NOON - timedelta(minutes=5 * n))))
    lazy = polled({}, make_shown(range(20), links=make_links(range(20), dated=lambda n: NOON - timedelta(hours=25 * n + 5))))
    assert (pause_of(brisk) < 600, pause_of(lazy) > 2000) == (True, True)


@pytest.mark.parametrize(
    ("hints", "wanted_s"),
    [
        pytest.param({"max_age_s": 1500.0}, 1500, id="cache-control"),
        pytest.param({"max_age_s": 31_536_000.0}, 1800, id="a-year-of-cache-control-is-a-blanket-setting"),
        pytest.param({"ttl_s": 3600.0}, 900, id="a-ttl-of-an-hour-is-a-default"),
    ],
)
def test_the_portals_own_wish_lengthens_the_pause(hints, wanted_s):
    links = make_links(range(50), dated=lambda n: NOON - timedelta(minutes=n))
    assert pause_of(polled({}, make_shown(range(50), links=links, **hints))) == pytest.approx(wanted_s)
