"""Pydantic's findings in the operator's words: one problem for each mistake, at the line of its key, without the value."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from config.base import Contradiction, Refusal
from config.place import Place, follow
from config.problem import Problem
from config.secrets import is_secret
from config.suggest import did_you_mean, nearest, one_of
from config.tree import Block, Items, Leaf, join

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
    "union_tag_not_found": lambda _: "is missing; add type: email, webhook, apprise or file",
    "url_parsing": lambda _: "is not a web address; write it like https://example.org/",
    "url_type": lambda _: "is not a web address; write it like https://example.org/",
    "url_scheme": lambda _: "is not a web address; it must start with http:// or https://",
    "url_too_long": lambda _: "is not a web address; it is too long",
    "other": lambda _: "does not fit; compare it with docs/configuration.md",
}
"""By pydantic's error type."""

MISPLACED = {
    "digest": 'belongs below when; write when: {digest: ["07:00", "17:00"]}',
    "subject": "is not set here; subjects are made from the article",
}
"""Unknown keys that have a home elsewhere."""


def problems_in(error: ValidationError, tree: Block, model: type[BaseModel], file: Path) -> Iterator[Problem]:
    findings = [
        _Finding(kind=details["type"], context=details.get("ctx", {}), place=follow(details["loc"], tree, model))
        for details in error.errors(include_url=False, include_input=False)
    ]
    misspelled = {guess for finding in findings if (guess := finding.guess()) is not None}
    for finding in findings:
        if not (finding.is_echo() or finding.follows_from(misspelled)):
            yield finding.problem(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One of pydantic's errors, at the place where the mistake was typed."""

    kind: str
    context: Context
    place: Place

    @property
    def refusal(self) -> Refusal | None:
        error = self.context.get("error")
        return error if isinstance(error, Refusal) else None

    def guess(self) -> tuple[str, str] | None:
        """Of an unknown key: the block it stands in, and the key that was probably meant."""
        if self.kind != "extra_forbidden":
            return None
        meant = nearest(self.place.name, self.place.known_keys)
        return None if meant is None else (self.place.owner_key, meant.removesuffix("_file"))

    def follows_from(self, misspelled: set[tuple[str, str]]) -> bool:
        """Whether a key is missing only because it is misspelled."""
        if isinstance(self.refusal, Contradiction):
            return any(block == self.place.owner_key for block, _ in misspelled)
        return self.kind == "missing" and (self.place.owner_key, self.place.absent) in misspelled

    def is_echo(self) -> bool:
        """Whether this only follows from something that could not be read, or from a finding inside it."""
        owner, node = self.place.owner, self.place.node
        if isinstance(owner, Block) and self.place.absent in owner.lost:
            return True
        if isinstance(self.refusal, Contradiction) and isinstance(owner, Block):
            return bool(owner.lost) or any(isinstance(other, Items) and other.is_partial for other in owner.entries.values())
        match node:
            case Block():
                return (self.kind == "too_short" and bool(node.lost)) or (self.kind == "union_tag_not_found" and "type" in node.lost)
            case Items():
                return self.kind == "too_short" and (node.is_partial or bool(node.items))
            case _:
                return False

    def problem(self, file: Path) -> Problem:
        key, node = self.place.key, self.place.node
        if self.kind == "missing" and self.place.absent is not None:
            key = join(key, self.place.absent)
        elif self.kind.startswith("union_tag"):
            key = join(key, "type")
            node = node.entries.get("type", node) if isinstance(node, Block) else node
        elif self.kind == "extra_forbidden":
            key = join(self.place.owner_key, self.place.name.partition(":")[0])
        return Problem(file=file, line=node.line, key=key, text=self._text())

    def _text(self) -> str:
        node = self.place.node
        is_typed = self.kind != "missing" and self.place.absent is None
        if self.kind == "extra_forbidden":
            return self._unknown_key()
        if is_typed and isinstance(node, Leaf) and not node.text:
            return "is empty; give it a value or remove the key"
        if self.refusal is not None:
            is_shown = isinstance(node, Leaf) and node.origin is None and not is_secret(self.place.key)
            return str(self.refusal) if is_shown else self.refusal.advice
        if (choices := self.context.get("expected", self.context.get("expected_tags"))) is not None:
            return self._none_of(re.findall("'([^']*)'", choices))
        return WORDS.get(self.kind, WORDS["other"])(self.context)

    def _unknown_key(self) -> str:
        name, known = self.place.name, self.place.known_keys
        if ":" in name:  # `password:hunter2` is a key to YAML: the rest may be secret
            return "is not a known key; put a space after the colon"
        return MISPLACED.get(name) or f"is not a known key; {did_you_mean(name, known) or f'known here: {one_of(known)}'}"

    def _none_of(self, choices: list[str]) -> str:
        node = self.place.node
        chosen = node.entries.get("type") if isinstance(node, Block) else node
        guess = did_you_mean(chosen.text or "", choices) if isinstance(chosen, Leaf) else None
        return f"is none of {', '.join(choices)}; {guess or 'write one of them'}"
