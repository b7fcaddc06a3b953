"""The selectors of a portal's rules on one page, without a walk over the whole tree for each.

Most alternatives of a rule begin with a class or an id ("div.detail-title h1, h1.fw700"). The elements of each are listed once; a selector is
then tried on the few that can be its first part, and one for other eras and other boxes, whose names the page does not have, not at all.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import cssselect
from cssselect import parser
from lxml import etree

from crawler.parse.markup import Element

_NAMES = etree.XPath("//*/@class | //*/@id")
_FEW = 8  # starting points: of more, a walk over the page costs no more


class Sheet:
    """A page on which rules select."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._named: defaultdict[str, list[Element]] = defaultdict(list)
        for value in cast("list[Any]", _NAMES(root)):
            element = value.getparent()
            for name in value.split():
                self._named[name].append(element)

    def select(self, css: str | None) -> list[Element]:
        """The elements that `css` names, in the order of the page."""
        if css is None:
            return []
        named = self._named
        possible = [one for one in _alternatives(css) if all([name in named for name in one.needed])]  # noqa: C419  a list: in half the time
        return self._together([self._select_one(one) for one in possible], possible)

    def _select_one(self, one: "_Alternative") -> list[Element]:
        starts = min((self._named[name] for name in one.first), key=len, default=None)
        if starts is None or len(starts) > _FEW:
            return self._walk([one])
        here = _xpath(one.here)
        return self._together([cast("list[Element]", here(start)) for start in starts], [one])

    def _together(self, found: Sequence[list[Element]], alternatives: Sequence["_Alternative"]) -> list[Element]:
        """What was found by parts, which only the page can put in its order; mostly one part has it all."""
        if len(found) == 1:
            return found[0]
        most = max(found, key=len, default=[])
        return most if sum(map(len, found)) == len(most) or len(set().union(*found)) == len(most) else self._walk(alternatives)

    def _walk(self, alternatives: Sequence["_Alternative"]) -> list[Element]:
        return cast("list[Element]", _xpath(" | ".join(one.anywhere for one in alternatives))(self.root))


@dataclass(frozen=True, slots=True)
class _Alternative:
    """One of the selectors between commas, as XPath from the page and from the element its first part names."""

    anywhere: str
    here: str
    first: tuple[str, ...]
    """Classes and ids of the element that is its first part."""
    needed: tuple[str, ...]
    """All that a page must have for it to match anything."""


@lru_cache(maxsize=4096)
def _alternatives(css: str) -> tuple[_Alternative, ...]:
    translate = cssselect.HTMLTranslator().selector_to_xpath
    return tuple(
        _Alternative(
            translate(one), translate(one, prefix="self::"), tuple(_names(_first(one.parsed_tree))), tuple(_names(one.parsed_tree))
        )
        for one in cssselect.parse(css)
    )


def _first(tree: Any) -> Any:
    """The part before all combinators."""
    while isinstance(tree, parser.CombinedSelector):
        tree = tree.selector
    return tree


def _names(tree: Any) -> Iterator[str]:
    """The classes and ids it requires: not those in :not(), :is() and :has()."""
    if isinstance(tree, parser.Class):
        yield tree.class_name
    elif isinstance(tree, parser.Hash):
        yield tree.id
    elif isinstance(tree, parser.CombinedSelector):
        yield from _names(tree.subselector)
    if (inner := getattr(tree, "selector", None)) is not None:
        yield from _names(inner)


@lru_cache(maxsize=8192)
def _xpath(xpath: str) -> etree.XPath:
    return etree.XPath(xpath)
