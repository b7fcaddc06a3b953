import asyncio
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Failure, FetchError
from crawler.fetch.robots import MAX_CRAWL_DELAY_S, MAX_KEPT_BYTES, Robots, Rules
from tests.builders import NOON

ORIGIN = "http://bao.vn:80"


@given(st.text() | st.from_regex(r"(User-agent: .{0,9}\n(Disallow|Allow|Crawl-delay|Request-rate): .{0,20}\n){1,5}"), st.text(max_size=20))
def test_no_text_is_too_strange_to_be_rules(text, path):
    rules = Rules(text, fetched_at=NOON)
    assert isinstance(rules.allow(f"http://bao.vn/{path}"), bool)
    assert 0 <= rules.crawl_delay_s <= MAX_CRAWL_DELAY_S


@pytest.mark.parametrize(
    ("delay", "pause_s"), [("2", 2), ("0.5", 0.5), ("86400", MAX_CRAWL_DELAY_S), ("-1", 0), ("soon", 0), ("nan", 0), ("inf", 0)]
)
def test_a_crawl_delay_is_kept_within_reason(delay, pause_s):
    assert Rules(f"User-agent: *\nCrawl-delay: {delay}", fetched_at=NOON).crawl_delay_s == pause_s


def test_sitemaps_are_handed_on():
    assert Rules("Sitemap: http://bao.vn/s.xml\nUser-agent: *\nDisallow: /", fetched_at=NOON).sitemaps == ("http://bao.vn/s.xml",)


async def _never(url: str) -> bytes:
    raise AssertionError(url)


async def _fails(url: str) -> bytes:
    raise FetchError(url, "HTTP 500", kind=Failure.HTTP_5XX, status=500)


def test_rules_survive_a_restart():
    async def scenario():
        before, after = Robots(clock=lambda: NOON), Robots(clock=lambda: NOON + timedelta(hours=23))

        async def fetch(_: str) -> bytes:
            return b"User-agent: *\nDisallow: /cam"

        await before.rules(ORIGIN, fetch)
        after.restore(json.loads(json.dumps(before.state())))
        return await after.rules(ORIGIN, _never)

    assert not asyncio.run(scenario()).allow("http://bao.vn/cam")


def test_a_month_of_silence_survives_a_restart():
    async def scenario():
        before, after = Robots(clock=lambda: NOON), Robots(clock=lambda: NOON + timedelta(days=31))
        with pytest.raises(FetchError):
            await before.rules(ORIGIN, _fails)
        after.restore(json.loads(json.dumps(before.state())))
        return await after.rules(ORIGIN, _fails)

    assert asyncio.run(scenario()).allow("http://bao.vn/cam")


def test_rules_from_the_future_are_not_kept_longer_than_others():
    async def scenario():
        robots = Robots(clock=lambda: NOON)
        robots.restore({"rules": {ORIGIN: {"text": None, "fetched_at": (NOON + timedelta(days=900)).isoformat()}}})
        return (await robots.rules(ORIGIN, _never)).fetched_at

    assert asyncio.run(scenario()) == NOON


def test_very_long_rules_are_not_part_of_the_state():
    async def scenario():
        robots = Robots(clock=lambda: NOON)

        async def fetch(_: str) -> bytes:
            return b"User-agent: *\n" + b"Disallow: /x\n" * MAX_KEPT_BYTES

        await robots.rules(ORIGIN, fetch)
        return robots.state()["rules"]

    assert asyncio.run(scenario()) == {}


def test_those_who_waited_get_the_failure_each_as_an_exception_of_its_own():
    async def scenario():
        robots = Robots(clock=lambda: NOON)

        async def fetch(url: str) -> bytes:
            await asyncio.sleep(0)
            return await _fails(url)

        return await asyncio.gather(*(robots.rules(ORIGIN, fetch) for _ in range(3)), return_exceptions=True)

    errors = asyncio.run(scenario())
    assert [error.kind for error in errors if isinstance(error, FetchError)] == [Failure.ROBOTS_UNREACHABLE] * 3
    assert len({id(error) for error in errors}) == 3
