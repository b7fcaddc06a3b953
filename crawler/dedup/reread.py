"""What a page that was read again is to what we hold, and whom it is told. Pure: no clock, no I/O, no log.

An article that is read otherwise is no news of the newspaper: only what a watch finds now, and could not find in what we had made of the
page before, is told. It is told late and in one digest, since a mended rule may bring hundreds at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.dedup.decide import decide, told
from crawler.dedup.stories import Place, join_or_open
from crawler.dedup.timing import due_at
from crawler.model import Routing
from storage.records import Article, Duplicate, Event, Held, Match, New, Outcome, PlannedDelivery, Reread, Revised, Story, Told

FIELDS = (
    "province",
    "title",
    "lead",
    "text",
    "author",
    "credit",
    "section",
    "tags",
    "captions",
    "images",
    "published_at",
    "updated_at",
    "problems",
)
"""What a reader, a watch or the operator sees of an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The digest that what is found now goes into, and when it leaves unless the run goes on."""

    group: str
    leaves_at: datetime


def changes(before: Article, after: Article) -> tuple[str, ...]:
    """The fields in which the two differ."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def is_worse(before: Article, after: Article) -> bool:
    """Whether today's rules do not fit the page that older ones read: a portal's old pages keep their old layout."""
    return before.provenance.get("text") == "rule" != after.provenance.get("text")


def decide_reread(
    article: Article,
    before: Article,
    held: Held,
    stories: Sequence[Story],
    already: Mapping[str, Collection[Told]],
    *,
    is_alone: bool,
    gained: Sequence[Match],
    routings: Mapping[str, Routing],
    bundle: Bundle,
    now: datetime,
) -> Reread:
    """`article` is what the page of the stored article `before` reads now, `gained` the matches that `before` did not have.

    `held.same_identity` is that stored article; `is_alone`: no other one is in its story. `already` says who has heard of which story.
    """
    known = held.same_identity
    assert known is not None, "the article is stored"
    article = replace(article, identity=known.identity)
    portals = next((story.portals for story in stories if story.key == known.story), ())
    place, joins = Place(story=known.story, portals=portals), None
    if is_alone and article.text_hash != before.text_hash:
        # It is a copy that could not be seen as one: its readers have heard the story from the original.
        found = join_or_open(article, held, stories, now=known.first_seen_at)
        if found.copy_of is not None:
            place, joins = found, found.story
    events, deliveries = told(article, held, place, gained, routings, now)
    return Reread(
        article=article,
        is_revision=article.content_hash != before.content_hash,
        joins=joins,
        copy_of=place.copy_of,
        events=events,
        deliveries=bundled(events, deliveries, already.get(place.story, ()), routings, bundle),
    )


def decide_unread(
    article: Article,
    held: Held,
    stories: Sequence[Story],
    already: Mapping[str, Collection[Told]],
    *,
    matches: Sequence[Match],
    routings: Mapping[str, Routing],
    bundle: Bundle,
    now: datetime,
) -> Outcome:
    """`article` stands on a page that nobody could read before. What is held of it already was read from a page as good."""
    if held.same_identity is not None:
        return Duplicate(of=held.same_identity)
    outcome = decide(article, held, stories, matches=matches, routings=routings, now=now)
    match outcome:
        case New():
            heard = already.get(outcome.story, ())
            return replace(outcome, deliveries=bundled(outcome.events, outcome.deliveries, heard, routings, bundle))
        case Revised() | Duplicate():
            return outcome


def bundled(
    events: Sequence[Event], planned: Sequence[PlannedDelivery], heard: Collection[Told], routings: Mapping[str, Routing], bundle: Bundle
) -> tuple[PlannedDelivery, ...]:
    """Programs hear of each event at once; people in the digest, and only of what they have not heard of this story."""
    watch_of = {event.dedup_key: str(event.data["watch"]["id"]) for event in events}
    plans: list[PlannedDelivery] = []
    for plan in planned:
        watch = watch_of[plan.event_key]
        if plan.group.startswith("event:"):
            plans.append(plan)
        elif Told(plan.channel, plan.recipient, watch) not in heard:
            routing = routings[watch]
            due = due_at(bundle.leaves_at, routing.quiet_hours, routing.zone)
            plans.append(replace(plan, group=bundle.group, due_at=due))
    return tuple(plans)
