"""The chat channel: Telegram, Slack, Matrix and a hundred others through Apprise, which says yes or no and never why."""

import asyncio
import json
import logging

import apprise

from config.channel import AppriseChannel
from crawler.errors import DeliveryError

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its DEBUG lines hold whole URLs, tokens included, and its warnings answers


async def send(channel: AppriseChannel, message: bytes) -> None:
    """Say `message` there. Raises: DeliveryError, without the URL: it is a secret."""
    said = json.loads(message)
    try:
        async with asyncio.timeout(channel.deadline_s):
            reason = await asyncio.to_thread(_notify, channel.url.get_secret_value(), said["title"], said["body"])
    except TimeoutError as error:
        raise DeliveryError(f"the chat service took longer than {channel.deadline_s:g} s") from error
    if reason is not None:
        raise DeliveryError(reason)


def _notify(url: str, title: str, body: str) -> str | None:
    """None when it was taken, else why not."""
    chat = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False))
    if not chat.add(url):
        return "Apprise does not know this kind of URL; see the channel's url"
    taken = chat.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
    return None if taken else "the chat service did not take the message (Apprise does not say why); check the channel's url"
