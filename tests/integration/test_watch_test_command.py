"""`canhbao watch test`: on given texts with offsets in them, on the history with what an edit changes."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from rich.text import Text
from typer.testing import CliRunner

from crawler.cli import app
from tests.e2e.newsstand import write_yaml
from tests.integration.archive import WATCH, Archive, make_archive, story


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return make_archive(
        tmp_path,
        story("1", "Công tác dân vận ở xã", days_ago=1),
        story("2", "Công tác dân vận ở tỉnh", days_ago=2, portal="baocamau"),
        story("3", "Dân vận khéo", days_ago=2),
        story("4", "Giá lúa tăng", days_ago=2),
    )


def changes(found: list[dict[str, Any]]) -> dict[str, str | None]:
    return {each["title"]: each["change"] for each in found if each["kind"] != "summary"}


# --- texts


def on_text(tmp_path: Path, content: bytes, query: str) -> dict[str, Any]:
    (tmp_path / "tin.txt").write_bytes(content)
    done = CliRunner().invoke(app, ["watch", "test", "--query", query, "--text", str(tmp_path / "tin.txt"), "--json"])
    assert done.exit_code == 0, done.output
    record: dict[str, Any] = json.loads(done.stdout)
    return record


@pytest.mark.parametrize(
    ("content", "start"),
    [
        pytest.param("Chiều qua mưa lũ".encode(), 10, id="plain"),
        pytest.param("\ufeffChiều qua mưa lũ".encode(), 11, id="after-a-byte-order-mark"),
        pytest.param("A\r\n\r\nChiều qua mưa lũ".encode(), 15, id="after-line-ends-of-windows"),
        pytest.param("😀 Chiều qua mưa lũ".encode(), 12, id="after-a-letter-of-two-utf-16-units"),
        pytest.param("Chiều qua mưa lũ".encode("utf-16"), 10, id="in-another-charset"),
    ],
)
def test_offsets_count_the_code_points_of_the_file(tmp_path: Path, content: bytes, start: int):
    record = on_text(tmp_path, content, "mưa lũ")
    assert record["matches"] == [{"start": start, "end": start + 6, "text": "mưa lũ", "reason": "mưa lũ"}]


def test_offsets_count_the_letters_of_a_decomposed_file(tmp_path: Path):
    text = unicodedata.normalize("NFD", "Chiều qua, mưa lũ (ML) về. Đêm nay ML lớn, số 5/QĐ-UBND")
    record = on_text(tmp_path, text.encode(), '"mưa lũ" OR /5.QĐ/')
    assert [text[each["start"] : each["end"]] for each in record["matches"]] == [each["text"] for each in record["matches"]]
    assert [unicodedata.normalize("NFC", each["text"]) for each in record["matches"]] == ["mưa lũ", "ML", "ML", "5/QĐ"]


def test_a_record_holds_what_the_design_says(tmp_path: Path):
    record = on_text(tmp_path, b"x", "mưa lũ")
    assert record == {"file": str(tmp_path / "tin.txt"), "matched": False, "score": 0, "matches": []}


def test_several_files_are_one_line_each_and_a_missing_one_fails(archive: Archive, tmp_path: Path):
    (tmp_path / "a.txt").write_text("Công tác dân vận", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Giá lúa", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt")]
    for asked in (["dan-van"], ["--query", "công tác dân vận"]):
        records = archive.lines("watch", "test", *asked, "--text", *files, code=1)
        assert [each.get("matched", each.get("error")) for each in records] == [True, False, "No such file or directory"]


def test_a_reader_sees_what_stands_where(archive: Archive, tmp_path: Path):
    (tmp_path / "a.txt").write_text("Công tác dân\nvận", encoding="utf-8")
    assert "0–16  Công tác dân vận" in archive.run("watch", "test", "dan-van", "--text", str(tmp_path / "a.txt"))


# --- the history


def test_hits_are_counted_by_day_and_portal(archive: Archive):
    summary = archive.lines("watch", "test", "dan-van")[-1]
    assert (summary["n_found"], summary["by_portal"]) == (2, {"baodongthap": 1, "baocamau": 1})
    assert list(summary["by_day"].values()) == [1, 1]


def test_what_the_daemon_found_with_the_same_watch_is_no_change(archive: Archive):
    assert changes(archive.lines("watch", "test", "dan-van")) == {"Công tác dân vận ở xã": None, "Công tác dân vận ở tỉnh": None}


def test_an_edited_watch_is_compared_with_what_the_daemon_found(archive: Archive):
    write_yaml(archive.config.parent / "watches.yaml", {"watches": [WATCH | {"any": ["dân vận"], "none": ["ở xã"]}]})
    assert changes(archive.lines("watch", "test", "dan-van")) == {
        "Công tác dân vận ở tỉnh": None,
        "Dân vận khéo": "added",
        "Công tác dân vận ở xã": "removed",
    }


def test_a_query_is_compared_with_the_watch_it_would_replace(archive: Archive):
    found = archive.lines("watch", "test", "dan-van", "--query", "giá lúa")
    assert changes(found) == {"Giá lúa tăng": "added", "Công tác dân vận ở xã": "removed", "Công tác dân vận ở tỉnh": "removed"}
    assert (found[-1]["n_added"], found[-1]["n_removed"]) == (1, 2)


def test_a_query_alone_is_compared_with_nothing(archive: Archive):
    assert "n_added" not in archive.lines("watch", "test", "--query", "giá lúa")[-1]


def test_older_articles_are_left_out(archive: Archive):
    assert archive.lines("watch", "test", "dan-van", "--since", "36h")[-1]["n_found"] == 1


def test_a_reader_sees_bars_and_snippets(archive: Archive):
    said = archive.run("watch", "test", "dan-van", "--query", "giá lúa OR dân vận")
    assert "█" in said
    assert "+ Giá lúa tăng" in said
    assert "«Giá lúa» tăng" in said
    assert "thêm 2 bài (+), bớt 0 bài (−)" in said
    assert Text.from_ansi(said).plain == said


def test_a_reader_sees_what_is_lost_with_what_was_found_there(archive: Archive):
    said = archive.run("watch", "test", "dan-van", "--query", "giá lúa")
    assert "− Công tác dân vận ở xã" in said
    assert "«Công tác dân vận» ở xã" in said


def test_a_reader_is_told_how_many_are_not_shown(tmp_path: Path):
    archive = make_archive(
        tmp_path, *(story(str(n), f"Công tác dân vận {n}") for n in range(12)), *(story(f"m{n}", f"Mưa lũ {n}") for n in range(13))
    )
    said = archive.run("watch", "test", "dan-van", "--query", "mưa lũ")
    assert "… và 3 bài khớp nữa" in said
    assert "… và 2 bài bị bớt nữa" in said


def test_an_unknown_watch_is_told_with_what_there_is(archive: Archive):
    assert "dan-van" in archive.run("watch", "test", "dan-vam", code=2)


def test_neither_a_watch_nor_a_query_is_told_with_what_to_give(archive: Archive):
    assert "--query" in archive.run("watch", "test", code=2)
