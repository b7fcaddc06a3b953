"""The prefilter is a superset: whatever the matcher finds, the store lets through, on both databases."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.watch import Watch
from crawler.match.index import shipped_catalogue
from crawler.match.matcher import Matcher
from crawler.match.sieve import sieve_of
from storage.articles import record
from storage.engine import Store
from storage.search import candidates
from tests.builders import NOON, make_article, make_identity
from tests.integration.storage.given import deciding
from tests.labelled import labelled
from tests.unit.test_match_reference import articles, watches

CATALOGUE = shipped_catalogue()
ODD_LETTERS = st.text("aâđ̉y1.,:²_'\"\\*-xớ Đßıщ字ا\u200b\n%&|!()", min_size=1, max_size=30)
fresh_ident = iter(range(10**9))


def given_recorded(store: Store, article) -> int:
    """Its id, under an identity of its own."""
    ident = str(next(fresh_ident))
    article = make_article(
        **{name: getattr(article, name) for name in ("title", "lead", "text", "captions", "author", "tags", "province", "section")},
        identity=make_identity(ident),
        url=f"http://h1/{ident}",
        text_hash=ident,
        published_at=article.published_at,
    )
    store.run(record, article, [], deciding(article), link=None, now=NOON, index=CATALOGUE.index(article))
    return max(each.article_id for each in store.look(candidates, sieve_of(Watch(id="a", name="a", query="published:*"), CATALOGUE)))


def passes(store: Store, article_id: int, watch: Watch) -> bool:
    return article_id in {each.article_id for each in store.look(candidates, sieve_of(watch, CATALOGUE))}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(watches, min_size=1, max_size=6), articles)
def test_no_match_of_random_watches_escapes(store: Store, given_watches, article):
    matching = [watch for watch in given_watches if Matcher([watch]).matching(article)]
    article_id = given_recorded(store, article)
    assert [watch for watch in matching if not passes(store, article_id, watch)] == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ODD_LETTERS, st.integers(0, 3), st.booleans(), st.sampled_from(["exact", "ignore"]))
def test_no_match_of_odd_letters_escapes(store: Store, text, n_lost, is_prefix, marks):
    phrase = text[: len(text) - n_lost]
    quoted = phrase.replace("\\", " ").replace('"', " ").replace("*", " ").strip()
    article = make_article(title="", lead=None, text=text)
    for query in (f'"{quoted}"', f'"{quoted}*"' if is_prefix else f'"{quoted}"~1'):
        try:
            watch = Watch(id="w", name="w", query=query, marks=marks)
            is_match = bool(Matcher([watch]).matching(article))
        except ValueError:  # nothing to look for in it
            continue
        if is_match:
            assert passes(store, given_recorded(store, article), watch)


def test_no_labelled_match_escapes(store: Store):
    cases = random.Random(1).sample([each for each in labelled() if each.matches], 60)
    assert [each for each in cases if not passes(store, given_recorded(store, each.article), each.watch)] == []
