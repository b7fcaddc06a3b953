"""Where alerts arrive in the demo and in tests: a mail server and a webhook receiver that keep what they get and can be told to fail."""

import asyncio
import base64
import contextlib
import hashlib
import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from crawler.press.door import Door, Ledger, call_in, loop_in_thread
from crawler.press.wire import Connection, Reply, Request, cut_all

SECRET = "whsec_" + base64.b64encode(hashlib.sha256(b"canhbao press").digest()).decode()
"""Of the receiver on loopback: no secret at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message as it was accepted; `recipients` are those of the envelope that were not refused."""

    at: datetime
    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class MailSink:
    """An SMTP server on a loopback port, up while `running()`."""

    def __init__(self, *, port: int = 0) -> None:
        self.host, self.port = "127.0.0.1", port
        self._ledger: Ledger[Mail] = Ledger()
        self._refused: dict[str, tuple[int, int | None]] = {}
        self._door: Door | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._live: list[SMTP] = []

    @contextlib.contextmanager
    def running(self) -> Generator["MailSink", None, None]:
        with loop_in_thread("mail-sink") as loop:
            self._loop, self._door = loop, Door(self.host, self.port)
            self.port = self._door.port
            try:
                self.up()
                yield self
            finally:
                self.down()
                self._door.close()
                self._loop = self._door = None

    @property
    def mails(self) -> list[Mail]:
        return self._ledger.since()

    def wait_until(self, is_enough: Callable[[list[Mail]], bool], *, deadline_s: float) -> list[Mail]:
        """Block until the mails are enough, then return them. Raises: TimeoutError."""
        return self._ledger.wait_until(is_enough, deadline_s=deadline_s)

    def up(self) -> None:
        assert self._door is not None, "only while running()"
        assert self._loop is not None
        self._door.open(self._loop, self._make_protocol)

    def down(self) -> None:
        """Refuse connections, and cut those that stand, until `up()`."""
        assert self._door is not None, "only while running()"
        assert self._loop is not None
        self._door.shut()
        call_in(self._loop, self._cut)

    def refuse(self, recipient: str, *, code: int = 550, times: int | None = None) -> None:
        """Answer RCPT for `recipient` with `code`, `times` times (None: until `accept`). 4xx is for now, 5xx for good."""
        self._refused[recipient] = (code, times)

    def accept(self, recipient: str) -> None:
        self._refused.pop(recipient, None)

    def _make_protocol(self) -> SMTP:
        smtp = SMTP(self, hostname="mail.press.example", loop=self._loop, enable_SMTPUTF8=True, data_size_limit=50_000_000)
        self._live.append(smtp)
        return smtp

    def _cut(self) -> None:
        for smtp in self._live:
            if isinstance(smtp.transport, asyncio.Transport):
                smtp.transport.abort()
        self._live.clear()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        code, times = self._refused.get(address, (250, None))
        if times is not None:
            self._refused[address] = (code, times - 1) if times > 0 else (250, None)
            code = code if times > 0 else 250
        if code != 250:  # noqa: PLR2004 - accepted
            return f"{code} recipient refused"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        recipients = tuple(str(address) for address in envelope.rcpt_tos)
        self._ledger.append(Mail(at=datetime.now(UTC), sender=str(envelope.mail_from), recipients=recipients, content=content))
        return "250 OK"


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
