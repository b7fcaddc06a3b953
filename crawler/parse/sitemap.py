"""Sitemaps to candidates: urlset, index, news sitemaps and plain lists of URLs, gzipped or not."""

import zlib
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from itertools import islice

from crawler.errors import ParseError
from crawler.model import Candidate, Harvest
from crawler.parse.charset import decode
from crawler.parse.dates import parse_machine
from crawler.parse.entry import Entry, candidate
from crawler.parse.markup import Element, absolute, xml_root

_MAX_BYTES = 52_428_800  # the protocol's own bound for one sitemap, unpacked
_MAX_URLS = 50_000  # likewise
_MAX_MEMBERS = 1000  # as crawler.fetch.body has it
_GZIP_MAGIC = b"\x1f\x8b"


def parse_sitemap(body: bytes, url: str, content_type: str | None = None) -> Harvest:
    """Its URLs in its own order, or of an index the sitemaps it names. Raises: ParseError when it is none."""
    text = decode(_unpacked(body, url), content_type).text
    root = xml_root(text, url)
    if root is None:
        return _plain_list(text, url)
    name = _local(root)
    if name == "sitemapindex":
        return _index(root, url)
    if name != "urlset":
        raise ParseError(url, f"not a sitemap but <{name}>")
    entries = (candidate(_entry(element), url) for element in root.iter("{*}url"))
    return Harvest(kind="sitemap", url=url, entries=tuple(_first(entries)))


def _index(root: Element, url: str) -> Harvest:
    """The sitemaps it names, each with the time of its last change where the index tells it."""
    named: dict[str, datetime | None] = {}
    for element in islice(root.iter("{*}sitemap"), _MAX_URLS):
        if (link := absolute(_child(element, "loc"), url)) and link != url:
            changed = parse_machine(raw) if (raw := _child(element, "lastmod")) else None
            named.setdefault(link, changed.at if changed else None)
    return Harvest(
        kind="sitemap", url=url, entries=(), sitemaps=tuple(named), changed_at={link: at for link, at in named.items() if at is not None}
    )


def _unpacked(body: bytes, url: str) -> bytes:
    if not body.startswith(_GZIP_MAGIC):
        return body
    parts: list[bytes] = []
    n_left = _MAX_BYTES
    while body.startswith(_GZIP_MAGIC):  # files may be joined end to end; what else follows is padding
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            parts.append(inflate.decompress(body, n_left + 1))
        except zlib.error as error:
            raise ParseError(url, "broken gzip") from error
        n_left -= len(parts[-1])
        if n_left < 0 or len(parts) > _MAX_MEMBERS:
            raise ParseError(url, f"more than {_MAX_BYTES} bytes or {_MAX_MEMBERS} files unpacked")
        if not inflate.eof:
            raise ParseError(url, "gzip cut short")
        body = inflate.unused_data
    return b"".join(parts)


def _plain_list(text: str, url: str) -> Harvest:
    """One URL a line is a sitemap too; anything else is not."""
    lines = islice((line.strip() for line in StringIO(text, newline=None) if line.strip()), _MAX_URLS)
    links = [absolute(line, url) if line.startswith(("http://", "https://")) else None for line in lines]
    if not links or None in links:
        raise ParseError(url, "not a sitemap")
    return Harvest(kind="sitemap", url=url, entries=tuple(Candidate(url=link) for link in links if link))


def _first(entries: Iterator[Candidate | None]) -> Iterator[Candidate]:
    n_urls = 0
    for entry in entries:
        if entry is not None and (n_urls := n_urls + 1) <= _MAX_URLS:
            yield entry


def _local(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _child(element: Element, name: str) -> str | None:
    return next((child.text for child in element if _local(child) == name), None)


def _entry(element: Element) -> Entry:
    """`lastmod` is the last change; only a news sitemap knows the publication."""
    entry = Entry(base=None, link=_child(element, "loc"))
    last_change = _child(element, "lastmod")
    for news in element.iter("{*}news"):
        entry.title, entry.published = _child(news, "title"), _child(news, "publication_date")
        entry.tags = (_child(news, "keywords") or "").split(",")
    entry.updated = last_change
    return entry
