"""The CSS selectors an element may be found by, the more lasting the cheaper. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.parse.markup import Element

_NAME = re.compile(r"[a-zA-Z][a-zA-Z_-]*(?:\d{1,2})?(?:[a-zA-Z_-]*)")
_GENERATED = re.compile(
    r"(?:css|sc|jsx|svelte|styles?|emotion|chakra|mui|tw)-|__?[a-zA-Z0-9]{5,}$|^[a-z]{1,2}[A-Z0-9][a-zA-Z0-9]{3,}$", re.IGNORECASE
)
_LAYOUT = re.compile(
    r"^(?:col|row|container|clearfix|pull|float|text-(?:left|right|center|justify)|fw|fs|mt|mb|ml|mr|pt|pb|pl|pr|p|m|d|w|h|flex|grid|gap|order|active|left|right|top"
    r"|bold|italic|justify|small|large|hidden|show|open|first|last|odd|even|item|box|block|wrap(?:per)?|inner|outer)(?:-?[a-z]{0,2}-?\d*)*$",
    re.IGNORECASE,
)
_MEANS_MUCH = frozenset({"h1", "article", "main", "time", "figcaption"})
_ATTRIBUTES = ("itemprop", "data-role", "data-field", "property")
MAX_LEVELS = 8
_ID, _ATTRIBUTE, _CLASS, _LAYOUT_CLASS, _TAG, _PLAIN_TAG, _PLACE = 1.0, 1.2, 2.0, 6.0, 4.0, 9.0, 6.0


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """`cost` says how easily a selector breaks: names of things last, names of looks and places do not."""

    cost: float
    css: str


def candidates(element: Element) -> list[Candidate]:
    """Selectors that match `element`, the cheapest first; none by a generated name."""
    found = list(_own(element))
    inner = [*found, Candidate(_PLAIN_TAG, str(element.tag))]
    for level, above in enumerate(element.iterancestors()):
        if level >= MAX_LEVELS or above.tag in ("body", "html"):
            break
        for anchor in _own(above):
            found.extend(Candidate(anchor.cost + one.cost + level * 0.1, f"{anchor.css} {one.css}") for one in inner)
            if level == 0:
                child, cost = f"{anchor.css} > {element.tag}", anchor.cost + _PLAIN_TAG
                found.append(Candidate(cost, child))
                found.extend(Candidate(cost + _PLACE, f"{child}:{place}-of-type") for place in ("first", "last"))
    return sorted(set(found))


def _own(element: Element) -> Iterator[Candidate]:
    tag = str(element.tag)
    if is_lasting(ident := element.get("id") or ""):
        yield Candidate(_ID, f"#{ident}")
    for name in _ATTRIBUTES:
        if re.fullmatch(r"[a-zA-Z][\w:-]*", value := element.get(name) or ""):
            yield Candidate(_ATTRIBUTE, f'{tag}[{name}="{value}"]')
    for name in dict.fromkeys((element.get("class") or "").split()):
        if is_lasting(name):
            cost = _LAYOUT_CLASS if _LAYOUT.match(name) else _CLASS
            yield Candidate(cost, f".{name}")
            yield Candidate(cost + 0.2, f"{tag}.{name}")
    if tag in _MEANS_MUCH:
        yield Candidate(_TAG, tag)


def is_lasting(name: str) -> bool:
    """Whether somebody gave this name: not a build tool, and no number of this one article in it."""
    return _NAME.fullmatch(name) is not None and _GENERATED.search(name) is None
