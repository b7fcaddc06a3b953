"""What a newly read article is to what we already hold, and what follows from it. Pure: no clock, no I/O, no log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.dedup.events import matched_event
from crawler.dedup.stories import Place, join_or_open
from crawler.dedup.timing import due_at, next_digest
from crawler.model import Route, Routing
from storage.records import Article, Duplicate, Event, Held, Match, New, Outcome, PlannedDelivery, Revised, Story

LATE_AFTER = timedelta(hours=24)
"""Found longer than this after its publication an article is told as late (design §4)."""


def decide(
    article: Article, held: Held, stories: Sequence[Story], *, matches: Sequence[Match], routings: Mapping[str, Routing], now: datetime
) -> Outcome:
    """Say what `article` is, and which events and deliveries it gives rise to. Times in UTC."""
    known = held.same_identity
    if known is not None and known.content_hash == article.content_hash:
        return Duplicate(of=known)
    if known is not None:
        # Found by an alias it may read as another id; told under a second name it would be told twice.
        article = replace(article, identity=known.identity)
        portals = next((story.portals for story in stories if story.key == known.story), ())
        place = Place(story=known.story, portals=portals)
    else:
        place = join_or_open(article, held, stories, now=now)
    events, deliveries = told(article, held, place, matches, routings, now)
    if known is not None:
        return Revised(article=article, previous=known, events=events, deliveries=deliveries)
    return New(article=article, story=place.story, copy_of=place.copy_of, events=events, deliveries=deliveries)


def is_before_baseline(article: Article, held: Held) -> bool:
    """Whether the article was there before we began to watch its source: then it is kept, but nobody is told.

    An article without a date counts as old when it was already in the source's first answer.
    """
    if article.published_at is None:
        return held.found_at is not None and held.first_poll_at is not None and held.found_at <= held.first_poll_at
    if held.baseline_before is None:
        return False
    known_to = timedelta(days=1) if article.published_precision == "day" else timedelta(0)
    return article.published_at + known_to < held.baseline_before


def told(
    article: Article, held: Held, place: Place, matches: Sequence[Match], routings: Mapping[str, Routing], now: datetime
) -> tuple[tuple[Event, ...], tuple[PlannedDelivery, ...]]:
    """The events that the matches give rise to, and who hears of them."""
    if is_before_baseline(article, held):
        return (), ()
    late = held.late_reason is not None or (article.published_at is not None and now - article.published_at > LATE_AFTER)
    portals = (*place.portals, *(p for p in [article.identity.portal] if p not in place.portals))
    events: list[Event] = []
    deliveries: list[PlannedDelivery] = []
    for match in matches:
        event = matched_event(article, match, story=place.story, portals=portals, late=late, now=now)
        events.append(event)
        if (routing := routings.get(match.watch)) is not None:
            deliveries.extend(_deliveries(event, place.story, routing, now))
    return tuple(events), tuple(deliveries)


def _deliveries(event: Event, story: str, routing: Routing, now: datetime) -> Iterable[PlannedDelivery]:
    for route in routing.routes:
        group, due = _group_and_time(event, story, route, routing, now)
        yield PlannedDelivery(channel=route.channel, recipient=route.recipient, group=group, event_key=event.dedup_key, due_at=due)


def _group_and_time(event: Event, story: str, route: Route, routing: Routing, now: datetime) -> tuple[str, datetime]:
    """Webhooks and files hear of each event at once; people read a story once, in their digest or outside their quiet hours."""
    if route.grouping == "event":
        return f"event:{event.dedup_key}", now
    if routing.digest_at:
        slot = next_digest(routing.digest_at, now=now, zone=routing.zone)
        return f"digest:{slot.isoformat()}", due_at(slot, routing.quiet_hours, routing.zone)
    return f"story:{story}", due_at(now, routing.quiet_hours, routing.zone)
