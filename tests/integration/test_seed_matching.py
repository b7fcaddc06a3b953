"""The real article of the seed, where the workplace has it: every mention is found, by its own letters."""

import unicodedata
from pathlib import Path

import pytest

from config.watch import Watch
from crawler.match.matcher import Matcher
from tests.builders import make_article

SEED = Path(__file__).resolve().parents[2] / "../shared/seed"
PARAGRAPHS = [part.strip() for file in SEED.glob("*.txt") for part in file.read_text(encoding="utf-8").split("\n\n") if part.strip()]

if PARAGRAPHS:
    ARTICLE = make_article(title=PARAGRAPHS[0], lead=PARAGRAPHS[2], text="\n\n".join(PARAGRAPHS[3:]), author=None)

    def spans(**watch):
        matches = Matcher([Watch(id="w", name="w", **watch)]).match(ARTICLE)
        return [span for match in matches for span in match.spans]

    def test_all_mentions_of_dan_van_are_found_written_out_or_short():
        texts = [span.text for span in spans(any=["dân vận"])]
        assert (texts.count("Dân vận"), texts.count("DV"), len(texts)) == (2, 20, 22)

    def test_cong_tac_dan_van_is_found_in_the_title_and_at_each_short_form():
        found = spans(any=["công tác dân vận"])
        assert [span.text for span in found] == ["Công tác Dân vận", *["công tác DV"] * 15]
        assert {span.reason for span in found[1:]} == {"DV = Dân vận (định nghĩa trong bài)"}

    def test_spans_are_the_letters_of_the_field():
        for span in spans(any=["công tác dân vận", "Mặt trận Tổ quốc Việt Nam"]):
            assert getattr(ARTICLE, span.field)[span.start : span.end] == span.text

    def test_the_front_is_found_by_its_short_form():
        assert [span.text for span in spans(any=["Mặt trận Tổ quốc Việt Nam"])].count("MTTQVN") == 3

    def test_a_phrase_reaches_over_the_defining_bracket():
        assert [span.text for span in spans(any=["Ban Dân vận Trung ương"])] == ["Ban Dân vận (DV) Trung ương"]

    @pytest.mark.parametrize(
        ("query", "n"),
        [
            pytest.param("quy chế dân chủ", 3, id="as-printed"),
            pytest.param("qui chế dân chủ", 3, id="spelt-with-i"),
            pytest.param("quy che dan chu", 3, id="bare-and-unmarked"),
            pytest.param("QUY CHẾ DÂN CHỦ", 3, id="capitals"),
            pytest.param(unicodedata.normalize("NFD", "quy chế dân chủ"), 3, id="decomposed"),
            pytest.param("quy chế dân chúng", 0, id="another-tone-at-the-end"),
            pytest.param("quỹ chế dân chủ", 0, id="another-tone-at-the-front"),
            pytest.param('"quy che dan chu"', 0, id="quoted-without-marks"),
            pytest.param("dịch vụ", 0, id="what-the-short-form-does-not-mean-here"),
            pytest.param('"dịch vụ" OR DV', 20, id="the-short-form-itself"),
        ],
    )
    def test_queries(query, n):
        assert len(spans(query=query)) == n
