"""A test message, straight through a channel: no row, no retry, the answer at once."""

from datetime import datetime
from importlib import metadata
from uuid import uuid4

from config.channel import EmailChannel
from config.load import Config
from crawler.alert.compose import render
from crawler.alert.operator import operator_event
from crawler.alert.secrecy import without_secrets
from crawler.alert.senders import Senders
from crawler.alert.voice import Voice, voice_of
from crawler.errors import DeliveryError
from storage.records import DueDelivery


async def send_test(config: Config, channel: str, *, now: datetime) -> None:
    """Send a test message to every reader of `channel`. Raises: DeliveryError for the first who cannot be reached."""
    configured = config.settings.channels[channel]
    voice = voice_of(config, version=metadata.version("canhbao"))
    readers = configured.to if isinstance(configured, EmailChannel) else ("",)
    senders = Senders(version=voice.version)
    try:
        for reader in readers:
            delivery = test_delivery(channel, reader, voice, now=now)
            await senders.send(configured, render(delivery, configured, voice=voice), delivery, now=now)
    except DeliveryError as error:
        raise DeliveryError(without_secrets(error.reason, configured), permanent=error.permanent, status=error.status) from None
    finally:
        await senders.aclose()


def test_delivery(channel: str, recipient: str, voice: Voice, *, now: datetime) -> DueDelivery:
    summary = f"{voice.name} {voice.version}: {channel} {recipient}".rstrip()
    event = operator_event(kind="test", key=uuid4().hex, summary=summary, detail=None, now=now)
    return DueDelivery(
        id=f"test_{uuid4().hex}",
        channel=channel,
        recipient=recipient,
        group=f"event:{event.dedup_key}",
        lease_token="",
        n_tries=0,
        created_at=now,
        message=None,
        events=(event,),
    )
