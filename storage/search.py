"""Looking for articles in what we remember: a sieve lets through all that may match, and more; the crawler's matcher judges."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_, union
from sqlalchemy.orm import Session

from storage.articles import article_of
from storage.records import Candidate, Sieve, StoredArticle
from storage.tables import article_index, articles, matches, stories
from storage.types import AnyRow
from storage.words import is_older, is_other, rows_with

MOST_KEYS = 500  # in one statement: databases have a limit to them


def candidates(session: Session, sieve: Sieve, *, after: Candidate | None = None, limit: int | None = None) -> list[Candidate]:
    """The articles that pass `sieve`, newest first: all, or the `limit` next ones `after` one that was given before."""
    found = _passing(session, sieve, after).order_by(article_index.c.fresh_at.desc(), article_index.c.article_id.desc())
    return [Candidate(row.article_id, row.portal, row.fresh_at) for row in session.execute(found.limit(limit))]


def count_candidates(session: Session, sieve: Sieve) -> int:
    return session.scalar(select(func.count()).select_from(_passing(session, sieve, None).subquery())) or 0


def matched_articles(session: Session, watch: str, *, since: datetime | None = None) -> list[Candidate]:
    """The articles that were matched by `watch` when they were recorded."""
    found = (
        select(article_index.c.article_id, article_index.c.portal, article_index.c.fresh_at)
        .join(matches, matches.c.article_id == article_index.c.article_id)
        .where(matches.c.watch == watch)
    )
    if since is not None:
        found = found.where(article_index.c.fresh_at >= since)
    return [Candidate(row.article_id, row.portal, row.fresh_at) for row in session.execute(found)]


def stored_articles(session: Session, ids: Sequence[int]) -> list[StoredArticle]:
    """The articles with these ids, in this order; those that are gone are left out."""
    rows = {row.id: row for row in session.execute(_STORED.where(articles.c.id.in_(ids)))}
    return [_stored(rows[article_id]) for article_id in ids if article_id in rows]


def portals_of_stories(session: Session, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The portals that carry each of these stories, first come first."""
    carried = (
        select(stories.c.key, articles.c.portal)
        .join(articles, articles.c.story_id == stories.c.id)
        .where(stories.c.key.in_(bindparam("keys", expanding=True)))
        .order_by(articles.c.id)
    )
    found: dict[str, dict[str, None]] = {}
    for batch in _batches(sorted(keys)):
        for row in session.execute(carried, {"keys": batch}):
            found.setdefault(row.key, {})[row.portal] = None
    return {key: tuple(portals) for key, portals in found.items()}


def waiting_for_index(session: Session, version: str, *, limit: int, before: int | None = None) -> list[StoredArticle]:
    """Articles whose index words are older than `version`, or not there: up to `limit`, latest recorded first, from `before` that id on."""
    waiting = select(article_index.c.article_id).where(is_older(version)).order_by(article_index.c.article_id.desc()).limit(limit)
    if before is not None:
        waiting = waiting.where(article_index.c.article_id < before)
    return stored_articles(session, session.scalars(waiting).all())


def count_waiting_for_index(session: Session, version: str) -> int:
    return session.scalar(select(func.count()).select_from(article_index).where(is_older(version))) or 0


def n_searchable(session: Session) -> int:
    """How many articles there are to search."""
    return session.scalar(select(func.count()).select_from(article_index)) or 0


def section_names(session: Session) -> list[str]:
    """The sections that stored articles are in, as their portals name them."""
    return list(session.scalars(select(articles.c.section).where(articles.c.section.is_not(None)).distinct()))


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + MOST_KEYS] for start in range(0, len(keys), MOST_KEYS))


def _passing(session: Session, sieve: Sieve, after: Candidate | None) -> Select[Any]:
    placed = select(article_index.c.article_id, article_index.c.portal, article_index.c.fresh_at).where(*_bounds(sieve, after))
    if sieve.words is None:
        return placed
    ids = union(
        select(article_index.c.article_id).where(article_index.c.words_id.in_(rows_with(session, sieve.words))),
        select(article_index.c.article_id).where(is_other(sieve.version)),
    )
    return placed.where(article_index.c.article_id.in_(ids))


def _bounds(sieve: Sieve, after: Candidate | None) -> list[ColumnElement[bool]]:
    bounds: list[ColumnElement[bool]] = []
    if sieve.portals:
        bounds.append(article_index.c.portal.in_(sieve.portals))
    if sieve.since is not None:
        bounds.append(article_index.c.fresh_at >= sieve.since)
    if sieve.until is not None:
        bounds.append(article_index.c.fresh_at < sieve.until)
    if after is not None:
        here = tuple_(article_index.c.fresh_at, article_index.c.article_id)
        bounds.append(here < tuple_(after.fresh_at, after.article_id))
    return bounds


_STORED = select(articles, stories.c.key.label("story_key")).join(stories, stories.c.id == articles.c.story_id)


def _stored(row: AnyRow) -> StoredArticle:
    return StoredArticle(
        id=row.id, article=article_of(row, ()), story=row.story_key, first_seen_at=row.first_seen_at, n_revisions=row.n_revisions
    )
