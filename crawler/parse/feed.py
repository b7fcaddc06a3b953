"""Feeds to candidates: RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed; XML well-formed by lxml, ill-formed by feedparser.

lxml reads a feed more than a hundred times faster; what only a stray ampersand or an HTML entity spoils is mended and read by it too.
"""

import re
from functools import lru_cache
from typing import Final

from lxml import etree

from crawler.errors import ParseError
from crawler.model import Harvest
from crawler.parse import feed_json, feed_loose
from crawler.parse.charset import decode
from crawler.parse.entry import Entry, candidate, seconds
from crawler.parse.markup import Element, absolute, mended, plain, without_doctype, xml_root
from crawler.parse.recognise import without_words_before

_ROOTS: Final = frozenset({"rss", "rdf", "feed"})
_LOOKS_LIKE_FEED = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<(?:rss|feed|(?:[a-z]+:)?RDF)\b", re.IGNORECASE | re.DOTALL
)
_HEAD = 20_000  # characters: comments and stylesheets may stand before the root
_FIELDS: Final = {
    # local name of the element: field of Entry. Where several name one field, the first that has a value wins.
    "title": "title",
    "description": "summary",
    "summary": "summary",
    "encoded": "content",
    "content": "content",
    "pubDate": "published",
    "date": "published",
    "published": "published",
    "issued": "published",
    "created": "published",
    "updated": "updated",
    "modified": "updated",
    "creator": "author",
    "origLink": "original",
}
_OTHER_NAMES: Final = frozenset(
    {"channel", "item", "entry", "link", "guid", "id", "category", "author", "name", "ttl", "updatePeriod", "updateFrequency"}
)
_NAMES: Final = {name.lower(): name for name in (*_FIELDS, *_OTHER_NAMES)}
"""Of the elements we read, as the specifications write them."""
_ATTRIBUTES: Final = frozenset({"about", "base", "href", "label", "rel", "term", "type"})
_OF_FEEDS: Final = _FIELDS.keys() | _OTHER_NAMES | {"image", "generator", "language"}
"""Any one of these within the root makes a feed of it, be it an empty one."""
_RDF_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_OTHER_MATTERS: Final = frozenset({"media", "itunes", "image", "source", "slash", "georss"})
"""Prefixes of vocabularies whose <title>, <content> and <description> are not the entry's."""


def parse_feed(body: bytes, url: str, content_type: str | None = None) -> Harvest:
    """The entries of a feed in its own order. Raises: ParseError when it is none. An empty feed is a feed."""
    text = without_doctype(decode(body, content_type).text)
    if feed_json.looks_like(text):
        return feed_json.read(text, url)
    root = xml_root(text, url)
    if root is None and (rest := without_words_before(text)) is not text:
        text = rest
        root = xml_root(text, url)
    if root is not None:
        return _read(root, url)
    if _LOOKS_LIKE_FEED.match(text[:_HEAD]) is None:
        raise ParseError(url, "not a feed")
    return feed_loose.read(mended(text), url)


def _read(root: Element, url: str) -> Harvest:
    if _local(root).lower() not in _ROOTS:
        raise ParseError(url, f"not a feed but <{_local(root)}>")
    harvest = _harvest(root, url)
    if not any(entry.title and entry.published_at for entry in harvest.entries):  # the names may be written another way: <ITEM>, <pubdate>
        _write_names_as_specified(root)
        harvest = _harvest(root, url)
    if not harvest.entries and _OF_FEEDS.isdisjoint(map(_local, root)):
        held = ", ".join(f"<{_local(child)}>" for child in list(root)[:3]) or "nothing"
        raise ParseError(url, f"not a feed but <{_local(root)}> that holds {held}")
    return harvest


def _harvest(root: Element, url: str) -> Harvest:
    channel = next((child for child in root if _local(child) == "channel"), root)
    if root.get(_BASE) is None and (site := _site(channel, url)) is not None:
        root.base = site
    entries = [candidate(_entry(element), root.base or url) for element in root.iter("{*}item", "{*}entry")]
    return Harvest(
        kind="feed",
        url=url,
        entries=tuple(entry for entry in entries if entry is not None),
        title=plain(_child_text(channel, "title")),
        ttl_s=_wish(channel),
        next_page=_older(channel, url),
    )


def _site(channel: Element, url: str) -> str | None:
    """What the relative links of RSS are relative to: a feed may be served from elsewhere. Those of Atom, without a text here: to itself."""
    return next((site for link in channel.iterchildren("{*}link") if (site := absolute(link.text, url)) is not None), None)


def _write_names_as_specified(root: Element) -> None:
    """<PUBDATE> and <pubdate> become <pubDate>, HREF= becomes href=; what other vocabularies name stays out of the entry's way."""
    for element in root.iter("{*}*"):
        if (element.prefix or "").lower() in _OTHER_MATTERS:
            continue
        element.tag = _as_specified(element.tag)
        for name in element.keys():  # noqa: SIM118  not items(): which looks for each value among all
            local = str(name).rpartition("}")[2]
            if local.lower() in _ATTRIBUTES and local.lower() != local:  # no other: the search for one takes as long as there are others
                specified = str(name)[: -len(local)] + local.lower()
                element.set(specified, element.attrib.pop(name))


def _as_specified(name: str) -> str:
    space, brace, local = name.rpartition("}")
    return space + brace + _NAMES.get(local.lower(), local.lower())


def _older(channel: Element, url: str) -> str | None:
    """The older entries of a feed that is handed out in pages (RFC 5005)."""
    for link in channel.iterchildren("{*}link"):
        if link.get("rel") == "next" and (older := absolute(link.get("href"), link.base or url)) not in (None, url):
            return older
    return None


def _local(element: Element) -> str:
    return _local_name(element.tag)


@lru_cache(maxsize=1024)
def _local_name(tag: object) -> str:
    """Without the namespace; nothing for comments and the like, whose tag is a function."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _child_text(element: Element, name: str) -> str | None:
    return next((_text(child) for child in element if _local(child) == name), None)


def _text(element: Element) -> str:
    """Of an element with markup in it the markup too, for `plain` to read: <br/> is white space."""
    if not len(element):
        return element.text or ""
    return (element.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)


def _wish(channel: Element) -> float | None:
    return seconds(
        ttl=_child_text(channel, "ttl"), period=_child_text(channel, "updatePeriod"), frequency=_child_text(channel, "updateFrequency")
    )


def _entry(element: Element) -> Entry:
    entry, rank = Entry(base=None), 0
    for child in element:
        if child.prefix in _OTHER_MATTERS:
            continue
        name = _local_name(child.tag)
        if (field := _FIELDS.get(name)) is not None:
            if not getattr(entry, field):
                setattr(entry, field, _text(child))
        elif name == "link":
            rank = _note_link(entry, child, rank)
        elif name in ("guid", "id"):
            entry.guid = _text(child).strip()
        elif name == "category":
            entry.tags.append(child.get("term") or child.get("label") or _text(child))
        elif name == "author":
            entry.author = entry.author or _child_text(child, "name") or _text(child)
    entry.link = entry.link or element.get(_RDF_ABOUT)
    entry.published = entry.published or entry.updated  # Atom entries that were never changed have only this
    return entry


def _note_link(entry: Entry, element: Element, rank: int) -> int:
    """RSS: the text. Atom: the href that is the page itself, not its picture, its comments or the feed. The first of the highest rank
    is kept; gives its rank.
    """
    href = element.get("href")
    link, its_rank = (href, _rank(element)) if href is not None else (_text(element), 3)
    if its_rank <= rank or not link.strip():
        return rank
    entry.link, entry.base = link, element.base
    return its_rank


def _rank(element: Element) -> int:
    relation = element.get("rel", "alternate").lower().rpartition("/")[2]  # http://www.iana.org/assignments/relation/alternate
    if relation != "alternate":
        return 0
    return 2 if element.get("type") == "text/html" else 1
