"""Watches of phrases: what they find, and what they show of it."""

import pickle
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.watch import Watch
from crawler.match.matcher import Matcher
from crawler.match.pieces import QueryError
from tests.builders import make_article, make_identity


def make_watch(watch_id="w", **changed):
    return Watch(**{"id": watch_id, "name": "Một chủ đề", "any": ["quy chế dân chủ"]} | changed)


def fired(watch, **article):
    empty = {"title": "Tin", "lead": None, "text": "Không có gì."}
    return [match.watch for match in Matcher([watch]).match(make_article(**empty | article))]


def texts(match):
    return [span.text for span in match.spans]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("thực hiện quy chế dân chủ ở cơ sở", id="plain"),
        pytest.param("QUY CHẾ DÂN CHỦ", id="upper-case"),
        pytest.param("qui chế dân chủ", id="spelt-with-i"),
        pytest.param(unicodedata.normalize("NFD", "quy chế dân chủ"), id="decomposed"),
        pytest.param("quy\u00a0chế  dân\nchủ", id="spaces-and-one-line-break"),
        pytest.param("quy ch\u200bế dân chủ\u00ad", id="zero-width-and-soft-hyphen"),
        pytest.param("quy chế “dân chủ”", id="quotation-marks"),
        pytest.param("quy chế - dân/chủ", id="hyphen-and-slash"),
        pytest.param("Quy chế dân chủ.", id="before-a-full-stop"),
    ],
)
def test_a_phrase_is_found_however_it_is_spelt_and_spaced(text):
    assert fired(make_watch(), text=text) == ["w"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("quy chế dân chủng", id="longer-syllable"),
        pytest.param("quy chế dân chúng", id="other-tone"),
        pytest.param("quỹ chế dân chủ", id="other-tone-at-the-front"),
        pytest.param("quy chế, dân chủ", id="comma"),
        pytest.param("quy chế. Dân chủ", id="full-stop"),
        pytest.param("quy chế (dân chủ)", id="bracket"),
        pytest.param("quy chế… dân chủ", id="ellipsis"),
        pytest.param("quy chế\n\ndân chủ", id="blank-line"),
        pytest.param("quy chế của dân chủ", id="word-between"),
        pytest.param("quy che dan chu", id="without-marks"),
    ],
)
def test_a_phrase_is_not_found_where_other_words_stand(text):
    assert fired(make_watch(), text=text) == []


def test_no_phrase_reaches_from_the_title_into_the_lead():
    assert fired(make_watch(), title="Quy chế", lead="dân chủ", text="x") == []


@pytest.mark.parametrize("field", ["title", "lead", "text"])
def test_every_field_of_content_is_searched(field):
    assert fired(make_watch(), **{field: "Nói về quy chế dân chủ"}) == ["w"]


def test_captions_are_searched_as_one_field():
    [match] = Matcher([make_watch()]).match(make_article(lead=None, captions=("Ảnh một", "Học quy chế dân chủ")))
    assert [(span.field, span.start) for span in match.spans] == [("captions", len("Ảnh một\n\nHọc "))]


@pytest.mark.parametrize(
    ("watch", "text", "fires"),
    [
        pytest.param({"any": ["mưa lũ", "sạt lở"]}, "Nguy cơ sạt lở.", True, id="any-one"),
        pytest.param({"any": [], "all": ["mưa lũ", "sạt lở"]}, "Nguy cơ sạt lở.", False, id="all-needs-both"),
        pytest.param({"any": [], "all": ["mưa lũ", "sạt lở"]}, "Mưa lũ gây sạt lở.", True, id="all-has-both"),
        pytest.param({"any": ["hòa giải"], "all": ["ở cơ sở"]}, "Hoà giải ở cơ sở.", True, id="any-and-all"),
        pytest.param({"any": ["hòa giải"], "none": ["bóng đá"]}, "Hoà giải trong bóng đá.", False, id="none-forbids"),
        pytest.param({"any": ["phòng, chống tham nhũng"]}, "phòng, chống tham nhũng", True, id="comma-in-the-phrase"),
        pytest.param({"any": ["phòng, chống tham nhũng"]}, "phòng chống tham nhũng", True, id="comma-left-out"),
        pytest.param({"any": ["TP.Cao Lãnh"]}, "Tại TP. Cao Lãnh", True, id="dot-of-a-short-form"),
        pytest.param({"any": ["Cao Lãnh"]}, "Tại TP.Cao Lãnh", True, id="glued-prefix"),
        pytest.param({"any": ["An Giang", "lũ lụt"]}, "Án giảng", False, id="unmarked-beside-marked-is-exact"),
        pytest.param({"any": ["quy che dan chu"]}, "Quy chế dân chủ", True, id="all-unmarked-takes-any-marks"),
        pytest.param({"any": ["quy che dan chu"], "none": ["bóng đá"]}, "Quy chế dân chủ", False, id="marks-elsewhere-in-the-watch"),
    ],
)
def test_any_all_and_none(watch, text, fires):
    assert bool(fired(make_watch(**watch), text=text)) is fires


def test_spans_are_the_original_letters():
    lead = "Nay qui\u00a0chế DÂN chủ; mai quy chế dân chủ."
    [match] = Matcher([make_watch()]).match(make_article(lead=lead))
    assert texts(match) == ["qui\u00a0chế DÂN chủ", "quy chế dân chủ"]
    assert [lead[span.start : span.end] for span in match.spans] == texts(match)


def test_spans_name_the_phrase_that_was_found():
    watch = make_watch(any=["dân chủ", "bầu cử"])
    [match] = Matcher([watch]).match(make_article(title="Dân chủ", lead="Ngày bầu cử", text="x"))
    assert [(span.field, span.reason) for span in match.spans] == [("title", "dân chủ"), ("lead", "bầu cử")]


def test_matches_come_in_the_order_of_the_watches():
    watches = [make_watch("b", any=["hai"]), make_watch("a", any=["một"]), make_watch("c", any=["ba"])]
    assert [match.watch for match in Matcher(watches).match(make_article(lead="một hai"))] == ["b", "a"]


def test_a_disabled_watch_is_silent():
    assert fired(make_watch(enabled=False), text="quy chế dân chủ") == []


@pytest.mark.parametrize(
    ("scope", "fires"),
    [
        pytest.param({"portals": ["baodongthap"]}, True, id="its-portal"),
        pytest.param({"portals": ["baocantho"]}, False, id="another-portal"),
        pytest.param({"provinces": ["đồng tháp"]}, True, id="its-province"),
        pytest.param({"provinces": ["Cà Mau"]}, False, id="another-province"),
        pytest.param({"sections": ["THỜI SỰ", "Kinh tế"]}, True, id="its-section"),
        pytest.param({"sections": ["Kinh tế"]}, False, id="another-section"),
    ],
)
def test_scope(scope, fires):
    article = {"identity": make_identity(portal="baodongthap"), "province": "Đồng Tháp", "section": "Thời sự", "text": "quy chế dân chủ"}
    assert bool(fired(make_watch(**scope), **article)) is fires


def test_a_matcher_survives_pickling():
    matcher = pickle.loads(pickle.dumps(Matcher([make_watch()])))
    assert [match.watch for match in matcher.match(make_article())] == ["w"]


def test_no_watches_match_nothing():
    assert Matcher([]).match(make_article()) == ()


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        pytest.param("Tin vắn\n\nHọc quy chế dân chủ.", "quy chế dân chủ", [("text", 13)], id="the-text"),
        pytest.param("Quy chế dân chủ\r\n \r\nHọc tập.", "title:quy chế dân chủ", [("title", 0)], id="the-first-line-is-the-title"),
        pytest.param("Quy chế dân chủ", "quy chế dân chủ", [("text", 0)], id="one-line-is-a-text"),
        pytest.param("Quy chế\n\ndân chủ", "quy chế dân chủ", [], id="the-title-ends-a-phrase"),
        pytest.param("Tin\n\nQuy chế dân chủ", "portal:baodongthap AND quy chế dân chủ", [], id="a-text-has-no-portal"),
        pytest.param("Tin\n\nSố 18-NQ/TW", r"/18-NQ/", [("text", 8)], id="a-regular-expression"),
        pytest.param("", "quy chế", [], id="empty"),
    ],
)
def test_a_text_of_a_file_is_matched_with_offsets_in_the_file(text, query, found):
    watch = Watch(id="w", name="w", query=query, portals=["baocantho"])
    spans = [span for match in Matcher([watch]).match_text(text) for span in match.spans]
    assert [(span.field, span.start) for span in spans] == found
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_a_watch_that_only_forbids_matches_a_text_without():
    assert [match.watch for match in Matcher([Watch(id="w", name="w", query="NOT bóng đá")]).match_text("Tin")] == ["w"]


@pytest.mark.parametrize(
    ("query", "fires"),
    [
        pytest.param("published:2026-03-02", True, id="day"),
        pytest.param("published:<2026-03", False, id="before"),
        pytest.param("portal:baodongthap", True, id="portal"),
        pytest.param("province:Tiền Giang", True, id="former-province"),
        pytest.param('province:"tỉnh Đồng Tháp"', True, id="province-with-its-title"),
        pytest.param("province:Cà Mau", False, id="another-province"),
        pytest.param("author:Ngân Nguyễn", True, id="author"),
        pytest.param("tag:bầu cử", True, id="tag"),
        pytest.param("section:thời sự", True, id="section"),
        pytest.param("bầu cử", False, id="a-tag-is-no-content"),
        pytest.param("title:/tổng kết .{0,20}dân vận/", True, id="regex"),
        pytest.param("lead:/dân vận/", False, id="regex-in-another-field"),
        pytest.param("công tác d*", True, id="prefix"),
        pytest.param("công tác h*", False, id="prefix-of-nothing"),
        pytest.param("hội ngh*", True, id="prefix-with-marks"),
        pytest.param("đại b*", True, id="prefix-of-an-unknown-syllable"),
        pytest.param("nghi*", True, id="prefix-alone-takes-any-marks"),
        pytest.param('+"dân vận" "bóng đá"', True, id="the-unmarked-beside-plus-may-be-missing"),
    ],
)
def test_queries(query, fires):
    article = {"title": "Hội nghị tổng kết công tác dân vận", "tags": ("bầu cử",), "section": "Thời sự", "text": "Đại biểu dự."}
    assert bool(fired(Watch(id="w", name="w", query=query), **article)) is fires


ODD = st.text(st.sampled_from("aâđ̉y1.,:²_'\"\\*-xớ Đßıщ字ا\u200b\u00ad\n%&|!()½ⅷͺﷺ⒈T.Ư") | st.characters(), min_size=1, max_size=12)


@given(
    ODD,
    st.sampled_from(["any", "all", "query", "near", "prefix", "none"]),
    st.sampled_from(["auto", "exact", "ignore"]),
    st.text(max_size=20),
)
def test_a_watch_of_odd_letters_is_refused_or_finds_itself(odd, kind, marks, around):
    quoted = odd.replace('"', " ").replace("\\", " ").replace("*", " ")
    asked: dict[str, dict[str, Any]] = {
        "any": {"any": [odd]},
        "all": {"all": [odd]},
        "none": {"any": ["dân vận"], "none": [odd]},
        "query": {"query": f'"{quoted}"'},
        "near": {"query": f'"{quoted}"~1'},
        "prefix": {"query": f'"{quoted}*"'},
    }
    try:
        matcher = Matcher([Watch(id="w", name="w", marks=marks, **asked[kind])])
    except (QueryError, ValidationError):
        return
    for text in (around, odd, f"{around} {odd}"):
        matcher.matching(make_article(text=text))
