"""The index words of articles: FTS5 on SQLite, tsvectors on PostgreSQL, both made of the crawler's own words, each asked its own way.

On SQLite a row of words is never changed: without their text, which would cost twice the room, FTS5 cannot forget one row. An
article that is indexed anew gets another row, and what no article points to is never found.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, assert_never

from sqlalchemy import ColumnElement, Select, and_, cast, column, exists, literal, or_, select, table, text, update
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from storage.dialects import upsert
from storage.records import AllOf, AnyOf, ArticleIndex, Sought, Word
from storage.tables import article_index, articles

WORDS: Final = table("article_words", column("id"), column("normalised"), column("folded"), column("expanded"))

_ADD_ON_SQLITE = text("INSERT INTO article_words (rowid, normalised, folded, expanded) VALUES (:id, :normalised, :folded, :expanded)")
_LAST_ON_SQLITE = text("SELECT max(id) FROM article_words_docsize")
_WAITING = "words that wait for the end of the transaction"
_ADD_ON_POSTGRES = text("""
    INSERT INTO article_words (id, normalised, folded, expanded)
    SELECT :id, array_to_tsvector(:normalised), array_to_tsvector(:folded), array_to_tsvector(:expanded)
    ON CONFLICT (id) DO UPDATE SET normalised = excluded.normalised, folded = excluded.folded, expanded = excluded.expanded
""")
_FORGET_WORDS = text("INSERT INTO article_words (article_words) VALUES ('delete-all')")
_N_REVISIONS = select(articles.c.n_revisions).where(articles.c.id == article_index.c.article_id).scalar_subquery()


def put_in_index(session: Session, article_id: int, *, portal: str, fresh_at: datetime, index: ArticleIndex | None) -> None:
    """Write down where an article stands in the index, with its words; without an index it waits for the next re-indexing."""
    words_id = None if index is None else _add(session, article_id, index)
    row = {"article_id": article_id, "portal": portal, "fresh_at": fresh_at, "version": index and index.version, "words_id": words_id}
    changing = ("fresh_at", "version", "words_id")
    session.execute(upsert(session, article_index, key=("article_id",), changing=changing), [row])


def index_anew(session: Session, made: Sequence[tuple[int, int, ArticleIndex]]) -> int:
    """Put indexes in the place of older ones; each is given with its article's id and the number of revisions it was made of.

    One that was revised or indexed by somebody else meanwhile is left alone. Returns how many were taken.
    """
    n_taken = 0
    for article_id, n_revisions, index in made:
        waits = (article_index.c.article_id == article_id, is_older(index.version), _N_REVISIONS.is_not_distinct_from(n_revisions))
        if session.scalar(select(article_index.c.article_id).where(*waits).with_for_update(of=article_index)) is not None:
            values = {"version": index.version, "words_id": _add(session, article_id, index)}
            session.execute(update(article_index).where(article_index.c.article_id == article_id).values(**values))
            n_taken += 1
    return n_taken


def forget_older_words(session: Session, version: str) -> bool:
    """Make room for a new version: on SQLite drop all words, if any are older. Until they are there again every article is a candidate."""
    if session.get_bind().dialect.name == "postgresql":  # there each article's words take the place of its older ones
        return False
    if not session.scalar(select(exists().where(article_index.c.version < version))):
        return False
    session.execute(update(article_index).values(version=None, words_id=None))
    session.execute(_FORGET_WORDS)
    session.info.pop(_WAITING, None)
    return True


def is_older(version: str) -> ColumnElement[bool]:
    """Rows of `article_index` that have no words yet, or words of older rules."""
    return or_(article_index.c.version.is_(None), article_index.c.version < version)


def is_other(version: str) -> ColumnElement[bool]:
    """Rows of `article_index` whose words were made by other rules, or not at all. Said so that an index answers it."""
    return or_(is_older(version), article_index.c.version > version)


def rows_with(session: Session, sought: Sought) -> Select[Any]:
    """The rows of words that hold what is sought."""
    if session.get_bind().dialect.name == "postgresql":
        return select(WORDS.c.id).where(_holds(sought))
    asked = text("SELECT rowid FROM article_words WHERE article_words MATCH :sought").bindparams(sought=_fts5(sought))
    return select(asked.columns(column("rowid")).subquery())


# --- writing


def _add(session: Session, article_id: int, index: ArticleIndex) -> int:
    """Write the words, on SQLite at the end of the transaction, and return the id of their row."""
    words = {"normalised": index.normalised, "folded": index.folded, "expanded": index.expanded}
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ADD_ON_POSTGRES, {name: said.split() for name, said in words.items()} | {"id": article_id})
        return article_id
    waiting: list[dict[str, Any]] = session.info.setdefault(_WAITING, [])
    words_id: int = 1 + (waiting[-1]["id"] if waiting else session.scalar(_LAST_ON_SQLITE) or 0)
    waiting.append(words | {"id": words_id})
    return words_id


def add_waiting_words(session: Session) -> None:
    """Write the words that wait; each transaction ends with it.

    FTS5 gathers the words of a transaction in memory, and writes them down before any statement that SQLite may have to undo alone,
    as nearly all of ours. Last and together, the words of 32 articles cost a fifth (0.16 instead of 0.77 ms each).
    """
    if waiting := session.info.pop(_WAITING, None):
        session.execute(_ADD_ON_SQLITE, waiting)


# --- asking


def _fts5(sought: Sought) -> str:
    match sought:
        case Word(word, in_column, is_beginning):
            return f'{in_column} : "{word}"{" *" if is_beginning else ""}'
        case AllOf(parts):
            return f"({' AND '.join(map(_fts5, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(_fts5, parts))})"
        case _:
            assert_never(sought)


def _holds(sought: Sought) -> ColumnElement[bool]:
    match sought:
        case Word(word, in_column, is_beginning):
            query = cast(literal(f"'{word}'{':*' if is_beginning else ''}"), TSQUERY)
            return WORDS.c[in_column].op("@@", is_comparison=True)(query)
        case AllOf(parts):
            return and_(*map(_holds, parts))
        case AnyOf(parts):
            return or_(*map(_holds, parts))
        case _:
            assert_never(sought)
