"""Is this word a Vietnamese syllable? By its build alone, so that a wrongly read charset is told from a right one.

Every syllable is an onset and a rime; a rime has at most one tone, which stands on a place that spelling fixes (old and new style).
"""

import unicodedata
from collections.abc import Iterator

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
CODAS = ("c", "ch", "k", "m", "n", "ng", "nh", "p", "t")
_OPEN = (
    "a e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iu oa oe oi ôi ơi ua uê ui uơ uy ưa ưi ưu iêu yêu oai oao oay oeo uây uôi uya uyu "
    "ươi ươu"
)
_CLOSED = "a ă â e ê i o ô ơ u ư y oa oă oe uâ uê uô ươ iê yê uy uyê oo ôô"
_EITHER = frozenset({"oa", "oe", "uy"})
"""Open rimes that old style marks on the first vowel (hòa) and new style on the second (hoà)."""
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_QUALITIES = frozenset("ăâêôơư")
_N_VOWELS_MARKED_AMID = 3


def _places(vowels: str, *, is_open: bool) -> tuple[int, ...]:
    """Where a tone may stand in these vowels."""
    marked = [at for at, vowel in enumerate(vowels) if vowel in _QUALITIES]
    if marked:
        return (marked[-1],)
    if not is_open or len(vowels) == 1:
        return (len(vowels) - 1,)
    if len(vowels) == _N_VOWELS_MARKED_AMID:
        return (1,)
    return (0, 1) if vowels in _EITHER else (0,)


def _toned(vowels: str, codas: tuple[str, ...], *, is_open: bool) -> Iterator[str]:
    for at in _places(vowels, is_open=is_open):
        for tone in _TONES:
            toned = unicodedata.normalize("NFC", vowels[: at + 1] + tone + vowels[at + 1 :])
            yield from (toned + coda for coda in codas)


ONSETS = frozenset(["", *_ONSETS.split()])
RIMES = frozenset(
    rime
    for parts, codas, is_open in ((_OPEN, ("",), True), (_CLOSED, CODAS, False))
    for v in parts.split()
    for rime in _toned(v, codas, is_open=is_open)
)
_LONGEST_ONSET = 3
LONGEST = 7  # nghiêng, in composed letters


def is_syllable(word: str) -> bool:
    """Whether `word` (composed letters; lower case, capitalised or all capitals) is built like a Vietnamese syllable."""
    if len(word) > LONGEST or not (word[1:].islower() or word.isupper() or len(word) == 1):
        return False
    lower = word.lower()
    return any(lower[:at] in ONSETS and lower[at:] in RIMES for at in range(min(_LONGEST_ONSET, len(lower) - 1) + 1))
