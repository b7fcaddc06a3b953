"""`canhbao search`: newest or best first, within bounds, in the language of the watches."""

from pathlib import Path

import pytest

from tests.integration.archive import Archive, make_archive, story


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return make_archive(
        tmp_path,
        story("1", "Mưa lũ ở thượng nguồn", "Mưa lũ lớn. Mưa lũ kéo dài.", days_ago=30),
        story("2", "Mưa lũ về hạ du", days_ago=3),
        story("3", "Họp công tác Dân vận (DV)", "Công tác DV năm nay.", portal="baocamau"),
        story("4", "Giá lúa tăng"),
    )


def titles(archive: Archive, *arguments: str) -> list[str]:
    return [str(each["title"]) for each in archive.lines("search", *arguments)]


def test_the_newest_comes_first(archive: Archive):
    assert titles(archive, "mưa lũ") == ["Mưa lũ về hạ du", "Mưa lũ ở thượng nguồn"]


def test_the_one_that_says_it_most_comes_first_when_asked(archive: Archive):
    assert titles(archive, "mưa lũ", "--order", "relevance") == ["Mưa lũ ở thượng nguồn", "Mưa lũ về hạ du"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param(["mưa lũ", "--limit", "1"], ["Mưa lũ về hạ du"], id="limit"),
        pytest.param(["mưa lũ", "--since", "7d"], ["Mưa lũ về hạ du"], id="since"),
        pytest.param(["mua lu", "--since", "7d"], ["Mưa lũ về hạ du"], id="any-marks"),
        pytest.param(["công tác dân vận"], ["Họp công tác Dân vận (DV)"], id="short-forms"),
        pytest.param(["mưa OR dân vận", "--portal", "baocamau"], ["Họp công tác Dân vận (DV)"], id="portal"),
        pytest.param(["mưa OR dân vận", "--province", "Cà Mau"], ["Họp công tác Dân vận (DV)"], id="province"),
        pytest.param(["title:giá NOT mưa"], ["Giá lúa tăng"], id="fields-and-not"),
        pytest.param(["/l[uú]a t/"], ["Giá lúa tăng"], id="a-regular-expression-without-help-of-the-index"),
        pytest.param(["không có"], [], id="nothing"),
    ],
)
def test_what_is_found(archive: Archive, arguments: list[str], found: list[str]):
    assert titles(archive, *arguments) == found


def test_json_says_where_each_word_stands(archive: Archive):
    [found] = archive.lines("search", "giá lúa")
    assert found["matches"] == [{"field": "title", "start": 0, "end": 7, "text": "Giá lúa", "reason": "giá lúa"}]
    assert (found["url"], found["score"]) == ("http://baodongthap.example/tin-4.html", 1.0)


def test_what_was_found_stands_out_where_there_are_no_colours(archive: Archive):
    assert "«Giá lúa» tăng" in archive.run("search", "giá lúa")


def test_articles_that_are_not_indexed_yet_are_found_too(tmp_path: Path):
    archive = make_archive(tmp_path, story("1", "Mưa lũ"), indexed=False)
    assert titles(archive, "mưa lũ") == ["Mưa lũ"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(['"mưa'], "at character 1: a quotation mark is not closed", id="a-query-that-cannot-be-read"),
        pytest.param(["..."], "nothing to look for", id="a-query-of-nothing"),
        pytest.param(["mưa", "--since", "3x"], "no stretch of time", id="a-time-that-is-none"),
        pytest.param(["mưa", "--portal", "baodong"], "baodongthap", id="a-portal-that-is-none"),
        pytest.param(["mưa", "--province", "Ca Mao"], "Cà Mau", id="a-province-that-is-none"),
    ],
)
def test_what_cannot_be_asked_is_told_with_advice(archive: Archive, arguments: list[str], told: str):
    assert told in " ".join(archive.run("search", *arguments, code=2).split())
