"""What a watch can ask of an article: the leaves of its expression, and how they are joined."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

CONTENT = ("title", "lead", "text", "captions")
"""Where a term without a field looks."""
META = ("author", "section", "tag")
"""Where a term looks only when it names the field."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Whole syllables in a row. `shown` is what the reader typed; `field` None: anywhere in CONTENT."""

    shown: str
    any_marks: bool = False
    field: str | None = None
    abbreviations: bool = True


@dataclass(frozen=True, slots=True)
class Near:
    """The syllables of `shown` in order, with at most `n_between` others within."""

    shown: str
    n_between: int
    any_marks: bool = False
    field: str | None = None
    abbreviations: bool = True


@dataclass(frozen=True, slots=True)
class Prefix:
    """As Phrase, but the last syllable may go on: doanh ngh*. `shown` is without the star."""

    shown: str
    any_marks: bool = False
    field: str | None = None
    abbreviations: bool = True


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression (google-re2, letter case put aside), tried on each field as its reader sees it (`crawler.text.printed`)."""

    regex: str
    field: str | None = None

    @property
    def shown(self) -> str:
        return f"/{self.regex}/"


@dataclass(frozen=True, slots=True)
class Published:
    """The day of publication in Vietnam lies between, both ends included. None: open."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Origin:
    """The article's portal (its id) or province (any name it goes by)."""

    field: Literal["portal", "province"]
    name: str


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"


@dataclass(frozen=True, slots=True)
class Maybe:
    """Need not hold, but is shown where it does: b in +a b."""

    part: "Expression"


Indexed: TypeAlias = Phrase | Near | Prefix
"""Terms that the automaton finds."""
Textual: TypeAlias = Indexed | Pattern
"""Terms that stand somewhere in the text."""
Leaf: TypeAlias = Textual | Published | Origin
Expression: TypeAlias = And | Or | Not | Maybe | Leaf
