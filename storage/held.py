"""What we already hold that bears on a newly read article: its own identity, its look-alikes, and their stories."""

from dataclasses import asdict

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from storage.records import Article, DueLink, Held, HeldArticle, Identity, Story
from storage.tables import article_urls, articles, links, sources, stories
from storage.types import AnyRow

MAX_LOOK_ALIKES = 20  # the newest tell which story is running; a text such as "Video" has thousands of copies over the years

_HELD_LINK = (
    select(links.c.id, links.c.found_at, sources.c.baseline_before, sources.c.first_poll_at)
    .join(sources, sources.c.id == links.c.source_id)
    .where(links.c.id == bindparam("link_id"), links.c.lease_token == bindparam("token"))
    .with_for_update(of=links)
)


def locked_link(session: Session, link: DueLink) -> AnyRow | None:
    """The link with what its source knows, locked until the transaction ends; None when it is no longer ours."""
    return session.execute(_HELD_LINK, {"link_id": link.id, "token": link.lease_token}).first()


_HELD = select(
    articles.c.id,
    articles.c.portal,
    articles.c.era,
    articles.c.ident,
    articles.c.url,
    articles.c.title,
    articles.c.content_hash,
    stories.c.key,
    articles.c.published_at,
    articles.c.first_seen_at,
    articles.c.n_revisions,
).join(stories, stories.c.id == articles.c.story_id)


_BY_IDENTITY = _HELD.where(
    articles.c.portal == bindparam("portal"), articles.c.era == bindparam("era"), articles.c.ident == bindparam("ident")
)
_KNOWN_AS = select(article_urls.c.article_id).where(article_urls.c.url.in_(bindparam("urls", expanding=True)))
_BY_URL = _HELD.where(articles.c.id.in_(_KNOWN_AS)).order_by(articles.c.id).limit(1)
_BY_TEXT = _HELD.where(articles.c.text_hash == bindparam("text_hash")).order_by(articles.c.id.desc()).limit(MAX_LOOK_ALIKES)


def held_of(session: Session, article: Article, link: AnyRow | None, late_reason: str | None) -> Held:
    """All that bears on `article`, in the transaction that will record it. `link` is a row of `locked_link`."""
    newest_first = session.execute(_BY_TEXT, {"text_hash": article.text_hash}).all()
    return Held(
        same_identity=_same_identity(session, article),
        look_alikes=tuple(_held_article(row) for row in reversed(newest_first)),
        baseline_before=link.baseline_before if link else None,
        found_at=link.found_at if link else None,
        first_poll_at=link.first_poll_at if link else None,
        late_reason=late_reason,
    )


def _same_identity(session: Session, article: Article) -> HeldArticle | None:
    """The article of this identity, else the one that is known under one of its URLs: the same page, called otherwise."""
    row = session.execute(_BY_IDENTITY, asdict(article.identity)).first()
    if row is None:
        row = session.execute(_BY_URL, {"urls": (article.url, *article.aliases)}).first()
    return None if row is None else _held_article(row)


def held_article(session: Session, article_id: int) -> HeldArticle | None:
    """The stored article of this id."""
    row = session.execute(_HELD.where(articles.c.id == article_id)).first()
    return None if row is None else _held_article(row)


def _held_article(row: AnyRow) -> HeldArticle:
    return HeldArticle(
        id=row.id,
        identity=Identity(portal=row.portal, era=row.era, ident=row.ident),
        url=row.url,
        title=row.title,
        content_hash=row.content_hash,
        story=row.key,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        n_revisions=row.n_revisions,
    )


def stories_of(session: Session, held: Held) -> list[Story]:
    """The stories of what we hold, each with its portals in the order they came."""
    keys = {each.story for each in (held.same_identity, *held.look_alikes) if each is not None}
    if not keys:
        return []
    carried = (
        select(stories.c.key, stories.c.opened_at, articles.c.portal, func.min(articles.c.id).label("first"))
        .join(articles, articles.c.story_id == stories.c.id)
        .where(stories.c.key.in_(keys))
        .group_by(stories.c.id, stories.c.key, stories.c.opened_at, articles.c.portal)
        .order_by(stories.c.id, func.min(articles.c.id))
    )
    found: dict[str, Story] = {}
    for row in session.execute(carried):
        earlier = found[row.key].portals if row.key in found else ()
        found[row.key] = Story(key=row.key, opened_at=row.opened_at, portals=(*earlier, row.portal))
    return list(found.values())
