"""One character per syllable: an article becomes a short string in which phrase search is plain substring search.

Every syllable that a watch speaks of has its own character, twice: one for its normal form, one for the form without marks. All
other syllables are UNKNOWN. Parting marks stand for themselves, so that no phrase reaches over them. The alphabets are disjoint.
"""

from collections.abc import Iterable
from threading import Lock

from crawler.text.tokens import folded, normal, parting, phrase_tokens

UNKNOWN = "\x01"
BORDER = "\x02"
"""Parts two readings of the same article in one haystack."""
_FIRST = 0x3000  # above every parting mark
_SURROGATES = range(0xD800, 0xE000)
_LAST = 0x10FFFF
_MEMO_SIZE = 200_000  # spellings; a year of 34 provinces' news has about 60,000


class Symbols:
    """The alphabet. It grows while watches are compiled; matching only reads it (and remembers spellings)."""

    def __init__(self) -> None:
        self._chars: dict[str, str] = {}
        self._next = _FIRST
        self._lock = Lock()
        self.exact = _Memo(self, any_marks=False)
        self.any_marks = _Memo(self, any_marks=True)

    def learn(self, forms: Iterable[str], *, any_marks: bool) -> str:
        """The string of a phrase given as normal forms and parting marks."""
        return "".join(form if not form[0].isalnum() else self._char(_key(form, any_marks=any_marks)) for form in forms)

    def char(self, form: str, *, any_marks: bool) -> str:
        """The character of a normal form, or UNKNOWN."""
        return self._chars.get(_key(form, any_marks=any_marks), UNKNOWN)

    def spell(self, text: str, *, any_marks: bool) -> str:
        """The string of any text, by the alphabet as it is."""
        return "".join(form if not form[0].isalnum() else self.char(form, any_marks=any_marks) for form in phrase_tokens(text))

    def _char(self, key: str) -> str:
        with self._lock:
            if key not in self._chars:
                if self._next in _SURROGATES:
                    self._next = _SURROGATES.stop
                if self._next > _LAST:
                    raise OverflowError("more than a million different syllables in the watches")
                self._chars[key] = chr(self._next)
                self._next += 1
            return self._chars[key]


def _key(form: str, *, any_marks: bool) -> str:
    return f"~{folded(form)}" if any_marks else form


class _Memo(dict[str, str]):
    """Part of a text (see `tokens.split`) to its characters: a spelling is looked at once, then remembered."""

    def __init__(self, symbols: Symbols, *, any_marks: bool) -> None:
        super().__init__()
        self._symbols, self._any_marks = symbols, any_marks

    def __missing__(self, part: str) -> str:
        if len(self) > _MEMO_SIZE:
            self.clear()
        is_token = part != "" and part[0].isalnum()
        chars = self._symbols.char(normal(part), any_marks=self._any_marks) if is_token else parting(part)
        self[part] = chars
        return chars
