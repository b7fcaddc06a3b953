"""A mail server that keeps what it gets and can be told to refuse a recipient, or to be down."""

import asyncio
import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from crawler.press.door import Door, Ledger, call_in, loop_in_thread


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
