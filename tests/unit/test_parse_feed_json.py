import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ParseError
from crawler.parse.feed import parse_feed

URL = "https://bao.example/feed.json"
VERSION_1_1 = "https://jsonfeed.org/version/1.1"
ITEM = {
    "id": "a-1",
    "url": "/a-1.html",
    "title": "Hội nghị",
    "summary": "Tóm tắt",
    "content_html": "<p>Toàn văn</p>",
    "date_published": "2026-03-02T12:00:00+07:00",
    "date_modified": "2026-03-02T13:00:00+07:00",
    "authors": [{"name": "Lan Anh"}, {"name": "Minh Trí"}],
    "tags": ["dân vận"],
}


def read(*items: object, **feed: object):
    return parse_feed(json.dumps({"version": VERSION_1_1, "title": "Báo Mẫu", "items": items} | feed).encode(), URL)


def test_every_field_is_read():
    harvest = read(ITEM)
    (entry,) = harvest.entries
    assert harvest.title == "Báo Mẫu"
    assert (entry.url, entry.title, entry.summary, entry.author) == (
        "https://bao.example/a-1.html",
        "Hội nghị",
        "Tóm tắt",
        "Lan Anh, Minh Trí",
    )
    assert (entry.published_at, entry.updated_at) == (datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC))
    assert (entry.tags, entry.guid) == (("dân vận",), "a-1")


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        pytest.param({"author": {"name": "Lan Anh"}, "authors": None}, "author", "Lan Anh", id="author-of-1.0"),
        pytest.param({"summary": None}, "summary", "Toàn văn", id="content-for-summary"),
        pytest.param(
            {"url": None, "external_url": "https://bao.example/b-2.html"}, "url", "https://bao.example/b-2.html", id="external-url"
        ),
        pytest.param({"url": None, "id": "https://bao.example/b-2.html"}, "url", "https://bao.example/b-2.html", id="id-that-is-a-url"),
        pytest.param({"date_published": None}, "published_at", datetime(2026, 3, 2, 6, tzinfo=UTC), id="only-modified"),
    ],
)
def test_what_is_said_otherwise_is_read_too(item, field, value):
    (entry,) = read(ITEM | item).entries
    assert getattr(entry, field) == value


def test_the_older_page_is_named():
    assert read(ITEM, next_url="/feed.json?page=2").next_page == "https://bao.example/feed.json?page=2"


def test_an_empty_feed_is_a_feed():
    assert read().entries == ()


@pytest.mark.parametrize("body", [b"{", b'{"items": []}', b'{"version": "2.0"}', b'{"version": 1}', b"[]", b'{"a":' * 100_000])
def test_other_json_is_no_feed(body):
    with pytest.raises(ParseError):
        parse_feed(body, URL)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3), max_leaves=6
)


@given(st.lists(anything | st.dictionaries(st.sampled_from([*ITEM, "author", "external_url"]), anything, max_size=6), max_size=4), anything)
def test_any_items_at_all_are_read_or_left_out(items, title):
    with contextlib.suppress(ParseError):
        read(*items, title=title, next_url=title)
