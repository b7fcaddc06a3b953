from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sitemaps import AGAIN, FAILED, HORIZON, REST, Visit, due, dump, ends, load
from tests.builders import NOON

HOUR = timedelta(hours=1)
AT = "https://bao.example/"


def read(*, ago: timedelta, changed_at: datetime | None = None, n_fresh: int = 5) -> Visit:
    return Visit(asked_at=NOON - ago, changed_at=changed_at, n_fresh=n_fresh)


@pytest.mark.parametrize(
    ("visit", "changed_at", "is_due"),
    [
        pytest.param(None, None, True, id="never-asked"),
        pytest.param(None, NOON - HOUR, True, id="never-asked-and-fresh"),
        pytest.param(None, NOON - HORIZON - HOUR, False, id="never-asked-and-old"),
        pytest.param(read(ago=HOUR, changed_at=NOON - 2 * HOUR), NOON - 2 * HOUR, False, id="unchanged-since"),
        pytest.param(read(ago=HOUR, changed_at=NOON - 2 * HOUR), NOON, True, id="changed-since"),
        pytest.param(read(ago=REST, changed_at=NOON - 2 * REST), NOON - 2 * REST, True, id="unchanged-by-its-own-word-for-a-day"),
        pytest.param(read(ago=HOUR), None, True, id="undated-and-had-news"),
        pytest.param(read(ago=AGAIN / 2, n_fresh=FAILED), NOON, False, id="failed-just-now"),
        pytest.param(read(ago=AGAIN, n_fresh=FAILED), NOON, True, id="failed-a-while-ago"),
        pytest.param(read(ago=HOUR, n_fresh=0), None, False, id="undated-and-had-none"),
        pytest.param(read(ago=REST, n_fresh=0), None, True, id="undated-and-had-none-yesterday"),
    ],
)
def test_a_sitemap_is_asked_when_it_may_have_news(visit, changed_at, is_due):
    assert due({AT: changed_at}, {AT: visit} if visit else {}, now=NOON) == ([AT] if is_due else [])


def test_the_newest_come_first_whatever_their_order():
    named = {f"{AT}sitemap-{n}.xml": NOON - n * HOUR for n in (7, 2, 9, 1, 5, 3)}
    assert due(named, {}, now=NOON) == [f"{AT}sitemap-{n}.xml" for n in (1, 2, 3, 5, 7, 9)]


def test_what_could_not_be_read_comes_after_all_others():
    named = {f"{AT}{n}.xml": NOON - n * HOUR for n in (1, 2, 3)} | {f"{AT}4.xml": None}
    visits = {f"{AT}1.xml": read(ago=HOUR, n_fresh=FAILED), f"{AT}2.xml": read(ago=2 * HOUR, n_fresh=FAILED)}
    assert due(named, visits, now=NOON) == [f"{AT}{n}.xml" for n in (3, 4, 2, 1)]


def test_undated_ones_take_turns_but_never_before_those_that_had_news():
    named = dict.fromkeys([f"{AT}{n}.xml" for n in range(9)])
    visits = {f"{AT}8.xml": read(ago=HOUR), f"{AT}0.xml": read(ago=2 * REST, n_fresh=0), f"{AT}1.xml": read(ago=3 * REST, n_fresh=0)}
    assert due(named, visits, now=NOON) == [f"{AT}{n}.xml" for n in (8, 2, 3, 4, 5, 6, 7, 1, 0)]
    visits |= {f"{AT}{n}.xml": read(ago=HOUR, n_fresh=0) for n in range(2, 8)}
    assert due(named, visits, now=NOON) == [f"{AT}{n}.xml" for n in (8, 1, 0)]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        pytest.param(["sitemap-2026-11.xml"], [(2026, 12)], id="month"),
        pytest.param(["sitemap-2026-12.xml.gz"], [(2027, 1)], id="december"),
        pytest.param(["sitemap-2001-2.xml"], [(2001, 3)], id="month-long-ago"),
        pytest.param(["sitemap-2026-11-27.xml"], [(2026, 12)], id="day"),
        pytest.param(["news_202602.xml", "news_202603.xml"], [(2026, 3), (2026, 4)], id="month-without-gap"),
        pytest.param(["articles-2024.xml", "articles-2025.xml", "articles-2026.xml"], [(2025, 1), (2026, 1), (2027, 1)], id="years"),
        pytest.param(["sitemap-1.xml", "sitemap-2001.xml", "sitemap-2026.xml"], [None, None, None], id="numbers"),
        pytest.param(["sitemap-2001.xml"], [None], id="one-number"),
        pytest.param(["post-1999.xml", "post-2000.xml", "post-2001.xml"], [None, None, None], id="the-last-numbers"),
        pytest.param(["sitemap-199912.xml", "sitemap-200001.xml"], [None, None], id="long-numbers"),
        pytest.param(["sitemap-20261.xml", "sitemap-20262.xml"], [None, None], id="no-month-of-one-digit-without-gap"),
        pytest.param(["of-2026-1.xml", "of-2026-13.xml", "of-2001-1.xml"], [(2027, 1), (2027, 1), (2002, 1)], id="parts-of-a-year"),
        pytest.param(["sitemap.xml?page=1", "sitemap.xml?page=2001"], [None, None], id="numbers-in-the-query"),
        pytest.param(["2026/3.xml"], [None], id="year-in-the-path"),
        pytest.param(["sitemap-article-17.xml", "sitemap-199912345.xml"], [None, None], id="no-period"),
    ],
)
def test_names_may_tell_the_period(names, told):
    found = ends([AT + name for name in names], border=NOON - HORIZON)
    assert [found.get(AT + name) for name in names] == [datetime(end[0], end[1], 1, tzinfo=UTC) if end else None for end in told]


def test_a_sitemap_with_a_high_number_is_no_sitemap_of_a_year_long_ago():
    """The two thousand and first is the newest of all, and the one that has the news."""
    named = dict.fromkeys([f"{AT}sitemap-{n}.xml" for n in range(1998, 2002)])
    assert set(due(named, {}, now=NOON)) == set(named)
    visits = {url: read(ago=HOUR, n_fresh=url.endswith("-2001.xml")) for url in named}
    assert due(named, visits, now=NOON) == [f"{AT}sitemap-2001.xml"]


def test_an_archive_is_known_by_its_name():
    named = dict.fromkeys([f"{AT}sitemap-{year}-{month:02}.xml" for year in (2025, 2026) for month in range(1, 4)])
    assert due(named, {}, now=NOON) == [f"{AT}sitemap-2026-{month:02}.xml" for month in (3, 2, 1)]


moments = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
visits = st.builds(
    Visit,
    asked_at=moments,
    etag=st.none() | st.text(max_size=9),
    last_modified=st.none() | st.text(max_size=9),
    changed_at=st.none() | moments,
    n_fresh=st.integers(0, 9),
)


@given(st.dictionaries(st.text(max_size=20), visits, max_size=9))
def test_what_was_remembered_is_found_again(known):
    assert load(dump(known)) == known


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=9))
def test_whatever_else_stands_there_is_nothing_known(kept):
    assert all(isinstance(visit, Visit) for visit in load(kept).values())
