"""Real pages read without any rules, against hand-made expectations kept as hashes and facts (`bench.truth`): their text is not ours to keep."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.truth import Case, fact, grams, read, score
from config.portal import Portal
from crawler.model import Page, ParsedArticle, Validators
from crawler.parse.article import parse_article

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "../shared/samples"
EXPECTED = ROOT / "tests/samples.json"
FETCHED_AT = datetime(2026, 11, 20, tzinfo=UTC)

if SAMPLES.is_dir():

    @cache
    def cases() -> dict[str, Case]:
        return {case.name: case for case in read(EXPECTED, pages=SAMPLES)}

    @cache
    def article(name: str) -> ParsedArticle:
        case = cases()[name]
        page = Page(
            requested_url=case.url,
            url=case.url,
            status=200,
            body=case.body,
            content_type=None,
            validators=Validators(),
            fetched_at=FETCHED_AT,
        )
        return parse_article(page, unknown_portal(case.url))

    def unknown_portal(url: str) -> Portal:
        host = urlsplit(url).netloc
        home = f"https://{host}/"
        return Portal.model_validate(
            {"id": "unknown", "name": host, "home": home, "sources": [{"id": "home", "kind": "listing", "url": home}]}
        )

    def plain_author(author: str) -> str:
        """Names however they are joined: "A - B", "A, B", "A – B"."""
        return re.sub(r"\s*[-–,;]\s*", " - ", author)

    def moment(value: Any) -> datetime:
        return datetime.fromisoformat(str(value)).astimezone(UTC).replace(second=0)

    RIGHT: dict[str, Callable[[ParsedArticle, dict[str, Any]], bool]] = {
        "title_hash": lambda got, want: fact(got.title) == want["title_hash"],
        "published_at": lambda got, want: got.published_at is not None and moment(got.published_at) == moment(want["published_at"]),
        "published_precision": lambda got, want: got.published_precision == want["published_precision"],
        "author_hash": lambda got, want: fact(plain_author(got.author or "")) == want["author_hash"],
    }

    def test_the_samples_are_those_the_expectations_were_made_for():
        from hashlib import blake2b

        assert [
            name for name, case in cases().items() if blake2b(case.body, digest_size=16).hexdigest() != case.expected["page_hash"]
        ] == []

    def test_title_date_precision_and_author_are_right_on_at_least_95_of_100_fields():
        fields = [(name, field) for name, case in cases().items() for field in RIGHT if field in case.expected]
        wrong = [(name, field) for name, field in fields if not RIGHT[field](article(name), dict(cases()[name].expected))]
        assert len(wrong) <= len(fields) * 0.05, wrong

    def test_nobody_is_made_an_author_who_is_none():
        assert [name for name, case in cases().items() if "author_hash" not in case.expected and article(name).author] == []

    def test_lead_and_text_have_a_4_gram_f1_of_at_least_95_on_average():
        f1 = {name: score(grams(article(name).lead, article(name).text), case.grams or grams()).f1 for name, case in cases().items()}
        assert sum(f1.values()) / len(f1) >= 0.95, f1

    def test_a_lead_is_the_papers_own_and_not_in_the_text_again():
        leads = {name: article(name).lead for name in cases()}
        expected = {name: case.expected.get("lead_hash") for name, case in cases().items()}
        assert {name: fact(lead) if lead else None for name, lead in leads.items()} == expected
        assert [name for name, lead in leads.items() if lead and lead in article(name).text] == []

    def test_captions_stand_apart_from_the_text():
        assert {name: [fact(one) for one in article(name).captions] for name in cases()} == {
            name: case.expected.get("captions_hash", []) for name, case in cases().items()
        }
