"""What canhbao reads in the simulated pages is what the press knows it printed: two programs, written apart, agree."""

from datetime import timedelta

import pytest

from config.portal import Portal
from config.watch import Watch
from crawler.dedup.fingerprint import text_hash
from crawler.dedup.urls import identity, is_article
from crawler.match.matcher import Matcher
from crawler.model import Page, ParsedArticle, Validators
from crawler.parse.article import parse_article
from crawler.parse.feed import parse_feed
from crawler.parse.listing import parse_listing
from crawler.press import DEFAULT_PORTALS, Press, TrueArticle
from crawler.press.export import portal_config
from crawler.press.newspaper import Answer
from tests.builders import NOON, make_article

PRESS = Press(start=NOON, n_backlog=10, n_articles=110, period_s=600, port=8080)
TRUTH = PRESS.truth()
END = NOON + timedelta(seconds=700)
MATCHER = Matcher([Watch.model_validate(watch) for watch in PRESS.watches()])
PORTAL_IDS = [portal.id for portal in DEFAULT_PORTALS]


def portal_of(ident: str) -> Portal:
    return Portal.model_validate(portal_config(PRESS.portal(ident)))


def answer(url: str, portal: str) -> Answer:
    return PRESS._papers[portal].answer(url.removeprefix(PRESS.portal(portal).base_url), END)


def read(article: TrueArticle) -> ParsedArticle:
    shown = answer(article.url, article.portal)
    page = Page(
        requested_url=article.url,
        url=article.url,
        status=200,
        body=shown.body,
        content_type=shown.content_type,
        validators=Validators(),
        fetched_at=END,
    )
    return parse_article(page, portal_of(article.portal))


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_every_field_is_read_as_it_was_printed(portal):
    for article in TRUTH.articles:
        if article.portal == portal:
            got = read(article)
            assert (got.title, got.lead, got.text) == (article.title, article.lead, "\n\n".join(article.paragraphs))
            assert (got.author, got.credit, got.section) == (article.author, article.credit, article.section)
            assert (got.tags, got.captions) == (article.tags, article.captions)
            assert (got.published_at, got.published_precision) == (article.published_at, article.precision)
            assert got.problems == ()


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_the_watches_find_the_topics_of_the_truth_and_no_other(portal):
    for article in TRUTH.articles:
        if article.portal == portal:
            got = read(article)
            matches = MATCHER.match(make_article(title=got.title, lead=got.lead, text=got.text))
            assert {match.watch for match in matches} == set(article.topics)


def test_copies_are_told_by_their_text():
    by_url = {article.url: read(article) for article in TRUTH.articles}
    hashes = {url: text_hash(got.title, got.lead, got.text) for url, got in by_url.items()}
    copies = [article for article in TRUTH.articles if article.copy_of]
    assert copies
    assert all(hashes[copy.url] == hashes[copy.copy_of or ""] for copy in copies)
    assert len(set(hashes.values())) == len(TRUTH.articles) - len(copies)


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_the_sources_lead_to_all_newest_articles_and_to_the_forbidden_page(portal):
    there, found = portal_of(portal), set()
    for source in there.sources:
        url, shown = str(source.url), answer(str(source.url), portal)
        if source.kind == "feed":
            harvest = parse_feed(shown.body, url, shown.content_type)
        else:
            harvest = parse_listing(shown.body, url, shown.content_type, link_css=None, is_article=lambda link: is_article(link, there))
        found |= {identity(entry.url, there).ident for entry in harvest.entries}
    printed = {str(article.number) for article in TRUTH.articles if article.portal == portal}
    assert found - {str(PRESS.portal(portal).first_number - 1)} <= printed
    newest = sorted(printed, key=int)[-20:]
    assert set(newest) <= found


# --- a redesign


@pytest.fixture
def redesigned():
    paper = PRESS._papers["baonghean"]
    paper.redesign(NOON)
    yield [article for article in TRUTH.articles if article.portal == "baonghean"][:12]
    paper._redesigned_at = None


def test_a_redesign_changes_the_markup_of_every_page_and_nothing_that_it_says(redesigned: list[TrueArticle]):
    for article in redesigned:
        html = answer(article.url, article.portal).body.decode()
        assert "block-sc-title" not in html
        assert "ld+json" not in html
        got = read(article)
        assert (got.title, got.lead, got.published_at) == (article.title, article.lead, article.published_at)
        assert got.problems == ("rules: none found a title and a body",)


def test_a_redesign_begins_with_the_article_it_is_told_to():
    article = next(each for each in TRUTH.articles if each.portal == "baoapbac" and not each.is_backlog)
    PRESS.redesign("baoapbac", from_article=article.number)
    try:
        paper, path = PRESS._papers["baoapbac"], article.url.removeprefix(PRESS.portal("baoapbac").base_url)
        first = next(each for each in TRUTH.articles if each.portal == "baoapbac").url.removeprefix(PRESS.portal("baoapbac").base_url)
        assert b"story-title" in paper.answer(path, article.appears_at).body
        assert b"story-title" not in paper.answer(first, article.appears_at - timedelta(seconds=1)).body
        assert b"story-title" in paper.answer(first, article.appears_at).body
    finally:
        paper._redesigned_at = None
