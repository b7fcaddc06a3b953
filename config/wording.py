"""Pydantic's findings in the operator's words: one problem for each mistake, at the line of its key, without the value."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.base import Contradiction, Refusal
from config.problem import Problem
from config.secrets import is_secret
from config.suggest import did_you_mean, one_of
from config.tree import Block, Items, Leaf, Node, join

Context = Mapping[str, Any]

WORDS: Mapping[str, Callable[[Context], str]] = {
    "missing": lambda _: "is missing; add it",
    "string_type": lambda _: "is not a single text; write one value, in quotes where in doubt",
    "bool_parsing": lambda _: "is not true or false; write one of the two",
    "bool_type": lambda _: "is not true or false; write one of the two",
    "int_parsing": lambda _: "is not a whole number; write digits only",
    "int_parsing_size": lambda _: "is not a whole number of a sane size; write a smaller one",
    "int_type": lambda _: "is not a whole number; write digits only",
    "float_parsing": lambda _: "is not a number; write digits, with a point for fractions",
    "float_type": lambda _: "is not a number; write digits, with a point for fractions",
    "finite_number": lambda _: "is not a number; write digits, with a point for fractions",
    "greater_than": lambda c: f"is too small; it must be above {c['gt']:g}",
    "greater_than_equal": lambda c: f"is too small; it must be at least {c['ge']:g}",
    "less_than_equal": lambda c: f"is too large; it must be at most {c['le']:g}",
    "tuple_type": lambda _: "is not a list; write it as [a, b], or one entry a line after `- `",
    "dict_type": lambda _: "is not a block of keys; write `key: value` lines below it",
    "model_type": lambda _: "is not a block of keys; write `key: value` lines below it",
    "model_attributes_type": lambda _: "is not a block of keys; write `key: value` lines below it",
    "too_short": lambda _: "is empty; it needs at least one entry",
    "string_too_short": lambda _: "is empty; fill it in",
    "path_type": lambda _: "is not a path; write one, in quotes where in doubt",
    "literal_error": lambda c: f"is none of {c['expected'].replace(chr(39), '')}; write one of them",
    "union_tag_invalid": lambda c: f"is none of {c['expected_tags'].replace(chr(39), '')}; write one of them",
    "union_tag_not_found": lambda _: "is missing; add type: email, webhook, apprise or file",
    "url_parsing": lambda _: "is not a web address; write it like https://example.org/",
    "url_type": lambda _: "is not a web address; write it like https://example.org/",
    "url_scheme": lambda _: "is not a web address; it must start with http:// or https://",
    "url_too_long": lambda _: "is not a web address; it is too long",
}
"""By pydantic's error type."""

MISPLACED = {
    "digest": 'belongs below when; write when: {digest: ["07:00", "17:00"]}',
    "subject": "is not set here; subjects are made from the article",
}
"""Unknown keys that have a home elsewhere."""


def problems_in(error: ValidationError, tree: Block, model: type[BaseModel], file: Path) -> Iterator[Problem]:
    for details in error.errors(include_url=False, include_input=False):
        if (problem := _Finding(details, tree, model).problem(file)) is not None:
            yield problem


class _Finding:
    """One of pydantic's errors, followed through the file and the models to the place where the mistake was typed."""

    def __init__(self, details: ErrorDetails, tree: Block, model: type[BaseModel]) -> None:
        self.kind, self.context, self.key = details["type"], details.get("ctx", {}), ""
        self.node: Node = tree
        self.parent: Node = tree
        self.absent: str | None = None
        self.line = tree.line
        self.known_keys: list[str] = []
        expected: Any = model
        for part in details["loc"]:
            expected = self._enter(part, expected)

    def _enter(self, part: str | int, expected: Any) -> Any:
        """Follow `part`; gives what the models expect there. Tags of unions and marks of pydantic stand in no file."""
        members = _members(expected)
        if len(members) > 1 and isinstance(part, str):
            return next((m for m in members if part in _tags(m)), None)
        if part == "[key]" or self.absent is not None:
            return None
        only = members[0] if members else None
        below = _below(only, part)
        self.known_keys = _keys(only)
        node = self._child(part)
        if node is None:
            self.absent = str(part)
            return below
        self.parent, self.node, self.line = self.node, node, node.line
        return below

    def _child(self, part: str | int) -> Node | None:
        match self.node, part:
            case Block() as block, str() if part in block.entries:
                node = block.entries[part]
                self.key = join(self.key, (isinstance(node, Leaf) and node.written_as) or part)
                return node
            case Items() as items, int() if part < len(items.items):
                self.key = join(self.key, items.numbers[part])
                return items.items[part]
            case _:
                return None

    def problem(self, file: Path) -> Problem | None:
        """None when the finding only echoes something that could not be read."""
        if self._is_echo():
            return None
        key = self.key
        if self.absent is not None and self.kind == "missing":
            key = join(key, self.absent)
        elif self.kind.startswith("union_tag"):
            key = join(key, "type")
            self.node = self.node.entries.get("type", self.node) if isinstance(self.node, Block) else self.node
            self.line = self.node.line
        elif self.kind == "extra_forbidden":
            key = key.split(":", 1)[0] if ":" in key else key
        return Problem(file=file, line=self.line, key=key, text=self._text())

    def _is_echo(self) -> bool:
        """Whether this only follows from something that could not be read, or from a finding inside it."""
        owner = self.node if self.absent is not None else self.parent
        lost = owner.lost if isinstance(owner, Block) else frozenset()
        if self.absent is not None and self.absent in lost:
            return True
        if isinstance(self.context.get("error"), Contradiction):
            return bool(lost) or (isinstance(owner, Block) and any(isinstance(n, Items) and n.is_partial for n in owner.entries.values()))
        match self.node:
            case Block() as block:
                return (self.kind == "too_short" and bool(block.lost)) or (self.kind == "union_tag_not_found" and "type" in block.lost)
            case Items() as items:
                return self.kind == "too_short" and (items.is_partial or bool(items.items))
            case _:
                return False

    def _text(self) -> str:
        if self.kind == "extra_forbidden":
            return self._unknown_key()
        if self.kind != "missing" and self.absent is None and isinstance(self.node, Leaf) and not self.node.text:
            return "is empty; give it a value or remove the key"
        if isinstance(refusal := self.context.get("error"), Refusal):
            is_shown = isinstance(self.node, Leaf) and self.node.origin is None and not is_secret(self.key)
            return str(refusal) if is_shown else refusal.advice
        if self.kind in WORDS:
            return WORDS[self.kind](self.context)
        return "does not fit; compare it with docs/configuration.md"

    def _unknown_key(self) -> str:
        name = self.key.rpartition(".")[2]
        if ":" in name:  # `password:hunter2` is a key to YAML: the rest may be secret
            return "is not a known key; put a space after the colon"
        if name in MISPLACED:
            return MISPLACED[name]
        return f"is not a known key; {did_you_mean(name, self.known_keys) or f'known here: {one_of(self.known_keys)}'}"


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


def _keys(expected: Any) -> list[str]:
    if not _is_model(expected):
        return []
    return [field.alias or name for name, field in expected.model_fields.items()]


def _below(expected: Any, part: str | int) -> Any:
    if _is_model(expected):
        return next((field.annotation for name, field in expected.model_fields.items() if part in (name, field.alias)), None)
    arguments = get_args(expected)
    return arguments[1 if get_origin(expected) is dict else 0] if arguments else None
