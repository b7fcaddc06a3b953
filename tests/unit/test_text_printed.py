"""A text as its reader sees it: what regular expressions are tried on, and where that stands in the original."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.normal import clean_block
from crawler.text.printed import printed

PIECES = ["dân", "vận", "hoà", unicodedata.normalize("NFD", "giải"), "th\u200bành", "dân\u200bvận", "é\u0302", "A", "5"]
GAPS = [" ", "\n", "\r\n", "\u00a0", "\n\n", "\r\n\r\n", " \n \n ", "\u2029", " \u200b ", "\u00ad "]
texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=8).map(lambda pairs: "".join(map("".join, pairs)))


@pytest.mark.parametrize(
    ("text", "seen", "original"),
    [
        pytest.param("một hai", "hai", "hai", id="printed-so"),
        pytest.param("số\n\u00a0 12", "số 12", "số\n\u00a0 12", id="white-space"),
        pytest.param(unicodedata.normalize("NFD", "quyết định"), "định", unicodedata.normalize("NFD", "định"), id="decomposed"),
        pytest.param("a\r\n\r\nb", "a\n\nb", "a\r\n\r\nb", id="blank-line-of-windows"),
        pytest.param("dân\u200bvận", "dân vận", "dân\u200bvận", id="syllables-run-together"),
        pytest.param("ch\u00adế độ", "chế", "ch\u00adế", id="soft-hyphen"),
    ],
)
def test_what_is_seen_stands_in_the_original(text, seen, original):
    found = printed(text)
    start = found.text.index(seen)
    first, after = found.original(start, start + len(seen))
    assert text[first:after] == original


@given(texts)
def test_what_is_seen_is_the_clean_text(text):
    assert printed(text).text.strip() == clean_block(text)


@given(texts)
def test_what_is_seen_stands_in_order_in_the_original(text):
    places = [printed(text).original(place, place + 1) for place in range(len(printed(text).text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
