"""Feeds that are no XML, by feedparser, which has seen them all. Its dates are not used: it takes local times for UTC."""

import re
from io import BytesIO
from typing import Any

import feedparser

from crawler.errors import ParseError
from crawler.model import Harvest
from crawler.parse.entry import Entry, candidate, seconds
from crawler.parse.markup import absolute, plain

_FIRST_ENTRY = re.compile(r"<(?:item|entry)\b", re.IGNORECASE)
_SITE = re.compile(r"<link>\s*(?:<!\[CDATA\[)?\s*([^<\]]+)", re.IGNORECASE)
_LINK = re.compile(r"<link>[^<]*(?:<!\[CDATA\[[^<]*)?", re.IGNORECASE)
_ESCAPED_TWICE = re.compile(r"&amp;(?:amp;)+")
"""Means no more than being escaped once, in a text too."""
_ITS_FAILURES = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)
"""What its SGML parser was seen to trip over on random input (tests/unit/test_parse_feed.py)."""


def read(text: str, url: str) -> Harvest:
    """Raises: ParseError when even feedparser finds no feed in it."""
    site = _SITE.search(_FIRST_ENTRY.split(text, maxsplit=1)[0])
    base = (absolute(site[1], url) if site is not None else None) or url
    try:
        # BytesIO: a bare string might be taken for a URL or a file name and opened.
        feed = feedparser.parse(
            BytesIO(_with_whole_links(text).encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": base},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _ITS_FAILURES as error:
        raise ParseError(url, f"a feed too broken to read ({type(error).__name__})") from error
    if not feed.entries and not (feed.version and feed.feed):  # a root alone is no feed: <rss><error>…
        raise ParseError(url, "not a feed")
    is_atom = feed.version.startswith("atom")
    entries = [candidate(_entry(entry, is_atom=is_atom), base) for entry in feed.entries]
    channel = feed.feed
    return Harvest(
        kind="feed",
        url=url,
        entries=tuple(entry for entry in entries if entry is not None),
        title=plain(_raw(channel, "title")),
        ttl_s=seconds(ttl=_raw(channel, "ttl"), period=_raw(channel, "sy_updateperiod"), frequency=_raw(channel, "sy_updatefrequency")),
    )


def _with_whole_links(text: str) -> str:
    """Before feedparser resolves them: it drops their line breaks but not the indents, and reads &amp;amp; as &amp without its semicolon."""
    return _LINK.sub(lambda link: "".join(line.strip() for line in link[0].splitlines()), _ESCAPED_TWICE.sub("&amp;", text))


def _raw(found: dict[str, Any], key: str) -> str | None:
    """Past FeedParserDict's own lookup, which answers for missing keys with others and warns about it."""
    value = dict.get(found, key)
    return value if isinstance(value, str) else None


def _first_page(found: dict[str, Any]) -> str | None:
    """Of several pages of an Atom entry, one a language, feedparser's own choice is the last."""
    pages = (link for link in dict.get(found, "links", ()) if (dict.get(link, "rel"), dict.get(link, "type")) == ("alternate", "text/html"))
    return next((_raw(page, "href") for page in pages), None)


def _entry(found: dict[str, Any], *, is_atom: bool) -> Entry:
    return Entry(
        base=None,
        link=(_first_page(found) if is_atom else None) or _raw(found, "link"),
        original=_raw(found, "feedburner_origlink"),
        guid=_raw(found, "id"),
        title=_raw(found, "title"),
        summary=_raw(found, "summary"),
        author=_raw(found, "author"),
        published=_raw(found, "published") or _raw(found, "created") or _raw(found, "updated"),
        updated=_raw(found, "updated"),
        tags=[term for tag in dict.get(found, "tags", ()) if isinstance(term := dict.get(tag, "term"), str)],
    )
