"""Hashes that tell the same text from another one."""

import re
from hashlib import sha256

SHORT_TEXT_CHARS = 200
"""Below this many letters a text proves nothing: photo stories share one-line bodies. Then the title counts too."""


def content_hash(title: str, lead: str | None, text: str) -> str:
    """Changes when title, lead or text change by more than white space: a revision."""
    return _digest("\x00".join(" ".join(part.split()) for part in (title, lead or "", text)))


def text_hash(title: str, lead: str | None, text: str) -> str:
    """Equal for word-for-word copies: letters and digits only, in lower case. The dateline is already off the lead."""
    letters = re.sub(r"[\W_]+", "", f"{lead or ''} {text}".casefold())
    if len(letters) < SHORT_TEXT_CHARS:
        letters += "\x00" + re.sub(r"[\W_]+", "", title.casefold())
    return _digest(letters)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
