import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.shapes import Link, group, shape_of, short_of, twin_folders

HOME = "https://bao.example"
HEADLINE = "Hội nghị tổng kết công tác dân vận năm qua"


def links(template: str, *, n: int = 8, text: str = HEADLINE, announced: bool = False) -> list[Link]:
    slugs = ["hoi-nghi-tong-ket-cong-tac", "mua-lu-o-dau-nguon-song-tien", "nong-dan-duoc-mua-lua-thu-dong"]
    return [
        Link(
            url=HOME + template.format(slug=f"{slugs[i % 3]}-{i % 3}", n=235_000 + 7 * i, hex=f"{0x1A2B3C4 + i:07x}"),
            text=text,
            is_announced=announced,
        )
        for i in range(n)
    ]


@pytest.mark.parametrize(
    ("template", "pattern"),
    [
        pytest.param("/{slug}-a{n}.html", r"-a(?P<id>\d+)\.html$", id="v1"),
        pytest.param("/thoi-su/{slug}-{n}.aspx", r"-(?P<id>\d{4,})\.aspx$", id="aspx"),
        pytest.param("/xa-hoi/202603/{slug}-{n}/", r"/\d{6}/[^/]+-(?P<id>\d+)/?$", id="yyyymm-digits"),
        pytest.param("/xa-hoi/202603/{slug}-{hex}/", r"/\d{6}/[^/]+-(?P<id>[0-9a-f]{7})/?$", id="yyyymm-hex"),
        pytest.param("/{slug}-post{n}.html", r"-post(?P<id>\d+)\.html$", id="epi"),
        pytest.param("/{slug}-10026{n}123456.htm", r"-(?P<id>\d{15,})\.htm$", id="vccorp"),
        pytest.param("/2026/03/{slug}.html", r"/\d{4}/\d{1,2}/[a-z0-9]+(?:-[a-z0-9]+){4,}\.html$", id="dated-slug"),
        pytest.param("/{slug}", r"/[a-z0-9]+(?:-[a-z0-9]+){4,}/?$", id="bare-slug"),
        pytest.param("/tin/{n}", r"/(?P<id>\d{4,})/?$", id="bare-number"),
    ],
)
def test_the_shape_of_the_articles_is_found_among_the_rest_of_a_page(template, pattern):
    menu = [Link(url=f"{HOME}/{slug}/", text=slug) for slug in ("thoi-su", "kinh-te", "van-hoa-nghe-thuat")]
    rest = [
        *links("/tu-khoa/{slug}-{n}.html", text="Từ khóa"),
        *links("/{slug}-event{n}.html", text="Sự kiện"),
        *links("/tac-gia/{slug}-{n}.html", text="Tác giả Nguyễn Văn An"),
        *[Link(url=f"{HOME}/thoi-su/?page={n}", text=str(n)) for n in range(2, 9)],
        *[Link(url=f"{HOME}/thoi-su/page-{n}.html", text=str(n)) for n in range(2, 9)],
    ]
    articles = [] if template == "/tin/{n}" else links(template)
    (best, *_) = group([*menu, *rest, *(articles or links("/tin/{n}"))])
    assert best.pattern == pattern
    assert all(re.search(best.pattern, url) for url in best.urls)


def test_what_a_feed_announces_counts_even_where_its_links_have_no_text():
    (only,) = group([*links("/{slug}-a{n}.html", text="", announced=True), *links("/{slug}-t{n}.html", text="")])
    assert only.shape.mark == "-a"


def test_pictures_of_teasers_do_not_hide_their_headlines():
    (only,) = group([*links("/{slug}-a{n}.html", text=""), *links("/{slug}-a{n}.html")])
    assert len(only.headlines) == len(only.urls)


def test_ids_that_are_all_digits_belong_to_those_that_are_not():
    found = group([*links("/tin/202603/{slug}-{hex}/"), Link(url=f"{HOME}/tin/202603/mua-lu-dau-nguon-1234567/", text=HEADLINE)])
    assert [len(each.urls) for each in found] == [9]


@pytest.mark.parametrize(
    "path", ["/", "/thoi-su/", "/thoi-su.html", "/anh.jpg", "/rss/home.rss", "/gioi-thieu", "/mot-hai-ba", "/sitemap.xml"]
)
def test_what_is_no_article_has_no_shape(path):
    assert shape_of(HOME + path) is None


def test_the_print_view_is_told_by_its_twin():
    urls = [f"{HOME}/print/mot-a1.html", f"{HOME}/mot-a1.html", f"{HOME}/kinh-te/hai-a2.html", f"{HOME}/hai-a3.html"]
    assert twin_folders(urls) == ["print"]


def test_sections_are_short_links_that_are_no_articles():
    found = short_of(
        [
            Link(url=f"{HOME}/", text="Trang chủ"),
            Link(url=f"{HOME}/thoi-su/", text="Thời sự"),
            Link(url=f"{HOME}/thoi-su", text="Thời sự"),
            Link(url=f"{HOME}/chinh-tri?cate=342", text="Chính trị"),
            Link(url=f"{HOME}/video/", text="Video"),
            Link(url=f"{HOME}/lien-he.html", text="Liên hệ"),
            Link(url=f"{HOME}/rss.html", text="RSS"),
            Link(url=f"{HOME}/mua-lu-a1.html", text="Mưa lũ"),
            Link(url=f"{HOME}/logo.png", text="Logo"),
            Link(url=f"{HOME}/kinh-te/", text=""),
            Link(url=f"{HOME}/the-thao/?x=1", text="1"),
        ],
        re.compile(r"-a\d+\.html$"),
    )
    assert [link.url.removeprefix(HOME) for link in found] == ["/thoi-su/", "/chinh-tri?cate=342"]


@given(st.lists(st.builds(Link, url=st.text(max_size=50).map(lambda tail: f"{HOME}/{tail}"), text=st.text(max_size=30)), max_size=20))
def test_any_links_at_all_can_be_grouped(found):
    for each in group(found):
        re.compile(each.pattern)
    twin_folders(link.url for link in found)
    short_of(found, re.compile("a"))
