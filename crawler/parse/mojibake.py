"""Text that was once read in the wrong charset: told by what that leaves behind, and mended only where every letter comes back."""

import re
from collections.abc import Iterable

from crawler.text import legacy

VIETNAMESE = re.compile(
    "[\u0103\u0111\u01a1\u01b0\u0102\u0110\u01a0\u01af\u1ea0-\u1ef9]|[aeiouyâăêôơưAEIOUYÂĂÊÔƠƯ][\u0300\u0301\u0303\u0309\u0323]"
)
"""Letters that hardly any other language has."""
_LOST_SHARE = 0.001  # of all characters: more replacement characters than that and the text cannot be trusted
_N_PAIRS = 3
_PAIRS = re.compile("\u00e1\u00ba|\u00e1\u00bb|\u00c6[\u00b0\u00a0\u00af]|\u00c4[\u2018\u0091\u0192\u0083\u0090]")
"""UTF-8 read as latin-1 or windows-1252: Vietnamese letters with two marks begin with the bytes E1 BA and E1 BB; ư ơ đ ă are C6 B0, C6 A1,
C4 91, C4 83."""
_HIGH = re.compile("[\u0080-\u00ff" + "".join(legacy.WINDOWS) + "]+")
_LETTER = re.compile("[\u00c0-\u00ff]")


def has_lost(text: str) -> bool:
    """Whether letters were replaced by U+FFFD before they came to us, or had to be by us."""
    return "\ufffd" in text and text.count("\ufffd") > len(text) * _LOST_SHARE


def is_garbled(text: str) -> bool:
    """Whether UTF-8 was taken for a single-byte charset: "Ä\u0091á»\u0093ng" for "đồng"."""
    if "\u00ba" not in text and "\u00bb" not in text:
        return False  # quick: one of the two stands in every sentence spoilt that way, and hardly in any other
    n_pairs = sum(1 for _ in _PAIRS.finditer(text))
    return n_pairs >= _N_PAIRS and n_pairs > sum(1 for _ in VIETNAMESE.finditer(text))


def repaired(text: str) -> str | None:
    """A garbled `text` read as it was written, or None where not every garbled letter comes back."""
    if "\ufffd" in text:
        return None
    try:
        return _HIGH.sub(_as_utf8, text)
    except UnicodeError:
        return None


def _as_utf8(found: re.Match[str]) -> str:
    """What is no UTF-8 and no letter stands as it is: a dash or a quotation mark that came another way. Raises: UnicodeError."""
    run = legacy.as_bytes(found[0])
    try:
        return run.encode("latin-1").decode("utf-8")
    except UnicodeError:
        if _LETTER.search(run):
            raise
        return found[0]


def legacy_of(text: str) -> legacy.Legacy | None:
    """The charset of old that `text` is still in, after somebody took its bytes for windows-1252; None for ordinary text."""
    if text.isascii() or VIETNAMESE.search(text):
        return None
    return legacy.recognise(legacy.as_bytes(text))


def is_spoilt(texts: Iterable[str]) -> bool:
    """Whether any of these (a title, paragraphs) is not what its author wrote, though the page around it may be in order."""
    return any(has_lost(text) or is_garbled(text) or legacy_of(text) is not None for text in texts)
