"""Backfills are rows: what they bring is read behind all news, told to nobody, and taken over by the first poll that names it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from crawler.dedup.decide import decide
from crawler.model import Route, Routing
from storage.alerts import list_deliveries
from storage.articles import record
from storage.backfills import (
    ask_backfill,
    backfill_of,
    bug_in_page,
    claim_pages,
    end_backfills,
    end_page,
    finish_page,
    keep_links,
    postpone_page,
    running_portals,
    stop_backfill,
    yield_of,
)
from storage.census import left_over
from storage.engine import Store
from storage.links import claim_past_links, end_link, find_link, postpone_link
from storage.records import BACKFILL, Article, BackfillAsked, DueLink, DuePage, Duplicate, New, Outcome, PageDone, SeenLink, WalkPage
from storage.sources import finish_poll, release_leases, source_reports
from tests.builders import NOON, make_article, make_match
from tests.integration.storage.given import AFTER_LEASE, LEASE, claimed_links, claimed_sources, given_source, make_done, make_seen

DAY = timedelta(days=1)
SINCE = NOON - 30 * DAY
PORTAL = "baodongthap"
FIRST = WalkPage(source="thoi-su", kind="listing", url="http://h1/tin")
SECOND = WalkPage(source="thoi-su", kind="listing", url="http://h1/tin?page=2")
ROUTINGS = {"quy-che-dan-chu": Routing(watch="quy-che-dan-chu", routes=(Route(channel="hook", recipient="", grouping="event"),))}


def asked(store: Store, *pages: WalkPage, since: Any = SINCE, **how: Any) -> BackfillAsked:
    return store.run(ask_backfill, PORTAL, since=since, pages=pages or (FIRST,), now=NOON, **how)


def claimed_pages(store: Store, *, now: Any = NOON) -> list[DuePage]:
    return store.run(claim_pages, now=now, lease=LEASE, owner="test", portals=[PORTAL], limit=9)


def claimed_past(store: Store, *, now: Any = NOON, of_a_host: int = 99, busy_hosts: Sequence[str] = ()) -> list[DueLink]:
    return store.run(claim_past_links, now=now, lease=LEASE, owner="test", limit=99, of_a_host=of_a_host, busy_hosts=busy_hosts)


def done(page: DuePage, *links: SeenLink, **changed: Any) -> PageDone:
    values: dict[str, Any] = {"links": links, "fingerprint": "f", "n_shown": len(links), "is_chain": True}
    return PageDone(page=page, **(values | changed))


@pytest.fixture
def known(store: Store) -> Store:
    """A store in which the portal has a source, polled once."""
    store.run(finish_poll, *make_done(given_source(store)), now=NOON - DAY)
    return store


def backfilled(store: Store, *urls: str, older: WalkPage | None = None) -> DuePage:
    """A backfill that has asked its first page, which names these URLs."""
    asked(store)
    (page,) = claimed_pages(store)
    assert store.run(finish_page, done(page, *map(make_seen, urls), older=older), now=NOON)
    return page


def polled(store: Store, *urls: str, now: Any = NOON + DAY) -> int:
    (source,) = claimed_sources(store, now=now)
    kept = store.run(finish_poll, *make_done(source, *map(make_seen, urls)), now=now)
    assert kept is not None
    return kept.n_new


def recorded(store: Store, link: DueLink, article: Article, *, now: Any = NOON) -> Outcome | None:
    """What the real decision makes of it, with one watch that matches."""
    matches = [make_match()]

    def judge(held, stories):
        return decide(article, held, stories, matches=matches, routings=ROUTINGS, now=now)

    return store.run(record, article, matches, judge, link=link, now=now)


YOUNG = make_article(url="http://h1/a", aliases=(), published_at=NOON)


# --- reading behind all news


def test_what_a_backfill_names_is_not_claimed_among_the_news(known: Store):
    backfilled(known, "http://h1/a")
    assert claimed_links(known) == []
    assert [(link.url, link.is_backfill) for link in claimed_past(known)] == [("http://h1/a", True)]


def test_a_busy_host_is_left_alone_and_no_host_gives_more_than_its_share(known: Store):
    backfilled(known, "http://h1/a", "http://h1/b", "http://h2/c", "http://h3/d")
    found = claimed_past(known, of_a_host=1, busy_hosts=["h3"])
    assert sorted(link.host for link in found) == ["h1", "h2"]


def test_what_waits_in_a_backfill_is_not_left_over_by_a_pass(known: Store):
    backfilled(known, "http://h1/a")
    assert known.run(left_over, began=NOON - 2 * DAY, now=NOON) == 0


# --- telling nobody, and missing nothing


def test_nobody_is_told_of_what_a_backfill_brings(known: Store):
    backfilled(known, "http://h1/a")
    (link,) = claimed_past(known)
    outcome = recorded(known, link, YOUNG)
    assert isinstance(outcome, New)
    assert (outcome.events, known.run(list_deliveries, limit=9)) == ((), [])


def test_a_poll_that_names_a_read_one_has_it_read_again_and_told(known: Store):
    backfilled(known, "http://h1/a")
    recorded(known, claimed_past(known)[0], YOUNG)
    assert polled(known, "http://h1/a") == 1
    (link,) = claimed_links(known, now=NOON + DAY)
    outcome = recorded(known, link, YOUNG, now=NOON + DAY)
    assert isinstance(outcome, Duplicate)
    assert [delivery.channel for delivery in known.run(list_deliveries, limit=9)] == ["hook"]


def test_it_is_told_once_however_many_polls_name_it(known: Store):
    backfilled(known, "http://h1/a", "http://h1/b")
    recorded(known, claimed_past(known)[0], YOUNG)
    polled(known, "http://h1/a", "http://h1/c")
    outcomes = [recorded(known, link, YOUNG, now=NOON + DAY) for link in claimed_links(known, now=NOON + DAY)]
    assert [bool(outcome and outcome.events) for outcome in outcomes] == [True, False]
    assert len(known.run(list_deliveries, limit=9)) == 1
    assert polled(known, "http://h1/a", now=NOON + 3 * DAY) == 0


def test_what_is_older_than_the_baseline_is_not_read_again(known: Store):
    backfilled(known, "http://h1/a")
    recorded(known, claimed_past(known)[0], make_article(url="http://h1/a", aliases=(), published_at=NOON - 20 * DAY))
    polled(known, "http://h1/a")
    assert claimed_links(known, now=NOON + DAY) == []
    link = known.run(find_link, "http://h1/a")
    assert link is not None
    assert link.state == "done"


def test_a_poll_that_names_one_that_waits_makes_it_news(known: Store):
    backfilled(known, "http://h1/a")
    polled(known, "http://h1/a")
    assert claimed_past(known, now=NOON + DAY) == []
    (link,) = claimed_links(known, now=NOON + DAY)
    assert (link.is_backfill, link.found_at) == (False, NOON + DAY)


def test_a_poll_that_names_it_while_it_is_read_has_it_told(known: Store):
    backfilled(known, "http://h1/a")
    (link,) = claimed_past(known)
    polled(known, "http://h1/a")
    outcome = recorded(known, link, YOUNG, now=NOON + DAY)
    assert outcome is not None
    assert len(outcome.events) == 1


@pytest.mark.parametrize("state", ["failed", "gone"])
def test_a_page_that_was_not_there_is_tried_again_when_a_poll_names_it(known: Store, state: Any):
    backfilled(known, "http://h1/a")
    (link,) = claimed_past(known)
    known.run(end_link, link.id, link.lease_token, state=state, reason="x")
    polled(known, "http://h1/a")
    assert len(claimed_links(known, now=NOON + DAY)) == 1


def test_a_new_copy_of_a_story_that_a_backfill_brought_is_told(known: Store):
    backfilled(known, "http://h1/a")
    recorded(known, claimed_past(known)[0], YOUNG)
    polled(known, "http://h2/b")
    copy = make_article(identity=YOUNG.identity.__class__(portal="baoapbac", era="x", ident="7"), url="http://h2/b", aliases=())
    outcome = recorded(known, claimed_links(known, now=NOON + DAY)[0], copy, now=NOON + DAY)
    assert isinstance(outcome, New)
    assert (outcome.copy_of is not None, len(outcome.events)) == (True, 1)


def test_a_revision_that_a_backfill_reads_is_told_when_a_poll_names_the_page(known: Store):
    polled(known, "http://h1/a")
    recorded(known, claimed_links(known, now=NOON + DAY)[0], YOUNG, now=NOON + DAY)
    told = len(known.run(list_deliveries, limit=9))
    backfilled(known, "http://h1/b")
    revised = make_article(url="http://h1/a", aliases=("http://h1/b",), content_hash="c2", published_at=NOON)
    outcome = recorded(known, claimed_past(known)[0], revised)
    assert outcome is not None
    assert (outcome.events, len(known.run(list_deliveries, limit=9))) == ((), told)


# --- walking


def test_the_older_page_waits_until_the_links_of_this_one_were_tried(known: Store):
    backfilled(known, "http://h1/a", "http://h1/b", older=SECOND)
    assert claimed_pages(known) == []
    first, second = claimed_past(known)
    recorded(known, first, make_article(url=first.url, aliases=(), published_at=NOON - 9 * DAY))
    assert claimed_pages(known) == []
    known.run(postpone_link, second.id, second.lease_token, next_try_at=NOON + DAY, reason="not found")
    (page,) = claimed_pages(known)
    assert page.page == SECOND
    assert page.after_id is not None
    assert known.run(yield_of, page.after_id).published == (NOON - 9 * DAY,)


def test_what_an_earlier_page_of_the_list_has_shown_is_not_the_next_ones_own(known: Store):
    backfilled(known, "http://h1/a", older=SECOND)
    recorded(known, claimed_past(known)[0], YOUNG)
    (page,) = claimed_pages(known)
    known.run(finish_page, done(page, make_seen("http://h1/a"), make_seen("http://h1/b")), now=NOON)
    found = known.run(yield_of, page.id)
    assert (found.n_own, found.n_shown, found.repeats) == (1, 2, True)


def test_a_list_that_leads_back_to_where_it_was_ends_there(known: Store):
    page = backfilled(known, older=SECOND)
    (second,) = claimed_pages(known)
    known.run(finish_page, done(second, older=page.page), now=NOON)
    assert claimed_pages(known) == []
    assert known.run(end_backfills, now=NOON) == [PORTAL]


def test_two_walkers_never_get_the_same_page_and_a_dead_one_only_delays(known: Store):
    asked(known)
    assert len(claimed_pages(known)) == 1
    assert claimed_pages(known) == []
    assert len(claimed_pages(known, now=AFTER_LEASE)) == 1
    known.run(release_leases, owner="test")
    assert len(claimed_pages(known)) == 1


def test_who_has_lost_the_lease_writes_nothing(known: Store):
    asked(known)
    (slow,) = claimed_pages(known)
    claimed_pages(known, now=AFTER_LEASE)
    assert not known.run(finish_page, done(slow, make_seen("http://h1/a")), now=NOON)
    assert not known.run(keep_links, slow, [make_seen("http://h1/a")], now=NOON)
    assert claimed_past(known, now=AFTER_LEASE) == []


def test_a_page_that_is_asked_once_more_after_a_crash_keeps_its_links_once(known: Store):
    asked(known)
    (page,) = claimed_pages(known)
    known.run(keep_links, page, [make_seen("http://h1/a")], now=NOON)
    (again,) = claimed_pages(known, now=AFTER_LEASE)
    known.run(finish_page, done(again, make_seen("http://h1/a"), make_seen("http://h1/b")), now=AFTER_LEASE)
    report = known.run(backfill_of, again.backfill_id)
    assert (report.n_pages, report.links) == (1, {"open": 2})


def test_a_link_that_polls_knew_is_counted_and_left_as_it_is(known: Store):
    polled(known, "http://h1/a")
    backfilled(known, "http://h1/a")
    assert (claimed_past(known), len(claimed_links(known, now=NOON + DAY))) == ([], 1)


def test_a_page_that_fails_is_tried_again_and_its_backfill_is_not_done(known: Store):
    asked(known)
    (page,) = claimed_pages(known)
    known.run(postpone_page, page, next_try_at=NOON + DAY, reason="HTTP 500")
    report = known.run(backfill_of, page.backfill_id)
    assert (claimed_pages(known), known.run(end_backfills, now=NOON)) == ([], [])
    assert (report.next_due_at, report.last_error) == (NOON + DAY, "HTTP 500")


def test_the_third_bug_of_ours_closes_a_page(known: Store):
    asked(known)
    for _ in range(3):
        (page,) = claimed_pages(known)
        known.run(bug_in_page, page, traceback="x", next_try_at=NOON)
    assert claimed_pages(known) == []
    assert known.run(backfill_of, page.backfill_id).n_pages_failed == 1


# --- asking again, stopping


def test_the_same_day_again_goes_on_and_once_done_is_complete(known: Store):
    assert asked(known).how == "new"
    assert asked(known).how == "resumed"
    (page,) = claimed_pages(known)
    known.run(end_page, page, failed=False, reason="x")
    assert known.run(end_backfills, now=NOON) == [PORTAL]
    assert (asked(known).how, asked(known, since=SINCE + DAY).how, known.run(running_portals)) == ("complete", "complete", [])


def test_an_earlier_day_replaces_the_walk_and_inherits_what_waits(known: Store):
    backfilled(known, "http://h1/a")
    again = asked(known, since=SINCE - DAY)
    assert (again.how, known.run(running_portals)) == ("further", [PORTAL])
    assert known.run(backfill_of, again.backfill.id).links == {"open": 1}


def test_once_more_walks_anew(known: Store):
    page = backfilled(known)
    known.run(end_backfills, now=NOON)
    again = asked(known, anew=True)
    assert (again.how, again.backfill.id != page.backfill_id) == ("further", True)


def test_what_is_given_up_is_skipped_and_taken_up_where_it_is_asked_for_again(known: Store):
    backfilled(known, "http://h1/a", older=SECOND)
    assert known.run(stop_backfill, PORTAL, now=NOON)
    assert (claimed_past(known), claimed_pages(known), known.run(stop_backfill, PORTAL, now=NOON)) == ([], [], False)
    assert asked(known).how == "resumed"
    assert [link.url for link in claimed_past(known)] == ["http://h1/a"]


def test_what_was_given_up_while_a_page_was_asked_takes_nothing_more(known: Store):
    asked(known)
    (page,) = claimed_pages(known)
    known.run(stop_backfill, PORTAL, now=NOON)
    assert not known.run(finish_page, done(page, make_seen("http://h1/a")), now=NOON)
    assert claimed_past(known) == []


def test_a_poll_opens_what_was_skipped_by_giving_up(known: Store):
    backfilled(known, "http://h1/a")
    known.run(stop_backfill, PORTAL, now=NOON)
    polled(known, "http://h1/a")
    assert len(claimed_links(known, now=NOON + DAY)) == 1


def test_a_backfill_is_done_when_nothing_of_it_is_left(known: Store):
    page = backfilled(known, "http://h1/a")
    assert known.run(end_backfills, now=NOON) == []
    recorded(known, claimed_past(known)[0], YOUNG)
    assert known.run(end_backfills, now=NOON) == [PORTAL]
    report = known.run(backfill_of, page.backfill_id)
    assert (report.state, report.ended_at, report.links, report.next_due_at) == ("done", NOON, {"done": 1}, None)


def test_a_sitemap_that_only_robots_txt_names_gives_its_links_to_the_portals_first_source(known: Store):
    asked(known, WalkPage(source="robots", kind="sitemap", url="http://h1/sitemap.xml"))
    (page,) = claimed_pages(known)
    known.run(finish_page, done(page, make_seen("http://h1/a"), is_chain=False), now=NOON)
    assert [report.links for report in known.run(source_reports)] == [{"open": 1}]


def test_the_reason_of_the_silence_is_known_to_the_decision(known: Store):
    backfilled(known, "http://h1/a")
    reasons = []

    def judge(held, stories):
        reasons.append(held.late_reason)
        return decide(YOUNG, held, stories, matches=[], routings={}, now=NOON)

    known.run(record, YOUNG, [], judge, link=claimed_past(known)[0], now=NOON)
    assert reasons == [BACKFILL]
