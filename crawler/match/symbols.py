"""One character per syllable: an article becomes a short string in which phrase search is plain substring search.

Every syllable that a watch speaks of has its own character, twice: one for its normal form, one for the form without marks. All
other syllables are UNKNOWN. Parting marks stand for themselves, so that no phrase reaches over them. The alphabets are disjoint.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from threading import Lock

from crawler.text.normal import TONE_MARKS, clean
from crawler.text.tokens import folded, is_token, normal, said, split

UNKNOWN = "\x01"
BORDER = "\x02"
"""Parts what does not stand together in the article."""
_FIRST = 0x3000  # above every parting mark
_SURROGATES = range(0xD800, 0xE000)
_LAST = 0x10FFFF
_MEMO_SIZE = 200_000  # spellings; a year of 34 provinces' news has about 60,000


class Symbols:
    """The alphabet. It grows while watches are compiled; matching adds only syllables that begin with a wanted prefix."""

    def __init__(self, prefixes: Iterable[tuple[str, bool]] = ()) -> None:
        """`prefixes`: beginnings of syllables as typed, and whether any marks will do."""
        self._prefixes = tuple(dict.fromkeys(prefixes))
        self._beginning: dict[str, list[tuple[str, bool]]] = {}
        self._chars: dict[str, str] = {}
        self._next = _FIRST
        self._lock = Lock()
        self.exact = _Memo(self, any_marks=False)
        self.any_marks = _Memo(self, any_marks=True)

    @property
    def beginning(self) -> Mapping[str, list[tuple[str, bool]]]:
        """Symbols of syllables that begin with prefixes, and with which."""
        return self._beginning

    def learn(self, forms: Iterable[str], *, any_marks: bool) -> str:
        """The string of a phrase given as normal forms and parting marks."""
        return "".join(self._char(form, any_marks=any_marks) if form[0].isalnum() else form for form in forms)

    def char(self, form: str, *, any_marks: bool) -> str:
        """The symbol of a normal form, or UNKNOWN."""
        known = self._chars.get(_key(form, any_marks=any_marks))
        if known is not None:
            return known
        wanted = any(folds == any_marks and _begins(form, prefix, any_marks=folds) for prefix, folds in self._prefixes)
        return self._char(form, any_marks=any_marks) if wanted and self._next < _LAST else UNKNOWN

    def spell(self, text: str, *, any_marks: bool) -> str:
        """The string of any text, by the alphabet as it is."""
        return "".join(map((self.any_marks if any_marks else self.exact).__getitem__, split(text).parts))

    def _char(self, form: str, *, any_marks: bool) -> str:
        with self._lock:
            key = _key(form, any_marks=any_marks)
            if key not in self._chars:
                if self._next in _SURROGATES:
                    self._next = _SURROGATES.stop
                char = chr(self._next)
                self._next += 1
                for prefix, folds in self._prefixes:
                    if folds == any_marks and _begins(form, prefix, any_marks=any_marks):
                        self._beginning.setdefault(char, []).append((prefix, folds))
                self._chars[key] = char
            return self._chars[key]


def _key(form: str, *, any_marks: bool) -> str:
    return f"~{folded(form)}" if any_marks else form


def _begins(form: str, prefix: str, *, any_marks: bool) -> bool:
    """Whether a normal form goes on from `prefix` as typed. A tone in the prefix may stand on another vowel of the form."""
    typed = clean(prefix).casefold()
    typed = f"qui{typed[3:]}" if typed.startswith("quy") else typed
    if any_marks:
        return folded(form).startswith(folded(typed)) or folded(form) == folded(normal(prefix))
    letters, tone = _tone_apart(typed)
    if not tone:
        return form.startswith(typed) or form == normal(prefix)
    form_letters, form_tone = _tone_apart(form)
    return form == normal(prefix) or (form_tone == tone and form_letters.startswith(letters))


def _tone_apart(form: str) -> tuple[str, str]:
    letters = unicodedata.normalize("NFD", form)
    tone = "".join(char for char in letters if char in TONE_MARKS)
    return unicodedata.normalize("NFC", "".join(char for char in letters if char not in TONE_MARKS)), tone


class _Memo(dict[str, str]):
    """Part of a text (see `tokens.split`) to its characters: a spelling is looked at once, then remembered."""

    def __init__(self, symbols: Symbols, *, any_marks: bool) -> None:
        super().__init__()
        self._symbols, self._any_marks = symbols, any_marks

    def __missing__(self, part: str) -> str:
        if len(self) > _MEMO_SIZE:
            self.clear()
        forms = [normal(part)] if is_token(part) else said(part)
        chars = "".join(self._symbols.char(form, any_marks=self._any_marks) if form[0].isalnum() else form for form in forms)
        self[part] = chars
        return chars
