"""The real article must come out exactly. Collected only where the workplace's shared folder is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.portal import Portal
from crawler.model import Page, ParsedArticle, Validators
from crawler.parse.article import parse_article
from tests.seed_page import SEED, URL, seed_page

PORTAL = Path(__file__).resolve().parents[2] / "config/portals/baodongthap.yaml"


def read(html: str) -> ParsedArticle:
    page = Page(
        requested_url=URL,
        url=URL,
        status=200,
        body=html.encode(),
        content_type="text/html; charset=utf-8",
        validators=Validators(),
        fetched_at=datetime(2022, 1, 13, 6, 0, tzinfo=UTC),
    )
    return parse_article(page, Portal.model_validate(YAML(typ="safe").load(PORTAL.read_text(encoding="utf-8"))))


if SEED.exists():
    TEXT = SEED.read_text(encoding="utf-8")
    LINES = [line for line in TEXT.split("\n") if line]
    CAPTION = "Đại biểu dự hội nghị tại điểm cầu hội trường UBND tỉnh"
    PAGE = seed_page(TEXT)
    inside = PAGE.replace('</div>\n<div class="comment">', '<div class="comment">').replace(
        '<div class="other">', '</div><div class="other">'
    )

    @pytest.mark.shared
    @pytest.mark.parametrize(
        "html", [pytest.param(PAGE, id="comments-below-the-body"), pytest.param(inside, id="comments-inside-the-body")]
    )
    def test_the_real_article_comes_out_exactly(html):
        article = read(html)
        assert article.title == "Công tác Dân vận tiếp tục có sự đổi mới về nội dung, hình thức"
        assert article.published_at == datetime.fromisoformat("2022-01-13T12:40:31+07:00")
        assert (article.published_precision, article.published_raw) == ("second", "Cập nhật ngày: 13/01/2022 12:40:31")
        assert article.author == "Ngân Nguyễn"
        assert article.lead == LINES[2].removeprefix("ĐTO - ")
        assert article.lead.startswith("Sáng ngày 13/1, tại Hà Nội")
        assert article.text.split("\n\n") == [*LINES[3:5], *LINES[6:9]]
        assert article.captions == (CAPTION,)
        assert [image.caption for image in article.images] == [CAPTION]
        assert "Gửi bình luận của bạn" not in article.text
        assert article.problems == ()

    @pytest.mark.shared
    def test_every_field_of_the_real_article_comes_from_the_rules():
        assert set(read(PAGE).provenance.values()) == {"rule"}
