"""The claims on each field to the field: which are believed, and what is trimmed off them."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from config.portal import Portal
from crawler.model import Page
from crawler.parse.byline import Byline, read_byline
from crawler.parse.claims import Claims
from crawler.parse.dates import VIETNAM, When, parse_machine
from crawler.parse.markup import absolute, plain
from crawler.text.normal import clean

_MOST_AHEAD = timedelta(days=1)  # a publication time later than that is a fault of the page (design §7)
_SAME_BEGINNING = 40  # characters: a description is cut short, the lead it was taken from goes on
_AFFIX = re.compile(r"(?P<title>.*\S)\s+[-|–]\s+(?P<tail>\S.*?)$")
_SOURCE_LABEL = re.compile(r"^(?:theo|nguồn(?: tin)?|bản quyền|copy link)\s*:?\s*", re.IGNORECASE)
_EDITION = re.compile(r"\s+(?:online|điện tử|newspaper)$")
_UNIT = {"second": timedelta(minutes=1), "minute": timedelta(minutes=1), "day": timedelta(days=1)}


def title(raw: str, portal: Portal) -> str | None:
    """Without the paper's name, which <title> and og:title append."""
    text = plain(raw)
    if text is None:
        return None
    affix = _AFFIX.match(text)
    return affix["title"] if affix is not None and _names_paper(affix["tail"], portal) else text


def _names_paper(text: str, portal: Portal) -> bool:
    """Whether it is nothing but the paper's name or host: "Giải việt dã - Báo Mẫu mở rộng" is a headline."""
    name, host = portal.name.casefold(), (portal.home.host or "").removeprefix("www.")
    bare = _EDITION.sub("", text.casefold())
    return bare in (name, name.removeprefix("báo "), host, host.partition(".")[0])


def byline(raw: str, portal: Portal) -> Byline:
    return read_byline(plain(raw) or "", paper=portal.name)


def credit(raw: str, portal: Portal) -> str | None:
    """The paper that a line of its own names as the source; never the portal itself."""
    text = clean(_SOURCE_LABEL.sub("", plain(raw) or ""))
    is_own = not text or _names_paper(text, portal) or not any(char.isalpha() for char in text)
    return None if is_own else read_byline(f"Nguồn: {text}", paper=portal.name).credit


def section(raw: str) -> str | None:
    return clean((plain(raw) or "").strip(" /|>»")) or None


def tags(raw: Any, portal: Portal) -> tuple[str, ...]:
    """Each once, without the paper's own name."""
    single = [part for tag in raw for part in re.split(r"[,;]", str(tag))]
    tags = {text.casefold(): text for tag in reversed(single) if (text := plain(tag))}
    tags.pop(portal.name.casefold(), None)
    return tuple(reversed(tags.values()))


def lead(claims: Claims, paragraphs: tuple[str, ...], portal: Portal) -> tuple[str | None, tuple[str, ...]]:
    """The lead without its dateline, and the paragraphs without the lead: pages print it above the text and in it, and cut it short."""
    lead = claims.take("lead", plain)
    if lead is None:
        return None, _without_dateline_first(paragraphs, portal)
    first = paragraphs[0] if paragraphs else ""
    bare, bare_first = _without_dateline(lead, portal), _without_dateline(first, portal)
    if bare == bare_first:
        return bare, paragraphs[1:]
    if claims.provenance["lead"] != "rule" and bare_first.startswith(bare.rstrip(" .…")[:_SAME_BEGINNING]) and len(paragraphs) > 1:
        return bare_first, paragraphs[1:]
    return bare, _without_dateline_first(paragraphs, portal)


def _without_dateline_first(paragraphs: tuple[str, ...], portal: Portal) -> tuple[str, ...]:
    return tuple(_without_dateline(text, portal) if n == 0 else text for n, text in enumerate(paragraphs))


def _without_dateline(text: str, portal: Portal) -> str:
    """Without "ĐTO - ", "(ĐTO) ", "(ĐTO)- " at its head."""
    names = portal.article.datelines
    return _dateline(names).sub("", text, count=1) if names else text


@lru_cache(maxsize=256)
def _dateline(names: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(re.escape(name.strip("()")) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"^(?:\((?:{either})\)\s*[-–—:.]?\s*|(?:{either})\s*[-–—:]\s*)", re.IGNORECASE)


def published(claims: Claims, fetched_at: datetime, problems: list[str]) -> When | None:
    """The most trusted time that is not in the future; a bare date gives way to a time on the same day from the next in trust."""
    read = []
    for origin, raw in claims.of("published"):
        when = raw if isinstance(raw, When) else parse_machine(raw)
        if when is None:
            continue
        if when.at > fetched_at + _MOST_AHEAD:
            problems.append(f"published: in the future ({origin})")
            continue
        read.append((origin, when))
    if not read:
        return None
    origin, when = read[0]
    if when.precision == "day":
        finer = (other for other in read[1:] if other[1].precision != "day" and _day(other[1]) == _day(when))
        origin, when = next(finer, (origin, when))
    claims.note("published_at", origin)
    other = next((other for other in read if other[1].at != when.at), None)
    if other is not None:
        claims.leave("published_at", other[0], other[1].raw)
    return when


def _day(when: When) -> str:
    return when.at.astimezone(VIETNAM).date().isoformat()


def updated(claims: Claims, published_when: When | None, fetched_at: datetime) -> datetime | None:
    """The last change, when it is later than the publication as far as that is known: 08:01:53 is no change of 08:01."""
    for origin, raw in claims.of("updated"):
        when = raw if isinstance(raw, When) else parse_machine(raw)
        if when is None or when.at > fetched_at + _MOST_AHEAD:
            continue
        if published_when is None or when.at >= published_when.at + _UNIT[published_when.precision]:
            claims.note("updated_at", origin)
            return when.at
    return None


def own_url(raw: str, page: Page, portal: Portal) -> str | None:
    """A canonical URL counts only on the portal's own hosts: copies and migrated pages name others. The home page is no article."""
    url = absolute(raw, page.url)
    if url is None:
        return None
    host, path = (urlsplit(url).hostname or "").removeprefix("www."), urlsplit(url).path
    own = {(portal.home.host or "").removeprefix("www."), (urlsplit(page.url).hostname or "").removeprefix("www.")}
    own |= {name.removeprefix("www.") for name in portal.hosts}
    return url if host in own and path not in ("", "/") else None
