"""What stands round an article's text: date line, byline, section and tags, each looked for near the headline first, then below the text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import cast

from lxml import etree

from crawler.parse.boilerplate import is_furniture, is_legal
from crawler.parse.byline import looks_like_byline, read_byline
from crawler.parse.dates import When, parse_machine, parse_visible
from crawler.parse.markup import Element, text_of
from crawler.parse.outline import Block, Outline

_AUTHORS = etree.XPath(
    "//*[@rel='author' or contains(@itemprop,'author') or contains(@class,'author') or contains(@class,'Author') or contains(@class,'tacgia') or contains(@class,'tac-gia')"
    " or contains(@class,'byline') or contains(@class,'writer') or contains(@class,'butdanh') or contains(@class,'but-danh') or contains(@class,'penname') or contains(@class,'nguoi-viet')] | //a[contains(@href,'/tac-gia/') or contains(@href,'/author/')]"
)
_SOURCES = etree.XPath("//*[contains(@class,'source') or contains(@class,'nguon')]")
_CRUMBS = etree.XPath("//*[contains(@class,'breadcrum') or contains(@class,'Breadcrum') or contains(@id,'breadcrum')]//a")
_CATEGORIES = etree.XPath("//*[contains(@class,'cate') or contains(@class,'chuyenmuc') or contains(@class,'chuyen-muc')]//a")
_SECTIONS = etree.XPath("//a[@data-role='cate-name' or @itemprop='articleSection']")
_TIMES = etree.XPath("//time[@datetime] | //*[contains(@itemprop,'datePublished')]")
_TAGS = etree.XPath(
    "//*[contains(@class,'tag') or contains(@class,'Tag') or contains(@class,'tukhoa') or contains(@class,'tu-khoa') or contains(@class,'keyword') or contains(@id,'tag')]//a"
    " | //a[@rel='tag' or @itemprop='keywords' or contains(@class,'tag')]"
)
_OTHER_CLOCK = re.compile(
    r"today|date-?now|(?:^|[\s_-])now|clock|weather|thoi-?tiet|am-?lich|current-?time|time-?now|header-?(?:date|time)|top-?date|title-time",
    re.IGNORECASE,
)
"""Names of elements that show the time of the reader, not of the article."""
_UPDATE = re.compile(r"\W*(?:cập nhật|sửa đổi|chỉnh sửa|sửa lần cuối|last update|updated)", re.IGNORECASE)
_DATE_NAME = re.compile(r"date|time|ngay|publish|meta|post|info", re.IGNORECASE)
_TAG_NAME = re.compile(
    r"(?:^|[\s_-]|list|box|new|post|detail)(?:tags?|tagdetail|tu-?khoa|keywords?)(?:$|[\s_-]|list|box|item|detail|cloud)", re.IGNORECASE
)
_HOME = frozenset({"trang chủ", "home", "trang nhất", "trangchu", ""})
_LONGEST_DATE_LINE = 160
_LONGEST_BARE_DATE = 60  # characters of a line that is nothing but a date
_LONGEST_BYLINE = 120
_LONGEST_CRUMBS = 4  # links in a row; more are a menu
_INNER_LINES = ("span", "time", "i", "em", "b", "strong", "small", "font", "label")
_NOWHERE = etree.Element("nowhere")  # for a line that no element of its own prints
_BEFORE, _AFTER = 14, 14  # blocks round the article that may still belong to it
_MOST_TAGS = 20  # of one article; more are the site's own cloud
_LONGEST_TAG = 60
_LONGEST_LABEL = 600  # characters of a line that begins with a label and may go on with all its links
_TAG_LABEL = re.compile(r"(?:từ kh[oó][aá]|tags?|thẻ|nhãn)\s*:?[\s,;|]*", re.IGNORECASE)
_LONGEST_SECTION = 45
_ACTIVE = re.compile(r"(?:^|[\s_-])(?:active|current)(?:$|\s)", re.IGNORECASE)
_DROP_DOWN = re.compile(r"drop|sub-?menu", re.IGNORECASE)
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
    behind = takewhile(lambda block: not is_legal(block.text[:_LONGEST_DATE_LINE]), blocks[stretch.last + 1 : stretch.last + 1 + _AFTER])
    after = [block for block in behind if _may_date(block)]
    found = []
    for block in (*below, *above, *after):
        if outline.is_teaser(block) or outline.is_foreign(block.element) or _is_other_clock(block.element):
            continue
        for text, element in _lines(outline, block):
            if (when := parse_visible(text)) is not None:
                is_update, is_below = _UPDATE.match(text) is not None, stretch.headline <= block.at <= stretch.first
                found.append(DateLine(when=when, element=element, text=text, is_update=is_update, is_below=is_below))
                break
    if not any(line.when.precision != "day" and not line.is_update for line in found):
        found = [replace(line, is_update=False) for line in found]
    return sorted(found, key=lambda line: (line.is_update, line.when.precision == "day" and not _is_bare(line)))


def _is_bare(line: DateLine) -> bool:
    """Under the headline and nothing but a day: that is the paper's own line, however exact the clock in the page's head."""
    return line.is_below and len(line.text) <= _LONGEST_BARE_DATE / 2


def _above(blocks: Sequence[Block], stretch: Stretch) -> Iterator[Block]:
    """From the headline up, as far as the menu."""
    n_links = 0
    for block in reversed(blocks[max(0, stretch.headline - _BEFORE) : max(0, stretch.headline)]):
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
    return _OTHER_CLOCK.search(_names(element)) is not None


def machine_dates(outline: Outline, stretch: Stretch) -> Iterator[When]:
    """Of <time datetime> and microdata that belong to the article: not those of teasers."""
    for element in cast("list[Element]", _TIMES(outline.root)):
        raw = element.get("datetime") or element.get("content") or ""
        if not raw or outline.is_aside(element) or _is_other_clock(element):
            continue
        places = outline.places(element)
        is_near = element.tag == "meta" or (
            places and stretch.headline - _BEFORE <= places[0] <= stretch.last + _AFTER and not outline.is_teaser(outline.blocks[places[0]])
        )
        if is_near and (when := parse_machine(raw)) is not None:
            yield when


def bylines(outline: Outline, stretch: Stretch) -> list[tuple[str, Element]]:
    """The lines that elements of such a name print as author, the fullest first: "Lan và 1 tác giả khác" gives way to "Lan - Minh"."""
    found: list[tuple[str, Element]] = []
    for element in _near(outline, cast("list[Element]", _AUTHORS(outline.root)), stretch):
        text = _DATE_IN_BYLINE.sub("", _MORE_AUTHORS.sub("", text_of(element)))
        if 0 < len(text) <= _LONGEST_BYLINE and not is_furniture(text) and read_byline(text):
            found.append((text, element))
    around = {above for _, element in found for above in element.iterancestors()}
    found = [(text, element) for text, element in found if element not in around or looks_like_byline(text)]
    names = {text for text, _ in found}
    return sorted(found, key=lambda one: -sum(other != one[0] and other in one[0] for other in names) if looks_like_byline(one[0]) else 0)


def before_dates(lines: Iterable[DateLine]) -> Iterator[tuple[str | None, str | None]]:
    """Section and author that stand before the date in its line: "Xã hội - Thành Nhân - 20:18, 18/11/2019", "Thành Nhân 20:18"."""
    for line in lines:
        parts = [part for raw in re.split(r"\s[-–|•]\s", _DATE_IN_BYLINE.sub("", line.text)) if (part := raw.strip(" -–|•,"))]
        if not line.is_below or not 0 < len(parts) <= 2 or _UPDATE.match(line.text):  # noqa: PLR2004  section and author
            continue
        is_name = looks_like_byline(parts[-1])
        yield parts[0] if len(parts) > is_name and len(parts[0]) <= _LONGEST_SECTION else None, parts[-1] if is_name else None


def sources(outline: Outline, stretch: Stretch) -> list[tuple[str, Element]]:
    """What is named as the paper the text was taken from."""
    near = _near(outline, cast("list[Element]", _SOURCES(outline.root)), stretch)
    found = [(text, element) for element in near if 0 < len(text := text_of(element)) <= _LONGEST_TAG]
    return [
        (text, element)
        for text, element in found
        if not any(other is not element and element in other.iterancestors() for _, other in found)
    ]


def _near(outline: Outline, elements: Iterable[Element], stretch: Stretch) -> Iterator[Element]:
    for element in elements:
        if element.tag in ("img", "meta", "input", "body", "html") or outline.is_foreign(element):
            continue
        places = outline.places(element)
        if (
            places
            and stretch.headline - _BEFORE <= places[0]
            and places[-1] <= stretch.last + _AFTER
            and len(places) < _BEFORE
            and not outline.is_teaser(outline.blocks[places[0]])
        ):
            yield element


def section(outline: Outline, headline: Element | None, stretch: Stretch) -> str | None:
    """The last of the breadcrumbs, else the link that stands alone right above the headline."""
    title = text_of(headline) if headline is not None else ""
    for links in (_CRUMBS, _SECTIONS):
        found = [link for link in cast("list[Element]", links(outline.root)) if _may_be_section(text_of(link), title)]
        if found := _active(found):
            return text_of(found[-1])
    if headline is None:
        return None
    above = [link for link in cast("list[Element]", _CATEGORIES(outline.root)) if _is_right_above(outline, link, stretch)]
    above = [link for link in above if _may_be_section(text_of(link), title)]
    if 0 < len(above) <= _LONGEST_CRUMBS:
        return text_of(_active(above)[-1])
    near = set(list(headline.iterancestors())[:3])
    for block in reversed(outline.blocks[max(0, stretch.headline - 5) : max(0, stretch.headline)]):
        if block.is_link and near & set(list(block.element.iterancestors())[:4]):
            inner = list(block.element.iter("a")) or list(block.element.iterancestors("a"))
            text = text_of(inner[-1]) if inner else block.text
            if _may_be_section(text, title):
                return text
    return None


def _is_right_above(outline: Outline, link: Element, stretch: Stretch) -> bool:
    places = outline.places(link)
    return bool(places) and stretch.headline - _LONGEST_CRUMBS <= places[0] < stretch.headline and not outline.is_aside(link)


def _may_be_section(text: str, title: str) -> bool:
    return text.lower() not in _HOME and text != title and len(text) <= _LONGEST_SECTION and not is_furniture(text)


def _active(links: list[Element]) -> list[Element]:
    """Of crumbs that show the neighbours too: those marked as where the reader is, without those of a menu that drops down from them."""
    links = [link for link in links if not any(_DROP_DOWN.search(above.get("class") or "") for above in _up(link, 3))] or links
    for depth in range(4):
        if active := [link for link in links if _ACTIVE.search(_up(link, depth)[-1].get("class") or "")]:
            return active
    return links


def _up(element: Element, n: int) -> list[Element]:
    """The element and the `n` above it."""
    return [element, *(above for above, _ in zip(element.iterancestors(), range(n), strict=False))]


def tags(outline: Outline, stretch: Stretch, article: str) -> list[str]:
    """The links of the first tag box behind the beginning of the text. A cloud is none. Of a box that repeats itself, which a template pads
    with the site's own tags, only those are kept that `article` mentions.
    """
    boxes: dict[Element, list[str]] = {}
    for link in cast("list[Element]", _TAGS(outline.root)):
        places = outline.places(link)
        if not places or places[0] <= stretch.first or not outline.blocks[places[0]].is_link:
            continue
        text, box = text_of(link).lstrip("# ").rstrip(" ,;"), _tag_box(link)
        if text and len(text) <= _LONGEST_TAG and box is not None:
            boxes.setdefault(box, []).append(text)
    found = next((found for found in boxes.values() if len(found) <= _MOST_TAGS), None) or _labelled_tags(outline, stretch)
    if len(set(found)) == len(found):
        return found
    lower = article.lower()
    return [tag for tag in dict.fromkeys(found) if tag.lower() in lower]


def _labelled_tags(outline: Outline, stretch: Stretch) -> list[str]:
    """The links that stand with the words "Từ khóa:", whatever their box is called."""
    for block in outline.blocks[stretch.first + 1 :]:
        if block.n <= _LONGEST_LABEL and _TAG_LABEL.fullmatch(block.plain) is not None:
            box = block.element if block.n_link else block.element.getparent()
            texts = [text_of(link).lstrip("# ") for link in box.iter("a")] if box is not None else []
            if 0 < len(texts) <= _MOST_TAGS:
                return [text for text in texts if 0 < len(text) <= _LONGEST_TAG]
    return []


def _tag_box(link: Element) -> Element | None:
    """The outermost element of such a name round the link."""
    box = link
    for above in link.iterancestors():
        if above.tag == "body":
            break
        if _TAG_NAME.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            box = above
        elif box is not link:
            break
    if box is link and (link.get("rel") == "tag" or link.get("itemprop") == "keywords"):
        return link.getparent()
    return box if box is not link else None
