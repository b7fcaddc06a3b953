"""Guessing what somebody meant to write."""

import difflib
import unicodedata
from collections.abc import Iterable

MAX_LISTED = 12  # a longer list is no help in a terminal


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The most similar of `known`, marks and letter case set aside; None when nothing is near."""
    by_fold = {folded(candidate): candidate for candidate in known}
    found = difflib.get_close_matches(folded(word), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    found = nearest(word, known)
    return f"did you mean {found}?" if found is not None else None


def one_of(known: Iterable[str]) -> str:
    """At most a dozen of them, in the alphabet's order."""
    names = sorted(known)
    more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return (", ".join(names[:MAX_LISTED]) + more) or "none"


def folded(text: str) -> str:
    """Lower case without any mark: good enough to guess by, never to decide by."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
