import contextlib
import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ParseError
from crawler.parse.sitemap import parse_sitemap

URL = "https://bao.example/sitemap.xml"
URLSET = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://bao.example/a-1.html </loc><lastmod>2026-03-02T12:30:00+07:00</lastmod><news:news><news:publication><news:name>Báo Mẫu</news:name>
</news:publication><news:publication_date>2026-03-02T12:00:00+07:00</news:publication_date><news:title>Hội nghị</news:title>
<news:keywords>dân vận, cơ sở</news:keywords></news:news></url>
<url><loc>https://bao.example/b-2.html</loc><lastmod>2026-03-01</lastmod></url></urlset>""".encode()
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://bao.example/news-2026-3.xml</loc></sitemap>
<sitemap><loc>https://bao.example/news-2026-2.xml.gz</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize("body", [URLSET, gzip.compress(URLSET)], ids=["plain", "gzip"])
def test_a_news_sitemap_names_its_articles(body):
    first, second = parse_sitemap(body, URL).entries
    assert (first.url, first.title, first.tags) == ("https://bao.example/a-1.html", "Hội nghị", ("dân vận", "cơ sở"))
    assert first.published_at == datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    assert first.updated_at == datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
    assert second.url == "https://bao.example/b-2.html"


def test_a_last_change_is_no_publication():
    assert parse_sitemap(URLSET, URL).entries[1].published_at is None


def test_an_index_names_its_sitemaps():
    harvest = parse_sitemap(INDEX, URL)
    assert harvest.sitemaps == ("https://bao.example/news-2026-3.xml", "https://bao.example/news-2026-2.xml.gz")
    assert harvest.entries == ()


def test_a_plain_list_of_urls_is_a_sitemap():
    assert [entry.url for entry in parse_sitemap(b"https://bao.example/a\r\nhttps://bao.example/b\n", URL).entries] == [
        "https://bao.example/a",
        "https://bao.example/b",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>404</body></html>",
        b"<rss version='2.0'/>",
        b"hello",
        gzip.compress(URLSET)[:-20],
        b"\x1f\x8bnot gzip",
        gzip.compress(b"<urlset>" + b" " * 60_000_000),
    ],
    ids=["empty", "html", "feed", "words", "cut-gzip", "false-gzip", "bomb"],
)
def test_what_is_no_sitemap_says_so(body):
    with pytest.raises(ParseError):
        parse_sitemap(body, URL)


def test_no_entity_is_expanded():
    body = b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://bao.example/&x;</loc></url></urlset>'
    assert "root" not in parse_sitemap(body, URL).entries[0].url


@given(st.binary(max_size=200) | st.binary(max_size=100).map(gzip.compress))
def test_any_bytes_at_all_are_a_sitemap_or_none(body):
    with contextlib.suppress(ParseError):
        parse_sitemap(body, URL)


def test_an_index_says_when_its_sitemaps_changed():
    body = b"<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2026-03-02T12:00:00+07:00</lastmod></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    assert parse_sitemap(body, URL).changed_at == {"https://bao.example/a.xml": datetime(2026, 3, 2, 5, 0, tzinfo=UTC)}


def test_gzip_files_joined_end_to_end_are_one_sitemap():
    joined = gzip.compress(URLSET[:300]) + gzip.compress(URLSET[300:]) + b"\0" * 20
    assert parse_sitemap(joined, URL) == parse_sitemap(URLSET, URL)


def test_more_elements_than_any_sitemap_has_are_refused_unread():
    with pytest.raises(ParseError, match="tags and attributes"):
        parse_sitemap(gzip.compress(b"<urlset>" + b"<a/>" * 1_500_000 + b"</urlset>"), URL)
