"""Sources: claims, leases, and what a poll leaves behind."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.engine import Store
from storage.links import find_link, link_reports
from storage.records import DueSource, PollFailed, PollKept, SourceReport, SourceSpec
from storage.sources import PARKED_FOR, claim_due_sources, fail_poll, finish_poll, next_due_at, release_leases, source_reports, sync_sources
from tests.builders import NOON
from tests.integration.storage.given import (
    AFTER_LEASE,
    FEED,
    LEASE,
    TOMORROW,
    claimed_sources,
    given_delivery,
    given_link,
    given_links,
    given_source,
    make_done,
    make_seen,
)

LISTING = SourceSpec(portal="baodongthap", source="van-hoa", kind="listing", url="http://127.0.0.1/van-hoa")


def make_failed(source: DueSource, **changed) -> PollFailed:
    values: dict[str, Any] = {"reason": "HTTP 500", "kind": "http-5xx", "next_poll_at": NOON}
    return PollFailed(source_id=source.id, lease_token=source.lease_token, **(values | changed))


def n_new(kept: PollKept | None) -> int:
    assert kept is not None
    return kept.n_new


def only_report(store: Store) -> SourceReport:
    (report,) = store.run(source_reports)
    return report


def test_a_new_source_is_due_at_once(store: Store):
    store.run(sync_sources, [FEED], now=NOON)
    assert [(due.portal, due.source, due.kind, due.url) for due in claimed_sources(store)] == [
        (FEED.portal, FEED.source, FEED.kind, FEED.url)
    ]


def test_the_baseline_is_a_day_before_the_source_was_first_seen(store: Store):
    store.run(sync_sources, [FEED], now=NOON)
    assert only_report(store).baseline_before == NOON - timedelta(hours=24)


def test_the_baseline_stays_when_the_configuration_is_read_again(store: Store):
    store.run(sync_sources, [FEED], now=NOON)
    store.run(sync_sources, [], now=TOMORROW)
    store.run(sync_sources, [FEED], now=TOMORROW)
    assert only_report(store).baseline_before == NOON - timedelta(hours=24)


def test_a_vanished_source_is_no_longer_polled(store: Store):
    store.run(sync_sources, [FEED, LISTING], now=NOON)
    store.run(sync_sources, [FEED], now=NOON)
    assert [due.source for due in claimed_sources(store)] == [FEED.source]


def test_a_source_that_reappears_is_due_at_once(store: Store):
    store.run(finish_poll, *make_done(given_source(store)), now=NOON)
    store.run(sync_sources, [], now=NOON)
    store.run(sync_sources, [FEED], now=AFTER_LEASE)
    assert [due.source for due in claimed_sources(store, now=AFTER_LEASE)] == [FEED.source]


@pytest.mark.parametrize("change", [{"url": "http://127.0.0.1/rss2"}, {"kind": "sitemap"}], ids=["url", "kind"])
def test_a_changed_source_is_asked_without_the_old_validators(store: Store, change):
    store.run(finish_poll, *make_done(given_source(store), etag='"v1"'), now=NOON)
    store.run(sync_sources, [replace(FEED, **change)], now=NOON)
    (due,) = claimed_sources(store)
    assert (due.etag, due.last_modified) == (None, None)


def test_reading_the_same_configuration_again_changes_nothing(store: Store):
    store.run(finish_poll, *make_done(given_source(store), etag='"v1"'), now=NOON)
    before = only_report(store)
    store.run(sync_sources, [FEED], now=TOMORROW)
    assert only_report(store) == before


def test_a_claimed_source_is_not_claimed_again_while_its_lease_runs(store: Store):
    given_source(store)
    assert claimed_sources(store, now=NOON + LEASE - timedelta(seconds=1)) == []


def test_a_source_whose_claimer_fell_silent_is_due_again(store: Store):
    first = given_source(store)
    (again,) = claimed_sources(store, now=AFTER_LEASE)
    assert again.lease_token != first.lease_token


def test_sources_are_claimed_longest_due_first(store: Store):
    store.run(sync_sources, [FEED], now=TOMORROW)
    store.run(sync_sources, [FEED, LISTING], now=NOON)
    assert [due.source for due in claimed_sources(store, now=TOMORROW)] == [LISTING.source, FEED.source]


def claimed_of(store: Store, *portals: str, **wish: Any) -> list[str]:
    """What is claimed where each of `portals` is due with two sources, all since the same moment."""
    specs = [
        SourceSpec(portal=portal, source=name, kind="feed", url=f"http://{portal}/{name}") for portal in portals for name in ("1", "2")
    ]
    store.run(sync_sources, specs, now=NOON)
    claimed = store.run(claim_due_sources, now=NOON, lease=LEASE, owner="test", **({"limit": 9} | wish))
    return [f"{each.portal}{each.source}" for each in claimed]


def test_portals_are_claimed_in_turn(store: Store):
    assert claimed_of(store, "a", "b", "c", limit=4) == ["a1", "b1", "c1", "a2"]


def test_a_claim_takes_no_more_of_a_portal_than_its_share(store: Store):
    assert claimed_of(store, "a", "b", share=1) == ["a1", "b1"]


def test_portals_that_are_asked_just_now_come_last(store: Store):
    assert claimed_of(store, "a", "b", later=["a"]) == ["b1", "b2", "a1", "a2"]


def test_a_claim_leaves_out_portals_it_is_told_to(store: Store):
    assert claimed_of(store, "a", "b", without=["a"]) == ["b1", "b2"]


def test_a_poll_returns_how_many_links_nobody_had_seen(store: Store):
    source = given_source(store)
    assert n_new(store.run(finish_poll, *make_done(source, make_seen("http://h/a"), make_seen("http://h/b")), now=NOON)) == 2


def test_a_link_seen_twice_is_one_row(store: Store):
    given_links(store, "http://h/a")
    (source,) = claimed_sources(store, now=TOMORROW)
    assert n_new(store.run(finish_poll, *make_done(source, make_seen("http://h/a"), make_seen("http://h/b")), now=TOMORROW)) == 1


def test_a_link_that_stands_twice_on_a_page_is_one_row(store: Store):
    assert n_new(store.run(finish_poll, *make_done(given_source(store), make_seen("http://h/a"), make_seen("http://h/a")), now=NOON)) == 1


def test_a_poll_of_thousands_of_links_is_one_transaction(store: Store):
    links = [make_seen(f"http://h/{n}") for n in range(5_000)]
    assert n_new(store.run(finish_poll, *make_done(given_source(store), *links), now=NOON)) == 5_000


def test_a_poll_keeps_the_validators_for_the_next_one(store: Store):
    store.run(finish_poll, *make_done(given_source(store), etag='W/"x"', last_modified="Mon, 02 Mar 2026 05:00:00 GMT"), now=NOON)
    (due,) = claimed_sources(store, now=TOMORROW)
    assert (due.etag, due.last_modified) == ('W/"x"', "Mon, 02 Mar 2026 05:00:00 GMT")


def test_a_304_keeps_the_old_validators(store: Store):
    store.run(finish_poll, *make_done(given_source(store), etag='"v1"'), now=NOON)
    (source,) = claimed_sources(store, now=TOMORROW)
    store.run(finish_poll, *make_done(source, etag=None, not_modified=True), now=TOMORROW)
    (due,) = claimed_sources(store, now=TOMORROW + timedelta(days=1))
    assert due.etag == '"v1"'


def test_a_poll_ends_with_its_source_free_and_due_when_the_poll_said(store: Store):
    store.run(finish_poll, *make_done(given_source(store), next_poll_at=TOMORROW), now=NOON)
    assert (claimed_sources(store, now=TOMORROW - timedelta(seconds=1)), len(claimed_sources(store, now=TOMORROW))) == ([], 1)


def test_memory_comes_back_as_it_was_given(store: Store):
    store.run(finish_poll, *make_done(given_source(store), memory={"pace": [1, 2.5], "tên": "Đồng Tháp"}), now=NOON)
    (due,) = claimed_sources(store, now=TOMORROW)
    assert due.memory == {"pace": [1, 2.5], "tên": "Đồng Tháp"}


def test_an_empty_memory_forgets_nothing(store: Store):
    store.run(finish_poll, *make_done(given_source(store), memory={"pace": 1}), now=NOON)
    (source,) = claimed_sources(store, now=TOMORROW)
    store.run(fail_poll, make_failed(source), now=TOMORROW)
    assert only_report(store).memory == {"pace": 1}


def test_a_poll_that_lost_its_lease_writes_nothing(store: Store):
    late = given_source(store)
    claimed_sources(store, now=AFTER_LEASE)
    assert store.run(finish_poll, *make_done(late, make_seen("http://h/a")), now=AFTER_LEASE) is None
    assert store.run(find_link, "http://h/a") is None


def test_a_failure_that_lost_its_lease_writes_nothing(store: Store):
    late = given_source(store)
    claimed_sources(store, now=AFTER_LEASE)
    assert store.run(fail_poll, make_failed(late), now=AFTER_LEASE) is None
    assert only_report(store).last_error is None


def test_a_lease_that_ran_out_unnoticed_still_counts(store: Store):
    late = given_source(store)
    assert n_new(store.run(finish_poll, *make_done(late, make_seen("http://h/a")), now=AFTER_LEASE)) == 1


def test_failures_in_a_row_are_counted_from_the_first_one(store: Store):
    store.run(fail_poll, make_failed(given_source(store)), now=NOON)
    (source,) = claimed_sources(store)
    failed = store.run(fail_poll, make_failed(source), now=AFTER_LEASE)
    assert failed is not None
    assert (failed.n_failures, failed.failing_since, source.n_failures) == (2, NOON, 1)


def test_an_answer_ends_the_row_of_failures(store: Store):
    store.run(fail_poll, make_failed(given_source(store)), now=NOON)
    (source,) = claimed_sources(store)
    store.run(finish_poll, *make_done(source), now=NOON)
    report = only_report(store)
    assert (report.n_failures, report.last_error) == (0, None)


def test_our_own_outage_is_not_counted_against_the_source(store: Store):
    failed = store.run(fail_poll, make_failed(given_source(store), penalise=False), now=NOON)
    assert failed is not None
    assert (failed.n_failures, failed.failing_since) == (0, None)


def bug_three_times(store: Store):
    source = given_source(store)
    for _ in range(2):
        store.run(fail_poll, make_failed(source, bug="Traceback: …"), now=NOON)
        (source,) = claimed_sources(store)
    return store.run(fail_poll, make_failed(source, bug="Traceback: …"), now=NOON)


def test_the_third_bug_in_a_row_parks_the_source(store: Store):
    failed = bug_three_times(store)
    assert (failed.parked_now, only_report(store).parked, only_report(store).next_poll_at) == (True, True, NOON + PARKED_FOR)


def test_a_parked_source_is_parked_only_once(store: Store):
    bug_three_times(store)
    (source,) = claimed_sources(store, now=NOON + PARKED_FOR)
    failed = store.run(fail_poll, make_failed(source, bug="Traceback: …"), now=NOON + PARKED_FOR)
    assert failed is not None
    assert (failed.n_bugs, failed.parked_now) == (4, False)


def test_bugs_count_only_in_a_row(store: Store):
    source = given_source(store)
    for bug in ("Traceback", "Traceback", None, "Traceback"):
        failed = store.run(fail_poll, make_failed(source, bug=bug), now=NOON)
        (source,) = claimed_sources(store)
    assert failed is not None
    assert (failed.n_bugs, failed.parked_now) == (1, False)


def test_an_answer_frees_a_parked_source(store: Store):
    bug_three_times(store)
    (source,) = claimed_sources(store, now=NOON + PARKED_FOR)
    store.run(finish_poll, *make_done(source), now=NOON + PARKED_FOR)
    assert not only_report(store).parked


def test_a_report_counts_the_links_of_its_source_by_state(store: Store):
    given_links(store, "http://h/a", "http://h/b")
    assert only_report(store).links == {"open": 2}


def test_a_link_too_long_to_index_does_not_stop_the_poll(store: Store):
    store.run(finish_poll, *make_done(given_source(store), make_seen("http://h/" + "x" * 5_000), make_seen("http://h/b")), now=NOON)
    assert [link.url for link in store.run(link_reports)] == ["http://h/b"]


def test_a_link_too_long_to_index_is_reported(store: Store):
    store.run(finish_poll, *make_done(given_source(store), make_seen("http://h/" + "x" * 5_000)), now=NOON)
    assert only_report(store).report == {"n_entries": 1, "n_links_too_long": 1}


def test_leases_of_an_owner_are_released(store: Store):
    given_source(store)
    store.run(release_leases, owner="test")
    assert len(claimed_sources(store)) == 1


def test_leases_of_others_are_not_released(store: Store):
    given_source(store)
    store.run(release_leases, owner="somebody else")
    assert claimed_sources(store) == []


def test_the_only_daemon_releases_whatever_was_left_behind(store: Store):
    given_source(store)
    store.run(release_leases, owner=None)
    assert len(claimed_sources(store)) == 1


def test_nothing_is_due_in_an_empty_store(store: Store):
    assert store.run(next_due_at) is None


def test_the_next_due_time_is_the_earliest_of_all(store: Store):
    given_links(store, "http://h/a")  # its source is due tomorrow, the link now
    assert store.run(next_due_at) == NOON


def test_what_is_claimed_is_next_due_when_its_lease_ends(store: Store):
    given_link(store)
    assert store.run(next_due_at) == NOON + LEASE


def test_a_delivery_counts_for_the_next_due_time(store: Store):
    given_delivery(store)
    assert store.run(next_due_at) == NOON
