"""Readings: what each page gave, one row a link, in the order of the first look."""

from datetime import timedelta
from typing import Any

from storage.articles import article_by_url, record
from storage.engine import Store
from storage.readings import (
    add_reading,
    degraded_articles,
    is_archived,
    last_readings,
    mark_degraded,
    n_degraded,
    portals_read,
    revise_readings,
    well_read,
)
from storage.records import Article, DueLink, Reading
from tests.builders import NOON, make_article, make_identity
from tests.integration.storage.given import claimed_links, deciding, given_links

FULL = Reading(kept=("title", "text", "author"), n_chars=1200, signs={"title": "a1"})
PORTAL = "baodongthap"
DEGRADED = "degraded: so it is"


def given_readings(store: Store, n: int) -> list[DueLink]:
    given_links(store, *(f"http://h1/{number}" for number in range(n)))
    links = sorted(claimed_links(store), key=lambda link: link.url)
    for number, link in enumerate(links):
        store.run(record, article(number), [], deciding(article(number)), link=link, now=NOON)
    return links


def article(number: int, **changed: Any) -> Article:
    said: dict[str, Any] = {"url": f"http://h1/{number}", "content_hash": f"c{number}", "text_hash": f"t{number}", "reading": FULL}
    return make_article(identity=make_identity(str(number)), **(said | changed))


def test_recording_an_article_keeps_what_its_page_gave(store: Store):
    given_readings(store, 1)
    (past,) = store.look(last_readings, PORTAL, limit=10)
    assert (past.reading, past.url, past.is_degraded) == (FULL, "http://h1/0", False)
    assert store.look(portals_read) == [PORTAL]


def test_the_last_ones_come_oldest_first_and_only_those_after(store: Store):
    given_readings(store, 4)
    all_of_them = store.look(last_readings, PORTAL, limit=10)
    assert [past.id for past in all_of_them] == sorted(past.id for past in all_of_them)
    assert store.look(last_readings, PORTAL, limit=2) == all_of_them[2:]
    assert store.look(last_readings, PORTAL, limit=10, after=all_of_them[0].id) == all_of_them[1:]


def test_another_look_at_a_link_takes_the_place_of_the_first(store: Store):
    given_links(store, "http://h1/0", "http://h1/1")
    first, second = sorted(claimed_links(store), key=lambda link: link.url)
    for link in (first, second, first):
        reading = Reading(n_chars=7 if link == second else 0)
        store.run(add_reading, reading, portal=PORTAL, link_id=link.id, article_id=None, is_degraded=False, now=NOON)
    assert [(past.url, past.reading.n_chars) for past in store.look(last_readings, PORTAL, limit=10)] == [
        ("http://h1/0", 0),
        ("http://h1/1", 7),
    ]


def test_what_lacks_something_is_marked_with_its_article_once(store: Store):
    given_readings(store, 3)
    ids = [past.id for past in store.look(last_readings, PORTAL, limit=2)]
    for _ in range(2):
        store.run(mark_degraded, ids, DEGRADED)
    assert store.look(n_degraded) == {PORTAL: 2}
    found = [store.look(article_by_url, f"http://h1/{number}") for number in range(3)]
    assert [each.problems for each in found if each] == [(), (DEGRADED,), (DEGRADED,)]
    assert [url for _, url in store.look(degraded_articles, PORTAL, limit=9)] == ["http://h1/2", "http://h1/1"]
    assert store.look(well_read, PORTAL, needed=["title", "text"], limit=9) == ["http://h1/0"]


def test_an_article_recorded_as_degraded_counts_as_such(store: Store):
    given_links(store, "http://h1/0")
    (link,) = claimed_links(store)
    lacking = article(0, problems=(DEGRADED,))
    store.run(record, lacking, [], deciding(lacking), link=link, now=NOON)
    assert store.look(n_degraded) == {PORTAL: 1}


def test_read_again_it_is_degraded_no_more(store: Store):
    given_readings(store, 1)
    (past,) = store.look(last_readings, PORTAL, limit=1)
    store.run(mark_degraded, [past.id], DEGRADED)
    ((article_id, _),) = store.look(degraded_articles, PORTAL, limit=1)
    store.run(revise_readings, article_id, Reading(kept=("title",)), is_degraded=False)
    assert store.look(n_degraded) == {}
    assert store.look(last_readings, PORTAL, limit=1)[0].reading.kept == ("title",)


def test_only_pages_that_gave_what_is_needed_are_well_read(store: Store):
    given_readings(store, 2)
    assert store.look(well_read, PORTAL, needed=["lead"], limit=9) == []
    assert store.look(well_read, PORTAL, needed=["text"], limit=1) == ["http://h1/1"]


def test_old_pages_say_nothing_of_what_the_portal_gives_now(store: Store):
    given_links(store, "http://h1/0")
    (link,) = claimed_links(store)
    old = article(0, published_at=NOON - timedelta(days=90))
    store.run(record, old, [], deciding(old), link=link, now=NOON)
    assert store.look(last_readings, PORTAL, limit=9) == []


def test_of_a_pages_age_its_source_is_believed_first():
    said = {"published_at": (NOON - timedelta(days=1)).isoformat()}
    assert is_archived({}, NOON - timedelta(days=90), now=NOON)
    assert not is_archived(said, NOON - timedelta(days=90), now=NOON)
    assert not is_archived({}, None, now=NOON)
