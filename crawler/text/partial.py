"""Short forms of half a name, which only the other half makes plain: Đồng bằng SCL, Giáo dục và ĐT, NN và Phát triển nông thôn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.text.initials import SKIPPED, without_tones
from crawler.text.tokens import normal, split

_ENOUGH_LETTERS = 2
"""Of the half that is shortened: one letter alone is a name's."""
_ENOUGH_WORDS = 2
"""Of the half that is written out: one word alone stands before too much else."""


@dataclass(frozen=True, slots=True)
class Half:
    """`short` stands for `long` right behind the words `before`, or right before the words `behind` (normal forms; one is empty)."""

    short: str
    long: str
    before: tuple[str, ...]
    behind: tuple[str, ...]


def halves(shorts: Mapping[str, str]) -> Iterator[Half]:
    """All halves of short forms, each of whose letters is one word's: `shorts` are short forms with their words."""
    for short, long in shorts.items():
        letters, words = "".join(split(short).parts[1::2]), split(long).parts[1::2]
        at = _initials(letters, words) if letters.isupper() and letters.isalpha() else None
        if at is not None:
            yield from _cut(letters, words, at)


def _initials(letters: str, words: Sequence[str]) -> list[int] | None:
    """Which word each letter begins; the words between, as `và`, must be such as short forms leave out."""
    at: list[int] = []
    for place, word in enumerate(words):
        if len(at) < len(letters) and without_tones(word).startswith(without_tones(letters[len(at)])):
            at.append(place)
        elif normal(word) not in SKIPPED:
            return None
    return at if len(at) == len(letters) else None


def _cut(letters: str, words: Sequence[str], at: Sequence[int]) -> Iterator[Half]:
    forms = tuple(map(normal, words))
    for n in range(1, len(letters)):
        head, tail = at[n - 1] + 1, at[n]
        if len(letters) - n >= _ENOUGH_LETTERS and n >= _ENOUGH_WORDS:
            yield Half(letters[n:], " ".join(words[tail:]), forms[:tail], ())
        if n >= _ENOUGH_LETTERS and len(letters) - n >= _ENOUGH_WORDS:
            yield Half(letters[:n], " ".join(words[:head]), (), forms[head:])
