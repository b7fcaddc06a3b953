"""When a source's silence is no longer plausible, and when it is everybody's."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from crawler import memory as memories
from crawler import schedule, silence
from crawler.schedule import Bounds, Shown
from crawler.silence import Quiet
from storage.records import SeenLink, Standing
from tests.builders import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "expected", "n_items", "is_told"),
    [
        pytest.param(23, 500, 200, False, id="never-before-a-day"),
        pytest.param(24, 12, 200, True, id="a-busy-source"),
        pytest.param(24, 8, 200, False, id="a-slow-one-may-pause"),
        pytest.param(24, 12, 10, False, id="of-whom-little-is-known"),
        pytest.param(24 * 365, 10_000, 0, False, id="of-whom-nothing-is-known"),
    ],
)
def test_a_silence_is_told_when_it_is_long_and_implausible(hours, expected, n_items, is_told):
    quiet = Quiet(since=NOON - hours * HOUR, expected=expected)
    assert silence.is_suspicious(quiet, n_items=n_items, now=NOON) is is_told


def make_standing(n_active, *, failing=(), quiet=()):
    return Standing(n_active=n_active, failing_since=[NOON - h * HOUR for h in failing], quiet_since=[NOON - h * HOUR for h in quiet])


@pytest.mark.parametrize(
    ("standing", "since_h"),
    [
        pytest.param(make_standing(4, failing=[9, 8, 7]), 7, id="three-of-four-since-the-third"),
        pytest.param(make_standing(4, failing=[9, 8]), None, id="half-is-not-more-than-half"),
        pytest.param(make_standing(4, failing=[9, 8, 0.1]), None, id="a-hiccup-does-not-count"),
        pytest.param(make_standing(4, failing=[9], quiet=[30, 40]), 9, id="failing-and-quiet-alike"),
        pytest.param(make_standing(2, failing=[9, 8]), None, id="two-are-not-everything"),
        pytest.param(make_standing(0), None, id="none-at-all"),
    ],
)
def test_everybody_is_silent_when_more_than_half_are(standing, since_h):
    assert silence.majority_since(standing, NOON) == (None if since_h is None else NOON - since_h * HOUR)


def live(days, *, per_hour, until_day, every=2 * HOUR):
    """The plans of a source that shows `per_hour` items between 6:00 and 22:00 in Vietnam, until it falls silent."""
    kept: Mapping[str, Any] = {}
    plans, n = [], 0
    start = NOON - timedelta(hours=12)
    links = [SeenLink(url=f"http://h/old{i}", host="h", portal="p") for i in range(20)]
    for step in range(int(days * 24 * HOUR / every)):
        now = start + step * every
        if step * every < timedelta(days=until_day) and 6 <= (now + timedelta(hours=7)).hour < 22:
            for _ in range(int(per_hour * every / HOUR)):
                n += 1
                links.insert(0, SeenLink(url=f"http://h/{n}", host="h", portal="p"))
        shown = Shown(kind="feed", links=links[:20], n_entries=20)
        plan = schedule.plan(memories.load(kept), shown, {f"http://h/{n}"}, now=now, bounds=Bounds(min_s=300, max_s=21_600), luck=0.5)
        kept = plan.memory
        plans.append((now - start, plan.report["quiet_since"]))
    return plans


def test_a_source_that_falls_silent_after_two_weeks_is_noticed_after_a_day():
    plans = live(17, per_hour=1, until_day=14)
    first = next(age for age, quiet_since in plans if quiet_since)
    assert timedelta(days=14, hours=20) <= first < timedelta(days=15, hours=12)


def test_a_night_is_no_silence():
    assert [quiet for _, quiet in live(14, per_hour=2, until_day=14) if quiet] == []


def test_a_first_dead_weekend_proves_nothing():
    assert [age for age, quiet in live(7, per_hour=3, until_day=5) if quiet] == []
