"""YAML text to a `Block` that knows its lines, and to the problems found on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from config.problem import Problem
from config.syntax import SYNTAX_ERRORS, Section, sections, syntax_fault
from config.tree import Block, Items, Leaf, Node, join

MAX_REPEATED = 50_000  # values read again through aliases: one list of phrases shared by 1,000 watches; a nest of aliases makes billions
MAX_DEPTH = 50  # our deepest key stands at 5
MAX_SALVAGED_DOTS = 3  # a fault is narrowed down to e.g. channels.office-mail.smtp.host, no deeper
CORE_TAGS = tuple(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)
NULL_TAG = "tag:yaml.org,2002:null"


class _Refused(Exception):  # noqa: N818 - ends the recursion below, never leaves this module
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


def parse(text: str, file: Path) -> tuple[Block | None, list[Problem]]:
    """None when nothing of the file can be used. After a fault in the syntax, the sections that are sound are kept."""
    reading = _Reading(file=file)
    try:
        root = _compose(text)
        if root is None:
            reading.report(1, "", "is empty; `canhbao init DIR` writes an example")
            return None, reading.problems
        tree = reading.node(root, line=1, key="")
    except _Refused as refused:
        reading.report(refused.line, "", refused.text)
        return None, reading.problems
    except SYNTAX_ERRORS as error:
        lines = text.split("\n")
        salvaged = reading.salvage(lines, 0, len(lines), "")
        if not reading.problems:
            line, fault = syntax_fault(error, text)
            reading.report(line, "", fault)
        return salvaged if isinstance(salvaged, Block) else None, reading.problems
    if not isinstance(tree, Block):
        reading.report(1, "", "must hold keys with values, each on its line as `key: value`")
        return None, reading.problems
    return tree, reading.problems


def _compose(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False
    yaml.max_depth = MAX_DEPTH
    return yaml.compose(text)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One pass over one file: counts what aliases expand to, and collects the problems."""

    file: Path
    problems: list[Problem] = field(default_factory=list)
    n_repeated: int = 0
    seen: set[int] = field(default_factory=set)
    open_nodes: list[int] = field(default_factory=list)

    def report(self, line: int, key: str, text: str) -> None:
        self.problems.append(Problem(file=self.file, line=line, key=key, text=text))

    def node(self, node: Any, *, line: int, key: str) -> Node:
        """`line` is where its key stands. An alias is read again at every place it stands at."""
        self.n_repeated += id(node) in self.seen
        self.seen.add(id(node))
        if id(node) in self.open_nodes:
            raise _Refused(line, "an alias (*name) contains itself; write the value out")
        if self.n_repeated > MAX_REPEATED:
            raise _Refused(line, f"aliases (*name) repeat more than {MAX_REPEATED} values; write them out")
        if len(self.open_nodes) > MAX_DEPTH:
            raise _Refused(line, f"is nested deeper than {MAX_DEPTH} levels; check the indentation and the brackets")
        if node.tag not in CORE_TAGS:
            self.report(line, key, "starts with !, which YAML takes for a tag; put the value in quotes")
        self.open_nodes.append(id(node))
        try:
            return self._read(node, line=line, key=key)
        finally:
            self.open_nodes.pop()

    def _read(self, node: Any, *, line: int, key: str) -> Node:
        match node:
            case ScalarNode():
                return Leaf(line=line, text=None if node.tag == NULL_TAG else str(node.value))
            case SequenceNode():
                items = [self.node(item, line=_line(item), key=join(key, i)) for i, item in enumerate(node.value)]
                return Items(line=line, items=tuple(items), numbers=tuple(range(len(items))))
            case MappingNode():
                return self._block(node, line=line, key=key)
            case _:  # ruamel knows no fourth kind
                raise TypeError(type(node).__name__)

    def _block(self, node: MappingNode, *, line: int, key: str) -> Block:
        entries: dict[str, Node] = {}
        first_lines: dict[str, int] = {}
        for name_node, value in node.value:
            here = _line(name_node)
            if not isinstance(name_node, ScalarNode):
                self.report(here, key, "a key must be a plain word; check for a missing quote or a stray bracket")
                continue
            name = str(name_node.value)
            path = join(key, name)
            if name in entries:
                self.report(here, path, f"stands here twice (first in line {first_lines[name]}); keep one")
                continue
            first_lines[name] = here
            entries[name] = self.node(value, line=here, key=path)
        return Block(line=line, entries=entries)

    def salvage(self, lines: Sequence[str], start: int, end: int, key: str) -> Block | Items | None:
        """What can still be read of these lines: each section by itself, a faulty one in its own sections. None: nothing."""
        found = sections(lines, start, end)
        read = [(section, self._section(lines, section, join(key, section.name))) for section in found]
        if not found:
            return None
        if isinstance(found[0].name, int):
            kept = {section.name: node for section, node in read if node is not None and isinstance(section.name, int)}
            return Items(line=start, items=tuple(kept.values()), numbers=tuple(kept), is_partial=True)
        entries = {str(section.name): node for section, node in reversed(read) if node is not None}
        lost = frozenset(str(section.name) for section, node in read if node is None)
        return Block(line=max(start, 1), entries=entries, lost=lost)

    def _section(self, lines: Sequence[str], section: Section, key: str) -> Node | None:
        text = "\n" * section.start + "\n".join(lines[section.start : section.end])
        n_before = len(self.problems)
        self.seen.clear()  # nodes of the section before are gone, their ids are used again
        try:
            return self.node(_only_entry(_compose(text), section), line=section.start + 1, key=key)
        except _Refused as refused:
            self.report(refused.line, key, refused.text)
            return None
        except SYNTAX_ERRORS as error:
            is_divisible = section.has_body and key.count(".") < MAX_SALVAGED_DOTS
            inner = self.salvage(lines, section.start + 1, section.end, key) if is_divisible else None
            if len(self.problems) == n_before:
                line, fault = syntax_fault(error, text)
                self.report(line, key, fault)
            return inner


def _only_entry(root: Any, section: Section) -> Any:
    """The value of a section that was read by itself."""
    match root:
        case MappingNode(value=[(_, value)]):
            return value
        case SequenceNode(value=[item]):
            return item
        case _:
            raise _Refused(section.start + 1, "is no entry of its own; check the indentation and the quotes")


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
