"""`canhbao explain`: term by term why, or the nearest miss, and what became of a link that is no article."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.engine import Store
from storage.records import SourceSpec
from storage.sources import finish_poll, sync_sources
from tests.integration.archive import WATCH, Archive, make_archive, story
from tests.integration.storage.given import claimed_sources, make_done, make_seen

WATCHES: list[dict[str, Any]] = [
    {"id": "a", "name": "A", "any": ["công tác dân vận", "quy chế dân chủ"], "none": ["bóng đá"]},
    {"id": "b", "name": "B", "any": ["quy chế"], "provinces": ["Cà Mau"], "sections": ["Thời sự"]},
    {"id": "c", "name": "C", "query": 'title:dân vận AND "quy chế dân chủ"~3 AND published:<2020-01-01', "enabled": False},
]
URL = "http://baodongthap.example/tin-1.html"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    text = "Ban Dân vận (DV) họp về quy chế, dân chủ. Công tác DV."
    return make_archive(tmp_path, story("1", "Quy chế dân chúng", text), watches=WATCHES)


def test_each_term_is_told_with_where_it_stands(archive: Archive):
    [told] = archive.lines("explain", "a", URL)
    assert [(term["shown"], term["wanted"], term["holds"]) for term in told["terms"]] == [
        ("công tác dân vận", True, True),
        ("quy chế dân chủ", True, False),
        ("bóng đá", False, False),
    ]
    assert told["matches"]
    assert told["terms"][0]["spans"][0]["text"] == "Công tác DV"


def test_a_reader_is_told_why_and_what_came_nearest(archive: Archive):
    said = archive.run("explain", "a", URL)
    assert "✓ Khớp với chủ đề A" in said
    assert "Công tác DV  [DV = Dân vận (định nghĩa trong bài)]" in said
    assert "gần nhất: title 0–17: Quy chế dân chúng" in said or "gần nhất: text 24–40: quy chế, dân chủ (bị dấu câu ngăn)" in said
    assert "✓ bóng đá: không có (không được có)" in said
    assert "Không có tin báo" in said


def test_every_scope_that_does_not_admit_it_is_named(archive: Archive):
    [told] = archive.lines("explain", "b", URL)
    assert (told["matches"], told["out_of_scope"]) == (False, ["provinces", "sections"])
    assert "✗ tỉnh Đồng Tháp không thuộc: Cà Mau" in archive.run("explain", "b", URL)


def test_a_watch_that_is_off_says_so(archive: Archive):
    said = archive.run("explain", "c", URL)
    assert "enabled: false" in said
    assert "✗ published:[* TO 2019-12-31]: không có" in said


@pytest.mark.parametrize("url", [URL + "?utm_source=x", URL + "#binh-luan"])
def test_the_same_page_under_another_writing_is_found(archive: Archive, url: str):
    assert archive.lines("explain", "a", url)[0]["matches"]


def test_a_link_that_is_no_article_yet_is_told_with_its_state(archive: Archive):
    url = "http://baodongthap.example/tin-2.html"
    with Store.open(archive.url) as store:
        store.run(sync_sources, [SourceSpec(portal="p", source="s", kind="feed", url="http://p/rss")], now=datetime.now(UTC))
        [source] = claimed_sources(store, now=datetime.now(UTC))
        store.run(finish_poll, *make_done(source, make_seen(url)), now=datetime.now(UTC))
    assert archive.lines("explain", "a", url, code=1)[0]["state"] == "open"
    assert "chờ đọc" in archive.run("explain", "a", url, code=1)


def test_a_page_that_was_never_seen_is_told_as_such(archive: Archive):
    assert "Chưa từng thấy" in archive.run("explain", "a", "http://baodongthap.example/tin-9.html", code=1)


def test_an_unknown_watch_is_told_with_what_there_is(archive: Archive):
    assert "(a, b, c)" in archive.run("explain", "xyz", URL, code=2)


def test_how_much_is_missing_is_told(tmp_path: Path):
    often = WATCH | {"at_least": 3, "within_first": 100, "weights": {"title": 3}, "min_score": 8}
    archive = make_archive(tmp_path, story("1", "Công tác dân vận", "Đẩy mạnh công tác dân vận."), watches=[often])
    said = archive.run("explain", "dan-van", "http://baodongthap.example/tin-1.html")
    assert "✗ Không khớp" in said
    assert "✗ 2 trong 3 lần nhắc cần có" in said
    assert "✗ điểm 4, cần 8" in said
    [told] = archive.lines("explain", "dan-van", "http://baodongthap.example/tin-1.html")
    assert (told["score"], [demand["name"] for demand in told["demands"]]) == (4.0, ["within_first", "at_least", "min_score"])


def test_what_is_demanded_is_demanded_everywhere(tmp_path: Path):
    often = WATCH | {"at_least": 2, "weights": {"title": 3}}
    archive = make_archive(tmp_path, story("1", "Công tác dân vận", "Công tác dân vận."), story("2", "Công tác dân vận"), watches=[often])
    found = [each for each in archive.lines("watch", "test", "dan-van") if each["kind"] == "found"]
    assert [(each["url"][-10:], each["score"], each["change"]) for each in found] == [("tin-1.html", 4.0, None)]
    tested = archive.lines("watch", "test", "dan-van", "--query", "công tác dân vận")
    assert (tested[-1]["n_found"], tested[-1]["n_added"]) == (1, 0)
    assert [archive.lines("explain", "dan-van", f"http://baodongthap.example/tin-{n}.html")[0]["matches"] for n in "12"] == [True, False]
