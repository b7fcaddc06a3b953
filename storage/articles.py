"""Articles: what a page said, whether we knew it, and everything that follows, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeAlias, assert_never

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.alerts import add_events
from storage.dialects import RECORDING, alone, insert_unless_there, upsert
from storage.held import held_of, locked_link, stories_of
from storage.leases import FREE
from storage.pages import forget_unread, keep_page
from storage.readings import add_reading, is_archived, revise_readings
from storage.records import (
    BACKFILL,
    Article,
    ArticleIndex,
    DueLink,
    Duplicate,
    Held,
    Identity,
    Image,
    Match,
    New,
    Outcome,
    RawPage,
    Reading,
    Revised,
    Story,
    StoryArticle,
)
from storage.tables import article_urls, articles, links, matches, revisions, stories
from storage.types import AnyRow
from storage.words import put_in_index

DEGRADED = "degraded"
"""How the problem begins that an article has which may lack what the paper published (`crawler.contract`)."""

Decide: TypeAlias = Callable[[Held, Sequence[Story]], Outcome]


def record(
    session: Session,
    article: Article,
    matches: Sequence[Match],
    decide: Decide,
    *,
    link: DueLink | None,
    now: datetime,
    late_reason: str | None = None,
    index: ArticleIndex | None = None,
    page: RawPage | None = None,
) -> Outcome | None:
    """Look up what we hold, let the pure `decide` say what `article` is to it, and write all that follows, or nothing.

    Serialises with itself, so that two recorders of one wire copy see each other: the second finds what the first wrote.
    `index` are the words of `article` for full-text search; without them it waits for the next re-indexing. `page` is what
    `article` was read from, to be kept for reading it again.
    None, and nothing written, when the link's lease is no longer ours.
    """
    alone(session, RECORDING)
    held_link = None if link is None else locked_link(session, link)
    if link is not None and held_link is None:
        return None
    held = held_of(session, article, held_link, late_reason)
    outcome = decide(held, stories_of(session, held))
    article_id = write_outcome(session, outcome, article, matches, index, now)
    if page is not None:
        keep_page(session, page, portal=article.identity.portal, article_id=article_id, revision=revision_of(outcome))
    if article.reading is not None:
        _keep_reading(session, article, article.reading, article_id, link, now)
    mark_backfilled(session, outcome, article_id, is_backfill=held.late_reason == BACKFILL)
    if link is not None:
        if link.n_tries or link.n_bugs:
            forget_unread(session, link.id)
        done = {"state": "done", "reason": type(outcome).__name__.lower(), "article_id": article_id}
        session.execute(_END_LINK, FREE | done | {"link_id": link.id})
    return outcome


def _keep_reading(session: Session, article: Article, reading: Reading, article_id: int, link: DueLink | None, now: datetime) -> None:
    if link is None:
        revise_readings(session, article_id, reading, is_degraded=is_degraded(article))
    elif not link.is_backfill and not is_archived(link.hint, article.published_at, now=now):
        portal = article.identity.portal
        add_reading(session, reading, portal=portal, link_id=link.id, article_id=article_id, is_degraded=is_degraded(article), now=now)


def is_degraded(article: Article) -> bool:
    """Whether it may lack what the paper published: its portal's rules were in doubt when it was read."""
    return any(problem.startswith(DEGRADED) for problem in article.problems)


def article_by_url(session: Session, url: str) -> Article | None:
    """The article that is known under `url`, as it reads now."""
    known = select(articles).join(article_urls, article_urls.c.article_id == articles.c.id).where(article_urls.c.url == url)
    row = session.execute(known).first()
    if row is None:
        return None
    urls = session.scalars(select(article_urls.c.url).where(article_urls.c.article_id == row.id).order_by(article_urls.c.id))
    return article_of(row, tuple(each for each in urls if each != row.url))


def articles_after(session: Session, *, n: int) -> list[StoryArticle]:
    """The articles recorded after the first `n`, in the order of their recording."""
    rows = session.execute(
        select(articles.c.portal, articles.c.url, articles.c.title, articles.c.published_at).order_by(articles.c.id).offset(n)
    )
    return [StoryArticle(portal=row.portal, url=row.url, title=row.title, published_at=row.published_at) for row in rows]


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(articles)) or 0


# --- writing

_INSERT = articles.insert().returning(articles.c.id)
_INSERT_REVISION = revisions.insert()
_MARK = update(articles).where(articles.c.id == bindparam("article_id")).values(is_backfilled=bindparam("is_so"))
_END_LINK = update(links).where(links.c.id == bindparam("link_id"))


def write_outcome(
    session: Session, outcome: Outcome, article: Article, found: Sequence[Match], index: ArticleIndex | None, now: datetime
) -> int:
    """Write what `outcome` says and return the id of the article it is about."""
    match outcome:
        case New():
            article_id, first_seen_at = _insert(session, outcome, now), now
        case Revised():
            article_id, first_seen_at = outcome.previous.id, outcome.previous.first_seen_at
            _revise(session, outcome, revision_of(outcome), now)
        case Duplicate():
            add_urls(session, outcome.of.id, article)
            if outcome.events:
                add_matches(session, outcome.of.id, outcome.of.n_revisions, found, now)
                add_events(session, outcome.events, outcome.deliveries, article_id=outcome.of.id, now=now)
            return outcome.of.id
        case _:
            assert_never(outcome)
    said, number = outcome.article, revision_of(outcome)
    put_in_index(session, article_id, portal=said.identity.portal, fresh_at=said.published_at or first_seen_at, index=index)
    add_urls(session, article_id, said)
    add_revision(session, article_id, number, said, now)
    add_matches(session, article_id, number, found, now)
    add_events(session, outcome.events, outcome.deliveries, article_id=article_id, now=now)
    return article_id


def revision_of(outcome: Outcome) -> int:
    """The number of the revision that the article is at, after `outcome`."""
    match outcome:
        case New():
            return 1
        case Revised():
            return outcome.previous.n_revisions + 1
        case Duplicate():
            return outcome.of.n_revisions
        case _:
            assert_never(outcome)


def mark_backfilled(session: Session, outcome: Outcome, article_id: int, *, is_backfill: bool) -> None:
    """Remember of what a backfill brought that nobody was told, until it comes by a poll."""
    match outcome:
        case New():
            was_so, is_so = False, is_backfill
        case Revised(previous=held):
            was_so, is_so = held.is_backfilled, is_backfill
        case Duplicate(of=held):
            was_so, is_so = held.is_backfilled, held.is_backfilled and is_backfill
        case _:
            assert_never(outcome)
    if was_so != is_so:
        session.execute(_MARK, {"article_id": article_id, "is_so": is_so})


def _insert(session: Session, new: New, now: datetime) -> int:
    article, identity = new.article, new.article.identity
    identified = {
        "portal": identity.portal,
        "era": identity.era,
        "ident": identity.ident,
        "first_seen_at": now,
        "n_revisions": 1,
        "is_backfilled": False,
    }
    placed = {"story_id": story_id_of(session, new.story, now), "copy_of": new.copy_of}
    article_id: int = session.scalars(_INSERT, identified | placed | said_of(article)).one()
    return article_id


def story_id_of(session: Session, key: str, now: datetime) -> int:
    """The story of this key, opened now unless it is open already."""
    opened = session.scalar(insert_unless_there(session, stories), {"key": key, "opened_at": now})
    story_id: int = opened or session.scalars(select(stories.c.id).where(stories.c.key == key)).one()
    return story_id


def _revise(session: Session, revised: Revised, number: int, now: datetime) -> None:
    """The row keeps its identity, its story and its first sight; what the page now says takes the place of what it said."""
    said = said_of(revised.article) | {"n_revisions": number, "revised_at": now}
    session.execute(update(articles).where(articles.c.id == revised.previous.id).values(**said))


def said_of(article: Article) -> dict[str, Any]:
    """The columns of what the page says."""
    return {
        "url": article.url,
        "province": article.province,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "author": article.author,
        "credit": article.credit,
        "section": article.section,
        "tags": article.tags,
        "captions": article.captions,
        "images": [asdict(image) for image in article.images],
        "published_at": article.published_at,
        "published_precision": article.published_precision,
        "published_raw": article.published_raw,
        "updated_at": article.updated_at,
        "provenance": article.provenance,
        "problems": article.problems,
        "content_hash": article.content_hash,
        "text_hash": article.text_hash,
    }


def add_urls(session: Session, article_id: int, article: Article) -> None:
    """Make the article known under its URLs, but for those that another one has."""
    rows = [{"url": url, "article_id": article_id} for url in (article.url, *article.aliases)]
    session.execute(insert_unless_there(session, article_urls), rows)


def add_revision(session: Session, article_id: int, number: int, article: Article, now: datetime, *, reason: str | None = None) -> None:
    """Keep what the article says as its revision `number`; `reason` is None when the newspaper said so."""
    said = {"title": article.title, "lead": article.lead, "text": article.text, "content_hash": article.content_hash}
    row = {"article_id": article_id, "number": number, "seen_at": now, "updated_at": article.updated_at, "reason": reason}
    session.execute(_INSERT_REVISION, row | said)


def add_matches(session: Session, article_id: int, number: int, found: Sequence[Match], now: datetime) -> None:
    """Keep what was found in revision `number` of the article."""
    rows = [
        {
            "article_id": article_id,
            "watch": match.watch,
            "name": match.name,
            "score": match.score,
            "revision": number,
            "matched_at": now,
            "spans": [asdict(span) for span in match.spans],
            "snippets": [asdict(snippet) for snippet in match.snippets],
        }
        for match in found
    ]
    if rows:
        changing = ("name", "score", "revision", "spans", "snippets")
        session.execute(upsert(session, matches, key=("article_id", "watch"), changing=changing), rows)


# --- reading back


def article_of(row: AnyRow, aliases: tuple[str, ...]) -> Article:
    return Article(
        identity=Identity(portal=row.portal, era=row.era, ident=row.ident),
        url=row.url,
        aliases=aliases,
        province=row.province,
        title=row.title,
        lead=row.lead,
        text=row.text,
        author=row.author,
        credit=row.credit,
        section=row.section,
        tags=tuple(row.tags),
        captions=tuple(row.captions),
        images=tuple(Image(**image) for image in row.images),
        published_at=row.published_at,
        published_precision=row.published_precision,
        published_raw=row.published_raw,
        updated_at=row.updated_at,
        provenance=row.provenance,
        problems=tuple(row.problems),
        content_hash=row.content_hash,
        text_hash=row.text_hash,
    )
