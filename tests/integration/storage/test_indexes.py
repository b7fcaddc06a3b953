"""No claim, record, mark or look-up reads a table from end to end: SQLite itself is asked how it would run each statement."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from storage.alerts import (
    bug_in_delivery,
    bury_channel,
    claim_due_deliveries,
    freeze_message,
    list_deliveries,
    mark_dead,
    mark_retry,
    release_delivery,
    replay,
    show_delivery,
)
from storage.articles import article_by_url, record
from storage.engine import Store
from storage.links import bug_in_link, end_link, find_link, postpone_link
from storage.pages import (
    PageChoice,
    count_pages,
    drop_expired,
    keep_unread,
    page_of_article,
    page_of_link,
    pages_after,
    pages_of_portal,
)
from storage.records import ArticleIndex, PollFailed, RawPage, Reread
from storage.reread import record_unread, rewrite
from storage.search import stored_articles
from storage.sources import claim_due_sources, fail_poll, finish_poll, next_due_at, release_leases
from tests.builders import NOON, make_article, make_match
from tests.integration.storage.given import (
    LEASE,
    claimed_deliveries,
    claimed_links,
    claimed_sources,
    deciding,
    given_delivery,
    given_links,
    make_copy,
    make_done,
    make_event,
    make_plan,
    make_seen,
)

SMALL = {"sources"}
"""As many rows as the configuration has sources: reading them all is no search."""

Asked = dict[str, object]


@pytest.fixture
def asked(empty_sqlite: str) -> Iterator[tuple[Store, Asked]]:
    """A store, and every statement it runs with the values of its first run."""
    store, statements = Store.open(empty_sqlite), Asked()

    @event.listens_for(store._writing, "before_cursor_execute")
    def keep(connection, cursor, statement, parameters, context, executemany):
        statements.setdefault(statement, parameters[0] if executemany else parameters)

    yield store, statements
    store.close()


def live_a_day(store: Store) -> None:
    """Everything the daemon does between two restarts."""
    article, happened, plans = make_article(aliases=("http://h1/m",)), (make_event("e1"),), (make_plan("e1"),)
    given_links(store, "http://h1/a", "http://h1/b", "http://h2/c", "http://h2/d")
    first, second, third, fourth = claimed_links(store, busy_hosts=["h9"])
    store.run(record, article, [make_match()], deciding(article, events=happened, plans=plans), link=first, now=NOON, page=RAW)
    for again in (article, make_article(content_hash="c2"), make_copy(article, "baoangiang")):
        store.run(record, again, [make_match()], deciding(again), link=None, now=NOON)
    keep_pages(store, second.id)
    store.run(postpone_link, second.id, second.lease_token, next_try_at=NOON, reason="x")
    store.run(end_link, third.id, third.lease_token, state="gone", reason="x")
    store.run(bug_in_link, fourth.id, fourth.lease_token, traceback="x", next_try_at=NOON, now=NOON)
    store.run(find_link, "http://h1/a")
    store.run(article_by_url, "http://h1/m")
    (source,) = claimed_sources(store, now=NOON.replace(day=9))
    store.run(fail_poll, PollFailed(source_id=source.id, lease_token=source.lease_token, reason="x", kind="x", next_poll_at=NOON), now=NOON)
    (source,) = store.run(claim_due_sources, now=NOON, lease=LEASE, owner="x", limit=9, later=["p8"], without=["p9"])
    store.run(finish_poll, *make_done(source, make_seen("http://h1/a")), now=NOON)
    given_delivery(store, make_event("e2"), make_plan("e2", group="story:" + str(article.identity)))
    send_a_day(store)
    store.run(next_due_at)
    for owner in (None, "test"):
        store.run(release_leases, owner=owner)


RAW = RawPage(requested_url="u", url="u", status=200, content_type=None, fetched_at=NOON, body=b"x", body_hash="x")


def keep_pages(store: Store, link_id: int) -> None:
    article = make_article()
    store.run(record, article, [], deciding(article), link=None, now=NOON, page=RAW)
    store.run(keep_unread, link_id, "baodongthap", RAW)
    choice = PageChoice(since=NOON, portals=("baodongthap",))
    read, unread = store.run(pages_after, choice, after=0, limit=9)
    store.run(count_pages, choice)
    store.run(page_of_article, read.article_id or 0)
    store.run(page_of_link, link_id)
    store.run(pages_of_portal, "baodongthap", limit=9)
    (before,) = store.run(stored_articles, [read.article_id or 0])
    index = ArticleIndex(version="1", normalised="x", folded="x", expanded="x")
    store.run(
        rewrite,
        before,
        make_article(author="X"),
        [],
        (),
        lambda *_: Reread(article=make_article(), is_revision=True),
        index=index,
        now=NOON,
    )
    store.run(record_unread, unread, article, [], lambda held, *_: deciding(article)(held, []), index=index, now=NOON)
    store.run(drop_expired, before=NOON, matched_before=NOON, limit=9)


def send_a_day(store: Store) -> None:
    one, two = store.run(claim_due_deliveries, now=NOON, lease=LEASE, owner="x", limit=9, busy_channels=["c9"])
    store.run(freeze_message, one.id, one.lease_token, b"m")
    store.run(mark_retry, one.id, one.lease_token, next_try_at=NOON, why="x", now=NOON)
    store.run(release_delivery, two.id, two.lease_token)
    one, two = claimed_deliveries(store)
    store.run(bug_in_delivery, two.id, two.lease_token, traceback="x", next_try_at=NOON, now=NOON)
    store.run(mark_dead, one.id, one.lease_token, why="x", now=NOON)
    store.run(bury_channel, "mail", why="x", now=NOON)
    store.run(replay, [one.id], now=NOON)
    store.run(show_delivery, one.id)
    store.run(list_deliveries, state="dead", limit=9)


def plan_of(store: Store, statement: str, parameters: object) -> list[str]:
    def work(session):
        return [row[3] for row in session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)]

    return store.run(work)


def is_a_search(step: str) -> bool:
    """Whether a step of a plan looks up rows, or reads what is small: constants, a recursion, a partial index of what is leased."""
    scanned = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?$", step)
    if scanned is None:
        return True
    table, index = scanned.groups()
    return table in SMALL | {"turns", "placed"} or (index or "").endswith("_leased")


def test_the_day_reads_no_table_from_end_to_end(asked: tuple[Store, Asked]):
    store, statements = asked
    live_a_day(store)
    plans = {
        each: plan_of(store, each, values) for each, values in list(statements.items()) if each.split()[0] in {"SELECT", "UPDATE", "WITH"}
    }
    assert {each: plan for each, plan in plans.items() if not all(map(is_a_search, plan))} == {}
    assert len(plans) > 30
