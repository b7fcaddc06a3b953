"""Indexes of sitemaps, followed over real HTTP."""

import asyncio
import gzip
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.portal import Portal
from crawler.errors import FetchError
from crawler.follow import Followed, follow
from crawler.model import Page
from crawler.reading import Gleaned, read_source
from crawler.sitemaps import FAILED, MAX_A_POLL, MAX_TRIES, Visit
from tests.builders import NOON
from tests.integration.fetch.serving import Site, answer, open_client

HOUR = timedelta(hours=1)


def urlset(*entries: tuple[str, datetime | None]) -> bytes:
    return (
        "<urlset>"
        + "".join(f"<url><loc>{url}</loc>{f'<lastmod>{at.isoformat()}</lastmod>' if at else ''}</url>" for url, at in entries)
        + "</urlset>"
    ).encode()


def portal_at(site: Site) -> Portal:
    home = f"http://127.0.0.1:{site.port}/"
    return Portal.model_validate(
        {
            "id": "mau",
            "name": "Báo Mẫu",
            "home": home,
            "sources": [{"id": "all", "kind": "sitemap", "url": f"{home}sitemap.xml"}],
            "article": {"urls": [{"era": "a", "match": r"-a(?P<id>\d+)\.html$"}]},
        }
    )


async def followed(site: Site, named: Mapping[str, datetime | None], visits: Mapping[str, Visit] = {}, *, now: datetime = NOON) -> Followed:
    portal = portal_at(site)

    async def read(page: Page) -> Gleaned:
        return read_source(page, portal, portal.sources[0], since=NOON - timedelta(days=31))

    async with open_client() as client:
        return await follow(client, read, named, visits, interval_s=0, now=now)


def at(site: Site, path: str) -> str:
    return f"http://127.0.0.1:{site.port}{path}"


def run(scene: Any) -> None:
    asyncio.run(asyncio.wait_for(scene, 30))


def test_the_sitemaps_of_an_index_are_read_and_their_news_kept():
    async def scene() -> None:
        async with Site({}) as site:
            fresh, old = at(site, "/tin-a1.html"), at(site, "/tin-a2.html")
            site.pages = {
                "/1.xml.gz": answer(gzip.compress(urlset((fresh, NOON - HOUR), (old, NOON - timedelta(days=40)))), ETag='"v1"'),
                "/2.xml": answer(f"{at(site, '/tin-a3.html')}\n{at(site, '/tin-a4.html')}\n".encode()),
            }
            got = await followed(site, {at(site, "/1.xml.gz"): NOON, at(site, "/2.xml"): None})
            assert [link.url for link in got.links] == [fresh, at(site, "/tin-a3.html"), at(site, "/tin-a4.html")]
            assert got.visits[at(site, "/1.xml.gz")] == Visit(asked_at=NOON, etag='"v1"', changed_at=NOON, n_fresh=1)

    run(scene())


def test_each_is_asked_with_its_own_validators():
    async def scene() -> None:
        async with Site({"/1.xml": answer(b"", status="304 Not Modified")}) as site:
            before = Visit(asked_at=NOON - HOUR, etag='"v1"', n_fresh=3)
            got = await followed(site, {at(site, "/1.xml"): None}, {at(site, "/1.xml"): before})
            assert site.log[-1].headers["if-none-match"] == '"v1"'
            assert got.visits[at(site, "/1.xml")] == Visit(asked_at=NOON, etag='"v1"', n_fresh=3)

    run(scene())


def test_one_that_fails_does_not_hide_the_others():
    async def scene() -> None:
        async with Site({}) as site:
            site.pages = {"/2.xml": answer(urlset((at(site, "/tin-a1.html"), NOON - HOUR)))}
            got = await followed(site, {at(site, "/1.xml"): NOON, at(site, "/2.xml"): NOON - HOUR})
            assert [link.url for link in got.links] == [at(site, "/tin-a1.html")]
            assert got.visits[at(site, "/1.xml")] == Visit(asked_at=NOON, n_fresh=FAILED)

    run(scene())


def test_newer_ones_that_are_broken_for_good_do_not_keep_the_others_from_being_read():
    async def scene() -> None:
        async with Site({}) as site:
            broken = [at(site, f"/broken-{n}.xml") for n in "abcdefg"]
            sound = [at(site, f"/sound-{n}.xml") for n in "abcdefg"]
            site.pages = {f"/sound-{n}.xml": answer(urlset((at(site, f"/tin-a{ord(n)}.html"), NOON - HOUR))) for n in "abcdefg"}
            named = {url: NOON - n * HOUR for n, url in enumerate((*broken, *sound))}
            first = await followed(site, named)
            assert len(first.links) == MAX_TRIES - len(broken)
            second = await followed(site, named, first.visits, now=NOON + HOUR)
            assert len(second.links) == MAX_A_POLL

    run(scene())


def test_when_all_fail_the_poll_has_failed():
    async def scene() -> None:
        async with Site({}) as site:
            with pytest.raises(FetchError):
                await followed(site, {at(site, "/1.xml"): NOON})

    run(scene())


def test_an_index_inside_an_index_is_read_the_next_time():
    async def scene() -> None:
        async with Site({}) as site:
            site.pages = {
                "/1.xml": answer(f"<sitemapindex><sitemap><loc>{at(site, '/2.xml')}</loc></sitemap></sitemapindex>".encode()),
                "/2.xml": answer(urlset((at(site, "/tin-a1.html"), NOON - HOUR))),
            }
            first = await followed(site, {at(site, "/1.xml"): None})
            second = await followed(site, {at(site, "/1.xml"): None}, first.visits, now=NOON + HOUR)
            assert first.links == ()
            assert [link.url for link in second.links] == [at(site, "/tin-a1.html")]

    run(scene())
