"""From pydantic's location of an error to the place in the file: its line, its dotted key, and what the models know there."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from config.secrets import is_secret
from config.tree import Block, Items, Leaf, Node, join

KEY_MARK = "[key]"
"""Pydantic's way to say that the key itself is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`node` stands at `key`, inside `owner` at `owner_key`. `absent` is a key the file does not hold: then `node` is its owner."""

    node: Node
    key: str
    owner: Node
    owner_key: str
    name: str = ""
    absent: str | None = None
    known_keys: tuple[str, ...] = ()
    """What may stand in the owner."""


def follow(location: Sequence[str | int], tree: Block, model: type[BaseModel]) -> Place:
    """Tags of unions stand in the location but in no file: the models tell them apart."""
    place = Place(node=tree, key="", owner=tree, owner_key="")
    expected: Any = model
    for part in location:
        members = _members(expected)
        if len(members) > 1 and isinstance(part, str):
            expected = next((member for member in members if part in _tags(member)), None)
            continue
        if part == KEY_MARK:
            break
        place = _enter(place, part, _keys(members[0]))
        if place.absent is not None:
            break
        expected = _below(members[0], part)
    return place


def _enter(place: Place, part: str | int, known: tuple[str, ...]) -> Place:
    match place.node, part:
        case Block() as block, str() if part in block.entries:
            node = block.entries[part]
            name = (isinstance(node, Leaf) and node.written_as) or part
        case Items() as items, int() if part < len(items.items):
            node, name = items.items[part], ""
            return Place(node=node, key=join(place.key, items.numbers[part]), owner=items, owner_key=place.key)
        case _:
            return Place(node=place.node, key=place.key, owner=place.node, owner_key=place.key, absent=str(part))
    files = tuple(f"{key}_file" for key in known if is_secret(join(place.key, key)))
    return Place(node=node, key=join(place.key, name), owner=block, owner_key=place.key, name=name, known_keys=known + files)


def _members(expected: Any) -> list[Any]:
    """The types a value may have, without the wrapping and without None."""
    if get_origin(expected) is Annotated:
        return _members(get_args(expected)[0])
    if get_origin(expected) in (Union, UnionType):
        return [member for part in get_args(expected) if part is not NoneType for member in _members(part)]
    return [expected]


def _is_model(expected: Any) -> bool:
    return isinstance(expected, type) and issubclass(expected, BaseModel)


def _tags(expected: Any) -> tuple[str, ...]:
    if not _is_model(expected):
        return get_args(expected)
    kind = expected.model_fields.get("type")
    return get_args(kind.annotation) if kind is not None else (expected.__name__.lower(),)


def _keys(expected: Any) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in expected.model_fields.items()) if _is_model(expected) else ()


def _below(expected: Any, part: str | int) -> Any:
    if _is_model(expected):
        return next((field.annotation for name, field in expected.model_fields.items() if part in (name, field.alias)), None)
    arguments = get_args(expected)
    return arguments[1 if get_origin(expected) is dict else 0] if arguments else None
