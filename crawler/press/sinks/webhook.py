"""A Standard Webhooks receiver that checks signatures, keeps what it gets and can be told how to answer."""

import base64
import contextlib
import hashlib
import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from crawler.press.door import Door, Ledger, call_in, loop_in_thread
from crawler.press.wire import Connection, Reply, Request, cut_all

SECRET = "whsec_" + base64.b64encode(hashlib.sha256(b"canhbao press").digest()).decode()
"""Of the receiver on loopback: no secret at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One request to the receiver: `attempt` counts the requests with its id, `status` is what we answered."""

    at: datetime
    id: str
    body: bytes
    attempt: int
    status: int
    is_signed: bool
    """The Standard Webhooks signature fits body, id and time."""

    @property
    def payload(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True, kw_only=True)
class _Order:
    status: int
    times: int | None
    retry_after_s: float | None


class WebhookSink:
    """A Standard Webhooks receiver on a loopback port, up while `running()`. Answers 204, or 401 to a bad signature."""

    def __init__(self, *, secret: str = SECRET, port: int = 0) -> None:
        self.secret, self.port = secret, port
        self._verifier = Webhook(secret)
        self._ledger: Ledger[Hook] = Ledger()
        self._attempts: dict[str, int] = {}
        self._orders: list[_Order] = []
        self._live: set[Connection] = set()

    @contextlib.contextmanager
    def running(self) -> Generator["WebhookSink", None, None]:
        with loop_in_thread("webhook-sink") as loop:
            door = Door("127.0.0.1", self.port)
            self.port = door.port
            try:
                door.open(loop, lambda: Connection(self._answer, self._live))
                yield self
            finally:
                door.close()
                call_in(loop, lambda: cut_all(self._live))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def hooks(self) -> list[Hook]:
        """Every request, the refused ones included."""
        return self._ledger.since()

    @property
    def accepted(self) -> list[Hook]:
        return [hook for hook in self.hooks if hook.status < 300]  # noqa: PLR2004 - 2xx

    def wait_until(self, is_enough: Callable[[list[Hook]], bool], *, deadline_s: float) -> list[Hook]:
        """Block until the requests are enough, then return them. Raises: TimeoutError."""
        return self._ledger.wait_until(is_enough, deadline_s=deadline_s)

    def answer(self, status: int, *, times: int | None = None, retry_after_s: float | None = None) -> None:
        """Answer the next `times` signed requests with `status` (None: from now on). Orders are worked off in turn."""
        self._orders.append(_Order(status=status, times=times, retry_after_s=retry_after_s))

    def _answer(self, request: Request) -> Reply:
        is_signed = self._is_signed(request)
        order = self._next_order() if is_signed else None
        status = order.status if order else (204 if is_signed else 401)
        ident = request.headers.get("webhook-id", "")
        self._attempts[ident] = attempt = self._attempts.get(ident, 0) + 1
        self._ledger.append(Hook(at=datetime.now(UTC), id=ident, body=request.body, attempt=attempt, status=status, is_signed=is_signed))
        wish = order.retry_after_s if order else None
        return Reply(status=status, headers={} if wish is None else {"Retry-After": f"{wish:.0f}"})

    def _is_signed(self, request: Request) -> bool:
        try:
            self._verifier.verify(request.body, request.headers, json_parse=False)
        except (WebhookVerificationError, ValueError):
            return False
        return True

    def _next_order(self) -> _Order | None:
        while self._orders and self._orders[0].times == 0:
            self._orders.pop(0)
        if not self._orders:
            return None
        order = self._orders[0]
        if order.times is not None:
            order.times -= 1
        return order
