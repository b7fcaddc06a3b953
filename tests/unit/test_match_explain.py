"""Why a watch did or did not match."""

import pytest

from config.watch import Watch
from crawler.match.explain import explain
from tests.builders import make_article


def explained(text, *, query=None, title="Tin", **watch):
    return explain(Watch(**{"id": "w", "name": "w", "query": query} | watch), make_article(title=title, lead=None, text=text, tags=("lũ",)))


def test_a_match_is_told_term_by_term_with_its_places():
    told = explained("Quy chế dân chủ ở xã.", any=["quy chế dân chủ", "bầu cử"], none=["bóng đá"])
    assert told.matches
    assert [(term.shown, term.wanted, term.holds, [span.text for span in term.spans]) for term in told.terms] == [
        ("quy chế dân chủ", True, True, ["Quy chế dân chủ"]),
        ("bầu cử", True, False, []),
        ("bóng đá", False, False, []),
    ]


@pytest.mark.parametrize(
    ("query", "text", "nearest"),
    [
        pytest.param("quy chế dân chủ", "Về quỹ chế dân chủ.", ("quỹ chế dân chủ", "other marks"), id="other-marks"),
        pytest.param("quy chế dân chủ", "Quy chế, dân chủ.", ("Quy chế, dân chủ", "parted by punctuation"), id="punctuation"),
        pytest.param("quy chế dân chủ", "Quy chế dân cư.", ("Quy chế dân cư", "other words"), id="another-word"),
        pytest.param("title:dân chủ", "Quy chế dân chủ.", ("dân chủ", "stands in text"), id="another-field"),
        pytest.param("lũ", "Không gì.", ("lũ", "stands in tag"), id="only-in-a-tag"),
    ],
)
def test_the_nearest_miss_is_shown_with_its_reason(query, text, nearest):
    [term] = explained(text, query=query).terms
    assert (term.nearest.text, term.nearest.reason) == nearest


def test_nothing_alike_is_no_near_miss():
    [term] = explained("Giá lúa tăng.", query="quy chế dân chủ").terms
    assert term.nearest is None


def test_a_scope_may_be_why():
    told = explained("Quy chế dân chủ.", any=["quy chế dân chủ"], provinces=["Cà Mau"])
    assert (told.matches, told.in_scope, told.terms[0].holds) == (False, False, True)


def test_every_kind_of_term_is_shown_as_it_is_typed():
    query = '"dân chủ cơ sở"~3 OR doanh ngh* OR /a+/ OR portal:baodongthap OR province:"Cà Mau" OR published:>=2024'
    assert [term.shown for term in explained("Tin", query=query).terms] == [
        '"dân chủ cơ sở"~3',
        "doanh ngh*",
        "/a+/",
        "portal:baodongthap",
        "province:Cà Mau",
        "published:[2024-01-01 TO *]",
    ]
