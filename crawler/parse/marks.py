"""The portal's rules, applied to a page: the fields they select, and the body cut out with notes on what in it is no text."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from lxml import etree

from config.article import Rules
from crawler.parse.dates import When, parse_machine, parse_visible
from crawler.parse.markup import Element, select, text_of
from crawler.parse.sheet import Sheet

MARK = "data-canhbao"
"""Attribute set on elements inside the body: BeautifulSoup gets the fragment alone, where selectors of the whole page mean nothing."""
Role: TypeAlias = Literal["drop", "caption"]

_USELESS = (
    "script", "style", "noscript", "template", "iframe", "object", "form", "svg", "ins", "button", "textarea", "input", "select", "video", "audio", "meta", "link", "head", "title",
)  # fmt: skip
"""Most of a body's elements may be such: what never gets to BeautifulSoup costs it no time."""
_DROPPED = etree.XPath(f"./descendant::*[@{MARK}='drop']")
_LAID_OUT = ("align", "display")  # in a style: the rest is how the letters look
_NOTHING = "nothing"
_COUNT = etree.XPath("count(descendant::*)")
HOME = frozenset({"trang chủ", "home", "trang nhất"})
_MOST_ELEMENTS = 20_000  # in a body: the longest seen has 600, and BeautifulSoup takes a second for these
_VALUE_ATTRIBUTES = ("datetime", "content", "value", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one set of rules found. `fragment` is a copy of the body, everything the other rules selected in it marked to be dropped."""

    title: str
    fragment: tuple[Element, ...]
    lead: str | None
    published: When | None
    updated: When | None
    author: str | None
    section: str | None
    tags: tuple[str, ...]


def find(sheet: Sheet, rules: Rules) -> Found | None:
    """None unless title and body both find something. If they do, marks stay on the page: `forget` them before trying other rules."""
    title = first_with_words(sheet.select(rules.title))
    body = container_of(sheet.select(rules.body)) if title is not None else None
    if title is None or body is None:
        return None
    if sum(map(n_elements, body)) > _MOST_ELEMENTS:
        return None
    lead = first_with_words(sheet.select(rules.lead))
    author, sections, tags = sheet.select(rules.author), sheet.select(rules.section), sheet.select(rules.tags)
    dates, updates = sheet.select(rules.published), sheet.select(rules.updated)
    _mark((*_elements(title, lead), *author, *sections, *tags, *dates, *updates), "drop")
    for css in rules.drop:
        _mark(sheet.select(css), "drop")
    lead = _kept(lead) if lead is not None else None
    _mark(sheet.select(rules.captions), "caption")
    return Found(
        title=text_of(title),
        fragment=cut_out(body),
        lead=text_of(lead) if lead is not None else None,
        published=when_of(dates),
        updated=when_of(updates),
        author=", ".join(texts_of(author)) or None,
        section=next((text for text in reversed(texts_of(sections)) if text.lower() not in HOME), None),
        tags=texts_of(tags),
    )


def cut_out(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Copies of `elements` without what is marked to be dropped and what is no text at all. The tree stays as it is."""
    return tuple(_cut_out(element) for element in elements if element.get(MARK) != "drop")


def _cut_out(element: Element) -> Element:
    copy = deepcopy(element)
    copy.tail = None
    for useless in (*copy.iterdescendants(*_USELESS), *cast("list[Element]", _DROPPED(copy))):
        useless.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are behind; not removed: its tail would go with it, and may hold what lxml lets nobody write
        useless.tag = _NOTHING
    for inline in list(copy.iterdescendants("span", "font")):
        if MARK not in inline.attrib and (inline.tag == "font" or _says_nothing(inline)):
            inline.tag = _NOTHING
    etree.strip_tags(copy, _NOTHING)
    return copy


def _says_nothing(span: Element) -> bool:
    """Word processors leave one for every change of the font."""
    style = (span.get("style") or "").lower()
    return not span.get("class") and not any(word in style for word in _LAID_OUT)


def forget(root: Element) -> None:
    for element in select(root, f"[{MARK}]"):
        del element.attrib[MARK]


def first_with_words(elements: Iterable[Element]) -> Element | None:
    """The first that has words: templates keep empty copies for other screens, and editors lone full stops."""
    return next((element for element in elements if any(char.isalnum() for char in text_of(element))), None)


def _elements(*elements: Element | None) -> Iterable[Element]:
    return (element for element in elements if element is not None)


def container_of(matches: Sequence[Element]) -> list[Element] | None:
    """The container: the first match that holds something, with its siblings among the matches (a body of several blocks)."""
    first = next((element for element in matches if _holds_something(element)), None)
    if first is None:
        return None
    return [element for element in matches if element.getparent() is first.getparent()]


def _kept(element: Element) -> Element:
    """Without what is to be dropped in it: the name of the place before VnExpress's lead. The tree stays as it is."""
    if len(element) == 0 or not _DROPPED(element):
        return element
    copy = deepcopy(element)
    for dropped in cast("list[Element]", _DROPPED(copy)):
        dropped.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are behind
    return copy


def _holds_something(element: Element) -> bool:
    return next(element.iter("img"), None) is not None or any(text.strip() for text in element.itertext())


def n_elements(element: Element) -> int:
    """How many elements there are in `element`."""
    return int(cast("float", _COUNT(element)))


def _mark(elements: Iterable[Element], role: Role) -> None:
    for element in elements:
        element.set(MARK, role)


def texts_of(elements: Iterable[Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for element in elements if (text := text_of(element))))


def when_of(elements: Iterable[Element]) -> When | None:
    """The first that reads as a date: as printed, else by its attribute (time[datetime], meta[content])."""
    for element in elements:
        when = parse_visible(text_of(element)) if len(element) or element.text else None
        attributes = (element.get(name) for name in _VALUE_ATTRIBUTES)
        when = when or next((found for value in attributes if value and (found := parse_machine(value))), None)
        if when is not None:
            return when
    return None
