"""An article out of a page nobody described: where its headline, lead, text, date, byline, section and tags most likely are.

Works on the tree already parsed and leaves notes on it (`marks.MARK`); the cut-out body is then read like one cut out by rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from crawler.parse import dating, labels, nearby
from crawler.parse.body import Body, is_author_name, read_body
from crawler.parse.boilerplate import is_caption, is_data, is_furniture, is_legal
from crawler.parse.byline import looks_like_byline
from crawler.parse.dates import When
from crawler.parse.headline import find_headline, find_lead, may_open
from crawler.parse.marks import MARK, cut_out, n_elements
from crawler.parse.markup import Element, text_of
from crawler.parse.outline import Block, Outline

_CAPTION_NAMES = (
    "caption",
    "chuthich",
    "chu-thich",
    "chu_thich",
    "chú thích",
    "image-desc",
    "img-desc",
    "photo-desc",
    "photo-cap",
    "img-note",
    "image-note",
    "photo-note",
)
_ENDINGS = frozenset({"p", "li", "td", "strong", "b"})
_LARGE_SHARE = 0.3  # of the container's text: what holds it stays, whatever its name
_SHORTEST_WITHOUT_HEADLINE = 250  # characters: less, and no headline either, is a list or a form
_OF_ANOTHER = -10.0  # worth less than a short line ever is: running text of something else
_PARAGRAPH = 80  # characters: the text has begun
_MOST_ELEMENTS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a page without rules seems to say. Every field but `body` may be missing."""

    body: Body
    title: str | None
    lead: str | None
    published: tuple[When, ...]
    """As printed, the most likely first."""
    stated: tuple[When, ...]
    """In attributes of the article's markup."""
    updated: tuple[When, ...]
    authors: tuple[str, ...]
    authors_beside: tuple[str, ...]
    """Named by nothing but their place before the date."""
    sources: tuple[str, ...]
    section: str | None
    tags: tuple[str, ...]


def read(root: Element, base: str, *, titles: Iterable[str], descriptions: Iterable[str]) -> Guess | None:
    """None when nothing on the page reads like an article. `titles` and `descriptions`: what its head says."""
    headline = find_headline(root, titles)
    outline = Outline(root)
    outline.appraise(headline)
    container = outline.container()
    if container is None or (headline is None and outline.weight(container) < _SHORTEST_WITHOUT_HEADLINE):
        return None
    lead, leads = find_lead(outline, headline, descriptions)
    blocks = outline.inside(container)
    stretch = _stretch(outline, headline, blocks, leads)
    dates = dating.date_lines(outline, stretch)
    authors = nearby.bylines(outline, stretch)
    sources = nearby.sources(outline, stretch)
    section = labels.section(outline, headline, stretch)
    tags = labels.tags(outline, stretch, " ".join(block.text for block in blocks if block.worth > 0 or block.at == stretch.headline))
    machine = list(dating.machine_dates(outline, stretch))
    _drop(leads)
    inside = set(container.iter())
    inside.discard(container)
    _drop(element for element in (*(line.element for line in dates), *(e for _, e in (*authors, *sources))) if element in inside)
    signature = nearby.signature(outline, stretch)
    beside = list(dating.before_dates(dates))
    loose = _prune(outline, container, blocks, headline, stretch)
    if n_elements(container) > _MOST_ELEMENTS:
        return None
    for form in container.iter("form"):
        if outline.weight(form) >= outline.weight(container) * _LARGE_SHARE:
            form.tag = "div"  # ASP.NET puts the whole page into one
    body = read_body(cut_out([container]), base, without={*loose, *(line.text for line in dates)}, authors=[text for text, _ in authors])
    if lead is None and body.opening is not None and may_open(body.opening):
        lead = body.opening
    return Guess(
        body=body,
        title=text_of(headline) if headline is not None else None,
        lead=lead,
        published=tuple(line.when for line in dates if not line.is_update),
        stated=tuple(machine),
        updated=tuple(line.when for line in dates if line.is_update),
        authors=tuple(text for text, _ in authors),
        authors_beside=tuple(name for name in (*dating.labelled_beside(dates), *(name for _, name in beside), signature) if name),
        sources=tuple(text for text, _ in sources),
        section=section or next((name for name, _ in beside if name and not any(_share(name, text) for text, _ in authors)), None),
        tags=tuple(tags),
    )


def _share(name: str, line: str) -> bool:
    """Whether one says the other: of "Lan - Minh • 08:15" the first is a writer and no section."""
    return name in line or line in name


def _drop(elements: Iterable[Element]) -> None:
    for element in elements:
        element.set(MARK, "drop")


def _stretch(outline: Outline, headline: Element | None, blocks: list[Block], leads: list[Element]) -> nearby.Stretch:
    start = outline.place(headline)
    printed = {place for element in leads for place in outline.places(element)}
    text = [block for block in blocks if block.worth > 0 and block.at > start and block.at not in printed]
    good = [block.at for block in text if block.n >= _PARAGRAPH] or [block.at for block in text] or sorted(printed) or [start + 1]
    return nearby.Stretch(
        headline=start if start >= 0 else max(0, good[0] - 8), first=good[0], last=max([*good, *printed, *(block.at for block in text)])
    )


def _prune(outline: Outline, container: Element, blocks: list[Block], headline: Element | None, stretch: nearby.Stretch) -> set[str]:
    """Note what in the container is not the article's text. Lines of it that have no element of their own are returned."""
    if headline is not None and any(above is container for above in headline.iterancestors()):
        _drop_before(container, headline)
    weight = outline.weight(container)
    for element in container.iterdescendants(etree.Element):
        if outline.is_own_aside(element) and outline.weight(element) < weight * _LARGE_SHARE:
            element.set(MARK, "drop")
        elif (
            any(name in (element.get("class") or "").lower() for name in _CAPTION_NAMES) and outline.weight(element) < weight * _LARGE_SHARE
        ):
            element.set(MARK, "caption")
    loose = set()
    for block in blocks:
        if not _is_no_text(outline, block, stretch):
            continue
        if outline.weight(block.element) > block.n and any(map(_is_prose, outline.inside(block.element))):
            loose.add(block.text)
            _drop(block.element.iterchildren("a", "span", "b", "strong"))
        elif block.element is not container:
            element = _box_of_links(outline, block, container) if block.is_link else block.element
            if MARK not in element.attrib or element.get(MARK) != "caption":
                element.set(MARK, "drop")
    return loose


def _is_prose(block: Block) -> bool:
    """A paragraph of the text: a button, or the minute of a match, may stand right in the box that holds it. Not the address of the original."""
    return block.worth > 0 and "://" not in block.text


def _drop_before(container: Element, headline: Element) -> None:
    headline.set(MARK, "drop")
    element = headline
    while element is not container:
        _drop(element.itersiblings(preceding=True))
        parent = element.getparent()
        if parent is None:
            break
        element = parent


def _is_no_text(outline: Outline, block: Block, stretch: nearby.Stretch) -> bool:
    text = block.text
    if outline.is_teaser(block) or is_furniture(text):
        return True
    if is_caption(block.element):
        return False
    if block.is_link:
        return block.n >= _PARAGRAPH / 4 or block.at < stretch.first or block.at > stretch.last
    if block.at < stretch.first:
        return block.worth <= 0 and not _is_heading(block.element) and not is_data(block.element)
    if block.at > stretch.last:
        return is_legal(text[:200]) or block.worth < _OF_ANOTHER or (block.worth <= 0 and not _may_end(block))
    return False


def _may_end(block: Block) -> bool:
    """Whether a short line below the text may still be its own: its end, or who wrote it."""
    return block.element.tag in _ENDINGS or looks_like_byline(block.text) or is_author_name(block.element) or nearby.is_right(block.element)


def _is_heading(element: Element) -> bool:
    return element.tag in ("h2", "h3", "h4", "h5", "p")


def _box_of_links(outline: Outline, block: Block, container: Element) -> Element:
    """The outermost element round a link that holds hardly anything but links."""
    box = block.element
    for above in block.element.iterancestors():
        if above is container or outline.weight(above) > max(_PARAGRAPH / 2, outline.link_weight(above)):
            break
        box = above
    return box
