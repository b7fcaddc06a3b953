"""`canhbao check` remarks on watches: with file and line, in the reader's language, and with what the store has seen."""

from pathlib import Path

from tests.e2e.newsstand import write_yaml
from tests.integration.archive import LOG, make_archive, story

BARE = {"id": "ma-tuy", "name": "Ma túy", "any": ["ma tuy"]}
DEAD = """watches:
  - id: dan-chu
    name: Dân chủ
    any:
      - bầu cử
      - quy chế dân chủ
    none: ["dân chủ"]
"""


def remarked(archive):
    return [each for each in archive.lines("check") if each["kind"] == "remark"]


def test_a_remark_names_the_line_of_the_phrase(tmp_path: Path):
    archive = make_archive(tmp_path, watches=[])
    (tmp_path / "watches.yaml").write_text(DEAD, encoding="utf-8")
    [remark] = remarked(archive)
    assert (remark["code"], remark["severity"], remark["watch"]) == ("dead-because", "warning", "dan-chu")
    assert (Path(remark["file"]).name, remark["line"], remark["key"]) == ("watches.yaml", 6, "watches[0].any[1]")
    assert "watches.yaml:6: cảnh báo: dan-chu: “quy chế dân chủ” không bao giờ có tác dụng" in archive.run("check")


def test_a_remark_is_said_in_the_language_of_the_configuration(tmp_path: Path):
    archive = make_archive(tmp_path, watches=[])
    (tmp_path / "watches.yaml").write_text(DEAD, encoding="utf-8")
    write_yaml(archive.config, {"portals": ["portals"], "database": "sqlite:///canhbao.db", "language": "en", "channels": LOG})
    assert "watches.yaml:6: warning: dan-chu: “quy chế dân chủ” can never count" in archive.run("check")


def test_the_store_tells_what_a_bare_term_finds(tmp_path: Path):
    articles = [story(str(n), "Bắt vụ ma túy", "Ma tuý đá.") for n in range(3)]
    archive = make_archive(tmp_path, *articles, story("9", "Trả hay không mà tùy người mua"), watches=[BARE])
    [remark] = remarked(archive)
    assert remark["code"] == "folds-in-store"
    assert "ma túy (6), mà tùy (1)" in remark["message"]


def test_a_bare_term_is_told_by_the_list_of_syllables_where_nothing_is_stored(tmp_path: Path):
    archive = make_archive(tmp_path, watches=[BARE])
    (tmp_path / "canhbao.db").unlink()
    [remark] = remarked(archive)
    assert remark["code"] == "folds"
    assert not (tmp_path / "canhbao.db").exists()


def test_a_section_is_compared_with_those_of_the_stored_articles(tmp_path: Path):
    watch = {"id": "lu", "name": "Lũ", "any": ["lũ"], "sections": ["Thời sự", "Thể thao"]}
    archive = make_archive(tmp_path, story("1", "Tin lũ", section="Thời Sự"), watches=[watch])
    [remark] = remarked(archive)
    assert (remark["code"], remark["key"]) == ("unknown-section", "watches[0].sections[1]")


def test_a_watch_that_is_switched_off_is_left_alone(tmp_path: Path):
    assert remarked(make_archive(tmp_path, watches=[BARE | {"enabled": False}])) == []
