"""`${NAME}`, `${NAME:-default}` and `*_file`: values that stand elsewhere. What comes from elsewhere may be secret and is never shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.files import Unreadable, read_text
from config.problem import Problem
from config.tree import Block, Items, Leaf, Node, join

MAX_SECRET_BYTES = 65_536
REFERENCE = re.compile(r"\$(\$?)\{([^}]*)\}")
NAME = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<fallback>:-(?P<default>.*))?", re.DOTALL)
SECRET_KEYS = (
    re.compile(r"database"),
    re.compile(r"(http\.)?proxy"),
    re.compile(r"channels\.[^.]+\.(url|secret)"),
    re.compile(r"channels\.[^.]+\.smtp\.password"),
)
"""Their values are never shown, and each may be given as `<key>_file: path` instead."""


def is_secret(key: str) -> bool:
    """`key` is the dotted path from the top of its file: the main one, or a portal's."""
    return any(pattern.fullmatch(key) for pattern in SECRET_KEYS)


@dataclass(slots=True, kw_only=True)
class Resolving:
    """One file's values being put in place. A value that cannot be found leaves its key `lost`, so that it is complained about once."""

    file: Path
    environ: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    files_read: list[Path] = field(default_factory=list)

    def block(self, block: Block, key: str = "") -> Block:
        entries: dict[str, Node] = {}
        lost = set(block.lost)
        for name, value in block.entries.items():
            stem = name.removesuffix("_file")
            resolved = self._value(value, join(key, name))
            if resolved is not None and stem != name and is_secret(join(key, stem)):
                if stem in block.entries:
                    self._report(value.line, join(key, name), f"stands beside {stem}; keep one of them")
                    continue
                name, resolved = stem, self._secret_file(resolved, join(key, name), written_as=name)  # noqa: PLW2901 - the file's content takes the key's place
            if resolved is None:
                lost |= {name, stem}
            else:
                entries[name] = resolved
        return replace(block, entries=entries, lost=frozenset(lost))

    def _value(self, node: Node, key: str) -> Node | None:
        match node:
            case Block():
                return self.block(node, key)
            case Items():
                return self._items(node, key)
            case Leaf(text=str(text)) if "${" in text:
                return self._leaf(node, text, key)
            case _:
                return node

    def _items(self, node: Items, key: str) -> Items:
        resolved = [(n, self._value(item, join(key, n))) for n, item in zip(node.numbers, node.items, strict=True)]
        kept = {n: item for n, item in resolved if item is not None}
        is_partial = node.is_partial or len(kept) < len(resolved)
        return replace(node, items=tuple(kept.values()), numbers=tuple(kept), is_partial=is_partial)

    def _leaf(self, leaf: Leaf, text: str, key: str) -> Leaf | None:
        parts: list[str] = []
        end = 0
        is_foreign = False
        for reference in REFERENCE.finditer(text):
            parts.append(text[end : reference.start()])
            end = reference.end()
            if reference[1]:
                parts.append(reference[0][1:])
                continue
            value = self._variable(reference[2], leaf.line, key)
            if value is None:
                return None
            parts.append(value)
            is_foreign = True
        filled = "".join([*parts, text[end:]])
        return replace(leaf, text=filled, origin="${…}" if is_foreign else leaf.origin)

    def _variable(self, reference: str, line: int, key: str) -> str | None:
        match = NAME.fullmatch(reference)
        if match is None:
            self._report(line, key, "holds ${…} without a variable's name in it; write ${NAME} or ${NAME:-default}, and $${ for a plain ${")
            return None
        value = self.environ.get(match["name"])
        if match["fallback"] is not None:
            return value or match["default"]
        if value is None:
            self._report(line, key, f"the environment variable {match['name']} is not set; set it, or write ${{{match['name']}:-default}}")
        return value

    def _secret_file(self, node: Node, key: str, *, written_as: str) -> Leaf | None:
        if not isinstance(node, Leaf) or not node.text:
            self._report(node.line, key, "needs the path of a file")
            return None
        path = self.file.parent / node.text
        try:
            text = read_text(path, max_bytes=MAX_SECRET_BYTES).strip()
        except Unreadable as unreadable:  # its path is not shown: somebody may have written the secret itself
            self._report(node.line, key, f"the file {unreadable.why}")
            return None
        if not text:
            self._report(node.line, key, "the file is empty; write the secret into it")
            return None
        self.files_read.append(path)
        return Leaf(line=node.line, text=text, origin="file", written_as=written_as)

    def _report(self, line: int, key: str, text: str) -> None:
        self.problems.append(Problem(file=self.file, line=line, key=key, text=text))
