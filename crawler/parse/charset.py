"""Bytes to text, whatever the server and the page say of their charset.

Order: BOM, valid UTF-8, the document's own declaration, the HTTP header, detection. Valid UTF-8 beats every declaration: text in another
charset is almost never valid UTF-8 by chance, while old portals declare iso-8859-1 over UTF-8 pages. A page that calls itself latin, or
nothing we know, is read as the Vietnamese charset whose syllables it makes. The three of old (windows-1258, TCVN3, VNI) come out as Unicode.
"""

import codecs
import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from charset_normalizer import from_bytes

from crawler.parse import mojibake
from crawler.text import legacy

How = Literal["bom", "utf-8", "meta", "header", "detected"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins like that one's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:\?xml[^>]{0,200}?\sencoding|meta\b[^>]{0,400}?\bcharset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_HEAD_BYTES = 8192  # HTML says 1024; portals put scripts before the declaration
_SAMPLE_BYTES = 32_768  # enough for letter statistics; the detector's cost grows with it
_TEXT_CODECS = re.compile(r"cp(?:125\d|874|932|949|950)|iso8859-\d+|ascii|koi8-[rtu]|gb|big5|euc_|shift_jis|tis")
"""Codecs a declaration may name: Python also knows some that are no charsets (zip, rot13, unicode_escape)."""
_LATIN = frozenset({"iso8859-1", "iso8859-15", "cp1252", "ascii"})
_CLAIMED_BY_VIETNAMESE = _LATIN | {"cp1258"}
"""What pages in TCVN3 and VNI call themselves."""
_BROKEN_SHARE = 0.05  # of the multi-byte characters: a cut or a foreign byte here and there leaves a page UTF-8
_LIKELY_SHARE = 0.8  # of the words with marks: as `crawler.text.legacy`
_REFERENCE = re.compile(r"&(?:#(?:1[2-9]\d|2[0-5]\d|x[89a-f][0-9a-f])|(?!nbsp;|shy;|quot;|amp;|apos;)[A-Za-z]{2,6}\d?);", re.IGNORECASE)
"""HTML references of the upper half of latin-1, as which editors wrote the letters of the old fonts. &lt; and &gt; are seen to below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """`is_suspect`: letters were lost, or UTF-8 was once taken for something else; such text is not what the portal wrote.
    `is_repaired`: UTF-8 had been taken for something else, and every letter of it came back.
    """

    text: str
    encoding: str
    how: How
    is_suspect: bool = False
    is_repaired: bool = False


def decode(body: bytes, content_type: str | None) -> Decoded:
    """The text of `body`. Never fails: bytes that mean nothing become U+FFFD and make the result suspect."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _checked(body[len(mark) :].decode(encoding, "replace"), encoding, "bom")
    if (wide := _wide(body)) is not None:
        return _checked(body.decode(wide, "replace"), wide, "detected")
    if (text := _utf8(body)) is not None:
        return _checked(text, "utf-8", "utf-8")
    if (text := _mostly_utf8(body)) is not None:
        return _checked(text, "utf-8", "utf-8")
    return _checked(*_declared_or_detected(body, content_type))


def _wide(body: bytes) -> str | None:
    """UTF-16 without its mark shows as zeros on every other place; declarations cannot name it, being ASCII themselves."""
    sample = body[:_SAMPLE_BYTES]
    n_even, n_odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(n_even, n_odd) * 4 <= len(sample):
        return None
    return "utf-16-le" if n_odd > n_even else "utf-16-be"


def _utf8(body: bytes) -> str | None:
    """Strictly, but for a last character that was cut off."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data" and error.start > 0
        text = body[: error.start].decode("utf-8") if is_cut else ""
    return None if text.isascii() else text


def _mostly_utf8(body: bytes) -> str | None:
    text = body.decode("utf-8", "replace")
    n_broken = text.count("\ufffd")
    n_wide = len(text) - len(text.encode("ascii", "ignore")) - n_broken
    return text if n_broken <= n_wide * _BROKEN_SHARE else None


def _declared_or_detected(body: bytes, content_type: str | None) -> tuple[str, str, How]:
    declared = _DECLARED.search(body, 0, _HEAD_BYTES)
    header = _IN_HEADER.search(content_type or "")
    named: list[tuple[str | None, How]] = [(declared[1].decode("ascii") if declared else None, "meta")]
    named.append((header[1] if header else None, "header"))
    for name, how in named:
        encoding = _codec(name)
        if encoding is None:
            continue
        if encoding in _CLAIMED_BY_VIETNAMESE and (read := _vietnamese(body)) is not None:
            return read[0], read[1], how if read[1] == encoding else "detected"
        try:
            return body.decode("cp1252" if encoding in _LATIN else encoding), encoding, how
        except UnicodeDecodeError:
            continue
    return _detected(body)


def _codec(name: str | None) -> str | None:
    """Python's name of a declared charset, or None for UTF-8 and UTF-16 (already tried) and for what is no charset."""
    try:
        encoding = codecs.lookup(name or "utf-8").name
    except (LookupError, ValueError):
        return None
    return encoding if _TEXT_CODECS.match(encoding) else None


def _vietnamese(body: bytes) -> tuple[str, str] | None:
    """The text and its charset where the bytes make syllables in one of the three of old; None for other languages, or too little text."""
    latin = _without_references(body.decode("latin-1"))
    readers: dict[str, Callable[[str], str]] = {"cp1258": _windows_1258, "tcvn3": legacy.tcvn3, "vni": legacy.vni}
    shares = {name: legacy.share(latin, read) for name, read in readers.items()}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] < _LIKELY_SHARE:
        if not _combines(body):
            return None
        best = "cp1258"
    return readers[best](latin if best != "cp1258" else body.decode("latin-1")), best


def _windows_1258(latin: str) -> str:
    """Its tones are characters of their own, which NFC joins to their vowels."""
    return unicodedata.normalize("NFC", latin.encode("latin-1", "replace").decode("cp1258", "replace"))


def _combines(body: bytes) -> bool:
    """Whether the letters of a short text combine with the tones of windows-1258, as no other charset makes them."""
    sample = body[:_SAMPLE_BYTES]
    n_high = len(sample) - len(sample.decode("ascii", "ignore"))
    return n_high > 0 and len(mojibake.VIETNAMESE.findall(sample.decode("cp1258", "replace"))) * 2 >= n_high


def _without_references(text: str) -> str:
    return _REFERENCE.sub(_unescaped, text) if "&" in text else text


def _unescaped(found: re.Match[str]) -> str:
    char = html.unescape(found[0])
    return char if len(char) == 1 and (char in legacy.WINDOWS or "\x80" <= char <= "\xff") else found[0]


def _detected(body: bytes) -> tuple[str, str, How]:
    if (read := _vietnamese(body)) is not None:
        return *read, "detected"
    best = from_bytes(body[:_SAMPLE_BYTES]).best()
    encoding = best.encoding if best is not None else "cp1252"
    return body.decode(encoding, "replace"), encoding, "detected"


def _checked(text: str, encoding: str, how: How) -> Decoded:
    if "\x00" in text:
        text = text.replace("\x00", "")  # ends the text for the parsers behind us
    if mojibake.is_garbled(text) and (mended := mojibake.repaired(text)) is not None:
        return Decoded(text=mended, encoding=encoding, how=how, is_repaired=True)
    if encoding.startswith("utf") and not mojibake.VIETNAMESE.search(text):
        plain = _without_references(text)
        if (name := mojibake.legacy_of(plain)) is not None:
            return Decoded(text=legacy.READERS[name](legacy.as_bytes(plain)), encoding=name, how="detected")
    return Decoded(text=text, encoding=encoding, how=how, is_suspect=mojibake.has_lost(text) or mojibake.is_garbled(text))
