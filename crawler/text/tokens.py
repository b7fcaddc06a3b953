"""Syllables: where they stand in the original text, what they are when spelling is put aside, and what parts them.

Vietnamese writes one syllable per word of letters, so a token is a syllable, a number or a foreign word. Nothing here depends on
the text having been cleaned: decomposed letters, zero-width characters and soft hyphens may stand inside a token.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise

from crawler.text.normal import INVISIBLE, QUALITY_MARKS, TONE_MARKS, clean, fold_marks, run_together

_REMEMBERED = 200_000  # spellings; a year of 34 provinces' news has about 60,000
_MARK = "\u0300-\u034e\u0350-\u036f"
DOTTED = (
    "TP",
    "Tp",
    "tp",
    "TX",
    "Tx",
    "tx",
    "TT",
    "Tt",
    "ThS",
    "Ths",
    "TS",
    "PGS",
    "GS",
    "BS",
    "CN",
    "KS",
    "LS",
    "NXB",
    "Nxb",
    "Q",
    "P",
    "H",
)
"""Short forms written with a dot that ends no sentence: TP.Cao Lãnh, TX. Gò Công, Q.1. The dot belongs to the token."""

_RAISED = "²³¹⁰-⁹₀-₉"
"""Raised and lowered digits: a footnote's number is no part of the word before it."""
_LETTER = rf"[^\W_{_RAISED}]"
_GOES_ON = rf"(?:(?:[{INVISIBLE}]*[{_MARK}]++|[{INVISIBLE}]++(?={_LETTER})){_LETTER}*+)*+"
_CAPITAL = rf"[A-ZĐƯ][{_MARK}]*+"
_SMALL = f"[a-z{''.join(char for char in map(chr, [*range(0xE0, 0x200), *range(0x1EA0, 0x1F00)]) if char.islower())}]"
_WITH_DOTS = (
    rf"(?:{'|'.join(DOTTED)})\.(?=[ \u00a0]?{_LETTER})"
    r"|[A-ZĐ]{1,3}\.(?=[0-9])"  # QL.30
    rf"|T\.P\.(?=[ \u00a0]?(?!{_SMALL}){_LETTER}{{2}})"  # T.P. Hồ Chí Minh
    rf"|(?:{_CAPITAL}\.)+{_CAPITAL}(?!{_LETTER})(?:\.(?= {_SMALL}))?"  # T.Ư is one short form, N.V.A one name; U.B.N.D. tỉnh goes on
)
_TOKEN = re.compile(
    rf"((?=[A-ZĐƯt][A-Za-z{_MARK}]{{0,4}}+\.)(?:{_WITH_DOTS})"
    rf"|[0-9]++(?:[.,:][0-9]++)++{_LETTER}*+{_GOES_ON}"  # 1.000 and 12:40 are one number, 4.0 too
    rf"|{_LETTER}++{_GOES_ON})"
)
_STARTS_TOKEN = re.compile(_LETTER)
_AND = re.compile(r"(?<![^\s\w])&(?![^\s\w])")
_BLANK_LINE = re.compile(r"\n\s*?\n|\r\n?[^\S\r\n]*\r|\r[^\S\n]*\r|\u2029")
_PARTING = {
    char: alike[0] for alike in (",，、", ".。", ";；", ":：", "!！", "?？", "…", "([{（［｛", ")]}）］｝", "|•▪■●►◆") for char in alike
}
"""What parts a phrase, by the mark it counts as. Quotation marks, hyphens, dashes and slashes do not part."""
PARAGRAPH = "\n"
"""The parting mark of a blank line."""
MARKS = frozenset({*_PARTING.values(), PARAGRAPH})
"""All parting marks."""

_VOWEL_RUN = re.compile(f"(?:[aeiouy][{TONE_MARKS}{QUALITY_MARKS}]*)+")
_TONE = re.compile(f"[{TONE_MARKS}]")
_SPELT_Y = re.compile(f"^(?:([hklmstv]?)y(?=[{TONE_MARKS}]?$)|(qu)y)")
"""Where y is only another spelling of i: alone, after h k l m s t v at the end, and after qu. Not in thúy (thúi), tay (tai)."""


@dataclass(frozen=True)
class Tokens:
    """A text cut into parts: what parts tokens at even places (maybe empty), tokens at odd ones; joined they are the text."""

    parts: list[str]
    ends: list[int]
    """Where each part ends in the text, in code points."""

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Every part once."""
        return frozenset(self.parts)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Half-open offsets from the token at part `first` to the one at part `last`."""
        return self._edges(first)[0], self._edges(last)[1]

    def _edges(self, place: int) -> tuple[int, int]:
        """Where a token stands, without its dot; of what stands between two, its & (which is read as a word)."""
        start, part = self.ends[place] - len(self.parts[place]), self.parts[place]
        if place % 2:
            return start, self.ends[place] - part.endswith(".")
        return start + part.index("&"), start + part.index("&") + 1


def split(text: str) -> Tokens:
    """Cut `text` into tokens and what stands between them."""
    parts = _TOKEN.split(text)
    if run_together(text):
        parts = [piece for place, part in enumerate(parts) for piece in (_apart(part) if place % 2 else [part])]
    return Tokens(parts, list(accumulate(map(len, parts))))


def _apart(token: str) -> list[str]:
    """The syllables in a token that only invisible characters part, with these between them; else the token itself."""
    cuts = [0, *chain.from_iterable(run_together(token)), len(token)]
    return [token[start:end] for start, end in pairwise(cuts)]


def is_token(part: str) -> bool:
    """Whether a part of a text is a token, and not what stands between two."""
    return _STARTS_TOKEN.match(part) is not None


@lru_cache(maxsize=_REMEMBERED)
def normal(token: str) -> str:
    """The one spelling of a token: letter case, composition, tone placement (hoà = hòa) and y for i (quy = qui) put aside."""
    letters = clean(token).removesuffix(".")
    for _ in range(2):  # case folding may undo the composition, e.g. of İ
        plain = unicodedata.normalize("NFKC", letters).casefold()
        letters = plain if plain[:1].isalnum() else letters  # ⑴ would become a bracket
    letters = unicodedata.normalize("NFD", letters.replace("ð", "đ"))  # old fonts print Icelandic eth for đ
    letters = _SPELT_Y.sub(r"\1\2i", _VOWEL_RUN.sub(_tone_last, letters), count=1)
    return "".join(unicodedata.normalize("NFC", letters).split()).removesuffix(".")


def _tone_last(run: re.Match[str]) -> str:
    """Where the tone stands in a group of vowels is a matter of taste: put it on the last one. Two tones are no Vietnamese."""
    tones = _TONE.findall(run[0])
    return _TONE.sub("", run[0]) + tones[0] if len(tones) == 1 else run[0]


def folded(form: str) -> str:
    """A normal form without any marks, for terms that ask for any marks."""
    return fold_marks(form)


@lru_cache(maxsize=4096)
def parting(between: str) -> str:
    """What of `between` (the text between two tokens) parts a phrase, as one character per mark; empty for spaces, hyphens, quotes."""
    if between in {" ", ""}:
        return ""
    marks = [_PARTING[char] for char in between if char in _PARTING]
    kept = "".join(mark for mark, before in zip(marks, ["", *marks], strict=False) if mark != before or mark in "()")
    kept = kept if between.count(".") < 2 else kept.replace(".", "…")  # noqa: PLR2004 - two dots are an ellipsis
    return kept + PARAGRAPH if _BLANK_LINE.search(between) else kept


AND = normal("và")


@lru_cache(maxsize=4096)
def said(between: str) -> list[str]:
    """How `between` is read out: its parting marks, or và for an & (Giáo dục & Đào tạo)."""
    marks = parting(between)
    return list(marks) if marks or not _AND.search(between) else [AND]


def phrase_tokens(phrase: str) -> list[str]:
    """A phrase as its normal forms with the marks that part it between them: `phòng, chống` is [phòng] [,] [chống]."""
    return list(_forms(split(phrase).parts))


def _forms(parts: list[str]) -> Iterator[str]:
    for place, part in enumerate(parts[:-1]):
        if place % 2:
            yield normal(part)
        elif place:
            yield from said(part)
