"""What should have been done by now: what `canhbao stats --fail-if-late` tells a monitoring system."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.alerts import mark_dead, mark_delivered
from storage.census import left_over, overdue
from storage.engine import Store
from storage.links import postpone_link
from storage.records import Overdue
from storage.sources import sync_sources
from tests.builders import NOON
from tests.integration.storage.given import FEED, LEASE, claimed_deliveries, claimed_links, claimed_sources, given_delivery, given_links

GRACE = timedelta(minutes=10)
IN_TIME = NOON + GRACE
TOO_LATE = NOON + timedelta(minutes=10, seconds=1)


def late_names(store: Store, *, now=TOO_LATE) -> list[str]:
    return [each.name for each in store.look(overdue, now=now, grace=GRACE)]


def test_a_source_nobody_polls_is_late_after_the_grace(store):
    store.run(sync_sources, [FEED], now=NOON)
    assert store.look(overdue, now=TOO_LATE, grace=GRACE) == [Overdue(kind="source", name="baodongthap/thoi-su", due_at=NOON)]


def test_a_source_is_not_late_within_the_grace(store):
    store.run(sync_sources, [FEED], now=NOON)
    assert late_names(store, now=IN_TIME) == []


def test_a_source_that_is_being_polled_is_not_late(store):
    store.run(sync_sources, [FEED], now=NOON)
    claimed_sources(store, now=TOO_LATE)
    assert late_names(store, now=TOO_LATE + LEASE - timedelta(seconds=1)) == []


def test_a_source_whose_poller_went_silent_is_late(store):
    store.run(sync_sources, [FEED], now=NOON)
    claimed_sources(store, now=NOON)
    assert late_names(store) == ["baodongthap/thoi-su"]


def test_a_source_that_is_no_longer_configured_is_never_late(store):
    store.run(sync_sources, [FEED], now=NOON)
    store.run(sync_sources, [], now=NOON)
    assert late_names(store) == []


def test_a_delivery_nobody_tries_is_late_after_the_grace(store):
    given_delivery(store)
    (late,) = store.look(overdue, now=TOO_LATE, grace=GRACE)
    assert (late.kind, late.due_at) == ("delivery", NOON)
    assert late.name.startswith("mail a@example.org msg_")


@pytest.mark.parametrize("end", [mark_delivered, mark_dead], ids=["delivered", "dead"])
def test_a_delivery_that_has_come_to_an_end_is_never_late(store, end):
    given_delivery(store)
    (delivery,) = claimed_deliveries(store)
    facts = {"why": "no such mailbox"} if end is mark_dead else {}
    assert store.run(end, delivery.id, delivery.lease_token, now=NOON, **facts)
    assert late_names(store) == []


def test_what_is_due_longest_comes_first(store):
    given_delivery(store)
    store.run(sync_sources, [FEED], now=NOON - timedelta(hours=1))
    assert [each.kind for each in store.look(overdue, now=TOO_LATE, grace=GRACE)] == ["source", "delivery"]


def test_after_a_whole_pass_nothing_is_left_over(store):
    given_links(store, "http://h1/a")
    (link,) = claimed_links(store)
    store.run(postpone_link, link.id, link.lease_token, reason="HTTP 500", next_try_at=TOO_LATE)
    assert store.look(left_over, began=NOON, now=IN_TIME) == 0


def test_what_was_due_and_never_tried_is_left_over(store):
    given_links(store, "http://h1/a", "http://h1/b")
    given_delivery(store)
    store.run(sync_sources, [FEED, replace(FEED, source="kinh-te")], now=NOON)
    assert store.look(left_over, began=NOON, now=IN_TIME) == 4
