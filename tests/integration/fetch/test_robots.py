"""robots.txt over the wire: RFC 9309, status by status."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from crawler.errors import Failure, FetchError
from crawler.fetch.politeness import Gate
from crawler.fetch.robots import Robots
from crawler.model import Page, Skipped
from tests.builders import NOON
from tests.integration.fetch.serving import Asked, Site, answer, moved, open_client, reset

PAGE = answer()


def robots(text: str | bytes, **changed: str) -> bytes:
    return answer(text if isinstance(text, bytes) else text.encode(), **({"Content_Type": "text/plain"} | changed))


async def _resets(writer: asyncio.StreamWriter, _: Asked) -> None:
    await reset(writer)


def get(robots_txt, path="/tin/a"):
    async def scenario():
        async with Site({"/robots.txt": robots_txt, "*": PAGE}) as site, open_client() as client:
            return await client.get(site.url(path))

    return asyncio.run(scenario())


OURS = "User-agent: *\nDisallow: /\n\nUser-agent: canhbao\nDisallow: /cam\nAllow: /cam/duoc\n"

ALLOWED = [
    pytest.param(robots(OURS), "/tin/a", id="our own group lets us in"),
    pytest.param(robots(OURS), "/cam/duoc/a", id="the longer rule counts"),
    pytest.param(robots("User-agent: canhbaobot\nDisallow: /"), "/tin/a", id="another robot's group"),
    pytest.param(robots("User-agent: *\nDisallow:"), "/tin/a", id="nothing forbidden"),
    pytest.param(robots(""), "/tin/a", id="empty"),
    pytest.param(robots(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /cam\r\n"), "/tin/a", id="BOM and CRLF"),
    pytest.param(robots("<!DOCTYPE html><html><body>404: Không tìm thấy</body></html>", Content_Type="text/html"), "/tin/a", id="HTML"),
    pytest.param(robots(bytes(range(256)) * 40), "/tin/a", id="noise"),
    pytest.param(robots("User-agent: *\nDisallow: /x\n" + "#" * 600_000 + "\nDisallow: /tin"), "/tin/a", id="rules behind 500 KiB"),
    pytest.param(answer(b"", status="404 No"), "/tin/a", id="404"),
    pytest.param(answer(b"", status="401 No"), "/tin/a", id="401"),
    pytest.param(answer(b"", status="403 No"), "/tin/a", id="403"),
    pytest.param(answer(b"", status="410 Gone"), "/tin/a", id="410"),
    pytest.param(moved("/robots.txt"), "/tin/a", id="a circle"),
]
FORBIDDEN = [
    pytest.param(robots(OURS), "/cam/a", id="our own group keeps us out"),
    pytest.param(robots("User-agent: CanhBao/1.0\nDisallow: /"), "/tin/a", id="letter case and version"),
    pytest.param(robots("User-Agent : canhbao/0.1 (+mailto:ops@example.org)\nDisallow: /"), "/tin/a", id="pasted from a log"),
    pytest.param(robots("User-agent: *\nDisallow: /tin"), "/tin/a", id="everybody's group"),
    pytest.param(robots(b"\xef\xbb\xbfUser-agent: *\nDisallow: /tin"), "/tin/a", id="BOM before the first line"),
    pytest.param(robots("User-agent: *\nDisallow: /*.html$"), "/tin/a.html", id="wildcards"),
    pytest.param(robots("User-agent: *\nDisallow: /tin?a="), "/tin?a=1", id="a query"),
    pytest.param(robots("User-agent: *\nDisallow: /tìn"), "/t%C3%ACn/a", id="Vietnamese letters"),
]
UNREACHABLE = [
    pytest.param(answer(b"", status="500 Oops"), id="500"),
    pytest.param(answer(b"", status="503 Later"), id="503"),
    pytest.param(answer(b"", status="429 Slow"), id="429"),
    pytest.param(_resets, id="reset"),
    pytest.param(moved("http://10.0.0.1/robots.txt"), id="redirect to a private address"),
    pytest.param(moved("http://khong-co.vn/robots.txt"), id="redirect to no host"),
    pytest.param(moved("ftp://a.vn/robots.txt"), id="redirect to ftp"),
]


@pytest.mark.parametrize(("robots_txt", "path"), ALLOWED)
def test_what_is_not_forbidden_is_fetched(robots_txt, path):
    assert isinstance(get(robots_txt, path), Page)


@pytest.mark.parametrize(("robots_txt", "path"), FORBIDDEN)
def test_what_is_forbidden_is_skipped(robots_txt, path):
    assert get(robots_txt, path) == Skipped("robots")


@pytest.mark.parametrize("robots_txt", UNREACHABLE)
def test_what_cannot_be_known_is_postponed(robots_txt):
    with pytest.raises(FetchError) as caught:
        get(robots_txt)
    assert caught.value.kind is Failure.ROBOTS_UNREACHABLE


def test_rules_at_the_end_of_redirects_are_this_hosts():
    async def scenario():
        async with (
            Site({"/r": robots("User-agent: *\nDisallow: /tin")}, host="127.0.0.2") as other,
            Site({"/robots.txt": moved("/x"), "/x": moved(other.url("/r")), "*": PAGE}) as site,
            open_client() as client,
        ):
            return await client.get(site.url("/tin/a")), await client.get(site.url("/khac"))

    skipped, page = asyncio.run(scenario())
    assert skipped == Skipped("robots")
    assert isinstance(page, Page)


def test_robots_is_fetched_once_however_many_wait():
    async def scenario():
        async with Site({"/robots.txt": robots(OURS), "*": PAGE}) as site, open_client() as client:
            await asyncio.gather(*(client.get(site.url(f"/{n}")) for n in range(30)))
            return [asked.path for asked in site.log].count("/robots.txt")

    assert asyncio.run(scenario()) == 1


def test_a_cancelled_leader_leaves_the_others_their_answer():
    asked = asyncio.Event()

    async def slow(writer: asyncio.StreamWriter, of: Asked) -> None:
        asked.set()
        if of.connection == 1:
            await asyncio.Event().wait()
        writer.write(robots(OURS))

    async def scenario():
        async with Site({"/robots.txt": slow, "*": PAGE}) as site, open_client() as client:
            leader = asyncio.create_task(client.get(site.url("/1")))
            follower = asyncio.create_task(client.get(site.url("/2")))
            await asked.wait()
            leader.cancel()
            return await follower

    assert isinstance(asyncio.run(scenario()), Page)


def test_the_crawl_delay_is_the_pause_between_two_pages():
    async def scenario():
        gate = Gate(per_host_interval_s=0, per_address_interval_s=0)
        async with Site({"/robots.txt": robots("User-agent: *\nCrawl-delay: 0.3"), "*": PAGE}) as site, open_client(gate=gate) as client:
            for n in range(3):
                await client.get(site.url(f"/{n}"))
            return [after.at - before.at for before, after in pairwise(site.log)]

    assert all(gap >= 0.3 for gap in asyncio.run(scenario()))


class Calendar:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def over_time(*steps: tuple[timedelta, bytes]) -> list[object]:
    """What a page's fetch gives after each pause, robots.txt answering as told; and how often robots.txt was asked."""
    calendar = Calendar()

    async def scenario():
        results: list[object] = []
        async with (
            Site({}) as site,
            open_client(robots=Robots(clock=calendar), gate=Gate(per_host_interval_s=0, per_address_interval_s=0)) as client,
        ):
            for after, robots_txt in steps:
                calendar.now += after
                site.pages = {"/robots.txt": robots_txt, "*": PAGE}
                try:
                    result = await client.get(site.url("/tin/a"))
                    results.append("page" if isinstance(result, Page) else "robots")
                except FetchError as error:
                    results.append(error.kind)
        return [*results, [asked.path for asked in site.log].count("/robots.txt")]

    return asyncio.run(scenario())


FORBID, ALLOW, BROKEN = robots("User-agent: *\nDisallow: /"), robots("User-agent: *\nDisallow:"), answer(b"", status="500 Oops")
HOUR, DAY, MINUTE, NOW = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1), timedelta()
OUT = Failure.ROBOTS_UNREACHABLE


@pytest.mark.parametrize(
    ("steps", "results"),
    [
        pytest.param([(NOW, FORBID), (23 * HOUR, ALLOW), (HOUR, ALLOW)], ["robots", "robots", "page", 2], id="rules live a day"),
        pytest.param([(NOW, BROKEN), (MINUTE, ALLOW), (5 * MINUTE, ALLOW)], [OUT, OUT, "page", 2], id="asked again after five minutes"),
        pytest.param([(NOW, BROKEN), (29 * DAY, BROKEN), (DAY, BROKEN)], [OUT, OUT, "page", 3], id="none after a month of silence"),
        pytest.param([(NOW, BROKEN), (29 * DAY, ALLOW), (DAY, BROKEN), (29 * DAY, BROKEN)], [OUT, "page", "page", "page", 4], id="an answer ends the silence"),
        pytest.param([(NOW, FORBID), (DAY, BROKEN), (29 * DAY, BROKEN)], ["robots", "robots", "robots", 3], id="old rules outlive a silence"),
        pytest.param([(NOW, FORBID), (DAY, BROKEN), (31 * DAY, BROKEN)], ["robots", "robots", "page", 3], id="but not a month of it"),
    ],
)  # fmt: skip
def test_rules_over_time(steps, results):
    assert over_time(*steps) == results


def test_a_host_that_took_no_connection_is_asked_again_at_once():
    """It may have been our own outage: nothing is remembered, and the failure is the connection's own."""

    async def scenario():
        async with Site({"*": PAGE}) as site, open_client(names={"bao.vn": "127.0.0.9"}) as client:
            url = site.url("/a", host="bao.vn")
            with pytest.raises(FetchError) as caught:
                await client.get(url)
            client._asker._resolver._known["bao.vn"] = (1e12, ("127.0.0.1",))
            return caught.value.kind, await client.get(url)

    kind, page = asyncio.run(scenario())
    assert kind is Failure.REFUSED
    assert isinstance(page, Page)
