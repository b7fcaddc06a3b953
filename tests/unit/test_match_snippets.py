"""What a reader is shown of a match."""

from crawler.match.matcher import Matcher
from crawler.match.snippets import MOST, WIDTH
from tests.builders import make_article
from tests.unit.test_match_matcher import make_watch

FILLER = "Các đại biểu thảo luận về nhiều nội dung khác nhau của năm công tác vừa qua và thời gian tới. " * 4


def shown(text, **watch):
    [match] = Matcher([make_watch(**watch)]).match(make_article(title="Tin", lead=None, text=text))
    return match.snippets


def test_a_short_paragraph_is_shown_whole():
    [snippet] = shown("Trước.\n\nHọc quy chế dân chủ hôm nay.\n\nSau.")
    assert snippet.snippet == "Học quy chế dân chủ hôm nay."
    assert snippet.spans == ((4, 19),)


def test_a_long_paragraph_is_cut_at_syllables_and_says_so():
    [snippet] = shown(f"{FILLER}Học quy chế dân chủ hôm nay. {FILLER}")
    assert snippet.snippet.startswith("… ")
    assert snippet.snippet.endswith(" …")
    assert set(snippet.snippet.strip("… ").split()) <= set(f"{FILLER}Học quy chế dân chủ hôm nay.".split())
    assert WIDTH * 0.8 <= len(snippet.snippet) <= WIDTH + 4


def test_the_spans_of_a_snippet_lie_inside_it():
    [snippet] = shown(f"{FILLER}Học quy chế\ndân chủ hôm nay. {FILLER}")
    [(start, end)] = snippet.spans
    assert snippet.snippet[start:end] == "quy chế dân chủ"


def test_near_places_share_a_snippet():
    [snippet] = shown("Quy chế dân chủ ở xã và quy chế dân chủ ở trường.")
    assert len(snippet.spans) == 2


def test_overlapping_places_become_one_highlight():
    [snippet] = shown("Thực hiện quy chế dân chủ ở cơ sở.", any=["quy chế dân chủ", "dân chủ ở cơ sở"])
    assert [snippet.snippet[start:end] for start, end in snippet.spans] == ["quy chế dân chủ ở cơ sở"]
    assert snippet.reason == "quy chế dân chủ; dân chủ ở cơ sở"


def test_a_few_snippets_are_enough_and_different_reasons_come_first():
    text = "\n\n".join(["quy chế dân chủ"] * 5 + ["bầu cử"])
    found = shown(text, any=["quy chế dân chủ", "bầu cử"])
    assert [snippet.reason for snippet in found] == ["quy chế dân chủ"] * (MOST - 1) + ["bầu cử"]
