"""Values and states the storage tests start from: each names what it is about, the rest is as good as any."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from storage.alerts import claim_due_deliveries, raise_event
from storage.articles import Decide, record
from storage.engine import Store
from storage.links import claim_due_links
from storage.records import (
    Article,
    DueDelivery,
    DueLink,
    DueSource,
    Duplicate,
    Event,
    Held,
    New,
    Outcome,
    PlannedDelivery,
    PollDone,
    PollPlan,
    Revised,
    SeenLink,
    SourceSpec,
    Story,
)
from storage.sources import Plan, claim_due_sources, finish_poll, sync_sources
from tests.builders import NOON, make_article, make_identity

LEASE = timedelta(seconds=60)
AFTER_LEASE = NOON + timedelta(seconds=61)
TOMORROW = NOON + timedelta(days=1)
FEED = SourceSpec(portal="baodongthap", source="thoi-su", kind="feed", url="http://127.0.0.1/rss")


def make_seen(url: str, **changed: Any) -> SeenLink:
    values: dict[str, Any] = {"url": url, "host": url.split("/")[2], "portal": "baodongthap", "hint": {"title": "Tin mới"}}
    return SeenLink(**(values | changed))


def make_event(dedup_key: str = "e1", **changed: Any) -> Event:
    values: dict[str, Any] = {"type": "operator.test", "dedup_key": dedup_key, "occurred_at": NOON, "data": {"chào": "bạn"}}
    return Event(**(values | changed))


def make_plan(event_key: str = "e1", **changed: Any) -> PlannedDelivery:
    values: dict[str, Any] = {"channel": "mail", "recipient": "a@example.org", "group": "story:s1", "event_key": event_key, "due_at": NOON}
    return PlannedDelivery(**(values | changed))


def make_done(source: DueSource, *links: SeenLink, **changed: Any) -> tuple[PollDone, Plan]:
    """An answered poll, and a plan that says `changed` whatever is unseen."""
    said: dict[str, Any] = {"next_poll_at": TOMORROW, "report": {"n_entries": len(links)}}
    follows = PollPlan(**said | {key: value for key, value in changed.items() if key in PollPlan.__slots__})
    values: dict[str, Any] = {"etag": '"v1"', "last_modified": None}
    values |= {key: value for key, value in changed.items() if key not in PollPlan.__slots__}
    return PollDone(source_id=source.id, lease_token=source.lease_token, links=links, **values), lambda unseen: follows


def claimed_sources(store: Store, *, now: Any = NOON, limit: int = 100) -> list[DueSource]:
    return store.run(claim_due_sources, now=now, lease=LEASE, owner="test", limit=limit)


def given_source(store: Store, spec: SourceSpec = FEED) -> DueSource:
    """The one source, known and claimed."""
    store.run(sync_sources, [spec], now=NOON)
    (source,) = claimed_sources(store)
    return source


def given_links(store: Store, *links: SeenLink | str) -> None:
    """Open links, found by the one source."""
    seen = [make_seen(link) if isinstance(link, str) else link for link in links]
    store.run(finish_poll, *make_done(given_source(store), *seen), now=NOON)


def claimed_links(store: Store, *, now: Any = NOON, limit: int = 100, busy_hosts: Sequence[str] = ()) -> list[DueLink]:
    return store.run(claim_due_links, now=now, lease=LEASE, owner="test", limit=limit, busy_hosts=busy_hosts)


def given_link(store: Store, url: str = "http://h1/a") -> DueLink:
    """An open link, claimed."""
    given_links(store, url)
    (link,) = claimed_links(store)
    return link


def given_delivery(store: Store, event: Event | None = None, plan: PlannedDelivery | None = None) -> None:
    """A planned delivery of one event."""
    event = event or make_event()
    store.run(raise_event, event, [plan or make_plan(event.dedup_key)], now=NOON)


def claimed_deliveries(store: Store, *, now: Any = NOON, limit: int = 100, busy_channels: Sequence[str] = ()) -> list[DueDelivery]:
    return store.run(claim_due_deliveries, now=now, lease=LEASE, owner="test", limit=limit, busy_channels=busy_channels)


def claimed_delivery(store: Store, *, now: Any = NOON) -> DueDelivery:
    (delivery,) = claimed_deliveries(store, now=now)
    return delivery


def deciding(article: Article, *, events: tuple[Event, ...] = (), plans: tuple[PlannedDelivery, ...] = ()) -> Decide:
    """A plain decision: copies join the story of the oldest look-alike; every new or revised article brings `events`."""

    def decide(held: Held, stories: Sequence[Story]) -> Outcome:
        known = held.same_identity
        if known is not None and known.content_hash == article.content_hash:
            return Duplicate(of=known)
        if known is not None:
            return Revised(article=article, previous=known, events=events, deliveries=plans)
        original = next(iter(held.look_alikes), None)
        story = original.story if original else str(article.identity)
        return New(article=article, story=story, copy_of=original.id if original else None, events=events, deliveries=plans)

    return decide


def given_article(store: Store, article: Article | None = None) -> Article:
    article = article or make_article()
    store.run(record, article, [], deciding(article), link=None, now=NOON)
    return article


def make_copy(article: Article, portal: str) -> Article:
    """The same words on another portal."""
    url = f"http://{portal}/{article.identity.ident}"
    return make_article(identity=make_identity(article.identity.ident, portal=portal), url=url, aliases=())
