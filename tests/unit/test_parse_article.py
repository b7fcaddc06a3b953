"""What the corpus does not show: fields the rules leave open, contradictions, and pages that are no articles."""

import contextlib
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.portal import Portal
from crawler.contract.reading import DEGRADED
from crawler.contract.rule import Doubt, Sane
from crawler.errors import ParseError
from crawler.model import Page, ParsedArticle, Validators
from crawler.parse.article import parse_article

URL = "https://bao.example/dan-van-kheo-1.html"
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
RULES = {
    "title": "h1",
    "lead": ".sapo",
    "body": ".body",
    "published": ".date",
    "author": ".author",
    "section": ".crumb a",
    "tags": ".tags a",
}
ONE = "Buổi sáng, các tổ dân vận khéo ra đồng cùng bà con gặt lúa chạy lũ."
TWO = "Buổi chiều, họ về họp tại nhà văn hóa ấp để bàn chuyện đắp lại con đê."


def portal(**article: Any) -> Portal:
    known = {"urls": [{"era": "e", "match": r"-(?P<id>\d+)\.html$"}], "rules": [RULES], "datelines": ["ĐTO"]}
    values = {"id": "bao", "name": "Báo Mẫu", "home": "https://www.bao.example/", "hosts": ["cu.example"]}
    return Portal.model_validate(
        values | {"sources": [{"id": "s", "kind": "listing", "url": "https://bao.example/"}], "article": known | article}
    )


def page(html: str, *, url: str = URL) -> Page:
    return Page(requested_url=url, url=url, status=200, body=html.encode(), content_type=None, validators=Validators(), fetched_at=NOW)


def read(html: str, hint: dict[str, Any] | None = None, *, url: str = URL, **article: Any) -> ParsedArticle:
    return parse_article(page(html, url=url), portal(**article), hint or {})


def html(body: str = f"<p>{ONE}</p><p>{TWO}</p>", *, head: str = "", top: str = "", title: str = "<h1>Dân vận khéo</h1>") -> str:
    return f'<html><head>{head}</head><body>{title}{top}<div class="body">{body}</div></body></html>'


def ld(**fields: str) -> str:
    said = ", ".join(f'"{name}": {value}' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle", {said}}}</script>'


# --- the body -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        pytest.param(f"<p>{ONE}</p><p>{TWO}</p>", [ONE, TWO], id="paragraphs"),
        pytest.param(f"<div>{ONE}<div>{TWO}</div></div>", [ONE, TWO], id="nested-divs"),
        pytest.param(f"{ONE}<br><br/>\n{TWO}", [ONE, TWO], id="double-line-breaks"),
        pytest.param(f"<p>{ONE}<br>{TWO}</p>", [f"{ONE} {TWO}"], id="a-line-break-is-white-space"),
        pytest.param(f"<p>{ONE[:9]}<b>{ONE[9:20]}</b>{ONE[20:]}</p>", [ONE], id="inline-tags-part-no-words"),
        pytest.param(f"<p>{ONE}</p><p>.</p><p>***</p><p>&nbsp;</p><p>{TWO}</p>", [ONE, TWO], id="paragraphs-without-words"),
        pytest.param(f"<p>{ONE}</p><script>x()</script><style>p{{}}</style><noscript>js</noscript><!-- c --><p>{TWO}</p>", [ONE, TWO], id="no-text"),
        pytest.param(f"<p>{ONE}</p><form><p>Bình luận</p><textarea>x</textarea></form>", [ONE], id="a-form"),
        pytest.param(f"<p>{ONE}</p><ul><li>{TWO}</li><li>Ba.</li></ul>", [ONE, TWO, "Ba."], id="lists"),
        pytest.param(f"<p>{ONE}</p><table><tr><td>Lúa</td><td>5 tấn</td></tr></table>", [ONE, "Lúa 5 tấn"], id="a-table-of-data"),
        pytest.param(f"<p>{ONE}</p><p>{TWO}</p><h3>Gửi bình luận của bạn</h3><p>Họ tên</p>", [ONE, TWO], id="comment-box"),
        pytest.param(f"<p>{ONE}</p><p><a href='/x'>&gt;&gt; Bài khác</a></p><p>{TWO}</p>", [ONE, TWO], id="link-to-another-article"),
        pytest.param(f"<p>{ONE}</p><p>* Mời bạn đọc vào chuyên mục <a href='/y'>Y tế</a></p>", [ONE], id="invitation"),
        pytest.param(f"<p>{ONE}</p><p>{TWO}</p></body></html><p>Ba là vẫn còn.</p>", [ONE, TWO, "Ba là vẫn còn."], id="stray-end-of-document"),
    ],
)  # fmt: skip
def test_the_text_is_the_articles_paragraphs(body, paragraphs):
    assert read(html(body)).text.split("\n\n") == paragraphs


@pytest.mark.parametrize(
    ("body", "caption"),
    [
        pytest.param("<figure><img src='a.jpg'><figcaption> Chú thích </figcaption></figure>", "Chú thích", id="figure"),
        pytest.param("<table><tr><td><img src='a.jpg'></td></tr><tr><td>Chú thích</td></tr></table>", "Chú thích", id="layout-table"),
        pytest.param("<p><img src='a.jpg'><br><em>Chú thích</em></p>", "Chú thích", id="in-italics-with-the-picture"),
        pytest.param("<p><img src='a.jpg'></p><p><i>Chú <b>thích</b></i></p>", "Chú thích", id="in-italics-below"),
        pytest.param(
            "<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>Chú thích</p></div>", "Chú thích", id="caption-class"
        ),
        pytest.param("<p><img src='a.jpg'></p>", None, id="none"),
        pytest.param("<p><img data-src='a.jpg' src='data:image/gif;base64,R0'></p>", None, id="lazy"),
    ],
)
def test_pictures_and_captions_are_apart_from_the_text(body, caption):
    article = read(html(f"<p>{ONE}</p>{body}<p>{TWO}</p>"))
    assert [(image.url, image.caption) for image in article.images] == [("https://bao.example/a.jpg", caption)]
    assert (article.text, article.captions) == (f"{ONE}\n\n{TWO}", (caption,) if caption else ())


def test_a_list_of_other_articles_is_neither_text_nor_pictures():
    body = f"<p>{ONE}</p><div class='image-list'><a href='/x'><img src='x.jpg'>Bài khác</a></div><p>{TWO}</p>"
    article = read(html(body))
    assert (article.text, article.images, article.captions) == (f"{ONE}\n\n{TWO}", (), ())


def test_pictures_resolve_against_the_base_of_the_page():
    article = read(html(f"<p>{ONE}</p><p><img src='a b.jpg'></p>", head='<base href="https://anh.example/kho/">'))
    assert article.images[0].url == "https://anh.example/kho/a%20b.jpg"


def test_the_last_right_aligned_lines_are_the_byline_others_stay():
    body = f"<p>{ONE}</p><p align='right'>Trích thư bạn đọc</p><p>{TWO}</p><p align='right'>Lan Anh</p><p style='text-align: right'>(Theo TTXVN)</p>"
    article = read(html(body))
    assert article.text.split("\n\n") == [ONE, "Trích thư bạn đọc", TWO]
    assert (article.author, article.credit) == ("Lan Anh", "TTXVN")


def test_what_the_rules_select_inside_the_body_is_not_text():
    body = f"<p class='sapo'>{ONE}</p><p class='author'>Lan Anh</p><p>{TWO}</p><div class='tags'><a>dân vận</a></div>"
    article = read(html(body))
    assert (article.lead, article.text, article.author, article.tags) == (ONE, TWO, "Lan Anh", ("dân vận",))


# --- the lead -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["ĐTO - ", "(ĐTO) ", "(ĐTO) - ", "(ĐTO)- ", "ĐTO– ", "ĐTO: ", "(đto) -"])
def test_the_dateline_of_the_paper_is_left_out(prefix):
    assert read(html(top=f"<p class='sapo'>{prefix}{ONE}</p>", body=f"<p>{TWO}</p>")).lead == ONE


def test_without_a_lead_the_first_paragraph_loses_the_dateline():
    assert read(html(f"<p>(ĐTO) {ONE}</p><p>{TWO}</p>")).text == f"{ONE}\n\n{TWO}"


def test_a_lead_is_not_repeated_by_the_text():
    article = read(html(f"<p>ĐTO - {ONE}</p><p>{TWO}</p>", top=f"<h2 class='sapo'>{ONE}</h2>"))
    assert (article.lead, article.text) == (ONE, TWO)


def test_a_description_cut_short_gives_way_to_the_paragraph_it_was_cut_from():
    article = read(html(head=f'<meta name="description" content="{ONE[:55]}...">'))
    assert (article.lead, article.text) == (ONE, TWO)


def test_what_is_dropped_is_dropped_from_the_lead_too():
    sapo = f'<p class="sapo"><span class="place">Đồng Tháp</span>{ONE}</p>'
    assert read(html(top=sapo), rules=[RULES | {"drop": [".place"]}]).lead == ONE


def test_a_mark_before_a_tag_is_no_part_of_it():
    assert read(html(top='<p class="tags"><a href="/a">#dân vận</a><a href="/b"># lúa</a></p>')).tags == ("dân vận", "lúa")


def test_an_article_of_one_paragraph_has_a_lead_and_no_text():
    article = read(html(f"<p class='sapo'>{ONE}</p>"))
    assert (article.lead, article.text) == (ONE, "")


# --- other fields -------------------------------------------------------------------------------------------------------------


def test_json_ld_stands_behind_the_rules():
    head = ld(
        datePublished='"2026-03-01T09:00:00+07:00"',
        author='{"@type": "Person", "name": "Lan Anh"}',
        articleSection='"Xã hội "',
        keywords='["dân vận", "Báo Mẫu", ""]',
    )
    article = read(html(head=head))
    assert (article.author, article.section, article.tags) == ("Lan Anh", "Xã hội", ("dân vận",))
    assert article.published_at == datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    assert {article.provenance[field] for field in ("author", "section", "tags", "published_at")} == {"json-ld"}


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('{"@type": "NewsArticle", "headline": "x\ny", "articleSection": "Xã hội"}', id="raw-line-break"),
        pytest.param('<!-- {"@type": "NewsArticle", "articleSection": "Xã hội"} -->', id="comment-marks"),
        pytest.param('{"@type": ["Thing", "NewsArticle"], "articleSection": ["Xã hội",],}', id="trailing-commas"),
        pytest.param('{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle", "articleSection": "Xã hội"}]}', id="graph"),
        pytest.param('[{"@type": "Organization"}, [{"@type": "https://schema.org/NewsArticle", "articleSection": "Xã hội"}]]', id="lists"),
        pytest.param('{"@type": "NewsArticle", "articleSection": "X&#227; hội"};', id="entities-and-semicolon"),
    ],
)
def test_json_ld_is_read_as_portals_write_it(script):
    article = read(html(head=f'<script type="application/ld+json">{script}</script>'))
    assert article.section == "Xã hội"


def test_of_several_articles_in_json_ld_the_pages_own_counts():
    other = ld(url='"https://bao.example/khac-2.html"', articleSection='"Khác"')
    own = ld(mainEntityOfPage=f'{{"@id": "{URL}"}}', articleSection='"Xã hội"')
    assert read(html(head=other + own)).section == "Xã hội"


@pytest.mark.parametrize(
    "author",
    ['{"@type": "Organization", "name": "Báo Mẫu"}', '"longantv"', '{"@type": "Person", "name": "Tác giả"}', '{"@type": "Person", "name": "bao.example"}', "null", "[]", "7"],
)  # fmt: skip
def test_vendors_logins_papers_and_placeholders_are_no_authors(author):
    assert read(html(head=ld(author=author) + '<meta name="author" content="MEDIATECH">')).author is None


def test_the_feed_is_believed_last():
    hint = {"title": "Khác", "summary": "Tóm tắt của nguồn", "author": "Lan Anh", "section": "Ấp", "published_at": "2026-03-01T02:00:00+00:00", "published_precision": "minute", "published_raw": "1/3"}  # fmt: skip
    article = read(html(), hint)
    assert (article.title, article.lead, article.author, article.section) == ("Dân vận khéo", "Tóm tắt của nguồn", "Lan Anh", "Ấp")
    assert (article.published_at, article.published_precision, article.published_raw) == (
        datetime(2026, 3, 1, 2, 0, tzinfo=UTC),
        "minute",
        "1/3",
    )
    assert article.provenance["author"] == article.provenance["published_at"] == "feed"


def test_the_runner_up_is_kept():
    article = read(
        html(top="<p class='date'>01/03/2026 09:00</p>", head=ld(headline='"Dân vận thật khéo"', datePublished='"2026-02-01T00:00:00Z"'))
    )
    assert article.runners_up["title"] == ("json-ld", "Dân vận thật khéo")
    assert article.runners_up["published_at"] == ("json-ld", "2026-02-01T00:00:00Z")


@pytest.mark.parametrize("tail", [" - Báo Mẫu", " | Báo Mẫu điện tử", " – bao.example"])
def test_the_papers_name_is_no_part_of_the_title(tail):
    assert (
        read(html(title="", head=f"<title>Dân vận - việc khéo{tail}</title>"), rules=[RULES | {"title": "title"}]).title
        == "Dân vận - việc khéo"
    )


def test_a_headline_that_speaks_of_the_paper_stays_whole():
    assert read(html(title="<h1>Giải việt dã - Báo Mẫu mở rộng</h1>")).title == "Giải việt dã - Báo Mẫu mở rộng"


# --- times --------------------------------------------------------------------------------------------------------------------


def test_a_bare_date_gives_way_to_a_time_on_the_same_day():
    article = read(html(top="<p class='date'>01/03/2026</p>", head=ld(datePublished='"2026-03-01T09:00:05+07:00"')))
    assert (article.published_at, article.published_precision) == (datetime(2026, 3, 1, 2, 0, 5, tzinfo=UTC), "second")


def test_a_bare_date_stands_against_a_time_on_another_day():
    article = read(html(top="<p class='date'>01/03/2026</p>", head=ld(datePublished='"2026-02-27T09:00:05+07:00"')))
    assert (article.published_at, article.published_precision) == (datetime(2026, 2, 28, 17, 0, tzinfo=UTC), "day")


def test_a_time_in_the_future_is_no_publication():
    article = read(html(top="<p class='date'>05/03/2026 09:00</p>", head=ld(datePublished='"2026-03-01T09:00:00+07:00"')))
    assert article.provenance["published_at"] == "json-ld"
    assert article.problems == ("published: in the future (rule)",)


def test_the_time_of_the_request_in_a_meta_tag_is_no_publication():
    assert read(html(head='<meta property="datetimenow" content="3/2/2026 10:56:42 AM">')).published_at is None


@pytest.mark.parametrize(("modified", "is_kept"), [("2026-03-01T09:00:53+07:00", False), ("2026-03-01T10:00:00+07:00", True), ("2026-02-01T10:00:00+07:00", False), ("2027-02-01", False)])  # fmt: skip
def test_a_change_counts_only_when_it_is_later_than_the_publication(modified, is_kept):
    article = read(html(top="<p class='date'>01/03/2026 09:00</p>", head=ld(dateModified=f'"{modified}"')))
    assert (article.updated_at is not None) is is_kept


def test_a_rule_that_finds_no_date_is_a_problem():
    assert read(html(top="<p class='date'>hôm nay</p>")).problems == ("published: the rule found no date",)


# --- canonical ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/khac-2.html">', "https://bao.example/khac-2.html"),
        ('<meta name="canonical" content="https://www.bao.example/khac-2.html">', "https://www.bao.example/khac-2.html"),
        ('<meta property="og:url" content="https://cu.example/khac-2.html">', "https://cu.example/khac-2.html"),
        ('<link rel="canonical" href="https://bao.example/">', None),
        ('<link rel="canonical" href="https://kho.example/khac-2.html">', None),
        (
            '<link rel="canonical" href="https://kho.example/a"><meta property="og:url" content="/khac-2.html">',
            "https://bao.example/khac-2.html",
        ),
        ('<link rel="canonical" href="http://[">', None),
        ("", None),
    ],
)
def test_a_canonical_url_counts_on_the_portals_own_hosts(head, canonical):
    assert read(html(head=head)).canonical_url == canonical


# --- pages that are none, and rules -------------------------------------------------------------------------------------------


def test_rules_are_tried_in_order_whatever_the_url():
    old = {"title": "h2.old", "body": ".old-body"}
    article = read(f"<h2 class='old'>Bài cũ</h2><div class='old-body'><p>{ONE}</p></div>", rules=[RULES, old])
    assert (article.title, article.text, article.problems) == ("Bài cũ", ONE, ())


def test_rules_whose_body_is_too_short_give_way():
    new = RULES | {"body": ".more"}
    article = read(html("<p>Đang tải…</p>") + f"<div class='more'><p>{ONE}</p></div>", rules=[RULES, new])
    assert article.text == ONE


def test_without_rules_json_ld_may_hold_the_text():
    article = read(html("", head=ld(headline='"Dân vận khéo"', articleBody=f'"{ONE}\\n\\n{TWO}"')), rules=[])
    assert (article.text, article.provenance["text"]) == (f"{ONE}\n\n{TWO}", "json-ld")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html></html>",
        html("<p>Ngắn.</p>"),
        f"<div class='body'><p>{ONE}</p></div>",
        "<html><body><script>location='/'</script></body></html>",
    ],
    ids=["empty", "bare", "too-short", "no-title", "challenge"],
)
def test_a_page_without_title_or_body_is_no_article(text):
    with pytest.raises(ParseError):
        read(text)


@pytest.mark.parametrize("body", ["<div>" * 5000, f"<p>{'x' * 11_000_000}</p>", "<p>x</p>" * 30_000], ids=["deep", "long", "many"])
def test_a_hostile_page_is_no_article(body):
    with pytest.raises(ParseError):
        read(html(f"<p>{ONE}</p>{body}"))


def test_a_million_attributes_are_refused_before_they_are_compared():
    attributes = " ".join(f"a{number}=1" for number in range(1_000_000))
    with pytest.raises(ParseError, match="too many attributes"):
        read(html(f"<p {attributes}>{ONE}</p>"))


@pytest.mark.parametrize(
    "piece",
    ["<span class=author>An</span>", "<a href=/x class=tag>đê</a>", "<span class=date>01/02/2024 10:00</span>", "<i class=source>B</i>"],
    ids=["authors", "tags", "dates", "sources"],
)
def test_names_repeated_by_the_thousand_cost_no_more_than_their_number(piece: str):
    def cost(n: int) -> float:
        body = page(html(f"<p>{ONE} {TWO}</p>" * 5 + f"<div>{piece * n}</div>"))
        began = time.process_time()
        with contextlib.suppress(ParseError):
            parse_article(body, portal(rules=[]))
        return time.process_time() - began

    cost(100)
    assert cost(8000) < 30 * max(cost(800), 0.02)  # ten times as many; squared it would be a hundred times


GARBLED = "charset: letters are lost or garbled"
TWICE_ENCODED = ONE.encode().decode("latin-1")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(html(f"<p>{TWICE_ENCODED}</p>" * 5).replace("\x91", "?"), id="the-page"),
        pytest.param(html(f"<p>{ONE}</p>" * 5 + f"<p>{TWICE_ENCODED}</p>"), id="one-paragraph-pasted-into-it"),
        pytest.param(html(f"<p>{ONE}</p>" * 5 + "<p>C«ng t¸c d©n vËn tiÕp tôc ®æi míi vÒ néi dung</p>"), id="one-paragraph-in-tcvn3"),
        pytest.param(html(f"<p>{ONE}</p>" * 5 + "<p>C\ufffdng t\ufffdc</p>"), id="letters-lost"),
    ],
)
def test_garbled_letters_are_a_problem(text):
    assert GARBLED in read(text).problems


def test_a_page_that_was_encoded_twice_is_read_and_says_so():
    spoilt = html(f"<p>{ONE}</p>" * 5, top="<p class='date'>01/03/2026</p>").encode().decode("latin-1")
    got = read(spoilt)
    assert got.text.startswith(ONE)
    assert got.problems == ("charset: was encoded twice; repaired, every letter came back",)


pieces = st.sampled_from(
    ["<h1>", "</h1>", "<div class=body>", "</div>", "<p>", "</p>", ONE, "<img src='", "http://[", "'>", "<em>", "</em>", "<table><tr><td>", "</table>", "<br>",
     "<p align=right>", "<b>", "<html>", "</html>", "<!DOCTYPE html>", "<base href='//['>", "<p class=date>99/99/2026 99:99", "<meta property=og:url content='http://['>",
     "<script type='application/ld+json'>", "</script>", '{"@type":"NewsArticle","author":[[{}]],"datePublished":{},"url":7,"keywords":{"a":1}}', "<!--", "-->", "\x00", "&#0;",
     "<figure>", "<figcaption>", "<o:p>", "<svg>", "<p data-canhbao=drop>", "<p class=sapo>", "<a href=x>", "<p style='text-align:right;display:block'>", "]]>", "<![CDATA["]
) | st.text(max_size=8)  # fmt: skip


@given(st.lists(pieces, max_size=40).map("".join), st.booleans())
def test_any_page_at_all_is_an_article_or_none(text, with_rules):
    with contextlib.suppress(ParseError):
        article = read("<h1>Dân vận</h1><div class=body>" + text.encode("utf-8", "replace").decode(), rules=[RULES] if with_rules else [])
        assert article.published_at is None or article.published_at <= NOW + timedelta(days=1)


json_values = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["@type", "@graph", "headline", "author", "name", "url", "mainEntityOfPage", "@id", "datePublished", "keywords", "articleBody"]), inner, max_size=4), max_leaves=8)  # fmt: skip


@given(json_values)
def test_any_json_ld_at_all_is_read(value):
    import json

    head = f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "x": value} | (value if isinstance(value, dict) else {}))}</script>'
    assert read(html(head=head.replace("</", "<\\/", head.count("</") - 1))).title


# --- rules that no longer fit ---------------------------------------------------------------------------------------------------


PROSE = "".join(f"<p>{ONE} {TWO} Đoạn {n}.</p>" for n in range(8))
BOX = "<p>Bài khác thứ nhất trong ngày</p><p>Bài khác thứ hai trong ngày</p>"


def elsewhere(body: str, prose: str = PROSE) -> str:
    """The rules find their headline, and `body` where the body was; the article stands in a container they do not know."""
    return f'<html><body><h1>Dân vận khéo</h1><div class="story-text">{prose}</div><div class="body">{body}</div></body></html>'


def test_a_box_in_the_place_of_the_body_is_not_taken_for_the_text():
    article = read(elsewhere(BOX))
    assert article.provenance["text"] == "generic"
    assert "Bài khác" not in article.text
    assert article.text.count(ONE) == 8
    assert "rules: the body they found is not the article's text" in article.problems
    assert article.reading.kept == ()


def test_a_short_notice_is_the_text_its_rules_find():
    article = read(elsewhere(f"<p>{ONE}</p>", prose=""))
    assert (article.text, article.provenance["text"]) == (ONE, "rule")


def test_the_reading_says_what_the_rules_found():
    reading = read(html(top='<p class="sapo">Mở đầu của bài.</p>')).reading
    assert set(reading.kept) == {"title", "text", "lead"}
    assert reading.n_chars == len(ONE) + len(TWO)
    assert set(reading.signs) == {"title", "text"}


def test_without_rules_the_reading_says_what_was_found_at_all():
    reading = read(html(PROSE), rules=[]).reading
    assert {"title", "text"} <= set(reading.kept)


DOUBT = Doubt(clauses=("text", "length"), sane=Sane(shortest=600, longest=9000), rules="r")


def doubted(html: str, doubt: Doubt) -> ParsedArticle:
    return parse_article(page(html), portal(), {}, doubt)


def test_in_doubt_a_page_that_misses_what_broke_is_read_without_rules_and_marked():
    article = doubted(html(f"<p>{ONE}</p>{PROSE}", title='<h1>Dân vận khéo</h1><p class="date">1/2/2026</p>'), DOUBT)
    assert article.provenance["text"] == "rule"  # long enough: the rules are believed here
    short = doubted(html(PROSE[: len(PROSE) // 3]), DOUBT)
    assert short.provenance["text"] == "generic"
    assert DEGRADED in short.problems
    assert short.reading.kept  # what the rules found is still what the contract is judged by


def test_without_rules_only_what_misses_what_broke_is_marked():
    doubt = Doubt(clauses=("published",), sane=Sane(), rules="r")
    dated = parse_article(page(html(f'<p class="date">11/01/2026 07:00</p>{PROSE}')), portal(rules=[]), {}, doubt)
    assert dated.published_at is not None
    assert DEGRADED not in dated.problems
    assert DEGRADED in parse_article(page(html(PROSE)), portal(rules=[]), {}, doubt).problems


def test_in_doubt_a_page_that_only_the_rules_can_read_is_read_by_them_and_marked():
    article = doubted(html("<p>Tin vắn: chợ nổi họp sớm hơn mọi ngày vì nước lên.</p>", title="<h1>Tin vắn</h1>"), DOUBT)
    assert article.text.startswith("Tin vắn")
    assert DEGRADED in article.problems


def test_a_date_in_doubt_is_taken_from_where_else_it_stands():
    doubt = Doubt(clauses=("own date",), sane=Sane(), rules="r")
    head = ld(datePublished='"2026-01-09T08:00:00+07:00"')
    article = doubted(html(head=head, top='<p class="date">11/01/2026 07:00</p>'), doubt)
    assert (article.published_at, article.provenance["published_at"]) == (datetime(2026, 1, 9, 1, 0, tzinfo=UTC), "json-ld")
    assert DEGRADED in article.problems


@pytest.mark.parametrize("text", [PROSE[:200], ""], ids=["below a line of text", "alone"])
def test_a_list_of_nine_thousand_headlines_takes_no_longer_than_their_number(text):
    links = "".join(f'<div><a href="/a-{n}.html">Bà con gặt lúa chạy lũ trên cánh đồng số {n}</a></div>' for n in range(9000))
    began = time.process_time()
    parse_article(page(html(PROSE + f"</div><div>{text}{links}")), portal(rules=[]), {})
    assert time.process_time() - began < 5.0
