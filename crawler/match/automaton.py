"""All terms of all watches in one automaton: one pass over an article says which occur, and where."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from crawler.match.document import Document
from crawler.match.symbols import BORDER, Symbols
from crawler.match.terms import Term


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at parts `first` to `last` of the document's tokens, both included."""

    first: int
    last: int


class Automaton:
    """Compiled once; finding changes nothing but memory of spellings, so threads may share it."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(dict.fromkeys(terms))
        self._symbols = Symbols()
        by_pattern: dict[str, list[Term]] = {}
        for term in self.terms:
            for spelling in term.spellings:
                pattern = self._symbols.learn(spelling, any_marks=term.any_marks)
                by_pattern.setdefault(pattern, []).append(term)
        self._terms_of = tuple(by_pattern.values())
        self._search = AhoCorasick(by_pattern)
        self._folds = any(term.any_marks for term in self.terms)

    def find(self, document: Document) -> Mapping[Term, Sequence[Hit]]:
        """Where each term occurs in `document`, by place; terms that do not occur are left out."""
        exact = list(map(self._symbols.exact.__getitem__, document.tokens.parts))
        haystack = "".join(exact)
        length = len(haystack) + 1
        if self._folds:
            haystack += BORDER + "".join(map(self._symbols.any_marks.__getitem__, document.tokens.parts))
        found = self._search.find_matches_as_indexes(haystack, overlapping=True)
        if not found:
            return {}
        ends = list(accumulate(map(len, exact)))
        hits: dict[Term, list[Hit]] = {}
        for pattern, start, end in found:
            hit = Hit(bisect_right(ends, start % length), bisect_right(ends, (end - 1) % length))
            for term in self._terms_of[pattern]:
                hits.setdefault(term, []).append(hit)
        return hits
