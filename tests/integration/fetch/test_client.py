"""What goes over the wire in one honest request, and what comes back."""

import asyncio
import gzip
import logging
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import Failure, FetchError
from crawler.fetch.client import user_agent
from crawler.fetch.outage import Outage
from crawler.fetch.resolver import Resolver
from crawler.model import NotModified, Page, Skipped, Validators
from tests.integration.fetch.serving import Asked, Site, answer, open_client, reset, says

ETAG, SINCE = 'W/"v1;ợ"', "Mon, 02 Mar 2026 05:00:00 GMT"


def get(pages, path="/a", *args, **kwargs):
    async def scenario():
        async with Site(pages) as site, open_client() as client:
            return await client.get(site.url(path), *args, **kwargs), site

    return asyncio.run(scenario())


def test_a_page_is_handed_over_whole():
    headers = {"ETag": '"1"', "Last_Modified": SINCE, "Cache_Control": "public, max-age=90", "Content_Type": "text/html; charset=x"}
    page, site = get({"*": answer(b"<p>tin</p>", **headers)})
    assert isinstance(page, Page)
    assert (page.body, page.status, page.url, page.redirects) == (b"<p>tin</p>", 200, site.url("/a"), ())
    assert page.validators == Validators(etag='"1"', last_modified=SINCE)
    assert (page.content_type, page.max_age_s) == ("text/html; charset=x", 90)


def test_we_say_who_we_are_and_ask_only_for_what_we_can_bound():
    _, site = get({"*": answer()}, accept="feed")
    headers = site.log[-1].headers
    assert headers["user-agent"] == "canhbao/test"
    assert headers["accept-encoding"] == "gzip"
    assert headers["accept"].startswith("application/rss+xml")
    assert not {"cookie", "referer", "authorization"} & set(headers)


@pytest.mark.parametrize(
    ("contact", "agent"),
    [pytest.param("ops@example.org", "canhbao/1.2 (+mailto:ops@example.org)", id="contact"), pytest.param(None, "canhbao/1.2", id="none")],
)
def test_the_user_agent_names_a_contact(contact, agent):
    assert user_agent("1.2", contact) == agent


def test_validators_are_sent_back_verbatim_and_a_304_is_a_value():
    validators = Validators(etag=ETAG, last_modified=SINCE)
    unchanged, site = get({"*": b"HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=60\r\n\r\n"}, "/a", validators)
    assert unchanged == NotModified(url=site.url("/a"), max_age_s=60)
    asked = site.log[-1].headers
    assert asked["if-none-match"].encode("latin-1").decode() == ETAG
    assert asked["if-modified-since"] == SINCE


def test_a_304_keeps_the_connection():
    async def scenario():
        async with Site({"*": b"HTTP/1.1 304 Not Modified\r\n\r\n"}) as site, open_client() as client:
            for n in range(3):
                await client.get(site.url(f"/{n}"), Validators(etag='"1"'))
            return {asked.connection for asked in site.log}

    assert asyncio.run(scenario()) == {1}


def test_cookies_are_forgotten():
    async def scenario():
        async with Site({"*": answer(Set_Cookie="id=1; Path=/")}) as site, open_client() as client:
            await client.get(site.url("/a"))
            await client.get(site.url("/b"))
            return site.log[-1].headers

    assert "cookie" not in asyncio.run(scenario())


def test_a_proxy_in_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    page, _ = get({"*": answer()})
    assert isinstance(page, Page)


def test_connections_are_kept_and_used_again():
    async def scenario():
        async with Site({"*": answer(gzip.compress(b"x" * 90_000), Content_Encoding="gzip")}) as site, open_client() as client:
            for n in range(5):
                await client.get(site.url(f"/{n}"))
            return {asked.connection for asked in site.log}

    assert asyncio.run(scenario()) == {1}


@pytest.mark.parametrize("rude", [True, False], ids=["reset", "closed"])
def test_a_kept_connection_that_died_costs_a_new_one_and_no_failure(rude):
    """The server closes just as we write: RFC 9112 §9.3.1 lets us ask again, and we do so in a turn of our own."""

    async def dies(writer: asyncio.StreamWriter, asked: Asked) -> None:
        if asked.connection == 1:
            if rude:
                await reset(writer)
            return
        writer.write(answer(b"second try"))

    async def scenario():
        async with Site({"/a": answer(), "/b": dies}) as site, open_client() as client:
            await client.get(site.url("/a"))
            page = await client.get(site.url("/b"))
            assert isinstance(page, Page)
            return page.body, [asked.connection for asked in site.log]

    assert asyncio.run(scenario()) == (b"second try", [1, 1, 1, 2])


def test_a_fresh_connection_that_dies_is_not_asked_again():
    async def dies(_: asyncio.StreamWriter, __: Asked) -> None:
        return

    async def scenario():
        async with Site({"*": dies, "/robots.txt": dies}) as site, open_client() as client:
            with pytest.raises(FetchError):
                await client.get(site.url("/a"))
            return len(site.log)

    assert asyncio.run(scenario()) == 1


def test_an_answer_that_came_unasked_is_not_taken_for_the_next_one():
    async def doubles(writer: asyncio.StreamWriter, _: Asked) -> None:
        writer.write(answer(b"first") + b"\r\n")
        await writer.drain()
        writer.write(answer(b"smuggled"))
        await writer.drain()
        await asyncio.Event().wait()

    async def scenario():
        async with Site({"/a": doubles, "/b": answer(b"own")}) as site, open_client() as client:
            try:
                await client.get(site.url("/a"))
            except FetchError as error:
                assert error.kind is Failure.TRUNCATED  # noqa: PT017  either is right: it depends on how the bytes arrive
            page = await client.get(site.url("/b"))
            assert isinstance(page, Page)
            return page.body

    assert asyncio.run(scenario()) == b"own"


def test_a_feed_may_come_as_anything_but_an_image():
    page, _ = get({"*": answer(Content_Type="application/octet-stream")}, accept="feed")
    assert isinstance(page, Page)


def test_a_429_pauses_the_host_for_everybody():
    async def scenario():
        async with Site({"/a": answer(b"", status="429 Slow", Retry_After="120"), "*": answer()}) as site, open_client() as client:
            with pytest.raises(FetchError) as first:
                await client.get(site.url("/a"))
            with pytest.raises(FetchError) as second:
                await client.get(site.url("/b"))
            return first.value, second.value, site.paths

    first, second, paths = asyncio.run(scenario())
    assert (first.kind, first.status, first.retry_after_s) == (Failure.THROTTLED, 429, 120)
    assert (second.kind, second.status) == (Failure.THROTTLED, None)
    assert second.retry_after_s == pytest.approx(120, abs=2)
    assert paths == ["/a"]


def test_whoever_waits_behind_a_429_is_not_let_in_before_the_pause():
    async def scenario():
        async with Site({"*": answer(b"", status="503 Later", Retry_After="60")}) as site, open_client() as client:
            results = await asyncio.gather(*(client.get(site.url(f"/{n}")) for n in range(5)), return_exceptions=True)
            return results, site.paths

    results, paths = asyncio.run(scenario())
    assert {type(result) for result in results} == {FetchError}
    assert len(paths) == 1


def test_our_own_outage_is_not_their_failure():
    async def scenario():
        outage = Outage()
        async with Site({"*": answer()}) as site, open_client(outage=outage) as client:
            kinds = []
            for n in range(4):
                with pytest.raises(FetchError) as caught:
                    await client.get(f"http://host{n}.vn/")
                kinds.append(caught.value.kind)
            was_offline = outage.is_offline
            await client.get(site.url("/a"))
            return kinds, was_offline, outage.is_offline

    assert asyncio.run(scenario()) == ([Failure.DNS, Failure.DNS, Failure.OFFLINE, Failure.OFFLINE], True, False)


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        pytest.param({"/probe": answer(status="500 Oops")}, Failure.DNS, id="any answer of the probe will do"),
        pytest.param({"/probe": says()}, Failure.OFFLINE, id="the probe is silent too"),
    ],
)
def test_a_probe_tells_our_outage_from_theirs_at_the_first_failure(pages, kind):
    async def scenario():
        async with Site(pages) as site, open_client(probe_url=site.url("/probe")) as client:
            with pytest.raises(FetchError) as caught:
                await client.get("http://host.vn/")
            return caught.value.kind

    assert asyncio.run(scenario()) is kind


def test_a_probe_that_we_refuse_to_ask_says_nothing():
    async def scenario():
        outage = Outage()
        async with open_client(probe_url="http://10.0.0.1/", outage=outage) as client:
            with pytest.raises(FetchError) as caught:
                await client.get("http://host.vn/")
            return caught.value.kind, outage.is_offline

    assert asyncio.run(scenario()) == (Failure.DNS, False)


def test_a_probe_is_asked_once_for_many_failures():
    async def scenario():
        async with Site({"*": answer()}) as site, open_client(probe_url=site.url("/probe")) as client:
            await asyncio.gather(*(client.get(f"http://host{n}.vn/") for n in range(9)), return_exceptions=True)
            return site.paths

    assert asyncio.run(scenario()) == ["/probe"]


def test_a_host_is_looked_up_once_however_many_wait():
    n_lookups = 0

    async def resolve(_: str) -> list[str]:
        nonlocal n_lookups
        n_lookups += 1
        await asyncio.sleep(0)
        return ["127.0.0.1"]

    async def scenario():
        resolver = Resolver(resolve)
        return await asyncio.gather(*(resolver.addresses("bao.vn") for _ in range(20)))

    assert set(asyncio.run(scenario())) == {("127.0.0.1",)}
    assert n_lookups == 1


@pytest.mark.parametrize("host", ["localhost", "a" * 70 + ".vn", "khong-co.invalid"])
def test_the_systems_own_lookup_gives_addresses_or_an_error_that_we_know(host):
    async def scenario():
        async with open_client(resolver=Resolver()) as client:
            return await client.get(f"http://{host}:1/")

    with pytest.raises(FetchError) as caught:
        asyncio.run(scenario())
    assert caught.value.kind in {Failure.DNS, Failure.GUARDED, Failure.REFUSED}


def test_nothing_is_logged_above_debug(caplog):
    caplog.set_level(logging.WARNING)
    get({"*": answer()})
    assert not caplog.records


WIRE_NOISE = st.one_of(
    st.binary(max_size=300),
    st.builds(b"HTTP/1.1 200 OK\r\n%s\r\n%s".__mod__, st.tuples(st.binary(max_size=80), st.binary(max_size=80))),
    st.builds(
        b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nContent-Encoding: %s\r\nLocation: %s\r\nRetry-After: %s\r\n\r\n%s".__mod__,
        st.tuples(
            st.integers(100, 999),
            st.integers(0, 50),
            st.sampled_from([b"", b"gzip", b"deflate", b"br", b"x"]),
            st.binary(max_size=30).filter(lambda b: b"\n" not in b and b"\r" not in b),
            st.sampled_from([b"", b"1", b"Mon, 99 Foo", b"-1", b"1e9"]),
            st.binary(max_size=60),
        ),
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(noise=WIRE_NOISE, path=st.text(max_size=20))
def test_whatever_a_server_sends_is_an_outcome_or_a_fetch_error(noise, path):
    async def speak(writer: asyncio.StreamWriter, _: Asked) -> None:
        writer.write(noise)
        await writer.drain()

    async def scenario():
        async with Site({"*": speak}) as site, open_client(deadline_s=2) as client:
            try:
                return await client.get(f"http://127.0.0.1:{site.port}/{path}", Validators(etag=path), accept="page")
            except FetchError as error:
                return error

    assert isinstance(asyncio.run(scenario()), Page | NotModified | Skipped | FetchError)


def test_times_are_the_clocks():
    async def scenario():
        at = datetime(2026, 3, 2, tzinfo=UTC)
        async with Site({"*": answer(Expires="Mon, 02 Mar 2026 00:10:00 GMT")}) as site, open_client(clock=lambda: at) as client:
            return await client.get(site.url("/a"))

    page = asyncio.run(scenario())
    assert (page.fetched_at, page.max_age_s) == (datetime(2026, 3, 2, tzinfo=UTC), 600)
