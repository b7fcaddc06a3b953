"""The paper's own name at the head of an article: "ĐTO - ", "(NLĐO)- ", "VOV.VN - ". A place there belongs to the sentence and stays."""

import re
from collections.abc import Collection
from functools import lru_cache

from config.portal import Portal
from config.provinces import province_name
from crawler.text.normal import fold_marks

_BRACKETED = re.compile(r"^\((?P<name>[^\W\d_][^\W\d_&. ]*(?:[&. ][^\W\d_&. ]+){0,4})\)(?P<dash>\s*[-–—:]?)\s*(?=\S)")
_BARE = re.compile(r"^(?P<name>[^\W\d_][^\W\d_&. ]*(?:[&. ][^\W\d_&. ]+){0,4})(?:\s+[-–—]\s*|[-–—]\s+)(?=[\"“‘']?[^\W_a-zà-ỹđ])")
_ACRONYM = re.compile(r"[A-ZĐ]{2,8}|[A-ZĐ]{1,4}&[A-ZĐ]{1,4}")
_PLACES = frozenset({"HCM", "TPHCM", "HN", "ĐBSCL", "BRVT", "VN", "UBND", "HĐND", "TP"})
"""In brackets they name where it happened, or who: no paper by themselves."""
_DOMAIN = re.compile(r"[\w-]+(?:\.(?:com|org|gov|net))?\.(?:vn|com|net|org)", re.IGNORECASE)
_LABELS_OF_ALL = frozenset({"www", "com", "vn", "org", "gov", "net", "edu", "info"})
_KIND = re.compile(r"^(?:bao(?:dientu)?|tapchi)|(?:online|dientu|news)$")
_KIND_BEFORE, _KIND_AFTER = re.compile(r"^(?:B|TC)"), re.compile(r"(?:OL|O|ĐT|VN)$")
"""Of báo, tạp chí, online, điện tử, Việt Nam: in a paper's short name beside its initials."""
_SYLLABLE = r"(?!i[aeou])(?:ngh?|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"


def without_dateline(text: str, portal: Portal, sites: Collection[str] = ()) -> str:
    """Without the names that `portal` says its articles open with; where it says none, without what is seen to be the paper's.

    `sites`: what the page calls its paper.
    """
    if names := portal.article.datelines:
        return _configured(names).sub("", text, count=1)
    if found := _BRACKETED.match(text):
        name, has_dash = found["name"], bool(found["dash"].strip())
        is_short = _ACRONYM.fullmatch(name) is not None and name not in _PLACES
        if (has_dash and (is_short or _DOMAIN.fullmatch(name))) or is_of_paper(name, portal, sites):
            return text[found.end() :]
    elif (found := _BARE.match(text)) and is_of_paper(found["name"], portal, sites):
        return text[found.end() :]
    return text


@lru_cache(maxsize=256)
def _configured(names: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(re.escape(name.strip("()")) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"^(?:\((?:{either})\)\s*[-–—:.]?\s*|(?:{either})\s*[-–—:]\s*)", re.IGNORECASE)


def is_of_paper(name: str, portal: Portal, sites: Collection[str]) -> bool:
    """Whether the page shows `name` to be its paper's: the host or the name written out, or their initials."""
    if province_name(name) is not None:
        return False
    host = (portal.home.host or "").removeprefix("www.")
    labels = [label for label in host.split(".") if label not in _LABELS_OF_ALL]
    written = [*labels, *map(_squeezed, sites)]
    if (squeezed := _squeezed(name)) == host or _bare(squeezed) in filter(None, map(_bare, written)):
        return True
    return _ACRONYM.fullmatch(name) is not None and any(_abbreviates(name, site) for site in written)


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", fold_marks(name.casefold()))


def _bare(squeezed: str) -> str:
    """Without what makes it a paper's: "baomau" and "mau.vn" are "mau"."""
    return _KIND.sub("", re.sub(r"(?:\.(?:com|org|gov|net))?\.(?:vn|com|net|org)$", "", squeezed))


@lru_cache(maxsize=1024)
def _abbreviates(name: str, site: str) -> bool:
    """Whether the letters of `name` begin the syllables of `site`, one each: GLO of baogialai, GD&TĐ of giaoducthoidai, NLĐO of nld."""
    site = _bare(site)
    for letters in {_squeezed(part) for part in (name, _KIND_AFTER.sub("", name), _KIND_BEFORE.sub("", _KIND_AFTER.sub("", name)))}:
        if len(letters) > 1 and (letters == site or re.fullmatch("(?:va)?".join(rf"(?={letter}){_SYLLABLE}" for letter in letters), site)):
            return True
    return False
