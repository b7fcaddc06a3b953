"""What a page says of each field and who says it: the first claim made wins, the next best is kept for whoever compares."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from crawler.parse.markup import plain
from storage.records import Origin

T = TypeVar("T")


class Claims:
    """Claims must be made in order of trust: rule, json-ld, og, meta, generic, feed. Empty values are no claims."""

    def __init__(self) -> None:
        self._made: dict[str, list[tuple[Origin, Any]]] = {}
        self._taken: dict[str, Origin] = {}
        self._left: dict[str, tuple[Origin, str]] = {}

    def make(self, field: str, origin: Origin, value: Any) -> None:
        if value:
            self._made.setdefault(field, []).append((origin, value))

    def retract(self, field: str) -> None:
        """Forget the claims made so far."""
        self._made.pop(field, None)

    def extend(self, others: "Claims") -> None:
        """Append the claims of `others`, which are trusted less."""
        for field, made in others._made.items():  # noqa: SLF001  its own kind
            self._made.setdefault(field, []).extend(made)

    def of(self, field: str) -> list[tuple[Origin, Any]]:
        return self._made.get(field, [])

    def take(self, field: str, read: Callable[[Any], T | None]) -> T | None:
        """The first claim that `read` can make something of; where it came from and the runner-up are noted."""
        taken: T | None = None
        for origin, raw in self.of(field):
            value = read(raw)
            if not value:
                continue
            if taken is None:
                taken = value
                self._taken[field] = origin
            elif value != taken:
                self.leave(field, origin, raw)
                break
        return taken

    def note(self, field: str, origin: Origin) -> None:
        """That `field` was taken from `origin` by other means than `take`."""
        self._taken[field] = origin

    def drop(self, field: str) -> None:
        """That what was taken for `field` is not it after all: it becomes the runner-up."""
        if (origin := self._taken.pop(field, None)) is not None:
            self.leave(field, origin, next(raw for one, raw in self.of(field) if one == origin))

    def move(self, field: str, parts: Mapping[str, object]) -> None:
        """That what was taken for `field` was said of each of `parts` that is not empty."""
        if (origin := self._taken.pop(field, None)) is not None:
            self._taken.update({part: origin for part, value in parts.items() if value})

    def leave(self, field: str, origin: Origin, value: Any) -> None:
        self._left.setdefault(field, (origin, plain(str(value)) or ""))

    @property
    def provenance(self) -> Mapping[str, Origin]:
        return self._taken

    @property
    def runners_up(self) -> Mapping[str, tuple[Origin, str]]:
        return self._left
