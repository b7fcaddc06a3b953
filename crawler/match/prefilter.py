"""A cheap question to a full-text index that no match escapes; the matcher then judges what it finds.

An article is indexed as three strings of words (`Indexer.columns`); a watch or a query becomes a question about words in a row in
them (`Indexer.candidates`). Punctuation, fields, distances and days are left to the matcher, so the question may let too much through, never too little.
"""

from dataclasses import dataclass
from typing import TypeAlias

from config.glossary import Glossary
from crawler.match.document import content, meta
from crawler.match.readings import Readings, Writer
from crawler.match.spelling import Speller, Spelling
from crawler.match.symbols import BORDER
from crawler.match.terms import And, Expression, Near, Or, Phrase, Prefix
from crawler.match.words import Words, prefix_beginnings
from crawler.text.tokens import folded
from storage.records import Article

VERSION = 3
"""Raised when normal forms, definitions or columns change: what was indexed with another one is indexed anew."""
N_IN_A_ROW = 20
"""Longer phrases are asked for word by word: short forms are written out with only so many words around them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Words parted by spaces. `normal`: as printed; `expanded`: around short forms, these written out; `folded`: both without marks."""

    normal: str
    expanded: str
    folded: str


@dataclass(frozen=True, slots=True)
class Row:
    """These words stand in a row in this column; the last one may go on, if `is_open`."""

    column: str
    words: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Candidates", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Candidates", ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """The index cannot narrow this down."""


Candidates: TypeAlias = Row | AllOf | AnyOf | Everything


class Indexer:
    """Knows the glossary. `version` stands for all that a stored column depends on."""

    def __init__(self, glossary: Glossary) -> None:
        self.version = f"{VERSION}.{glossary.version}"
        self._writer = Writer(glossary, Words(), folds=True, n_longest=N_IN_A_ROW)
        self._speller = Speller(glossary)

    def columns(self, article: Article) -> Columns:
        """What an index holds of `article`: its content, author, section and tags."""
        printed: list[str] = []
        written: list[str] = []
        bare: list[str] = []
        for document in (content(article), meta(article)):
            for reading in Readings(document, self._writer).readings:
                (written if reading.is_written_out else printed).append("".join(reading.exact))
                bare.append("".join(reading.any_marks))
        return Columns(normal=_joined(printed), expanded=_joined(written), folded=_joined(bare))

    def candidates(self, expression: Expression) -> Candidates:
        """A question that is true of every article of which `expression` is."""
        match expression:
            case And(parts):
                narrow = tuple(each for each in map(self.candidates, parts) if each != Everything())
                return AllOf(narrow) if narrow else Everything()
            case Or(parts):
                each = tuple(map(self.candidates, parts))
                return Everything() if Everything() in each else AnyOf(each)
            case Phrase() | Near() | Prefix():
                return AnyOf(tuple(row for spelling in self._speller.spellings(expression) for row in _rows(spelling)))
            case _:
                return Everything()


def _rows(spelling: Spelling) -> list[Candidates]:
    """Where the words of a spelling may stand."""
    if isinstance(spelling.term, Prefix):
        before = tuple(map(folded, spelling.words[:-1]))
        return [Row("folded", (*before, beginning), is_open=True) for beginning in sorted(prefix_beginnings(spelling.prefix))]
    words, names = spelling.words, ("normal", "expanded") if spelling.term.abbreviations else ("normal",)
    if spelling.any_marks:
        words, names = tuple(map(folded, words)), ("folded",)
    if isinstance(spelling.term, Near) or len(words) > N_IN_A_ROW:
        return [AllOf(tuple(AnyOf(tuple(Row(name, (word,)) for name in names)) for word in dict.fromkeys(words)))]
    return [Row(name, words) for name in names]


def _joined(readings: list[str]) -> str:
    return " ".join(" ".join(readings).replace(BORDER, " ").split())
