"""What the automaton saw in one article, and where that is in the original text."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from crawler.match.document import Document
from crawler.match.readings import Reading, Readings
from crawler.match.spelling import Spelling
from crawler.match.symbols import BORDER
from crawler.match.terms import Indexed

Found: TypeAlias = Sequence[tuple[int, int, int]]
"""Pattern, start and end of each find, in symbols of the haystack."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at start:end of the document's text, and why, as an alert tells it."""

    start: int
    end: int
    reason: str


class Haystack:
    """All readings of a document in one string of symbols, with a border between."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        spelt = [(reading, "".join(letters)) for reading in readings for letters in (reading.exact, reading.any_marks) if letters]
        self.symbols = BORDER.join([symbols for _, symbols in spelt])
        self._readings = [reading for reading, _ in spelt]
        self._starts = [0, *accumulate(len(symbols) + len(BORDER) for _, symbols in spelt)]

    def locate(self, start: int, end: int) -> tuple[Reading, int, int]:
        """The reading in which start:end lies, and where in it."""
        place = bisect_right(self._starts, start) - 1
        base = self._starts[place]
        return self._readings[place], start - base, end - base


class _Sighting(NamedTuple):
    """A spelling at symbols start:end of one reading. Which parts of the document these are costs time and is seldom asked."""

    spelling: Spelling
    reading: Reading
    start: int
    end: int

    @property
    def first(self) -> int:
        return self.reading.place(self.start)

    @property
    def last(self) -> int:
        """Included."""
        return self.reading.last_place(self.end - 1)


class Sightings:
    """Which terms occur in one document, and where. Places are worked out when asked for: most articles set off nothing."""

    def __init__(self, document: Document, readings: Readings, haystack: Haystack) -> None:
        self.document, self._readings, self._haystack = document, readings, haystack
        self._terms: set[Indexed] = set()
        self._doubtful: dict[Indexed, list[_Sighting]] = {}
        self._plain: Found = ()
        self._borders: dict[int, list[int]] = {}
        """By the identity of a reading: its first symbol of each field."""

    def add_plain(self, terms: Iterable[Indexed], found: Found) -> None:
        """Take what counts everywhere: `terms` are those of the patterns in `found`."""
        self._terms.update(terms)
        self._plain = found

    def add(self, spelling: Spelling, start: int, end: int) -> None:
        """Take what counts only in one field or in some readings, if it does here."""
        term = spelling.term
        reading, start, end = self._haystack.locate(start, end)
        if (reading.is_written_out and not term.abbreviations) or self._readings.redefines(spelling.shorts):
            return
        sighting = _Sighting(spelling, reading, start, end)
        if term.field is None or term.field == self._field(sighting):
            self._terms.add(term)
            self._doubtful.setdefault(term, []).append(sighting)

    def __contains__(self, term: object) -> bool:
        return term in self._terms

    def __iter__(self) -> Iterator[Indexed]:
        return iter(self._terms)

    def hits(self, term: Indexed, patterns: Mapping[int, Spelling]) -> list[Hit]:
        """Where `term` occurs, by place, read as printed where that will do. `patterns` are its plain ones."""
        seen = [*self._doubtful.get(term, ()), *self._plain_sightings(patterns)]
        hits: dict[tuple[int, int], Hit] = {}
        for sighting in sorted(seen, key=_is_literal_first):
            hit = self._hit(sighting)
            hits.setdefault((hit.start, hit.end), hit)
        return [hits[place] for place in sorted(hits)]

    def _plain_sightings(self, patterns: Mapping[int, Spelling]) -> Iterator[_Sighting]:
        for pattern, start, end in self._plain if patterns else ():
            if pattern in patterns:
                yield _Sighting(patterns[pattern], *self._haystack.locate(start, end))

    def _hit(self, sighting: _Sighting) -> Hit:
        first, last = sighting.first, sighting.last
        start, end = self.document.tokens.span(first, last)
        used = self._readings.explanation(first, last) if sighting.reading.is_written_out else ""
        return Hit(start, end, used or sighting.spelling.note or sighting.spelling.term.shown)

    def _field(self, sighting: _Sighting) -> str:
        borders = self._borders.get(id(sighting.reading))
        if borders is None:
            first_parts = [bisect_right(self.document.tokens.ends, start) for start in self.document.starts]
            borders = self._borders[id(sighting.reading)] = [sighting.reading.n_before(part) for part in first_parts]
        return self.document.names[bisect_right(borders, sighting.start) - 1]


def _is_literal_first(sighting: _Sighting) -> tuple[bool, bool]:
    return sighting.reading.is_written_out, sighting.spelling.note != ""
