"""Bytes to text, whatever the server and the page say of their charset.

Order: BOM, valid UTF-8, the document's own declaration, the HTTP header, detection. Valid UTF-8 beats every declaration: text in another
charset is almost never valid UTF-8 by chance, while old portals declare iso-8859-1 over UTF-8 pages.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Literal

from charset_normalizer import from_bytes

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
_BROKEN_SHARE = 0.05  # of the multi-byte characters: a cut or a foreign byte here and there leaves a page UTF-8
_LOST_SHARE = 0.001  # of all characters: more replacement characters than that and the text cannot be trusted
_VIETNAMESE = re.compile(
    "[\u0103\u0111\u01a1\u01b0\u0102\u0110\u01a0\u01af\u1ea0-\u1ef9]|[aeiouyâăêôơưAEIOUYÂĂÊÔƠƯ][\u0300\u0301\u0303\u0309\u0323]"
)
_MOJIBAKE = ("\u00e1\u00ba", "\u00e1\u00bb", "\u00c6\u00b0", "\u00c4\u2018", "\u00c4\u0091")
"""UTF-8 read as latin-1 or windows-1252: Vietnamese letters with two marks begin with the bytes E1 BA and E1 BB, ư is C6 B0, đ C4 91."""
_N_MOJIBAKE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """`is_suspect`: letters were lost, or UTF-8 was once taken for something else; such text is not what the portal wrote."""

    text: str
    encoding: str
    how: How
    is_suspect: bool = False


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
    named: list[tuple[str | None, How]] = [(declared[1].decode("ascii") if declared else None, "meta")]
    header = _IN_HEADER.search(content_type or "")
    named.append((header[1] if header else None, "header"))
    for name, how in named:
        encoding = _codec(name)
        if encoding is None:
            continue
        if encoding in _LATIN and _reads_as_windows_1258(body):
            return body.decode("cp1258", "replace"), "cp1258", "detected"
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


def _reads_as_windows_1258(body: bytes) -> bool:
    """Whether a page that calls itself latin is Vietnamese of Windows: its letters then combine with their tones."""
    sample = body[:_SAMPLE_BYTES]
    n_high = len(sample) - len(sample.decode("ascii", "ignore"))
    return n_high > 0 and len(_VIETNAMESE.findall(sample.decode("cp1258", "replace"))) * 2 >= n_high


def _detected(body: bytes) -> tuple[str, str, How]:
    if _reads_as_windows_1258(body):
        return body.decode("cp1258", "replace"), "cp1258", "detected"
    best = from_bytes(body[:_SAMPLE_BYTES]).best()
    encoding = best.encoding if best is not None else "cp1252"
    return body.decode(encoding, "replace"), encoding, "detected"


def _checked(text: str, encoding: str, how: How) -> Decoded:
    if "\x00" in text:
        text = text.replace("\x00", "")  # ends the text for the parsers behind us
    lost = "\ufffd" in text and text.count("\ufffd") > len(text) * _LOST_SHARE
    return Decoded(text=text, encoding=encoding, how=how, is_suspect=lost or _is_garbled(text))


def _is_garbled(text: str) -> bool:
    if "\u00ba" not in text and "\u00bb" not in text:
        return False  # quick: one of the two stands in every sentence spoilt that way, and hardly in any other
    n_mojibake = sum(text.count(pair) for pair in _MOJIBAKE)
    return n_mojibake >= _N_MOJIBAKE and n_mojibake > len(_VIETNAMESE.findall(text))
