"""What a watch would have found, as alerts: late, and bundled in digests, whatever the watch's own times. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from crawler.dedup.events import matched_event
from crawler.dedup.timing import due_at
from crawler.model import Route, Routing
from storage.records import Event, LateAlert, Match, PlannedDelivery, StoredArticle

MOST_IN_DIGEST = 200
"""Beyond that a mail is cut off by the large providers (102 kB of HTML)."""


def late_alerts(
    found: Iterable[tuple[StoredArticle, Match]], routing: Routing, portals: Mapping[str, Sequence[str]], *, now: datetime
) -> list[LateAlert]:
    """In the order of `found`. `portals` are those that carry a story, by its key, first come first."""
    alerts: list[LateAlert] = []
    for number, (stored, match) in enumerate(found):
        carried_by = portals.get(stored.story, (stored.article.identity.portal,))
        event = matched_event(stored.article, match, story=stored.story, portals=carried_by, late=True, now=now)
        group = f"digest:since/{routing.watch}/{now.isoformat()}/{number // MOST_IN_DIGEST}"
        deliveries = tuple(_delivery(route, event, group, routing, now) for route in routing.routes)
        alerts.append(LateAlert(article_id=stored.id, revision=stored.n_revisions, match=match, event=event, deliveries=deliveries))
    return alerts


def _delivery(route: Route, event: Event, group: str, routing: Routing, now: datetime) -> PlannedDelivery:
    """Programs are told at once, people outside of their quiet hours."""
    due = now if route.grouping == "event" else due_at(now, routing.quiet_hours)
    return PlannedDelivery(channel=route.channel, recipient=route.recipient, group=group, event_key=event.dedup_key, due_at=due)
