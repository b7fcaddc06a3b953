"""Pages of content systems nobody has written rules for (tests/layouts): every field, and every paragraph, without more or less."""

import random
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from config.portal import Portal
from crawler.model import VIETNAM, Page, ParsedArticle, Validators
from crawler.parse.article import parse_article
from tests.layouts import HERE, Layout, layouts, written
from tests.layouts import read as read_layout

URL = "https://bao.example/tin-moi-nhat-ve-dan-van-123456.html"
FETCHED_AT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
LAYOUTS = list(layouts())
LONG_ENOUGH = 400  # characters: of a page with less nothing tells the text from what stands around it


def read(layout: Layout) -> ParsedArticle:
    url = layout.facts.get("url", URL)
    page = Page(
        requested_url=url,
        url=url,
        status=200,
        body=layout.html.encode(),
        content_type=None,
        validators=Validators(),
        fetched_at=FETCHED_AT,
    )
    home = f"https://{urlsplit(url).netloc}/"
    known = {"id": "unknown", "name": urlsplit(url).netloc, "home": home, "sources": [{"id": "home", "kind": "listing", "url": home}]}
    return parse_article(page, Portal.model_validate(known))


def facts(article: ParsedArticle) -> dict[str, str]:
    at = article.published_at
    return {
        "title": article.title,
        "published": f"{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M} {article.published_precision}" if at else "",
        "author": article.author or "",
        "credit": article.credit or "",
        "section": article.section or "",
        "tags": "; ".join(article.tags),
    }


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.name for layout in LAYOUTS])
def test_a_layout_nobody_described_gives_what_it_prints_and_nothing_of_what_stands_around(layout: Layout):
    article = read(layout)
    wanted = {name: value.strip() for name, value in layout.facts.items() if name != "url"}
    assert {name: facts(article)[name] for name in wanted} == wanted
    assert article.lead == layout.lead
    assert article.text.split("\n\n") == layout.paragraphs or (not article.text and not layout.paragraphs)
    assert list(article.captions) == layout.captions


@pytest.mark.parametrize(
    "stray", ['<a class="btn" href="#">Đọc tiếp</a>', "<span>Quảng cáo</span>", "Quảng cáo"], ids=["link", "span", "text"]
)
def test_a_button_right_in_the_box_of_the_text_takes_no_paragraph_with_it(stray: str):
    lost = []
    for name in (layout.name for layout in LAYOUTS):
        layout = read_layout(HERE / f"{name}.html", before_the_text=stray)
        found = read(layout).text
        lost += [(name, text) for text in layout.paragraphs if text not in found]
    assert lost == []


def teasers(n: int, summary: int) -> str:
    prose = random.Random(n)
    lines = ((written(prose, 60).rstrip("."), written(prose, summary) if summary else "") for _ in range(n))
    return "".join(f'<li><h4><a href="/a{n}">{title}</a></h4><p>{said}</p></li>' for n, (title, said) in enumerate(lines))


MENU = "".join(f'<div class="m"><a href="/c{n}/">Chuyên mục {n}</a><ul>{teasers(4, 0)}</ul></div>' for n in range(8))
NEWS = f'<div class="q"><h2><a href="/c1/">Kinh tế</a></h2><ul>{teasers(10, 300)}</ul></div>'
COOKIES = (
    "<div><p>Chúng tôi sử dụng cookie để bạn đọc báo dễ hơn. Đọc tiếp nghĩa là bạn đồng ý với chính sách bảo mật của chúng tôi.</p></div>"
)
OF_ITSELF = "<div><p>Báo Mẫu ra số đầu ngày 15 tháng 8 năm 1962, nay có bốn phòng và sáu văn phòng, in ở xưởng in của tỉnh mỗi sáng.</p><p>Giấy phép số 12/GP-BTTTT</p></div>"


@pytest.mark.parametrize(
    ("above", "below"), [(MENU, ""), ("", NEWS), ("", COOKIES), ("", OF_ITSELF)], ids=["menu", "news", "cookies", "of itself"]
)
def test_what_a_real_page_has_above_and_below_changes_nothing_of_a_text(above: str, below: str):
    changed = []
    for name in (layout.name for layout in LAYOUTS if len(" ".join(layout.paragraphs)) >= LONG_ENOUGH):
        layout = read_layout(HERE / f"{name}.html")
        layout.html = re.sub(
            "</body>", lambda end: below + end[0], re.sub("<body[^>]*>", lambda body: body[0] + above, layout.html, flags=re.IGNORECASE)
        )
        changed += [name] if read(layout).text.split("\n\n") != layout.paragraphs else []
    assert changed == []


def test_a_layout_says_at_least_title_and_author_and_date():
    assert [layout.name for layout in LAYOUTS if not {"title", "author", "published"} <= layout.facts.keys()] == []
