"""Queries of watches that cannot be read are problems of the configuration, told with file and line beside all the others."""

from pathlib import Path

import pytest

from config.load import ConfigError
from crawler.configuration import load
from tests.integration.archive import Archive, make_archive

GOOD = {"id": "a", "name": "A", "any": ["dân vận"]}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return make_archive(tmp_path, watches=[GOOD])


def given_watches(archive: Archive, text: str) -> None:
    (archive.config.parent / "watches.yaml").write_text(text, encoding="utf-8")


def problems(archive: Archive) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load(archive.config)
    return [problem.partition("watches.yaml:")[2] for problem in raised.value.problems]


def test_a_query_that_cannot_be_read_is_told_at_its_line(archive: Archive):
    given_watches(archive, "watches:\n- id: a\n  name: A\n  query: 'mưa AND (lũ'\n")
    assert problems(archive) == ["4: watches[0].query: at character 9: a bracket is not closed; add the closing one"]


def test_a_query_beside_another_mistake_is_told_too(archive: Archive):
    given_watches(archive, "watches:\n- id: a\n  nmae: A\n  query: 'foo:mưa'\n- id: b\n  name: B\n  query: NOT mưa\n")
    told = problems(archive)
    assert [problem.split(": ")[:2] for problem in told] == [
        ["3", "watches[0].nmae"],
        ["4", "watches[0].query"],
        ["7", "watches[1].query"],
    ]


def test_check_tells_them_and_ends_with_2(archive: Archive):
    given_watches(archive, "watches:\n- {id: a, name: A, query: 'mưa~'}\n")
    assert "watches.yaml:2: watches[0].query" in archive.run("check", code=2)


def test_lines_of_watches_and_their_phrases_are_known(archive: Archive):
    given_watches(archive, "watches:\n- id: a\n  name: A\n  any:\n  - mưa lũ\n  - sạt lở\n")
    lines = load(archive.config).watch_lines["a"]
    assert {key: lines[key] for key in ("", "id", "any", "any[0]", "any[1]")} == {"": 2, "id": 2, "any": 4, "any[0]": 5, "any[1]": 6}
