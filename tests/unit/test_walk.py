from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.portal import Portal
from crawler.reading import Gleaned
from crawler.walk import MAX_BARREN, SLICE, Enough, GoOn, after, first_pages, progress, sitemaps_named, step
from storage.records import BackfillReport, SeenLink, WalkPage, Yield
from tests.builders import NOON

DAY = timedelta(days=1)
SINCE = NOON - 30 * DAY
PORTAL = Portal.model_validate(
    {
        "id": "bao-mau",
        "name": "Báo Mẫu",
        "home": "https://bao.example/",
        "sources": [
            {"id": "rss", "kind": "feed", "url": "https://bao.example/rss"},
            {"id": "tin", "kind": "listing", "url": "https://bao.example/tin"},
            {"id": "so-do", "kind": "sitemap", "url": "https://bao.example/sitemap.xml"},
        ],
        "article": {"urls": [{"era": "x", "match": r"-(?P<id>[0-9a-f]+)\.html$"}]},
    }
)
SITEMAP = WalkPage(source="so-do", kind="sitemap", url="https://bao.example/sitemap.xml")
LISTING = WalkPage(source="tin", kind="listing", url="https://bao.example/tin")


def link(ident: object, at: datetime | None = None) -> SeenLink:
    return SeenLink(url=f"https://bao.example/bai-{ident}.html", host="bao.example", portal="bao-mau", published_at=at)


def gleaned(*links: SeenLink, **changed: Any) -> Gleaned:
    values: dict[str, Any] = {"links": links, "n_entries": len(links), "ttl_s": None, "next_page": None}
    return Gleaned(**(values | changed))


def idents(links: Sequence[SeenLink]) -> list[str]:
    return [each.url.removeprefix("https://bao.example/bai-").removesuffix(".html") for each in links]


def test_a_walk_begins_at_robots_txt_then_sitemaps_listings_and_feeds():
    assert [page.kind for page in first_pages(PORTAL)] == ["robots", "sitemap", "listing", "feed"]


def test_of_the_sitemaps_in_robots_txt_the_portals_own_are_asked_that_it_does_not_configure():
    named = [
        "https://bao.example/sitemap.xml",
        "https://bao.example/news.xml",
        "https://elsewhere.example/s.xml",
        "::",
        "https://bao.example/news.xml",
    ]
    assert [page.url for page in sitemaps_named(named, PORTAL)] == ["https://bao.example/news.xml"]


def test_of_a_dated_sitemap_what_is_too_old_is_left_out():
    found = step(SITEMAP, gleaned(link(1, NOON), link(2, SINCE), link(3, SINCE - 2 * DAY), link(4)), PORTAL, since=SINCE)
    assert (idents(found.links), found.is_chain, found.older) == (["1", "2", "4"], False, None)


def test_of_an_index_the_sitemaps_that_ended_too_early_are_not_asked():
    named = {
        "https://bao.example/sitemap-2026-3.xml": None,
        "https://bao.example/sitemap-2025-1.xml": None,
        "https://bao.example/a.xml": NOON,
        "https://bao.example/b.xml": SINCE - 2 * DAY,
        "https://bao.example/c.xml": None,
    }
    found = step(SITEMAP, gleaned(sitemaps=named), PORTAL, since=SINCE)
    assert [page.url.rpartition("/")[2] for page in found.named] == ["sitemap-2026-3.xml", "a.xml", "c.xml"]


def test_a_number_that_only_looks_like_a_year_keeps_no_sitemap_from_being_asked():
    named = {f"https://bao.example/sitemap-{n}.xml": None for n in (1, 2001, 2002)}
    assert len(step(SITEMAP, gleaned(sitemaps=named), PORTAL, since=SINCE).named) == 3


def test_a_long_sitemap_without_dates_is_read_in_slices_from_the_highest_id_down():
    everything = gleaned(*(link(n) for n in range(1, 2 * SLICE + 11)))
    first = step(SITEMAP, everything, PORTAL, since=SINCE)
    assert idents(first.links) == [str(n) for n in range(2 * SLICE + 10, SLICE + 10, -1)]
    assert first.older is not None
    second = step(first.older, everything, PORTAL, since=SINCE)
    assert second.older is not None
    last = step(second.older, everything, PORTAL, since=SINCE)
    assert (idents(last.links), last.older) == ([str(n) for n in range(10, 0, -1)], None)


def test_without_numbers_to_go_by_all_of_an_undated_sitemap_is_read():
    found = step(SITEMAP, gleaned(*(link(f"{n:04}a") for n in range(SLICE + 1))), PORTAL, since=SINCE)
    assert (len(found.links), found.older) == (SLICE + 1, None)


def test_a_listing_goes_on_to_the_page_it_names():
    older = step(LISTING, gleaned(link(1), next_page="https://bao.example/tin?page=2"), PORTAL, since=SINCE).older
    assert older == WalkPage(source="tin", kind="listing", url="https://bao.example/tin?page=2")


@pytest.mark.parametrize(
    "links", [pytest.param((), id="an-empty-page"), pytest.param((link(1, SINCE - 2 * DAY),), id="a-page-of-nothing-young")]
)
def test_a_page_without_anything_wanted_names_no_older_one(links: Sequence[SeenLink]):
    assert step(LISTING, gleaned(*links, next_page="https://bao.example/tin?page=2"), PORTAL, since=SINCE).older is None


OLD = SINCE - 2 * DAY


@pytest.mark.parametrize(
    ("page", "n_barren", "verdict"),
    [
        pytest.param(Yield(n_own=2, published=(NOON, OLD)), 3, GoOn(0), id="one-is-young"),
        pytest.param(Yield(n_own=2, published=(OLD, OLD)), 0, Enough("older than wanted"), id="all-are-old"),
        pytest.param(Yield(n_own=2, published=(SINCE - DAY / 2,)), 0, GoOn(0), id="a-date-without-its-hour-may-be-younger"),
        pytest.param(Yield(n_own=2, published=(OLD,), n_news=1), 0, GoOn(0), id="a-poll-found-one-that-nobody-has-read"),
        pytest.param(Yield(n_own=2), 4, GoOn(5), id="none-has-a-date"),
        pytest.param(Yield(n_own=0), 0, GoOn(1), id="all-were-shown-before"),
        pytest.param(Yield(n_own=2, published=(NOON,), repeats=True), 0, Enough("repeats the page before"), id="page-n-is-page-1"),
        pytest.param(Yield(), MAX_BARREN - 1, Enough("nothing new for too long"), id="barren-for-too-long"),
    ],
)
def test_after_a_page(page: Yield, n_barren: int, verdict: GoOn | Enough):
    assert after(page, since=SINCE, n_barren=n_barren) == verdict


def report(**changed: Any) -> BackfillReport:
    values: dict[str, Any] = {"id": 1, "portal": "bao-mau", "since": SINCE, "state": "running", "asked_at": NOON, "ended_at": None}
    counts = {"n_pages": 3, "n_pages_open": 1, "n_pages_failed": 0, "links": {"open": 9, "done": 20, "gone": 1}, "next_due_at": NOON}
    return BackfillReport(**(values | counts | changed))


@pytest.mark.parametrize(
    ("passed", "left_s"),
    [
        pytest.param({}, 50.0, id="nothing-has-passed-yet"),
        pytest.param({"n_passed": 10, "passed_s": 20.0}, 50.0, id="faster-than-polite-is-not-believed"),
        pytest.param({"n_passed": 10, "passed_s": 100.0}, 100.0, id="slower-is"),
    ],
)
def test_the_time_left_is_by_the_polite_rate_and_by_what_has_passed(passed: dict[str, Any], left_s: float):
    far = progress(report(), interval_s=5.0, **passed)
    assert (far.n_found, far.n_read, far.n_left, far.n_pages_left, far.left_s) == (30, 21, 9, 1, left_s)


def test_when_nothing_is_left_there_is_no_time_left():
    assert progress(report(links={"done": 2}, n_pages_open=0), interval_s=5.0).left_s is None
