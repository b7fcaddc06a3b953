"""The known content systems, as data: `families.yaml` beside this file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from config.portal import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One content system."""

    id: str
    marks: tuple[str, ...]
    """Regular expressions, any of which in an article's HTML speaks for this system."""
    skip: tuple[str, ...]
    rules: Rules

    def n_marks(self, pages: Sequence[str]) -> int:
        """How many of its marks stand in these pages."""
        return sum(any(re.search(mark, page) for page in pages) for mark in self.marks)


@cache
def known() -> tuple[Family, ...]:
    """Read once; the file comes with canhbao and is checked by its test."""
    said = YAML(typ="safe").load((Path(__file__).parent / "families.yaml").read_text(encoding="utf-8"))
    return tuple(
        Family(id=each["id"], marks=tuple(each["marks"]), skip=tuple(each["skip"]), rules=Rules.model_validate(each["rules"]))
        for each in said
    )


def by_marks(pages: Sequence[str]) -> list[tuple[Family, int]]:
    """All families, those whose marks stand in the pages first, with the number of marks seen."""
    seen = [(family, family.n_marks(pages)) for family in known()]
    return sorted(seen, key=lambda each: each[1], reverse=True)
