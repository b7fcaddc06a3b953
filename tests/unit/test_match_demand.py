"""How often, where and how weighty: what a watch asks beyond its terms."""

import pytest

from config.watch import Watch
from crawler.match.explain import explain
from crawler.match.matcher import Matcher
from tests.builders import make_article

WORDS = "một hai ba bốn năm sáu bảy tám chín mười"


def watch(**keys):
    terms = {} if "query" in keys else {"any": ["dân vận"]}
    return Watch.model_validate({"id": "w", "name": "w"} | terms | keys)


def article(title="Tin", lead=None, text="Tin trong ngày.", **fields):
    return make_article(title=title, lead=lead, text=text, **fields)


def matches(given, of):
    return bool(Matcher([given]).matching(of))


def score(given, of):
    [match] = Matcher([given]).match(of)
    return match.score


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        pytest.param("Dân vận. Dân vận.", False, id="two"),
        pytest.param("Dân vận. Dân vận. Dân vận.", True, id="three"),
        pytest.param("Ban Dân vận (DV). Công tác DV, DV khéo.", True, id="a-defined-short-form-is-a-mention-each-time"),
    ],
)
def test_a_term_must_be_mentioned_often_enough(text, enough):
    assert matches(watch(at_least=3), article(text=text)) is enough


def test_a_place_that_several_terms_cover_is_one_mention():
    twice = watch(any=["công tác dân vận", "dân vận", "dân vận khéo"], at_least=2)
    assert not matches(twice, article(text="Công tác dân vận khéo."))
    assert matches(twice, article(text="Công tác dân vận và dân vận khéo."))


def test_mentions_of_different_terms_add_up():
    assert matches(watch(any=["mưa", "lũ"], at_least=2), article(text="Mưa lớn rồi lũ."))


def test_what_must_not_occur_is_no_mention():
    assert not matches(watch(query="dân vận NOT lũ", at_least=2), article(text="Dân vận."))


def test_what_is_only_wished_for_counts():
    assert matches(watch(query='+"dân vận" mưa', at_least=2), article(text="Dân vận mùa mưa."))


@pytest.mark.parametrize(
    ("within_first", "fields", "found"),
    [
        pytest.param(10, {"text": f"{WORDS} dân vận"}, False, id="behind"),
        pytest.param(11, {"text": f"{WORDS} dân vận"}, True, id="begins-with-the-last-word"),
        pytest.param(11, {"lead": "Hai chữ", "text": f"{WORDS} dân vận"}, False, id="the-lead-counts-before-the-text"),
        pytest.param(1, {"title": f"{WORDS} dân vận"}, True, id="the-title-always-counts"),
        pytest.param(1, {"title": "Một tiêu đề dài", "text": "Dân vận"}, True, id="the-title-is-not-counted-along"),
        pytest.param(99, {"captions": ("dân vận",)}, False, id="captions-have-no-place-in-the-reading"),
        pytest.param(3, {"text": "- “Tp.Cao Lãnh dân vận"}, False, id="a-glued-prefix-is-a-word"),
        pytest.param(4, {"text": "- “Tp.Cao Lãnh dân vận"}, True, id="punctuation-is-no-word"),
    ],
)
def test_only_the_beginning_counts(within_first, fields, found):
    assert matches(watch(within_first=within_first), article(**fields)) is found


def test_what_must_not_occur_is_looked_for_in_the_whole_article():
    assert not matches(watch(none=["bóng đá"], within_first=5), article(text=f"Dân vận. {WORDS} bóng đá"))


def test_all_must_stand_in_the_beginning():
    both = watch(any=[], all=["dân vận", "mưa lũ"], within_first=5)
    assert not matches(both, article(text=f"Dân vận {WORDS} mưa lũ"))
    assert matches(both, article(text="Dân vận mùa mưa lũ"))


def test_mentions_behind_the_beginning_are_not_counted():
    assert not matches(watch(at_least=2, within_first=5), article(text=f"Dân vận {WORDS} dân vận"))


def test_a_named_field_is_looked_at_wherever_the_beginning_ends():
    assert matches(watch(query='tag:"bầu cử"', within_first=1), article(tags=("bầu cử",)))
    assert matches(watch(query="portal:baodongthap", within_first=1), article())


WEIGHTS = {"title": 3, "lead": 2, "caption": 0.5}


def test_the_score_is_the_weight_of_the_mentions():
    of = article(title="Dân vận", lead="Dân vận", text="Dân vận, dân vận", captions=("dân vận",))
    assert score(watch(), of) == 5
    assert score(watch(weights=WEIGHTS), of) == 3 + 2 + 1 + 1 + 0.5


@pytest.mark.parametrize(("min_score", "enough"), [pytest.param(4, True, id="reached"), pytest.param(4.1, False, id="missed")])
def test_a_score_must_be_reached(min_score, enough):
    assert matches(watch(weights=WEIGHTS, min_score=min_score), article(title="Dân vận", text="Dân vận")) is enough


def test_tenths_add_up():
    tenths = watch(weights={"text": 0.1}, min_score=0.3)
    assert matches(tenths, article(text="Dân vận, dân vận, dân vận"))


def test_without_weights_every_mention_counts_one():
    assert matches(watch(min_score=2), article(text="Dân vận, dân vận"))
    assert not matches(watch(min_score=2), article(text="Dân vận"))


def test_a_field_of_no_weight_is_found_but_not_scored():
    assert score(watch(weights={"text": 0}), article(text="Dân vận")) == 0


def test_a_text_of_its_own_is_judged_by_the_same_rules():
    given = Matcher([watch(at_least=2, weights={"title": 3})])
    assert not given.match_text("Dân vận")
    [match] = given.match_text("Dân vận\n\nCông tác dân vận")
    assert match.score == 4


@pytest.mark.parametrize(
    ("keys", "text", "demand"),
    [
        pytest.param({"at_least": 3}, "Dân vận, dân vận", ("at_least", 3, 2, False), id="mentions"),
        pytest.param({"min_score": 4, "weights": {"text": 1.5}}, "Dân vận, dân vận", ("min_score", 4, 3, False), id="score"),
        pytest.param({"within_first": 5}, f"{WORDS} dân vận", ("within_first", 5, 11, False), id="too-late"),
        pytest.param({"within_first": 5}, "Mưa lũ", ("within_first", 5, None, False), id="not-at-all"),
        pytest.param({"at_least": 2}, "Dân vận, dân vận", ("at_least", 2, 2, True), id="met"),
    ],
)
def test_an_explanation_says_how_much_is_missing(keys, text, demand):
    told = explain(watch(**keys), article(text=text))
    [report] = told.demands
    assert (report.name, report.wanted, report.has, report.holds) == demand
    assert told.matches is report.holds


def test_a_term_that_begins_too_late_is_the_nearest_miss():
    [term] = explain(watch(within_first=5), article(text=f"{WORDS} dân vận")).terms
    assert term.nearest
    assert (term.holds, term.spans, term.nearest.text, term.nearest.reason) == (False, (), "dân vận", "word 11")


def test_a_term_only_in_a_caption_is_the_nearest_miss():
    [term] = explain(watch(within_first=5), article(captions=("dân vận",))).terms
    assert term.nearest
    assert (term.nearest.text, term.nearest.reason) == ("dân vận", "stands in captions")
