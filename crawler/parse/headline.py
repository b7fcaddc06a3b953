"""Where the headline and the lead stand on a page: found by what the page's head says of them, else by their place and name."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, cast

from lxml import etree

from crawler.parse.boilerplate import is_box, is_caption, is_furniture, is_hidden, names_lead
from crawler.parse.markup import Element, text_of
from crawler.parse.outline import Block, Outline

_HEADINGS = etree.XPath(
    "//h1 | //h2 | //h3 | //*[@itemprop='headline'] | //*[contains(@class,'title') or contains(@class,'tieude') or contains(@class,'headline')]"
)
_PRINTS = etree.XPath(
    "//body//*[self::span or self::div or self::p or self::td or self::strong or self::b or self::font][text()[normalize-space()]]"
)
_LARGE = etree.XPath("//font[number(translate(@size, '+', '')) >= 4 or number(translate(@size, '+', '')) = 2 and contains(@size, '+')]")
"""What was a headline before there were style sheets."""
_PAPER = re.compile(r"\s+[-|–]\s+")
_DETAIL = re.compile(
    r"(?:detail|article|post|entry|news|content|main|page)[_-]{0,2}(?:title|headline|tieude)|(?:detail|article|post|entry)[_-]{0,2}head(?:er|ing)|title[_-]{0,2}(?:detail|news|article|post)|headline",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"\s*(?:(?:trang (?:chủ|thông tin|tin)|cổng (?:thông tin|ttđt)|website)[^-–|]{0,60}|(?:báo|đài)\s[^-–|]{0,40}(?:online|điện tử)|tạp chí\s[^-–|]{0,40})\s*",
    re.IGNORECASE,
)
_LONGEST_NAME = 40
_NO_WORD = re.compile(r"[\W_]+")
_DATELINE = re.compile(r"^\s*(?:\([^()]{2,20}\)\s*[-–—:]?|[A-ZĐ][\w.]{1,12}\s?[-–—])\s*")  # (ĐTO), ĐTO -, VOV.VN -: dates.md §6
_SHORTEST_TITLE = 8  # letters and digits: "Thiếu máu" is a headline
_LONGEST_TITLE = 300
_SAME_BEGINNING = 45  # letters and digits: descriptions are cut, and lose their punctuation
_LONGEST_LEAD = 1500
_SHORTEST_LEAD = 30
_SHORTEST_BOLD = 60
_QUESTION = re.compile(r"[*•+–-]|(?:hỏi|pv|phóng viên|bạn đọc)\b.{0,30}:", re.IGNORECASE)
_LEAD_LEVELS = 5  # Drupal names a field four elements above its text
_LEAD_IS_AMONG = 12  # blocks after the headline
_BOLD_NAME = re.compile(r"(?:^|\s)(?:fw-?[6-9]00|fw-bold|font-(?:semi|extra)?bold|font-weight-bold|bold)(?:$|\s)", re.IGNORECASE)
_BOLD: Final = frozenset({"b", "strong", "h2", "h3", "h4"})


def key(text: str) -> str:
    """Letters and digits only and no dateline, for comparing what is printed with what the head says."""
    return _NO_WORD.sub("", _DATELINE.sub("", text, count=1)).casefold()


def find_headline(root: Element, titles: Iterable[str]) -> Element | None:
    """The element that prints the title. None when the page shows none."""
    titles = list(titles)
    wanted = [key(title) for title in titles]
    candidates = [(element, key(text_of(element))) for element in cast("list[Element]", _HEADINGS(root)) if _may_be(element)]
    candidates = [(element, text) for element, text in candidates if len(text) <= _LONGEST_TITLE]
    candidates.sort(key=lambda found: found[0].tag != "h1")  # stable: the page's order among equals
    for is_it in (_is_same(wanted), _is_part(wanted)):
        found = next((_innermost(element) for element, text in candidates if is_it(text)), None)
        if found is not None:
            return found
    if (printed := _printed_anywhere(root, wanted)) is not None:
        return printed
    openings = {key(_PAPER.split(title, maxsplit=1)[0]) for title in titles}
    if (short := next((element for element, text in candidates if element.tag == "h1" and text and text in openings), None)) is not None:
        return short
    named = [element for element, text in candidates if len(text) >= _SHORTEST_TITLE and _DETAIL.search(element.get("class") or "")]
    first = [element for element, text in candidates if element.tag == "h1" and len(text) >= _SHORTEST_TITLE]
    chosen = next(iter((*(e for e in named if e.tag == "h1"), *first, *named)), None)
    if chosen is None and all(map(_is_of_the_site, titles)):
        large = ((element, key(text_of(element))) for element in cast("list[Element]", _LARGE(root)) if _may_be(element))
        own = ((element, text) for element, text in (*candidates, *large) if next(element.iter("a"), None) is None)
        return next((element for element, text in own if _SHORTEST_TITLE * 2 <= len(text) <= _LONGEST_TITLE), None)
    return chosen


def _is_of_the_site(title: str) -> bool:
    """What old systems put into <title> of every page: the paper's name, or what kind of site it is."""
    return _SITE.fullmatch(title) is not None or (title == title.upper() and len(title) <= _LONGEST_NAME)


def _printed_anywhere(root: Element, wanted: Sequence[str]) -> Element | None:
    """In an element of any kind, as old systems print it: a span, a cell, a paragraph in bold."""
    for element in cast("list[Element]", _PRINTS(root)):
        text = key(element.text or "")
        is_title = len(text) >= _SHORTEST_TITLE and any(title.startswith(text) and len(text) * 2 > len(title) for title in wanted)
        if is_title and next(element.iterancestors("a", "nav", "footer", "script", "style"), None) is None and not is_hidden(element):
            return element
    return None


def _is_same(wanted: Sequence[str]) -> Callable[[str], bool]:
    return lambda text: bool(text) and text in wanted


def _is_part(wanted: Sequence[str]) -> Callable[[str], bool]:
    """<title> goes on with the paper's name, or begins with it; og:title is cut short."""
    return lambda text: (
        len(text) >= _SHORTEST_TITLE
        and any(
            title.startswith(text)
            or (title.endswith(text) and len(text) * 2 > len(title))
            or (len(title) >= _SAME_BEGINNING and text.startswith(title))
            for title in wanted
        )
    )


def _may_be(element: Element) -> bool:
    """Not the linked headline of another article, nor a copy for another screen."""
    if element.tag == "a" or is_hidden(element) or next(element.iterancestors("a", "nav", "footer", "title"), None) is not None:
        return False
    return element.tag == "h1" or not any(is_box(above) for above in _near(element))


def _near(element: Element) -> list[Element]:
    return [above for above, _ in zip(element.iterancestors(), range(2), strict=False)]


def _innermost(element: Element) -> Element:
    """Of nested elements with the same text the inner one: the outer one may hold more than words."""
    while (
        len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip() and isinstance(element[0].tag, str)
    ):
        if element[0].tag in ("a", "span", "b", "strong", "font"):
            break
        element = element[0]
    return element


def find_lead(outline: Outline, headline: Element | None, descriptions: Iterable[str]) -> tuple[str | None, list[Element]]:
    """The lead as printed, and the elements that print it: pages show it above the text and again in it, or cut short."""
    wanted = [words for text in descriptions if len(words := key(text)) >= _SHORTEST_LEAD]
    blocks = _after(outline, headline)
    named = [(element, text_of(element)) for block in _at_head(blocks) if (element := _named_lead(block, outline, headline)) is not None]
    named = [(element, text) for element, text in named if _SHORTEST_LEAD <= len(text) <= _LONGEST_LEAD]
    said = [(block.element, block.text) for block in blocks if block.worth > 0 and _is_said(key(block.text), wanted)]
    anywhere = ((block.element, block.text) for block in outline.blocks if not block.is_link and _is_said(key(block.text), wanted))
    if not (found := named or said or _in_bold(blocks) or list(anywhere)[:1]):
        return None, []
    lead = _least_cut([text for _, text in found], key(found[0][1]))
    return lead, [element for element, text in (*found, *((b.element, b.text) for b in blocks)) if _repeats(key(text), key(lead))]


def _after(outline: Outline, headline: Element | None) -> list[Block]:
    start = outline.place_after(headline)
    found = [block for block in outline.blocks[start:] if block.worth > 0 or not outline.is_aside(block.element)]
    found = [
        block
        for block in found[: _LEAD_IS_AMONG * 4]
        if not block.is_link and not outline.is_teaser(block) and not is_furniture(block.text[:120])
    ]
    return found[:_LEAD_IS_AMONG]


def _at_head(blocks: Sequence[Block]) -> Iterator[Block]:
    """Up to the second paragraph: what is called a description further down describes the author or another article."""
    n_paragraphs = 0
    for block in blocks:
        yield block
        n_paragraphs += block.worth >= _SHORTEST_LEAD * 2 and not names_lead(block.element)
        if n_paragraphs > 1:
            return


def _named_lead(block: Block, outline: Outline, headline: Element | None) -> Element | None:
    above: Element | None = block.element
    for _ in range(_LEAD_LEVELS):
        if above is None or above.tag == "body" or (headline is not None and above in set(headline.iterancestors())):
            return None
        if names_lead(above):
            if _is_under_a_picture(block.element):
                return None
            return above if outline.weight(above) <= _LONGEST_LEAD else None
        above = above.getparent()
    return None


def _is_under_a_picture(element: Element) -> bool:
    """In the caption's row of a picture's table: beside the picture in one row a lead may stand."""
    row = next(element.iterancestors("tr", "figure"), None)
    return row is not None and is_caption(element) and (row.tag == "figure" or next(row.iter("img"), None) is None)


def _is_said(text: str, wanted: Iterable[str]) -> bool:
    return any(text[:_SAME_BEGINNING] == said[:_SAME_BEGINNING] for said in wanted) and len(text) >= _SHORTEST_LEAD


def _in_bold(blocks: Sequence[Block]) -> list[tuple[Element, str]]:
    """Without any name: the first paragraph when it alone is bold, as editors paste it."""
    body = [block for block in blocks if block.worth > 0 and not is_caption(block.element)]
    body = [*body[:1], *(block for block in body[1:] if key(block.text) != key(body[0].text))]  # printed above the text and in it
    if len(body) < 3 or not _is_bold(body[0]) or _is_bold(body[1]) or not may_open(body[0].text):  # noqa: PLR2004
        return []
    return [(body[0].element, body[0].text)]


def may_open(text: str) -> bool:
    """Whether a first paragraph in bold may be a lead: of the length, and no question to the one who is asked."""
    return _SHORTEST_BOLD <= len(text) <= _LONGEST_LEAD / 2 and _QUESTION.match(text) is None


def _is_bold(block: Block) -> bool:
    element = block.element
    if element.tag in _BOLD or _BOLD_NAME.search(element.get("class") or ""):
        return True
    bold = sum(
        len(text_of(inner)) for inner in element.iter("b", "strong") if not any(a.tag in _BOLD for a in inner.iterancestors("b", "strong"))
    )
    return bold >= len(block.text) * 0.9


def _least_cut(texts: Sequence[str], first: str) -> str:
    """Of copies the one that ends like a sentence, the longest of those; a copy may also run on into the text and break off."""
    copies = [text for text in texts if key(text)[:_SAME_BEGINNING] == first[:_SAME_BEGINNING]]
    whole = [text for text in copies if text.rstrip("”\"' )").endswith((".", "!", "?")) and not text.endswith("...")]
    return max(whole or copies, key=len)


def _repeats(text: str, lead: str) -> bool:
    return len(text) >= _SHORTEST_LEAD and (
        text == lead or (text[:_SAME_BEGINNING] == lead[:_SAME_BEGINNING] and abs(len(text) - len(lead)) < len(lead))
    )
