"""What a watch can ask of an article: the leaves of its expression."""

from dataclasses import dataclass
from typing import TypeAlias

from crawler.text.tokens import phrase_tokens

CONTENT = ("title", "lead", "text", "captions")
"""Where a term without a field looks."""
META = ("author", "section", "tag")
"""Where a term looks only when it says so."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Whole syllables in a row. `shown` is what the reader typed; `field` None: anywhere in CONTENT."""

    shown: str
    any_marks: bool = False
    field: str | None = None
    abbreviations: bool = True

    @property
    def spellings(self) -> set[tuple[str, ...]]:
        """As normal forms: with the parting marks the reader typed, and without."""
        forms = tuple(phrase_tokens(self.shown))
        return {forms, tuple(form for form in forms if form[0].isalnum())}


Term: TypeAlias = Phrase


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"


Expression: TypeAlias = And | Or | Not | Term
