"""Queries: what they say, and what is said of those that cannot be read."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.match.pieces import DEEPEST, LONGEST, QueryError
from crawler.match.query import check_query, parse_query
from crawler.match.terms import And, Maybe, Near, Not, Or, Origin, Pattern, Phrase, Prefix, Published


def exact(shown, field=None):
    return Phrase(shown, any_marks=False, field=field)


def any_marks(shown, field=None):
    return Phrase(shown, any_marks=True, field=field)


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        pytest.param("quy chế dân chủ", exact("quy chế dân chủ"), id="bare-words-are-a-phrase"),
        pytest.param("quy che dan chu", any_marks("quy che dan chu"), id="bare-unmarked-words-take-any-marks"),
        pytest.param('"quy che dan chu"', exact("quy che dan chu"), id="a-quoted-phrase-is-exact"),
        pytest.param("“quy chế dân chủ”", exact("quy chế dân chủ"), id="curly-quotes-are-quotes"),
        pytest.param("‘dân vận’", exact("dân vận"), id="single-curly-quotes-are-quotes"),
        pytest.param("«dân vận»", exact("dân vận"), id="guillemets-are-quotes"),
        pytest.param("H’Mông", exact("H’Mông"), id="an-apostrophe-is-no-quote"),
        pytest.param("mưa lũ OR sạt lở", Or((exact("mưa lũ"), exact("sạt lở"))), id="or-between-phrases"),
        pytest.param("mưa lũ AND sạt lở", And((exact("mưa lũ"), exact("sạt lở"))), id="and"),
        pytest.param("mưa lũ && sạt lở || bão", Or((And((exact("mưa lũ"), exact("sạt lở"))), exact("bão"))), id="c-operators"),
        pytest.param("mưa lũ NOT bóng đá", And((exact("mưa lũ"), Not(exact("bóng đá")))), id="not"),
        pytest.param("mưa lũ !bão", And((exact("mưa lũ"), Not(exact("bão")))), id="exclamation-mark"),
        pytest.param('"dân vận" "mô hình"', And((exact("dân vận"), exact("mô hình"))), id="neighbours-must-both-hold"),
        pytest.param('+"dân vận" "mô hình"', And((exact("dân vận"), Maybe(exact("mô hình")))), id="beside-plus-the-unmarked-may"),
        pytest.param('"dân vận" -"bóng đá"', And((exact("dân vận"), Not(exact("bóng đá")))), id="minus"),
        pytest.param("+dân chủ -bóng đá", And((exact("dân chủ"), Not(exact("bóng đá")))), id="signs-before-bare-words"),
        pytest.param("(bão OR lũ) AND Cà Mau", And((Or((exact("bão"), exact("lũ"))), exact("Cà Mau"))), id="brackets"),
        pytest.param("title:quy chế dân chủ", exact("quy chế dân chủ", "title"), id="a-field-takes-the-whole-phrase"),
        pytest.param("TITLE: quy chế", exact("quy chế", "title"), id="a-field-in-capitals-with-a-space"),
        pytest.param("lead:(bão OR lũ)", Or((exact("bão", "lead"), exact("lũ", "lead"))), id="a-field-takes-a-bracket"),
        pytest.param('caption:"hội nghị"', exact("hội nghị", "captions"), id="captions"),
        pytest.param('author:"Ngân Nguyễn"', exact("Ngân Nguyễn", "author"), id="author"),
        pytest.param("tag:nông thôn mới", exact("nông thôn mới", "tag"), id="tag"),
        pytest.param("section:Thời sự", exact("Thời sự", "section"), id="section"),
        pytest.param("portal:baodongthap", Origin("portal", "baodongthap"), id="portal"),
        pytest.param('province:"Tiền Giang"', Origin("province", "Tiền Giang"), id="province"),
        pytest.param('"dân chủ cơ sở"~5', Near("dân chủ cơ sở", 5), id="proximity"),
        pytest.param("doanh ngh*", Prefix("doanh ngh", any_marks=True), id="prefix"),
        pytest.param("doanh ngh* nhỏ", And((Prefix("doanh ngh", any_marks=True), exact("nhỏ"))), id="a-star-ends-a-phrase"),
        pytest.param(r"/nghị quyết \d+/", Pattern(r"nghị quyết \d+"), id="regex"),
        pytest.param(r"title:/nghị quyết (18|19)/", Pattern(r"nghị quyết (18|19)", "title"), id="regex-in-a-field"),
        pytest.param("nghị quyết: số 5", exact("nghị quyết: số 5"), id="a-colon-in-prose-is-no-field"),
        pytest.param("18-NQ/TW", any_marks("18-NQ/TW"), id="hyphen-and-slash-inside-a-word"),
        pytest.param("kinh tế - xã hội", exact("kinh tế - xã hội"), id="a-dash-between-words"),
        pytest.param("12:40", any_marks("12:40"), id="a-time-is-no-field"),
        pytest.param(r"\-5 độ", exact("-5 độ"), id="an-escaped-sign"),
        pytest.param(
            "published:2024-06-01 mưa lũ",
            And((Published(date(2024, 6, 1), date(2024, 6, 1)), exact("mưa lũ"))),
            id="a-day-before-bare-words",
        ),
        pytest.param("published:2024", Published(date(2024, 1, 1), date(2024, 12, 31)), id="a-year"),
        pytest.param("published:2024-02", Published(date(2024, 2, 1), date(2024, 2, 29)), id="a-month"),
        pytest.param("published:2024-02-10", Published(date(2024, 2, 10), date(2024, 2, 10)), id="a-day"),
        pytest.param("published:[2024-01-01 TO 2024-06-30]", Published(date(2024, 1, 1), date(2024, 6, 30)), id="a-range"),
        pytest.param("published:{2024-01-01 TO 2024-06-30}", Published(date(2024, 1, 2), date(2024, 6, 29)), id="a-range-without-its-ends"),
        pytest.param("published:[* TO 2023]", Published(None, date(2023, 12, 31)), id="an-open-range"),
        pytest.param("published:>=2024-05", Published(date(2024, 5, 1), None), id="from"),
        pytest.param("published:<2024", Published(None, date(2023, 12, 31)), id="before"),
        pytest.param("published:[13/01/2022 TO *]", Published(date(2022, 1, 13), None), id="a-day-as-written-in-vietnam"),
    ],
)
def test_a_query_says(query, expression):
    assert parse_query(query) == expression


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        pytest.param("   ", 0, "empty", id="empty"),
        pytest.param("titel:dân vận", 0, "known fields: title, lead, text", id="unknown-field"),
        pytest.param('mưa AND foo:"bar"', 8, "foo: is not a field", id="unknown-field-later"),
        pytest.param('mưa "lũ', 4, "not closed", id="quotation-mark-not-closed"),
        pytest.param("mưa (lũ OR bão", 4, "not closed", id="bracket-not-closed"),
        pytest.param("mưa lũ)", 6, "no opening one", id="bracket-not-opened"),
        pytest.param("mưa AND", 7, "missing at the end", id="operator-at-the-end"),
        pytest.param("mưa OR AND lũ", 7, "'AND' does not fit", id="two-operators"),
        pytest.param("()", 1, "does not fit", id="empty-bracket"),
        pytest.param('""', 0, "nothing to look for", id="empty-phrase"),
        pytest.param("a*", 0, "too little", id="prefix-too-short"),
        pytest.param("dân*chủ", 0, "inside a word", id="star-inside"),
        pytest.param("/a(b/", 0, "missing )", id="broken-regex"),
        pytest.param("/" + "a" * 501 + "/", 0, "longer than", id="regex-too-long"),
        pytest.param("title:lead:a", 6, "one field at a time", id="field-in-a-field"),
        pytest.param("published:nay", 10, "is no day", id="no-day"),
        pytest.param("published:2024-13-01", 10, "is no day", id="no-month"),
        pytest.param("published:[2024 TO 2023]", 10, "no day", id="range-backwards"),
        pytest.param("title:[a TO b]", 6, "only published", id="range-of-words"),
        pytest.param('"a b"~101', 5, "at most", id="proximity-too-wide"),
        pytest.param("province:Đồng Thap", 9, "did you mean Đồng Tháp?", id="no-province"),
        pytest.param("mưa~2", 0, "in quotes", id="proximity-of-bare-words"),
        pytest.param("mưa^2", 0, "not supported", id="boost"),
        pytest.param("mưa\\", 3, "backslash", id="backslash-at-the-end"),
        pytest.param("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), DEEPEST, "levels", id="nested-too-deep"),
        pytest.param("NOT " * (DEEPEST + 1) + "a", 4 * DEEPEST, "levels", id="negated-too-often"),
        pytest.param("a" * (LONGEST + 1), LONGEST, "more than", id="too-long"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_do(query, position, words):
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert caught.value.position == position
    assert words in str(caught.value)
    assert caught.value.advice


def test_marks_of_the_watch_overrule_quotes():
    assert parse_query('"quy che"', marks="ignore") == any_marks("quy che")
    assert parse_query("quy che", marks="exact") == exact("quy che")


def test_check_query_gives_lines_for_the_operator():
    assert check_query("quy chế dân chủ") == []
    assert check_query("mưa AND") == ["at character 8: something is missing at the end; add words after the last AND, OR, NOT or field"]
    assert check_query("NOT bóng đá") == ["the query says only what must not occur; add what must"]


def test_a_query_error_survives_pickling():
    with pytest.raises(QueryError) as caught:
        parse_query("mưa AND")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_threads_parse_at_once():
    queries = [f'title:"mưa {n}" OR (lũ {n} AND NOT "bão {n}")' for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(parse_query, queries)) == [parse_query(query) for query in queries]


SYNTAX = st.lists(
    st.sampled_from(
        [*'()[]{}"“”‘’+-!~^*?:/\\&|<>= ,.', "AND", "OR", "NOT", "TO", "title:", "published:", "foo:", "~3", "dân", "vận", "1", "\n"]
    )
).map(" ".join) | st.text(alphabet='()[]"“+-!~^*:/\\&| aOR1đ')


@settings(deadline=2000)
@given(SYNTAX | st.text())
def test_no_text_does_worse_than_a_query_error(text):
    assert 0 <= place_of_mistake(text) <= len(text)


def place_of_mistake(text):
    try:
        parse_query(text)
    except QueryError as error:
        return error.position
    return 0


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(" OR ".join(f'"từ {n}"' for n in range(400)), id="many-alternatives"),
        pytest.param('"a b" ' * 900, id="many-neighbours"),
        pytest.param("a " * 4999, id="one-long-phrase"),
        pytest.param("(a OR " * 30 + "b" + ")" * 30, id="deep"),
        pytest.param("/(a+)+$/", id="regex-that-would-backtrack"),
    ],
)
def test_a_big_query_is_read(query):
    assert parse_query(query)


NOTHING = ["²", ":²", "_", "…", "\u200b", "\u0301", "₁₂", "“”", "&", "⁴ ."]
"""Texts that hold no letter and no digit of a word."""


@pytest.mark.parametrize("form", ['"{}"', '"{}"~1', '"{}*"', "title:({})", 'dân NOT "{}"', "({}) OR dân"])
@pytest.mark.parametrize("nothing", NOTHING)
def test_a_term_that_holds_nothing_to_look_for_is_an_error(nothing, form):
    with pytest.raises(QueryError):
        parse_query(form.format(nothing.replace("“”", " ")))


@pytest.mark.parametrize("query", ["doanh²*", '"doanh .*"', '"doanh²*"'])
def test_a_star_must_follow_a_letter(query):
    with pytest.raises(QueryError, match=r"too little before|\* stands inside|nothing"):
        parse_query(query)
