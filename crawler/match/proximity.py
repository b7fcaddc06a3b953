"""Syllables near each other: in order, with at most n others within, in one paragraph."""

import re
from collections.abc import Iterator
from functools import cached_property

from crawler.match.symbols import BORDER
from crawler.text.tokens import MARKS, PARAGRAPH

_WALLS = BORDER + PARAGRAPH
_MARK = re.compile(f"[{re.escape(''.join(MARKS - {PARAGRAPH}))}]")


class Trail:
    """A string of symbols without the marks that part phrases: proximity reaches over commas and full stops."""

    def __init__(self, symbols: str) -> None:
        self._symbols = symbols
        self._trail = _MARK.sub("", symbols)

    @cached_property
    def _places(self) -> list[int]:
        return [place for place, char in enumerate(self._symbols) if char == PARAGRAPH or char not in MARKS]

    def windows(self, wanted: str, n_between: int) -> Iterator[tuple[int, int]]:
        """Half-open stretches of the string, the tightest for each end, by place."""
        tightest: dict[int, int] = {}
        start = self._trail.find(wanted[0])
        while start >= 0:
            last = self._last(wanted, start, start + len(wanted) + n_between)
            if last >= 0:
                tightest[last] = start
            start = self._trail.find(wanted[0], start + 1)
        for last, first in tightest.items():
            yield self._places[first], self._places[last] + 1

    def _last(self, wanted: str, start: int, end: int) -> int:
        """Where the wanted symbols, taken each at its first place from `start` on, are complete; -1 if not before `end`."""
        last = start
        for symbol in wanted[1:]:
            last = self._trail.find(symbol, last + 1, end)
            if last < 0:
                return -1
        return -1 if any(wall in self._trail[start:last] for wall in _WALLS) else last
