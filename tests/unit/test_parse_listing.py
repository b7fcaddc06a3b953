import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ParseError
from crawler.parse.listing import parse_listing

URL = "https://bao.example/thoi-su/"


def is_article(url: str) -> bool:
    return re.search(r"-a\d+\.html$", url) is not None


def read(html: str, *, link_css: str | None = None):
    return parse_listing(html.encode(), URL, "text/html; charset=utf-8", link_css=link_css, is_article=is_article)


def links(html: str, **how) -> list[tuple[str, str | None]]:
    return [(entry.url.removeprefix("https://bao.example"), entry.title) for entry in read(html, **how).entries]


def test_articles_come_in_the_order_of_the_page_and_nothing_else():
    html = (
        '<a href="/b-a2.html">Hai</a><a href="/kinh-te/">Kinh tế</a><a href="/a-a1.html">Một</a><a>Không</a><a href="javascript:go()">x</a>'
    )
    assert links(html) == [("/b-a2.html", "Hai"), ("/a-a1.html", "Một")]


def test_picture_and_headline_of_one_teaser_are_one_entry():
    html = '<a href="/a-a1.html"><img src="x.jpg" alt="Mô tả ảnh"></a><a href="/b-a2.html">Hai</a><a href="/a-a1.html#binh-luan">Tiêu đề <b>một</b></a>'
    assert links(html) == [("/a-a1.html", "Tiêu đề một"), ("/b-a2.html", "Hai")]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ('<a href="/a-a1.html" title="Từ thuộc tính"><img alt="Từ ảnh"></a>', "Từ thuộc tính"),
        ('<a href="/a-a1.html" title=""><img alt="Từ ảnh"></a>', "Từ ảnh"),
        ('<a href="/a-a1.html" title="Từ thuộc tính"> Từ\u00a0chữ </a>', "Từ chữ"),
        ('<a href="/a-a1.html"><h3>Dân vận<br>khéo</h3></a>', "Dân vận khéo"),
        ('<a href="/a-a1.html"><img></a>', None),
    ],
    ids=["title-attribute", "picture", "text-first", "line-break", "nothing"],
)
def test_the_title_is_the_best_there_is(html, title):
    assert links(html) == [("/a-a1.html", title)]


def test_the_base_of_the_page_is_honoured():
    html = '<head><base href="https://bao.example/static/templates/"></head><a href="a-a1.html">Một</a><a href="/b-a2.html">Hai</a>'
    assert [url for url, _ in links(html)] == ["/static/templates/a-a1.html", "/b-a2.html"]


@pytest.mark.parametrize("link_css", ["h3 a[href]", "h3", "h3 span"], ids=["the-link", "what-holds-it", "what-is-in-it"])
def test_a_selector_narrows_the_links(link_css):
    html = '<div class="menu"><a href="/m-a9.html">Mới nhất</a></div><h3><a href="/a-a1.html"><span>Một</span></a></h3>'
    assert [url for url, _ in links(html, link_css=link_css)] == ["/a-a1.html"]


def test_the_page_itself_is_not_among_its_links():
    html = '<a href="https://bao.example/x-a5.html">Bài này</a><a href="/a-a1.html">Một</a>'
    harvest = parse_listing(html.encode(), "https://bao.example/x-a5.html", None, link_css=None, is_article=is_article)
    assert [entry.url for entry in harvest.entries] == ["https://bao.example/a-a1.html"]


@pytest.mark.parametrize(
    "html",
    [
        '<a rel="next" href="/thoi-su/?page=2">2</a>',
        '<link rel="next" href="https://bao.example/thoi-su/?page=2">',
        '<a href="#">»</a><a href="?page=2">Trang sau</a>',
        '<a href="?page=2"> » </a>',
    ],
)
def test_the_older_page_is_found(html):
    assert read(html + "<p>x</p>").next_page == "https://bao.example/thoi-su/?page=2"


def test_a_page_without_articles_is_an_empty_listing():
    assert read("<p>Chưa có bài</p>").entries == ()


@pytest.mark.parametrize("body", [b"", b"   ", b"<!-- -->"])
def test_an_empty_page_is_no_listing(body):
    with pytest.raises(ParseError):
        parse_listing(body, URL, None, link_css=None, is_article=is_article)


pieces = st.sampled_from(
    ["<a href='", "/a-a1.html", "'>", "</a>", "<base href='", "http://[", "<h3>", "</html>", "<html>", "<img alt='x'>", "<!--", "<svg>", "\x00", "<table><a>", "&#0;", "<a rel=next href=?p=2>"]
) | st.text(max_size=6)  # fmt: skip


@given(st.lists(pieces, max_size=30).map("".join) | st.binary(max_size=200))
def test_any_page_at_all_is_a_listing_or_none(page):
    body = page if isinstance(page, bytes) else page.encode("utf-8", "replace")
    with contextlib.suppress(ParseError):
        assert all(is_article(entry.url) for entry in parse_listing(body, URL, None, link_css=None, is_article=is_article).entries)
