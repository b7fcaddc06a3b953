"""The housekeeping of raw pages in the daemon: by their age, by the room there is, and what the operator hears of it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from config.settings import Retention
from crawler.archivist import Archivist, Room, look_at_room, room_of
from crawler.edition import Edition
from crawler.model import Route
from storage.alerts import list_deliveries
from storage.articles import count
from storage.engine import Store, upgrade
from storage.pages import page_census
from tests.builders import NOON, make_match
from tests.integration.storage.test_pages import numbered

DAY = timedelta(days=1)
OPERATOR = Route(channel="mail", recipient="a@example.org", grouping="story")


@pytest.fixture
def store(store_url: str):
    upgrade(store_url)
    with Store.open(store_url) as ready:
        yield ready


def tidied(store: Store, *, days_later: float = 0, most_batches: int | None = None, **retention: Any) -> int:
    settings = SimpleNamespace(retention=Retention(**retention))
    edition = cast("Edition", SimpleNamespace(config=SimpleNamespace(settings=settings), operators=(OPERATOR,)))
    archivist = Archivist(store, lambda: edition, clock=lambda: NOON + days_later * DAY)
    return asyncio.run(archivist.tidy(pause_s=0, most_batches=most_batches))


def kinds_told(store: Store) -> Sequence[str]:
    return [event.type for delivery in store.look(list_deliveries) for event in delivery.events]


def used_gb(store: Store) -> float:
    return store.look(room_of, 1).used_bytes / 1e9


def test_pages_go_after_their_days_the_matched_ones_after_theirs(store: Store):
    for n, matches in enumerate([(), (make_match(),), ()]):
        numbered(store, n, at=NOON - n * DAY, matches=matches)
    assert [tidied(store, days_later=days) for days in (29, 30.5, 363, 400)] == [1, 1, 0, 1]
    assert store.look(count) == 3


def test_with_no_days_at_all_every_page_goes(store: Store):
    numbered(store, 1)
    assert tidied(store, raw_days=0, matched_raw_days=0, days_later=0.1) == 1


def test_one_pass_of_cron_does_only_so_much(store: Store):
    for n in range(60):
        numbered(store, n, at=NOON - 40 * DAY)
    assert [tidied(store, most_batches=1), tidied(store, most_batches=1)] == [50, 10]


def test_at_the_limit_the_oldest_pages_go_and_never_an_article(store: Store):
    for n in range(120):
        numbered(store, n, at=NOON - n * timedelta(hours=1), matches=(make_match(),), padding=20_000)
    limit = used_gb(store) * 0.9
    assert 0 < tidied(store, disk_max_gb=limit) < 120
    assert used_gb(store) <= limit
    oldest_at = store.look(page_census).oldest_at
    assert oldest_at is not None
    assert oldest_at > NOON - 119 * timedelta(hours=1)
    assert store.look(count) == 120


def test_the_operator_hears_of_it_once_and_not_every_hour(store: Store):
    numbered(store, 1, padding=20_000)
    limit = used_gb(store) / 0.85
    for hours in range(4):
        tidied(store, days_later=hours / 24, disk_max_gb=limit)
    assert kinds_told(store) == ["operator.disk_filling"]
    assert store.look(page_census).n == 1


def test_the_operator_hears_of_it_again_after_it_had_been_better(store: Store):
    numbered(store, 1, padding=20_000)
    used = used_gb(store)
    for hour, share in enumerate((0.85, 0.78, 0.5, 0.85)):
        tidied(store, days_later=hour / 24, disk_max_gb=used / share)
    assert kinds_told(store) == ["operator.disk_filling"] * 2


def test_when_articles_alone_need_more_the_operator_hears_that_too(store: Store):
    numbered(store, 1)
    limit = used_gb(store) / 4
    assert tidied(store, disk_max_gb=limit) == 1
    tidied(store, days_later=1, disk_max_gb=limit)
    assert kinds_told(store) == ["operator.disk_over"]
    assert store.look(count) == 1


@pytest.mark.parametrize(
    ("room", "level"),
    [
        pytest.param(Room(used_bytes=79, most_bytes=100, n_pages=1), "", id="room"),
        pytest.param(Room(used_bytes=80, most_bytes=100, n_pages=1), "filling", id="nearly-full"),
        pytest.param(Room(used_bytes=101, most_bytes=100, n_pages=1), "filling", id="pages-can-go"),
        pytest.param(Room(used_bytes=101, most_bytes=100, n_pages=0), "over", id="none-is-left"),
    ],
)
def test_how_full_it_is(room: Room, level: str):
    assert room.level == level


def test_nothing_is_told_without_need(store: Store):
    room = store.look(room_of, 10**12)
    assert store.run(look_at_room, [OPERATOR], room, now=NOON) is None


def test_a_database_that_cannot_be_written_ends_nothing(store: Store):
    numbered(store, 1, at=NOON - 40 * DAY)
    store.close()
    broken = Store(store.url.rpartition("/")[0] + "/not-there-at-all")
    try:
        assert tidied(broken) == 0
    finally:
        broken.close()
