"""Real pages read by the rules of the shipped portal they are of: whatever the catalogue rests on, it holds here."""

from functools import cache

from bench.truth import Case, grams, read, score
from crawler.dedup.urls import host_of, hosts_of, is_article
from crawler.model import ParsedArticle
from crawler.parse.article import parse_article
from tests.unit.catalogue import all_portals
from tests.unit.test_parse_samples import EXPECTED, SAMPLES

if SAMPLES.is_dir():
    from config.portal import Portal
    from crawler.model import Page, Validators
    from tests.unit.test_parse_samples import FETCHED_AT, RIGHT

    UNREADABLE = {"laodong.vn__03ee7327": "a video: it has no body", "qdnd.vn__8eef6385": "its headline was not stored"}
    """What rules cannot read of them, and why: generic extraction does."""

    @cache
    def portals() -> dict[str, Portal]:
        return {host: portal for portal in all_portals() for host in hosts_of(portal)}

    @cache
    def known() -> dict[str, tuple[Case, Portal, ParsedArticle]]:
        cases = {case.name: (case, portals()[host_of(case.url)]) for case in read(EXPECTED, pages=SAMPLES)}
        return {name: (case, portal, parse_article(page(case), portal)) for name, (case, portal) in cases.items()}

    def page(case: Case) -> Page:
        validators = Validators()
        return Page(
            requested_url=case.url,
            url=case.url,
            status=200,
            body=case.body,
            content_type=None,
            validators=validators,
            fetched_at=FETCHED_AT,
        )

    def is_readable(name: str) -> bool:
        return not any(short in name for short in UNREADABLE)

    def test_each_is_an_article_to_its_portal():
        assert [name for name, (case, portal, _) in known().items() if not is_article(case.url, portal)] == []

    def test_title_and_text_are_read_by_rules():
        assert [
            (name, got.problems)
            for name, (_, _, got) in known().items()
            if is_readable(name) and (got.provenance["title"], got.provenance["text"]) != ("rule", "rule")
        ] == []

    def test_every_field_is_right():
        assert [
            (name, field)
            for name, (case, _, got) in known().items()
            for field in RIGHT
            if field in case.expected and is_readable(name) and field != "published_precision"
            if not RIGHT[field](got, dict(case.expected))
        ] == []

    def test_lead_and_text_are_hardly_more_or_less_than_what_the_paper_printed():
        f1 = {
            name: score(grams(got.lead, got.text), case.grams or grams()).f1
            for name, (case, _, got) in known().items()
            if is_readable(name)
        }
        assert min(f1.values()) >= 0.95, f1
        assert sum(f1.values()) / len(f1) >= 0.98, f1
