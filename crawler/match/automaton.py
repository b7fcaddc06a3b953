"""All terms of all watches in one automaton: one pass over the readings of an article says which occur, and where."""

from collections.abc import Iterable, Iterator
from itertools import chain

from ahocorasick_rs import AhoCorasick

from config.glossary import Glossary
from crawler.match.document import Document
from crawler.match.proximity import Trail
from crawler.match.readings import Readings, Writer
from crawler.match.sightings import Found, Haystack, Hit, Sightings
from crawler.match.spelling import Speller, Spelling
from crawler.match.symbols import Symbols
from crawler.match.terms import Indexed, Near, Phrase, Prefix


class Automaton:
    """Compiled once; finding changes nothing but memory of spellings, so threads may share it."""

    def __init__(self, terms: Iterable[Indexed], glossary: Glossary) -> None:
        speller = Speller(glossary)
        spellings = [spelling for term in dict.fromkeys(terms) for spelling in speller.spellings(term)]
        self._symbols = Symbols((each.prefix, each.any_marks) for each in spellings if isinstance(each.term, Prefix))
        n_longest = max((each.n_reached for each in spellings), default=0)
        self._writer = Writer(glossary, self._symbols, folds=any(each.any_marks for each in spellings), n_longest=n_longest)
        self._near: dict[str, list[tuple[str, Near, Spelling]]] = {}
        self._beginnings: dict[tuple[str, bool], list[Spelling]] = {}
        patterns: dict[str, list[Spelling]] = {}
        for spelling in spellings:
            self._learn(spelling, patterns)
        self._search = AhoCorasick(patterns)
        self._sort(list(patterns.values()))

    def _learn(self, spelling: Spelling, patterns: dict[str, list[Spelling]]) -> None:
        any_marks = spelling.any_marks
        match spelling.term:
            case Phrase():
                patterns.setdefault(self._symbols.learn(spelling.forms, any_marks=any_marks), []).append(spelling)
            case Near() as near:
                wanted = self._symbols.learn(spelling.words, any_marks=any_marks)
                self._near.setdefault(max(wanted), []).append((wanted, near, spelling))  # learnt late: seldom in watches
            case Prefix():
                before = self._symbols.learn(spelling.forms[:-1], any_marks=any_marks)
                if before:
                    patterns.setdefault(before, []).append(spelling)
                else:
                    self._beginnings.setdefault((spelling.prefix, any_marks), []).append(spelling)

    def _sort(self, patterns: list[list[Spelling]]) -> None:
        """Part, by pattern, what counts wherever it is found from what needs a second look."""
        self._plain = [tuple(each.term for each in alike if each.is_plain) for alike in patterns]
        self._doubtful: dict[int, list[Spelling]] = {}
        self._begun: dict[int, list[Spelling]] = {}
        self._patterns_of: dict[Indexed, dict[int, Spelling]] = {}
        for pattern, alike in enumerate(patterns):
            for each in alike:
                if each.is_plain:
                    self._patterns_of.setdefault(each.term, {})[pattern] = each
                else:
                    (self._begun if each.prefix else self._doubtful).setdefault(pattern, []).append(each)

    def find(self, document: Document) -> Sightings:
        """Where each term occurs in `document`."""
        readings = Readings(document, self._writer)
        haystack = Haystack(readings.readings)
        sightings = Sightings(document, readings, haystack)
        found = self._search.find_matches_as_indexes(haystack.symbols, overlapping=True)
        sightings.add_plain(chain.from_iterable(map(self._plain.__getitem__, {find[0] for find in found})), found)
        for spelling, start, end in self._second_look(haystack.symbols, found):
            sightings.add(spelling, start, end)
        return sightings

    def hits(self, term: Indexed, sightings: Sightings) -> list[Hit]:
        """Where `term` occurs among `sightings`, by place."""
        return sightings.hits(term, self._patterns_of.get(term, {})) if term in sightings else []

    def _second_look(self, haystack: str, found: Found) -> Iterator[tuple[Spelling, int, int]]:
        for pattern, start, end in [find for find in found if find[0] in self._doubtful] if self._doubtful else ():
            yield from ((spelling, start, end) for spelling in self._doubtful[pattern])
        beginning = self._symbols.beginning
        begun = [find for find in found if find[0] in self._begun and haystack[find[2] : find[2] + 1] in beginning] if self._begun else ()
        for pattern, start, end in begun:
            prefixes = beginning[haystack[end]]
            yield from ((each, start, end + 1) for each in self._begun[pattern] if (each.prefix, each.any_marks) in prefixes)
        if self._near or self._beginnings:
            symbols = set(haystack)
            yield from self._found_near(haystack, symbols)
            yield from self._found_beginning(haystack, symbols)

    def _found_near(self, haystack: str, symbols: set[str]) -> Iterator[tuple[Spelling, int, int]]:
        trail: Trail | None = None
        for symbol in self._near.keys() & symbols:
            for wanted, near, spelling in self._near[symbol]:
                if symbols.issuperset(wanted):
                    trail = trail or Trail(haystack)
                    yield from ((spelling, start, end) for start, end in trail.windows(wanted, near.n_between))

    def _found_beginning(self, haystack: str, symbols: set[str]) -> Iterator[tuple[Spelling, int, int]]:
        for symbol in self._symbols.beginning.keys() & symbols if self._beginnings else ():
            spellings = [each for prefix in self._symbols.beginning[symbol] for each in self._beginnings.get(prefix, ())]
            place = haystack.find(symbol) if spellings else -1
            while place >= 0:
                yield from ((spelling, place, place + 1) for spelling in spellings)
                place = haystack.find(symbol, place + 1)
