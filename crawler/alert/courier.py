"""Carries one claimed delivery to its next state: delivered, to be tried again, dead, or given back."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from loguru import logger

from config.channel import Channel, EmailChannel, WebhookChannel
from crawler.alert import ledger
from crawler.alert.compose import render, suits
from crawler.alert.mailroom import Mailroom
from crawler.alert.retry import after
from crawler.alert.secrecy import fingerprint, without_secrets
from crawler.alert.senders import Send
from crawler.errors import DeliveryError
from storage.alerts import freeze_message, mark_dead, release_delivery
from storage.channels import channel_state
from storage.engine import StorageError, Store
from storage.records import DueDelivery

T = TypeVar("T")


class Courier:
    def __init__(self, store: Store, send: Send, *, clock: Callable[[], datetime], rng: random.Random) -> None:
        self._store, self._send, self._clock, self._rng = store, send, clock, rng

    async def carry(self, mailroom: Mailroom, delivery: DueDelivery) -> None:
        """The bug boundary of a delivery. Raises: StorageError when what happened could not be written down."""
        channel = mailroom.channels.get(delivery.channel)
        why = await self._obstacle(channel, delivery)
        if channel is None or why is not None:
            await self._finish(self._store.write(mark_dead, delivery.id, delivery.lease_token, why=why or "", now=self._clock()))
            logger.warning("not delivered: {}: {}; dead", _named(delivery), why)
            return
        try:
            is_sent = await self._try(mailroom, channel, delivery)
        except DeliveryError as error:
            await self._refused(mailroom, channel, delivery, error)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - the one bug boundary of a delivery: the traceback is kept on its row
            await self._bugged(mailroom, channel, delivery, error)
        else:
            if is_sent:
                await self._delivered(channel, delivery)

    async def give_back(self, delivery: DueDelivery) -> None:
        """As if it had never been claimed."""
        await self._finish(self._store.write(release_delivery, delivery.id, delivery.lease_token))

    async def _obstacle(self, channel: Channel | None, delivery: DueDelivery) -> str | None:
        """Why `delivery` can no longer be sent at all, as configured today."""
        if channel is None:
            return f"channel {delivery.channel} was removed from the configuration"
        if isinstance(channel, EmailChannel) and delivery.recipient not in channel.to:
            return f"{delivery.recipient} was removed from the channel {delivery.channel}"
        if delivery.message is not None and not suits(delivery.message, channel):
            return f"channel {delivery.channel} was of another type when this message was written"
        if isinstance(channel, WebhookChannel):
            state = await self._store.read(channel_state, delivery.channel, fingerprint(channel))
            if state.disabled_why is not None:
                return f"channel {delivery.channel} is disabled ({state.disabled_why}); edit the channel to enable it"
        return None

    async def _try(self, mailroom: Mailroom, channel: Channel, delivery: DueDelivery) -> bool:
        """Send it. False when it turned out to be no longer ours, or to tell less than it should by now. Raises: DeliveryError."""
        message = delivery.message
        if message is None:
            written = render(delivery, channel, voice=mailroom.voice)
            message = await self._store.write(freeze_message, delivery.id, delivery.lease_token, written)
            if message is None:
                logger.debug("left to whoever claims it next: {}", _named(delivery))
                return False
        await self._send(channel, message, delivery, now=self._clock())
        return True

    async def _delivered(self, channel: Channel, delivery: DueDelivery) -> None:
        is_ours = await self._finish(self._store.write(ledger.delivered, delivery, fingerprint(channel), now=self._clock()))
        afterwards = "" if is_ours else " (after its lease had ended)"
        logger.info("delivered: {}{}", _named(delivery), afterwards)

    async def _refused(self, mailroom: Mailroom, channel: Channel, delivery: DueDelivery, failure: DeliveryError) -> None:
        now = self._clock()
        reason = without_secrets(failure.reason, channel)
        verdict = after(
            failure, reason=reason, n_tries=delivery.n_tries, retry_s=mailroom.settings.retry_s, now=now, luck=self._rng.random()
        )
        writing = self._store.write(
            ledger.refused,
            delivery,
            verdict,
            gone=failure.gone,
            fingerprint=fingerprint(channel),
            refusal=_refusal(channel, failure),
            operators=mailroom.operators,
            now=now,
        )
        await self._finish(writing)
        logger.warning("not delivered: {}: {}", _named(delivery), verdict)

    async def _bugged(self, mailroom: Mailroom, channel: Channel, delivery: DueDelivery, error: Exception) -> None:
        now, retry_s = self._clock(), mailroom.settings.retry_s
        trace = without_secrets(ledger.traceback_of(error), channel)
        again = now + timedelta(seconds=retry_s[min(delivery.n_tries, len(retry_s) - 1)])
        writing = self._store.write(ledger.bugged, delivery, trace, next_try_at=again, operators=mailroom.operators, now=now)
        is_parked = await self._finish(writing)
        logger.error("a bug of ours on {}{}:\n{}", _named(delivery), ", parked" if is_parked else "", trace)

    async def _finish(self, writing: Awaitable[T]) -> T:
        """See a status through although we are being cancelled: what happened is written down."""
        task = asyncio.ensure_future(writing)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise


def _named(delivery: DueDelivery) -> str:
    return " ".join(part for part in (delivery.channel, delivery.recipient, delivery.id) if part)


def _refusal(channel: Channel, failure: DeliveryError) -> str | None:
    """A short word for an answer that, ten times in a row, is worth telling: HTTP 4xx, and whatever a mail server says instead of yes."""
    if failure.status is None or failure.gone:
        return None
    if isinstance(channel, WebhookChannel) and not 400 <= failure.status < 500:  # noqa: PLR2004 - HTTP's client errors
        return None
    return f"{channel.type} {failure.status}"
