"""Redirects are followed by hand, and every hop is checked like a first question."""

import asyncio

import pytest

from crawler.errors import Failure, FetchError
from crawler.fetch.resolver import Resolver
from crawler.model import Page, Skipped
from tests.integration.fetch.serving import Site, answer, moved, open_client

NAMES = {"bao.vn": "127.0.0.1", "www.bao.vn": "127.0.0.1", "khac.vn": "127.0.0.2"}
FORBID = answer(b"User-agent: *\nDisallow: /cam", Content_Type="text/plain")


def test_the_page_says_how_we_came_to_it():
    async def scenario():
        pages = {"/a": moved("/b?x=1#top", "301 Moved"), "/b?x=1": moved("tin-t\u1ee9c".encode().decode("latin-1")), "*": answer(b"here")}
        async with Site(pages) as site, open_client() as client:
            return await client.get(site.url("/a")), site

    page, site = asyncio.run(scenario())
    assert isinstance(page, Page)
    assert (page.requested_url, page.url) == (site.url("/a"), site.url("/tin-t%E1%BB%A9c"))
    assert page.redirects == (site.url("/a"), site.url("/b?x=1"))
    assert page.body == b"here"


@pytest.mark.parametrize("n_hops", [5, 6])
def test_five_redirects_are_followed_and_no_more(n_hops):
    async def scenario():
        pages = {f"/{n}": moved(f"/{n + 1}") for n in range(n_hops)} | {f"/{n_hops}": answer()}
        async with Site(pages) as site, open_client() as client:
            return await client.get(site.url("/0"))

    if n_hops == 5:
        assert isinstance(asyncio.run(scenario()), Page)
        return
    with pytest.raises(FetchError) as caught:
        asyncio.run(scenario())
    assert caught.value.kind is Failure.REDIRECT


def test_a_circle_is_left_at_once():
    async def scenario():
        async with Site({"/a": moved("/b"), "/b": moved("/a")}) as site, open_client() as client:
            with pytest.raises(FetchError) as caught:
                await client.get(site.url("/a"))
            return caught.value.kind, site.paths

    assert asyncio.run(scenario()) == (Failure.REDIRECT, ["/a", "/b"])


@pytest.mark.parametrize(
    ("portal_hosts", "target", "arrives"),
    [
        pytest.param((), "khac.vn", True, id="nobody minds"),
        pytest.param(("bao.vn",), "khac.vn", False, id="to another portal"),
        pytest.param(("bao.vn", "khac.vn"), "khac.vn", True, id="to another of its hosts"),
        pytest.param(("bao.vn",), "www.bao.vn", True, id="to its www"),
        pytest.param(("www.bao.vn",), "bao.vn", True, id="from its www"),
    ],
)
def test_a_portals_page_comes_from_the_portal(portal_hosts, target, arrives):
    async def scenario():
        async with Site({"*": answer()}, host="127.0.0.2") as other:
            pages = {"*": answer()}
            async with Site(pages) as site, open_client(names=NAMES) as client:
                start = "www.bao.vn" if target == "bao.vn" else "bao.vn"
                site.pages = {"/a": moved((other if target == "khac.vn" else site).url("/b", host=target)), "/b": answer()}
                return await client.get(site.url("/a", host=start), portal_hosts=portal_hosts)

    if arrives:
        assert isinstance(asyncio.run(scenario()), Page)
        return
    with pytest.raises(FetchError) as caught:
        asyncio.run(scenario())
    assert caught.value.kind is Failure.REDIRECT


@pytest.mark.parametrize("first_host", ["bao.vn", "khac.vn"])
def test_robots_is_asked_on_every_hop(first_host):
    async def scenario():
        async with (
            Site({"/robots.txt": FORBID, "*": answer()}, host="127.0.0.2") as target,
            Site({"/a": moved(target.url("/cam/x", host="khac.vn"))}) as start,
            open_client(names=NAMES) as client,
        ):
            start.pages = {"/a": moved(target.url("/cam/x", host="khac.vn"))}
            result = await client.get(start.url("/a", host="bao.vn"))
            return result, target.paths

    assert asyncio.run(scenario()) == (Skipped("robots"), [])


def test_a_host_that_rebinds_between_two_hops_is_not_followed():
    """The address that was checked is the address that is connected to, and each hop is checked anew."""
    answers = [["127.0.0.2"], ["127.0.0.3"]]

    async def resolve(_: str) -> list[str]:
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def scenario():
        async with (
            Site({"*": answer()}, host="127.0.0.3") as inside,
            Site({"*": moved("/again")}, host="127.0.0.2", port=inside.port) as outside,
            open_client(resolver=Resolver(resolve, ttl_s=-1), allow_addresses=("127.0.0.2/32",)) as client,
        ):
            with pytest.raises(FetchError) as caught:
                await client.get(outside.url("/a", host="bao.vn"))
            return caught.value.kind, inside.log

    assert asyncio.run(scenario()) == (Failure.GUARDED, [])


@pytest.mark.parametrize("addresses", ["10.0.0.1", "127.0.0.2 10.0.0.1", "127.0.0.2 ::ffff:169.254.169.254"])
def test_a_host_with_one_forbidden_address_is_not_asked_at_all(addresses):
    async def scenario():
        async with (
            Site({"*": answer()}, host="127.0.0.2") as site,
            open_client(names={"bao.vn": addresses}, allow_addresses=("127.0.0.2/32",)) as client,
        ):
            with pytest.raises(FetchError) as caught:
                await client.get(site.url("/a", host="bao.vn"))
            return caught.value.kind, site.log

    assert asyncio.run(scenario()) == (Failure.GUARDED, [])


def test_nothing_private_is_asked_unless_it_is_allowed():
    async def scenario():
        async with Site({"*": answer()}) as site, open_client(allow_addresses=()) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(site.url("/a"))
            return caught.value.kind, site.log

    assert asyncio.run(scenario()) == (Failure.GUARDED, [])
