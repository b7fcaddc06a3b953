"""The dates round an article: printed under the headline, above it, below the text, and in the markup."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import cast

from lxml import etree

from crawler.parse.boilerplate import is_data, is_legal
from crawler.parse.byline import is_labelled, looks_like_byline
from crawler.parse.dates import When, parse_machine, parse_visible
from crawler.parse.markup import Element, text_of
from crawler.parse.nearby import AFTER, BEFORE, Stretch, before_date
from crawler.parse.outline import Block, Outline

_TIMES = etree.XPath(
    "//time[@datetime] | //*[contains(@itemprop,'datePublished')] | //abbr[contains(@class,'published')][@title] | //span[@title and not(normalize-space()) and (contains(@class,'time') or contains(@class,'date'))]"
)
_OTHER_CLOCK = re.compile(
    r"today|date-?now|(?:^|[\s_-])now|clock|weather|thoi-?tiet|am-?lich|current-?time|time-?now|(?:^|\s|(?:page|site|top|main)[_-]?)header-?(?:date|time)|top-?date|title-time",
    re.IGNORECASE,
)
"""Names of elements that show the time of the reader, not of the article."""
_UPDATE = re.compile(r"\W*(?:cập nhật|sửa đổi|chỉnh sửa|sửa lần cuối|last update|updated)", re.IGNORECASE)
_DATE_NAME = re.compile(r"date|time|ngay|publish|meta|post|info", re.IGNORECASE)
_LONGEST_DATE_LINE = 160
_LONGEST_BARE_DATE = 60  # characters of a line that is nothing but a date
_LONGEST_CRUMBS = 4  # links in a row; more are a menu
_VIEWS = re.compile(
    r"\W*(?:lượt (?:xem|đọc)|(?:đã )?(?:xem|đọc)|views?)\s*:?\s*[\d.,]+.*|\W*[\d.,]+ (?:lượt (?:xem|đọc)|views?)\b.*", re.IGNORECASE
)
_CLOCK = re.compile(r"\d{1,2}[:h]\d{2}(?:[:']\d{2})?")
_POSTED_BY = re.compile(r"\d\s+(?:bởi|by)\s+([^\d|•]+)$", re.IGNORECASE)
_INNER_LINES = ("span", "time", "i", "em", "b", "strong", "small", "font", "label")
_NOWHERE = etree.Element("nowhere")  # for a line that no element of its own prints
_LONGEST_SECTION = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """A date printed near the article. `is_update`: labelled as the last change, beside another that is not; `is_bare`: nothing but a date;
    `text` is the line.
    """

    when: When
    element: Element
    text: str
    is_update: bool = False
    is_below: bool = False
    """Between the headline and the text."""


def date_lines(outline: Outline, stretch: Stretch) -> list[DateLine]:
    """The dates printed round the article, the most likely first: under the headline, above it, below the text."""
    blocks = outline.blocks
    below = blocks[stretch.headline : stretch.first + 1]
    above = [block for block in _above(blocks, stretch) if _may_date(block)]
    behind = takewhile(lambda block: not is_legal(block.text[:_LONGEST_DATE_LINE]), blocks[stretch.last + 1 : stretch.last + 1 + AFTER])
    after = [block for block in behind if _may_date(block)]
    found = []
    for block in (*below, *above, *after):
        if outline.is_teaser(block) or outline.is_foreign(block.element) or _is_other_clock(block.element):
            continue
        for text, element in _lines(outline, block):
            if (when := parse_visible(text)) is not None and not is_data(element):
                if when.precision == "day" and (clock := _clock_of(blocks, block)) is not None:
                    when = parse_visible(f"{text} {clock}") or when
                is_update, is_below = _UPDATE.match(text) is not None, stretch.headline <= block.at <= stretch.first
                found.append(DateLine(when=when, element=element, text=text, is_update=is_update, is_below=is_below))
                break
    changed = min((line.when.at for line in found if line.is_update), default=None)
    if changed is not None:  # nothing appears after its last change: what is later above the headline is the reader's day
        found = [line for line in found if line.is_update or line.is_below or line.when.at <= changed]
    if not any(line.when.precision != "day" and not line.is_update for line in found):
        found = [replace(line, is_update=False) for line in found]
    return sorted(found, key=lambda line: (line.is_update, line.when.precision == "day" and not _is_bare(line)))


def _clock_of(blocks: Sequence[Block], block: Block) -> str | None:
    """The time that stands beside a day in an element of the same kind: not the length of a video below it."""
    beside = (blocks[at] for at in (block.at + 1, block.at - 1) if 0 <= at < len(blocks))
    alike = (one for one in beside if one.element.getparent() is block.element.getparent() and one.element.tag == block.element.tag)
    return next((one.text for one in alike if _CLOCK.fullmatch(one.text)), None)


def _is_bare(line: DateLine) -> bool:
    """Under the headline and nothing but a day: that is the paper's own line, however exact the clock in the page's head."""
    return line.is_below and len(_VIEWS.sub("", line.text)) <= _LONGEST_BARE_DATE / 2


def _above(blocks: Sequence[Block], stretch: Stretch) -> Iterator[Block]:
    """From the headline up, as far as the menu."""
    n_links = 0
    for block in reversed(blocks[max(0, stretch.headline - BEFORE) : max(0, stretch.headline)]):
        n_links += block.is_link
        if n_links > _LONGEST_CRUMBS:
            return
        yield block


def _lines(outline: Outline, block: Block) -> Iterator[tuple[str, Element]]:
    """What may be a date line in `block`, and the element that prints it: never one that holds other blocks, which would go with it."""
    inner = [element for element in block.element.iter(*_INNER_LINES) if len(text_of(element)) <= _LONGEST_DATE_LINE]
    text = block.plain if block.is_link else block.text
    if len(text) <= _LONGEST_DATE_LINE:
        yield text, block.element if outline.weight(block.element) <= block.n else next(iter(_dated(inner)), _NOWHERE)
    else:
        yield from ((text_of(element), element) for element in _dated(inner))


def _dated(elements: Iterable[Element]) -> Iterator[Element]:
    return (element for element in elements if parse_visible(text_of(element)) is not None)


def _may_date(block: Block) -> bool:
    """Above the headline and below the text a date must be named as one, or be all that a line says; the header of the page shows today's."""
    if next(block.element.iterancestors("header"), None) is not None:
        return False
    return len(block.text) <= _LONGEST_BARE_DATE or _DATE_NAME.search(_names(block.element)) is not None


def _names(element: Element) -> str:
    """The names of the element and of what it stands in."""
    chain = [element, *(above for above, _ in zip(element.iterancestors(), range(2), strict=False))]
    return " ".join(f"{one.tag} {one.get('class') or ''} {one.get('id') or ''} {one.get('data-role') or ''}" for one in chain)


def _is_other_clock(element: Element) -> bool:
    """By its name, or that of the one element in it that prints the date."""
    return _OTHER_CLOCK.search(" ".join((_names(element), *map(_names_of_inner, _dated(element.iterchildren(*_INNER_LINES)))))) is not None


def _names_of_inner(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def machine_dates(outline: Outline, stretch: Stretch) -> Iterator[When]:
    """Of <time datetime> and microdata that belong to the article: not those of teasers."""
    for element in cast("list[Element]", _TIMES(outline.root)):
        raw = element.get("datetime") or element.get("content") or element.get("title") or ""
        if not raw or outline.is_foreign(element) or _is_other_clock(element):
            continue
        places = outline.places(element)
        is_near = element.tag == "meta" or (
            places and stretch.headline - BEFORE <= places[0] <= stretch.last + AFTER and not outline.is_teaser(outline.blocks[places[0]])
        )
        if is_near and (when := parse_machine(raw)) is not None:
            yield when


def labelled_beside(lines: Iterable[DateLine]) -> Iterator[str]:
    """Authors named as such in the line of the date: "Đăng lúc: 21:10 16/11/2018 | Tác giả: Phước Lợi | Lượt xem: 321", "… bởi Phước Lợi"."""
    for line in lines:
        if line.is_below:
            yield from (part for part in re.split(r"\s*[|•]\s*|\s+[-–]\s+", line.text) if is_labelled(part))
            if (posted := _POSTED_BY.search(line.text)) is not None and looks_like_byline(posted[1]):
                yield posted[1]


def before_dates(lines: Iterable[DateLine]) -> Iterator[tuple[str | None, str | None]]:
    """Section and author that stand before the date in its line: "Xã hội - Thành Nhân - 20:18, 18/11/2019", "Thành Nhân 20:18"."""
    for line in lines:
        parts = before_date(line.text)
        if not line.is_below or not 0 < len(parts) <= 2 or _UPDATE.match(line.text):  # noqa: PLR2004  section and author
            continue
        is_name = looks_like_byline(parts[-1])
        yield parts[0] if len(parts) > is_name and len(parts[0]) <= _LONGEST_SECTION else None, parts[-1] if is_name else None
