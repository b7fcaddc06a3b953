"""One request and its answer, bounded: bytes as sent, bytes decoded, and (by the caller's deadline) time."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

import httpx

from crawler.errors import Failure, FetchError
from crawler.fetch.answer import failure_of, retry_after_s
from crawler.fetch.blocked import wall
from crawler.fetch.body import BoundedBody
from crawler.fetch.failures import WIRE_ERRORS, FaultError

Accept: TypeAlias = Literal["feed", "page", "any"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
MAX_ERROR_BYTES = 64_000  # enough of an error page to see who put it there
PEEK_S = 3.0  # redirects that announce a body and send none are common: their Location is known already
_NEVER_TEXT = ("image/", "video/", "audio/", "font/", "application/pdf", "application/msword", "application/vnd.")
_ARCHIVES = ("application/zip", "application/gzip", "application/x-gzip", "application/octet-stream")  # a sitemap may be one, a page not
_SPENT = httpx.ByteStream(b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """A usable answer: 200 with its body, 304, or a redirect with a Location."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


async def download(http: httpx.AsyncClient, request: httpx.Request, *, max_bytes: int, accept: Accept, now: datetime) -> Answer:
    """Raises: FetchError for the answers that are failures, and whatever `failures.WIRE_ERRORS` lists."""
    response = await http.send(request, stream=True)
    try:
        status, headers = response.status_code, response.headers
        if status == NOT_MODIFIED or (status in REDIRECTS and headers.get("location", "").strip()):
            await _peek(response)  # else the connection cannot be used again
            return Answer(status, headers)
        failed = failure_of(status)
        if failed is None:
            _check_type(str(request.url), status, headers.get("content-type", ""), accept)
        body = await _read(response, max_bytes) if failed is None else await _peek(response)
    finally:
        await response.aclose()
        response.stream = _SPENT  # httpx ties the two in a circle: 10 kB each for the garbage collector, which then stops the loop
    _check_answer(str(request.url), failed, Answer(status, headers, body), now)
    return Answer(status, headers, body)


async def _read(response: httpx.Response, max_bytes: int) -> bytes:
    if (length := response.headers.get("content-length", "")).isdecimal() and int(length[:20]) > max_bytes:
        raise FaultError(Failure.TOO_LARGE, f"Content-Length {length[:20]} is more than {max_bytes} bytes")
    body = BoundedBody(response.headers.get("content-encoding"), max_bytes)
    async for chunk in response.aiter_raw():
        body.feed(chunk)
    return body.finish()


async def _peek(response: httpx.Response) -> bytes:
    """The body of an answer that is no page, if it is short and comes soon: it says who refused. Its own faults are of no interest."""
    try:
        async with asyncio.timeout(PEEK_S):
            return await _read(response, MAX_ERROR_BYTES)
    except WIRE_ERRORS:
        return b""


def _check_type(url: str, status: int, content_type: str, accept: Accept) -> None:
    bare = content_type.partition(";")[0].strip().lower()
    if (accept != "any" and bare.startswith(_NEVER_TEXT)) or (accept == "page" and bare in _ARCHIVES):
        raise FetchError(url, f"Content-Type {bare[:80]}", kind=Failure.CONTENT_TYPE, status=status)


def _check_answer(url: str, failed: Failure | None, answer: Answer, now: datetime) -> None:
    wait_s = retry_after_s(answer.headers.get("retry-after"), now=now)
    if (what := wall(answer.headers, answer.body)) is not None:
        raise FetchError(url, what, kind=Failure.BLOCKED, status=answer.status, retry_after_s=wait_s)
    if failed is not None:
        raise FetchError(url, f"HTTP {answer.status}", kind=failed, status=answer.status, retry_after_s=wait_s)
    if not answer.body.strip():
        raise FetchError(url, "an empty page", kind=Failure.EMPTY, status=answer.status)
