import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.alert.views import UNSEEN, Piece, one_line, pieces, published, safe_url, starred
from crawler.alert.voice import Voice

SPANS = st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=6)


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        pytest.param([(3, 12)], "về *dân chủ ở* cơ sở", id="one"),
        pytest.param([(11, 14), (3, 6)], "về *dân* chủ *ở c*ơ sở", id="out-of-order"),
        pytest.param([(3, 10), (7, 12)], "về *dân chủ** ở* cơ sở", id="overlapping"),
        pytest.param([(3, 10), (3, 10)], "về *dân chủ* ở cơ sở", id="twice"),
        pytest.param([(13, 99)], "về dân chủ ở *cơ sở*", id="beyond-the-end"),
        pytest.param([], "về dân chủ ở cơ sở", id="none"),
    ],
)
def test_found_words_are_marked_where_they_stand(spans, marked):
    assert starred(pieces("về dân chủ ở cơ sở", spans)) == marked


@given(st.text(alphabet="dân chủ", max_size=30), SPANS)
def test_cutting_a_snippet_loses_no_letter(snippet, spans):
    assert "".join(piece.text for piece in pieces(snippet, spans)) == snippet


@given(st.text(max_size=30), SPANS)
def test_any_snippet_is_cut_as_if_its_unseen_characters_were_not_there(snippet, spans):
    assert "".join(piece.text for piece in pieces(snippet, spans)) == UNSEEN.sub("", re.sub(r"\s", " ", snippet))


def test_offsets_hold_although_unseen_characters_are_dropped():
    assert pieces("\u202eab cd", [(4, 6)]) == (Piece("ab ", is_found=False), Piece("cd", is_found=True))


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        pytest.param("https://baodongthap.vn/a.html", True, id="https"),
        pytest.param("http://baodongthap.vn/a.aspx?x=1&y=2", True, id="http"),
        pytest.param("javascript:alert(1)", False, id="script"),
        pytest.param("data:text/html,<b>", False, id="data"),
        pytest.param("//baodongthap.vn/a", False, id="no-scheme"),
        pytest.param("https://a.vn/\r\nBcc: x", False, id="line-break"),
        pytest.param("https://a.vn/\u202egnp.exe", False, id="turned-around"),
        pytest.param("https://[::1/", False, id="not-a-url"),
    ],
)
def test_a_reader_is_only_sent_to_web_pages(url, safe):
    assert safe_url(url) == (url if safe else None)


@pytest.mark.parametrize(
    ("iso", "precision", "language", "shown"),
    [
        pytest.param("2022-01-13T12:40:31+07:00", "second", "vi", "13/01/2022 12:40 (giờ Việt Nam)", id="vi"),
        pytest.param("2022-01-13T12:40:31+07:00", "second", "en", "2022-01-13 12:40 (Vietnam time)", id="en"),
        pytest.param("2022-01-13T00:00:00+07:00", "day", "vi", "13/01/2022", id="only-the-day"),
        pytest.param("2022-01-12T17:00:00+00:00", "minute", "vi", "13/01/2022 00:00 (giờ Việt Nam)", id="told-in-utc"),
        pytest.param(None, None, "vi", "không rõ thời gian đăng", id="none"),
    ],
)
def test_times_are_told_as_in_vietnam(iso, precision, language, shown):
    assert published(iso, precision, Voice(language=language)) == shown


def test_a_line_stays_one_line_and_reads_forwards():
    assert one_line("Hội nghị\r\n\tdân\u202e vận\u0000") == "Hội nghị dân vận"
