"""Which of the known content systems betray themselves in these pages? Pure."""

import re
from collections.abc import Sequence

from config.family import Family, families


def by_marks(pages: Sequence[str]) -> list[tuple[Family, int]]:
    """The families whose layout is known, those whose marks stand in the pages first, with the number of marks seen."""
    seen = [(family, _n_marks(family, pages)) for family in families().values() if family.rules]
    return sorted(seen, key=lambda each: each[1], reverse=True)


def _n_marks(family: Family, pages: Sequence[str]) -> int:
    return sum(any(re.search(mark, page) for page in pages) for mark in family.marks)
