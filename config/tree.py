"""What stands in a YAML file, with the line of each key: the ground on which every check reports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One value as typed: `text` is the source text, so that `0123` stays 0123 and `NO` stays NO; None is an empty value."""

    line: int
    text: str | None
    origin: str | None = None
    """Where a value came from that was not typed here: it may be secret and is never shown."""
    written_as: str | None = None
    """The key as it stands in the file when it differs, e.g. `password_file`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list. `numbers` are the positions in the file; they skip entries that could not be read."""

    line: int
    items: tuple["Node", ...] = ()
    numbers: tuple[int, ...] = ()
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Keys with values. `lost` are the keys whose value could not be read: they are there, but nothing can be said of them."""

    line: int = 1
    entries: Mapping[str, "Node"] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()


Node: TypeAlias = Leaf | Items | Block


def join(key: str, part: str | int) -> str:
    """The dotted path of `part` below `key`, e.g. `channels.office-mail.to[0]`."""
    if isinstance(part, int):
        return f"{key}[{part}]"
    return f"{key}.{part}" if key else part


def plain(node: Node) -> Any:
    """The values alone, as pydantic takes them."""
    match node:
        case Leaf():
            return node.text
        case Items():
            return [plain(item) for item in node.items]
        case Block():
            return {key: plain(value) for key, value in node.entries.items()}


def below(node: Node | None, *keys: str) -> Node | None:
    """The value at the end of `keys`; None where the file holds none."""
    for key in keys:
        node = node.entries.get(key) if isinstance(node, Block) else None
    return node


def text_below(node: Node | None, *keys: str) -> str | None:
    leaf = below(node, *keys)
    return leaf.text if isinstance(leaf, Leaf) else None


def listed(node: Node | None) -> Iterator[tuple[int, Node]]:
    """The entries of a list with their positions; nothing when `node` is no list."""
    if isinstance(node, Items):
        yield from zip(node.numbers, node.items, strict=True)


def leaves(node: Node | None) -> Iterator[tuple[int, Leaf]]:
    """The entries of a list that are single, filled values."""
    for number, item in listed(node):
        if isinstance(item, Leaf) and item.text is not None:
            yield number, item
