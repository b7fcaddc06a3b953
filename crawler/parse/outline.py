"""A page as its blocks of text, and the one element that holds most of what reads like an article and least of what does not.

Every block is worth what it would give to an article: running text its length, a list of links less than nothing. The container is
the element whose blocks are worth most together (a maximum over sums, so that neither a menu nor a list of teasers is ever worth
taking in). Chosen on tests/layouts, tests/corpus and ../shared/samples, docs/decisions/0040-generic-extraction.md.
"""

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias, cast

from lxml import etree

from crawler.parse.boilerplate import is_box, is_foreign, is_furniture, is_hidden, is_imprint, is_legal
from crawler.parse.markup import Element
from crawler.text.normal import clean

Text: TypeAlias = etree._ElementUnicodeResult  # noqa: SLF001  lxml gives the class no other name

_INLINE: Final = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "o:p", "q", "s", "samp", "small", "span",
    "st1:place", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr", "center",
})  # fmt: skip
_TEXTS = etree.XPath(
    "//body//text()[normalize-space() and not(parent::script or parent::style or parent::noscript or parent::template or parent::textarea or parent::option or parent::title)]"
)
_MOST_TEXTS = 20_000  # of one page: the largest sample has 1,400; a page of more is not looked at
_SHORT = 25  # characters: below, a label, a name or a date
_SENTENCE = 80  # characters: above, text even without a full stop
_FOOT = 40  # blocks at the end of a page
_FOOT_SHARE = 0.3  # of its text: what holds more is not only the foot
_LONG, _FAR_MORE = 600, 1.5  # characters of one part of a long-read, and how much more all its parts are
_TEASER_LEVELS = 4
_TEASER_CHARS = 400
_SUMMARIES = 2  # paragraphs that a card may have below its headline
_HEADLINE = 25
_OWN_SHARE = 0.5  # of a page's text: what holds it is no box beside the article, whatever its name
_DATED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}|\d tháng \w{1,8} \d{4}", re.IGNORECASE)
_LONGEST_DATED = 70  # characters of a line that is a date with a label, an author or a section
_COMMENTS = re.compile(
    r"(?:\d+ )?(?:bình luận|ý kiến|phản hồi|comments?|trả lời|leave a reply)(?: \(\d+\)| bạn đọc| của bạn(?: đọc)?)?\s*:?\s*(?:\(\d+\))?",
    re.IGNORECASE,
)
_OTHER_NEWS = re.compile(
    r"(?:(?:các|những) )?(?:tin|bài)(?: tức|,? bài)?(?: viết)? (?:khác|liên quan|mới(?: hơn| nhất)?|cũ hơn|đã (?:đưa|đăng)|cùng (?:chuyên mục|chủ đề))|(?:tin )?cùng chuyên mục|có thể bạn quan tâm"
    r"|đọc (?:thêm|nhiều(?: nhất)?)|xem (?:thêm|nhiều(?: nhất)?)",
    re.IGNORECASE,
)
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXT_SO_FAR = 200  # characters behind which a heading "Bình luận" is no button for it
_ONE_LINE: Final = frozenset({"p", "li", "td", "h2", "h3", "h4", "h5", "blockquote", "dd", "pre"})
_STOPS = (".", ",", ":", ";", "?", "!", "…", "”", '"')


@dataclass(slots=True, eq=False)
class Block:
    """The text directly in one block element. `n_link` of its `n` characters are in links; `at` is its place on the page."""

    element: Element
    at: int
    parts: list[str] = field(default_factory=list)
    links: list[bool] = field(default_factory=list)
    n: int = 0
    n_link: int = 0
    worth: float = 0.0
    _text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = clean(" ".join(self.parts) if len(self.parts) > 1 else self.parts[0])
        return self._text

    @property
    def plain(self) -> str:
        """The text outside of links."""
        return clean(" ".join(part for part, is_link in zip(self.parts, self.links, strict=True) if not is_link))

    @property
    def is_link(self) -> bool:
        return self.n_link * 2 > self.n


def _is_headline(block: Block) -> bool:
    """Whether the link could be another article's headline: more than one word, which addresses are not."""
    long = [part for part in block.parts if len(part) >= _HEADLINE]
    return any(" " in part.strip() for part in long) and not any(map(is_furniture, long))


def _is_label(text: str, n: int) -> bool:
    """A date with what stands beside it, or a short line without any stop: neither is running text, nor takes anything from it."""
    return (n <= _LONGEST_DATED and _DATED.search(text) is not None) or (n < _SENTENCE and not any(stop in text for stop in _STOPS))


class Outline:
    """The blocks of a page in its order, and what is worth reading among them."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self._by_element: dict[Element, Block] = {}
        self._is_aside: dict[Element, bool] = {}
        self._weight: dict[Element, int] = {}
        self._links: dict[Element, int] = {}
        self._teasers: set[Element] = set()
        self._held: dict[Element, tuple[list[Block], int]] = {}
        self._keep: set[Element] = set()
        self._first = -1
        self._collect()
        self._total = sum(block.n - block.n_link for block in self.blocks) or 1

    def _collect(self) -> None:
        homes: dict[Element, tuple[Block, bool]] = {}
        texts = cast("list[Text]", _TEXTS(self.root))
        self.is_too_long = len(texts) > _MOST_TEXTS
        for text in texts if not self.is_too_long else ():
            parent = text.getparent()
            if parent is not None and text.is_tail:
                parent = parent.getparent()
            if parent is None:
                continue
            found = homes.get(parent)
            if found is None:
                found = homes[parent] = self._home(parent)
            block, is_link = found
            block.parts.append(str(text))
            block.links.append(is_link)
            n = len(text.strip())
            block.n += n
            if is_link:
                block.n_link += n
        for block in self.blocks:
            plain = block.n - block.n_link
            for above in (block.element, *block.element.iterancestors()):
                self._weight[above] = self._weight.get(above, 0) + plain
                if block.n_link:
                    self._links[above] = self._links.get(above, 0) + block.n_link

    def _home(self, element: Element) -> tuple[Block, bool]:
        """The block that the text in `element` belongs to, and whether it is in a link."""
        is_link = element.tag == "a"
        while element.tag in _INLINE and (above := element.getparent()) is not None:
            element = above
            is_link = is_link or element.tag == "a"
        is_link = is_link or any(above.tag == "a" for above in element.iterancestors("a"))
        block = self._by_element.get(element)
        if block is None:
            block = self._by_element[element] = Block(element=element, at=len(self.blocks))
            self.blocks.append(block)
        return block, is_link

    def weight(self, element: Element) -> int:
        """Characters of text outside of links in `element`."""
        return self._weight.get(element, 0)

    def link_weight(self, element: Element) -> int:
        """Characters of text in links in `element`."""
        return self._links.get(element, 0)

    def is_aside(self, element: Element) -> bool:
        """Whether `element` is in a box beside the article, or hidden. A box that holds half of the page's text is none."""
        known = self._is_aside.get(element)
        if known is None:
            parent = element.getparent()
            known = self._is_aside[element] = self.is_own_aside(element) or (parent is not None and self.is_aside(parent))
        return known

    def is_own_aside(self, element: Element) -> bool:
        """As `is_aside`, by its own name."""
        return element not in self._keep and (is_box(element) or is_hidden(element)) and self.weight(element) < self._total * _OWN_SHARE

    def is_foreign(self, element: Element) -> bool:
        """As `is_aside`, but not in a box that goes with the article: its date line may stand among the buttons for sharing."""
        chain = (element, *element.iterancestors())
        return any(
            one not in self._keep and (is_foreign(one) or is_hidden(one)) and self.weight(one) < self._total * _OWN_SHARE for one in chain
        )

    def appraise(self, headline: Element | None) -> None:
        """Give every block its worth. What stands before the headline is worth little: menus, tickers, other news."""
        keep = self._keep = {headline, *headline.iterancestors()} if headline is not None else set()
        self._is_aside.clear()
        first = self._first = self.place(headline)
        imprints = {block for block in self.blocks[-_FOOT:] if is_imprint(block.text[:200])} if keep else set()
        others = self._other_articles(headline) | self._feet(imprints)
        so_far, n_so_far, is_over = 0.0, 0, False
        for block in self.blocks:
            worth = self._worth(block)
            is_over = is_over or (so_far >= _TEXT_SO_FAR and n_so_far > 1 and (block in imprints or self._begins_comments(block)))
            if worth > 0 and block.at < first:
                worth *= 0.2
            elif worth > 0 and (is_over or any(above in others for above in block.element.iterancestors())):
                worth = -worth
            elif worth > 0:
                so_far, n_so_far = so_far + worth, n_so_far + 1
            elif so_far >= _TEXT_SO_FAR and (box := self._box_of_others(block, so_far)) is not None:
                others.add(box)
            block.worth = worth
        for block in self.blocks:
            if block.element in keep or not block.n_link or self.is_aside(block.element):
                continue
            if block.is_link and _is_headline(block):
                self._devalue_teaser(block, keep)
            elif block.worth > 0 and block.links[0] and (card := self._card(block)) is not None:
                self._devalue(card)

    def _other_articles(self, headline: Element | None) -> set[Element]:
        """The articles that pages load below the first one: each in an element like the one that holds the headline."""
        own = next(headline.iterancestors("article"), None) if headline is not None else None
        if own is None or self.weight(own) < _TEXT_SO_FAR:
            return set()  # templates also wrap headline and text in an element each
        within = {own, *own.iterancestors()}
        return {element for element in self.root.iter("article") if element not in within and own not in element.iterancestors()}

    def _feet(self, imprints: set[Block]) -> set[Element]:
        """The boxes that hold the imprint and not the headline: what the paper says of itself beside it is no article either."""
        feet = set()
        for block in imprints:
            above = [one for one in block.element.iterancestors() if one not in self._keep and self.weight(one) < self._total * _FOOT_SHARE]
            feet.update(above[-1:])
        return feet

    def _box_of_others(self, block: Block, so_far: float) -> Element | None:
        """What a heading "Các tin khác" opens: the outermost element that begins with it. Among the paragraphs of the text that is nothing more."""
        if block.n > _LONGEST_DATED or _OTHER_NEWS.fullmatch(block.text.rstrip(" :.…")) is None:
            return None
        before = self.blocks[block.at - 1].element
        begun = {before, *before.iterancestors()} | self._keep
        box = None
        for above in (block.element, *block.element.iterancestors()):
            if above in begun or self.weight(above) > max(self._total * _OWN_SHARE, 2 * so_far):
                break
            box = above
        return box

    def _begins_comments(self, block: Block) -> bool:
        """Behind more than the lead: above the text it is a button that leads to them."""
        if block.n > _LONGEST_DATED or _COMMENTS.fullmatch(block.text) is None:
            return False
        return any(above.tag in _HEADINGS for above in (block.element, *block.element.iterancestors()))

    def place(self, headline: Element | None) -> int:
        return min(self.places(headline), default=-1)

    def place_after(self, headline: Element | None) -> int:
        """The place of the first block behind the headline."""
        return max(self.places(headline), default=-1) + 1

    def places(self, element: Element | None) -> list[int]:
        """The places of the blocks in `element`; of an inline element, of the block it stands in."""
        within = element
        while within is not None and within.tag in _INLINE and within not in self._by_element:
            within = within.getparent()
        if within is None:
            return []
        found = (self._by_element[inner].at for inner in within.iter() if inner in self._by_element)
        return list(found) if within is element else list(islice(found, 1))

    def _worth(self, block: Block) -> float:
        plain = block.n - block.n_link
        if self.is_aside(block.element):
            return -0.5 * plain - block.n_link
        if block.is_link:
            return -block.n - 25.0
        if plain < _SHORT:
            return -5.0
        return -float(plain) if is_legal(block.text[:200]) else 0.0 if _is_label(block.text, plain) else float(plain - block.n_link)

    def _devalue_teaser(self, block: Block, keep: set[Element]) -> None:
        """The summary beside a linked headline advertises another article."""
        box = None
        for above in (block.element, *block.element.iterancestors()):
            if above in keep or self.weight(above) > _TEASER_CHARS or above.tag == "body" or self._is_text_around(above, block):
                break
            box = above
        if box is not None:
            self._devalue(box)

    def _card(self, block: Block) -> Element | None:
        """What holds the picture and the headline that both lead to one other article, when `block` begins with that headline."""
        link = next(block.element.iter("a"), None)
        if link is None or not link.get("href") or len(block.parts[0].strip()) < _HEADLINE:
            return None
        for above in block.element.iterancestors():
            if above in self._keep or self.weight(above) > _TEASER_CHARS:
                return None
            if any(one.get("href") == link.get("href") and next(one.iter("img"), None) is not None for one in above.iter("a")):
                return above
        return None

    def _devalue(self, box: Element) -> None:
        if box in self._teasers:  # of a list, each link finds the same box
            return
        self._teasers.add(box)
        for element in box.iter():
            inside = self._by_element.get(element)
            if inside is not None and inside.worth > 0:
                inside.worth = -0.5 * inside.worth

    def _is_text_around(self, element: Element, link: Block) -> bool:
        """Whether `element` is a short text that a link stands in: a summary is one paragraph, behind its headline."""
        if self.weight(element) < _SHORT:
            return False
        if element not in self._held:  # once: of a long list, each link asks; and of texts there are few in so little
            inside = self.inside(element)
            self._held[element] = (
                [block for block in inside if block.worth > 0],
                sum(block.is_link and _is_headline(block) for block in inside),
            )
        held, n_links = self._held[element]
        texts = [block for block in held if block.worth > 0]
        n_before = sum(block.at < link.at for block in texts)
        return n_before == len(texts) > 0 or (len(texts) > n_links and n_before > 0) or len(texts) > n_links * _SUMMARIES

    def is_teaser(self, block: Block) -> bool:
        """Whether it stands beside the linked headline of another article."""
        return block.element in self._teasers or any(above in self._teasers for above in block.element.iterancestors())

    def container(self) -> Element | None:
        """The element whose blocks are worth most together; of equals the innermost. None when nothing is worth reading."""
        sums: dict[Element, float] = {}
        after: dict[Element, float] = dict.fromkeys(self._keep, 0.0)
        for block in self.blocks:
            for above in (block.element, *block.element.iterancestors()):
                sums[above] = sums.get(above, 0.0) + block.worth
                if block.worth > 0 and block.at > self._first and above in after:
                    after[above] += block.worth
        best = max(sums.values(), default=0.0)
        if best <= 0:
            return None
        if best >= _LONG and max(after.values(), default=0.0) > best * _FAR_MORE:
            sums, best = after, max(after.values())  # a long-read in parts beside the menu: what stands above the headline goes anyway
        ties = [element for element, worth in sums.items() if worth == best]
        innermost = max(ties, key=lambda element: sum(1 for _ in element.iterancestors()))
        # Of a poem or a notice all other lines are too short to be worth anything.
        around = (above for above in (innermost, *innermost.iterancestors()) if above.tag not in _ONE_LINE)
        return next(around, innermost)

    def inside(self, element: Element) -> list[Block]:
        """The blocks in `element`, in order."""
        found = (self._by_element.get(inner) for inner in element.iter())
        return [block for block in found if block is not None]
