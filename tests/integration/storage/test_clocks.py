"""The clock was a year ahead when this began, and is right now: nobody waits a year."""

from datetime import timedelta
from typing import Any

import pytest

from storage.clocks import forget_the_future
from storage.engine import Store
from storage.links import claim_due_links
from storage.sources import source_reports, sync_sources
from tests.builders import NOON
from tests.integration.storage.given import FEED, LEASE, claimed_sources, given_links

A_YEAR_BACK = NOON - timedelta(days=365)


def mend(store: Store) -> int:
    return store.run(forget_the_future, now=A_YEAR_BACK)


def test_a_source_that_was_first_seen_in_the_future_is_due_and_its_baseline_is_a_day_ago(store: Store):
    store.run(sync_sources, [FEED], now=NOON)
    assert mend(store) > 0
    [report] = store.run(source_reports)
    assert (report.first_seen_at, report.baseline_before) == (A_YEAR_BACK, A_YEAR_BACK - timedelta(days=1))
    assert report.next_poll_at == A_YEAR_BACK


def test_a_source_that_was_polled_in_the_future_is_due_and_asked_for_its_whole_list(store: Store):
    given_links(store, "http://127.0.0.1/1.html")
    assert store.run(source_reports)[0].last_poll_at == NOON
    assert mend(store) > 0
    [report] = store.run(source_reports)
    assert report.next_poll_at <= A_YEAR_BACK
    assert report.memory == {}


def test_links_that_wait_for_a_year_are_due(store: Store):
    given_links(store, "http://127.0.0.1/1.html")
    due: dict[str, Any] = {"now": A_YEAR_BACK, "lease": LEASE, "owner": "x", "limit": 9}
    assert store.run(claim_due_links, **due) == []
    mend(store)
    assert [link.url for link in store.run(claim_due_links, **due)] == ["http://127.0.0.1/1.html"]


def test_a_lease_until_next_year_is_free(store: Store):
    store.run(sync_sources, [FEED], now=NOON)
    assert len(claimed_sources(store)) == 1
    mend(store)
    [report] = store.run(source_reports)
    assert report.next_poll_at == A_YEAR_BACK
    assert mend(store) == 0


@pytest.mark.parametrize("off", [timedelta(), timedelta(minutes=-4), timedelta(hours=9)])
def test_a_clock_that_is_right_changes_nothing(store: Store, off: timedelta):
    given_links(store, "http://127.0.0.1/1.html")
    before = store.run(source_reports)
    assert store.run(forget_the_future, now=NOON + off) == 0
    assert store.run(source_reports) == before
