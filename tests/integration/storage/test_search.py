"""Full-text search in the store: words are found where they were put, and what was not indexed by the same rules always passes."""

from datetime import timedelta

import pytest

from storage.articles import record
from storage.engine import Store
from storage.records import AllOf, AnyOf, ArticleIndex, Candidate, Sieve, Word
from storage.search import candidates, count_candidates, n_searchable, section_names, stored_articles, waiting_for_index
from storage.words import forget_older_words, index_anew
from tests.builders import NOON, make_article, make_identity
from tests.integration.storage.given import deciding, make_copy

V1, V2 = "001", "002"
HERE, NOT_HERE = Word("_dân_vận", "normalised"), Word("_dân_chủ", "normalised")


def make_index(**changed: str) -> ArticleIndex:
    values = {"version": V1, "normalised": "dân vận _dân_vận", "folded": "dan van ubnd _dan_van", "expanded": "uỷ ban _uỷ_ban"}
    return ArticleIndex(**(values | changed))


def given_indexed(store: Store, ident: str = "1", index: ArticleIndex | None = None, **changed) -> int:
    """The id of a newly recorded article."""
    article = make_article(identity=make_identity(ident), url=f"http://h1/{ident}", aliases=(), text_hash=ident, **changed)
    store.run(record, article, [], deciding(article), link=None, now=NOON, index=index)
    return max(each.article_id for each in store.look(candidates, Sieve(version=V1)))


def passing(store: Store, words=None, **changed) -> list[int]:
    return [each.article_id for each in store.look(candidates, Sieve(**({"version": V1, "words": words} | changed)))]


@pytest.mark.parametrize(
    ("sought", "is_found"),
    [
        pytest.param(HERE, True, id="a-pair"),
        pytest.param(NOT_HERE, False, id="another-pair"),
        pytest.param(Word("dân", "folded"), False, id="in-another-column"),
        pytest.param(Word("ba", "expanded"), False, id="half-a-word"),
        pytest.param(Word("ba", "expanded", is_beginning=True), True, id="the-beginning-of-a-word"),
        pytest.param(Word("van", "normalised"), False, id="other-marks"),
        pytest.param(AllOf((HERE, Word("ubnd", "folded"))), True, id="all-of"),
        pytest.param(AllOf((HERE, NOT_HERE)), False, id="not-all-of"),
        pytest.param(AnyOf((NOT_HERE, AllOf((HERE, AnyOf((NOT_HERE, HERE)))))), True, id="any-of-and-deeper"),
        pytest.param(AllOf((AnyOf((HERE,) * 400),) * 2), True, id="very-much"),
    ],
)
def test_words_are_found_where_they_were_put(store: Store, sought, is_found):
    article_id = given_indexed(store, index=make_index())
    assert passing(store, sought) == ([article_id] if is_found else [])


def test_what_is_not_indexed_passes_whatever_is_asked(store: Store):
    article_id = given_indexed(store)
    assert passing(store, NOT_HERE) == [article_id]


@pytest.mark.parametrize("version", ["000", V2])
def test_what_was_indexed_by_other_rules_passes_whatever_is_asked(store: Store, version: str):
    article_id = given_indexed(store, index=make_index(version=version))
    assert passing(store, NOT_HERE) == [article_id]


def test_a_revision_is_found_by_its_new_words_only(store: Store):
    first, second = make_article(), make_article(content_hash="c2")
    for article, words in ((first, "cũ"), (second, "mới")):
        store.run(record, article, [], deciding(article), link=None, now=NOON, index=make_index(normalised=words))
    assert [len(passing(store, Word(word, "normalised"))) for word in ("cũ", "mới")] == [0, 1]


def test_a_duplicate_leaves_the_words_alone(store: Store):
    for index in (make_index(), None):
        store.run(record, make_article(), [], deciding(make_article()), link=None, now=NOON, index=index)
    assert passing(store, NOT_HERE) == []


def test_the_newest_come_first_and_page_by_page(store: Store):
    ids = [given_indexed(store, str(day), make_index(), published_at=NOON + timedelta(days=day)) for day in (3, 1, 2)]
    first = store.look(candidates, Sieve(version=V1, words=HERE), limit=2)
    rest = store.look(candidates, Sieve(version=V1, words=HERE), limit=2, after=first[-1])
    assert [each.article_id for each in (*first, *rest)] == [ids[0], ids[2], ids[1]]
    assert first[0] == Candidate(ids[0], "baodongthap", NOON + timedelta(days=3))


def test_an_undated_article_counts_as_of_its_first_sight(store: Store):
    given_indexed(store, published_at=None)
    assert store.look(candidates, Sieve(version=V1))[0].fresh_at == NOON


@pytest.mark.parametrize(
    ("bounds", "n"),
    [
        pytest.param({"since": NOON}, 1, id="since-then"),
        pytest.param({"since": NOON + timedelta(seconds=1)}, 0, id="since-later"),
        pytest.param({"until": NOON}, 0, id="until-then"),
        pytest.param({"until": NOON + timedelta(seconds=1)}, 1, id="until-later"),
        pytest.param({"portals": ("baodongthap", "baocamau")}, 1, id="its-portal"),
        pytest.param({"portals": ("baocamau",)}, 0, id="another-portal"),
    ],
)
def test_times_and_portals_bound_what_passes(store: Store, bounds, n):
    given_indexed(store, index=make_index())
    assert len(passing(store, HERE, **bounds)) == n
    assert store.look(count_candidates, Sieve(version=V1, words=HERE, **bounds)) == n


def test_stored_articles_come_in_the_order_asked_and_without_those_that_are_gone(store: Store):
    article = make_article()
    for each in (article, make_copy(article, "baocamau")):
        store.run(record, each, [], deciding(each), link=None, now=NOON)
    one, two = sorted(passing(store))
    found = store.look(stored_articles, [two, 999_999, one])
    assert [(each.id, each.article.identity.portal, each.story) for each in found] == [
        (two, "baocamau", str(article.identity)),
        (one, "baodongthap", str(article.identity)),
    ]


# --- indexing anew


def anew(store: Store, version: str, **changed: str) -> int:
    waiting = store.look(waiting_for_index, version, limit=100)
    return store.run(index_anew, [(each.id, each.n_revisions, make_index(version=version, **changed)) for each in waiting])


def test_what_waits_is_indexed_once(store: Store):
    given_indexed(store)
    assert [anew(store, V1), anew(store, V1)] == [1, 0]
    assert [passing(store, NOT_HERE), len(passing(store, HERE))] == [[], 1]


def test_older_words_make_room_for_newer_ones(store: Store):
    ids = [given_indexed(store, ident, make_index()) for ident in ("1", "2")]
    store.run(forget_older_words, V2)
    assert passing(store, NOT_HERE, version=V2) == ids[::-1]
    assert anew(store, V2, normalised="mới") == 2
    assert [len(passing(store, Word(word, "normalised"), version=V2)) for word in ("dân", "mới")] == [0, 2]


def test_nothing_is_forgotten_twice(store: Store):
    given_indexed(store, index=make_index(version=V2))
    assert store.run(forget_older_words, V2) is False
    assert passing(store, NOT_HERE, version=V2) == []


def test_newer_words_are_never_replaced_by_older_ones(store: Store):
    given_indexed(store, index=make_index(version=V2))
    assert anew(store, V1) == 0


def test_an_article_that_was_revised_meanwhile_is_left_for_the_next_time(store: Store):
    given_indexed(store)
    (waiting,) = store.look(waiting_for_index, V1, limit=9)
    assert store.run(index_anew, [(waiting.id, waiting.n_revisions - 1, make_index())]) == 0


def test_the_searchable_ones_are_counted(store: Store):
    given_indexed(store)
    assert store.look(n_searchable) == 1


def test_the_sections_of_stored_articles_are_named_once(store: Store):
    for ident, section in (("1", "Thời sự"), ("2", "Thời sự"), ("3", "Thể thao"), ("4", None)):
        given_indexed(store, ident, section=section)
    assert sorted(store.look(section_names)) == ["Thể thao", "Thời sự"]
