"""One run through the files: what was read, and every problem met on the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from config import checks
from config.base import Model
from config.document import Document, read_document, validated
from config.files import Unreadable
from config.problem import Problem
from config.settings import Settings
from config.shipped import SHIPPED_NATIONAL, SHIPPED_PORTALS
from config.tree import Leaf, below, join, leaves, text_below

BUILTIN: Mapping[str, Path] = {"builtin": SHIPPED_PORTALS, "builtin-national": SHIPPED_NATIONAL}
"""What `portals` may name beside folders."""
OWN_PORTALS = "my-portals"
"""Where `canhbao init` puts own portal files: looked at when a broken main file does not say."""
M = TypeVar("M", bound=Model)


@dataclass(slots=True, kw_only=True)
class Loading:
    """`path` is the main file, absolute."""

    path: Path
    environ: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    files_read: list[Path] = field(default_factory=list)

    def document(self, file: Path, *, named_at: Problem | None = None) -> Document:
        """A file that is not there is a problem of the place that names it (`named_at`, its text is not used), else its own."""
        try:
            document = read_document(file, self.environ)
        except Unreadable as unreadable:
            at = named_at if named_at is not None and unreadable.line is None else Problem(file=file, line=unreadable.line or 1, text="")
            what = "" if at.file == file else "the file "
            self.problems.append(Problem(file=at.file, line=at.line, key=at.key, text=f"{what}{unreadable.why}"))
            return Document(file=file, tree=None)
        self.problems += document.problems
        self.files_read += document.files_read
        return document

    def checked(self, document: Document, model: type[M]) -> M | None:
        value, problems = validated(document, model)
        self.problems += problems
        return value

    def watches(self, main: Document) -> Document:
        """With a broken main file, the watches beside it, if any."""
        name = below(main.tree, "watches")
        is_typed = isinstance(name, Leaf) and bool(name.text)
        file = self.path.parent / (text_below(main.tree, "watches") or Settings.model_fields["watches"].default)
        if not is_typed and (name is not None or not main.holds("watches")) and not file.is_file():
            return Document(file=file, tree=None)
        return self.document(file, named_at=Problem(file=main.file, line=name.line if name is not None else 1, key="watches", text=""))

    def portal_folders(self, main: Document) -> list[list[Document]]:
        """The portal files of each folder in turn."""
        return [[self.document(file) for file in _portal_files(folder)] for folder in self._folders(main)]

    def _folders(self, main: Document) -> Iterator[Path]:
        if not main.holds("portals"):  # what it says cannot be read, and the shipped ones hold no mistake of the operator's
            own = self.path.parent / OWN_PORTALS
            yield from [own] if own.is_dir() else []
        elif below(main.tree, "portals") is None:
            yield SHIPPED_PORTALS
        for n, leaf in leaves(below(main.tree, "portals")):
            name = (leaf.text or "").strip()
            folder = BUILTIN.get(name, self.path.parent / name)
            if name in BUILTIN or folder.is_dir():
                yield folder
            else:
                text = "is no folder; create it, or correct the path (builtin is the shipped catalogue, builtin-national that of national papers)"
                self.problems.append(main.problem(leaf.line, join("portals", n), text))

    def cross_check(
        self, main: Document, watches: Document, folders: Sequence[Sequence[Document]], in_force: Mapping[str, Document]
    ) -> None:
        portals = list(in_force.values())
        self.problems += checks.unknown_channels(main, watches)
        self.problems += checks.shared_watch_ids(watches)
        if main.holds("portals") and not any(problem.key.startswith("portals[") for problem in self.problems if problem.file == main.file):
            unread = [document.file.stem for folder in folders for document in folder if not document.holds("id")]
            self.problems += checks.unknown_portals(watches, {*in_force, *unread})
        for folder in folders:
            self.problems += checks.shared_portal_ids(folder)
        self.problems += checks.shared_sources(portals)
        self.problems += checks.impossible_intervals(main, portals)
        self.problems += checks.unusable_certificates(portals)

    def check_queries(self, watches: Document, check_query: Callable[[str], Sequence[str]]) -> None:
        self.problems += checks.unreadable_queries(watches, check_query)


def _portal_files(folder: Path) -> list[Path]:
    return sorted(file for pattern in ("*.yaml", "*.yml") for file in folder.glob(pattern) if not file.name.startswith("."))
