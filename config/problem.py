"""One thing wrong with the configuration, and how it is shown: `file:line: key: what is wrong and what to do`."""

from dataclasses import dataclass
from pathlib import Path

WHOLE_FILE = "file"
"""The key of a problem that concerns no key."""
MAX_KEY = 100  # a key may be a whole page, when a quote is missing


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """`line` counts from 1. `text` never holds a value that may be secret."""

    file: Path
    line: int
    key: str = WHOLE_FILE
    text: str

    def __str__(self) -> str:
        key = " ".join(self.key.split())[:MAX_KEY] or WHOLE_FILE
        return f"{shown(self.file)}:{self.line}: {key}: {self.text}"


def shown(file: Path) -> str:
    """Relative to the current folder when below it, else as given."""
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def lines_of(problems: list[Problem]) -> list[str]:
    """The problems by file and line. One mistake is one line: of several at the same key, the first found stays."""
    first: dict[tuple[Path, int, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.file, problem.line, problem.key), problem)
    return [str(problem) for problem in sorted(first.values(), key=lambda p: (shown(p.file), p.line))]
