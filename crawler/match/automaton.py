"""All terms of all watches in one automaton: one pass over each reading of an article says which occur, and where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from config.glossary import Glossary
from crawler.match.document import Document
from crawler.match.proximity import Trail
from crawler.match.readings import Reading, Readings, Writer
from crawler.match.spelling import Speller, Spelling
from crawler.match.symbols import Symbols
from crawler.match.terms import Indexed, Near, Phrase, Prefix


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at start:end of the document's text, and why, as an alert tells it."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A spelling at symbols start:end of a reading."""

    spelling: Spelling
    reading: Reading
    start: int
    end: int


class Sightings:
    """Which terms occur in one document, and where."""

    def __init__(self, document: Document, readings: Readings) -> None:
        self.document, self._readings = document, readings
        self._seen: dict[Indexed, list[_Sighting]] = {}

    def add(self, sighting: _Sighting) -> None:
        term = sighting.spelling.term
        if sighting.reading.is_written_out and not term.abbreviations:
            return
        if term.field is None or term.field == self._field(sighting):
            self._seen.setdefault(term, []).append(sighting)

    def __contains__(self, term: object) -> bool:
        return term in self._seen

    def __iter__(self) -> Iterator[Indexed]:
        return iter(self._seen)

    def hits(self, term: Indexed) -> list[Hit]:
        """Where `term` occurs, by place; read as printed where that will do."""
        found: dict[tuple[int, int], Hit] = {}
        for sighting in self._seen.get(term, ()):
            first, last = sighting.reading.place(sighting.start), sighting.reading.last_place(sighting.end - 1)
            start, end = self.document.tokens.span(first, last)
            if (start, end) not in found:
                used = self._readings.explanation(first, last) if sighting.reading.is_written_out else ""
                found[start, end] = Hit(start, end, used or sighting.spelling.note or term.shown)
        return [found[place] for place in sorted(found)]

    def _field(self, sighting: _Sighting) -> str:
        start, _ = self.document.tokens.span(place := sighting.reading.place(sighting.start), place)
        return self.document.field_at(start)[0]


class Automaton:
    """Compiled once; finding changes nothing but memory of spellings, so threads may share it."""

    def __init__(self, terms: Iterable[Indexed], glossary: Glossary) -> None:
        speller = Speller(glossary)
        spellings = [spelling for term in dict.fromkeys(terms) for spelling in speller.spellings(term)]
        self._symbols = Symbols((each.prefix, each.term.any_marks) for each in spellings if isinstance(each.term, Prefix))
        self._writer = Writer(glossary, self._symbols, folds=any(each.term.any_marks for each in spellings))
        self._phrases: dict[str, list[Spelling]] = {}
        self._near: dict[str, list[tuple[str, Spelling]]] = {}
        self._prefixes: dict[tuple[str, bool], list[tuple[str, Spelling]]] = {}
        for spelling in spellings:
            self._learn(spelling)
        self._patterns = tuple(self._phrases.values())
        self._search = AhoCorasick(self._phrases)

    def _learn(self, spelling: Spelling) -> None:
        any_marks = spelling.term.any_marks
        match spelling.term:
            case Phrase():
                self._phrases.setdefault(self._symbols.learn(spelling.forms, any_marks=any_marks), []).append(spelling)
            case Near():
                wanted = self._symbols.learn(spelling.words, any_marks=any_marks)
                self._near.setdefault(max(wanted), []).append((wanted, spelling))  # late in the alphabet: seldom in watches
            case Prefix():
                before = self._symbols.learn(spelling.forms[:-1], any_marks=any_marks)
                self._prefixes.setdefault((spelling.prefix, any_marks), []).append((before, spelling))

    def find(self, document: Document) -> Sightings:
        """Where each term occurs in `document`."""
        readings = Readings(document, self._writer)
        sightings = Sightings(document, readings)
        for reading in readings.readings:
            haystacks = ["".join(reading.exact), *(["".join(reading.any_marks)] if reading.any_marks else [])]
            for haystack in haystacks:
                for spelling, start, end in self._found(haystack):
                    if not readings.redefines(spelling.shorts):
                        sightings.add(_Sighting(spelling, reading, start, end))
        return sightings

    def _found(self, haystack: str) -> Iterator[tuple[Spelling, int, int]]:
        for pattern, start, end in self._search.find_matches_as_indexes(haystack, overlapping=True):
            for spelling in self._patterns[pattern]:
                yield spelling, start, end
        if self._near or self._prefixes:
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
        for symbol in self._symbols.beginning.keys() & symbols:
            places = [place for place, char in enumerate(haystack) if char == symbol]
            for prefix in self._symbols.beginning[symbol]:
                for before, spelling in self._prefixes[prefix]:
                    for place in places:
                        if haystack.endswith(before, 0, place):
                            yield spelling, place - len(before), place + 1
