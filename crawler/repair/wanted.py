"""The fields to be found again: where on a page each may stand, and whether a selector reads it there as it was stored. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crawler.parse import marks
from crawler.parse.markup import Element, select
from crawler.repair.sample import Sample, squeezed

_LONGEST_LINE = 400
_LEADS_ARE_SHORTER = 3000
ENOUGH_OF_THE_TEXT = 0.9
"""Of an article's paragraphs: a container with so many is its body. Editors touch up a sentence after the fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One field of `Rules`."""

    name: str
    has: Callable[[Sample], bool]
    """Whether the article had it."""
    places: Callable[[Sample], Iterable[Element]]
    reads: Callable[[Sample, str], bool]


def body_of(sample: Sample) -> Element | None:
    """The innermost element that holds the article's paragraphs; None when the page no longer has them."""
    paragraphs = [squeezed(text) for text in sample.paragraphs]
    if not paragraphs:
        return None
    holding = [element for element, text in sample.elements if _share(paragraphs, squeezed(text)) >= ENOUGH_OF_THE_TEXT]
    return holding[-1] if holding else None  # outer ones come first, and what holds nearly all of them is one chain


def _share(paragraphs: Sequence[str], text: str) -> float:
    return sum(paragraph in text for paragraph in paragraphs) / len(paragraphs) if text else 0.0


def _bodies(sample: Sample) -> Iterable[Element]:
    inner = body_of(sample)
    if inner is None:
        return []
    return [inner, *list(inner.iterancestors())[:2]]


def _reads_body(sample: Sample, css: str) -> bool:
    """The selector's container holds the text, and little beside: not much more than the innermost one that does."""
    found, inner = marks.container_of(select(sample.root, css)), body_of(sample)
    if found is None or inner is None or len(found) != 1:
        return False
    return found[0] is inner or (found[0] in list(inner.iterancestors())[:2] and _n_chars(found[0]) <= 1.5 * _n_chars(inner))


def _n_chars(element: Element) -> int:
    return sum(len(text) for text in element.itertext())


def _lines(sample: Sample, is_it: Callable[[str], bool], longest: int = _LONGEST_LINE) -> list[Element]:
    return [element for element, text in sample.elements if text and len(text) <= longest and is_it(text)]


def _dates(sample: Sample) -> list[Element]:
    return [element for element, text in sample.elements if len(text) <= _LONGEST_LINE and sample.is_date(marks.when_of([element]))]


def _tags(sample: Sample) -> list[Element]:
    wanted = {tag.casefold() for tag in sample.stored.tags}
    return [element for element, text in sample.elements if text.casefold() in wanted]


def _reads_first(is_it: Callable[[Sample, str], bool]) -> Callable[[Sample, str], bool]:
    def reads(sample: Sample, css: str) -> bool:
        found = marks.first_with_words(select(sample.root, css))
        return found is not None and is_it(sample, marks.texts_of([found])[0])

    return reads


def _reads_author(sample: Sample, css: str) -> bool:
    found = marks.texts_of(select(sample.root, css))
    return bool(found) and sample.is_author(", ".join(found))


def _reads_section(sample: Sample, css: str) -> bool:
    found = next((text for text in reversed(marks.texts_of(select(sample.root, css))) if text.lower() not in marks.HOME), None)
    return found is not None and sample.is_section(found)


WANTED = (
    Wanted(name="title", has=lambda _: True, places=lambda s: _lines(s, s.is_title), reads=_reads_first(Sample.is_title)),
    Wanted(name="body", has=lambda s: bool(s.paragraphs), places=_bodies, reads=_reads_body),
    Wanted(
        name="lead",
        has=lambda s: s.stored.lead is not None,
        places=lambda s: _lines(s, s.is_lead, _LEADS_ARE_SHORTER),
        reads=_reads_first(Sample.is_lead),
    ),
    Wanted(
        name="published",
        has=lambda s: s.stored.published_at is not None,
        places=_dates,
        reads=lambda s, css: s.is_date(marks.when_of(select(s.root, css))),
    ),
    Wanted(
        name="author",
        has=lambda s: bool(s.stored.author or s.stored.credit),
        places=lambda s: _lines(s, s.is_author),
        reads=_reads_author,
    ),
    Wanted(name="section", has=lambda s: s.stored.section is not None, places=lambda s: _lines(s, s.is_section), reads=_reads_section),
    Wanted(
        name="tags",
        has=lambda s: bool(s.stored.tags),
        places=_tags,
        reads=lambda s, css: s.are_tags(marks.texts_of(select(s.root, css))),
    ),
)
