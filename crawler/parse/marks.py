"""The portal's rules, applied to a page: the fields they select, and the body cut out with notes on what in it is no text."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from lxml import etree

from config.portal import Rules
from crawler.parse.dates import When, parse_machine, parse_visible
from crawler.parse.markup import Element, select, text_of

MARK = "data-canhbao"
"""Attribute set on elements inside the body: BeautifulSoup gets the fragment alone, where selectors of the whole page mean nothing."""
Role: TypeAlias = Literal["drop", "caption"]

_USELESS = etree.XPath(
    f"./descendant::*[@{MARK}='drop' or self::script or self::style or self::noscript or self::template or self::iframe or self::object or self::form or self::svg"
    " or self::ins or self::button or self::textarea or self::input or self::select or self::video or self::audio or self::meta or self::link or self::head or self::title]"
)
"""Most of a body's elements may be such: what never gets to BeautifulSoup costs it no time."""
_PLAIN = etree.XPath(
    f"./descendant::*[(self::span and not(@class) and not(contains(translate(@style, 'ADGILNPSY', 'adgilnpsy'), 'align') or contains(@style, 'display')) or self::font)"
    f" and not(@{MARK})]"
)
"""Inline elements that say nothing about the text in them: word processors leave one for every change of the font."""
_NOTHING = "nothing"
_COUNT = etree.XPath("count(descendant::*)")
HOME = frozenset({"trang chủ", "home", "trang nhất"})
_MOST_ELEMENTS = 20_000  # in a body: the longest seen has 600, and BeautifulSoup takes a second for these
_VALUE_ATTRIBUTES = ("datetime", "content", "value", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one set of rules found. `fragment` is the body's HTML, everything the other rules selected in it marked to be dropped."""

    title: str
    fragment: str
    lead: str | None
    published: When | None
    updated: When | None
    author: str | None
    section: str | None
    tags: tuple[str, ...]


def find(root: Element, rules: Rules) -> Found | None:
    """None unless title and body both find something. If they do, marks stay on `root`: `forget` them before trying other rules."""
    title = first_with_words(root, rules.title)
    body = container_of(root, rules.body) if title is not None else None
    if title is None or body is None:
        return None
    if sum(map(n_elements, body)) > _MOST_ELEMENTS:
        return None
    lead, author, sections, tags = (
        first_with_words(root, rules.lead),
        _all(root, rules.author),
        _all(root, rules.section),
        _all(root, rules.tags),
    )
    dates, updates = _all(root, rules.published), _all(root, rules.updated)
    _mark((*_elements(title, lead), *author, *sections, *tags, *dates, *updates), "drop")
    _mark((element for css in rules.drop for element in select(root, css)), "drop")
    _mark(_all(root, rules.captions), "caption")
    return Found(
        title=text_of(title),
        fragment="".join(map(cut_out, body)),
        lead=text_of(lead) if lead is not None else None,
        published=when_of(dates),
        updated=when_of(updates),
        author=", ".join(texts_of(author)) or None,
        section=next((text for text in reversed(texts_of(sections)) if text.lower() not in HOME), None),
        tags=texts_of(tags),
    )


def cut_out(element: Element) -> str:
    """The HTML of `element` without what is marked to be dropped and what is no text at all. The tree stays as it is."""
    copy = deepcopy(element)
    copy.tail = None
    for useless in cast("list[Element]", _USELESS(copy)):
        useless.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are behind; not removed: its tail would go with it, and may hold what lxml lets nobody write
        useless.tag = _NOTHING
    for plain in cast("list[Element]", _PLAIN(copy)):
        plain.tag = _NOTHING
    etree.strip_tags(copy, _NOTHING)
    return etree.tostring(copy, encoding="unicode", method="html")


def forget(root: Element) -> None:
    for element in select(root, f"[{MARK}]"):
        del element.attrib[MARK]


def _all(root: Element, css: str | None) -> list[Element]:
    return select(root, css) if css is not None else []


def first_with_words(root: Element, css: str | None) -> Element | None:
    """The first match that has words: templates keep empty copies for other screens, and editors lone full stops."""
    return next((element for element in _all(root, css) if any(char.isalnum() for char in text_of(element))), None)


def _elements(*elements: Element | None) -> Iterable[Element]:
    return (element for element in elements if element is not None)


def container_of(root: Element, css: str) -> list[Element] | None:
    """The container: the first match that holds something, with its siblings among the matches (a body of several blocks)."""
    matches = select(root, css)
    first = next((element for element in matches if _holds_something(element)), None)
    if first is None:
        return None
    return [element for element in matches if element.getparent() is first.getparent()]


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
