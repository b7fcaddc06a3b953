"""Real receivers on loopback, which do as they are told and remember what they got; and an outbox with a clock in the test's hand."""

import asyncio
import random
import ssl
import warnings
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from config.channel import Channel
from config.settings import Outbox as OutboxSettings
from crawler.alert.mailroom import Mailroom
from crawler.alert.outbox import Outbox
from crawler.alert.senders import Send, Senders
from crawler.model import Route
from storage.alerts import list_deliveries, raise_event
from storage.engine import Store
from storage.records import DeliveryReport, Event, PlannedDelivery
from tests.builders import NOON
from tests.letters import VOICE

PEM = Path(__file__).with_name("loopback.pem")
"""A certificate of 127.0.0.1 with its key, good for nothing but tests."""


# --- an SMTP server -------------------------------------------------------------------------------------------------------------


@dataclass
class Post:
    """A mail server. `answers` maps a recipient to what it is told instead of 250; `down` refuses every message."""

    answers: dict[str, str] = field(default_factory=dict)
    after_data: str = "250 OK"
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    """Recipient and message, in the order they came."""

    async def __aenter__(self) -> Self:
        options: dict[str, Any] = {"hostname": "127.0.0.1", "enable_SMTPUTF8": False, "tls_context": self.tls, "timeout": 20}
        if self.login is not None:
            options |= {"auth_required": True, "auth_require_tls": False, "authenticator": self._knows}
        loop = asyncio.get_running_loop()

        def protocol() -> SMTP:
            with warnings.catch_warnings(action="ignore"):  # that a login without TLS is unwise: so it is
                return SMTP(self, loop=loop, **options)

        self._server = await loop.create_server(protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await _let_go()

    def _knows(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: LoginPassword) -> AuthResult:
        assert self.login is not None
        return AuthResult(success=(said.login.decode(), said.password.decode()) == self.login, handled=False)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]) -> str:  # noqa: N802 - aiosmtpd's name
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.after_data.startswith("250"):
            assert isinstance(envelope.original_content, bytes)
            self.mails += [(to, envelope.original_content) for to in envelope.rcpt_tos]
        return self.after_data


def tls_server() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(PEM)
    return context


def tls_client() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(PEM))


# --- a webhook receiver ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Posted:
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers its requests one after the other with `answers`, the last one for ever. A status of 0 means: never answer."""

    answers: Sequence[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(200, {})])
    port: int = 0
    posted: list[Posted] = field(default_factory=list)
    _never: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await _let_go()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asyncio.current_task().set_name(SERVING)  # type: ignore[union-attr]
        try:
            while line := await reader.readline():
                await self._answer(line.split()[1].decode(), reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers: dict[str, str] = {}
        while (line := (await reader.readline()).strip()) != b"":
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.posted.append(Posted(path=path, headers=headers, body=body))
        status, extra = self.answers[min(len(self.posted), len(self.answers)) - 1]
        if status == 0:
            await self._never.wait()
        said = b"received"
        fields = {"Content-Length": str(len(said))} | extra
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"HTTP/1.1 {status} Status\r\n{head}\r\n".encode() + said)
        await writer.drain()


SERVING = "webhook receiver"


async def _let_go() -> None:
    """End what still serves a client that has not hung up."""
    tasks = [task for task in asyncio.all_tasks() if task.get_name() == SERVING]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


# --- an outbox ------------------------------------------------------------------------------------------------------------------


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


@dataclass(kw_only=True)
class Bench:
    """An outbox on its table, with everything that a test turns."""

    store: Store
    outbox: Outbox
    clock: Clock

    async def queue(self, event: Event, *routes: tuple[str, str], group: str | None = None) -> None:
        """Raise `event` for the given channels and recipients."""
        planned = [
            PlannedDelivery(
                channel=channel,
                recipient=recipient,
                group=group or f"event:{event.dedup_key}",
                event_key=event.dedup_key,
                due_at=self.clock.now,
            )
            for channel, recipient in routes
        ]
        await self.store.write(raise_event, event, planned, now=self.clock.now)

    async def drain(self) -> int:
        return await self.outbox.drain(limit=100)

    async def reports(self, channel: str | None = None) -> list[DeliveryReport]:
        """Oldest first."""
        return (await self.store.read(list_deliveries, channel=channel))[::-1]

    async def only(self, channel: str | None = None) -> DeliveryReport:
        (report,) = await self.reports(channel)
        return report


@asynccontextmanager
async def bench(
    store: Store,
    channels: Mapping[str, Channel],
    *,
    send: Send | None = None,
    tls: ssl.SSLContext | None = None,
    operators: Sequence[Route] = (),
    retry_s: Sequence[float] = (5, 60, 300, 1800),
) -> AsyncIterator[Bench]:
    clock, senders = Clock(), Senders(version="1.0", tls=tls)
    mailroom = Mailroom(
        channels=channels, operators=operators, voice=VOICE, settings=OutboxSettings.model_validate({"retry_s": list(retry_s)})
    )
    outbox = Outbox(store, mailroom, send or senders.send, clock=clock, owner="test", rng=random.Random(1))
    try:
        yield Bench(store=store, outbox=outbox, clock=clock)
    finally:
        await senders.aclose()
