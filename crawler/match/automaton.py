"""All terms of all watches in one automaton: one pass over each reading of an article says which occur, and where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick

from config.glossary import Glossary
from crawler.match.document import Document
from crawler.match.proximity import Trail
from crawler.match.readings import Reading, Readings, Writer
from crawler.match.spelling import Speller, Spelling
from crawler.match.symbols import Symbols
from crawler.match.terms import Indexed, Near, Phrase, Prefix

_Found: TypeAlias = Sequence[tuple[int, int, int]]
"""Pattern, start and end of each find."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at start:end of the document's text, and why, as an alert tells it."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A spelling at symbols start:end of a reading."""

    spelling: Spelling
    reading: Reading
    start: int
    end: int


class Sightings:
    """Which terms occur in one document, and where. Places are worked out when asked for: most articles set off nothing."""

    def __init__(self, document: Document, readings: Readings) -> None:
        self.document, self._readings = document, readings
        self._terms: set[Indexed] = set()
        self._doubtful: list[Sighting] = []
        self._plain: list[tuple[Reading, _Found]] = []

    def add(self, sighting: Sighting) -> None:
        """Add what counts only in one field, or in some readings: whether it does is found out here."""
        term = sighting.spelling.term
        if (sighting.reading.is_written_out and not term.abbreviations) or self._readings.redefines(sighting.spelling.shorts):
            return
        if term.field is None or term.field == self._field(sighting):
            self._terms.add(term)
            self._doubtful.append(sighting)

    def add_plain(self, terms: Iterable[Indexed], reading: Reading, found: _Found) -> None:
        """Add what counts everywhere: `terms` are those of the patterns in `found`."""
        self._terms.update(terms)
        self._plain.append((reading, found))

    def __contains__(self, term: object) -> bool:
        return term in self._terms

    def __iter__(self) -> Iterator[Indexed]:
        return iter(self._terms)

    def hits(self, term: Indexed, patterns: Mapping[int, Spelling]) -> list[Hit]:
        """Where `term` occurs, by place, read as printed where that will do. `patterns` are its plain ones."""
        seen = [each for each in self._doubtful if each.spelling.term == term]
        seen += (
            Sighting(patterns[pattern], reading, start, end)
            for reading, found in self._plain
            for pattern, start, end in found
            if pattern in patterns
        )
        hits: dict[tuple[int, int], Hit] = {}
        for sighting in sorted(seen, key=_is_literal_first):
            hit = self._hit(sighting)
            hits.setdefault((hit.start, hit.end), hit)
        return [hits[place] for place in sorted(hits)]

    def _hit(self, sighting: Sighting) -> Hit:
        first, last = sighting.reading.place(sighting.start), sighting.reading.last_place(sighting.end - 1)
        start, end = self.document.tokens.span(first, last)
        used = self._readings.explanation(first, last) if sighting.reading.is_written_out else ""
        return Hit(start, end, used or sighting.spelling.note or sighting.spelling.term.shown)

    def _field(self, sighting: Sighting) -> str:
        start, _ = self.document.tokens.span(place := sighting.reading.place(sighting.start), place)
        return self.document.field_at(start)[0]


def _is_literal_first(sighting: Sighting) -> tuple[bool, bool]:
    return sighting.reading.is_written_out, sighting.spelling.note != ""


class Automaton:
    """Compiled once; finding changes nothing but memory of spellings, so threads may share it."""

    def __init__(self, terms: Iterable[Indexed], glossary: Glossary) -> None:
        speller = Speller(glossary)
        spellings = [spelling for term in dict.fromkeys(terms) for spelling in speller.spellings(term)]
        self._symbols = Symbols((each.prefix, each.any_marks) for each in spellings if isinstance(each.term, Prefix))
        self._writer = Writer(glossary, self._symbols, folds=any(each.any_marks for each in spellings))
        self._near: dict[str, list[tuple[str, Spelling]]] = {}
        self._beginnings: dict[tuple[str, bool], list[Spelling]] = {}
        patterns: dict[str, list[Spelling]] = {}
        for spelling in spellings:
            self._learn(spelling, patterns)
        self._search = AhoCorasick(patterns)
        self._plain = [tuple(each.term for each in alike if each.is_plain) for alike in patterns.values()]
        self._doubtful = {
            place: found for place, alike in enumerate(patterns.values()) if (found := [each for each in alike if not each.is_plain])
        }
        self._patterns_of: dict[Indexed, dict[int, Spelling]] = {}
        for place, alike in enumerate(patterns.values()):
            for spelling in alike:
                if spelling.is_plain:
                    self._patterns_of.setdefault(spelling.term, {})[place] = spelling

    def _learn(self, spelling: Spelling, patterns: dict[str, list[Spelling]]) -> None:
        any_marks = spelling.any_marks
        match spelling.term:
            case Phrase():
                patterns.setdefault(self._symbols.learn(spelling.forms, any_marks=any_marks), []).append(spelling)
            case Near():
                wanted = self._symbols.learn(spelling.words, any_marks=any_marks)
                self._near.setdefault(max(wanted), []).append((wanted, spelling))  # late in the alphabet: seldom in watches
            case Prefix():
                before = self._symbols.learn(spelling.forms[:-1], any_marks=any_marks)
                if before:
                    patterns.setdefault(before, []).append(spelling)
                else:
                    self._beginnings.setdefault((spelling.prefix, any_marks), []).append(spelling)

    def find(self, document: Document) -> Sightings:
        """Where each term occurs in `document`."""
        readings = Readings(document, self._writer)
        sightings = Sightings(document, readings)
        for reading in readings.readings:
            for haystack in filter(None, map("".join, (reading.exact, reading.any_marks))):
                found = self._search.find_matches_as_indexes(haystack, overlapping=True)
                patterns = {pattern for pattern, _, _ in found}
                sightings.add_plain(chain.from_iterable(map(self._plain.__getitem__, patterns)), reading, found)
                for spelling, start, end in self._found(haystack, found, patterns):
                    sightings.add(Sighting(spelling, reading, start, end))
        return sightings

    def hits(self, term: Indexed, sightings: Sightings) -> list[Hit]:
        """Where `term` occurs among `sightings`, by place."""
        return sightings.hits(term, self._patterns_of.get(term, {})) if term in sightings else []

    def _found(self, haystack: str, found: _Found, patterns: set[int]) -> Iterator[tuple[Spelling, int, int]]:
        for pattern, start, end in [find for find in found if find[0] in self._doubtful] if patterns & self._doubtful.keys() else ():
            for spelling in self._doubtful[pattern]:
                if not spelling.prefix:
                    yield spelling, start, end
                elif (spelling.prefix, spelling.any_marks) in self._symbols.beginning.get(haystack[end : end + 1], ()):
                    yield spelling, start, end + 1
        if self._near or self._beginnings:
            symbols = set(haystack)
            yield from self._found_near(haystack, symbols)
            yield from self._found_beginning(haystack, symbols)

    def _found_near(self, haystack: str, symbols: set[str]) -> Iterator[tuple[Spelling, int, int]]:
        trail: Trail | None = None
        for symbol in self._near.keys() & symbols:
            for wanted, spelling in self._near[symbol]:
                if symbols.issuperset(wanted):
                    trail = trail or Trail(haystack)
                    assert isinstance(spelling.term, Near)
                    for start, end in trail.windows(wanted, spelling.term.n_between):
                        yield spelling, start, end

    def _found_beginning(self, haystack: str, symbols: set[str]) -> Iterator[tuple[Spelling, int, int]]:
        for symbol in self._symbols.beginning.keys() & symbols if self._beginnings else ():
            spellings = [each for prefix in self._symbols.beginning[symbol] for each in self._beginnings.get(prefix, ())]
            place = haystack.find(symbol) if spellings else -1
            while place >= 0:
                yield from ((spelling, place, place + 1) for spelling in spellings)
                place = haystack.find(symbol, place + 1)
