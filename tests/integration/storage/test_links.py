"""Links: fair claims, one state each, and what happens to a lost lease."""

from collections import Counter
from datetime import timedelta

import pytest

from storage.engine import Store
from storage.links import PORTAL_REMOVED, bug_in_link, end_link, find_link, link_reports, postpone_link
from storage.records import DueLink, LinkReport, SourceSpec
from storage.sources import finish_poll, sync_sources
from tests.builders import NOON
from tests.integration.storage.given import (
    AFTER_LEASE,
    FEED,
    TOMORROW,
    claimed_links,
    claimed_sources,
    given_link,
    given_links,
    make_done,
    make_seen,
)


def reported(store: Store, link: DueLink) -> LinkReport:
    report = store.run(find_link, link.url)
    assert report is not None
    return report


def test_a_claimed_link_carries_what_its_source_said(store: Store):
    given_links(store, make_seen("http://h1/a", hint={"title": "Mưa lũ", "tags": ["thời tiết"]}))
    (link,) = claimed_links(store)
    assert (link.url, link.host, link.portal, link.found_at, link.hint) == (
        "http://h1/a",
        "h1",
        "baodongthap",
        NOON,
        {"title": "Mưa lũ", "tags": ["thời tiết"]},
    )


def test_a_claimed_link_is_not_claimed_again_while_its_lease_runs(store: Store):
    given_link(store)
    assert claimed_links(store) == []


def test_a_link_whose_claimer_fell_silent_is_due_again(store: Store):
    given_link(store)
    assert len(claimed_links(store, now=AFTER_LEASE)) == 1


def test_each_host_gets_the_same_share(store: Store):
    given_links(store, *(f"http://h{n % 3}/{n}" for n in range(60)))
    assert Counter(link.host for link in claimed_links(store, limit=12)) == {"h0": 4, "h1": 4, "h2": 4}


def test_what_one_host_does_not_need_the_others_get(store: Store):
    given_links(store, "http://h0/a", *(f"http://h1/{n}" for n in range(20)))
    assert Counter(link.host for link in claimed_links(store, limit=10)) == {"h0": 1, "h1": 9}


def test_busy_hosts_are_left_out(store: Store):
    given_links(store, "http://h0/a", "http://h1/b")
    assert [link.host for link in claimed_links(store, busy_hosts=["h0"])] == ["h1"]


def test_hosts_take_turns_when_there_is_room_for_fewer(store: Store):
    given_links(store, *(f"http://h{n % 5}/{n}" for n in range(50)))
    seconds = [NOON + timedelta(seconds=n) for n in range(5)]
    assert {link.host for now in seconds for link in claimed_links(store, now=now, limit=1)} == {"h0", "h1", "h2", "h3", "h4"}


def test_a_claim_takes_no_more_than_its_limit(store: Store):
    given_links(store, *(f"http://h{n % 7}/{n}" for n in range(50)))
    assert len(claimed_links(store, limit=10)) == 10


def test_of_a_host_the_newest_is_fetched_first(store: Store):
    given_links(
        store,
        make_seen("http://h/old", published_at=NOON - timedelta(days=30)),
        make_seen("http://h/new", published_at=NOON - timedelta(hours=1)),
        make_seen("http://h/middle", published_at=NOON - timedelta(days=1)),
    )
    assert [link.url for link in claimed_links(store)] == ["http://h/new", "http://h/middle", "http://h/old"]


def test_without_a_date_the_top_of_the_page_is_fetched_first(store: Store):
    given_links(store, "http://h/first", "http://h/second", "http://h/third")
    assert [link.url for link in claimed_links(store)] == ["http://h/first", "http://h/second", "http://h/third"]


def test_a_date_in_the_future_gives_no_precedence(store: Store):
    given_links(store, "http://h/undated", make_seen("http://h/wrong", published_at=NOON + timedelta(days=365)))
    assert [link.url for link in claimed_links(store)] == ["http://h/undated", "http://h/wrong"]


def test_a_link_found_later_goes_before_the_backlog(store: Store):
    given_links(store, "http://h/backlog")
    (source,) = claimed_sources(store, now=TOMORROW)
    store.run(finish_poll, *make_done(source, make_seen("http://h/fresh")), now=TOMORROW)
    assert [link.url for link in claimed_links(store, now=TOMORROW)] == ["http://h/fresh", "http://h/backlog"]


def test_a_postponed_link_waits_for_its_time(store: Store):
    link = given_link(store)
    store.run(postpone_link, link.id, link.lease_token, next_try_at=TOMORROW, reason="http-5xx")
    assert (claimed_links(store, now=TOMORROW - timedelta(seconds=1)), len(claimed_links(store, now=TOMORROW))) == ([], 1)


@pytest.mark.parametrize(("count", "n_tries"), [(True, 1), (False, 0)], ids=["its-own-fault", "not-its-fault"])
def test_a_postponed_link_counts_its_own_failures_only(store: Store, count, n_tries):
    link = given_link(store)
    store.run(postpone_link, link.id, link.lease_token, next_try_at=NOON, reason="http-5xx", count=count)
    (again,) = claimed_links(store)
    assert again.n_tries == n_tries


def test_a_closed_link_is_never_claimed_again(store: Store):
    link = given_link(store)
    store.run(end_link, link.id, link.lease_token, state="gone", reason="not-found")
    assert claimed_links(store, now=TOMORROW) == []


def test_a_closed_link_says_why(store: Store):
    link = given_link(store)
    store.run(end_link, link.id, link.lease_token, state="skipped", reason="robots")
    assert (reported(store, link).state, reported(store, link).reason) == ("skipped", "robots")


def test_a_closed_link_is_not_opened_by_its_source(store: Store):
    link = given_link(store)
    store.run(end_link, link.id, link.lease_token, state="gone", reason="not-found")
    (source,) = claimed_sources(store, now=TOMORROW)
    store.run(finish_poll, *make_done(source, make_seen(link.url)), now=TOMORROW)
    assert reported(store, link).state == "gone"


def test_the_third_bug_parks_a_link(store: Store):
    link, parked = given_link(store), []
    for n in range(3):
        parked.append(store.run(bug_in_link, link.id, link.lease_token, traceback=f"Traceback {n}", next_try_at=NOON, now=NOON))
        link = next(iter(claimed_links(store)), link)
    report = reported(store, link)
    assert (parked, report.state, report.reason, report.traceback) == ([False, False, True], "failed", "bug", "Traceback 2")


def test_a_bug_backs_a_link_off(store: Store):
    link = given_link(store)
    store.run(bug_in_link, link.id, link.lease_token, traceback="Traceback", next_try_at=TOMORROW, now=NOON)
    assert claimed_links(store, now=TOMORROW - timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda store, link: store.run(end_link, link.id, link.lease_token, state="failed", reason="x"), id="end"),
        pytest.param(
            lambda store, link: store.run(postpone_link, link.id, link.lease_token, next_try_at=TOMORROW, reason="x"), id="postpone"
        ),
        pytest.param(
            lambda store, link: store.run(bug_in_link, link.id, link.lease_token, traceback="x", next_try_at=TOMORROW, now=NOON), id="bug"
        ),
    ],
)
def test_a_writer_that_lost_its_lease_writes_nothing(store: Store, write):
    late = given_link(store)
    claimed_links(store, now=AFTER_LEASE)
    before = reported(store, late)
    assert (write(store, late), reported(store, late)) == (False, before)


def test_an_unknown_url_has_no_report(store: Store):
    assert store.run(find_link, "http://h/unknown") is None


def test_reports_are_newest_first_and_filtered(store: Store):
    given_links(store, "http://h/a", "http://h/b", "http://h/c")
    (link, *_) = claimed_links(store, limit=1)
    store.run(end_link, link.id, link.lease_token, state="skipped", reason="robots")
    urls = [report.url for report in store.run(link_reports, portal="baodongthap", state="open", limit=5)]
    assert urls == ["http://h/b", "http://h/c"]


def given_flood(store: Store, *, n_links: int = 1_000) -> None:
    """Undated links of one portal on three hosts, and one link of another portal."""
    specs = [SourceSpec(portal=portal, source="s", kind="sitemap", url=f"http://{portal}/") for portal in ("flood", "small")]
    store.run(sync_sources, specs, now=NOON)
    flood, small = sorted(claimed_sources(store), key=lambda source: source.portal)
    links = [make_seen(f"http://flood{n % 3}/{n}", portal="flood") for n in range(n_links)]
    store.run(finish_poll, *make_done(flood, *links), now=NOON)
    store.run(finish_poll, *make_done(small, make_seen("http://small/a", portal="small")), now=NOON)


def test_a_portal_with_many_hosts_gets_no_more_than_one_with_one(store: Store):
    given_flood(store)
    store.run(sync_sources, [FEED], now=NOON)
    (source,) = claimed_sources(store)
    store.run(finish_poll, *make_done(source, *(make_seen(f"http://h/{n}") for n in range(10))), now=NOON)
    claimed = Counter(link.portal for link in claimed_links(store, limit=9))
    assert (claimed["small"], abs(claimed["flood"] - claimed["baodongthap"]) <= 1) == (1, True)


@pytest.mark.parametrize("second", range(2))
def test_ten_thousand_links_of_one_portal_delay_no_other(store: Store, second: int):
    given_flood(store, n_links=10_000)
    now = NOON + timedelta(seconds=second)
    assert "http://small/a" in {link.url for link in claimed_links(store, now=now, limit=4)}


def test_a_flood_delays_no_news_of_its_own_host(store: Store):
    """Found a little before the flood, and not at its top: the flood's undated links count as older the further down they stand."""
    store.run(sync_sources, [FEED], now=NOON)
    (source,) = claimed_sources(store)
    before = NOON - timedelta(minutes=5)
    store.run(finish_poll, *make_done(source, make_seen("http://flood1/news", portal="flood", published_at=before)), now=NOON)
    given_flood(store)
    claimed = [link.url for link in claimed_links(store, limit=30, now=NOON)]
    assert "http://flood1/news" in claimed


def test_a_backlog_never_starves_what_is_new(store: Store):
    given_flood(store)
    store.run(sync_sources, [FEED], now=TOMORROW)
    source = next(each for each in claimed_sources(store, now=TOMORROW) if each.source == FEED.source)
    news = [make_seen(f"http://flood{n}/new", portal="flood") for n in range(3)]
    store.run(finish_poll, *make_done(source, *news), now=TOMORROW)
    assert {link.url for link in claimed_links(store, now=TOMORROW, limit=6)} >= {*(link.url for link in news), "http://small/a"}


def test_hosts_of_one_portal_take_turns_too(store: Store):
    given_flood(store)
    claimed = {link.host for second in range(12) for link in claimed_links(store, now=NOON + timedelta(seconds=second), limit=1)}
    assert claimed == {"flood0", "flood1", "flood2", "small"}


def test_a_portal_that_returns_to_the_configuration_gets_its_skipped_links_back(store: Store):
    link = given_link(store)
    store.run(sync_sources, [], now=NOON)
    store.run(end_link, link.id, link.lease_token, state="skipped", reason=PORTAL_REMOVED)
    store.run(sync_sources, [FEED], now=NOON)
    assert [due.url for due in claimed_links(store)] == [link.url]


def test_a_link_that_robots_forbade_stays_skipped_when_its_portal_returns(store: Store):
    link = given_link(store)
    store.run(sync_sources, [], now=NOON)
    store.run(end_link, link.id, link.lease_token, state="skipped", reason="robots")
    store.run(sync_sources, [FEED], now=NOON)
    assert claimed_links(store) == []
