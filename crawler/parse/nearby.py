"""Who wrote an article, and whom it was taken from: elements of such names, near the headline first, then below the text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from lxml import etree

from crawler.parse.boilerplate import is_furniture
from crawler.parse.byline import looks_like_byline, read_byline
from crawler.parse.markup import Element, text_of
from crawler.parse.outline import Outline
from crawler.text.normal import clean

BEFORE, AFTER = 14, 14  # blocks round the article that may still belong to it
_AUTHORS = etree.XPath(
    "//*[@rel='author' or contains(@itemprop,'author') or contains(@class,'author') or contains(@class,'Author') or contains(@class,'tacgia') or contains(@class,'tac-gia')"
    " or contains(@class,'byline') or contains(@class,'writer') or contains(@class,'butdanh') or contains(@class,'but-danh') or contains(@class,'penname') or contains(@class,'nguoi-viet')] | //a[contains(@href,'/tac-gia/') or contains(@href,'/author/')]"
)
_SOURCES = etree.XPath("//*[contains(@class,'source') or contains(@class,'nguon')]")
_LONGEST_BYLINE = 120
_LONGEST_SOURCE = 60
_BELOW = 3  # blocks below the text that may still be signed
_RIGHT = re.compile(r"text-align\s*:\s*right", re.IGNORECASE)
_DATE_IN_BYLINE = re.compile(
    r"[\s,|•·(–-]*(?:(?:thứ\s+\w+|chủ\s+nhật|cập\s+nhật|đăng|lúc|ngày)\b[\s,:–-]*)*\d{1,2}\s?[:/.h-]\s?\d.*$", re.IGNORECASE
)
_MORE_AUTHORS = re.compile(
    r"\s+và \d+ (?:tác giả|người) khác.*$|^(?:(?:written |posted )?by|tác giả|(?:viết |đăng )?bởi|người (?:đăng|viết))\s*:?\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From where to where on the page the article goes, in places of blocks: the headline, the first and the last line of its text."""

    headline: int
    first: int
    last: int


def bylines(outline: Outline, stretch: Stretch) -> list[tuple[str, Element]]:
    """The lines that elements of such a name print as author, the fullest first: "Lan và 1 tác giả khác" gives way to "Lan - Minh"."""
    found: list[tuple[str, Element]] = []
    for element in _near(outline, cast("list[Element]", _AUTHORS(outline.root)), stretch):
        text = _DATE_IN_BYLINE.sub("", _MORE_AUTHORS.sub("", _names_in(element)))
        if 0 < len(text) <= _LONGEST_BYLINE and not is_furniture(text) and read_byline(text):
            found.append((text, element))
    around = {above for _, element in found for above in element.iterancestors()}
    found = [(text, element) for text, element in found if element not in around or looks_like_byline(text)]
    names = {text for text, _ in found}
    return sorted(found, key=lambda one: -sum(other != one[0] and other in one[0] for other in names) if looks_like_byline(one[0]) else 0)


def _names_in(element: Element) -> str:
    """Its text; of one that holds nothing but a link for each writer, their names with a dash between them; of lines, those with names, without
    where they work.
    """
    text = text_of(element)
    if next(element.iter("br"), None) is not None and (named := [line for line in _lines(element) if looks_like_byline(line)]):
        return " - ".join(named)
    names = list(dict.fromkeys(name for link in element.iter("a") if (name := text_of(link))))
    return " - ".join(names) if len(names) > 1 and _squeezed("".join(names)) == _squeezed(text) else text


def _lines(element: Element) -> list[str]:
    """Its text, parted at line breaks."""
    lines = [""]
    for text in _texts(element):
        lines = [*lines, ""] if text is None else [*lines[:-1], lines[-1] + text]
    return [line for raw in lines if (line := clean(raw))]


def _texts(element: Element) -> Iterator[str | None]:
    """In order; None at a line break."""
    yield element.text or ""
    for child in element.iterchildren(etree.Element):
        yield from (None,) if child.tag == "br" else _texts(child)
        yield child.tail or ""


def _squeezed(text: str) -> str:
    return re.sub(r"[\s,;&|–-]+", "", text)


def signature(outline: Outline, stretch: Stretch) -> str | None:
    """The names that stand to the right below the text, outside of what holds it: below a video, or a picture that is all the article."""
    below = outline.blocks[stretch.last + 1 : stretch.last + 1 + _BELOW]
    return next(
        (
            block.text
            for block in filter(lambda block: is_right(block.element), below)
            if looks_like_byline(block.text) and not outline.is_foreign(block.element)
        ),
        None,
    )


def is_right(element: Element) -> bool:
    """Whether it is aligned as those who sign are."""
    return element.get("align") == "right" or _RIGHT.search(element.get("style") or "") is not None


def sources(outline: Outline, stretch: Stretch) -> list[tuple[str, Element]]:
    """What is named as the paper the text was taken from."""
    near = _near(outline, cast("list[Element]", _SOURCES(outline.root)), stretch)
    found = [(text, element) for element in near if 0 < len(text := text_of(element)) <= _LONGEST_SOURCE]
    around = {above for _, element in found for above in element.iterancestors()}
    return [(text, element) for text, element in found if element not in around]


def _near(outline: Outline, elements: Iterable[Element], stretch: Stretch) -> Iterator[Element]:
    for element in elements:
        if element.tag in ("img", "meta", "input", "body", "html") or outline.is_foreign(element):
            continue
        places = outline.places(element)
        if (
            places
            and stretch.headline - BEFORE <= places[0]
            and places[-1] <= stretch.last + AFTER
            and len(places) < BEFORE
            and not outline.is_teaser(outline.blocks[places[0]])
        ):
            yield element


def before_date(line: str) -> list[str]:
    """What stands before the date in its line, in its parts."""
    return [part for raw in re.split(r"\s[-–|•]\s", _DATE_IN_BYLINE.sub("", line)) if (part := raw.strip(" -–|•,"))]
