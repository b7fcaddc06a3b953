"""The cut-out body of an article to clean paragraphs: BeautifulSoup takes out what is no text, a walk joins what is."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, NamedTuple

from bs4 import Tag
from bs4.element import NavigableString, PageElement, PreformattedString
from lxml import etree

from crawler.parse.byline import is_credit, is_labelled, is_production, is_signed, looks_like_byline, names_in, repeats_names
from crawler.parse.marks import MARK
from crawler.parse.markup import Element
from crawler.parse.pictures import tags_in, take_pictures
from crawler.parse.soup import is_gone, soup_of
from crawler.text.normal import clean
from storage.records import Image

_BLOCKS: Final = frozenset({
    "p", "div", "section", "article", "aside", "header", "footer", "main", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "tbody", "thead", "tfoot", "tr", "blockquote", "pre", "center", "hr", "figure", "figcaption", "address", "details", "summary", "fieldset", "body", "html",
})  # fmt: skip
_CELLS: Final = frozenset({"td", "th"})
_CAPTIONS = etree.XPath(f"descendant-or-self::*[@{MARK}]")
_RIGHT = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
_ALIGNED = re.compile(r"text-align\s*:|display\s*:\s*block", re.IGNORECASE)
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:p?author|tacgia|tac-gia|byline|nguontin|source|(?:text|align)-(?:right|end))(?:$|[\s_-])", re.IGNORECASE
)
"""Says author, or right-aligned as author lines are: Bootstrap's and the editors' names for it."""
_END_OF_TEXT = re.compile(
    r"(?:gửi (?:bình luận|ý kiến)|ý kiến bạn đọc|bình luận của bạn|các tin khác|tin (?:bài )?liên quan|bài (?:viết )?liên quan|tin cùng chuyên mục|cùng chuyên mục"
    r"|chia sẻ bài viết|từ khóa|mời bạn đọc vào chuyên mục).{0,40}|bạn đang (?:đọc|xem) (?:bài|tin)\b.{0,400}",
    re.IGNORECASE,
)
"""Lines with which a comment form or a list of other articles begins; what follows is not this article."""
_SEE_ALSO = re.compile(r"(?:>{2,}|»|xem thêm|đọc thêm|tin liên quan|bài liên quan|mời (?:bạn đọc|độc giả|quý))", re.IGNORECASE)
_NEXT_PART = re.compile(r"(?:bài|kỳ) (?:\d+|cuối|sau|tới|tiếp(?: theo)?)\s*:", re.IGNORECASE)
"""In bold below the text: what the next part of a series will be called."""
_LONGEST_BYLINE = 120
_N_BYLINES = 3
_FEWEST_PARAGRAPHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph with what its markup said of it."""

    text: str
    is_right: bool = False
    """Right-aligned, or of a class that says author."""
    is_strong: bool = False
    is_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """`bylines` are the author lines under the text, in their order; they are not in `paragraphs`."""

    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]
    images: tuple[Image, ...]
    bylines: tuple[str, ...]
    opening: str | None = None
    """The first paragraph, when it alone is in bold."""


def read_body(fragment: Sequence[Element], base: str, *, without: Collection[str] = (), authors: Collection[str] = ()) -> Body:
    """Paragraphs, captions and pictures of the elements cut out by `marks.cut_out`, and the lines that name the author. `without`: lines that are
    known to be none of its text; `authors`: lines outside of it that name who wrote it.
    """
    has_images = any(next(element.iter("img"), None) is not None for element in fragment)
    has_captions = any(_CAPTIONS(element) for element in fragment)
    soup = soup_of(fragment)
    loose_captions = _loose_captions(soup) if has_captions else []
    images = take_pictures(soup, base) if has_images else ()
    captions = [image.caption for image in images if image.caption] + loose_captions + (_left_over(soup) if has_captions else [])
    blocks = [block for block in _blocks(soup) if any(char.isalnum() for char in block.text) and block.text not in without]
    paragraphs, bylines = _without_ending(_without_asides(blocks), frozenset[str]().union(*map(names_in, authors)))
    return Body(
        paragraphs=tuple(paragraphs),
        captions=tuple(dict.fromkeys(captions)),
        images=images,
        bylines=tuple(bylines),
        opening=_opening(blocks[: len(paragraphs)]),
    )


def _loose_captions(soup: Tag) -> list[str]:
    """Captions the rules marked outside of any picture's reach, taken out."""
    picture = next(iter(tags_in(soup, ("img",))), None)
    around = list(picture.parents) if picture is not None else []
    before = takewhile(lambda node: node is not picture, soup.descendants)
    return _taken_out([tag for tag in before if isinstance(tag, Tag) and MARK in tag.attrs and not any(tag is above for above in around)])


def _left_over(soup: Tag) -> list[str]:
    """Captions that no picture was found for, taken out."""
    return _taken_out(_captions(soup))


def _captions(soup: Tag) -> list[Tag]:
    return [tag for tag in soup.descendants if isinstance(tag, Tag) and MARK in tag.attrs]


def _taken_out(tags: list[Tag]) -> list[str]:
    texts = []
    for tag in tags:
        if not is_gone(tag):  # with the one around it
            texts.append(clean(tag.get_text(" ")))
            tag.decompose()
    return [text for text in texts if text]


class _Style(NamedTuple):
    right: bool = False
    strong: bool = False
    link: bool = False


class _Walk:
    """Collects the strings of the soup in order and parts them at block elements and at double line breaks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[tuple[str, _Style]] = []
        self._n_breaks = 0

    def text(self, text: str, style: _Style) -> None:
        if text.strip():
            self._n_breaks = 0
        self._parts.append((text, style))

    def line_break(self) -> None:
        self._n_breaks += 1
        if self._n_breaks > 1:
            self.flush()
        else:
            self._parts.append((" ", _Style()))

    def flush(self) -> None:
        text = clean("".join(part for part, _ in self._parts))
        if text:
            styles = [style for part, style in self._parts if part.strip()]
            self.blocks.append(
                Block(
                    text=text,
                    is_right=all(style.right for style in styles),
                    is_strong=all(style.strong for style in styles),
                    is_link=all(style.link for style in styles),
                )
            )
        self._parts.clear()
        self._n_breaks = 0


def _blocks(soup: Tag) -> list[Block]:
    walk = _Walk()
    stack: list[tuple[PageElement | None, _Style]] = [(soup, _Style())]
    while stack:
        node, style = stack.pop()
        if node is None:
            walk.flush()  # the end of a block
        elif isinstance(node, Tag):
            stack.extend(_open(walk, node, style))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            walk.text(str(node), style)
    walk.flush()
    return walk.blocks


def _open(walk: _Walk, tag: Tag, style: _Style) -> Iterator[tuple[PageElement | None, _Style]]:
    """What is to be walked for `tag`, last first: its children and, of a block, its end."""
    if tag.name == "br":
        walk.line_break()
        return
    style = _styled(tag, style)
    if tag.name in _BLOCKS or (tag.has_attr("style") and _ALIGNED.search(str(tag["style"]))):
        walk.flush()
        yield None, style
    elif tag.name in _CELLS:
        walk.text(" ", style)
    for child in reversed(tag.contents):
        yield child, style


def _styled(tag: Tag, style: _Style) -> _Style:
    if tag.name in ("b", "strong"):
        style = style._replace(strong=True)
    elif tag.name == "a":
        style = style._replace(link=True)
    if not tag.attrs:
        return style
    css, align = str(tag.get("style", "")), str(tag.get("align", "")).lower()
    if align == "right" or _RIGHT.search(css) or _AUTHOR_CLASS.search(str(tag.get("class", ""))):
        return style._replace(right=True)
    return style._replace(right=False) if align or "text-align" in css.lower() else style


def is_author_name(element: Element) -> bool:
    """Whether an element's class says author."""
    return _AUTHOR_CLASS.search(element.get("class") or "") is not None


def _without_asides(blocks: list[Block]) -> list[Block]:
    """Up to the line where something else begins; without links to other articles between the paragraphs."""
    for n, block in enumerate(blocks):
        if n > 0 and _END_OF_TEXT.fullmatch(block.text.lstrip("* ")):
            blocks = blocks[:n]
            break
    return [block for block in blocks if not (block.is_link and _SEE_ALSO.match(block.text))]


def _without_ending(blocks: list[Block], known: frozenset[str]) -> tuple[list[str], list[str]]:
    """Part the author lines from the text: the last lines when aligned right, one in bold that is a name, or names `known` from above."""
    bylines: list[str] = []
    while blocks:
        last = blocks[-1]
        if _is_after_the_text(last) and len(blocks) > 1:
            blocks = blocks[:-1]
        elif len(bylines) < _N_BYLINES and (_ends_with_names(last, is_first=not bylines) or repeats_names(last.text, known)):
            bylines.insert(0, last.text)
            blocks = blocks[:-1]
        else:
            break
    return [block.text for block in blocks], bylines


def _opening(blocks: Sequence[Block]) -> str | None:
    if len(blocks) < _FEWEST_PARAGRAPHS or not blocks[0].is_strong or blocks[1].is_strong:
        return None
    return blocks[0].text


def _is_after_the_text(last: Block) -> bool:
    if is_production(last.text):
        return True
    return (
        _SEE_ALSO.match(last.text.lstrip("* ")) is not None or (last.is_strong and _NEXT_PART.match(last.text) is not None)
    ) and not last.is_right


def _ends_with_names(last: Block, *, is_first: bool) -> bool:
    if len(last.text) > _LONGEST_BYLINE:
        return False
    return (
        (last.is_right and not last.text.endswith(("!", "?")))
        or is_credit(last.text)
        or is_labelled(last.text)
        or is_signed(last.text)
        or (is_first and last.is_strong and looks_like_byline(last.text))
    )
