"""What a saved file is, and where it came from, told from its content alone."""

import re
import zlib
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from crawler.parse.charset import decode
from crawler.parse.markup import absolute

Kind: TypeAlias = Literal["feed", "sitemap", "html"]

_HEAD = 65_536  # bytes: comments, styles and a whole mega menu may stand before <link rel=canonical>
_GZIP = b"\x1f\x8b"
_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>)", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"\s*<(?:[a-z][\w.-]*:)?([a-z]+)", re.IGNORECASE)
_WORDS_BEFORE = re.compile(
    r"(?!\s*<(?:!doctype|html|\?xml|rss|feed|urlset|sitemapindex))(?:(?!<html\b).)+?(?=<\?xml\b|<(?:rss|feed|urlset|sitemapindex)\b)",
    re.IGNORECASE | re.DOTALL,
)
_JSON_FEED = re.compile(r"\s*\{.{0,2000}?(?:jsonfeed\.org|\"items\"\s*:)", re.DOTALL)
_URL_LINE = re.compile(r"\s*https?://\S+\s*(?:\n|$)")
_TAG = re.compile(r"<(?:link|meta|base)\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+)")
_CHANNEL_LINK = re.compile(
    r"<(?:atom:)?link\b[^>]*\brel=[\"']self[\"'][^>]*>|<link>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\]\s]+)|<loc>\s*(https?://[^<\s]+)",
    re.IGNORECASE,
)
_WORDS_IN_SLUG = 6  # "tai-chinh-ngan-hang" is a section
_DIGITS_IN_SLUG = re.compile(r"\d{5,}")


def kind_of(body: bytes, content_type: str | None = None) -> Kind:
    """By the root element; text of one URL a line is a sitemap, JSON with items a feed. Whatever is nothing else is taken for HTML."""
    if body.startswith(_GZIP):
        body = _first_of_gzip(body)
    text = without_words_before(decode(body[:_HEAD], content_type).text)
    while (skipped := _PROLOGUE.match(text)) is not None:
        text = text[skipped.end() :]
    root = _ROOT.match(text)
    name = root[1].lower() if root else ""
    if name in ("rss", "feed", "rdf") or _JSON_FEED.match(text):
        return "feed"
    return "sitemap" if name in ("urlset", "sitemapindex") or _URL_LINE.match(text) else "html"


def without_words_before(text: str) -> str:
    """From where the XML begins: servers print their warnings before it. `text` itself when it begins with it, or is a page."""
    before = _WORDS_BEFORE.match(text[:_HEAD])
    return text[before.end() :] if before is not None else text


def _first_of_gzip(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, _HEAD)
    except zlib.error:
        return body


def own_url(body: bytes, content_type: str | None = None) -> str | None:
    """The address a file gives as its own: where the browser saved it from, og:url, canonical, the self link of a feed, else the host
    of <base> or of its first link.
    """
    text = decode(body[: 4 * _HEAD], content_type).text
    if (saved := _SAVED_FROM.search(text[:_HEAD])) is not None:
        return saved[1]
    found: dict[str, str] = {}
    for tag in _TAG.findall(text):
        said = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(tag)}
        name = (said.get("property") or said.get("name") or said.get("rel") or "").lower()
        if name in ("og:url", "canonical"):
            found.setdefault(name, said.get("content") or said.get("href") or "")
        elif tag[:5].lower() == "<base":
            found.setdefault("base", said.get("href", ""))
    base = _https(found.get("base"))
    for name in ("og:url", "canonical"):
        if (url := absolute(found.get(name), base or "about:blank")) is not None:
            return url
    if base is not None:
        return "{0.scheme}://{0.netloc}/".format(urlsplit(base))
    return _channel_url(text)


def _https(link: str | None) -> str | None:
    return absolute(link, "https://")


def _channel_url(text: str) -> str | None:
    for found in _CHANNEL_LINK.finditer(text[:_HEAD]):
        links = {match[1].lower(): match[2] or match[3] or match[4] for match in _ATTRIBUTE.finditer(found[0])}
        if (url := absolute(found[1] or found[2] or links.get("href"), "about:blank")) is not None:
            return url
    return None


def may_be_article(url: str) -> bool:
    """Whether a URL of an unknown portal has an article's shape: a slug of several words, or a long number."""
    path = urlsplit(url).path
    slug = re.sub(r"\.[a-z]{2,5}$", "", path.rstrip("/").rpartition("/")[2])
    n_words = len(re.findall(r"[^\W_]+", slug))
    return n_words >= _WORDS_IN_SLUG + 2 * path.endswith("/") or _DIGITS_IN_SLUG.search(path) is not None
