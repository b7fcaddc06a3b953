"""docs/watches.md does what it says."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.watch import Watch
from crawler.match.matcher import Matcher
from tests.builders import make_article

PAGE = (Path(__file__).resolve().parents[2] / "docs/watches.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([^|`]*[^|` ][^|`]*) \| `([^`]+)` \| (.*) \|$", re.MULTILINE)
ROWS = [(name, query, [cell.strip() for cell in cells.split(" | ")]) for name, query, cells in ROW.findall(PAGE)]
FOUND = [pytest.param(query, *cells, id=name) for name, query, cells in ROWS if len(cells) == 2]
HELD = [pytest.param(query, *cells, id=name) for name, query, cells in ROWS if len(cells) == 1]


def fires(query, **article):
    return bool(Matcher([Watch(id="w", name="w", query=query)]).matching(make_article(**article)))


@pytest.mark.parametrize(("query", "is_in", "is_not_in"), FOUND)
def test_a_query_finds_what_the_page_says(query, is_in, is_not_in):
    assert fires(query, title="Tin", lead=None, text=is_in)
    assert not fires(query, title="Tin", lead=None, text=is_not_in)


@pytest.mark.parametrize(("query", "answer"), HELD)
def test_a_query_holds_where_the_page_says(query, answer):
    assert fires(query, published_at=datetime(2024, 5, 31, 3, tzinfo=UTC), tags=("bầu cử",)) is (answer == "yes")


def test_the_page_has_all_its_tables():
    assert len(FOUND) >= 30
    assert len(HELD) >= 15
