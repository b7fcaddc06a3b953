"""Every folder of tests/corpus is a page in a portal's own markup and what must come out of it. Cases are folders, not code.

A folder bears a portal's id, or that of a family no shipped portal runs on. `expected.json` names the page's `url` and every field that must not be empty; a field it does not name must come out empty.
"""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from config.family import Family, families
from crawler.dedup.urls import is_article
from crawler.errors import ParseError
from crawler.model import Page, Validators
from crawler.parse.article import parse_article
from tests.unit.catalogue import CASES, CORPUS, NATIONAL, PORTALS, all_families, portal, text_of

BEST_KNOWN = (
    "baodongthap", "baocantho", "baoangiang", "baotayninh", "baonghean", "baodanang", "baohaiphong", "baodaklak", "baogialai", "baohatinh",
    "hanoimoi", "sggp", "huengaynay",
)  # fmt: skip
REQUIRED = {"url", "title", "published_at", "published_precision"}
TIMES = {"published_at", "updated_at"}
FIELDS = (
    "canonical_url", "title", "lead", "text", "author", "credit", "section", "tags", "captions", "images", "published_at", "published_precision", "updated_at",
)  # fmt: skip


@cache
def expected_of(case: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return expected


def page_of(case: Path) -> Page:
    url = expected_of(case)["url"]
    return Page(
        requested_url=url,
        url=url,
        status=200,
        body=(case / "page.html").read_bytes(),
        content_type="text/html; charset=utf-8",
        validators=Validators(),
        fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def read(case: Path) -> Any:
    return parse_article(page_of(case), portal(case.parent.name))


def shown(article: Any, field: str) -> Any:
    """As expected.json writes it: paragraphs apart, pictures by their URL, nothing as None."""
    value = getattr(article, field)
    if field == "text":
        return value.split("\n\n") if value else None
    if field == "images":
        return [image.url for image in value] or None
    return (list(value) or None) if isinstance(value, tuple) else value


def wanted(case: Path, field: str) -> Any:
    value = expected_of(case).get(field)
    return datetime.fromisoformat(value) if field in TIMES and value else value


CORPUS_OF = {case.parent.name for case in CASES}
names = [f"{case.parent.name}/{case.name}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=names)
def test_a_page_gives_exactly_what_is_expected(case):
    article = read(case)
    assert {field: shown(article, field) for field in FIELDS} == {field: wanted(case, field) for field in FIELDS}


@pytest.mark.parametrize("case", CASES, ids=names)
def test_a_page_is_read_at_its_portals_level_and_without_a_problem(case):
    article, level = read(case), {"rules": "rule", "generic": "generic"}[portal(case.parent.name).level]
    assert (article.provenance["title"], article.provenance["text"], article.problems) == (level, level, ())


@pytest.mark.parametrize("case", CASES, ids=names)
def test_what_is_expected_is_never_empty(case):
    expected = expected_of(case)
    assert REQUIRED <= set(expected) <= {"url", *FIELDS}
    assert [field for field, value in expected.items() if not value] == []
    assert "text" in expected or "captions" in expected


@pytest.mark.parametrize("case", CASES, ids=names)
def test_the_page_of_a_case_is_an_article_to_its_portal(case):
    assert is_article(expected_of(case)["url"], portal(case.parent.name))


def test_no_folder_of_the_corpus_lacks_its_page_or_its_truth():
    folders = {path for path in CORPUS.glob("*/*") if path.is_dir()}
    assert folders == {*CASES} == {path.parent for path in CORPUS.glob("*/*/expected.json")}


@pytest.mark.parametrize("name", [name for name in PORTALS + NATIONAL if "\n  rules:" in text_of(name) or "\n  override:" in text_of(name)])
def test_a_portal_with_rules_of_its_own_has_a_case(name):
    assert name in CORPUS_OF


@pytest.mark.parametrize("name", BEST_KNOWN)
def test_a_well_known_paper_has_a_case(name):
    assert name in CORPUS_OF


@pytest.mark.parametrize("family", all_families())
def test_a_family_has_a_case_that_its_rules_alone_read(family):
    """A family of which only the URLs are known has one that generic extraction reads."""
    of_family = [case for case in CASES if family in portal(case.parent.name).family]
    titles = {case: title_by(families()[family], case) for case in of_family}
    assert any(title == expected_of(case)["title"] for case, title in titles.items())


def title_by(family: Family, case: Path) -> str | None:
    article = portal(case.parent.name).article.model_copy(update={"rules": family.rules})
    try:
        read_by = parse_article(page_of(case), portal(case.parent.name).model_copy(update={"article": article}))
    except ParseError:
        return None
    return read_by.title if read_by.provenance["text"] == ("rule" if family.rules else "generic") else None
