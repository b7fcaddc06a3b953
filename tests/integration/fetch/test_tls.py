"""TLS against a real server: old portals get one concession, and an unproven host is never talked to."""

import asyncio
import ssl
from pathlib import Path

import pytest

from config.portal import Portal
from config.settings import Http
from crawler.edition import ways_of
from crawler.errors import Failure, FetchError
from crawler.fetch.tls import OP_LEGACY_SERVER_CONNECT, TlsProfile, ssl_context
from crawler.fetch.transport import Ways
from crawler.model import Page
from tests.integration.fetch.serving import Site, answer, moved, open_client

CERTIFICATES = Path(__file__).parent / "certificates"
ROOT, ROOT_AND_INTERMEDIATE = CERTIFICATES / "root.pem", CERTIFICATES / "root-and-intermediate.pem"


def tls_server(pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(CERTIFICATES / pem)
    return context


async def _fetch(pem: str, profile: TlsProfile | None, *, host: str = "bao.test") -> Page:
    tls_by_host = {} if profile is None else {host: profile}
    async with (
        Site({"*": answer()}, tls=tls_server(pem)) as site,
        open_client(names={"bao.test": "127.0.0.1", "khac.test": "127.0.0.1"}, tls_by_host=tls_by_host) as client,
    ):
        page = await client.get(site.url("/a", host=host))
        assert isinstance(page, Page)
        return page


@pytest.mark.parametrize(
    ("pem", "profile"),
    [
        pytest.param("server.pem", TlsProfile(extra_ca=ROOT), id="its own root"),
        pytest.param("server-without-chain.pem", TlsProfile(extra_ca=ROOT_AND_INTERMEDIATE), id="the intermediate that it forgets"),
        pytest.param("weak.pem", TlsProfile(extra_ca=ROOT, legacy=True), id="a key of 1024 bits"),
    ],
)
def test_a_host_with_its_own_profile_is_reached(pem, profile):
    assert asyncio.run(_fetch(pem, profile)).body


@pytest.mark.parametrize(
    ("pem", "profile", "host"),
    [
        pytest.param("server.pem", None, "bao.test", id="unknown root"),
        pytest.param("server.pem", TlsProfile(legacy=True), "bao.test", id="unknown root, legacy"),
        pytest.param("server.pem", TlsProfile(extra_ca=ROOT), "khac.test", id="another host's certificate"),
        pytest.param("server.pem", TlsProfile(extra_ca=ROOT, legacy=True), "khac.test", id="another host's certificate, legacy"),
        pytest.param("server-without-chain.pem", TlsProfile(extra_ca=ROOT), "bao.test", id="missing intermediate"),
        pytest.param("weak.pem", TlsProfile(extra_ca=ROOT), "bao.test", id="a key of 1024 bits, not legacy"),
    ],
)
def test_verification_is_never_off(pem, profile, host):
    with pytest.raises(FetchError) as caught:
        asyncio.run(_fetch(pem, profile, host=host))
    assert caught.value.kind is Failure.TLS


def test_a_server_that_speaks_no_tls_is_a_tls_failure():
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def scenario():
        async with await asyncio.start_server(speak, "127.0.0.1", 0) as server, open_client() as client:
            await client.get(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")

    with pytest.raises(FetchError) as caught:
        asyncio.run(scenario())
    assert caught.value.kind is Failure.TLS


def test_a_profile_of_one_host_is_not_anothers():
    async def scenario():
        async with (
            Site({"*": answer()}, tls=tls_server("server.pem")) as site,
            open_client(names={"bao.test": "127.0.0.1"}, tls_by_host={"khac.test": TlsProfile(extra_ca=ROOT)}) as client,
        ):
            await client.get(site.url("/a", host="bao.test"))

    with pytest.raises(FetchError) as caught:
        asyncio.run(scenario())
    assert caught.value.kind is Failure.TLS


def test_the_profiles_can_be_changed_while_the_client_lives():
    async def scenario():
        async with (
            Site({"*": answer()}, tls=tls_server("server.pem")) as site,
            open_client(names={"bao.test": "127.0.0.1"}) as client,
        ):
            with pytest.raises(FetchError):
                await client.get(site.url("/a", host="bao.test"))
            client.retune(Ways(tls_by_host={"bao.test": TlsProfile(extra_ca=ROOT)}))
            with pytest.raises(OSError, match="No such file"):
                client.retune(Ways(tls_by_host={"bao.test": TlsProfile(extra_ca=CERTIFICATES / "missing.pem")}))
            return await client.get(site.url("/a", host="bao.test"))

    assert isinstance(asyncio.run(scenario()), Page)


def test_all_hosts_of_a_portal_have_its_profile():
    values = {
        "id": "bao",
        "name": "Báo",
        "home": "https://bao.test:8443/",
        "hosts": ["m.bao.test"],
        "sources": [{"id": "tin", "kind": "feed", "url": "https://rss.khac.test/tin"}],
    }
    plain = Portal.model_validate(values | {"id": "thuong", "home": "https://thuong.test/", "hosts": []})
    old = Portal.model_validate(values | {"tls": "legacy"})
    profile = TlsProfile(legacy=True)
    hosts = ("bao.test", "www.bao.test", "m.bao.test", "rss.khac.test")
    assert ways_of(Http(), [plain, old]).tls_by_host == dict.fromkeys(hosts, profile)


def test_a_redirect_from_https_to_http_is_not_followed():
    async def scenario():
        async with (
            Site({"*": answer()}) as plain,
            Site({"/a": moved(plain.url("/b"))}, tls=tls_server("server.pem")) as safe,
            open_client(names={"bao.test": "127.0.0.1"}, tls_by_host={"bao.test": TlsProfile(extra_ca=ROOT)}) as client,
        ):
            with pytest.raises(FetchError) as caught:
                await client.get(safe.url("/a", host="bao.test"))
            return caught.value.kind, plain.log

    assert asyncio.run(scenario()) == (Failure.REDIRECT, [])


def test_legacy_allows_the_old_renegotiation_and_nothing_else():
    modern, legacy = ssl_context(TlsProfile()), ssl_context(TlsProfile(legacy=True))
    assert legacy.options & OP_LEGACY_SERVER_CONNECT
    assert (legacy.verify_mode, legacy.check_hostname) == (modern.verify_mode, True)
    assert legacy.minimum_version == modern.minimum_version
