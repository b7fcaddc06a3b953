"""The gap meter: did this list still show something of the list before, or may items have come and gone between two polls? Pure.

A shelf is what we remember of a source's list: a short key for each item, and in how many lists that brought something it stood. Newest
first. An item seen in more than `PINNED_AFTER` of them proves nothing, it may be pinned; and what is left of the last list must still stand in
the oldest third, since whatever stands at the top may be pinned since yesterday. docs/decisions/0020-adaptive-polling.md
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from math import ceil

from storage.records import SeenLink

MAX_ITEMS = 200
"""Of a longer list the newest; whatever gap there is shows in them."""

PINNED_AFTER = 5  # issue 3: "items seen in more than 5 polls do not count"
FLUSHED_SHARE = 0.25
"""With fewer fresh items than this share the list was not flushed: a rotating box on the page is no gap."""

KEY_CHARS = 6
_MAX_SEEN = 9
_KEPT = re.compile(r"(?:[0-9A-Za-z_-]{6}[0-9])*")

Shelf = Mapping[str, int]
"""Key to the number of lists it stood in, in the order of the list; 0: no longer in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    fresh: tuple[int, ...]
    """Places in the list, 0 the newest, of items that never stood in it before."""
    share: float
    """How much of the list was known, pinned items left out; 1 when nothing changed."""
    is_gap: bool
    shelf: Shelf


def key_of(url: str) -> str:
    return urlsafe_b64encode(blake2b(url.encode("utf-8", "replace"), digest_size=6).digest())[:KEY_CHARS].decode()


def newest_first(links: Sequence[SeenLink]) -> Sequence[SeenLink]:
    """The list as it stands, or turned round where its dates say that the oldest comes first."""
    dates = [link.published_at for link in links if link.published_at is not None]
    n_rising = sum(later > earlier for earlier, later in pairwise(dates))
    n_falling = sum(later < earlier for earlier, later in pairwise(dates))
    return links[::-1] if n_rising > 2 * n_falling + 2 else links


def compare(shelf: Shelf, keys: Sequence[str]) -> Overlap:
    """What the list `keys` (newest first) shows against the `shelf` of the poll before. A first list overlaps by definition."""
    keys = keys[:MAX_ITEMS]
    fresh = tuple(place for place, key in enumerate(keys) if key not in shelf) if shelf else ()
    if not fresh:
        return Overlap(fresh=(), share=1.0, is_gap=False, shelf=_restock(shelf, keys, moved=not shelf))
    counting = [key for key in keys if shelf.get(key, 0) <= PINNED_AFTER]
    tail = counting[-ceil(len(counting) / 3) :]
    is_flushed = len(fresh) >= FLUSHED_SHARE * len(keys) and not any(shelf.get(key) for key in tail)
    n_known = sum(1 for key in counting if shelf.get(key))
    return Overlap(fresh=fresh, share=n_known / len(counting), is_gap=is_flushed, shelf=_restock(shelf, keys, moved=True))


def reaches(shore: Shelf, keys: Sequence[str], *, front: Shelf) -> bool:
    """Whether an older page, reached by turning pages, has come to what was known before the gap: an item of `shore` in its oldest third.

    What also stands on the `front` page says nothing: it is shown on every page.
    """
    own = [key for key in keys if not front.get(key)]
    return any(key in shore for key in own[-ceil(len(own) / 3) :]) if own else False


def _restock(shelf: Shelf, keys: Sequence[str], *, moved: bool) -> Shelf:
    """The list of now, and behind it some of what left, so that an item that comes back is not taken for fresh."""
    stock = {key: min(shelf.get(key, 0) + moved, _MAX_SEEN) or 1 for key in keys}
    for key in shelf:
        if len(stock) >= min(MAX_ITEMS, 2 * len(keys)):
            break
        stock.setdefault(key, 0)
    return stock


def dump(shelf: Shelf) -> str:
    return "".join(f"{key}{seen}" for key, seen in shelf.items())


def load(kept: object) -> Shelf:
    """Empty for anything that `dump` did not write."""
    if not isinstance(kept, str) or len(kept) > (KEY_CHARS + 1) * 2 * MAX_ITEMS or not _KEPT.fullmatch(kept):
        return {}
    step = KEY_CHARS + 1
    return {kept[at : at + KEY_CHARS]: int(kept[at + KEY_CHARS]) for at in range(0, len(kept), step)}
