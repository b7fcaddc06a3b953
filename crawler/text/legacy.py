"""The charsets of Vietnamese before Unicode, TCVN3 (the ABC fonts) and VNI, recognised by the syllables they make and converted.

Both are fonts rather than charsets: their pages call themselves latin-1 or windows-1252, or were turned into UTF-8 as if they were. All
functions here take such a page as text with one character a byte (latin-1), which `as_bytes` makes of the text windows-1252 gives.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final, Literal

from crawler.text.syllables import is_syllable

Legacy = Literal["tcvn3", "vni"]

_TCVN_UPPER_HALF: Final = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ°±²³´àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
"""TCVN 5712:1993, bytes 80 to FF: as `iconv -f TCVN-5712` of glibc 2.36 reads them. The ABC fonts (VN3) have the small letters of A1 to FE
and leave 80 to 9F to the punctuation of Windows; whether one of those is a letter (of VN1) is told from the word it stands in. B0 to B4,
there combining tones that no keyboard wrote, are left to the signs of Windows."""
_TCVN_CONTROLS: Final = dict(zip(b"\x01\x02\x04\x05\x06\x11\x12\x13\x14\x15\x16\x17", "ÚỤỪỬỮỨỰỲỶỸÝỴ", strict=True))
"""VN1 keeps twelve capitals where the control characters are."""
TCVN: Final[Mapping[str, str]] = {
    **{chr(byte): char for byte, char in _TCVN_CONTROLS.items()},
    **{chr(0x80 + at): char for at, char in enumerate(_TCVN_UPPER_HALF)},
}

_VNI_ROWS: Final = (
    ("a", "aù aø aû aõ aï"), ("â", "aá aà aå aã aä"), ("ă", "aé aè aú aü aë"), ("e", "eù eø eû eõ eï"), ("ê", "eá eà eå eã eä"),
    ("i", "í ì æ ó ò"), ("o", "où oø oû oõ oï"), ("ô", "oá oà oå oã oä"), ("ơ", "ôù ôø ôû ôõ ôï"), ("u", "uù uø uû uõ uï"),
    ("ư", "öù öø öû öõ öï"), ("y", "yù yø yû yõ î"),
)  # fmt: skip
_VNI_TONES: Final = "\u0301\u0300\u0309\u0303\u0323"  # the order of a row: acute, grave, hook above, tilde, dot below
_VNI_PLAIN: Final = {"â": "aâ", "ă": "aê", "ê": "eâ", "ô": "oâ", "ơ": "ô", "ư": "ö", "đ": "ñ"}


def _vni() -> dict[str, str]:
    """Two characters a toned letter, as in xvnkb's vni.h; the mark has the letter's case, or is small after a capital."""
    small = {code: letter for letter, code in _VNI_PLAIN.items()}
    for letter, codes in _VNI_ROWS:
        small |= {code: unicodedata.normalize("NFC", letter + tone) for code, tone in zip(codes.split(), _VNI_TONES, strict=True)}
    capitals = {code.upper(): letter.upper() for code, letter in small.items()}
    mixed = {code[0].upper() + code[1]: letter.upper() for code, letter in small.items() if len(code) > 1}
    return {**small, **mixed, **capitals}


VNI: Final[Mapping[str, str]] = _vni()

_PUNCTUATION: Final = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")
WINDOWS: Final = {char: chr(0x80 + at) for at, char in enumerate(_PUNCTUATION) if char != "\ufffd"}
"""The characters of windows-1252 that are no latin-1, and the byte they stand for."""
_AS_BYTES: Final = str.maketrans(WINDOWS)
_AS_WINDOWS: Final = str.maketrans({byte: char for char, byte in WINDOWS.items()})
_UNSURE: Final = re.compile("[\x80-\x9f]")
_QUOTES: Final = frozenset("\x85\x91\x92\x93\x94")
_PEELED: Final = ((0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (2, 2))
"""How many marks are taken off a word, before and after it, until it is a syllable."""
_NEVER_ALONE: Final = frozenset("\x85\x91\x92\x93\x94\x95\x96\x97")
"""… ‘ ’ “ ” • – —: standing alone they are what they look like; as letters they would be no words (Ặ Ị Ò Ỏ Õ Ó Ọ Ộ)."""

_TAGS: Final = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_WORD: Final = re.compile("[A-Za-z\x01\x02\x04-\x06\x11-\x17\x80-\x9f\xa1-\xff]+")
_UNTOLD: Final = re.compile("[\x00-\x9f]+")
"""A word of ASCII and what may be punctuation of Windows: it tells nothing."""
_SAMPLE_CHARS: Final = 40_000  # of text: some five thousand words
_FEWEST: Final = 4
_SHARE: Final = 0.8
"""Of the words that hold a character above ASCII, how many must be syllables of the charset: foreign names and typing errors stay below a
fifth, and of French or German read as TCVN3 or VNI less than a third are (tests/unit/test_text_legacy.py)."""


def as_bytes(text: str) -> str:
    """`text` as windows-1252 shows it, one character a byte. Characters of neither charset stay."""
    return text.translate(_AS_BYTES)


def share(latin: str, read: Callable[[str], str]) -> float:
    """Of the words in `latin` with a character above ASCII: how many `read` makes syllables of; 0 when they are too few to tell."""
    words = [word for word in _WORD.findall(_TAGS.sub(" ", latin)[:_SAMPLE_CHARS]) if not _UNTOLD.fullmatch(word)]
    if len({word for word in words if len(word) > 1}) < _FEWEST:
        return 0.0
    return sum(is_syllable(read(word).strip(_ASIDE)) for word in words) / len(words)


_ASIDE: Final = "".join(WINDOWS) + "«»"


def recognise(latin: str) -> Legacy | None:
    """Which of the two `latin` is written in, or None for any other text."""
    shares: dict[Legacy, float] = {name: share(latin, read) for name, read in READERS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _SHARE else None


def tcvn3(latin: str) -> str:
    """The text of a page in TCVN3; markup goes through unharmed."""
    return unicodedata.normalize("NFC", _WORD.sub(_tcvn_word, latin)).translate(_AS_WINDOWS)


def _tcvn_word(found: re.Match[str]) -> str:
    """Between 80 and 9F stand capitals or punctuation: letters are those that make a syllable, with or without the quotes around it."""
    word = found[0]
    if not _UNSURE.search(word):
        return _as_tcvn(word)
    for n_before, n_after in _PEELED:
        before, part, after = word[:n_before], word[n_before : len(word) - n_after], word[max(n_before, len(word) - n_after) :]
        if set(before + after) <= _QUOTES and part not in _NEVER_ALONE and is_syllable(read := _as_tcvn(part)):
            return before + read + after
    return "".join(char if _UNSURE.match(char) else TCVN.get(char, char) for char in word)


def _as_tcvn(word: str) -> str:
    return unicodedata.normalize("NFC", "".join(TCVN.get(char, char) for char in word))


_VNI_CODE: Final = re.compile("|".join(sorted(VNI, key=len, reverse=True)))


def vni(latin: str) -> str:
    """The text of a page in VNI."""
    return _VNI_CODE.sub(lambda found: VNI[found[0]], latin).translate(_AS_WINDOWS)


READERS: Final[Mapping[Legacy, Callable[[str], str]]] = {"tcvn3": tcvn3, "vni": vni}
