"""The border: every string from outside passes here before anybody looks at it."""

import re
import unicodedata
from functools import lru_cache

from crawler.text.syllables import is_syllable

QUALITY_MARKS = "\u0302\u0306\u031b"
"""Combining circumflex, breve and horn: they make another vowel (â ă ơ)."""
TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
"""Combining grave, acute, tilde, hook above and dot below: the five written tones."""

INVISIBLE = "\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
"""Characters without width, as a regular expression's class: soft hyphen, zero-width space and joiners, BOM, bidi marks."""

_LINE_BREAKS = "\n\v\r\x85\u2028"
_PARAGRAPH = "\u2029"
_PLAIN = re.compile("[ -~\u00c0-\u0233\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201f\u2026]*+")
"""Text of only these characters is composed and visible: no need to look at each."""
_BLANK_LINE = re.compile(r"[^\S\n]*\n[^\S\n]*\n\s*")
_INVISIBLES = re.compile(f"[{INVISIBLE}]+")
_WORD = re.compile(rf"(?:[^\W\d_]|[\u0300-\u036f]|[{INVISIBLE}])++")
_MARKS = re.compile(f"[{TONE_MARKS}{QUALITY_MARKS}]{{2,}}")


@lru_cache(maxsize=4096)
def _border(char: str) -> str:
    """What stands for `char` in clean text: itself, a space, a line break, or nothing."""
    if char == _PARAGRAPH:
        return "\n\n"
    if char in _LINE_BREAKS:
        return "\n"
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    # Cc controls, Cf zero-width, soft hyphen, BOM and bidi marks, Cs lone surrogates (no database takes them)
    return "" if category in {"Cc", "Cf", "Cs"} or char == "\u034f" else char


def _composed(text: str) -> str:
    """NFC, also where the tone was typed before the vowel's own mark (é + circumflex), which NFC leaves apart."""
    composed = unicodedata.normalize("NFC", text)
    if not any(mark in composed for mark in QUALITY_MARKS):
        return composed
    return unicodedata.normalize("NFC", _MARKS.sub(_quality_first, unicodedata.normalize("NFD", composed)))


def _quality_first(found: re.Match[str]) -> str:
    return "".join(sorted(found[0], key=TONE_MARKS.__contains__))


def _visible(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    for start, end in reversed(run_together(text)):
        text = f"{text[:start]} {text[end:]}"
    return _composed("".join(map(_border, text.replace("\r\n", "\n"))))


def run_together(text: str) -> list[tuple[int, int]]:
    """Where only invisible characters part two syllables (dân\u200bvận). Within a syllable they say nothing (d\u200bân)."""
    return [gap for word in _WORD.finditer(text) for gap in _gaps(word)] if _INVISIBLES.search(text) else []


def _gaps(word: re.Match[str]) -> list[tuple[int, int]]:
    """All the gaps in a word whose pieces are Vietnamese syllables or short forms while the whole is neither; else none."""
    gaps = list(_INVISIBLES.finditer(word[0]))
    pieces = [_composed(piece) for piece in _INVISIBLES.split(word[0]) if piece] if gaps else []
    whole = "".join(pieces)
    if whole.isascii() or is_syllable(whole) or not all(map(_is_whole, pieces)) or not any(map(is_syllable, pieces)):
        return []
    return [(word.start() + gap.start(), word.start() + gap.end()) for gap in gaps if gap.start() and gap.end() < len(word[0])]


def _is_whole(piece: str) -> bool:
    return is_syllable(piece) or (len(piece) > 1 and piece.isupper() and piece[0].isalpha())


def clean(text: str) -> str:
    """One line of NFC text: no zero-width or control characters, every run of white space one space, none at the ends."""
    if _PLAIN.fullmatch(text):
        is_single = "  " not in text and text[:1] != " " and text[-1:] != " "  # there is no other white space in plain text
        return text if is_single else " ".join(text.split())
    text = " ".join(text.split())  # line breaks are mostly all that was not plain in it
    return text if _PLAIN.fullmatch(text) else " ".join(_visible(text).split())


def clean_block(text: str) -> str:
    """As `clean`, but a blank line stays and parts paragraphs (always exactly one)."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in _BLANK_LINE.split(_visible(text)))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def fold_marks(text: str) -> str:
    """Without tones and vowel marks, đ as d; letter case stays. For terms that ask for any marks, never for marked ones."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", bare).translate(_STROKES)


_STROKES = str.maketrans("đĐðÐ", "dDdD")
