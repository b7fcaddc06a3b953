"""Readings: what each page gave to its portal's rules, and which articles lack something because of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.dialects import upsert
from storage.records import PastReading, Reading
from storage.tables import articles, links, readings
from storage.types import AnyRow

_CHANGING = ("article_id", "read_at", "kept", "n_chars", "signs", "is_degraded")


ARCHIVE_AFTER = timedelta(days=60)


def is_archived(hint: Mapping[str, Any], published_at: datetime | None, *, now: datetime) -> bool:
    """Old pages keep old layouts: what they give says nothing of what the portal gives now. What its source said of a page's age goes first."""
    said = hint.get("published_at")
    at = datetime.fromisoformat(said) if isinstance(said, str) else published_at
    return at is not None and now - at > ARCHIVE_AFTER


def add_reading(
    session: Session, reading: Reading, *, portal: str, link_id: int, article_id: int | None, is_degraded: bool, now: datetime
) -> None:
    """Keep what the page of a link gave, in the place of what it gave before."""
    row = {"portal": portal, "link_id": link_id, "article_id": article_id, "read_at": now, "is_degraded": is_degraded}
    said = {"kept": list(reading.kept), "n_chars": reading.n_chars, "signs": dict(reading.signs)}
    session.execute(upsert(session, readings, key=("link_id",), changing=_CHANGING), [row | said])


def revise_readings(session: Session, article_id: int, reading: Reading, *, is_degraded: bool) -> None:
    """Of an article that was read again without a link: what its page gives now."""
    said = {"kept": list(reading.kept), "n_chars": reading.n_chars, "signs": dict(reading.signs), "is_degraded": is_degraded}
    session.execute(update(readings).where(readings.c.article_id == article_id).values(**said))


_LAST = (
    select(readings.c.id, readings.c.kept, readings.c.n_chars, readings.c.signs, readings.c.is_degraded, articles.c.url, links.c.url)
    .join(links, links.c.id == readings.c.link_id)
    .outerjoin(articles, articles.c.id == readings.c.article_id)
    .where(readings.c.portal == bindparam("of"), readings.c.id > bindparam("after"))
    .order_by(readings.c.id.desc())
    .limit(bindparam("most"))
)


def last_readings(session: Session, portal: str, *, limit: int, after: int = 0) -> list[PastReading]:
    """The last readings of a portal, oldest first; only those with an id beyond `after`."""
    rows = session.execute(_LAST, {"of": portal, "after": after, "most": limit}).all()
    return [_past_reading(row) for row in reversed(rows)]


def _past_reading(row: AnyRow) -> PastReading:
    number, kept, n_chars, signs, is_degraded, article_url, link_url = row
    reading = Reading(kept=tuple(kept), n_chars=n_chars, signs=signs)
    return PastReading(id=number, url=article_url or link_url, reading=reading, is_degraded=is_degraded)


def portals_read(session: Session) -> list[str]:
    """The portals with any reading."""
    return list(session.scalars(select(readings.c.portal).distinct().order_by(readings.c.portal)))


def n_degraded(session: Session) -> dict[str, int]:
    """How many articles of each portal are degraded."""
    counts = (
        select(readings.c.portal, func.count(readings.c.article_id.distinct())).where(readings.c.is_degraded).group_by(readings.c.portal)
    )
    return {portal: n for portal, n in session.execute(counts) if n}


def mark_degraded(session: Session, ids: Collection[int], problem: str) -> None:
    """That what was read then lacks something: noted on the readings and, as a problem, on their articles."""
    session.execute(update(readings).where(readings.c.id.in_(ids)).values(is_degraded=True))
    of_them = select(readings.c.article_id).where(readings.c.id.in_(ids), readings.c.article_id.is_not(None))
    for row in session.execute(select(articles.c.id, articles.c.problems).where(articles.c.id.in_(of_them))).all():
        if problem not in row.problems:
            session.execute(update(articles).where(articles.c.id == row.id).values(problems=[*row.problems, problem]))


def well_read(session: Session, portal: str, *, needed: Sequence[str], limit: int) -> list[str]:
    """URLs of the newest articles whose pages gave all of `needed` and that are not degraded, newest first."""
    found = (
        select(articles.c.url, readings.c.kept)
        .join(articles, articles.c.id == readings.c.article_id)
        .where(readings.c.portal == portal, ~readings.c.is_degraded)
        .order_by(readings.c.id.desc())
    )
    urls: list[str] = []
    for url, kept in session.execute(found):
        if set(needed) <= set(kept) and url not in urls:
            urls.append(url)
        if len(urls) == limit:
            break
    return urls


def degraded_articles(session: Session, portal: str, *, limit: int) -> list[tuple[int, str]]:
    """Id and URL of the newest degraded articles, newest first."""
    found = (
        select(articles.c.id, articles.c.url)
        .join(readings, readings.c.article_id == articles.c.id)
        .where(readings.c.portal == portal, readings.c.is_degraded)
        .order_by(readings.c.id.desc())
        .limit(limit)
    )
    return [(number, url) for number, url in session.execute(found)]
