import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parse.recognise import kind_of, may_be_article, own_url

FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Báo Mẫu</title><link>https://bao.example/</link></channel></rss>'
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://bao.example/a-1.html</loc></url></urlset>'
PAGE = "<!DOCTYPE html><html><head><!-- <rss> --><title>Báo Mẫu</title></head><body></body></html>"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(FEED.encode(), "feed", id="rss"),
        pytest.param(FEED.replace("<rss", "<!-- một <html> --><rss").encode(), "feed", id="rss-behind-a-comment"),
        pytest.param("\ufeff".encode() + FEED.encode(), "feed", id="rss-with-a-mark"),
        pytest.param(FEED.encode("utf-16"), "feed", id="rss-in-utf-16"),
        pytest.param(b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "feed", id="atom"),
        pytest.param(b'<rdf:RDF xmlns:rdf="x"></rdf:RDF>', "feed", id="rss-1"),
        pytest.param(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed", id="json-feed"),
        pytest.param(SITEMAP.encode(), "sitemap", id="sitemap"),
        pytest.param(gzip.compress(SITEMAP.encode()), "sitemap", id="sitemap-gzipped"),
        pytest.param(b"<sitemapindex></sitemapindex>", "sitemap", id="sitemap-index"),
        pytest.param(b"https://bao.example/a-1.html\nhttps://bao.example/a-2.html\n", "sitemap", id="list-of-urls"),
        pytest.param(PAGE.encode(), "html", id="page-that-mentions-rss"),
        pytest.param("<div>Không có gì</div>".encode(), "html", id="fragment"),
        pytest.param(b"", "html", id="nothing"),
        pytest.param(b"\x1f\x8bkhong", "html", id="no-gzip-after-all"),
    ],
)
def test_a_file_is_recognised_by_its_content(body, kind):
    assert kind_of(body) == kind


@pytest.mark.parametrize(
    ("text", "url"),
    [
        pytest.param('<meta content="https://bao.example/a-1.html" property="og:url">', "https://bao.example/a-1.html", id="og"),
        pytest.param("<link rel=canonical href='https://bao.example/a-1.html'>", "https://bao.example/a-1.html", id="canonical"),
        pytest.param('<meta name="canonical" content="https://bao.example/a-1.html">', "https://bao.example/a-1.html", id="meta-canonical"),
        pytest.param('<link rel="canonical" href="https://bao.example/c"><meta property="og:url" content="">', "https://bao.example/c", id="og-empty"),
        pytest.param('<base href="https://bao.example/tep/"><link rel="canonical" href="/a-1.html">', "https://bao.example/a-1.html", id="relative"),
        pytest.param('<base href="https://bao.example/tep/">', "https://bao.example/", id="base-alone"),
        pytest.param('<link rel="canonical" href="/a-1.html">', None, id="relative-to-nothing"),
        pytest.param(FEED, "https://bao.example/", id="feed"),
        pytest.param('<atom:link href="https://bao.example/rss" rel="self"/>', "https://bao.example/rss", id="feed-self-behind"),
        pytest.param('<atom:link rel="self" href="https://bao.example/rss"/>', "https://bao.example/rss", id="feed-self"),
        pytest.param(SITEMAP, "https://bao.example/a-1.html", id="sitemap"),
        pytest.param(
            '<!-- saved from url=(0029)https://bao.example/a-1.html -->\n<html><link rel="canonical" href="https://bao.example/">',
            "https://bao.example/a-1.html", id="saved-by-a-browser",
        ),
        pytest.param("<!--\n Page saved with SingleFile \n url: https://bao.example/a-1.html \n-->", "https://bao.example/a-1.html", id="single-file"),
        pytest.param("<p>Không có gì</p>", None, id="nothing"),
    ],
)  # fmt: skip
def test_a_file_says_where_it_came_from(text, url):
    assert own_url(text.encode()) == url


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://bao.example/xa-moi-ra-quan-don-ve-sinh-duong-lang.html", True),
        ("https://bao.example/chinh-tri/12345678.htm", True),
        ("https://bao.example/202611/tin-8ff7542a1/", True),
        ("https://bao.example/tai-chinh-ngan-hang.chn", False),
        ("https://bao.example/dau-tu-va-phap-luat-d41/", False),
        ("https://bao.example/", False),
    ],
)
def test_an_articles_link_on_an_unknown_portal_has_many_words_or_a_long_number(url, is_one):
    assert may_be_article(url) is is_one


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_looked_at(body):
    kind_of(body)
    own_url(body)
