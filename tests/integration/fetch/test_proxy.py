"""Portals behind proxies: real CONNECT and SOCKS5 servers, TLS through them, and whose fault it is when they fail."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from config.portal import Portal
from config.settings import Http
from crawler.backoff import Retry, next_poll_after_failure, next_try_of_link
from crawler.edition import ways_of
from crawler.errors import Failure, FetchError
from crawler.fetch.outage import Outage
from crawler.fetch.tls import TlsProfile
from crawler.fetch.transport import Ways
from crawler.model import Page, Skipped
from tests.integration.fetch.proxies import ConnectProxy, ProxyServer, SocksProxy
from tests.integration.fetch.serving import Site, answer, open_client
from tests.integration.fetch.test_tls import ROOT, tls_server

LOGIN = ("văn phòng", "mật:khẩu@42")
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
KINDS = pytest.mark.parametrize("kind", [ConnectProxy, SocksProxy])
LOGGED_IN = {"username": LOGIN[0], "password": LOGIN[1]}


def told(host: str = "bao.test", **credentials: str) -> Callable[[ProxyServer], dict[str, Any]]:
    return lambda proxy: {"proxy_by_host": {host: proxy.address(**credentials)}}


async def _refused(proxy: ProxyServer, *, host: str = "bao.test", outage: Outage | None = None, **credentials: str) -> FetchError:
    async with proxy, Site({"*": answer()}, host="127.0.0.7") as site:
        ways = told(**credentials)(proxy)
        async with open_client(names={"bao.test": "127.0.0.7"}, outage=outage, **ways) as client:
            with pytest.raises(FetchError) as raised:
                await client.get(site.url("/a", host=host))
    assert site.log == []
    return raised.value


@KINDS
@pytest.mark.parametrize("login", [pytest.param(None, id="open"), pytest.param(LOGIN, id="with a login")])
def test_a_page_and_its_robots_txt_come_through_the_proxy_from_the_address_that_was_checked(kind, login):
    async def run() -> None:
        async with kind(login=login) as proxy, Site({"/a": answer(b"<p>bai</p>")}, host="127.0.0.7") as site:
            credentials = LOGGED_IN if login else {}
            async with open_client(names={"bao.test": "127.0.0.7"}, **told(**credentials)(proxy)) as client:
                page = await client.get(site.url("/a", host="bao.test"))
                assert isinstance(page, Page)
                assert page.body == b"<p>bai</p>"
                await client.get(site.url("/a", host="bao.test"))
            assert [asked.path for asked in site.log] == ["/robots.txt", "/a", "/a"]
            assert {asked.headers["host"] for asked in site.log} == {f"bao.test:{site.port}"}
            assert proxy.asked == [f"127.0.0.7:{site.port}"]  # by address, and once: the tunnel is kept

    asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "tls"),
    [
        pytest.param(ConnectProxy, None, id="http"),
        pytest.param(ConnectProxy, "server.pem", id="https: TLS in TLS"),
        pytest.param(SocksProxy, None, id="socks5"),
    ],
)
def test_tls_is_spoken_with_the_portal_through_the_tunnel(kind, tls):
    async def run() -> None:
        proxy_tls = tls_server(tls) if tls else None
        async with kind(tls=proxy_tls) as proxy, Site({"*": answer(b"x" * 300_000)}, tls=tls_server("server.pem")) as site:
            ways = told(host="bao.test")(proxy) | {"tls_by_host": {"bao.test": TlsProfile(extra_ca=ROOT)}}
            ways["proxy_by_host"] = {"bao.test": proxy.address(host="bao.test")}
            async with open_client(names={"bao.test": "127.0.0.1"}, **ways) as client:
                page = await client.get(site.url("/a", host="bao.test"))
        assert isinstance(page, Page)
        assert len(page.body) == 300_000

    asyncio.run(run())


@KINDS
@pytest.mark.parametrize(
    ("pem", "profile", "is_reached"),
    [
        pytest.param("server.pem", {}, False, id="unknown root"),
        pytest.param("weak.pem", {"extra_ca": ROOT}, False, id="a key of 1024 bits, not legacy"),
        pytest.param("weak.pem", {"extra_ca": ROOT, "legacy": True}, True, id="a key of 1024 bits, legacy"),
    ],
)
def test_a_proxy_changes_nothing_in_whom_we_trust(kind, pem, profile, is_reached):
    async def run() -> None:
        async with kind() as proxy, Site({"*": answer()}, tls=tls_server(pem)) as site:
            ways = told()(proxy) | {"tls_by_host": {"bao.test": TlsProfile(**profile)}}
            async with open_client(names={"bao.test": "127.0.0.1"}, **ways) as client:
                if is_reached:
                    assert isinstance(await client.get(site.url("/a", host="bao.test")), Page)
                    return
                with pytest.raises(FetchError) as raised:
                    await client.get(site.url("/a", host="bao.test"))
                assert raised.value.kind is Failure.TLS

    asyncio.run(run())


@KINDS
def test_an_address_off_the_public_internet_is_refused_before_the_proxy_is_asked(kind):
    async def run() -> None:
        async with kind() as proxy:
            async with open_client(names={"bao.test": "10.0.0.1"}, **told()(proxy)) as client:
                with pytest.raises(FetchError) as raised:
                    await client.get("http://bao.test/a")
            assert raised.value.kind is Failure.GUARDED
            assert proxy.asked == []

    asyncio.run(run())


def test_robots_txt_is_obeyed_behind_a_proxy():
    async def run() -> None:
        pages = {"/robots.txt": answer(b"User-agent: *\nDisallow: /kin\n"), "*": answer()}
        async with (
            ConnectProxy() as proxy,
            Site(pages, host="127.0.0.7") as site,
            open_client(names={"bao.test": "127.0.0.7"}, **told()(proxy)) as client,
        ):
            assert await client.get(site.url("/kin", host="bao.test")) == Skipped("robots")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("proxy", "credentials", "mark"),
    [
        pytest.param(ConnectProxy(login=LOGIN), {}, "HTTP 407", id="connect: no login"),
        pytest.param(ConnectProxy(login=LOGIN), {"username": "x", "password": "y"}, "wrong user name", id="connect: wrong login"),
        pytest.param(ConnectProxy(refusal=b"HTTP/1.1 403 No\r\n\r\n"), {}, "does it allow CONNECT", id="connect: forbidden"),
        pytest.param(ConnectProxy(refusal=b"220 mail.example.org ESMTP\r\n"), {}, "RemoteProtocolError", id="connect: no HTTP"),
        pytest.param(ConnectProxy(refusal=b"HTTP/1.1 200 OK\r\n\r\nhello"), {}, "talks into", id="connect: talks into the tunnel"),
        pytest.param(SocksProxy(login=LOGIN), {}, "wants a login", id="socks: no login"),
        pytest.param(SocksProxy(login=LOGIN), {"username": "x", "password": "y"}, "wrong user name", id="socks: wrong login"),
        pytest.param(SocksProxy(refusal=b"\x05\x02\x00\x01\0\0\0\0\0\0"), {}, "not allowed", id="socks: forbidden"),
        pytest.param(SocksProxy(refusal=b"\x05\x63\x00\x01\0\0\0\0\0\0"), {}, "reply 99", id="socks: unknown reply"),
        pytest.param(SocksProxy(refusal=b"HTTP/1.1 400 Bad\r\n\r\n"), {}, "is no SOCKS5 server", id="socks: HTTP"),
        pytest.param(SocksProxy(refusal=b"\x05\x00"), {}, "closed the connection", id="socks: cut off"),
    ],
)
def test_a_proxy_that_does_not_let_us_through_is_named_and_no_portal_is_blamed(proxy, credentials, mark):
    error = asyncio.run(_refused(proxy, **credentials))
    assert error.kind is Failure.PROXY
    assert f"the proxy {proxy.scheme}://127.0.0.1:{proxy.port}" in error.reason
    assert mark in error.reason
    assert error.connected  # so that nobody takes it for an outage of ours


@pytest.mark.parametrize(
    ("proxy", "kind"),
    [
        pytest.param(ConnectProxy(refusal=b"HTTP/1.1 503 Service Unavailable\r\n\r\n"), Failure.REFUSED, id="squid: cannot connect"),
        pytest.param(ConnectProxy(refusal=b"HTTP/1.1 502 Bad Gateway\r\n\r\n"), Failure.REFUSED, id="bad gateway"),
        pytest.param(ConnectProxy(refusal=b"HTTP/1.1 504 Gateway Timeout\r\n\r\n"), Failure.TIMEOUT, id="gateway timeout"),
        pytest.param(SocksProxy(refusal=b"\x05\x05\x00\x01\0\0\0\0\0\0"), Failure.REFUSED, id="socks: refused"),
        pytest.param(SocksProxy(refusal=b"\x05\x06\x00\x01\0\0\0\0\0\0"), Failure.TIMEOUT, id="socks: TTL expired"),
    ],
)
def test_a_proxy_that_says_the_portal_does_not_answer_is_believed(proxy, kind):
    error = asyncio.run(_refused(proxy))
    assert error.kind is kind
    assert not error.connected


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
def test_a_dead_proxy_is_no_outage_of_ours_and_no_article_is_given_up_for_it(scheme):
    with socket.socket() as bound:  # takes no connection: it does not listen
        bound.bind(("127.0.0.1", 0))
        http = Http(proxy=f"{scheme}://user:secret@127.0.0.1:{bound.getsockname()[1]}", allow_addresses=("127.0.0.0/8",))
        outage = Outage()

        async def run() -> list[FetchError]:
            errors = []
            names = {f"bao{n}.test": f"127.0.0.{n + 10}" for n in range(4)}
            proxy = ways_of(http, []).proxy
            async with open_client(names=names, outage=outage, proxy=proxy) as client:
                for host in names:
                    with pytest.raises(FetchError) as raised:
                        await client.get(f"http://{host}/a")
                    errors.append(raised.value)
            return errors

        errors = asyncio.run(run())
    assert {error.kind for error in errors} == {Failure.PROXY}
    assert not outage.is_offline
    assert not [error for error in errors if "secret" in str(error) or "user" in str(error)]
    for n_tries in (0, 5, 500):
        step = next_try_of_link(Failure.PROXY, n_tries=n_tries, now=NOON, retry_after_s=None)
        assert isinstance(step, Retry)
        assert not step.is_counted
    again = next_poll_after_failure(Failure.PROXY, now=NOON, n_failures=50, min_s=300, max_s=21_600, retry_after_s=None, luck=0.5)
    assert (again - NOON).total_seconds() == 3600


def test_a_proxy_that_says_nothing_holds_up_no_other_portal():
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await reader.read()  # until we hang up

    async def run() -> None:
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        mute = ConnectProxy()
        mute.port = server.sockets[0].getsockname()[1]
        names = {"bao.test": "127.0.0.7", "khac.test": "127.0.0.7"}
        async with server, Site({"*": answer()}, host="127.0.0.7") as site:
            async with open_client(names=names, deadline_s=1, **told()(mute)) as client:
                stuck = asyncio.create_task(client.get(site.url("/a", host="bao.test")))
                assert isinstance(await client.get(site.url("/a", host="khac.test")), Page)
                assert not stuck.done()
                with pytest.raises(FetchError) as raised:
                    await stuck
            assert raised.value.kind is Failure.TIMEOUT

    asyncio.run(run())


def test_another_proxy_is_taken_from_the_next_request_on():
    async def run() -> None:
        async with ConnectProxy() as first, SocksProxy() as second, Site({"*": answer()}, host="127.0.0.7") as site:
            url = site.url("/a", host="bao.test")
            async with open_client(names={"bao.test": "127.0.0.7"}, **told()(first)) as client:
                await client.get(url)
                client.retune(Ways(proxy_by_host={"bao.test": second.address()}))
                await client.get(url)
                client.retune(Ways(proxy=first.address(), proxy_by_host={"bao.test": None}))
                await client.get(url)
            assert (len(first.asked), len(second.asked)) == (1, 1)
            assert len({asked.connection for asked in site.log}) == 3

    asyncio.run(run())


def test_a_portal_names_the_proxy_of_all_its_hosts_or_none():
    def portal(name: str, **more: Any) -> Portal:
        home = f"https://{name}.example/"
        return Portal(id=name, name=name, home=home, sources=[{"id": "a", "kind": "feed", "url": f"https://rss.{name}.example/"}], **more)

    http = Http(proxy="socks5://[::1]:1080")
    ways = ways_of(
        http, [portal("xa", proxy="http://u%20v:p%40ss@Proxy.Example.org:3128"), portal("gan", proxy="direct"), portal("thuong")]
    )
    assert str(ways.proxy) == "socks5://[::1]:1080"
    assert {host: proxy and str(proxy) for host, proxy in ways.proxy_by_host.items()} == {
        **dict.fromkeys(("xa.example", "www.xa.example", "rss.xa.example"), "http://proxy.example.org:3128"),
        **dict.fromkeys(("gan.example", "www.gan.example", "rss.gan.example")),
    }
    far = ways.proxy_by_host["xa.example"]
    assert far is not None
    assert (far.username, far.password) == ("u v", "p@ss")
    assert "p@ss" not in repr(far)
