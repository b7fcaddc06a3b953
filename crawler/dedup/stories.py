"""Which story an article belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.records import Article, Held, HeldArticle, Story

COPY_WINDOW = timedelta(days=30)
"""Later than this the same words are a new occasion (a yearly notice, a weekly programme), not a copy of the old article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article stands: the story's key, the portals that carried it before, and the article it repeats."""

    story: str
    portals: tuple[str, ...] = ()
    copy_of: int | None = None


def join_or_open(article: Article, held: Held, stories: Sequence[Story], *, now: datetime) -> Place:
    """Join the story of the oldest word-for-word copy that is not 30 days apart, else open one named after the article."""
    by_key = {story.key: story for story in stories}
    occasion = min(article.published_at or now, now)
    for twin in held.look_alikes:
        story = by_key.get(twin.story)
        if story is not None and abs(occasion - _occasion(twin)) <= COPY_WINDOW:
            return Place(story=story.key, portals=story.portals, copy_of=twin.id)
    return Place(story=str(article.identity))


def _occasion(twin: HeldArticle) -> datetime:
    """When it was published, so that a notice of last year stays one of last year when a backfill brings it today."""
    return min(twin.published_at or twin.first_seen_at, twin.first_seen_at)
