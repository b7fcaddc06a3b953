"""record(): one article, everything that follows, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from storage.alerts import list_deliveries
from storage.articles import article_by_url, count, record
from storage.census import census
from storage.engine import Store
from storage.held import MAX_LOOK_ALIKES
from storage.links import find_link
from storage.records import Census, Duplicate, Held, Image, New, Outcome, Revised, Story
from storage.sources import finish_poll
from storage.tables import METADATA, events, matches, revisions
from tests.builders import NOON, make_article, make_identity, make_match
from tests.integration.storage.given import (
    AFTER_LEASE,
    TOMORROW,
    claimed_deliveries,
    claimed_links,
    claimed_sources,
    deciding,
    given_article,
    given_link,
    make_copy,
    make_done,
    make_event,
    make_plan,
    make_seen,
)

ARTICLE = make_article()
SAME_WORDS_ELSEWHERE = make_copy(ARTICLE, "baoangiang")


def held_for(store: Store, article, *, link=None) -> tuple[Held, Sequence[Story]]:
    """What `decide` is shown when `article` is recorded."""
    shown = []

    def decide(held: Held, stories: Sequence[Story]) -> Outcome:
        shown.append((held, stories))
        return deciding(article)(held, stories)

    store.run(record, article, [], decide, link=link, now=NOON)
    return shown[0]


def rows(store: Store, table: Table) -> Sequence[Any]:
    def work(session: Session) -> Sequence[Any]:
        return session.execute(select(table).order_by(*table.primary_key.columns)).all()

    return store.run(work)


def test_an_article_comes_back_as_it_was_recorded(store: Store):
    article = make_article(
        aliases=("http://m.127.0.0.1/1001", "http://127.0.0.1/in/1001"),
        credit="TTXVN",
        section="Thời sự",
        tags=("dân vận", "cơ sở"),
        captions=("Quang cảnh hội nghị. Ảnh: N.N",),
        images=(Image(url="http://127.0.0.1/1.jpg", caption="Quang cảnh"), Image(url="http://127.0.0.1/2.jpg")),
        published_raw="Cập nhật ngày: 02/03/2026 12:00:00",
        updated_at=NOON + timedelta(hours=1),
        provenance={"title": "rule", "author": "json-ld"},
        problems=("charset: letters are lost or garbled",),
    )
    store.run(record, article, [], deciding(article), link=None, now=NOON)
    assert store.run(article_by_url, article.url) == article


def test_an_article_without_anything_optional_comes_back_too(store: Store):
    bare = make_article(lead=None, author=None, province=None, published_at=None, published_precision=None, provenance={})
    given_article(store, bare)
    assert store.run(article_by_url, bare.url) == bare


def test_times_come_back_in_utc_whatever_zone_they_went_in(store: Store):
    vietnam = timezone(timedelta(hours=7))
    given_article(store, make_article(published_at=datetime(2022, 1, 13, 12, 40, 31, 500_000, tzinfo=vietnam)))
    article = store.run(article_by_url, ARTICLE.url)
    assert article is not None
    assert article.published_at is not None
    assert (article.published_at, article.published_at.tzinfo) == (datetime(2022, 1, 13, 5, 40, 31, 500_000, tzinfo=UTC), UTC)


def test_a_time_without_a_zone_is_refused(store: Store):
    with pytest.raises(Exception, match="timezone"):
        given_article(store, make_article(published_at=datetime(2022, 1, 13, 12, 40, 31)))  # noqa: DTZ001  # the point of the test


@pytest.mark.parametrize("alias", ["http://127.0.0.1/other-slug-1001.aspx", "http://m.127.0.0.1/1001"])
def test_an_article_is_known_under_all_its_urls(store: Store, alias):
    given_article(store, make_article(aliases=("http://127.0.0.1/other-slug-1001.aspx", "http://m.127.0.0.1/1001")))
    article = store.run(article_by_url, alias)
    assert article is not None
    assert article.identity == ARTICLE.identity


def test_an_unknown_url_is_no_article(store: Store):
    assert store.run(article_by_url, "http://127.0.0.1/unknown") is None


def test_a_new_article_opens_its_story(store: Store):
    given_article(store)
    assert (store.run(count), store.run(census).n_stories) == (1, 1)


def test_a_recorded_link_is_done_and_names_its_article(store: Store):
    link = given_link(store)
    store.run(record, ARTICLE, [], deciding(ARTICLE), link=link, now=NOON)
    report = store.run(find_link, link.url)
    assert report is not None
    assert (report.state, report.reason, report.article_id is None, claimed_links(store, now=TOMORROW)) == ("done", "new", False, [])


@pytest.mark.parametrize(
    ("second", "reason"),
    [pytest.param(ARTICLE, "duplicate", id="unchanged"), pytest.param(replace(ARTICLE, content_hash="c2"), "revised", id="changed")],
)
def test_a_link_to_an_article_we_held_says_what_it_was(store: Store, second, reason):
    given_article(store)
    link = given_link(store)
    store.run(record, second, [], deciding(second), link=link, now=NOON)
    report = store.run(find_link, link.url)
    assert report is not None
    assert report.reason == reason


def test_a_recorder_that_lost_its_lease_writes_nothing(store: Store):
    late = given_link(store)
    claimed_links(store, now=AFTER_LEASE)
    assert store.run(record, ARTICLE, [make_match()], deciding(ARTICLE), link=late, now=NOON) is None
    assert store.run(count) == 0


def test_a_recorder_that_lost_its_lease_is_not_asked_to_decide(store: Store):
    late = given_link(store)
    claimed_links(store, now=AFTER_LEASE)

    def never(held, stories):
        raise AssertionError(held, stories)

    assert store.run(record, ARTICLE, [], never, link=late, now=NOON) is None


def test_a_decision_that_raises_leaves_nothing_behind(store: Store):
    link = given_link(store)

    def broken(held, stories):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.run(record, ARTICLE, [], broken, link=link, now=NOON)
    report = store.run(find_link, link.url)
    assert report is not None
    assert (report.state, store.run(count)) == ("open", 0)


# --- what decide is shown


def test_the_same_identity_is_found_again(store: Store):
    given_article(store)
    held, _ = held_for(store, ARTICLE)
    assert held.same_identity is not None
    assert (held.same_identity.identity, held.same_identity.content_hash, held.same_identity.n_revisions) == (ARTICLE.identity, "c1", 1)


def test_a_known_url_is_the_same_identity_whatever_it_is_called_now(store: Store):
    given_article(store, make_article(identity=make_identity(ARTICLE.url, era="url")))
    held, _ = held_for(store, ARTICLE)
    assert held.same_identity is not None
    assert held.same_identity.identity.era == "url"


def test_an_alias_we_hold_is_the_same_identity(store: Store):
    given_article(store, make_article(aliases=("http://127.0.0.1/print/1001",)))
    held, _ = held_for(store, make_article(identity=make_identity("9"), url="http://127.0.0.1/print/1001"))
    assert held.same_identity is not None


def test_an_identity_goes_before_an_alias(store: Store):
    given_article(store, make_article(identity=make_identity("1"), url="http://127.0.0.1/1"))
    given_article(store, make_article(identity=make_identity("2"), url="http://127.0.0.1/2", text_hash="t2"))
    held, _ = held_for(store, make_article(identity=make_identity("2"), url="http://127.0.0.1/1", text_hash="t3"))
    assert held.same_identity is not None
    assert held.same_identity.identity.ident == "2"


def test_the_same_id_on_another_portal_is_another_article(store: Store):
    given_article(store)
    held, _ = held_for(store, replace(SAME_WORDS_ELSEWHERE, text_hash="t2"))
    assert (held.same_identity, held.look_alikes) == (None, ())


def test_word_for_word_copies_are_shown_with_their_story(store: Store):
    given_article(store)
    held, stories = held_for(store, SAME_WORDS_ELSEWHERE)
    assert [each.identity for each in held.look_alikes] == [ARTICLE.identity]
    assert [(story.key, story.portals) for story in stories] == [(str(ARTICLE.identity), ("baodongthap",))]


def test_a_story_names_its_portals_first_come_first(store: Store):
    given_article(store)
    given_article(store, make_copy(ARTICLE, "vinhlong"))
    given_article(store, make_copy(ARTICLE, "angiang"))
    _, (story,) = held_for(store, make_copy(ARTICLE, "camau"))
    assert story.portals == ("baodongthap", "vinhlong", "angiang")


def test_of_very_many_copies_the_newest_are_shown_oldest_first(store: Store):
    for n in range(MAX_LOOK_ALIKES + 5):
        given_article(store, make_article(identity=make_identity(str(n)), url=f"http://127.0.0.1/{n}"))
    held, _ = held_for(store, SAME_WORDS_ELSEWHERE)
    assert [each.identity.ident for each in held.look_alikes] == [str(n) for n in range(5, MAX_LOOK_ALIKES + 5)]


def test_the_baseline_is_that_of_the_links_source(store: Store):
    held, _ = held_for(store, ARTICLE, link=given_link(store))
    assert (held.baseline_before, held.found_at, held.first_poll_at) == (NOON - timedelta(hours=24), NOON, NOON)


def test_a_link_found_later_is_later_than_the_first_poll(store: Store):
    given_link(store)
    (source,) = claimed_sources(store, now=TOMORROW)
    store.run(finish_poll, *make_done(source, make_seen("http://h2/later")), now=TOMORROW)
    later = next(link for link in claimed_links(store, now=TOMORROW) if link.host == "h2")
    held, _ = held_for(store, ARTICLE, link=later)
    assert (held.found_at, held.first_poll_at) == (TOMORROW, NOON)


def test_an_article_that_came_by_another_way_says_so(store: Store):
    shown = []

    def decide(held, stories):
        shown.append(held.late_reason)
        return deciding(ARTICLE)(held, stories)

    store.run(record, ARTICLE, [], decide, link=None, now=NOON, late_reason="backfill")
    assert shown == ["backfill"]


# --- what is written


def test_a_copy_names_what_it_copies(store: Store):
    given_article(store)
    given_article(store, SAME_WORDS_ELSEWHERE)
    counted = store.run(census)
    assert (counted.n_copies, counted.n_stories, counted.articles) == (1, 1, {"baodongthap": 1, "baoangiang": 1})


def test_every_revision_is_kept(store: Store):
    for title, content_hash in (("Một", "c1"), ("Hai", "c2"), ("Ba", "c3")):
        given_article(store, make_article(title=title, content_hash=content_hash))
    assert [(row.number, row.title, row.content_hash) for row in rows(store, revisions)] == [
        (1, "Một", "c1"),
        (2, "Hai", "c2"),
        (3, "Ba", "c3"),
    ]


def test_an_article_reads_as_its_last_revision(store: Store):
    given_article(store)
    given_article(store, make_article(title="Tít mới", content_hash="c2"))
    article = store.run(article_by_url, ARTICLE.url)
    assert article is not None
    assert article.title == "Tít mới"


def test_an_unchanged_article_makes_no_revision(store: Store):
    given_article(store)
    given_article(store)
    assert len(rows(store, revisions)) == 1


def test_a_duplicate_under_a_new_url_is_known_by_it_from_then_on(store: Store):
    given_article(store)
    given_article(store, make_article(url="http://127.0.0.1/new-slug-1001.aspx"))
    assert store.run(article_by_url, "http://127.0.0.1/new-slug-1001.aspx") is not None


def test_a_url_stays_with_the_article_that_had_it_first(store: Store):
    given_article(store)
    given_article(store, make_article(identity=make_identity("2"), url="http://127.0.0.1/2", text_hash="t2"))
    given_article(store, make_article(identity=make_identity("2"), url="http://127.0.0.1/2", aliases=(ARTICLE.url,), text_hash="t2"))
    article = store.run(article_by_url, ARTICLE.url)
    assert article is not None
    assert article.identity == ARTICLE.identity


def test_matches_are_kept_with_the_reasons(store: Store):
    match = make_match(score=2.5)
    store.run(record, ARTICLE, [match], deciding(ARTICLE), link=None, now=NOON)
    (row,) = rows(store, matches)
    assert (row.watch, row.score, row.spans[0]["text"], row.snippets[0]["spans"]) == (match.watch, 2.5, "quy chế dân chủ", [[12, 27]])


def test_a_match_is_one_row_per_watch_over_all_revisions(store: Store):
    for content_hash in ("c1", "c2"):
        article = make_article(content_hash=content_hash)
        store.run(record, article, [make_match("a"), make_match("b")], deciding(article), link=None, now=NOON)
    assert [(row.watch, row.revision) for row in rows(store, matches)] == [("a", 2), ("b", 2)]


def test_an_article_its_events_and_deliveries_are_one_transaction(store: Store):
    event, plan = make_event("e1"), make_plan("e1")
    store.run(record, ARTICLE, [make_match()], deciding(ARTICLE, events=(event,), plans=(plan,)), link=None, now=NOON)
    assert [delivery.events for delivery in claimed_deliveries(store)] == [(event,)]


def test_one_reader_gets_one_message_for_all_watches_that_matched(store: Store):
    happened = (make_event("e1"), make_event("e2"))
    plans = (make_plan("e1"), make_plan("e2"), make_plan("e1", channel="hook", recipient="", group="event:e1"))
    store.run(record, ARTICLE, [], deciding(ARTICLE, events=happened, plans=plans), link=None, now=NOON)
    assert sorted((report.channel, len(report.events)) for report in store.run(list_deliveries)) == [("hook", 1), ("mail", 2)]


def test_an_event_that_had_happened_makes_no_delivery(store: Store):
    first = deciding(ARTICLE, events=(make_event("e1"),))
    store.run(record, ARTICLE, [], first, link=None, now=NOON)
    revised = replace(ARTICLE, content_hash="c2")
    store.run(record, revised, [], deciding(revised, events=(make_event("e1"),), plans=(make_plan("e1"),)), link=None, now=NOON)
    assert (store.run(list_deliveries), len(rows(store, events))) == ([], 1)


def test_nothing_at_all_follows_from_a_duplicate(store: Store):
    given_article(store)
    before = {table.name: len(rows(store, table)) for table in METADATA.sorted_tables}
    given_article(store)
    after = {table.name: len(rows(store, table)) for table in METADATA.sorted_tables}
    assert after == before


def test_the_outcome_is_handed_back(store: Store):
    kinds = [
        type(store.run(record, each, [], deciding(each), link=None, now=NOON))
        for each in (ARTICLE, ARTICLE, replace(ARTICLE, content_hash="c2"))
    ]
    assert kinds == [New, Duplicate, Revised]


@pytest.mark.parametrize("dirt", ["\0", "\ud800"], ids=["nul", "lone-surrogate"])
def test_what_no_database_can_store_is_left_out_of_a_text(store: Store, dirt):
    given_article(store, make_article(title=f"Mưa{dirt} lũ", tags=(f"lũ{dirt}",), provenance={}))
    article = store.run(article_by_url, ARTICLE.url)
    assert article is not None
    assert article.title.replace("?", "") == "Mưa lũ"


def test_a_census_counts_rows(store: Store):
    link = given_link(store)
    event, plan = make_event("e1"), make_plan("e1")
    store.run(record, ARTICLE, [make_match()], deciding(ARTICLE, events=(event,), plans=(plan,)), link=link, now=NOON)
    counted = store.run(census)
    assert (counted.articles, counted.links, counted.matches, counted.deliveries) == (
        {"baodongthap": 1},
        {("baodongthap", "done", "new"): 1},
        {"quy-che-dan-chu": 1},
        {("mail", "pending"): 1},
    )


def test_a_census_of_nothing_is_zero(store: Store):
    assert store.run(census) == Census(articles={}, links={}, n_stories=0, n_copies=0, matches={}, deliveries={})
