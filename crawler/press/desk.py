"""Where a paper's pages are handed out: conditional requests, gzip, faults, and a line in the log for each request."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from crawler.press.door import Ledger
from crawler.press.faults import Fault, spoil
from crawler.press.newspaper import Answer, Newspaper
from crawler.press.wire import Reply, Request

MIN_GZIP_BYTES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One request as it was answered, logged when it came in."""

    at: datetime
    portal: str
    host: str
    """The Host header."""
    address: str
    """The press's own address it came to."""
    method: str
    path: str
    """Path and query."""
    status: int
    fault: str | None
    user_agent: str
    conditional: bool
    n_bytes: int
    """Of the body, as it would be sent."""


class Desk:
    """Answers the requests to one paper. Faults may be set from any thread."""

    def __init__(self, paper: Newspaper, log: Ledger[Served], clock: Callable[[], datetime]) -> None:
        self._paper, self._log, self._clock = paper, log, clock
        self._faults: list[tuple[Fault, list[int]]] = []
        self._lock = threading.Lock()

    def tell(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append((fault, [0]))

    def heal(self) -> None:
        with self._lock:
            self._faults.clear()

    def answer(self, request: Request) -> Reply:
        now = self._clock()
        fault = self._next_fault(request.target)
        if request.method not in ("GET", "HEAD"):
            reply = Reply(status=405, headers={"Allow": "GET, HEAD"})
        else:
            reply = _reply(self._paper.answer(request.target, now), request, now, must_have_body=fault is not None)
        if fault is not None:
            reply = spoil(reply, fault, request.target)
        self._log.append(self._served(request, reply, fault, now))
        return reply

    def _next_fault(self, target: str) -> Fault | None:
        with self._lock:
            for fault, met in self._faults:
                if fault.kind != "refuse" and fault.concerns(target) and (fault.times is None or met[0] < fault.times):
                    met[0] += 1
                    return fault
        return None

    def _served(self, request: Request, reply: Reply, fault: Fault | None, now: datetime) -> Served:
        headers = request.headers
        return Served(
            at=now,
            portal=self._paper.portal.id,
            host=headers.get("host", ""),
            address=self._paper.portal.address,
            method=request.method,
            path=request.target,
            status=reply.status,
            fault=fault.kind if fault else None,
            user_agent=headers.get("user-agent", ""),
            conditional="if-none-match" in headers or "if-modified-since" in headers,
            n_bytes=len(reply.body),
        )


def _reply(answer: Answer, request: Request, now: datetime, *, must_have_body: bool) -> Reply:
    headers = {"Content-Type": answer.content_type, "Vary": "Accept-Encoding"}
    if answer.status == 200:  # noqa: PLR2004 - OK
        headers["ETag"] = answer.etag
        if answer.last_modified is not None and now - answer.last_modified >= timedelta(seconds=1):
            # Not within the second it changed: a later change of the same second would look unchanged.
            headers["Last-Modified"] = format_datetime(answer.last_modified.astimezone(UTC).replace(microsecond=0), usegmt=True)
        if not must_have_body and _is_unchanged(answer, request, headers):
            return Reply(status=304, headers=headers)
    reply = Reply(status=answer.status, headers=headers, body=answer.body)
    if len(answer.body) >= MIN_GZIP_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        return replace(reply, headers=headers | {"Content-Encoding": "gzip"}, body=answer.gzipped)
    return reply


def _is_unchanged(answer: Answer, request: Request, headers: dict[str, str]) -> bool:
    """If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return answer.etag in tags
    since = request.headers.get("if-modified-since")
    if since is None or "Last-Modified" not in headers:
        return False
    try:
        return parsedate_to_datetime(headers["Last-Modified"]) <= parsedate_to_datetime(since)
    except ValueError:
        return False
