"""What is remarked about watches, and that no remark is wrong."""

import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings

from config.glossary import shipped_glossary
from config.shipped import SHIPPED
from config.watch import Watch
from crawler.commands.remark_words import WORDS, say_remark
from crawler.configuration import load
from crawler.match.compile import expression_of
from crawler.match.expression import leaves, wanted_leaves
from crawler.match.lint import lint
from crawler.match.lint_words import bare_terms
from crawler.match.matcher import Matcher
from crawler.match.relations import Relations
from crawler.match.remarks import Surroundings, term
from crawler.match.terms import META, Near, Pattern, Phrase, Prefix
from crawler.text.common import common_readings
from tests.labelled import labelled
from tests.reference_matcher import is_true
from tests.unit.test_match_reference import articles, watches

PORTALS = {"baodongthap": "Đồng Tháp", "baocamau": "Cà Mau"}
NO_TEXT_WEIGHS = {"title": 0, "lead": 0, "text": 0, "caption": 0}


def watch(**keys):
    return Watch.model_validate({"id": "w", "name": "w"} | keys)


def remarks(keys, **around):
    return lint([watch(**keys)], Surroundings(glossary=shipped_glossary(), provinces=PORTALS, **around))[0]


@pytest.mark.parametrize(
    ("keys", "code", "key", "about"),
    [
        pytest.param({"any": ["quy chế dân chủ"], "none": ["dân chủ"]}, "never-because", "any[0]", "dân chủ", id="all-that-is-wanted-is-excluded"),
        pytest.param({"all": ["bầu cử", "mưa lũ"], "none": ["mưa"]}, "never-because", "all[1]", "mưa", id="a-needed-term-holds-an-excluded-one"),
        pytest.param({"any": ["UBND tỉnh"], "none": ["Ủy ban nhân dân"]}, "never-because", "any[0]", "Ủy ban nhân dân", id="by-its-short-form"),
        pytest.param({"any": ["qui chế"], "none": ["quy chế"]}, "never-because", "any[0]", "quy chế", id="in-another-spelling"),
        pytest.param({"query": "(lũ lụt OR mưa lũ) NOT lũ"}, "never-because", "query", "lũ", id="in-a-query"),
        pytest.param({"query": "title:dân vận NOT dân vận"}, "never-because", "query", "dân vận", id="a-field-within-everywhere"),
        pytest.param({"query": "lũ published:2024 published:2025"}, "never", "query", None, id="two-years-at-once"),
        pytest.param({"query": 'lũ portal:baocamau province:"Tiền Giang"'}, "never", "query", None, id="a-portal-of-another-province"),
        pytest.param({"query": "lũ portal:baocamau", "provinces": ["Tiền Giang"]}, "never", "query", None, id="against-the-scope"),
        pytest.param(
            {"any": ["lũ"], "portals": ["baocamau"], "provinces": ["Tiền Giang"]}, "no-portal-in-both", "portals", None, id="a-scope-of-nothing"
        ),
        pytest.param({"any": ["quy chế dân chủ", "lũ"], "none": ["dân chủ"]}, "dead-because", "any[0]", "dân chủ", id="one-term-is-excluded"),
        pytest.param({"query": "lũ AND (published:2024 OR portal:baocamau) AND published:2025"}, "dead", "query", None, id="one-branch-is-ruled-out"),
        pytest.param({"any": ["lũ"], "provinces": ["Hà Giang"]}, "no-portal", "provinces[0]", None, id="a-province-without-a-portal"),
        pytest.param({"query": 'lũ province:"Hà Giang"'}, "no-portal", "query", None, id="a-province-in-a-query"),
        pytest.param({"query": "lũ portal:baocama"}, "unknown-portal", "query", None, id="a-portal-that-is-none"),
        pytest.param({"any": ["lũ"], "portals": ["baocantho"]}, "unknown-portal", "portals[0]", None, id="a-portal-switched-off"),
        pytest.param({"query": "published:2024", "at_least": 2}, "nothing-to-count", "at_least", None, id="no-mention-to-count"),
        pytest.param({"query": "published:2024", "min_score": 2}, "nothing-to-count", "min_score", None, id="no-mention-to-weigh"),
        pytest.param({"any": ["lũ"], "weights": NO_TEXT_WEIGHS, "min_score": 2}, "no-weight", "weights", None, id="nothing-weighs"),
        pytest.param({"query": "caption:lũ", "weights": {"caption": 0}, "min_score": 1}, "no-weight", "weights", None, id="the-field-weighs-nothing"),
        pytest.param({"query": "mưa lũ OR NOT bóng đá"}, "without", "query", None, id="a-branch-of-negations"),
        pytest.param({"query": "mưa lũ OR (published:2024 OR NOT published:2024)"}, "always", "query", None, id="one-or-its-contrary"),
        pytest.param({"query": "/[a-z]/"}, "ordinary", "query", None, id="a-regex-that-finds-everything"),
        pytest.param({"query": "th*"}, "ordinary", "query", None, id="a-beginning-of-everything"),
        pytest.param({"any": ["mưa lũ", "và"]}, "ordinary", "any[1]", None, id="a-word-of-everything"),
        pytest.param({"any": ["ma tuy"]}, "folds", "any[0]", None, id="bare-ma-tuy"),
        pytest.param({"query": "dan van"}, "folds", "query", None, id="bare-dan-van"),
        pytest.param({"query": "long an"}, "folds", "query", None, id="bare-long-an"),
        pytest.param({"any": ["dân vận", "dan van"]}, "bare-twin", "any[1]", "dân vận", id="the-same-without-marks"),
        pytest.param({"any": ["lễ hội", "AI"]}, "capitals", "any[1]", None, id="letters-that-are-a-word"),
        pytest.param({"any": ["DV"]}, "ambiguous", "any[0]", None, id="a-short-form-of-several-meanings"),
        pytest.param({"any": ["công tác DV"]}, "ambiguous", "any[0]", None, id="within-a-phrase"),
        pytest.param({"any": ["Ủy ban nhân dân xã"], "abbreviations": False}, "could-be-short", "any[0]", "UBND", id="its-short-form-is-not-found"),
        pytest.param({"any": ["UBND xã"], "abbreviations": False}, "could-be-short", "any[0]", "Ủy ban nhân dân", id="its-words-are-not-found"),
        pytest.param({"any": ["hoà giải", "hòa giải"]}, "same", "any[1]", "hoà giải", id="tone-placement"),
        pytest.param({"any": ["quy chế", "qui chế"]}, "same", "any[1]", "quy chế", id="y-and-i"),
        pytest.param({"any": ["UBND tỉnh", "Ủy ban nhân dân tỉnh"]}, "same-short", "any[1]", "UBND tỉnh", id="the-glossary-knows"),
        pytest.param({"any": ["quy chế dân chủ", "dân chủ"]}, "swallowed", "any[0]", "dân chủ", id="a-shorter-one-finds-it"),
        pytest.param({"any": ["lũ"], "none": ["bóng đá", "bóng đá nữ"]}, "swallowed", "none[1]", "bóng đá", id="excluded-anyway"),
        pytest.param({"query": '"dân chủ cơ sở" OR "dân chủ cơ sở"~3'}, "swallowed", "query", '"dân chủ cơ sở"~3', id="nearness"),
        pytest.param({"all": ["dân chủ", "quy chế dân chủ"]}, "needed-anyway", "all[0]", "quy chế dân chủ", id="needed-anyway"),
    ],
)  # fmt: skip
def test_a_watch_is_remarked_on(keys, code, key, about):
    found = [each for each in remarks(keys) if each.code != "folds" or code == "folds"]
    assert [(each.code, each.key) for each in found] == [(code, key)]
    if about is not None:
        assert found[0].facts["other"] == about


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"any": ["dân chủ"], "none": ["quy chế dân chủ"]}, id="an-exclusion-inside-what-is-wanted"),
        pytest.param({"any": ["UBND"], "none": ["Ủy ban nhân dân tỉnh"]}, id="the-same-with-a-short-form"),
        pytest.param({"query": '"Long An" OR "An Giang"'}, id="quoted-names"),
        pytest.param({"any": ["dân vận", "Long An"]}, id="a-name-beside-a-marked-phrase"),
        pytest.param({"any": ["covid", "facebook", "TikTok"]}, id="foreign-words"),
        pytest.param({"any": ["dân vận", "OCOP", "BHYT", "công nghệ AI", "SÁP NHẬP"]}, id="words-in-capitals"),
        pytest.param({"any": ["Sở XD", "BCH Trung ương", "mặt trận TQ"]}, id="short-forms-that-the-word-beside-settles"),
        pytest.param({"query": "quy che dan chu"}, id="a-long-bare-phrase"),
        pytest.param({"any": ["dan van"], "marks": "ignore"}, id="any-marks-on-purpose"),
        pytest.param({"query": "title:lũ OR text:lũ"}, id="the-same-word-in-two-fields"),
        pytest.param({"query": "mưa OR lũ NOT bóng đá"}, id="an-exclusion-in-one-branch"),
        pytest.param({"query": "portal:baocamau NOT bóng đá"}, id="everything-of-a-portal-but"),
        pytest.param({"query": "published:2024"}, id="everything-of-a-year"),
        pytest.param({"any": ["phòng, chống tham nhũng", "phòng chống"]}, id="a-comma-that-parts"),
        pytest.param({"all": ["dân chủ", "quy chế dân chủ"], "at_least": 2}, id="mentions-that-add-up"),
        pytest.param({"any": ["lũ"], "weights": {"title": 3}, "min_score": 4, "within_first": 50}, id="a-demand-that-can-be-met"),
        pytest.param(
            {"any": ["UBND tỉnh"], "all": ["HĐND"], "provinces": ["Tiền Giang"], "portals": ["baodongthap"]}, id="old-and-new-province"
        ),
    ],
)
def test_a_sound_watch_is_left_alone(keys):
    assert remarks(keys) == []


NOTED = [
    ("hdnd-giam-sat", "same-short", "Hội đồng nhân dân"),
    ("khong-viet-tat", "could-be-short", "UBND tỉnh"),
    ("quy-che-dan-chu", "same-short", "QCDC"),
]
"""Notes, and true: a short form beside its words finds nothing more, and one that is switched off would find its words."""


def test_no_shipped_and_no_labelled_watch_is_warned_of():
    every = [*load(SHIPPED).watches, *{each.watch.id: each.watch for each in labelled()}.values()]
    around = Surroundings(
        glossary=shipped_glossary(), provinces={portal.id: portal.province or "" for portal in load(SHIPPED).portals.values()}
    )
    found = [
        (each.id, remark.code, remark.facts["term"]) for each, about in zip(every, lint(every, around), strict=True) for remark in about
    ]
    assert found == NOTED


def test_the_store_says_how_often_a_bare_term_is_another_word():
    [bare] = bare_terms(watch(any=["ma tuy"]))
    [remark] = remarks({"any": ["ma tuy"]}, spellings={bare: {"ma túy": 120, "mà tùy": 4}})
    assert (remark.code, remark.facts["n"], remark.facts["readings"]) == ("folds-in-store", 124, "ma túy (120), mà tùy (4)")


def test_a_bare_term_that_was_always_one_word_is_left_alone():
    [bare] = bare_terms(watch(any=["ma tuy"]))
    assert remarks({"any": ["ma tuy"]}, spellings={bare: {"ma túy": 120}}) == []


def test_a_long_bare_term_is_remarked_on_where_the_store_has_seen_other_words():
    keys = {"query": "quy che dan chu"}
    [bare] = bare_terms(watch(**keys))
    assert [each.code for each in remarks(keys, spellings={bare: {"quy chế dân chủ": 9, "quy chế dân chú": 1}})] == ["folds-in-store"]
    assert remarks(keys, spellings={bare: {"quy chế dân chủ": 99, "quy chế dân chú": 1}}) == []


def test_a_section_that_no_article_is_in_is_told_with_the_likely_one():
    keys = {"any": ["lũ"], "sections": ["Thời Sự", "The thao"]}
    [remark] = remarks(keys, sections=frozenset({"Thời sự", "Thể thao"}))
    assert (remark.code, remark.key) == ("unknown-section", "sections[1]")
    assert "Thể thao" in str(remark.facts["advice"])


def test_the_list_of_syllables_knows_what_is_ambiguous():
    assert {"ma", "má", "mà", "mã"} <= set(common_readings("ma"))
    assert common_readings("facebook") == ()


# --- what is said ---------------------------------------------------------------------------------------------------------------


def test_every_remark_is_worded_in_both_languages_with_the_same_facts():
    source = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "crawler/match").glob("lint*.py"))
    raised = set(re.findall(r'(?:warning|note)\(\s*"([a-z-]+)"', source)) | {"same", "same-short"}
    assert raised == WORDS.keys()
    for vi, en in WORDS.values():
        assert {name for _, name, _, _ in Formatter().parse(vi)} >= {name for _, name, _, _ in Formatter().parse(en)} - {None}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "keys", [{"any": ["ma tuy", "DV"]}, {"query": "portal:x OR NOT y"}, {"any": ["a b", "b"], "provinces": ["Hà Giang"]}]
)
def test_a_remark_can_be_said(keys, language):
    for remark in remarks(keys):
        assert "{" not in say_remark(language, remark)


# --- never wrong ----------------------------------------------------------------------------------------------------------------

RELATIONS = Relations(shipped_glossary(), PORTALS)


@settings(max_examples=60, deadline=None)
@given(watches, watches, articles)
def test_what_is_said_to_follow_follows(one, other, article):
    every = list(dict.fromkeys(leaf for each in (one, other) for leaf, _ in leaves(expression_of(each))))
    true = {leaf for leaf in every if is_true(leaf, article)}
    for leaf in true:
        assert [each for each in every if RELATIONS.implies(leaf, each) and each not in true] == []
        assert [each for each in true if RELATIONS.excludes(leaf, each)] == []


@settings(max_examples=60, deadline=None)
@given(watches, articles)
def test_a_watch_that_can_never_match_never_does_and_one_that_always_does_always(given_watch, article):
    around = Surroundings(glossary=shipped_glossary())
    said = {remark.code for remark in lint([given_watch], around)[0]}
    matches = bool(Matcher([given_watch.model_copy(update={"sections": ()})]).matching(article))
    assert not (said & {"never", "never-because"} and matches)
    assert not ("always" in said and not matches)


@settings(max_examples=60, deadline=None)
@given(watches, articles)
def test_a_term_that_can_never_count_never_does(given_watch, article):
    [about] = lint([given_watch], Surroundings(glossary=shipped_glossary()))
    dead = {remark.facts["term"] for remark in about if remark.code.startswith("dead")}
    if dead and Matcher([given_watch]).matching(article):
        wanted = [leaf for leaf in wanted_leaves(expression_of(given_watch)) if term(leaf) in dead]
        textual = [leaf for leaf in wanted if isinstance(leaf, Phrase | Near | Prefix | Pattern) and leaf.field not in META]
        assert [leaf for leaf in textual if is_true(leaf, article)] == []
