"""The ways out of the house, one for each type of channel."""

import ssl
from datetime import datetime
from typing import Protocol, assert_never

import httpx

from config.channel import AppriseChannel, Channel, EmailChannel, FileChannel, WebhookChannel
from crawler.alert import email, file, webhook
from crawler.alert.gate import guarded_client
from crawler.fetch.resolver import Resolver
from storage.records import DueDelivery


class Send(Protocol):
    """Brings `message` out, within the channel's deadline. Raises: DeliveryError, and nothing else unless it has a bug."""

    async def __call__(self, channel: Channel, message: bytes, delivery: DueDelivery, *, now: datetime) -> None: ...


class Senders:
    """The real ways out. One for the process: its HTTP connections are kept and shared. `tls` replaces the system's certificates for mail."""

    def __init__(self, *, version: str, tls: ssl.SSLContext | None = None) -> None:
        self._user_agent = f"canhbao/{version}"
        self._tls = tls or ssl.create_default_context()  # once: reading the certificates takes longer than sending a mail
        self._resolver = Resolver()
        self._clients: dict[tuple[str, ...], httpx.AsyncClient] = {}

    async def send(self, channel: Channel, message: bytes, delivery: DueDelivery, *, now: datetime) -> None:
        match channel:
            case EmailChannel():
                await email.send(channel, message, recipient=delivery.recipient, tls=self._tls)
            case WebhookChannel():
                await webhook.send(self._client(channel.allow_addresses), channel, message, delivery_id=delivery.id, now=now)
            case FileChannel():
                await file.send(channel.path, message, delivery_id=delivery.id)
            case AppriseChannel():
                from crawler.alert import chat  # noqa: PLC0415 - importing Apprise takes 0.4 s, which only its users should pay

                await chat.send(channel, message)
            case _:
                assert_never(channel)

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _client(self, allow: tuple[str, ...]) -> httpx.AsyncClient:
        if allow not in self._clients:
            self._clients[allow] = guarded_client(allow, self._resolver, user_agent=self._user_agent)
        return self._clients[allow]


def deadline_s(channel: Channel) -> float:
    """The longest that `Senders.send` takes for `channel`."""
    match channel:
        case EmailChannel():
            return channel.smtp.deadline_s + email.QUIT_S
        case WebhookChannel() | AppriseChannel():
            return channel.deadline_s
        case FileChannel():
            return file.DEADLINE_S
        case _:
            assert_never(channel)
