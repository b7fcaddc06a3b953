"""Every folder of tests/corpus is a page in a portal's own markup and what must come out of it. Cases are folders, not code.

`expected.json` names the page's `url` and every field that must not be empty; a field it does not name must come out empty.
"""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.portal import Portal
from crawler.dedup.urls import is_article
from crawler.model import Page, Validators
from crawler.parse.article import parse_article

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted(path.parent for path in (ROOT / "tests/corpus").glob("*/*/page.html"))
PORTALS = sorted((ROOT / "config/portals").glob("*.yaml"))
REQUIRED = {"url", "title", "published_at", "published_precision"}
TIMES = {"published_at", "updated_at"}
FIELDS = (
    "canonical_url", "title", "lead", "text", "author", "credit", "section", "tags", "captions", "images", "published_at", "published_precision", "updated_at",
)  # fmt: skip


@cache
def portal(name: str) -> Portal:
    return Portal.model_validate(YAML(typ="safe").load((ROOT / f"config/portals/{name}.yaml").read_text(encoding="utf-8")))


@cache
def expected_of(case: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return expected


def read(case: Path) -> Any:
    url = expected_of(case)["url"]
    page = Page(
        requested_url=url,
        url=url,
        status=200,
        body=(case / "page.html").read_bytes(),
        content_type="text/html; charset=utf-8",
        validators=Validators(),
        fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    return parse_article(page, portal(case.parent.name))


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


names = [f"{case.parent.name}/{case.name}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=names)
def test_a_page_gives_exactly_what_is_expected(case):
    article = read(case)
    assert {field: shown(article, field) for field in FIELDS} == {field: wanted(case, field) for field in FIELDS}


@pytest.mark.parametrize("case", CASES, ids=names)
def test_a_page_is_read_by_its_portals_rules_and_without_a_problem(case):
    article = read(case)
    assert (article.provenance["title"], article.provenance["text"], article.problems) == ("rule", "rule", ())


@pytest.mark.parametrize("case", CASES, ids=names)
def test_what_is_expected_is_never_empty(case):
    expected = expected_of(case)
    assert REQUIRED <= set(expected) <= {"url", *FIELDS}
    assert [field for field, value in expected.items() if not value] == []
    assert "text" in expected or "captions" in expected


@pytest.mark.parametrize("case", CASES, ids=names)
def test_the_page_of_a_case_is_an_article_to_its_portal(case):
    assert is_article(expected_of(case)["url"], portal(case.parent.name))


@pytest.mark.parametrize("path", PORTALS, ids=lambda path: path.stem)
def test_a_portal_with_rules_has_a_case(path):
    assert not portal(path.stem).article.rules or any(case.parent.name == path.stem for case in CASES)
