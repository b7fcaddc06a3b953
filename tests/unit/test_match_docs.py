"""docs/watches.md does what it says."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.watch import Watch, Watches
from crawler.commands.remark_words import WORDS
from crawler.match.matcher import Matcher
from crawler.match.pieces import FIELDS
from tests.builders import make_article

PAGE, _, REMARKS = (
    (Path(__file__).resolve().parents[2] / "docs/watches.md").read_text(encoding="utf-8").partition("## What `canhbao check` remarks")
)
ROW = re.compile(r"^\| ([^|`]*[^|` ][^|`]*) \| `([^`]+)` \| (.*) \|$", re.MULTILINE)
ROWS = [(name, query, [cell.strip() for cell in cells.split(" | ")]) for name, query, cells in ROW.findall(PAGE)]
FOUND = [pytest.param(query, *cells, id=name) for name, query, cells in ROWS if len(cells) == 2]
HELD = [pytest.param(query, *cells, id=name) for name, query, cells in ROWS if len(cells) == 1]


TABLE_ROW = re.compile(r"^\|(?! \||---).*`.*\|$", re.MULTILINE)
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def fires(asked, **article):
    """`asked` is a query, or the keys of a watch in braces."""
    keys = YAML(typ="safe", pure=True).load(asked) if asked.startswith("{") else {"query": asked}
    return bool(Matcher([Watch.model_validate({"id": "w", "name": "w"} | keys)]).matching(make_article(**article)))


def told(cell):
    title, mark, text = cell.partition(" ¶ ")
    return {"title": title if mark else "Tin", "lead": None, "text": text if mark else cell}


@pytest.mark.parametrize(("asked", "is_in", "is_not_in"), FOUND)
def test_a_watch_finds_what_the_page_says(asked, is_in, is_not_in):
    assert fires(asked, **told(is_in))
    assert not fires(asked, **told(is_not_in))


@pytest.mark.parametrize(("query", "answer"), HELD)
def test_a_query_holds_where_the_page_says(query, answer):
    assert fires(query, published_at=datetime(2024, 5, 31, 3, tzinfo=UTC), tags=("bầu cử",)) is (answer == "yes")


def test_every_remark_is_on_the_page():
    assert [code for code in WORDS if f"`{code}`" not in REMARKS] == []


def test_every_row_of_every_table_is_run():
    assert len(FOUND) + len(HELD) == len(TABLE_ROW.findall(PAGE))
    assert len(FOUND) >= 50
    assert len(HELD) >= 20


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_is_a_file_of_watches(block):
    for watch in Watches.model_validate(YAML(typ="safe", pure=True).load(block)).watches:
        Matcher([watch])


def test_every_key_that_says_what_is_found_is_on_the_page():
    elsewhere = {"id", "name", "alert", "when", "quiet_hours", "since", "enabled", "portals", "provinces", "sections"}
    assert [key for key in Watch.model_fields if key not in elsewhere and f"`{key}" not in PAGE] == []


def test_every_field_that_a_query_may_name_is_on_the_page():
    assert [name for name in FIELDS if not re.search(rf"\b{name}\b", PAGE)] == []
