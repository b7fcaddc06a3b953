"""Full-text search: index words, and what an article must have to be looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from storage.records.articles import Article

IndexColumn: TypeAlias = Literal["normalised", "folded", "expanded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleIndex:
    """What full-text search knows of an article: index words as the crawler makes them, parted by spaces, each once a column.

    They are of Latin letters, digits and _ only, so that neither database cuts them or takes them for something else.
    `version` names the rules they were made by. Versions are compared as texts: a later one is greater.
    """

    version: str
    normalised: str
    folded: str
    """Without marks."""
    expanded: str
    """With short forms written out."""


@dataclass(frozen=True, slots=True)
class Word:
    """An index word that must stand in `column`. `is_beginning`: one that begins so."""

    text: str
    column: IndexColumn
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Sought", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Sought", ...]


Sought: TypeAlias = Word | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """What an article must at least have to be looked at: all of these. `words` None: any words.

    `version` are the rules that `words` were made by; what was indexed by others passes, since its words say nothing.
    """

    version: str
    words: Sought | None = None
    portals: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    """Of the publication, else the first sight; half-open."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article that passes a sieve. `fresh_at`: when it was published, else first seen."""

    article_id: int
    portal: str
    fresh_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as it reads now, without its aliases; `story` is the key of its story."""

    id: int
    article: Article
    story: str
    first_seen_at: datetime
    n_revisions: int
