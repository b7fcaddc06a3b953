"""One configuration file, read as far as it can be: its tree, its problems, the files its secrets came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from config.base import Model
from config.files import read_text
from config.problem import Problem
from config.secrets import Resolving
from config.tree import Block, plain
from config.wording import problems_in
from config.yaml import parse

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`tree` is None when nothing of the file could be used."""

    file: Path
    tree: Block | None
    problems: tuple[Problem, ...] = ()
    files_read: tuple[Path, ...] = ()

    def holds(self, key: str) -> bool:
        """Whether the value at this top key can be relied on: it was read, or the file rightly has none."""
        return self.tree is not None and key not in self.tree.lost

    def problem(self, line: int, key: str, text: str) -> Problem:
        return Problem(file=self.file, line=line, key=key, text=text)


def read_document(file: Path, environ: Mapping[str, str]) -> Document:
    """Raises: Unreadable."""
    tree, problems = parse(read_text(file), file)
    if tree is None:
        return Document(file=file, tree=None, problems=tuple(problems), files_read=(file,))
    resolving = Resolving(file=file, environ=environ, problems=problems)
    tree = resolving.block(tree)
    return Document(file=file, tree=tree, problems=tuple(resolving.problems), files_read=(file, *resolving.files_read))


def validated(document: Document, model: type[M]) -> tuple[M | None, list[Problem]]:
    """The document as `model`, or its problems; neither when there is nothing to validate."""
    if document.tree is None:
        return None, []
    try:
        return model.model_validate(plain(document.tree)), []
    except ValidationError as error:
        return None, list(problems_in(error, document.tree, model, document.file))
