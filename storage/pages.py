"""Raw pages: kept beside what was read from them, until their time is over or the room is needed. Articles never go.

One page a revision of an article, and one a link whose page could not be read. No file name ever comes from the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from storage.dialects import upsert
from storage.records import KeptPage, PageCensus, RawPage
from storage.tables import article_urls, links, matches, pages
from storage.types import AnyRow

MOST_BYTES = 2_000_000
"""Packed. A page larger than that is no newspaper's, and a few thousand of them would drive out all others."""

_LAST_KNOWN = (
    select(pages.c.id, pages.c.body_hash, pages.c.revision, pages.c.requested_url)
    .where(pages.c.article_id == bindparam("article"))
    .order_by(pages.c.revision.desc())
    .limit(1)
)
_INSERT = pages.insert()
_FORGET_UNREAD = delete(pages).where(pages.c.link_id == bindparam("link"))


def keep_page(session: Session, raw: RawPage, *, portal: str, article_id: int, revision: int) -> None:
    """Keep the page that revision `revision` of an article was read from, within the transaction that records it.

    The bytes of the last page kept of the article are not kept twice. Another answer for an unchanged revision takes the place
    of the older one if it came from the same URL: a print version is no better witness than the page that was read first.
    """
    if len(raw.body) > MOST_BYTES:
        return
    last = session.execute(_LAST_KNOWN, {"article": article_id}).first()
    if last is not None and last.body_hash == raw.body_hash:
        return
    if last is None or last.revision < revision:
        session.execute(_INSERT, _row(raw, portal=portal, article_id=article_id, revision=revision))
    elif last.requested_url == raw.requested_url:
        session.execute(update(pages).where(pages.c.id == last.id).values(**_said(raw)))


def keep_unread(session: Session, link_id: int, portal: str, raw: RawPage) -> None:
    """Keep the page of a link that could not be read, in the place of its last one: rules that are mended may read it."""
    if len(raw.body) <= MOST_BYTES:
        session.execute(upsert(session, pages, key=("link_id",), changing=tuple(_said(raw))), [_row(raw, portal=portal, link_id=link_id)])


def forget_unread(session: Session, link_id: int) -> None:
    """The link's page is an article's now."""
    session.execute(_FORGET_UNREAD, {"link": link_id})


# --- reading back


def page_of_article(session: Session, article_id: int) -> KeptPage | None:
    """The newest page kept of the article."""
    return _first(session, select(pages).where(pages.c.article_id == article_id).order_by(pages.c.revision.desc()))


def page_of_link(session: Session, link_id: int) -> KeptPage | None:
    """The page of a link that could not be read."""
    return _first(session, select(pages).where(pages.c.link_id == link_id))


def page_of_url(session: Session, url: str) -> KeptPage | None:
    """The newest page kept of the article that is known under `url`, or of the link."""
    article = session.scalar(select(article_urls.c.article_id).where(article_urls.c.url == url))
    if article is not None:
        return page_of_article(session, article)
    link = session.scalar(select(links.c.id).where(links.c.url == url))
    return None if link is None else page_of_link(session, link)


def pages_of_portal(session: Session, portal: str, *, limit: int, is_read: bool = True) -> list[KeptPage]:
    """The pages kept last, newest first: those of articles, or with `is_read` False those that could not be read."""
    kind = pages.c.article_id.is_not(None) if is_read else pages.c.link_id.is_not(None)
    rows = session.execute(select(pages).where(pages.c.portal == portal, kind).order_by(pages.c.id.desc()).limit(limit))
    return list(map(_kept, rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChoice:
    """Which pages to read again."""

    since: datetime
    """Fetched since then."""
    portals: tuple[str, ...] = ()
    """Empty: all."""


def pages_after(session: Session, choice: PageChoice, *, after: int, limit: int) -> list[KeptPage]:
    """The next pages worth reading again, in the order they were kept: the newest of each article, and those nobody could read."""
    wanted = select(pages).where(pages.c.id > after, *_chosen(choice)).order_by(pages.c.id).limit(limit)
    return list(map(_kept, session.execute(wanted)))


def count_pages(session: Session, choice: PageChoice, *, after: int = 0) -> int:
    """How many `pages_after` will give."""
    return session.scalar(select(func.count()).select_from(pages).where(pages.c.id > after, *_chosen(choice))) or 0


def _chosen(choice: PageChoice) -> list[ColumnElement[bool]]:
    later = pages.alias()
    is_superseded = exists().where(later.c.article_id == pages.c.article_id, later.c.revision > pages.c.revision)
    wanted = [pages.c.fetched_at >= choice.since, ~is_superseded]
    return [*wanted, pages.c.portal.in_(choice.portals)] if choice.portals else wanted


def page_census(session: Session) -> PageCensus:
    figures = select(func.count(), func.count(pages.c.article_id), func.sum(pages.c.n_bytes), func.min(pages.c.fetched_at)).select_from(
        pages
    )
    n, n_read, n_bytes, oldest_at = session.execute(figures).one()
    return PageCensus(n=n, n_unread=n - n_read, n_bytes=int(n_bytes or 0), oldest_at=oldest_at)


# --- letting go


def drop_expired(session: Session, *, before: datetime, matched_before: datetime, limit: int) -> int:
    """Drop up to `limit` pages fetched `before`, the oldest first; those of articles that a watch matched stay until `matched_before`."""
    is_matched = exists().where(matches.c.article_id == pages.c.article_id)
    is_over = or_(pages.c.fetched_at < matched_before, and_(pages.c.fetched_at < before, ~is_matched))
    return _drop(session, select(pages.c.id).where(pages.c.fetched_at < before, is_over), limit)


def drop_oldest(session: Session, *, limit: int) -> int:
    """Drop the `limit` oldest pages, whoever matched them: there is no more room. How many there were."""
    return _drop(session, select(pages.c.id), limit)


def _drop(session: Session, chosen: Select[Any], limit: int) -> int:
    ids: Sequence[int] = session.scalars(chosen.order_by(pages.c.fetched_at, pages.c.id).limit(limit)).all()
    if ids:
        session.execute(delete(pages).where(pages.c.id.in_(ids)))
    return len(ids)


# --- rows


def _row(
    raw: RawPage, *, portal: str, article_id: int | None = None, revision: int | None = None, link_id: int | None = None
) -> dict[str, Any]:
    return {"portal": portal, "article_id": article_id, "revision": revision, "link_id": link_id} | _said(raw)


def _said(raw: RawPage) -> dict[str, Any]:
    return {
        "fetched_at": raw.fetched_at,
        "n_bytes": len(raw.body),
        "requested_url": raw.requested_url,
        "url": raw.url,
        "redirects": list(raw.redirects),
        "status": raw.status,
        "content_type": raw.content_type,
        "hint": raw.hint,
        "body_hash": raw.body_hash,
        "body": raw.body,
    }


def _first(session: Session, wanted: Select[Any]) -> KeptPage | None:
    row = session.execute(wanted.limit(1)).first()
    return None if row is None else _kept(row)


def _kept(row: AnyRow) -> KeptPage:
    return KeptPage(
        id=row.id,
        portal=row.portal,
        article_id=row.article_id,
        revision=row.revision,
        link_id=row.link_id,
        raw=RawPage(
            requested_url=row.requested_url,
            url=row.url,
            redirects=tuple(row.redirects),
            status=row.status,
            content_type=row.content_type,
            fetched_at=row.fetched_at,
            hint=row.hint,
            body=row.body,
            body_hash=row.body_hash,
        ),
    )
