"""What `canhbao try` says of files it can make nothing of: the advice is given only where it helps."""

import json
from pathlib import Path

import pytest

from config.load import load
from config.shipped import SHIPPED
from crawler.commands import trial


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Chỉ là một dòng văn bản.", f"{trial.NOTHING}; say with --url where the file came from"),
        ("", "an empty page"),
        ("<div>" * 2000, "elements nested too deep, or too long"),
    ],
    ids=["no-article", "empty", "too-deep"],
)
def test_where_a_file_came_from_is_asked_only_when_that_may_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
):
    page = tmp_path / "page.html"
    page.write_text(content, encoding="utf-8")
    assert trial.try_targets(load(SHIPPED), [str(page)], url=None, as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["error"] == said


def test_an_address_without_its_scheme_is_told_from_a_missing_file(capsys: pytest.CaptureFixture[str]):
    assert trial.try_targets(load(SHIPPED), ["baomau.example/tin-1.html"], url=None, as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["error"].endswith("; an address begins with https://")
