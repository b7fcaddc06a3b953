"""Raw pages: kept with what was read from them, once, until their time is over or the room is needed."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.model import Page, Validators
from crawler.rawpages import pack, unpack
from storage.articles import count, record
from storage.engine import Store
from storage.pages import (
    PageChoice,
    count_pages,
    drop_expired,
    drop_oldest,
    keep_unread,
    page_census,
    page_of_article,
    page_of_link,
    pages_after,
    pages_of_portal,
)
from storage.records import Article, KeptPage, Match, RawPage
from tests.builders import NOON, make_article, make_identity, make_match
from tests.integration.storage.given import claimed_links, deciding, given_link

DAY = timedelta(days=1)
EVERYTHING = PageChoice(since=NOON - 400 * DAY)


def make_page(body: bytes = b"<h1>Tin</h1>", **changed: Any) -> Page:
    url = "http://127.0.0.1/thoi-su/hoi-nghi-dan-van-1001.aspx"
    values: dict[str, Any] = {
        "requested_url": url,
        "url": url,
        "status": 200,
        "body": body,
        "content_type": "text/html; charset=utf-8",
        "validators": Validators(),
        "fetched_at": NOON,
        "redirects": ("http://127.0.0.1/cu.aspx",),
    }
    return Page(**(values | changed))


def make_raw(body: bytes = b"<h1>Tin</h1>", **changed: Any) -> RawPage:
    return pack(make_page(body, **changed), {"title": "Tin", "tags": ["mưa"]})


def recorded(store: Store, raw: RawPage | None, *, article: Article | None = None, matches: tuple[Match, ...] = ()) -> None:
    article = article or make_article()
    store.run(record, article, matches, deciding(article), link=None, now=NOON, page=raw)


def numbered(
    store: Store, n: int, *, at: datetime = NOON, portal: str = "baodongthap", matches: tuple[Match, ...] = (), padding: int = 0
) -> None:
    """Article number `n` with its page, fetched then; `padding` are bytes that no packing makes smaller."""
    article = make_article(
        identity=make_identity(str(n), portal=portal), url=f"http://{portal}/{n}", content_hash=f"c{n}", text_hash=f"t{n}"
    )
    body = b"page %d" % n + random.Random(n).randbytes(padding)
    recorded(store, make_raw(body, fetched_at=at, requested_url=f"http://{portal}/{n}"), article=article, matches=matches)


def kept(store: Store) -> list[bytes]:
    return [unpack(page.raw).body for page in store.look(pages_after, EVERYTHING, after=0, limit=100)]


def the_page(store: Store) -> KeptPage:
    (page,) = store.look(pages_after, EVERYTHING, after=0, limit=100)
    return page


def test_a_page_is_found_again_as_it_came(store: Store):
    recorded(store, make_raw())
    assert unpack(the_page(store).raw) == make_page()
    assert the_page(store).raw.hint == {"title": "Tin", "tags": ["mưa"]}


def test_the_same_page_is_not_kept_twice(store: Store):
    recorded(store, make_raw())
    recorded(store, make_raw(fetched_at=NOON + DAY))
    assert the_page(store).raw.fetched_at == NOON


def test_a_page_that_reads_the_same_takes_the_place_of_the_older_one(store: Store):
    recorded(store, make_raw())
    recorded(store, make_raw(b"<h1>Tin</h1><p>1 view</p>"))
    assert kept(store) == [b"<h1>Tin</h1><p>1 view</p>"]


def test_a_print_version_does_not(store: Store):
    recorded(store, make_raw())
    recorded(store, make_raw(b"print", requested_url="http://127.0.0.1/print/1001"))
    assert kept(store) == [b"<h1>Tin</h1>"]


def test_each_revision_keeps_its_page_and_the_newest_is_read_again(store: Store):
    recorded(store, make_raw())
    recorded(store, make_raw(b"new"), article=make_article(content_hash="c2"))
    assert kept(store) == [b"new"]
    assert store.look(page_census).n == 2
    article_id = the_page(store).article_id
    assert article_id is not None
    newest = store.look(page_of_article, article_id)
    assert newest is not None
    assert newest.revision == 2


def test_an_enormous_page_is_not_kept(store: Store):
    recorded(
        store, RawPage(requested_url="u", url="u", status=200, content_type=None, fetched_at=NOON, body=b"x" * 2_000_001, body_hash="h")
    )
    assert store.look(page_census).n == 0


def test_a_page_nobody_could_read_is_kept_once_and_goes_when_it_is_read(store: Store):
    link = given_link(store)
    store.run(keep_unread, link.id, link.portal, make_raw(b"first"))
    store.run(keep_unread, link.id, link.portal, make_raw(b"second"))
    held = store.look(page_of_link, link.id)
    assert held is not None
    assert unpack(held.raw).body == b"second"
    assert store.look(page_census).n_unread == 1
    (again,) = claimed_links(store, now=NOON + DAY)
    article = make_article()
    once_failed = type(again)(**{name: getattr(again, name) for name in again.__slots__} | {"n_tries": 1})
    store.run(record, article, [], deciding(article), link=once_failed, now=NOON, page=make_raw())
    assert store.look(page_of_link, link.id) is None
    assert store.look(page_census).n == 1


def test_pages_are_chosen_by_time_and_portal_in_batches(store: Store):
    for n, portal in enumerate(("baodongthap", "baocamau", "baodongthap", "baodongthap")):
        numbered(store, n, at=NOON + n * DAY, portal=portal)
    choice = PageChoice(since=NOON + DAY, portals=("baodongthap",))
    first = store.look(pages_after, choice, after=0, limit=1)
    assert [unpack(page.raw).body for page in first] == [b"page 2"]
    assert [unpack(page.raw).body for page in store.look(pages_after, choice, after=first[0].id, limit=9)] == [b"page 3"]
    assert [store.look(count_pages, choice), store.look(count_pages, choice, after=first[0].id)] == [2, 1]
    assert [unpack(page.raw).body for page in store.look(pages_of_portal, "baodongthap", limit=2)] == [b"page 3", b"page 2"]


def test_pages_go_when_their_time_is_over_the_matched_ones_later(store: Store):
    for n, (age, matches) in enumerate([(10, ()), (40, ()), (50, (make_match(),)), (400, (make_match(),)), (60, ())]):
        numbered(store, n, at=NOON - age * DAY, matches=matches)
    expired = {"before": NOON - 30 * DAY, "matched_before": NOON - 365 * DAY}
    assert [store.run(drop_expired, **expired, limit=2), store.run(drop_expired, **expired, limit=2)] == [2, 1]
    assert kept(store) == [b"page 0", b"page 2"]
    assert store.look(count) == 5


def test_when_there_is_no_more_room_the_oldest_go_first(store: Store):
    for n, age in enumerate((3, 1, 2)):
        numbered(store, n, at=NOON - age * DAY)
    assert store.run(drop_oldest, limit=2) == 2
    assert kept(store) == [b"page 1"]
    assert [store.run(drop_oldest, limit=2), store.run(drop_oldest, limit=2)] == [1, 0]
    assert store.look(count) == 3


@pytest.mark.parametrize("n", [0, 2])
def test_the_census_counts_what_is_there(store: Store, n: int):
    for number in range(n):
        numbered(store, number, at=NOON - number * DAY)
    figures = store.look(page_census)
    assert (figures.n, figures.n_unread, figures.oldest_at) == (n, 0, NOON - DAY if n else None)
    assert (figures.n_bytes > 0) == bool(n)
