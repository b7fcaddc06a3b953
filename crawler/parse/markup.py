"""Markup to trees and to plain text, without ever following what the markup asks for: no entity, no DTD, no network, no depth."""

import html
import re
from functools import lru_cache
from typing import TypeAlias, cast
from urllib.parse import urljoin, urlsplit

from cssselect import HTMLTranslator
from lxml import etree

from crawler.errors import ParseError
from crawler.text.normal import clean

Element: TypeAlias = etree._Element  # noqa: SLF001  lxml gives the class no other name

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|&(?:#(?P<number>x[0-9a-f]{1,6}|[0-9]{1,7})|(?P<name>[a-z][a-z0-9]{1,31}));|&",
    re.IGNORECASE | re.DOTALL,
)
MAX_MARKS = 1_500_000
"""Of < and = in one XML document: thirty for each of a sitemap's 50,000 URLs. A quarter of a megabyte of gzip can hold twelve million empty
elements, and each costs 130 bytes of memory."""
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_UNSEEN_CHARACTERS = "\u200b\u2060\ufeff"
_PLAIN_URL = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::\d{1,4})?/[!#-%'-;=?-~]*", re.IGNORECASE)
"""Nothing in it to resolve or mend: no white space, no quotes, no ampersand that may be an entity."""
_AMPERSANDS = re.compile(r"&(?:(?:amp|#0*38|#x0*26);)+", re.IGNORECASE)
"""One, escaped once or more often."""
_INVISIBLE = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|[uo]l|t[rdh]|table|h[1-6r]|img|figure|figcaption|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*(?:>|$)", re.IGNORECASE)  # to the end: summaries are cut in the middle of a tag
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{50000,}")
_MAY_HAVE_LONG_TAGS = 300_000  # characters of a page
_MOST_ATTRIBUTES = 20_000  # words of one tag: these take a tenth of a second, ten times as many a hundred times as long
_CLOSING = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_WHOLE_SHARE = 0.9  # of the page before </html>: what servers append after it is scripts and comments
_BREAKING = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "img", "svg"})
_UNSEEN = frozenset({"script", "style", "noscript", "template"})
_N_ESCAPES = 3  # escaped by the editor, by the content system and by the feed writer


def xml_root(text: str, url: str) -> Element | None:
    """The root of well-formed XML, or of what is so once stray ampersands, HTML entities and control characters are mended; else None.

    Raises: ParseError for more tags and attributes than any honest document has.
    """
    if text.count("<") + text.count("=") > MAX_MARKS:
        raise ParseError(url, f"more than {MAX_MARKS} tags and attributes")
    text = without_doctype(text)
    root = _strict(text, url)
    return root if root is not None else _strict(mended(text), url)


def without_doctype(text: str) -> str:
    """A DOCTYPE is cut out unread: no entity it declares is ever expanded."""
    return _DOCTYPE.sub("", text.lstrip(), count=1)


def _strict(text: str, url: str) -> Element | None:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser, base_url=url)
    except (etree.XMLSyntaxError, ValueError):
        return None


def mended(text: str) -> str:
    """Without what XML does not allow and every reader forgives: stray ampersands, HTML entities, control characters."""
    return _REFERENCE.sub(_mended_reference, _NOT_XML.sub("", text))


def _mended_reference(found: re.Match[str]) -> str:
    """A reference XML knows stays; one of HTML becomes its character; any other ampersand is a character itself."""
    whole, number, name = found[0], found["number"], found["name"]
    if not whole.startswith("&") or name in _OF_XML:
        return whole
    if number is None and name is None:
        return "&amp;"
    char = html.unescape(whole)
    if char == whole:
        return "&amp;" + whole[1:]
    # html.unescape makes U+FFFD of a zero; a number that is no character is left out instead.
    return html.escape(_NOT_XML.sub("", char).replace("\ufffd", ""), quote=False)


def html_root(text: str, url: str) -> Element:
    """The root of whatever HTML this is. Raises: ParseError when there is no element in it, or more of one than libxml2 allows
    (256 inside each other, 10 MB of text); MemoryError, which libxml2 calls a syntax error.
    """
    if len(text) > _MAY_HAVE_LONG_TAGS and any(len(tag[0].split()) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        raise ParseError(url, "an element of too many attributes")  # libxml2 compares each with all before it
    text = _without_early_end(text).replace("<amp-img", "<img")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser, base_url=url)
    except (etree.XMLSyntaxError, ValueError) as error:
        if parser.error_log.filter_types(etree.ErrorTypes.ERR_NO_MEMORY):
            raise MemoryError from error
        raise ParseError(url, f"not HTML ({error})") from error
    if root is None:
        raise ParseError(url, "an empty page")
    if parser.error_log.filter_types(etree.ErrorTypes.ERR_RESOURCE_LIMIT):
        raise ParseError(url, "elements nested too deep, or too long")  # libxml2 stopped there: what we have is not the page
    return root


def _without_early_end(text: str) -> str:
    """Some pages hold </html> before or amid their content (a template's slip, a pasted document); what follows would be lost."""
    early = min((at for tag in ("</html", "</HTML") if (at := text.find(tag)) >= 0), default=len(text))
    return _CLOSING.sub("", text) if early < len(text) * _WHOLE_SHARE else text


@lru_cache(maxsize=1024)
def selector(css: str) -> etree.XPath:
    """A compiled CSS selector. Those of portal files were checked when they were loaded."""
    return etree.XPath(HTMLTranslator().css_to_xpath(css))


def select(root: Element, css: str) -> list[Element]:
    """The elements under `root` that `css` names, in the order of the page."""
    return cast("list[Element]", selector(css)(root))


def text_of(element: Element) -> str:
    """All text in `element` as one clean line."""
    if not len(element):
        return clean(element.text or "")
    parts = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and inner.tag not in _UNSEEN:
            parts.append(" " if inner.tag in _BREAKING else "")
            parts.append(inner.text or "")
        elif event == "end" and inner is not element:
            parts.append(" " if inner.tag in _BREAKING else "")
            parts.append(inner.tail or "")
    return clean("".join(parts))


def n_chars_in_runs(root: Element, *, least: int) -> int:
    """How many characters stand in stretches of at least `least` between two tags that break the line."""
    n_all = n_run = 0
    for event, inner in etree.iterwalk(root, events=("start", "end")):
        if inner.tag in _BREAKING:
            n_all, n_run = n_all + (n_run if n_run >= least else 0), 0
        said = inner.tail if event == "end" else None if inner.tag in _UNSEEN else inner.text
        n_run += len(said) if said else 0
    return n_all + (n_run if n_run >= least else 0)


def plain(value: str | None) -> str | None:
    """The text of what may be HTML, escaped once, twice or not at all, as one clean line; None when nothing is left."""
    if not value:
        return None
    for _ in range(_N_ESCAPES):
        if "<" in value:
            if "<s" in value or "<S" in value or "<!--" in value:
                value = _INVISIBLE.sub(" ", value)
            if "<![CDATA[" in value:  # escaped together with the text in it
                value = value.replace("<![CDATA[", "").replace("]]>", "")
            value = _TAG.sub("", _BREAKING_TAG.sub(" ", value))
        if "&" not in value or (unescaped := html.unescape(value)) == value:
            break
        value = unescaped
    return clean(value.strip()) or None  # strip first: clean is fastest on text without line breaks


def absolute(link: str | None, base: str) -> str | None:
    """`link` as an absolute http(s) URL, its line breaks dropped with their indents and its spaces escaped; None for javascript:,
    mailto: and nonsense.
    """
    link = (link or "").strip()
    if not link:
        return None
    if _PLAIN_URL.fullmatch(link):
        return link
    try:
        line = "".join(part.strip() for part in _AMPERSANDS.sub("&", link).splitlines())
        url = urljoin(base, line.strip(_UNSEEN_CHARACTERS).replace(" ", "%20"))
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises on a port that is none
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
