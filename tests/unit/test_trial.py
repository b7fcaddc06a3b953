"""What `canhbao try` says of files it can make nothing of: the advice is given only where it helps."""

import json
from pathlib import Path

import pytest

from config.load import load
from config.shipped import SHIPPED
from crawler.commands import trial
from crawler.reading import NOTHING


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Chỉ là một dòng văn bản.", f"{NOTHING}; say with --url where the file came from"),
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


SAVED_LONG_AGO = "<meta " + "a" * 250_000 + ">"  # minutes of looking for what the file says of itself
NESTED = ("<div>" * 200 + "<p>Tin nóng mới trong ngày, tại đây." + "</div>" * 200) * 8000  # half a minute to weigh
ARTICLE = f"<h1>Hội nghị bàn việc chống hạn</h1><article>{'<p>Hội nghị bàn việc chống hạn, mặn ở địa phương.</p>' * 9}</article>"


@pytest.mark.parametrize("hostile", [SAVED_LONG_AGO, NESTED], ids=["its-own-url", "its-text"])
def test_a_file_that_takes_too_long_to_read_is_given_up_and_the_next_one_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], hostile: str
):
    pages = [tmp_path / "hostile.html", tmp_path / "article.html"]
    for page, content in zip(pages, [hostile, ARTICLE], strict=True):
        page.write_text(content, encoding="utf-8")
    url = "https://baomau.example/hoi-nghi-1234567.html"
    assert trial.try_targets(load(SHIPPED), [str(page) for page in pages], url=url, as_json=True, deadline_s=2) == 1
    given_up, read = map(json.loads, capsys.readouterr().out.splitlines())
    assert (given_up["target"], given_up["error"]) == (str(pages[0]), "takes longer than 2 s to read")
    assert (read["target"], read["title"]) == (str(pages[1]), "Hội nghị bàn việc chống hạn")


def test_an_address_without_its_scheme_is_told_from_a_missing_file(capsys: pytest.CaptureFixture[str]):
    assert trial.try_targets(load(SHIPPED), ["baomau.example/tin-1.html"], url=None, as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["error"].endswith("; an address begins with https://")
