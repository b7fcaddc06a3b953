"""Writing down what kept pages read now: each article in one transaction, so that a run may end anywhere and begin anew."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.alerts import add_events
from storage.articles import add_matches, add_revision, add_urls, is_degraded, mark_backfilled, said_of, story_id_of, write_outcome
from storage.dialects import RECORDING, alone
from storage.held import held_article, held_of, stories_of
from storage.leases import FREE, is_free
from storage.pages import forget_unread, keep_page
from storage.readings import add_reading, is_archived, revise_readings
from storage.records import (
    BACKFILL,
    Article,
    ArticleIndex,
    Held,
    HeldArticle,
    KeptPage,
    Match,
    New,
    Outcome,
    Reread,
    StoredArticle,
    Story,
    Told,
)
from storage.tables import articles, deliveries, delivery_events, events, links, matches, sources, stories
from storage.words import put_in_index

REPROCESS = "reprocess"
"""Why such an article is late, and why such a revision was written."""

Judge = Callable[[Held, Sequence[Story], Mapping[str, Collection[Told]], bool], Reread]
JudgeUnread = Callable[[Held, Sequence[Story], Mapping[str, Collection[Told]]], Outcome]

_FIRST_LINK = (
    select(links.c.id, links.c.found_at, links.c.is_backfill, sources.c.baseline_before, sources.c.first_poll_at)
    .join(sources, sources.c.id == links.c.source_id)
    .where(links.c.article_id == bindparam("article"))
    .order_by(links.c.id)
    .limit(1)
)


def rewrite(
    session: Session,
    before: StoredArticle,
    article: Article,
    found: Sequence[Match],
    gained: Collection[str],
    judge: Judge,
    *,
    index: ArticleIndex,
    now: datetime,
) -> int | None:
    """Let `article`, read from its page by other rules, take the place of `before`, and raise what `judge` says; how many events are new.

    `found` is all that matches now; of watches that are not among `gained`, what is stored of their match is brought up to date.
    None, and nothing written, when the article was revised since `before` was read.
    """
    alone(session, RECORDING)
    known = held_article(session, before.id)
    if known is None or known.n_revisions != before.n_revisions:
        return None
    link = session.execute(_FIRST_LINK, {"article": before.id}).first()
    held = held_of(session, article, link, REPROCESS)
    older = tuple(each for each in held.look_alikes if each.id < known.id)
    held = replace(held, same_identity=known, look_alikes=older, late_reason=BACKFILL if known.is_backfilled else REPROCESS)
    reread = judge(held, stories_of(session, held), _told(session, held), _is_alone(session, known))
    number = before.n_revisions + int(reread.is_revision)
    _replace(session, before, reread, number, index, now)
    stored = set(session.scalars(select(matches.c.watch).where(matches.c.article_id == before.id)))
    add_matches(session, before.id, number, [match for match in found if match.watch in stored or match.watch in gained], now)
    return add_events(session, reread.events, reread.deliveries, article_id=before.id, now=now)


def _replace(session: Session, before: StoredArticle, reread: Reread, number: int, index: ArticleIndex, now: datetime) -> None:
    said = reread.article
    values = said_of(said) | {"n_revisions": number}
    if reread.joins is not None:
        values |= {"story_id": story_id_of(session, reread.joins, now), "copy_of": reread.copy_of}
    session.execute(update(articles).where(articles.c.id == before.id).values(**values))
    fresh_at = said.published_at or before.first_seen_at
    put_in_index(session, before.id, portal=said.identity.portal, fresh_at=fresh_at, index=index)
    add_urls(session, before.id, said)
    if reread.is_revision:
        add_revision(session, before.id, number, said, now, reason=REPROCESS)
    if said.reading is not None:
        revise_readings(session, before.id, said.reading, is_degraded=is_degraded(said))


def record_unread(
    session: Session, page: KeptPage, article: Article, found: Sequence[Match], judge: JudgeUnread, *, index: ArticleIndex, now: datetime
) -> Outcome | None:
    """Record the article on the page of a link that could not be read until now, and end the link.

    None, and nothing written, when the link has found its article since, or is being fetched at this moment.
    """
    alone(session, RECORDING)
    link = session.execute(_WAITING_LINK, {"link_id": page.link_id, "now": now}).first()
    if link is None:
        return None
    held = held_of(session, article, link, REPROCESS)
    outcome = judge(held, stories_of(session, held), _told(session, held))
    article_id = write_outcome(session, outcome, article, found, index, now)
    mark_backfilled(session, outcome, article_id, is_backfill=held.late_reason == BACKFILL)
    forget_unread(session, link.id)
    if isinstance(outcome, New):
        keep_page(session, page.raw, portal=page.portal, article_id=article_id, revision=1)
        if not link.is_backfill:
            _add_reading(session, article, article_id, link.id, page, now)
    done = {"state": "done", "reason": type(outcome).__name__.lower(), "article_id": article_id}
    session.execute(update(links).where(links.c.id == link.id).values(**FREE, **done))
    return outcome


_WAITING_LINK = (
    select(links.c.id, links.c.found_at, links.c.is_backfill, sources.c.baseline_before, sources.c.first_poll_at)
    .join(sources, sources.c.id == links.c.source_id)
    .where(links.c.id == bindparam("link_id"), links.c.state != "done", is_free(links, bindparam("now")))
    .with_for_update(of=links)
)


def _add_reading(session: Session, article: Article, article_id: int, link_id: int, page: KeptPage, now: datetime) -> None:
    if article.reading is not None and not is_archived(page.raw.hint, article.published_at, now=now):
        degraded = is_degraded(article)
        add_reading(session, article.reading, portal=page.portal, link_id=link_id, article_id=article_id, is_degraded=degraded, now=now)


def _is_alone(session: Session, known: HeldArticle) -> bool:
    """Whether no other article is in its story, or a copy of it."""
    n = session.scalar(select(func.count()).select_from(articles).join(stories).where(stories.c.key == known.story))
    return n == 1


_HEARD = (
    select(stories.c.key, deliveries.c.channel, deliveries.c.recipient, events.c.dedup_key)
    .select_from(stories)
    .join(articles, articles.c.story_id == stories.c.id)
    .join(events, events.c.article_id == articles.c.id)
    .join(delivery_events, delivery_events.c.event_id == events.c.id)
    .join(deliveries, deliveries.c.id == delivery_events.c.delivery_id)
    .where(stories.c.key.in_(bindparam("keys", expanding=True)))
)


def _told(session: Session, held: Held) -> Mapping[str, Collection[Told]]:
    """Who has heard, or will hear, of the stories of what we hold, and under which watch."""
    keys = {each.story for each in (held.same_identity, *held.look_alikes) if each is not None}
    heard: dict[str, set[Told]] = {}
    if keys:
        for story, channel, recipient, dedup_key in session.execute(_HEARD, {"keys": list(keys)}):
            heard.setdefault(story, set()).add(Told(channel, recipient, dedup_key.rpartition("/")[2]))
    return heard


# --- the digest of a run


def hold_digests(session: Session, group: str, *, until: datetime) -> None:
    """Let the unwritten digests whose groups begin with `group` wait until then: more is being found."""
    waiting = _unwritten(group) & (deliveries.c.next_try_at < until)
    session.execute(update(deliveries).where(waiting).values(next_try_at=until))


def release_digests(session: Session, group: str, due: Mapping[tuple[str, str], datetime]) -> int:
    """Let them leave; `due` says when, by channel and recipient. How many there are."""
    n = 0
    for (channel, recipient), at in due.items():
        whose = (deliveries.c.channel == channel) & (deliveries.c.recipient == recipient) & _unwritten(group)
        n += session.execute(update(deliveries).where(whose).values(next_try_at=at)).rowcount  # type: ignore[attr-defined]
    return n


def _unwritten(group: str) -> ColumnElement[bool]:
    return (deliveries.c.state == "pending") & deliveries.c.message.is_(None) & deliveries.c.group.startswith(group, autoescape=True)
