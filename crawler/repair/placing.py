"""New rules put into the text of a portal's file: every line that is there stays as it is, comments and `${…}` with it. Pure."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from config.article import Rules
from config.syntax import SYNTAX_ERRORS
from config.tree import plain
from config.yaml import parse
from crawler.repair.patch import flow_entry, rule_lines, single

_ENTRY = re.compile(r"( *)-(?: |$)")
_INDENT = "  "
_RELATIVE = ("extra_ca", "proxy_file")
"""Paths that a portal's file gives relative to itself."""


class CannotPlaceError(Exception):
    """The file is written in a way that rules cannot be put into without writing it anew."""


def placed(text: str, rules: Rules, remarks: Sequence[str]) -> str:
    """`text` with `rules` as the first under `article: rules:`, and `remarks` as comments above them where there is a line for them.

    Raises: CannotPlaceError, also where the outcome would say anything but `text` and the rules.
    """
    root = _root(text)
    wanted = _plain(text)
    article = wanted.get("article") or {}
    wanted["article"] = article | {
        "rules": [rules.model_dump(mode="json", exclude_none=True, exclude_defaults=True), *(article.get("rules") or [])]
    }
    outcome = _with_rules(text, root, rules, remarks)
    if _plain(outcome) != wanted:
        raise CannotPlaceError
    return outcome


def anchored(text: str, folder: Path) -> str:
    """`text`, to be put elsewhere than in `folder`: what it names relative to itself is still found. Raises: CannotPlaceError."""
    for name in _RELATIVE:
        _, value = _entry(_root(text), name)
        if isinstance(value, ScalarNode) and value.value and "${" not in value.value:
            text = text[: value.start_mark.index] + single(str((folder / value.value).resolve())) + text[value.end_mark.index :]
    return text


def _with_rules(text: str, root: MappingNode, rules: Rules, remarks: Sequence[str]) -> str:
    """Where there is a key `rules`, into its value; else the key is made, as the first of `article` or with it at the end."""
    key, article = _entry(root, "article")
    rules_key, value = _entry(article, "rules")
    block = [*(f"# {remark}" for remark in remarks), *rule_lines(rules)]
    if rules_key is not None:
        return _into_value(text, rules_key, value, rules, block)
    if isinstance(article, MappingNode) and article.flow_style:
        return _after_bracket(text, article, f"rules: [{flow_entry(rules)}]")
    under_key = ["rules:", *_deeper(block)]
    if key is None:
        return text + "\n" * (not text.endswith("\n")) + "\n".join(["article:", *_deeper(under_key)]) + "\n"
    column = article.value[0][0].start_mark.column if isinstance(article, MappingNode) else len(_INDENT)
    return _below(text, key, _deeper(under_key, " " * column))


def _into_value(text: str, key: Any, value: Any, rules: Rules, block: Sequence[str]) -> str:
    """Right below the key, above the comments that belong to the entries of before."""
    if not isinstance(value, SequenceNode):
        return _below(text, key, _deeper(block, " " * (key.start_mark.column + len(_INDENT))))
    if value.flow_style:
        return _after_bracket(text, value, flow_entry(rules))
    dash = next((match for line in text.split("\n")[key.start_mark.line + 1 :] if (match := _ENTRY.match(line))), None)
    return _below(text, key, _deeper(block, dash[1] if dash else ""))


def _after_bracket(text: str, node: Any, entry: str) -> str:
    at = node.start_mark.index + 1
    return text[:at] + entry + (", " if node.value else "") + text[at:]


def _below(text: str, key: Any, lines: Sequence[str]) -> str:
    before, at = text.split("\n"), key.start_mark.line + 1
    return "\n".join([*before[:at], *lines, *before[at:]])


def _deeper(lines: Sequence[str], indent: str = _INDENT) -> list[str]:
    return [indent + line for line in lines]


def _entry(node: Any, name: str) -> tuple[Any, Any]:
    """The nodes of a key and its value; None for both where there is no such key."""
    if not isinstance(node, MappingNode):
        return None, None
    return next(((key, value) for key, value in node.value if isinstance(key, ScalarNode) and key.value == name), (None, None))


def _root(text: str) -> MappingNode:
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except SYNTAX_ERRORS as error:
        raise CannotPlaceError from error
    if not isinstance(root, MappingNode):
        raise CannotPlaceError
    return root


def _plain(text: str) -> dict[str, Any]:
    tree, problems = parse(text, Path())
    if tree is None or problems:
        raise CannotPlaceError
    said: dict[str, Any] = plain(tree)
    return said
