"""A text as its reader sees it, for regular expressions: composed, only what is visible; with the way back to the original."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.text.normal import INVISIBLE, clean, clean_block, run_together

_RUN = re.compile(rf"[\s{INVISIBLE}]++|[^\s{INVISIBLE}]++")
_LETTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_LINES = re.compile(r"\r\n|[\n\v\r\x85\u2028]")


@dataclass(frozen=True, slots=True)
class Printed:
    """`text` in which letters are composed, white space is one space and a blank line one blank line."""

    text: str
    places: tuple[tuple[int, int], ...] | None = None
    """Of each character of `text`: from where to where it stands in the original; None: the original is printed so."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where start:end (not empty) of `text` stands in the original."""
        return (start, end) if self.places is None else (self.places[start][0], self.places[end - 1][1])


def printed(text: str) -> Printed:
    if clean_block(text) == text:
        return Printed(text)
    seen = [(char, place) for chars, place in _stretches(text) for char in chars]
    return Printed("".join(char for char, _ in seen), tuple(place for _, place in seen))


def _stretches(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """What is seen of the text piece by piece, and where each piece stands."""
    gaps = set(run_together(text))
    for run in _RUN.finditer(text):
        if not run[0].strip() or clean(run[0]) == "":
            yield " " if run.span() in gaps else _space(run[0]), run.span()
        else:
            yield from ((seen, (run.start() + start, run.start() + end)) for seen, start, end in _letters(run[0]))


def _letters(word: str) -> list[tuple[str, int, int]]:
    letters = [(clean(found[0]), found.start(), found.end()) for found in _LETTER.finditer(word)]
    whole = clean(word)
    return letters if "".join(letter for letter, _, _ in letters) == whole else [(whole, 0, len(word))]


def _space(run: str) -> str:
    if "\u2029" in run or len(_LINES.findall(run)) > 1:
        return "\n\n"
    return " " if any(map(str.isspace, run)) else ""
