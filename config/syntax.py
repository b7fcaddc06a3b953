"""What is wrong with a text that is no YAML, said for somebody who does not know YAML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError, YAMLError

SYNTAX_ERRORS = (YAMLError, RecursionError, ValueError, OverflowError)
"""What ruamel.yaml raises on arbitrary text: the first is meant, the others came from 500,000 random texts."""

# Parts of ruamel's own message or context, and ours. Theirs are never shown: they quote the text, which may be a secret.
WORDS: tuple[tuple[str, str], ...] = (
    ("found character '\\t'", "a tab; YAML wants spaces, replace it"),
    ("cannot start any token", "a value cannot start with this character; put the value in quotes"),
    ("maximum depth", "is nested too deeply; check the indentation and the brackets"),
    ("alias", "a value that starts with * or & must stand in quotes"),
    ("anchor", "a value that starts with * or & must stand in quotes"),
    ("scanning a quoted scalar", "a quotation mark is opened but not closed; close it"),
    ("parsing a flow sequence", "a list [ … ] is not closed or lacks a comma"),
    ("parsing a flow mapping", "a block { … } is not closed or lacks a comma; inside it ${…} must stand in quotes"),
    ("parsing a flow node", "a list [ … ] or a block { … } is opened but not closed"),
    ("mapping values are not allowed", "a colon too many, or wrong indentation; put a text that holds a colon in quotes"),
    ("another document", "a second document starts here; remove the line ---"),
    ("could not find expected ':'", "a line without its colon; write `key: value`"),
    ("tag", "a value that starts with ! must stand in quotes"),
    ("document start", "the indentation does not fit the lines above, or a quotation mark or a colon is misplaced"),
    ("parsing a block", "the indentation does not fit the lines above, or a quotation mark or a colon is misplaced"),
    ("block scalar", "the text after | or > is badly indented"),
)
SECTION = re.compile(r"""\ *(?:(?P<dash>-)\ |(?P<quote>["']?)(?P<key>[^\s#'"\[\]{}:-][^\s:]*)(?P=quote)\ *:(?P<rest>\s.*|)$)""", re.VERBOSE)
"""A line that opens an entry of a block list, or of a block of keys."""


@dataclass(frozen=True, slots=True)
class Section:
    """An entry and the lines it spans, counted from 0, `end` excluded. `has_body`: its value stands in the lines below its key."""

    name: str | int
    start: int
    end: int
    has_body: bool


def syntax_fault(error: BaseException, text: str) -> tuple[int, str]:
    """The line and the words."""
    if (tab := re.search(r"^ *\t\s*[^\s#]", text, re.MULTILINE)) is not None:
        return text.count("\n", 0, tab.start()) + 1, WORDS[0][1]
    if isinstance(error, RecursionError):
        return 1, "is nested too deeply; check the indentation and the brackets"
    if not isinstance(error, MarkedYAMLError):
        return 1, "is not YAML; compare it with the example in docs/configuration.md"
    message = f"{error.problem} {error.context}"
    words = next((ours for theirs, ours in WORDS if theirs in message), "is not YAML here; compare with docs/configuration.md")
    mark = error.context_mark if ("not closed" in words or "without" in words) and error.context_mark is not None else error.problem_mark
    return (mark.line + 1 if mark is not None else 1), words


def sections(lines: Sequence[str], start: int, end: int) -> list[Section]:
    """The entries that `lines[start:end]` hold, all at the indentation of the first."""
    opened = [(i, match) for i in range(start, end) if (match := SECTION.match(lines[i]))]
    if not opened:
        return []
    indent, is_list = _indent(lines[opened[0][0]]), opened[0][1]["dash"] is not None
    opened = [(i, match) for i, match in opened if _indent(lines[i]) == indent and (match["dash"] is not None) == is_list]
    ends = [*(i for i, _ in opened[1:]), end]
    return [
        Section(n if is_list else match["key"], i, stop, not is_list and not (match["rest"] or "").split("#")[0].strip())
        for n, ((i, match), stop) in enumerate(zip(opened, ends, strict=True))
    ]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
