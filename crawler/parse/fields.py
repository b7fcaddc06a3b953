"""The claims on each field to the field: which are believed, and what is trimmed off them."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from config.portal import Portal
from crawler.model import Page
from crawler.parse.byline import Byline, read_byline
from crawler.parse.claims import Claims
from crawler.parse.dateline import is_of_paper, without_dateline
from crawler.parse.dates import When, parse_machine
from crawler.parse.markup import absolute, plain
from crawler.parse.published import MOST_AHEAD, readable, settle
from crawler.text.normal import clean, fold_marks

_NO_SECTION = frozenset({"news", "article", "articles", "uncategorized", "chưa phân loại"})  # what systems fill in for nothing
_SAME_BEGINNING = 40  # characters: a description is cut short, the lead it was taken from goes on
_AFFIX = re.compile(r"(?P<title>.*\S)\s+[-|–]\s+(?P<tail>\S.*?)$")
_SOURCE_LABEL = re.compile(r"^(?:theo|nguồn(?: tin)?|bản quyền|copy link)\s*:?\s*", re.IGNORECASE)
_EDITION = re.compile(r"\s+(?:online|điện tử|newspaper)$")
_UNIT = {"second": timedelta(minutes=1), "minute": timedelta(minutes=1), "day": timedelta(days=1)}


def title(raw: str, portal: Portal, sites: Collection[str] = ()) -> str | None:
    """Without the paper's name, which <title> and og:title append."""
    text = plain(raw)
    if text is None:
        return None
    affix = _AFFIX.match(text)
    is_name = affix is not None and (_names_paper(affix["tail"], portal) or _bare(affix["tail"]) in map(_bare, sites))
    return affix["title"] if affix is not None and is_name else text


def _bare(name: str) -> str:
    return _EDITION.sub("", name.casefold()).removeprefix("báo ")


def _names_paper(text: str, portal: Portal) -> bool:
    """Whether it is nothing but the paper's name or host: "Giải việt dã - Báo Mẫu mở rộng" is a headline."""
    name, host = portal.name.casefold(), (portal.home.host or "").removeprefix("www.")
    bare = _EDITION.sub("", text.casefold())
    return bare in (name, name.removeprefix("báo "), host, host.partition(".")[0])


def byline(raw: str, portal: Portal, sites: Collection[str] = ()) -> Byline:
    """`sites`: what the page calls its paper. Neither that nor the portal is a credit of its own articles."""
    found = read_byline(plain(raw) or "", paper=portal.name)
    own = {name.casefold() for name in sites}
    if found.author is not None and found.author.casefold() in own:
        found = replace(found, author=None)
    if found.credit is not None and (found.credit.casefold() in own or _is_own(found.credit, portal, sites)):
        found = replace(found, credit=None)
    return found


def _is_own(name: str, portal: Portal, sites: Collection[str]) -> bool:
    return _names_paper(name, portal) or is_of_paper(name, portal, sites)


def credit(raw: str, portal: Portal, sites: Collection[str] = ()) -> str | None:
    """The paper that a line of its own names as the source; never the portal itself."""
    text = clean(_SOURCE_LABEL.sub("", plain(raw) or ""))
    is_own = not text or _is_own(text, portal, sites) or not any(char.isalpha() for char in text)
    return None if is_own else read_byline(f"Nguồn: {text}", paper=portal.name).credit


def section(raw: str) -> str | None:
    name = clean((plain(raw) or "").strip(" /|>»"))
    return name if name and name.casefold() not in _NO_SECTION else None


def tags(raw: Any, portal: Portal) -> tuple[str, ...]:
    """Each once, without the paper's own name, nor the copies without marks that are meant for search engines ("dong thap" beside "Đồng Tháp")."""
    single = [part for tag in raw for part in re.split(r"[,;]", str(tag))]
    tags = {text.casefold(): text for tag in reversed(single) if (text := plain(tag))}
    tags.pop(portal.name.casefold(), None)
    folded = {fold_marks(key) for key in tags if fold_marks(key) != key}
    return tuple(text for key, text in reversed(tags.items()) if key not in folded)


def lead(
    claims: Claims, paragraphs: tuple[str, ...], portal: Portal, *, title: str, sites: Collection[str] = (), is_printed: bool = False
) -> tuple[str | None, tuple[str, ...]]:
    """The lead without its dateline, and the paragraphs without the lead: pages print it above the text and in it, and cut it short.

    `is_printed`: only what the page prints counts; a description found nowhere on it is written for search engines.
    """
    lead = claims.take(
        "lead",
        lambda raw: text if (text := plain(raw)) and text.casefold().rstrip(" .…") not in ("", title.casefold().rstrip(" .…")) else None,
    )
    if lead is None:
        return None, _without_dateline_first(paragraphs, portal, sites)
    first = paragraphs[0] if paragraphs else ""
    bare, bare_first = without_dateline(lead, portal, sites), without_dateline(first, portal, sites)
    if bare == bare_first:
        return bare, paragraphs[1:]
    if claims.provenance["lead"] != "rule" and bare_first.startswith(bare.rstrip(" .…")[:_SAME_BEGINNING]) and len(paragraphs) > 1:
        return bare_first, paragraphs[1:]
    if is_printed and claims.provenance["lead"] not in ("rule", "generic"):
        claims.drop("lead")
        return None, _without_dateline_first(paragraphs, portal, sites)
    return bare, _without_dateline_first(paragraphs, portal, sites)


def _without_dateline_first(paragraphs: tuple[str, ...], portal: Portal, sites: Collection[str]) -> tuple[str, ...]:
    return tuple(without_dateline(text, portal, sites) if n == 0 else text for n, text in enumerate(paragraphs))


def published(claims: Claims, fetched_at: datetime, problems: list[str]) -> When | None:
    """The publication time, by the rule of `crawler.parse.published`."""
    said = readable(claims.of("published"), fetched_at, problems)
    chosen = settle(said, fetched_at)
    if chosen is None:
        return None
    claims.note("published_at", chosen.origin)
    other = next((one for one in said if one.when.at != chosen.when.at), None)
    if other is not None:
        claims.leave("published_at", other.origin, other.when.raw)
    return chosen.when


def updated(claims: Claims, published_when: When | None, fetched_at: datetime) -> datetime | None:
    """The last change, when it is later than the publication as far as that is known: 08:01:53 is no change of 08:01."""
    for origin, raw in claims.of("updated"):
        when = raw if isinstance(raw, When) else parse_machine(raw)
        if when is None or when.at > fetched_at + MOST_AHEAD:
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
