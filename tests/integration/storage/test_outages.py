"""What our own outage leaves behind in the rows: nothing, as soon as it is over."""

from datetime import timedelta

from storage.engine import Store
from storage.links import end_link, find_link, postpone_link
from storage.outages import OFFLINE, forgive, resume
from storage.records import DueSource, LinkReport, PollFailed, SourceReport
from storage.sources import fail_poll, finish_poll, source_reports, sync_sources
from tests.builders import NOON
from tests.integration.storage.given import claimed_links, claimed_sources, given_links, given_source, make_done

SOON = NOON + timedelta(seconds=60)
LINK = "http://h/a"


def fail(store: Store, source: DueSource, kind: str) -> None:
    failed = PollFailed(
        source_id=source.id, lease_token=source.lease_token, reason="x", kind=kind, next_poll_at=SOON, penalise=kind != OFFLINE
    )
    store.run(fail_poll, failed, now=NOON)


def report(store: Store) -> SourceReport:
    [only] = store.look(source_reports)
    return only


def link(store: Store) -> LinkReport:
    found = store.look(find_link, LINK)
    assert found is not None
    return found


def given_failed_link(store: Store, *, reason: str) -> int:
    given_links(store, LINK)
    [due] = claimed_links(store)
    store.run(postpone_link, due.id, due.lease_token, next_try_at=SOON, reason=reason, count=reason != OFFLINE)
    return due.id


def test_a_source_that_waits_for_the_end_of_the_outage_is_due_at_once(store: Store):
    fail(store, given_source(store), OFFLINE)
    assert claimed_sources(store) == []
    assert store.run(resume, now=NOON) == 1
    assert len(claimed_sources(store)) == 1


def test_a_source_that_failed_by_itself_keeps_its_pause(store: Store):
    fail(store, given_source(store), "timeout")
    assert store.run(resume, now=NOON) == 0
    assert report(store).next_poll_at == SOON


def test_a_source_laid_to_rest_is_not_woken(store: Store):
    fail(store, given_source(store), OFFLINE)
    store.run(sync_sources, [], now=NOON)
    assert store.run(resume, now=NOON) == 0


def test_a_link_that_waits_for_the_end_of_the_outage_is_due_at_once(store: Store):
    given_failed_link(store, reason=OFFLINE)
    assert store.run(resume, now=NOON) == 1
    assert len(claimed_links(store)) == 1


def test_a_link_that_failed_by_itself_keeps_its_pause(store: Store):
    given_failed_link(store, reason="HTTP 500")
    assert store.run(resume, now=NOON) == 0


def test_a_failure_that_proved_ours_is_taken_back(store: Store):
    source = given_source(store)
    fail(store, source, "dns")
    store.run(forgive, source_ids=[source.id], link_ids=[])
    after = report(store)
    assert (after.n_failures, after.last_error_kind) == (0, OFFLINE)
    [again] = claimed_sources(store, now=SOON)
    assert again.failing_since is None


def test_only_one_failure_is_taken_back(store: Store):
    source = given_source(store)
    fail(store, source, "http-5xx")
    [source] = claimed_sources(store, now=SOON)
    fail(store, source, "dns")
    store.run(forgive, source_ids=[source.id], link_ids=[])
    [again] = claimed_sources(store, now=SOON)
    assert (again.n_failures, again.failing_since) == (1, NOON)


def test_a_source_that_has_answered_since_is_not_called_offline(store: Store):
    source = given_source(store)
    fail(store, source, "dns")
    [again] = claimed_sources(store, now=SOON)
    store.run(finish_poll, *make_done(again), now=SOON)
    store.run(forgive, source_ids=[source.id], link_ids=[])
    assert report(store).last_error_kind is None


def test_a_try_of_a_link_that_proved_ours_is_taken_back(store: Store):
    link_id = given_failed_link(store, reason="no such host")
    store.run(forgive, source_ids=[], link_ids=[link_id])
    assert (link(store).n_tries, link(store).reason) == (0, OFFLINE)


def test_a_link_given_up_for_what_proved_ours_is_open_again(store: Store):
    given_links(store, LINK)
    [due] = claimed_links(store)
    store.run(end_link, due.id, due.lease_token, state="failed", reason="no such host")
    store.run(forgive, source_ids=[], link_ids=[due.id])
    store.run(resume, now=NOON)
    assert [each.url for each in claimed_links(store)] == [LINK]


def test_a_link_that_is_done_stays_done(store: Store):
    given_links(store, LINK)
    [due] = claimed_links(store)
    store.run(end_link, due.id, due.lease_token, state="skipped", reason="robots")
    store.run(forgive, source_ids=[], link_ids=[due.id])
    assert link(store).state == "skipped"
