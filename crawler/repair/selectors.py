"""The CSS selectors an element may be found by, the more lasting the cheaper. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.parse.markup import Element

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*")
_TOOLS = re.compile(r"(?:css|sc|jsx|svelte|emotion|chakra|mui|tw|ng|data-v)-")
_PART = re.compile(r"[a-zA-Z]+\d{0,2}|\d{1,2}")
"""What the parts of a name somebody gave look like: words, perhaps counted. `x9Zk2` and `123456` are none."""
_LAYOUT = re.compile(
    r"(?:col|row|container|clearfix|pull|float|text|fw|fs|m[tblrxy]?|p[tblrxy]?|d|w|h|flex|grid|gap|order|active|left|right|top|bold|italic|justify|small|large|show|open"
    r"|first|last|odd|even|item|box|block|wrap|wrapper|inner|outer)(?:-(?:xs|sm|md|lg|xl|auto|left|right|center|justify|full|start|end|none))*-?\d*",
    re.IGNORECASE,
)
"""Names of looks and places: they change with the next stylesheet."""
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
                found.extend(Candidate(cost + _PLACE, f"{child}:{place}-of-type") for place in _ends(element))
    return sorted(set(found))


def _ends(element: Element) -> Iterator[str]:
    """Whether it is the first or the last of its kind among its siblings."""
    if next(element.itersiblings(element.tag, preceding=True), None) is None:
        yield "first"
    if next(element.itersiblings(element.tag), None) is None:
        yield "last"


def _own(element: Element) -> Iterator[Candidate]:
    tag = str(element.tag)
    if is_lasting(ident := element.get("id") or ""):
        yield Candidate(_ID, f"#{ident}")
    for name in _ATTRIBUTES:
        if re.fullmatch(r"[a-zA-Z][\w:-]*", value := element.get(name) or ""):
            yield Candidate(_ATTRIBUTE, f'{tag}[{name}="{value}"]')
    for name in dict.fromkeys((element.get("class") or "").split()):
        if is_lasting(name):
            cost = _LAYOUT_CLASS if _LAYOUT.fullmatch(name) else _CLASS
            yield Candidate(cost, f".{name}")
            yield Candidate(cost + 0.2, f"{tag}.{name}")
    if tag in _MEANS_MUCH:
        yield Candidate(_TAG, tag)


def is_lasting(name: str) -> bool:
    """Whether somebody gave this name: not a build tool, and no number of this one article in it."""
    parts = [part for part in re.split("[-_]+", name) if part]
    return _NAME.fullmatch(name) is not None and _TOOLS.match(name) is None and all(_PART.fullmatch(part) for part in parts)
