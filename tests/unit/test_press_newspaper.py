"""What the URLs of a simulated paper show, and when."""

import json
import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from crawler.model import VIETNAM
from crawler.press import DEFAULT_PORTALS, Press
from crawler.press.families import FAMILIES
from crawler.press.newspaper import Answer, Newspaper
from crawler.press.pages import hidden_path, slug_of, spell
from crawler.press.truth import TrueArticle, Truth
from tests.builders import NOON

PORT = 8080
END = NOON + timedelta(seconds=600)
PORTAL_IDS = [portal.id for portal in DEFAULT_PORTALS]


def make_press(**changed) -> Press:
    values: dict[str, Any] = {"start": NOON, "n_backlog": 24, "n_articles": 160, "period_s": 600.0, "port": PORT}
    return Press(**(values | changed))


PRESS = make_press()
TRUTH = PRESS.truth()


def paper(portal: str, press: Press = PRESS) -> Newspaper:
    return press._papers[portal]


def shown(url: str, now: datetime = END, press: Press = PRESS) -> Answer:
    portal = next(portal for portal in press.portals if url.startswith(portal.base_url + "/"))
    return paper(portal.id, press).answer(url.removeprefix(portal.base_url), now)


def document_of(page: bytes) -> Any:
    return html.document_fromstring(page.decode())


def words_of(page: bytes) -> str:
    text = document_of(page).text_content()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def of(portal: str, truth: Truth = TRUTH) -> list[TrueArticle]:
    return [article for article in truth.articles if article.portal == portal]


def links(url: str, now: datetime = END) -> list[str]:
    document = document_of(shown(url, now).body)
    base = document.cssselect("base")
    document.make_links_absolute(base[0].get("href") if base else url)
    return [link.get("href") for link in document.cssselect("a[href]")]


def test_every_sentence_of_the_truth_is_on_its_page():
    for article in TRUTH.articles:
        page = words_of(shown(article.url).body)
        for text in (article.title, article.lead, *article.paragraphs, *article.captions):
            assert text in page


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_the_rules_of_the_family_select_the_printed_time_author_and_tags(portal):
    rules = FAMILIES[next(paper.family for paper in DEFAULT_PORTALS if paper.id == portal)].rules
    for article in of(portal):
        document = document_of(shown(article.url).body)

        def text(field: str, document=document) -> list[str]:
            return [element.text_content().strip() for element in document.cssselect(rules[field])]

        assert text("author") == [article.author or f"Theo {article.credit}"]
        assert text("section") == [article.section]
        assert text("captions") == list(article.captions)
        assert tuple(text("tags") if "tags" in rules else ()) == article.tags
        (printed,) = text("published")
        assert f"{article.published_at:%d/%m/%Y}" in printed
        assert (f"{article.published_at:%H:%M:%S}" if article.precision == "second" else f"{article.published_at:%H:%M}") in printed


def test_a_page_is_not_found_before_its_moment_and_found_at_it():
    article = next(article for article in TRUTH.articles if not article.is_backlog)
    assert shown(article.url, article.appears_at - timedelta(microseconds=1)).status == 404
    assert shown(article.url, article.appears_at).status == 200


def test_the_printed_time_is_the_moment_of_appearance_in_vietnam():
    for article in TRUTH.articles:
        assert article.published_at.utcoffset() == timedelta(hours=7)
        assert timedelta(0) <= article.appears_at - article.published_at < timedelta(minutes=1)


def test_the_weekday_is_the_right_one():
    sunday = datetime(2026, 3, 1, 21, 21, tzinfo=VIETNAM)
    assert FAMILIES["portal-yyyymm"].date_line(sunday) == "Chủ Nhật, 01/03/2026, 21:21 (GMT+7)"
    assert FAMILIES["portal-yyyymm"].date_line(sunday + timedelta(days=1)) == "Thứ Hai, 02/03/2026, 21:21 (GMT+7)"


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_all_aliases_show_the_same_page(portal):
    for article in of(portal)[:10]:
        assert article.aliases
        assert {shown(alias).body for alias in article.aliases} == {shown(article.url).body}


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_the_portal_pattern_finds_the_same_id_in_every_alias(portal):
    family = FAMILIES[next(paper.family for paper in DEFAULT_PORTALS if paper.id == portal)]
    for article in of(portal):
        assert {family.number_in(url) for url in (article.url, *article.aliases)} == {article.number}


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_the_pages_of_the_listings_lead_to_every_published_article_and_to_no_other(portal):
    there = next(paper for paper in PRESS.portals if paper.id == portal)
    family, now = FAMILIES[there.family], NOON + timedelta(seconds=300)
    found: set[int] = set()
    for section in there.sections:
        page = 1
        while paper(portal).answer(family.listing_path(section, page), now).status == 200:
            numbers = [family.number_in(link.partition("?")[0]) for link in links(there.base_url + family.listing_path(section, page), now)]
            found |= {number for number in numbers if number is not None}
            page += 1
    assert found - {there.first_number - 1} == {article.number for article in of(portal) if article.appears_at <= now}


def test_a_listing_names_its_next_page_until_the_last():
    there = PRESS.portals[0]
    small = make_press(window=3)
    pages = [paper(there.id, small).answer(f"/thoi-su?page={n}", END) for n in range(1, 20)]
    texts = [page.body.decode() for page in pages if page.status == 200]
    assert len(texts) > 2
    assert all('rel="next"' in text for text in texts[:-1])
    assert 'rel="next"' not in texts[-1]


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_a_feed_shows_the_newest_first_within_its_window(portal):
    there = next(paper for paper in PRESS.portals if paper.id == portal)
    now = NOON + timedelta(seconds=300)
    channel = ET.fromstring(paper(portal).answer(FAMILIES[there.family].feed_path(None), now).body)
    urls = [(item.findtext("link") or "").partition("?")[0] for item in channel.iter("item")]
    expected = [article.url for article in reversed(of(portal)) if article.appears_at <= now]
    assert urls == expected[:30]


def test_some_feed_links_carry_tracking_parameters():
    feed = paper("baodongthap").answer("/rss/home.rss", END).body.decode()
    assert "?utm_source=rss&amp;utm_medium=feed" in feed


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_every_listing_links_to_the_page_that_robots_forbid(portal):
    there = next(paper for paper in PRESS.portals if paper.id == portal)
    hidden = hidden_path(there, FAMILIES[there.family])
    assert "Disallow: /noi-bo/" in paper(portal).answer("/robots.txt", END).body.decode()
    assert FAMILIES[there.family].number_in(hidden)
    for section in there.sections:
        assert there.base_url + hidden in links(there.base_url + FAMILIES[there.family].listing_path(section))


def test_the_sitemap_lists_every_published_article():
    locations = re.findall(r"<loc>(.*?)</loc>", paper("baonghean").answer("/sitemap.xml", END).body.decode())
    assert sorted(locations) == sorted(article.url for article in of("baonghean"))


def test_two_presses_of_one_seed_print_the_same_bytes():
    other = make_press()
    urls = [article.url for article in TRUTH.articles]
    assert [shown(url, press=other).body for url in urls] == [shown(url).body for url in urls]
    assert other.truth() == TRUTH


def test_a_page_keeps_its_etag_as_time_goes_on_and_a_listing_does_not():
    article = TRUTH.articles[0]
    assert shown(article.url, NOON).etag == shown(article.url, END).etag
    listing = "http://127.0.11.1:8080/thoi-su"
    assert shown(listing, NOON).etag != shown(listing, END).etag


def test_pages_are_padded_to_about_the_size_asked_for():
    big = make_press(page_bytes=90_000, n_articles=20, n_backlog=0)
    sizes = [len(shown(article.url, press=big).body) for article in big.truth().articles]
    assert all(75_000 < size < 105_000 for size in sizes)


def test_a_title_with_a_line_break_spoils_the_structured_data_of_v1_pages():
    broken = next(article for article in of("baocantho") if article.number % 5 == 0)
    page = document_of(shown(broken.url).body)
    (script,) = page.cssselect('script[type="application/ld+json"]')
    with pytest.raises(json.JSONDecodeError):
        json.loads(script.text_content())


def test_the_meta_date_of_onecms_is_american():
    article = of("baonghean")[0]
    page = document_of(shown(article.url).body)
    (meta,) = page.cssselect('meta[name="article:published_time"]')
    assert datetime.strptime(meta.get("content"), "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=VIETNAM) == article.published_at


def test_spellings_change_bytes_but_no_letter():
    text = "Thực hiện quy chế dân chủ ở cơ sở"
    assert spell(text, "nbsp") == "Thực\u00a0hiện quy\u00a0chế dân\u00a0chủ ở\u00a0cơ sở"
    assert unicodedata.normalize("NFC", spell(text, "nfd")) == text != spell(text, "nfd")


def test_a_slug_has_no_marks():
    assert slug_of("Hoà giải ở cơ sở: Đồng Tháp, 12,5%!") == "hoa-giai-o-co-so-dong-thap-12-5"


def test_the_truth_survives_json():
    assert Truth.from_json(TRUTH.as_json()) == TRUTH


def test_the_truth_finds_an_article_by_any_of_its_urls():
    article = of("baoapbac")[3]
    assert TRUTH.by_url(f"{article.aliases[0]}?utm_source=rss") == article
    assert TRUTH.by_url("http://127.0.11.2:8080/none") is None


def test_the_truth_tells_the_backlog_from_what_must_be_told():
    told, held = TRUTH.about("nong-thon-moi"), TRUTH.about("nong-thon-moi", backlog=True)
    assert {article.url for article in told} <= {article.url for article in held}
    assert not any(article.is_backlog for article in told)


def test_a_copy_names_its_original_at_another_portal():
    by_url = {article.url: article for article in TRUTH.articles}
    copies = [article for article in TRUTH.articles if article.copy_of]
    assert copies
    for copy in copies:
        original = by_url[copy.copy_of or ""]
        assert (original.lead, original.paragraphs) == (copy.lead, copy.paragraphs)
        assert original.portal != copy.portal
        assert original.title != copy.title


def test_own_portals_may_take_the_place_of_the_shipped_ones():
    lone = replace(DEFAULT_PORTALS[0], id="baokhac", address="127.0.12.1")
    press = make_press(portals=(lone,))
    assert {article.portal for article in press.truth().articles} == {"baokhac"}
