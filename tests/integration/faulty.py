"""Small papers, each with one way to fail, and a clock that skips the hours in which the daemon would only wait."""

import asyncio
import gzip
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

from crawler.errors import Failure
from tests.builders import NOON
from tests.integration.fetch.proxies import ConnectProxy
from tests.integration.fetch.serving import Asked, Misbehaviour, Site, answer, moved, repeats, reset, says

CERTIFICATES = Path(__file__).parent / "fetch/certificates"
TLS_HOST = "bao.test"  # the one that the certificates name
MAX_BYTES = 200_000
DEADLINE_S = 1.5
ROBOTS = "/robots.txt"
OTHER_PAPER = "http://khac.vn/"

HTML = "text/html; charset=utf-8"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LONG = b"<p>" + b"x" * 5000 + b"</p>"
CHALLENGE = b"<!DOCTYPE html><html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>"
COUNTRY = b"<!DOCTYPE html><html><p>The owner has banned the country or region your IP address is in</p></html>"
ERROR_PAGE = "<!DOCTYPE html><html><title>Lỗi</title><body><h1></h1><p>Hệ thống đang bận.</p></body></html>".encode()


BODY = "Sáng nay, hội nghị bàn về việc thực hiện quy chế dân chủ ở cơ sở trong năm qua. Các đại biểu đã thảo luận sôi nổi. " * 3


class SkippingLoop(asyncio.SelectorEventLoop):
    """Its time, and with it every pause and every timer, may be moved on."""

    skipped_s = 0.0

    def time(self) -> float:
        return super().time() + self.skipped_s

    def clock(self) -> Callable[[], datetime]:
        began = self.time()
        return lambda: NOON + timedelta(seconds=self.time() - began)


Fault = bytes | Misbehaviour | Literal["refuse", "no-name", "private-name", "wrong-certificate", "dead-proxy"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One failure of the issue. `at_source` and `at_page` are the kinds it is told as; None: a page that holds no article."""

    name: str
    fault: Fault | Callable[[str], bytes]
    at_source: Failure
    at_page: Failure | None
    part: str | None = None
    """What is faulty instead of the feed, or the page; such a fault is not tried on pages."""
    retry_after_s: float = 0
    status: int | None = None


def row(name: str, fault: Any, kind: Failure, **changed: Any) -> Row:
    return Row(**({"name": name, "fault": fault, "at_source": kind, "at_page": kind} | changed))


async def _hangs(_: asyncio.StreamWriter, __: Asked) -> None:
    await asyncio.Event().wait()


async def _resets(writer: asyncio.StreamWriter, _: Asked) -> None:
    writer.write(HEAD + b"Content-Length: 9000\r\n\r\n" + LONG)
    await reset(writer)


MATRIX = (
    row("no-such-name", "no-name", Failure.DNS),
    row("refused", "refuse", Failure.REFUSED),
    row("wrong-certificate", "wrong-certificate", Failure.TLS),
    row("hangs", _hangs, Failure.TIMEOUT),
    row("drips", repeats(HEAD + b"\r\n", b"y", 0.02), Failure.TIMEOUT),
    row("reset-in-the-body", _resets, Failure.RESET),
    row("truncated", says(HEAD + b"Content-Length: 9000\r\n\r\n" + LONG), Failure.TRUNCATED),
    row("broken-chunking", says(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>hi"), Failure.PROTOCOL),
    row("unfinished-chunks", says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>hi"), Failure.TRUNCATED),
    row("not-http", says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), Failure.PROTOCOL),
    row("304-to-no-condition", b"HTTP/1.1 304 Not Modified\r\n\r\n", Failure.PROTOCOL),
    row("500", answer(LONG, status="500 Oops"), Failure.HTTP_5XX),
    row("503", answer(LONG, status="503 Later"), Failure.THROTTLED, status=503),
    row("429", answer(LONG, status="429 Slow Down"), Failure.THROTTLED, status=429),
    row("429-for-2-h", answer(LONG, status="429 Slow", Retry_After="7200"), Failure.THROTTLED, status=429, retry_after_s=7200),
    row("robots-500", answer(b"x", status="500 Oops"), Failure.ROBOTS_UNREACHABLE, part=ROBOTS),
    row("404", answer(LONG, status="404 Not Found"), Failure.NOT_FOUND),
    row("410", answer(LONG, status="410 Gone"), Failure.NOT_FOUND, status=410),
    row("403", answer(LONG, status="403 Forbidden"), Failure.HTTP_4XX),
    row("error-page-with-200", answer(ERROR_PAGE, Content_Type=HTML), Failure.NOT_A_FEED, at_page=None),
    row("empty", answer(b""), Failure.EMPTY),
    row("challenge", answer(CHALLENGE, status="403 Forbidden"), Failure.BLOCKED),
    row("challenge-with-200", answer(CHALLENGE), Failure.BLOCKED),
    row("not-in-this-country", answer(COUNTRY, status="403 Forbidden"), Failure.BLOCKED),
    row("451", answer(LONG, status="451 Unavailable"), Failure.BLOCKED),
    row("brotli-unasked", answer(b"\x0b\x02\x80hello\x03", Content_Encoding="br"), Failure.BAD_ENCODING),
    row("an-image", answer(LONG, Content_Type="image/jpeg"), Failure.CONTENT_TYPE),
    row("gzip-bomb", answer(gzip.compress(bytes(20_000_000)), Content_Encoding="gzip"), Failure.TOO_LARGE),
    row("body-for-ever", repeats(HEAD + b"\r\n", b"y" * 60_000), Failure.TOO_LARGE),
    row("redirect-loop", moved, Failure.REDIRECT),
    row("redirect-to-another-portal", moved(OTHER_PAPER), Failure.REDIRECT),
    row("redirect-from-https-to-http", moved("http://bao.test/"), Failure.REDIRECT),
    row("redirect-to-a-file", moved("file:///etc/passwd"), Failure.GUARDED),
    row("redirect-to-a-private-address", moved("http://10.0.0.1/"), Failure.REDIRECT),
    row("name-of-a-private-address", "private-name", Failure.GUARDED),
    row("dead-proxy", "dead-proxy", Failure.PROXY, part="all"),  # no page is ever given up for it: tests/integration/fetch/test_proxy.py
)
NEEDS_TLS = {"wrong-certificate", "redirect-from-https-to-http"}


@dataclass
class Paper:
    """One portal: a feed that shows articles 1 to `n_shown`, and its pages. Use it as `async with`."""

    row: Row | None
    address: str
    names: dict[str, str]
    n_shown: int = 1
    pages: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.id = self.row.name if self.row else "lanh"
        self.id = f"bao-{self.id}"
        is_tls = self.row is not None and self.row.name in NEEDS_TLS
        self.host = TLS_HOST if is_tls else f"{self.id}.vn"
        self.names[self.host] = self.address
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if is_tls else None
        self.proxy = ConnectProxy() if self.row is not None and self.row.fault == "dead-proxy" else None
        self.site = Site(self.pages, host=self.address, tls=tls)
        self.heal_certificate()

    async def __aenter__(self) -> Self:
        await self.site.__aenter__()
        if self.proxy is not None:
            await self.proxy.__aenter__()
        self.heal()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.proxy is not None:
            await self.proxy.__aexit__()
        await self.site.__aexit__()

    def url(self, path: str) -> str:
        return self.site.url(path, host=self.host)

    def page_of(self, n: int) -> str:
        return f"/tin-{n}.html"

    def heal(self) -> None:
        items = "".join(
            f"<item><title>Tin số {n}</title><link>{self.url(self.page_of(n))}</link></item>" for n in range(1, self.n_shown + 1)
        )
        feed = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>'
        self.pages.clear()
        self.pages["/feed"] = answer(feed.encode(), Content_Type="application/rss+xml")
        for n in range(1, self.n_shown + 1):
            page = (
                f"<html><head><title>x</title></head><body><h1>Tin số {n} của {self.id}</h1><div class=b><p>{BODY}</p></div></body></html>"
            )
            self.pages[self.page_of(n)] = answer(page.encode(), Content_Type=HTML)

    def heal_certificate(self) -> None:
        if self.site.tls is not None:
            self.site.tls.load_cert_chain(CERTIFICATES / "server.pem")

    async def break_down(self, path: str) -> None:
        """From now on `path` fails in this paper's way; with a fault of the whole server, all of it."""
        match self.row and self.row.fault:
            case None:
                return
            case "no-name":
                self.names.pop(self.host, None)
            case "private-name":
                self.names[self.host] = "10.0.0.1"
            case "refuse":
                await self.site.__aexit__()
            case "dead-proxy":
                assert self.proxy is not None
                await self.proxy.__aexit__()
            case "wrong-certificate":
                assert self.site.tls is not None
                self.site.tls.set_ciphers("DEFAULT:@SECLEVEL=0")
                self.site.tls.load_cert_chain(CERTIFICATES / "weak.pem")
                await self.hang_up()
            case fault:
                self.pages[path] = fault(path) if fault is moved else fault

    async def mend(self) -> None:
        self.names[self.host] = self.address
        if self.row is not None and self.row.fault == "refuse":
            await self.site.__aenter__()
        if self.proxy is not None and not self.proxy.is_open:
            await self.proxy.__aenter__()
        self.heal_certificate()
        await self.hang_up()
        self.heal()

    async def hang_up(self) -> None:
        """Close the connections that are kept open, so that the next request meets what has changed."""
        for task in tuple(self.site._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def asked_for(self, path: str) -> list[float]:
        """When, on the loop's clock."""
        return [asked.at for asked in self.site.log if asked.path == path]

    def as_portal(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.id,
            "home": self.url("/"),
            "sources": [{"id": "feed", "kind": "feed", "url": self.url("/feed")}],
            "article": {"urls": [{"era": "x", "match": r"/tin-(?P<id>\d+)\.html$"}], "rules": [{"title": "h1", "body": ".b"}]},
            "per_host_interval_s": 0,
            **({"extra_ca": str(CERTIFICATES / "root.pem")} if self.site.tls else {}),
            **({"proxy": str(self.proxy.address())} if self.proxy else {}),
        }
