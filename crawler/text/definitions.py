"""Short forms that an article explains itself: "Dân vận (DV)", "DVK (dân vận khéo)", "sau đây gọi tắt là …"."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload
from unicodedata import is_normalized

from crawler.text.abbreviations import ShortForm
from crawler.text.initials import Cover, cover_all, cover_before, element, is_short, n_letters
from crawler.text.normal import clean
from crawler.text.tokens import Tokens, normal, parting

_REACH = 30
"""Words before (or after) a short form among which its long form is sought."""
_MOST_IN_BRACKET = 16
_MOST_IN_SHORT = 6
_ENDS_CLAUSE = set(".;:!?…()|\n")
"""Marks that a long form does not reach over; a comma it may: phòng, chống tham nhũng (PCTN)."""
_LEAD_WORDS = frozenset(
    map(
        normal,
        [
            "sau",
            "dưới",
            "từ",
            "đây",
            "xin",
            "tạm",
            "được",
            "hay",
            "hoặc",
            "còn",
            "có",
            "tên",
            "cũng",
            "thường",
            "gọi",
            "viết",
            "tắt",
            "ngắn",
            "gọn",
            "chung",
            "theo",
            "tiếng",
            "Việt",
            "Anh",
            "là",
        ],
    )
)
"""Of these an introduction of a short form is made: sau đây gọi tắt là, còn được gọi là, tên viết tắt."""
_SHORT, _CALLED, _WRITTEN, _IS, _HERE = map(normal, ("tắt", "gọi", "viết", "là", "đây"))
_MOST_IN_LEAD_IN = 10
_EXPLAINED_BY = tuple(
    tuple(map(normal, words.split()))
    for words in (
        "là chữ viết tắt của cụm từ",
        "là từ viết tắt của cụm từ",
        "là viết tắt của cụm từ",
        "là tên viết tắt của",
        "là chữ viết tắt của",
        "là từ viết tắt của",
        "là viết tắt của",
        "là tên gọi tắt của",
        "chữ viết tắt của",
        "viết tắt của cụm từ",
        "viết tắt của",
        "viết tắt cụm từ",
        "nghĩa là",
        "tức là",
        "hay là",
        "tức",
        "hay",
        "là",
    )
)
_STATED = 2
"""Words of an explanation (là viết tắt của) from which on the words may go on behind the long form."""
_NO_ACCIDENT = {":": 3, "=": 3, "tức": 3, "-": 4, "–": 4, "—": 4, "là": 4, "hay": 4}
"""Letters from which on words that begin so are the long form although more words follow, by what stands between."""


@dataclass(frozen=True, slots=True)
class Definition:
    """`form` is explained here. `bracket`: the parts of the text that hold only the explanation, both borders included."""

    form: ShortForm
    bracket: tuple[int, int] | None = None


def definitions(text: str, tokens: Tokens) -> list[Definition]:
    """What `text` explains. Of two explanations of the same short form both are given."""
    return list(_Reader(text, tokens).read())


@dataclass(frozen=True, slots=True)
class _Bracket:
    """Parts `opening` (ends with the bracket) to `closing` (starts with it)."""

    opening: int
    closing: int


class _Lazy:
    """A function of each of `items`, worked out where it is looked at."""

    def __init__(self, function: Callable[[str], str], items: Sequence[str]) -> None:
        self._function, self._items = function, items

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return list(map(self._function, self._items[place]))
        return self._function(self._items[place])


class _Reader:
    """One article. Words are counted, not parts: word w is part 2 * w + 1, what stands before it part 2 * w."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        self._text, self._tokens = text, tokens
        self._words = tokens.parts[1::2]
        self._between = _Lazy(parting, tokens.parts[0::2])
        self._forms = _Lazy(normal, self._words)

    def read(self) -> Iterator[Definition]:
        for word in dict.fromkeys(bisect_right(self._tokens.ends, found.start()) // 2 for found in _OPENING.finditer(self._text)):
            bracket = self._bracket(word)
            if bracket is not None:
                yield from self._in_bracket(bracket)
        after_lead_in = 0
        for word in self._words_of_lead_ins():
            if word >= after_lead_in:
                after_lead_in = word + self._lead_in(word)
                yield from self._introduced(word, after_lead_in)
        for found in _EXPLAINED.finditer(self._text):
            word = bisect_right(self._tokens.ends, found.start()) // 2
            if is_short(self._words[word]) and self._begins_run(word):
                yield from self._explained_after(word)

    def _words_of_lead_ins(self) -> list[int]:
        """Words with which a lead-in may begin. In a decomposed text each word is looked at, in others those the eye would find."""
        if not is_normalized("NFC", self._text):
            return [word for word in range(len(self._words)) if self._forms[word] in _STARTERS]
        if "tắt" not in self._text and not _CALLED_HERE.search(self._text):
            return []
        return [bisect_right(self._tokens.ends, found.start()) // 2 for found in _INTRODUCED.finditer(self._text)]

    def _bracket(self, first: int) -> _Bracket | None:
        for word in range(first + 1, min(first + _MOST_IN_BRACKET, len(self._words)) + 1):
            if ")" in self._between[word]:
                return _Bracket(2 * first, 2 * word)
            if "(" in self._between[word] or "\n" in self._between[word]:
                return None
        return None

    def _in_bracket(self, bracket: _Bracket) -> Iterator[Definition]:
        """`long (short)` or `short (long)`."""
        first, end = bracket.opening // 2, bracket.closing // 2
        start = first + self._lead_in(first, is_bracket=True)
        before = self._clause_before(first, self._between[first].partition("(")[0])
        found = list(self._short_after_long(before, first, start, end, is_explicit=start > first))
        if not found:
            found = list(self._long_after_short(first, end))
        for form in found:
            yield Definition(form, (bracket.opening, bracket.closing))

    def _introduced(self, word: int, start: int) -> Iterator[Definition]:
        """`long, viết tắt là short` without a bracket: the words of introduction are `word` to `start`."""
        if word == start or "(" in self._between[word]:
            return
        end = start + 1
        while end < len(self._words) and end - start < _MOST_IN_SHORT and not self._between[end] and is_short(self._words[end]):
            end += 1
        before = self._clause_before(word, self._between[word].replace(",", "").replace("-", ""))
        for form in self._short_after_long(before, word, start, end, is_explicit=True):
            yield Definition(form)

    def _explained_after(self, word: int) -> Iterator[Definition]:
        """`short: long`, `short = long`, `short, tức long`, `short là viết tắt của long`."""
        end = word + 1
        while end < len(self._words) and self._is_glued(end) and is_short(self._words[end]):
            end += 1
        n_stated = self._phrase_at(end, _EXPLAINED_BY)
        start, sign = end + n_stated, self._tokens.parts[2 * end].strip()
        if any(self._between[end + 1 : start + 1]) or sign.strip(",") if n_stated else sign not in _NO_ACCIDENT:
            return
        after = self._clause_after(start)
        elements = [element(token) for token in self._words[word:end]]
        enough = 0 if n_stated >= _STATED else _NO_ACCIDENT[self._forms[end] if n_stated else sign]
        goes_on = n_letters(elements) >= enough
        for length in range(len(after), 1, -1) if goes_on else [len(after)] if sign in _ALONE else ():
            cover = cover_all(elements, after[:length])
            if cover:
                yield Definition(self._form(word, end, start, cover))
                return

    def _short_after_long(self, before: Sequence[str], first: int, start: int, end: int, *, is_explicit: bool) -> Iterator[ShortForm]:
        """`before` are the words of the clause that ends before word `first`; the short form is words `start` to `end`."""
        end = self._end_of_short(start, end)
        short = self._words[start:end]
        if not short or len(short) > _MOST_IN_SHORT or not before:
            return
        if any(is_short(token) for token in short):
            cover = cover_before([element(token) for token in short], before)
            if cover is not None:
                yield from self._runs(start, end, first - len(before), cover)
        elif is_explicit and (short[0][:1].isupper() or self._is_quoted(start)):
            yield from self._named(before, first, start, end)

    def _runs(self, start: int, end: int, base: int, cover: Cover) -> Iterator[ShortForm]:
        """Each run of short forms that hang together without a space is one short form."""
        runs: list[list[int]] = []
        for place in range(end - start):
            if not is_short(self._words[start + place]):
                continue
            if runs and runs[-1][-1] == place - 1 and self._is_glued(start + place):
                runs[-1].append(place)
            else:
                runs.append([place])
        for run in runs:
            first, last = cover.runs[run[0]][0], cover.runs[run[-1]][1]
            yield self._form(start + run[0], start + run[-1] + 1, base, Cover(first, last, ()))

    def _named(self, before: Sequence[str], first: int, start: int, end: int) -> Iterator[ShortForm]:
        """A long name called by some of its words from now on: Ban Chỉ đạo phòng, chống ma túy (gọi tắt là Ban Chỉ đạo)."""
        wanted = self._forms[start:end]
        base = first - len(before)
        for place in range(len(before) - 1, -1, -1):
            if self._forms[base + place] == wanted[0] and _in_order(wanted, self._forms[base + place : first]):
                if len(before) - place > len(wanted):
                    yield self._form(start, end, base, Cover(place, len(before) - 1, ()), is_word=True)
                return

    def _long_after_short(self, first: int, end: int) -> Iterator[ShortForm]:
        start = first
        while start and is_short(self._words[start - 1]) and (start == first or self._is_glued(start)):
            start -= 1
        if self._between[first].partition("(")[0] or start == first:
            return
        n_stated = self._phrase_at(first, _EXPLAINED_BY)
        base = first + n_stated
        for begin in dict.fromkeys((start, first - 1)):
            elements = [element(token) for token in self._words[begin:first]]
            for length in range(end - base, 1, -1) if n_stated else self._clause_lengths(first, end):
                cover = cover_all(elements, self._words[base : base + length])
                if cover is not None:
                    yield self._form(begin, first, base, cover)
                    return

    def _clause_lengths(self, first: int, end: int) -> list[int]:
        """How many words of first:end may be the long form: all, or those before a mark, longest first."""
        marks = [word - first for word in range(first + 1, end) if self._between[word] or " - " in self._tokens.parts[2 * word]]
        return sorted({end - first, *marks}, reverse=True)

    def _form(self, start: int, end: int, base: int, cover: Cover, *, is_word: bool = False) -> ShortForm:
        """Words start:end stand for words cover.first to cover.last, counted from `base`."""
        low, high = self._tokens.span(2 * (base + cover.first) + 1, 2 * (base + cover.last) + 1)
        short_low, short_high = self._tokens.span(2 * start + 1, 2 * end - 1)
        return ShortForm(
            short=clean(self._text[short_low:short_high]),
            long=clean(self._text[low:high]),
            tokens=tuple(token.removesuffix(".") for token in self._words[start:end]),
            is_defined=True,
            is_word=is_word,
            since=2 * start + 1,
        )

    def _clause_before(self, word: int, marks: str) -> list[str]:
        """Words of the clause that ends before `word`; `marks` part it from there. At most _REACH."""
        if set(marks) & _ENDS_CLAUSE:
            return []
        first = word - 1
        while first > 0 and word - first < _REACH and not set(self._between[first]) & _ENDS_CLAUSE:
            first -= 1
        return self._words[max(first, 0) : word]

    def _clause_after(self, word: int) -> list[str]:
        last = word + 1
        while last < len(self._words) and last - word < _REACH and not set(self._between[last]) & (_ENDS_CLAUSE | {","}):
            last += 1
        return self._words[word:last]

    def _end_of_short(self, start: int, end: int) -> int:
        """The short form in brackets ends at a comma with a space, a dash with spaces, a semicolon or a colon."""
        for word in range(start + 1, end):
            is_aside = not self._is_glued(word) and ("," in self._between[word] or not is_short(self._words[word]))
            if self._between[word].strip(".,") or (is_aside and _ASIDE.search(self._tokens.parts[2 * word])):
                return word
        return end

    def _lead_in(self, word: int, *, is_bracket: bool = False) -> int:
        """How many words from `word` on introduce a short form; in a bracket `còn gọi là` does too."""
        last = min(word + _MOST_IN_LEAD_IN, len(self._words))
        end = next((place for place in range(word, last) if self._forms[place] not in _LEAD_WORDS), last)
        end = next((place for place in range(word + 1, end) if parting(self._tokens.parts[2 * place]).strip(":")), end)
        said = self._forms[word:end]
        is_calling = (_CALLED in said or _WRITTEN in said) and _IS in said and (is_bracket or _HERE in said)
        return end - word if _SHORT in said or is_calling else 0

    def _phrase_at(self, word: int, phrases: Sequence[tuple[str, ...]]) -> int:
        """How many words from `word` on are one of `phrases` (longest first)."""
        return next((len(phrase) for phrase in phrases if tuple(self._forms[word : word + len(phrase)]) == phrase), 0)

    def _begins_run(self, word: int) -> bool:
        return word == 0 or not (self._is_glued(word) and is_short(self._words[word - 1]))

    def _is_glued(self, word: int) -> bool:
        return not any(char.isspace() or char in "()" for char in self._tokens.parts[2 * word])

    def _is_quoted(self, word: int) -> bool:
        return self._tokens.parts[2 * word].endswith(("“", '"', "'", "‘", "«"))


_STARTERS = frozenset(
    map(normal, ["sau", "dưới", "từ", "xin", "tạm", "hay", "còn", "cũng", "thường", "có", "được", "tên", "gọi", "viết", "tắt"])
)
_INTRODUCED = re.compile(
    r"\b(?:[sS]au|[dD]ưới|[tT](?:ừ|ạm|hường|ên|ắt)|[xX]in|[hH]ay|[cC](?:òn|ũng|ó)|[đĐ]ược|[gG]ọi|[vV]iết)\b(?=[ :]\W?\w)"
)
_OPENING = re.compile(r"[(\[]")
_CALLED_HERE = re.compile(r"đây\s(?:\w+\s)?gọi\s")
_ALONE = frozenset(":=")
"""What stands between a short form and its words where these are all there is (in a list of short forms)."""
_EXPLAINED = re.compile(r"(?<!\w)[A-ZĐ][\w&/-]{0,40}+(?=\s?[:=]\s|\s[-–—]\s|,?\s(?:là|nghĩa là|tức|hay|viết tắt|chữ viết tắt)\s)")
_ASIDE = re.compile(r",|\s[-–—]\s")


def _in_order(wanted: Sequence[str], forms: Sequence[str]) -> bool:
    rest = iter(forms)
    return all(form in rest for form in wanted)
