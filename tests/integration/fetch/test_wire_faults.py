"""Every way in which a server may misbehave on the wire ends in one FetchError of the right kind, within the deadline."""

import asyncio
import gzip
import socket
import tracemalloc
import zlib

import pytest

from crawler.errors import Failure, FetchError
from crawler.model import Page
from tests.integration.fetch.serving import Asked, Misbehaviour, Site, answer, moved, open_client, repeats, reset, says

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PAGE = b"<p>" + b"x" * 5000 + b"</p>"
BOMB = gzip.compress(bytes(200_000_000))


async def _resets(writer: asyncio.StreamWriter, _: Asked) -> None:
    writer.write(HEAD + b"Content-Length: 9000\r\n\r\n" + PAGE)
    await reset(writer)


async def _hangs(_: asyncio.StreamWriter, __: Asked) -> None:
    await asyncio.Event().wait()


def encoded(coding: str, body: bytes, **headers: str) -> bytes:
    return answer(body, Content_Encoding=coding, **headers)


FAULTS = [
    pytest.param(says(HEAD + b"Content-Length: 9000\r\n\r\n" + PAGE), Failure.TRUNCATED, id="ends before its Content-Length"),
    pytest.param(says(HEAD + b"Content-Length: 100\r\n\r\n" + PAGE), Failure.TRUNCATED, id="goes on behind its Content-Length"),
    pytest.param(says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>hi"), Failure.TRUNCATED, id="ends between two chunks"),
    pytest.param(says(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>hi"), Failure.PROTOCOL, id="a chunk size that is no number"),
    pytest.param(_resets, Failure.RESET, id="reset in the body"),
    pytest.param(says(), Failure.RESET, id="closes without a word"),
    pytest.param(says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), Failure.PROTOCOL, id="not HTTP"),
    pytest.param(says(b"<html>0.9</html>\r\n\r\n"), Failure.PROTOCOL, id="HTTP 0.9"),
    pytest.param(says(b"HTTP/1.1 200 OK\r\nA b: c\r\n\r\n"), Failure.PROTOCOL, id="a header with a space in its name"),
    pytest.param(says(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), Failure.PROTOCOL, id="two Content-Lengths"),
    pytest.param(says(HEAD + b"Content-Length: -5\r\n\r\nhello"), Failure.PROTOCOL, id="a negative Content-Length"),
    pytest.param(says(HEAD + b"Transfer-Encoding: gzip\r\n\r\nhello"), Failure.PROTOCOL, id="an unknown Transfer-Encoding"),
    pytest.param(says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"), Failure.PROTOCOL, id="another protocol"),
    pytest.param(says(HEAD + b"X: " + b"y" * 300_000 + b"\r\n\r\n"), Failure.TOO_LARGE, id="a header of 300 kB"),
    pytest.param(repeats(HEAD, b"X: y\r\n"), Failure.TOO_LARGE, id="headers for ever"),
    pytest.param(repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001), Failure.TIMEOUT, id="continue for ever"),
    pytest.param(_hangs, Failure.TIMEOUT, id="says nothing"),
    pytest.param(repeats(b"HTTP/1.1 200 OK\r\nX: ", b"y", 0.01), Failure.TIMEOUT, id="drips its header"),
    pytest.param(repeats(HEAD + b"\r\n", b"y", 0.01), Failure.TIMEOUT, id="drips its body"),
    pytest.param(repeats(HEAD + b"\r\n", b"y" * 60_000), Failure.TOO_LARGE, id="a body for ever"),
    pytest.param(says(HEAD + b"Content-Length: 999999999999\r\n\r\n"), Failure.TOO_LARGE, id="a Content-Length of a terabyte"),
    pytest.param(encoded("gzip", BOMB), Failure.TOO_LARGE, id="a gzip bomb"),
    pytest.param(encoded("deflate", zlib.compress(bytes(50_000_000))), Failure.TOO_LARGE, id="a deflate bomb"),
    pytest.param(encoded("gzip", gzip.compress(b"") * 1200), Failure.TOO_LARGE, id="a thousand gzip members"),
    pytest.param(encoded("gzip, gzip", gzip.compress(BOMB)), Failure.BAD_ENCODING, id="gzip in gzip"),
    pytest.param(encoded("gzip", gzip.compress(PAGE)[:-20]), Failure.TRUNCATED, id="gzip cut short"),
    pytest.param(encoded("gzip", PAGE), Failure.BAD_ENCODING, id="called gzip and is none"),
    pytest.param(encoded("br", b"\x0b\x02\x80hello\x03"), Failure.BAD_ENCODING, id="br, not asked for"),
    pytest.param(encoded("zstd", b"\x28\xb5\x2f\xfd"), Failure.BAD_ENCODING, id="zstd, not asked for"),
    pytest.param(answer(b""), Failure.EMPTY, id="200 and nothing"),
    pytest.param(answer(b" \r\n\t "), Failure.EMPTY, id="200 and blanks"),
    pytest.param(answer(b"", status="204 No Content"), Failure.EMPTY, id="204"),
    pytest.param(answer(PAGE, status="206 Partial Content"), Failure.PROTOCOL, id="206, not asked for"),
    pytest.param(b"HTTP/1.1 304 Not Modified\r\n\r\n", Failure.PROTOCOL, id="304, not asked for"),
    pytest.param(answer(PAGE, status="300 Multiple Choices"), Failure.REDIRECT, id="300"),
    pytest.param(answer(PAGE, status="302 Found"), Failure.REDIRECT, id="302 to nowhere"),
    pytest.param(answer(PAGE, status="401 Unauthorized"), Failure.HTTP_4XX, id="401"),
    pytest.param(answer(PAGE, status="403 Forbidden"), Failure.HTTP_4XX, id="403"),
    pytest.param(answer(PAGE, status="404 Not Found"), Failure.NOT_FOUND, id="404"),
    pytest.param(answer(PAGE, status="410 Gone"), Failure.NOT_FOUND, id="410"),
    pytest.param(answer(PAGE, status="429 Slow Down"), Failure.THROTTLED, id="429"),
    pytest.param(answer(PAGE, status="451 Not Here"), Failure.BLOCKED, id="451"),
    pytest.param(answer(PAGE, status="500 Oops"), Failure.HTTP_5XX, id="500"),
    pytest.param(answer(PAGE, status="503 Later"), Failure.THROTTLED, id="503"),
    pytest.param(answer(PAGE, status="522 Origin Down"), Failure.HTTP_5XX, id="522"),
    pytest.param(answer(b"x" * 200_000, status="500 Oops"), Failure.HTTP_5XX, id="500 with a long page"),
    pytest.param(encoded("gzip", b"no gzip", status="500 Oops"), Failure.HTTP_5XX, id="500 with a broken page"),
    pytest.param(says(b"HTTP/1.1 404 No\r\nContent-Length: 99\r\n\r\nno"), Failure.NOT_FOUND, id="404 cut short"),
    pytest.param(answer(b"<html>", Cf_Mitigated="challenge", status="403 Forbidden"), Failure.BLOCKED, id="a challenge by its header"),
    pytest.param(answer(b"<html><script>window._cf_chl_opt={}"), Failure.BLOCKED, id="a challenge with status 200"),
    pytest.param(answer(PAGE, Content_Type="image/jpeg"), Failure.CONTENT_TYPE, id="an image"),
    pytest.param(answer(PAGE, Content_Type="Application/PDF; x=y"), Failure.CONTENT_TYPE, id="a PDF"),
    pytest.param(moved("file:///etc/passwd"), Failure.GUARDED, id="redirect to a file"),
    pytest.param(moved("gopher://127.0.0.1/"), Failure.GUARDED, id="redirect to gopher"),
    pytest.param(moved("http://10.0.0.1/"), Failure.GUARDED, id="redirect to a private address"),
    pytest.param(moved("http://[::ffff:169.254.169.254]/latest"), Failure.GUARDED, id="redirect to the metadata service"),
    pytest.param(moved("http://2130706433/"), Failure.GUARDED, id="redirect to a decimal address"),
    pytest.param(moved("http://user:pass@127.0.0.1/"), Failure.GUARDED, id="redirect with a password"),
    pytest.param(moved("http://[::1"), Failure.GUARDED, id="redirect to half an address"),
    pytest.param(moved("//\xff\xfe:99999/"), Failure.GUARDED, id="redirect to noise"),
    pytest.param(moved("/page"), Failure.REDIRECT, id="redirect to itself"),
]


async def _fetch(page: bytes | Misbehaviour, *, deadline_s: float = 20) -> object:
    async with Site({"/page": page}) as site, open_client(deadline_s=deadline_s, max_bytes=1_000_000) as client:
        return await client.get(site.url("/page"), accept="page")


@pytest.mark.parametrize(("page", "kind"), FAULTS)
def test_a_fault_on_the_wire_is_one_failure_of_its_kind(page, kind):
    with pytest.raises(FetchError) as caught:
        asyncio.run(_fetch(page, deadline_s=0.5 if kind is Failure.TIMEOUT else 20))
    assert caught.value.kind is kind


def test_what_was_cut_short_at_different_places_has_failed_for_the_same_reason():
    reasons = set()
    for n_bytes in (3, 4):
        with pytest.raises(FetchError) as caught:
            asyncio.run(_fetch(says(HEAD + b"Content-Length: 9000\r\n\r\n" + PAGE[:n_bytes])))
        reasons.add(caught.value.reason)
    assert len(reasons) == 1


GOOD = [
    pytest.param(answer(PAGE), id="plain"),
    pytest.param(says(HEAD + b"\r\n" + PAGE), id="until the connection closes"),
    pytest.param(says(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE), id="HTTP 1.0"),
    pytest.param(
        says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(PAGE), PAGE)), id="chunked"
    ),
    pytest.param(encoded("gzip", gzip.compress(PAGE)), id="gzip"),
    pytest.param(encoded("X-GZIP", gzip.compress(PAGE)), id="x-gzip"),
    pytest.param(encoded("gzip", gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:])), id="two gzip members"),
    pytest.param(encoded("gzip", gzip.compress(PAGE) + b"\0" * 512), id="padded gzip"),
    pytest.param(encoded("deflate", zlib.compress(PAGE)), id="deflate"),
    pytest.param(encoded("deflate", zlib.compress(PAGE)[2:-4]), id="deflate without its frame"),
    pytest.param(encoded("utf-8", PAGE), id="a charset for an encoding"),
    pytest.param(says(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + answer(PAGE)), id="early hints"),
    pytest.param(says(HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE + b"\r\n"), id="a line end too much"),
    pytest.param(answer(PAGE, status="203 Transformed"), id="203"),
]


@pytest.mark.parametrize("page", GOOD)
def test_what_browsers_read_is_read(page):
    got = asyncio.run(_fetch(page))
    assert isinstance(got, Page)
    assert got.body == PAGE


def test_a_closed_port_is_refused_and_not_connected():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def scenario():
        async with open_client() as client:
            await client.get(f"http://127.0.0.1:{port}/")

    with pytest.raises(FetchError) as caught:
        asyncio.run(scenario())
    assert (caught.value.kind, caught.value.connected) == (Failure.REFUSED, False)


def test_an_unknown_host_is_a_dns_failure_and_not_connected():
    async def scenario():
        async with open_client() as client:
            await client.get("http://khong-co.example.vn/")

    with pytest.raises(FetchError) as caught:
        asyncio.run(scenario())
    assert (caught.value.kind, caught.value.connected) == (Failure.DNS, False)


def test_the_second_address_is_tried_when_the_first_takes_no_connection():
    async def scenario():
        async with Site({"*": answer()}, host="127.0.0.3") as site, open_client(names={"bao.vn": "127.0.0.2 127.0.0.3"}) as client:
            got = await client.get(site.url("/a", host="bao.vn"))
            assert isinstance(got, Page)

    asyncio.run(scenario())


def test_a_line_end_too_much_does_not_spoil_the_next_answer():
    async def untidy(writer: asyncio.StreamWriter, _: Asked) -> None:
        writer.write(answer(PAGE) + b"\r\n")
        await asyncio.Event().wait()

    async def scenario():
        async with Site({"/a": untidy, "/b": answer()}) as site, open_client() as client:
            assert isinstance(await client.get(site.url("/a")), Page)
            assert isinstance(await client.get(site.url("/b")), Page)

    asyncio.run(scenario())


def test_a_redirect_that_announces_a_body_and_sends_none_is_followed():
    async def scenario():
        lazy = says(moved("/b").replace(b"Content-Length: 0", b"Content-Length: 150"))
        async with Site({"/a": lazy, "/b": answer()}) as site, open_client() as client:
            assert isinstance(await client.get(site.url("/a")), Page)

    asyncio.run(scenario())


def test_a_bomb_never_occupies_more_than_its_cap():
    async def scenario():
        async with Site({"/bomb": encoded("gzip", BOMB)}) as site, open_client(max_bytes=1_000_000) as client:
            tracemalloc.start()
            with pytest.raises(FetchError):
                await client.get(site.url("/bomb"))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return peak

    assert asyncio.run(scenario()) < 6_000_000


def test_a_dripping_server_delays_no_other_host():
    async def scenario():
        names = {"drip.vn": "127.0.0.2", "good.vn": "127.0.0.3"}
        async with (
            Site({"*": repeats(HEAD + b"\r\n", b"y", 0.01)}, host="127.0.0.2") as drip,
            Site({"*": answer()}, host="127.0.0.3") as good,
            open_client(names=names, deadline_s=30) as client,
        ):
            dripping = asyncio.create_task(client.get(drip.url(host="drip.vn")))
            async with asyncio.timeout(5):
                for n in range(20):
                    assert isinstance(await client.get(good.url(f"/{n}", host="good.vn")), Page)
            assert not dripping.done()
            dripping.cancel()
            with pytest.raises(asyncio.CancelledError):
                await dripping

    asyncio.run(scenario())


def test_the_host_is_free_again_after_a_cancelled_request():
    async def scenario():
        async with Site({"/slow": _hangs, "/good": answer()}) as site, open_client() as client:
            slow = asyncio.create_task(client.get(site.url("/slow")))
            async with asyncio.timeout(5):
                await site.was_asked("/slow")
                slow.cancel()
                assert isinstance(await client.get(site.url("/good")), Page)

    asyncio.run(scenario())
