"""`since:` and `watch test --alert`: the history is told once, late, as one digest."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.configuration import load
from crawler.edition import Edition
from crawler.lookback import LookBack
from crawler.pipeline import Desk
from storage.alerts import list_deliveries
from storage.engine import Store
from storage.records import DeliveryReport
from tests.e2e.newsstand import write_yaml
from tests.integration.archive import WATCH, Archive, make_archive, story

MAIL: dict[str, Any] = {"type": "email", "from": "c@example.org", "to": ["a@example.org", "b@example.org"], "smtp": {"host": "127.0.0.1"}}
LATE = WATCH | {"since": "90d"}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = make_archive(
        tmp_path,
        story("1", "Công tác dân vận ở xã", days_ago=40),
        story("2", "Công tác dân vận ở tỉnh", days_ago=5, portal="baocamau"),
        story("3", "Công tác dân vận năm xưa", days_ago=400),
        story("4", "Giá lúa tăng"),
    )
    log = {"type": "file", "path": "alerts.jsonl"}
    write_yaml(archive.config, {"portals": ["portals"], "database": "sqlite:///canhbao.db", "channels": {"log": log, "mail": MAIL}})
    return archive


def given_watches(archive: Archive, *watches: dict[str, Any]) -> None:
    write_yaml(archive.config.parent / "watches.yaml", {"watches": list(watches)})


def looked_back(archive: Archive) -> int:
    """As the daemon does it after a start or a reload; how many alerts it raised."""
    edition = Edition.of(load(archive.config))

    async def look() -> int:
        with Store.open(archive.url) as store:
            desk = Desk(store=store, client=None, workers=None, edition=edition, clock=lambda: datetime.now(UTC))  # type: ignore[arg-type]
            return await LookBack(desk).look(edition)

    return asyncio.run(look())


def deliveries(archive: Archive) -> list[DeliveryReport]:
    with Store.open(archive.url) as store:
        return store.look(list_deliveries)


def test_the_history_is_told_as_one_digest_to_each_reader(archive: Archive):
    given_watches(archive, LATE)
    assert looked_back(archive) == 2
    assert sorted((each.channel, each.recipient, len(each.events)) for each in deliveries(archive)) == [
        ("log", "", 2),
        ("mail", "a@example.org", 2),
        ("mail", "b@example.org", 2),
    ]


def test_it_is_marked_late_newest_first_and_names_its_watch(archive: Archive):
    given_watches(archive, LATE)
    looked_back(archive)
    told = [event.data for event in deliveries(archive)[0].events]
    assert [(each["late"], each["watch"]["id"]) for each in told] == [(True, "dan-van")] * 2
    assert [each["article"]["title"] for each in told] == ["Công tác dân vận ở tỉnh", "Công tác dân vận ở xã"]


def test_it_is_told_once_however_often_the_daemon_starts(archive: Archive):
    given_watches(archive, LATE)
    assert [looked_back(archive), looked_back(archive)] == [2, 0]


def test_an_edited_watch_tells_only_what_it_finds_more(archive: Archive):
    given_watches(archive, LATE)
    looked_back(archive)
    given_watches(archive, LATE | {"any": ["công tác dân vận", "giá lúa"]})
    assert looked_back(archive) == 1


@pytest.mark.parametrize("watch", [WATCH, LATE | {"enabled": False}], ids=["without-since", "switched-off"])
def test_other_watches_tell_nothing_of_the_past(archive: Archive, watch: dict[str, Any]):
    given_watches(archive, watch)
    assert looked_back(archive) == 0


def test_what_is_told_counts_as_matched(archive: Archive):
    given_watches(archive, LATE | {"any": ["giá lúa"]})
    looked_back(archive)
    assert archive.lines("watch", "test", "dan-van")[-1]["n_added"] == 0
    assert archive.lines("explain", "dan-van", "http://baodongthap.example/tin-4.html")[0]["told"]


def test_many_finds_are_several_digests(tmp_path: Path):
    archive = make_archive(tmp_path, *(story(str(n), f"Công tác dân vận {n}") for n in range(205)))
    given_watches(archive, LATE)
    assert looked_back(archive) == 205
    assert sorted(len(each.events) for each in deliveries(archive)) == [5, 200]


def test_the_command_raises_what_it_shows(archive: Archive):
    given_watches(archive, WATCH)
    assert archive.lines("watch", "test", "dan-van", "--alert")[-1] == {"kind": "raised", "n_raised": 3}
    assert archive.lines("watch", "test", "dan-van", "--alert")[-1] == {"kind": "raised", "n_raised": 0}


def test_a_dry_run_says_how_many_and_to_whom_and_raises_nothing(archive: Archive):
    given_watches(archive, WATCH)
    for _ in range(2):
        said = archive.lines("watch", "test", "dan-van", "--alert", "--dry-run")[-1]
        readers = ["log", "mail a@example.org", "mail b@example.org"]
        assert said == {"kind": "would raise", "n_raised": 3, "n_messages": 3, "readers": readers}
    assert deliveries(archive) == []
    assert "3 bài chưa từng báo, gộp trong 3 tin" in archive.run("watch", "test", "dan-van", "--alert", "--dry-run")


def test_after_the_alert_a_dry_run_has_nothing_left(archive: Archive):
    given_watches(archive, WATCH)
    archive.run("watch", "test", "dan-van", "--alert")
    assert archive.lines("watch", "test", "dan-van", "--alert", "--dry-run")[-1]["n_raised"] == 0
    assert "Không còn gì để báo" in archive.run("watch", "test", "dan-van", "--alert", "--dry-run")


def test_few_new_finds_among_many_told_ones_are_one_digest(tmp_path: Path):
    archive = make_archive(tmp_path, *(story(str(n), f"Công tác dân vận {n}") for n in range(205)), story("new", "Giá lúa", days_ago=0.5))
    given_watches(archive, LATE)
    looked_back(archive)
    given_watches(archive, LATE | {"any": ["công tác dân vận", "giá lúa"]})
    assert looked_back(archive) == 1
    assert sorted(len(each.events) for each in deliveries(archive)) == [1, 5, 200]


def test_a_dry_run_is_one_of_an_alert(archive: Archive):
    assert "--dry-run" in archive.run("watch", "test", "dan-van", "--dry-run", code=2)


def test_a_query_cannot_alert_anybody(archive: Archive):
    assert "--alert" in archive.run("watch", "test", "--query", "giá lúa", "--alert", code=2)


def test_a_stretch_of_time_that_is_none_is_refused(archive: Archive):
    given_watches(archive, WATCH | {"since": "lâu"})
    assert "write 90d" in archive.run("check", code=2)
