"""The words under which the store's full-text search finds an article: the prefilter's, in a form that both databases take.

Syllables alone are on nearly every page (dân, công, tác), so neighbours are index words too: a phrase asks for its pairs. Each
word is kept once, without its places: on PostgreSQL those have limits that long articles pass.
"""

import re
from functools import lru_cache
from itertools import pairwise

from config.glossary import Glossary, shipped_glossary
from crawler.match.prefilter import VERSION, Candidates, Indexer
from crawler.match.terms import Expression
from storage.records import Article, ArticleIndex

LAYOUT = 1
"""Raised when index words are made otherwise out of the prefilter's columns."""
LONGEST = 60  # letters of a syllable that count; the longest Vietnamese one has 7
_UNSAFE = re.compile("[^0-9a-zß-öø-ÿā-ʯḁ-ỹ]")
"""All but small Latin letters: what else counts as a letter is not the same for Python and each of the databases."""


class Catalogue:
    """Index words by one glossary. `version` stands for all that they depend on."""

    def __init__(self, glossary: Glossary) -> None:
        self._indexer = Indexer(glossary)
        self.version = f"{LAYOUT:03}.{VERSION:03}.{glossary.version:06}"

    def index(self, article: Article) -> ArticleIndex:
        """The words under which `article` is found."""
        columns = self._indexer.columns(article)
        return ArticleIndex(
            version=self.version,
            normalised=_index_words(columns.normal),
            folded=_index_words(columns.folded),
            expanded=_index_words(columns.expanded),
        )

    def candidates(self, expression: Expression) -> Candidates:
        """What an index is to be asked for `expression`."""
        return self._indexer.candidates(expression)


@lru_cache(maxsize=1)
def shipped_catalogue() -> Catalogue:
    return Catalogue(shipped_glossary())


def _index_words(column: str) -> str:
    words = list(map(index_word, column.split()))
    pairs = [f"_{first}_{second}" for first, second in pairwise(words)]  # as index_pair, whose calls would double the time
    return " ".join(dict.fromkeys([*words, *pairs]))


@lru_cache(maxsize=200_000)
def index_word(form: str) -> str:
    """A syllable in letters that neither database cuts; two of them may become one, but one never two."""
    return _UNSAFE.sub(lambda found: f"x{ord(found[0]):x}", form[:LONGEST])


def index_pair(first: str, second: str) -> str:
    """The leading mark keeps pairs from being found by the beginning of a syllable."""
    return f"_{first}_{second}"
