"""Short forms against their words: does `DV` stand for `dân vận`, and for which of the words before it?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.text.normal import clean, fold_marks
from crawler.text.tokens import normal

SKIPPED = frozenset(
    map(normal, ["và", "của", "về", "các", "cho", "trong", "tại", "với", "số", "ở", "theo", "những", "từ", "thuộc", "do", "để"])
)
"""Words that a short form may leave out: Giáo dục và Đào tạo is GDĐT."""
MAX_SKIPPED = 2
"""Other words left out in the middle: Ủy ban Trung ương Mặt trận Tổ quốc is UBMTTQ."""
MAX_UNCOVERED = 4
"""Words between the last one covered and the bracket: Ban Dân vận Tỉnh ủy (BDV)."""
_ENOUGH_TO_SKIP = 4
"""Letters from which on a short form with a word left out is no accident."""
_ENOUGH_FOR_BARE = 3
"""Letters from which on it may be typed without its strokes: DBSCL for Đồng bằng sông Cửu Long."""
_LONGEST = 15
"""Letters of the longest short form: TDĐKXDĐSVH has ten."""
_MOST_STEPS = 2000
"""Tries after which a short form is given up: a text may be made to have very many ways."""
_DIGRAPH = 2
"""Letters of one word, where it is not itself a short form: Thạc sĩ is ThS."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The words `first` to `last` that a short form stands for; `runs` gives the words of each of its parts."""

    first: int
    last: int
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One part of a short form: letters that stand for words, or (`letters` empty) a word written out as `word`."""

    letters: str
    word: str = ""


def element(token: str) -> Element:
    """Capital letters stand for words; anything else is itself a word."""
    return Element(without_tones(token).replace(".", "")) if is_short(token) else Element("", normal(token))


@lru_cache(maxsize=100_000)
def is_short(token: str) -> bool:
    """UBND, ThS, TP, 4G: at least two capitals or capitals and digits, and they are the greater part."""
    n_capitals = sum(char.isupper() or char.isdigit() for char in token)
    return len(token) <= _LONGEST and n_capitals >= 2 and n_capitals * 2 >= len(token) and any(char.isupper() for char in token)  # noqa: PLR2004 - as said above


@lru_cache(maxsize=100_000)
def without_tones(word: str) -> str:
    """As initials are compared: marks put aside, but đ is not d."""
    return "".join(char if char == "đ" else fold_marks(char) for char in clean(word).casefold())


def cover_before(elements: Sequence[Element], words: Sequence[str]) -> Cover | None:
    """The words at the end of `words` (as written) for which `elements` stand, nearest and most literal first."""
    is_long = n_letters(elements) >= _ENOUGH_TO_SKIP
    for n_free in (0, MAX_SKIPPED) if is_long else (0,):
        for alignment in _alignments(elements, words, n_free):
            for n_uncovered in range(min(MAX_UNCOVERED, len(words) - 2) + 1):
                found = alignment.ending_at(len(words) - 1 - n_uncovered)
                if found and (n_uncovered == 0 or is_long or words[found.first][:1].isupper()):
                    return found
    return None


def cover_all(elements: Sequence[Element], words: Sequence[str]) -> Cover | None:
    """As `cover_before`, but the first and the last of `words` must be covered."""
    covers = (alignment.ending_at(len(words) - 1) for alignment in _alignments(elements, words, 0))
    return next((cover for cover in covers if cover and cover.first == 0), None)


def _alignments(elements: Sequence[Element], words: Sequence[str], n_free: int) -> Iterator["_Alignment"]:
    bare = [without_tones(word) for word in words]
    yield _Alignment(elements, words, bare, n_free)
    if n_letters(elements) >= _ENOUGH_FOR_BARE and not any("đ" in each.letters for each in elements):
        yield _Alignment(elements, words, [word.replace("đ", "d") for word in bare], n_free)


def n_letters(elements: Sequence[Element]) -> int:
    return sum(len(each.letters) or 1 for each in elements)


class _Alignment:
    """Reads a short form backwards against words."""

    def __init__(self, elements: Sequence[Element], words: Sequence[str], bare: Sequence[str], n_free: int) -> None:
        self._elements, self._words, self._bare, self._n_free = elements, words, bare, n_free
        self._n_steps = 0

    def ending_at(self, last: int) -> Cover | None:
        """The cover whose last word is `last`; at least two words, so that a name in capitals defines nothing."""
        runs = self._runs(len(self._elements) - 1, last, self._n_free)
        if runs is None or last - runs[0][0] < 1:
            return None
        return Cover(runs[0][0], last, tuple(runs))

    def _runs(self, place: int, last: int, n_free: int) -> list[tuple[int, int]] | None:
        """The words of the elements up to `place`, the last one ending exactly at word `last`."""
        if place < 0:
            return []
        if last < 0:
            return None
        each = self._elements[place]
        if not each.letters:
            starts = [(last, n_free)] if normal(self._words[last]) == each.word else []
        else:
            starts = self._starts(each.letters, last, n_free)
        for first, left in starts:
            if place == 0:
                return [(first, last)]
            for before, remaining in self._before(first, left):
                found = self._runs(place - 1, before, remaining)
                if found is not None:
                    return [*found, (first, last)]
        return None

    def _starts(self, letters: str, last: int, n_free: int) -> list[tuple[int, int]]:
        """Words at which `letters` may begin when they end at `last`, with the skips that are left."""
        starts: list[tuple[int, int]] = []
        self._n_steps += 1
        for n in range(1, min(self._most(last), len(letters)) + 1) if self._n_steps < _MOST_STEPS else ():
            if not self._stands_for(letters[-n:], last):
                continue
            if n == len(letters):
                starts.append((last, n_free))
            else:
                for before, left in self._before(last, n_free):
                    starts += self._starts(letters[:-n], before, left)
        return starts

    def _stands_for(self, letters: str, place: int) -> bool:
        """Whether the word begins with `letters`; w is an old way to write ư: TW, Trung ương."""
        return self._bare[place].startswith(letters) or (letters == "w" and self._words[place][:1] in "ưƯ")

    def _most(self, place: int) -> int:
        return len(self._bare[place]) if is_short(self._words[place]) else _DIGRAPH

    def _before(self, first: int, n_free: int) -> list[tuple[int, int]]:
        """Words that may be the last one of what stands before `first`: the next one, or the one before skipped ones."""
        places: list[tuple[int, int]] = []
        place = first - 1
        while place >= 0:
            places.append((place, n_free))
            if normal(self._words[place]) not in SKIPPED:
                n_free -= 1
            if n_free < 0:
                break
            place -= 1
        return places
