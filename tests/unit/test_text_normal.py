"""The border of text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.normal import clean, clean_block, fold_marks

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếệữợ \u00a0\u200b\u00ad\u0301\u0302\u0323\u031b\n\r\t.,"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("quy\u00a0chế\u2003dân chủ", "quy chế dân chủ", id="no-break-and-em-space"),
        pytest.param("dân\u200b ch\u200dủ\ufeff", "dân chủ", id="zero-width"),
        pytest.param("Trung\u00adương", "Trung ương", id="soft-hyphen-between-syllables"),
        pytest.param("UBND\u200btỉnh", "UBND tỉnh", id="zero-width-space-between-a-short-form-and-a-syllable"),
        pytest.param("th\u00adành UB\u200bNĐ", "thành UBNĐ", id="soft-hyphen-within-a-syllable"),
        pytest.param("Mil\u00adlen\u00adnium", "Millennium", id="soft-hyphen-in-a-foreign-word"),
        pytest.param("\x00hòa\x07\x1f giải", "hòa giải", id="control-characters"),
        pytest.param("  một \t\r\n hai  ", "một hai", id="white-space-runs"),
        pytest.param(unicodedata.normalize("NFD", "Mặt trận Tổ quốc"), "Mặt trận Tổ quốc", id="decomposed"),
        pytest.param("e\u0301\u0302", "ế", id="tone-typed-before-the-circumflex"),
        pytest.param("u\u0323\u031b", "ự", id="dot-typed-before-the-horn"),
        pytest.param("a\ud800b", "ab", id="lone-surrogate"),
        pytest.param("ê\u200b\u0301", "ế", id="zero-width-before-a-mark"),
    ],
)
def test_clean_gives_one_line_of_composed_visible_text(raw, expected):
    assert clean(raw) == expected


def test_a_blank_line_stays_and_a_line_break_does_not():
    assert clean_block("một\nhai\r\n \t\r\n\n ba\u2029bốn\n\n") == "một hai\n\nba\n\nbốn"


def test_folding_drops_tones_vowel_marks_and_the_stroke():
    assert fold_marks("Đường hoà Ưu Ệ ð") == "Duong hoa Uu E d"


@given(st.text(alphabet=VIETNAMESE) | st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)
    assert clean_block(clean_block(text)) == clean_block(text)


@given(st.text())
def test_a_clean_line_is_composed_and_has_no_white_space_but_single_spaces(text):
    line = clean(text)
    assert unicodedata.is_normalized("NFC", line)
    assert line == " ".join(line.split())
