"""Elements of an lxml tree as a BeautifulSoup, without writing them out and parsing them again: a third of the time."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from bs4 import BeautifulSoup, Tag
from bs4.builder import TreeBuilder
from bs4.element import NavigableString, PageElement
from lxml import etree

from crawler.parse.markup import Element


class _FromTree(TreeBuilder):
    """Feeds a soup with elements in place of markup. Attributes stay single strings: "class" too."""

    NAME = "lxml-tree"

    def prepare_markup(self, markup: Any, *_: Any, **__: Any) -> Iterable[Any]:
        yield markup, None, None, False

    def feed(self, markup: Any) -> None:
        """Links each node to the one before it. What a soup does beside that, for markup that may not close what it opens, a tree has behind it."""
        soup = parent = cast("Tag", self.soup)
        last: PageElement | None = None
        for root in cast("Sequence[Element]", markup):
            for event, element in etree.iterwalk(root, events=("start", "end")):
                if event == "start":
                    tag = Tag(cast("BeautifulSoup", soup), self, element.tag, None, None, dict(element.items()), parent, last)
                    parent.contents.append(tag)
                    parent = last = tag
                    text = element.text
                else:
                    parent = cast("Tag", parent.parent)
                    text = element.tail
                if text:
                    string = NavigableString(text)
                    string.setup(parent, last)
                    parent.contents.append(string)
                    last = string


def soup_of(elements: Sequence[Element]) -> BeautifulSoup:
    """The elements, one after another."""
    return BeautifulSoup(cast("Any", elements), builder=_FromTree(multi_valued_attributes=cast("Any", None)))


def is_gone(tag: Tag) -> bool:
    """As `tag.decomposed`, which looks for an element called <_decomposed> in a tag that is still there."""
    return "_decomposed" in vars(tag)
