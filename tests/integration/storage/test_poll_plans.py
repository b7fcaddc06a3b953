"""What a poll's plan decides inside the transaction: unseen links, other sources to hasten, news that depends on what was told."""

from datetime import timedelta

import pytest

from storage.alerts import has_happened, raise_event
from storage.engine import Store
from storage.records import News, PollFailed, PollPlan, SourceSpec, Standing
from storage.sources import fail_poll, finish_poll, source_reports, standing, sync_sources
from tests.builders import NOON
from tests.integration.storage.given import AFTER_LEASE, TOMORROW, claimed_sources, make_done, make_event, make_seen

HOUR = timedelta(hours=1)
SPECS = [
    SourceSpec(portal="p", source="rss", kind="feed", url="http://p/rss"),
    SourceSpec(portal="p", source="sitemap", kind="sitemap", url="http://p/sitemap.xml"),
    SourceSpec(portal="q", source="sitemap", kind="sitemap", url="http://q/sitemap.xml"),
]


def given_polled(store: Store) -> None:
    """Three sources, all due tomorrow."""
    store.run(sync_sources, SPECS, now=NOON)
    for source in claimed_sources(store):
        store.run(finish_poll, *make_done(source, next_poll_at=TOMORROW), now=NOON)


def given_again(store: Store, name: str = "rss"):
    """The source `name` of p, claimed when it is due; the others given back."""
    return next(source for source in claimed_sources(store, now=TOMORROW) if (source.portal, source.source) == ("p", name))


def due_times(store: Store):
    return {f"{report.portal}/{report.source}": report.next_poll_at for report in store.run(source_reports)}


def test_the_plan_is_told_which_links_nobody_had_seen(store: Store):
    given_polled(store)
    done, _ = make_done(given_again(store), make_seen("http://h/a"), make_seen("http://h/b"))
    store.run(finish_poll, done, lambda unseen: PollPlan(next_poll_at=TOMORROW), now=TOMORROW)
    told: list[set[str]] = []

    def plan(unseen):
        told.append(set(unseen))
        return PollPlan(next_poll_at=TOMORROW)

    (source,) = [each for each in claimed_sources(store, now=TOMORROW) if each.source == "rss"]
    done, _ = make_done(source, make_seen("http://h/b"), make_seen("http://h/c"), make_seen("http://h/c"))
    store.run(finish_poll, done, plan, now=TOMORROW)
    assert told == [{"http://h/c"}]


def test_a_plan_can_make_other_sources_of_its_portal_due_at_once(store: Store):
    given_polled(store)
    store.run(sync_sources, SPECS, now=NOON)
    source = given_again(store)
    now = TOMORROW - HOUR
    store.run(finish_poll, *make_done(source, hasten=("sitemap",), next_poll_at=TOMORROW + HOUR), now=now)
    assert due_times(store) == {"p/rss": TOMORROW + HOUR, "p/sitemap": now, "q/sitemap": TOMORROW}


@pytest.mark.parametrize("was_told", [True, False], ids=["told", "not-told"])
def test_the_end_of_a_trouble_is_news_only_if_its_beginning_was_told(store: Store, was_told: bool):
    given_polled(store)
    if was_told:
        store.run(raise_event, make_event("failing"), [], now=NOON)
    news = News(event=make_event("back"), after="failing")
    store.run(finish_poll, *make_done(given_again(store), news=(news,)), now=TOMORROW)
    assert store.run(has_happened, "back") is was_told


def test_the_standing_counts_failing_and_quiet_sources_once(store: Store):
    given_polled(store)
    rss, sitemap, _ = claimed_sources(store, now=TOMORROW)
    store.run(finish_poll, *make_done(rss, report={"quiet_since": NOON.isoformat()}), now=TOMORROW)
    failed = PollFailed(source_id=sitemap.id, lease_token=sitemap.lease_token, reason="x", kind="timeout", next_poll_at=AFTER_LEASE)
    store.run(fail_poll, failed, now=TOMORROW)
    assert store.run(standing) == Standing(n_active=3, failing_since=[TOMORROW], quiet_since=[NOON])
