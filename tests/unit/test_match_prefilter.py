"""What an index is asked before the matcher judges."""

import pytest

from config.glossary import Glossary, shipped_glossary
from config.watch import Watch
from crawler.match.compile import expression_of
from crawler.match.prefilter import AllOf, Everything, Indexer
from tests.builders import make_article
from tests.labelled import labelled
from tests.reference_matcher import may_match

INDEXER = Indexer(shipped_glossary())


def question(query, **watch):
    return INDEXER.candidates(expression_of(Watch(**{"id": "w", "name": "w", "query": query} | watch)))


def test_no_labelled_match_is_dropped():
    dropped = [
        each
        for each in labelled()
        if each.matches and not may_match(INDEXER.candidates(expression_of(each.watch)), INDEXER.columns(each.article))
    ]
    assert dropped == []


def test_the_columns_hold_the_words_as_printed_written_out_and_without_marks():
    held = INDEXER.columns(make_article(title="HOẠT ĐỘNG", lead=None, text="Ban Dân vận (DV): công tác DV", author=None))
    assert held.normal.startswith("hoạt động ban dân vận dv công tác dv")
    assert "ban dân vận công tác dân vận" in held.expanded
    assert "hoat dong ban dan van" in held.folded


@pytest.mark.parametrize(
    ("query", "text", "asked"),
    [
        pytest.param("dân vận khéo", "dân vận chưa khéo", False, id="a-phrase-is-asked-for-in-a-row"),
        pytest.param("dân vận khéo", "dân vận, khéo", True, id="punctuation-is-left-to-the-matcher"),
        pytest.param("title:dân vận", "dân vận", True, id="fields-are-left-to-the-matcher"),
        pytest.param('"dân khéo"~1', "khéo lắm dân", True, id="order-and-distance-are-left-to-the-matcher"),
        pytest.param('"dân khéo"~1', "dân", False, id="but-every-word-must-be-there"),
        pytest.param("dân v*", "dan vận", True, id="marks-of-a-prefix-are-left-to-the-matcher"),
        pytest.param("ky*", "kì lạ", True, id="a-prefix-in-y"),
        pytest.param("công tác dân vận", "Dân vận (DV). Công tác DV", True, id="short-forms"),
        pytest.param("mưa OR lũ", "lũ", True, id="alternatives"),
        pytest.param("mưa AND lũ", "lũ", False, id="all"),
        pytest.param("mưa NOT lũ", "mưa lũ", True, id="exclusions-are-left-to-the-matcher"),
        pytest.param("mưa AND /a+/", "lũ", False, id="what-the-index-can-narrow-narrows"),
    ],
)
def test_what_is_asked(query, text, asked):
    assert may_match(question(query), INDEXER.columns(make_article(title="", lead=None, text=text))) is asked


@pytest.mark.parametrize("query", ["/a+/", "NOT mưa", "published:2024", "portal:x", "mưa OR /a+/"])
def test_some_questions_cannot_be_narrowed(query):
    assert question(query) == Everything()


def test_a_very_long_phrase_is_asked_for_word_by_word():
    [asked] = question("dân " * 30).parts[0].parts
    assert isinstance(asked, AllOf)


def test_another_glossary_is_another_version():
    other = Glossary(version=shipped_glossary().version + 1, sure={}, ambiguous={})
    assert Indexer(other).version != INDEXER.version
