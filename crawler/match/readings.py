"""The ways to read an article: as printed, without its defining brackets, and with its short forms written out.

Each reading is a string of symbols over the same parts of the text, so that whatever is found in any of them is found at a place
of the original. A reading may give a part no symbol (a bracket left out) or many (a short form written out).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, takewhile
from typing import Protocol

from config.glossary import Glossary
from crawler.match.document import Document
from crawler.match.symbols import BORDER
from crawler.text.abbreviations import Occurrence, ShortForm, ShortForms
from crawler.text.definitions import definitions
from crawler.text.tokens import phrase_tokens, split


@dataclass(slots=True)
class Reading:
    """`exact` and `any_marks` are strings of symbols of the same shape, one string for each part of the text."""

    exact: list[str]
    any_marks: list[str]
    is_written_out: bool = False
    reach: Mapping[int, int] = field(default_factory=dict)
    """Where a short form of several parts begins: its last part."""
    _ends: list[int] = field(default_factory=list)

    def place(self, symbol: int) -> int:
        """The part that the symbol of that number belongs to."""
        if not self._ends:
            self._ends = list(accumulate(map(len, self.exact)))
        return bisect_right(self._ends, symbol)

    def n_before(self, place: int) -> int:
        """How many symbols stand before the part of that number."""
        return len("".join(self.exact[:place]))

    def last_place(self, symbol: int) -> int:
        """As `place`, but the last part where a short form covers several."""
        place = self.place(symbol)
        return self.reach.get(place, place)


def _first(occurrence: Occurrence) -> int:
    return occurrence.first


class Alphabet(Protocol):
    """What the parts of a text are spelt in: symbols to search in, or words to index."""

    @property
    def exact(self) -> Mapping[str, str]: ...
    @property
    def any_marks(self) -> Mapping[str, str]: ...
    def spell(self, text: str, *, any_marks: bool) -> str: ...


class Writer:
    """Writes short forms out in symbols; what the glossary says is written once and kept."""

    def __init__(self, glossary: Glossary, symbols: Alphabet, *, folds: bool, n_longest: int) -> None:
        """`folds`: some term takes any marks. `n_longest`: syllables that the longest term can reach over."""
        self.glossary = ShortForms.of_glossary(glossary)
        self.symbols, self.folds, self.n_longest = symbols, folds, n_longest
        self._kept: dict[ShortForm, tuple[str, str]] = {}

    def spell(self, form: ShortForm) -> tuple[str, str]:
        """The long form as exact symbols and as symbols without marks."""
        known = self._kept.get(form)
        if known is None:
            long = written_out(form.long, self.glossary)
            known = self.symbols.spell(long, any_marks=False), self.symbols.spell(long, any_marks=True) if self.folds else ""
            if not form.is_defined:
                self._kept[form] = known
        return known


class Readings:
    """All readings of one document. Short forms defined in the article win over the glossary's."""

    def __init__(self, document: Document, writer: Writer) -> None:
        self._document, self._writer = document, writer
        self.defined = definitions(document.text, document.tokens)
        self._meanings: dict[tuple[str, ...], set[str]] = {}
        for each in self.defined:
            self._meanings.setdefault(each.form.tokens, set()).add(each.form.long)
        self.occurrences = self._occurrences()
        literal = self._as_printed()
        self.readings = [literal]
        brackets = list(dict.fromkeys(each.bracket for each in self.defined if each.bracket))
        if brackets:
            self.readings.append(_around(_without(literal, brackets), brackets, writer.n_longest))
        if self.occurrences:
            written, places = self._written_out(literal), [(each.first, each.last) for each in self.occurrences]
            self.readings.append(_around(_without(written, brackets), [*places, *brackets], writer.n_longest))
            self.readings += [_around(written, [(first + 1, last - 1) for first, last in brackets], 0)] if brackets else []

    def explanation(self, first: int, last: int) -> str:
        """The short forms that were read between two parts, as an alert tells them; empty if there are none."""
        start = bisect_left(self.occurrences, first, key=_first)
        used = takewhile(lambda each: each.first <= last, islice(self.occurrences, start, None))
        return "; ".join(dict.fromkeys(each.form.reason for each in used))

    def redefines(self, shorts: Sequence[ShortForm]) -> bool:
        """Whether the article gives one of these short forms of the glossary another meaning."""
        return any(not _alike(long, form.long) for form in shorts for long in self._meanings.get(form.tokens, ()))

    def _as_printed(self) -> Reading:
        parts, symbols = self._document.tokens.parts, self._writer.symbols
        exact = list(map(symbols.exact.__getitem__, parts))
        return Reading(exact, list(map(symbols.any_marks.__getitem__, parts)) if self._writer.folds else [])

    def _occurrences(self) -> list[Occurrence]:
        if not self.defined:
            return self._writer.glossary.find(self._document.tokens)
        own = ShortForms((each.form for each in self.defined), take_numbers=True).find(self._document.tokens)
        single = {each.form.tokens[0] for each in self.defined if len(each.form.tokens) == 1}
        taken = {place for each in own for place in range(each.first, each.last + 1)}
        known = self._writer.glossary.find(self._document.tokens, except_for=single)
        return sorted([*own, *(each for each in known if taken.isdisjoint(range(each.first, each.last + 1)))], key=_first)

    def _written_out(self, literal: Reading) -> Reading:
        exact, any_marks = literal.exact.copy(), literal.any_marks.copy()
        spelt_out = {form: self._writer.spell(form) for form in {each.form for each in self.occurrences}}
        for each in self.occurrences:
            rest = [""] * (each.last - each.first)
            spelt, folding = spelt_out[each.form]
            exact[each.first : each.last + 1] = [spelt, *rest]
            if any_marks:
                any_marks[each.first : each.last + 1] = [folding, *rest]
        reach = {each.first: each.last for each in self.occurrences if each.last > each.first}
        return Reading(exact, any_marks, is_written_out=True, reach=reach)


def _alike(long: str, other: str) -> bool:
    """Whether one of two long forms is within the other: Liên hiệp Phụ nữ, Hội Liên hiệp Phụ nữ."""
    one, two = (" ".join(form for form in phrase_tokens(text) if form[0].isalnum()) for text in (long, other))
    return one in two or two in one


def written_out(long: str, glossary: ShortForms) -> str:
    """The words of a long form with the short forms in it written out too: Ủy ban MTTQ, Ủy ban Mặt trận Tổ quốc."""
    tokens = split(long)
    words = tokens.parts[1::2]
    for each in reversed(glossary.find(tokens)):
        if each.form.long != long:
            words[each.first // 2 : each.last // 2 + 1] = split(each.form.long).parts[1::2]
    return " ".join(words)


def _without(reading: Reading, brackets: Sequence[tuple[int, int]]) -> Reading:
    """The reading with its defining brackets left out; what parts before and behind them still parts."""

    def leave_out(spelt: list[str]) -> list[str]:
        left = spelt.copy()
        for opening, closing in brackets if spelt else ():
            left[opening + 1 : closing] = [""] * (closing - opening - 1)
            left[opening] = left[opening].rpartition("(")[0]
            left[closing] = left[closing].partition(")")[2]
        return left

    return Reading(leave_out(reading.exact), leave_out(reading.any_marks), reading.is_written_out, reading.reach)


def _around(reading: Reading, places: Sequence[tuple[int, int]], n_syllables: int) -> Reading:
    """What stands up to `n_syllables` from some places: all else reads as in the reading that these places differ from."""
    stretches: list[list[int]] = []
    for first, last in sorted(places):
        start, end = first - 2 * n_syllables, last + 2 * n_syllables + 1
        if stretches and start <= stretches[-1][1]:
            stretches[-1][1] = max(end, stretches[-1][1])
        else:
            stretches.append([max(start, 0), end])

    def keep(spelt: list[str]) -> list[str]:
        kept = [""] * len(spelt)
        for start, end in stretches if spelt else ():
            kept[start:end] = spelt[start:end]
            if start:
                kept[start - 1] += BORDER
        return kept

    return Reading(keep(reading.exact), keep(reading.any_marks), reading.is_written_out, reading.reach)
