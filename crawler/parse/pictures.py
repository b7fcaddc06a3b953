"""Pictures and their captions, taken out of an article's body so that only its text is left."""

import re
from collections.abc import Collection, Iterator

from bs4 import Tag
from bs4.element import NavigableString

from crawler.parse.marks import MARK
from crawler.parse.markup import absolute
from crawler.parse.soup import is_gone
from crawler.text.normal import clean
from storage.records import Image

_BOXES = frozenset({"figure", "table"})
_BOX_CLASSES = ("caption", "photo", "image", "img", "picbox", "vcsortable", "expnoedit")
_HOLDERS = frozenset({"p", "div", "td", "li", "center", "section", "article", "body", "h1", "h2", "h3", "h4", "blockquote"})
_SLANTED = frozenset({"em", "i", "figcaption"})
_BOLD, _BR = frozenset({"b", "strong"}), frozenset({"br"})
_PICTURE_NAME = re.compile(r"(?:^|\s)(?:image|img|photo|picture)(?:$|\s)", re.IGNORECASE)
_IMG, _A, _FIGCAPTION = frozenset({"img"}), frozenset({"a"}), frozenset({"figcaption"})
_LONGEST_CAPTION = 600  # characters: a table with more text than that is text with pictures in it
_TAKEN_BY = re.compile(r"[\s(.,;-](?:ảnh|hình)(?: (?:minh họa|tư liệu|chụp))?\s?:\s?[^.:]{2,50}[.)]*$", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-img-src", "src")
"""Where the address stands, the real one first: `src` of a lazy image is a grey placeholder."""


def take_pictures(soup: Tag, base: str) -> tuple[Image, ...]:
    """The pictures with their captions, in order; they and the captions are gone from `soup` afterwards."""
    images: list[Image] = []
    is_box: dict[int, bool] = {}
    pictures = tags_in(soup, _IMG)
    for n, picture in enumerate(pictures):
        if is_gone(picture):
            continue
        box = _box(picture, is_box)
        following = pictures[n + 1] if n + 1 < len(pictures) else None
        images.extend(_boxed(box, base) if box is not None else _in_text(picture, following, base))
    return tuple(images)


def tags_in(tag: Tag, names: Collection[str]) -> list[Tag]:
    """As `find_all`, which takes three times as long on a fragment as small as an article's body."""
    return [inner for inner in tag.descendants if isinstance(inner, Tag) and inner.name in names]


def _box(picture: Tag, is_box: dict[int, bool]) -> Tag | None:
    """The outermost element that is nothing but pictures and caption: a figure, a layout table, a div of such a class.

    `is_box` remembers by id() what was found of the elements above: a table of a thousand pictures is looked through once.
    """
    found = None
    for above in picture.parents:
        if above.name in ("body", "html", "[document]"):
            break
        if id(above) not in is_box:
            is_box[id(above)] = (above.name in _BOXES or _has_box_class(above)) and _holds_one_caption(above)
        if is_box[id(above)]:
            found = above
    return found


def _holds_one_caption(tag: Tag) -> bool:
    """A photo story goes by such a class, too: its pictures have a caption each, and text between them. One picture may have two: who took it."""
    return len(_words(tag)) <= _LONGEST_CAPTION and (len(tags_in(tag, _FIGCAPTION)) <= 1 or len(tags_in(tag, _IMG)) == 1)


def _has_box_class(tag: Tag) -> bool:
    if tag.name != "div":
        return False
    classes = str(tag.get("class", "")).lower()
    return any(name in classes for name in _BOX_CLASSES)


def _words(tag: Tag) -> str:
    return clean(tag.get_text(" "))


def _boxed(box: Tag, base: str) -> Iterator[Image]:
    caption = _marked_caption(box) or _words(box) or None
    pictures = [] if _is_teaser(box) else tags_in(box, _IMG)
    if caption is None and pictures:
        caption = _below(box)
    for n, picture in enumerate(pictures, start=1):
        yield from _image(picture, base, caption if n == len(pictures) else None)
    box.decompose()


def _is_teaser(box: Tag) -> bool:
    """Half of its words or more lead elsewhere: a list of other articles."""
    n_linked = sum(len(_words(link)) for link in tags_in(box, _A))
    return n_linked > 0 and n_linked * 2 >= len(_words(box))


def _marked_caption(box: Tag) -> str | None:
    return next((text for tag in tags_in(box, _FIGCAPTION) if (text := _words(tag))), None)


def _in_text(picture: Tag, following: Tag | None, base: str) -> Iterator[Image]:
    """A picture in a paragraph: its caption is what is slanted there, else the slanted paragraph right below."""
    holder = next((above for above in picture.parents if above.name in _HOLDERS), None)
    images = list(_image(picture, base, None))
    beside = _beside(picture)
    picture.decompose()
    if holder is None or (following is not None and _inside(following, holder)):
        yield from images  # the caption belongs to the last picture of the row
        return
    caption = _slanted(holder) or _below(holder) or _taken(beside) or _alone_with_it(holder)
    yield from (Image(url=image.url, caption=caption) for image in images)


def _slanted(holder: Tag) -> str | None:
    if holder.name == "body":
        return None
    parts = [tag for tag in tags_in(holder, _SLANTED) if not _is_in_slanted(tag, holder)]
    caption = clean(" ".join(_words(tag) for tag in parts))
    rest = _words(holder)
    if not caption or (len(caption) < len(rest) / 2 and len(rest) > _LONGEST_CAPTION / 2):
        return None  # a foreign word in italics, in a paragraph that also holds a picture
    for tag in parts:
        tag.decompose()
    return caption


def _alone_with_it(holder: Tag) -> str | None:
    """What stands with the picture in a paragraph of its own that is centred, as text is not, or ends with who took the picture."""
    text = _words(holder) if holder.name == "p" else ""
    if not 0 < len(text) <= _LONGEST_CAPTION / 2 or not (_is_centred(holder) or _credits_a_picture(text)):
        return None
    holder.decompose()
    return text


def _is_centred(tag: Tag) -> bool:
    return tag.get("align") == "center" or _CENTRED.search(str(tag.get("style", ""))) is not None


def _is_in_slanted(tag: Tag, holder: Tag | None) -> bool:
    """Whether a slanted element below `holder` already contains it."""
    for above in tag.parents:
        if above is holder:
            return False
        if above.name in _SLANTED:
            return True
    return False


def _beside(picture: Tag) -> Tag | None:
    """What follows the picture between line breaks, when it is slanted or marked as a caption."""
    inner = picture.parent if picture.parent is not None and picture.parent.name == "a" else picture
    for sibling in inner.next_siblings:
        if isinstance(sibling, Tag) and sibling.name != "br":
            return sibling if sibling.name in _SLANTED or sibling.get(MARK) == "caption" else None
        if isinstance(sibling, NavigableString) and sibling.strip():
            return None
    return None


def _taken(tag: Tag | None) -> str | None:
    if tag is None or is_gone(tag) or not 0 < len(text := _words(tag)) <= _LONGEST_CAPTION:
        return None
    tag.decompose()
    return text


def _inside(tag: Tag, holder: Tag) -> bool:
    return any(above is holder for above in tag.parents)  # not `in`: that would compare whole subtrees


def _below(holder: Tag) -> str | None:
    """The caption under a picture that stands alone: the next element when it is marked as one, or slanted throughout."""
    if _words(holder):
        return None
    below = next((sibling for sibling in holder.next_siblings if isinstance(sibling, Tag)), None)
    if below is None or tags_in(below, _IMG):
        return None
    text = _words(below)
    slanted = clean(" ".join(_words(tag) for tag in tags_in(below, _SLANTED) if not _is_in_slanted(tag, None)))
    is_marked = below.get(MARK) == "caption" or "caption" in str(below.get("class", ""))
    is_caption = is_marked or (below.name == "p" and _is_plain_caption(below, text))
    if not text or len(text) > _LONGEST_CAPTION or not (is_caption or slanted == text):
        return None
    below.decompose()
    return text


def _is_plain_caption(below: Tag, text: str) -> bool:
    """A short paragraph that says who took the picture, is called after it, or is centred as text is not: in bold that is a subhead."""
    if len(text) > _LONGEST_CAPTION / 2 or len(tags_in(below, _BR)) > 1:
        return False
    is_centred = _is_centred(below) and clean(" ".join(map(_words, tags_in(below, _BOLD)))) != text
    return is_centred or _credits_a_picture(text) or _PICTURE_NAME.search(str(below.get("class", ""))) is not None


def _credits_a_picture(text: str) -> bool:
    return len(text) <= _LONGEST_CAPTION / 2 and _TAKEN_BY.search(text) is not None


def _image(picture: Tag, base: str, caption: str | None) -> Iterator[Image]:
    for name in _LAZY:
        link = picture.get(name)
        url = absolute(link.replace("\\", "/"), base) if isinstance(link, str) else None
        if url is not None:
            yield Image(url=url, caption=caption)
            return
