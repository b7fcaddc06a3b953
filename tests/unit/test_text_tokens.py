"""Syllables: one spelling for many, and the right letters for each."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.watch import WORD_LETTER
from crawler.text.tokens import folded, is_token, normal, parting, phrase_tokens, split

LATIN = st.text(alphabet="aăâeêioôơuưyáàảãạhqugnđDTP.,:0123 \u00a0\u200b\u00ad\u0301\u0300\u0302\u031b\n-/()“”⑴½İß")
TEXT = st.text() | LATIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("hoà", "hòa", id="tone-on-a-or-o"),
        pytest.param("thuý", "thúy", id="tone-on-y-or-u"),
        pytest.param("khoẻ", "khỏe", id="tone-on-e-or-o"),
        pytest.param("qúy", "quý", id="tone-inside-qu"),
        pytest.param("uỷ", "ủy", id="without-onset"),
        pytest.param("quy", "qui", id="qu"),
        pytest.param("quýt", "quít", id="qu-with-coda"),
        pytest.param("lý", "lí", id="l"),
        pytest.param("kỷ", "kỉ", id="k"),
        pytest.param("mỹ", "mĩ", id="m"),
        pytest.param("sỹ", "sĩ", id="s"),
        pytest.param("tỷ", "tỉ", id="t"),
        pytest.param("hy", "hi", id="h"),
        pytest.param("vỹ", "vĩ", id="v"),
        pytest.param("ý", "í", id="alone"),
        pytest.param("ĐẢNG", "đảng", id="capitals"),
        pytest.param("Ðảng", "Đảng", id="icelandic-eth"),
        pytest.param("ﬁ", "fi", id="ligature"),
        pytest.param("ＡＢＣ", "abc", id="full-width"),
        pytest.param(unicodedata.normalize("NFD", "nghị"), "nghị", id="decomposed"),
        pytest.param("ch\u200bế", "chế", id="zero-width-inside"),
    ],
)
def test_spellings_that_are_one(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("thúy", "thúi", id="uy-is-not-ui"),
        pytest.param("tay", "tai", id="ay-is-not-ai"),
        pytest.param("đa", "da", id="d-with-and-without-stroke"),
        pytest.param("thế", "thể", id="tones"),
        pytest.param("thế", "the", id="marked-and-unmarked"),
        pytest.param("cơ", "cô", id="vowels"),
        pytest.param("thy", "thi", id="a-name-and-an-exam"),
        pytest.param("A1", "ả", id="a-road-and-a-tone"),
    ],
)
def test_spellings_that_are_two(one, other):
    assert normal(one) != normal(other)


def test_folding_takes_all_marks_away():
    assert [folded(normal(word)) for word in ("thế", "Đường", "kỷ", "hoà")] == ["the", "duong", "ki", "hoa"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("TP.Cao Lãnh", ["TP.", "Cao", "Lãnh"], id="glued-prefix"),
        pytest.param("18-NQ/TW", ["18", "NQ", "TW"], id="hyphen-and-slash"),
        pytest.param("1.000,5 đồng lúc 12:40", ["1.000,5", "đồng", "lúc", "12:40"], id="numbers"),
        pytest.param("dân chủ¹ 5 km²", ["dân", "chủ", "5", "km"], id="footnote-number"),
        pytest.param("cũ.Mới", ["cũ", "Mới"], id="missing-space"),
        pytest.param("ng\u00adười ch\u200bế\u200b", ["ng\u00adười", "ch\u200bế"], id="invisible-inside-not-at-the-end"),
        pytest.param("e\u0323\u0302m", ["e\u0323\u0302m"], id="combining-marks"),
        pytest.param("dân\u200bvận UBND\u00adtỉnh", ["dân", "vận", "UBND", "tỉnh"], id="only-the-invisible-between-syllables"),
        pytest.param("Face\u00adbook ch\u200bế", ["Face\u00adbook", "ch\u200bế"], id="the-invisible-within-a-word"),
        pytest.param("Ban T.Ư. Ông N.V.A.", ["Ban", "T.Ư", "Ông", "N.V.A"], id="capitals-with-dots"),
        pytest.param("mục A.Bảng QL.30", ["mục", "A", "Bảng", "QL.", "30"], id="a-dot-between-short-form-and-number"),
    ],
)
def test_tokens(text, tokens):
    assert split(text).parts[1::2] == tokens


@pytest.mark.parametrize(
    ("between", "marks"),
    [
        pytest.param(" ", "", id="space"),
        pytest.param("\n", "", id="line-break"),
        pytest.param("\u00a0–\u00a0", "", id="dash"),
        pytest.param("” “", "", id="quotation-marks"),
        pytest.param(" & ", "", id="ampersand"),
        pytest.param(", ", ",", id="comma"),
        pytest.param("... ", "…", id="three-dots"),
        pytest.param("… ", "…", id="ellipsis"),
        pytest.param(") (", ")(", id="brackets"),
        pytest.param("\n\n", "\n", id="blank-line"),
        pytest.param("\r\n \t\r\n", "\n", id="blank-line-of-windows"),
        pytest.param("\u2029", "\n", id="paragraph-separator"),
        pytest.param(".\n\n", ".\n", id="full-stop-and-blank-line"),
    ],
)
def test_what_parts_a_phrase(between, marks):
    assert parting(between) == marks


def test_an_ampersand_is_read_out():
    assert phrase_tokens("Giáo dục & Đào tạo") == phrase_tokens("giáo dục và đào tạo")
    assert phrase_tokens("R&D") == ["r", "và", "d"]


def test_a_part_of_a_text_begins_with_a_letter_of_words_if_and_only_if_it_is_a_token():
    for code in range(0x110000):
        parts = split(chr(code)).parts
        assert is_token(chr(code)) == (len(parts) > 1) == bool(WORD_LETTER.search(chr(code)))
        assert not any(map(is_token, parts[::2]))
        assert all(normal(token)[0].isalnum() and not any(map(str.isspace, normal(token))) for token in parts[1::2])


def test_a_phrase_keeps_the_marks_within_it():
    assert phrase_tokens("Phòng, chống!") == ["phòng", ",", "chống"]


@given(TEXT)
def test_the_parts_of_a_text_are_the_text(text):
    tokens = split(text)
    assert "".join(tokens.parts) == text
    assert all(part[0].isalnum() for part in tokens.parts[1::2])


@example("Y\xad\u0300A")
@given(TEXT)
def test_a_normal_form_is_its_own_normal_form(text):
    for token in split(text).parts[1::2]:
        assert normal(normal(token)) == normal(token)
        assert normal(token)[0].isalnum()


@given(TEXT)
def test_a_span_covers_its_token(text):
    tokens = split(text)
    for place in range(1, len(tokens.parts), 2):
        start, end = tokens.span(place, place)
        assert text[start:end] == tokens.parts[place].removesuffix(".")


@given(LATIN)
def test_composition_changes_no_normal_form(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert [normal(token) for token in split(decomposed).parts[1::2]] == [
        normal(token) for token in split(unicodedata.normalize("NFC", text)).parts[1::2]
    ]
