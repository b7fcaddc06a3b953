"""One spelling for each URL, one identity for each article: held against every article URL that stands in tests/corpus."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

import pytest

from crawler.dedup import urls
from tests.unit.catalogue import CASES, portal
from tests.unit.test_parse_corpus import expected_of

HREF = re.compile(r"""\b(?:href|content)\s*=\s*["']([^"'<>\s]+)["']""")
OF_A_PORTAL = {name: [case for case in CASES if case.parent.name == name] for name in sorted({case.parent.name for case in CASES})}
TWINS = (
    lambda url: url.replace("https://", "http://", 1),
    lambda url: url + "#binh-luan",
    lambda url: url + ("&" if "?" in url else "?") + "utm_source=zalo&fbclid=x",
    lambda url: re.sub(r"://([^/]+)", lambda host: host[0].upper(), url, count=1),
)


def article_urls(name: str) -> Iterator[str]:
    for case in OF_A_PORTAL[name]:
        page, base = (case / "page.html").read_text(encoding="utf-8"), expected_of(case)["url"]
        for url in (base, *(urljoin(base, href.replace("&amp;", "&")) for href in HREF.findall(page))):
            try:
                settled = urls.settle(url, portal(name))
            except ValueError:
                continue
            if urls.is_article(settled, portal(name)):
                yield url


def ids(name: str) -> Mapping[str, re.Match[str]]:
    """By URL: where the pattern of its era found the article's id."""
    patterns = [re.compile(pattern.match) for pattern in portal(name).article.urls]
    found = {
        url: next((match for pattern in patterns if (match := pattern.search(url.partition("?")[0]))), None) for url in article_urls(name)
    }
    return {url: match for url, match in found.items() if match is not None and "id" in match.re.groupindex}


def test_there_are_urls_to_look_at():
    assert sum(len(set(article_urls(name))) for name in OF_A_PORTAL) > 2 * len(OF_A_PORTAL)


@pytest.mark.parametrize("name", OF_A_PORTAL)
def test_settling_is_idempotent_and_the_twins_of_a_url_are_one(name):
    for url in set(article_urls(name)):
        settled = urls.settle(url, portal(name))
        assert urls.settle(settled, portal(name)) == settled
        assert urls.canonical(settled) == settled
        is_home = urls.host_of(url).removeprefix("www.") == urls.host_of(str(portal(name).home)).removeprefix("www.")
        for twin in TWINS if is_home else TWINS[1:]:  # an old host may have had no https, and its pages are told by their ids
            assert urls.settle(twin(url), portal(name)) == settled


@pytest.mark.parametrize("name", OF_A_PORTAL)
def test_no_two_articles_are_joined(name):
    """An id that differs in one digit, or a name where there is no id, is another article and another link."""
    known = ids(name)
    for url in set(article_urls(name)):
        if url in known:
            at = known[url].end("id") - 1
            others = [url[:at] + digit + url[at + 1 :] for digit in "0123456789" if digit != url[at]]
        else:
            head, dot, tail = url.rpartition(".")
            others = [f"{head}-khac{dot}{tail}" if "/" not in tail else f"{url.rstrip('/')}-khac"]
        for other in others:
            assert urls.settle(other, portal(name)) != urls.settle(url, portal(name))
            assert urls.identity(other, portal(name)) != urls.identity(url, portal(name))


@pytest.mark.parametrize("name", OF_A_PORTAL)
def test_the_pages_of_the_corpus_have_an_identity_each(name):
    cases = OF_A_PORTAL[name]
    of_title = {urls.identity(expected_of(case)["url"], portal(name)): expected_of(case)["title"] for case in cases}
    assert set(of_title.values()) == {expected_of(case)["title"] for case in cases}
