"""The section and the tags of an article: breadcrumbs and what stands in for them, and the box of tags below the text."""

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from crawler.parse.boilerplate import is_furniture, names_of
from crawler.parse.dates import parse_visible
from crawler.parse.markup import Element, text_of
from crawler.parse.nearby import AFTER, Stretch
from crawler.parse.outline import Block, Outline

_CRUMBS = etree.XPath("//*[contains(@class,'breadcrum') or contains(@class,'Breadcrum') or contains(@id,'breadcrum')]//a")
_LAST_CRUMBS = etree.XPath(
    "//*[contains(@class,'breadcrum') or contains(@class,'Breadcrum') or contains(@id,'breadcrum')]//*[self::li or self::span][not(.//a) and not(ancestor::a)]"
)
_CATEGORIES = etree.XPath("//*[contains(@class,'cate') or contains(@class,'chuyenmuc') or contains(@class,'chuyen-muc')]//a")
_SECTIONS = etree.XPath("//a[@data-role='cate-name' or @itemprop='articleSection']")
_FILED_UNDER = etree.XPath("//a[contains(concat(' ',@rel,' '),' category ')]")
_TAGS = etree.XPath(
    "//*[contains(@class,'tag') or contains(@class,'Tag') or contains(@class,'tukhoa') or contains(@class,'tu-khoa') or contains(@class,'keyword') or contains(@id,'tag')]//a"
    " | //a[@rel='tag' or @itemprop='keywords' or contains(@class,'tag')]"
)
_TAG_NAME = re.compile(
    r"(?:^|[\s_-]|list|box|new|post|detail)(?:tags?|tagdetail|tu-?khoa|keywords?)(?:$|[\s_-]|list|box|item|detail|cloud)", re.IGNORECASE
)
_SECTION_NAME = re.compile(r"chuyen-?muc|(?:^|[\s_-])(?:cate|category|section)(?:[_-]?(?:name|title))?(?:$|\s)", re.IGNORECASE)
_HOME = frozenset({"trang chủ", "home", "trang nhất", "trangchu", ""})
_LONGEST_CRUMBS = 4  # links in a row; more are a menu
_MOST_TAGS = 20  # of one article; more are the site's own cloud
_LONGEST_TAG = 60
_LONGEST_LABEL = 600  # characters of a line that begins with a label and may go on with all its links
_LEADS_TO_A_TAG = re.compile(r"/(?:tags?|tu-?khoa|keywords?|hashtags?)/", re.IGNORECASE)
_LONGEST_DATED = 90  # characters of a line with a section and a date
_TAG_LABEL = re.compile(r"(?:từ kh[oó][aá]|tags?|thẻ|nhãn)\s*:?[\s,;|]*", re.IGNORECASE)
_LONGEST_SECTION = 45
_ACTIVE = re.compile(r"(?:^|[\s_-])(?:active|current)(?:$|\s)", re.IGNORECASE)
_DROP_DOWN = re.compile(r"drop|sub-?menu", re.IGNORECASE)


def section(outline: Outline, headline: Element | None, stretch: Stretch) -> str | None:
    """The last of the breadcrumbs, else the link that stands alone right above the headline."""
    title = text_of(headline) if headline is not None else ""
    for links in (_CRUMBS, _SECTIONS):
        found = [link for link in cast("list[Element]", links(outline.root)) if _may_be_section(text_of(link), title)]
        if found := _active(found):
            return text_of(found[-1])
    filed = [link for link in cast("list[Element]", _FILED_UNDER(outline.root)) if _is_near(outline, link, stretch)]
    if names := [text for link in filed if _may_be_section(text := text_of(link), title)]:
        return names[0]
    if headline is None:
        return None
    above = [link for link in cast("list[Element]", _CATEGORIES(outline.root)) if _is_right_above(outline, link, stretch)]
    above = [link for link in above if _may_be_section(text_of(link), title)]
    if 0 < len(above) <= _LONGEST_CRUMBS:
        return text_of(_active(above)[-1])
    near = set(list(headline.iterancestors())[:3])
    for block in reversed(outline.blocks[max(0, stretch.headline - 5) : max(0, stretch.headline)]):
        if (block.is_link or _is_dated_link(block)) and near & {block.element, *list(block.element.iterancestors())[:4]}:
            own = [link for link in block.element.iter("a") if block.at in outline.places(link)[:1]]
            inner = own or list(block.element.iterancestors("a"))
            text = text_of(inner[-1]) if inner else block.text
            if _may_be_section(text, title) and not _is_of_a_menu(block):
                return text
    return next((block.text for block in _named_sections(outline, stretch) if _may_be_section(block.text, title)), None) or _last_crumb(
        outline, title
    )


def _last_crumb(outline: Outline, title: str) -> str | None:
    """Of crumbs that lead nowhere but home the last, unless it is the headline, whole or cut short."""
    texts = [text for item in cast("list[Element]", _LAST_CRUMBS(outline.root)) if any(map(str.isalpha, text := text_of(item)))]
    last = texts[-1] if texts else ""
    return (
        last if last and _may_be_section(last, title) and not title.startswith(last.rstrip(" .…")) and parse_visible(last) is None else None
    )


def _named_sections(outline: Outline, stretch: Stretch) -> Iterator[Block]:
    """Lines right above the headline that lead nowhere, in an element called after sections."""
    for block in reversed(outline.blocks[max(0, stretch.headline - _LONGEST_CRUMBS) : max(0, stretch.headline)]):
        printed_by = (block.element, *(span for span in block.element.iterchildren("span") if text_of(span) == block.text))
        if not block.n_link and any(_SECTION_NAME.search(names_of(one)) for one in printed_by) and parse_visible(block.text) is None:
            yield block


def _is_of_a_menu(block: Block) -> bool:
    """One of more than lead to a section."""
    element, kind = (block.element.getparent(), "li") if block.element.tag == "li" else (block.element, "a")
    return element is not None and len(element.findall(kind)) > _LONGEST_CRUMBS


def _is_dated_link(block: Block) -> bool:
    """A section and the date in one line."""
    return block.n_link > 0 and block.links.count(True) == 1 and block.n <= _LONGEST_DATED and parse_visible(block.plain) is not None


def _is_near(outline: Outline, link: Element, stretch: Stretch) -> bool:
    """Between the headline and the lines below the text, and not a category of another article."""
    places = outline.places(link)
    is_there = bool(places) and stretch.headline - _LONGEST_CRUMBS <= places[0] <= stretch.last + AFTER
    return is_there and not outline.is_foreign(link) and not outline.is_teaser(outline.blocks[places[0]])


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
    named = next((found for found in boxes.values() if len(found) <= _MOST_TAGS), None)
    found = named or _labelled_tags(outline, stretch) or _tags_by_address(outline, stretch)
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


def _tags_by_address(outline: Outline, stretch: Stretch) -> list[str]:
    """The first box behind the text in which every link leads to a tag, whatever it is called."""
    found: dict[Element, list[str]] = {}
    for block in outline.blocks[stretch.last + 1 : stretch.last + 1 + AFTER]:
        box = block.element.getparent() if block.element.tag == "li" else block.element
        if block.is_link and box is not None and box not in found:
            links = list(box.iter("a"))
            if 0 < len(links) <= _MOST_TAGS and all(_LEADS_TO_A_TAG.search(link.get("href") or "") for link in links):
                found[box] = [text for link in links if 0 < len(text := text_of(link).lstrip("# ")) <= _LONGEST_TAG]
    return next(iter(found.values()), [])


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
