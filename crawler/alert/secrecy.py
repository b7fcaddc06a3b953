"""What may be said of a channel's configuration outside it: a fingerprint, and texts without its secrets."""

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from pydantic import SecretStr

from config.channel import AppriseChannel, Channel, EmailChannel, WebhookChannel

HIDDEN = "***"


@lru_cache(maxsize=256)  # asked for each message; making it takes longer than writing down that one was delivered
def fingerprint(channel: Channel) -> str:
    """Changes when the operator edits the channel. A mail password stays out: short ones could be guessed from a hash."""
    fields = channel.model_dump(mode="python")
    if isinstance(channel, EmailChannel):
        del fields["smtp"]["password"]
    return hashlib.sha256(json.dumps(fields, sort_keys=True, default=_plain).encode()).hexdigest()[:16]


def without_secrets(text: str, channel: Channel) -> str:
    """`text`, as an exception may have worded it, fit for a log, a row and a mail."""
    for secret in _secrets(channel):
        text = text.replace(secret, HIDDEN)
    return text


def _secrets(channel: Channel) -> Iterator[str]:
    match channel:
        case EmailChannel() if channel.smtp.password is not None:
            yield channel.smtp.password.get_secret_value()
        case WebhookChannel():
            yield channel.secret.get_secret_value()
            yield channel.secret.get_secret_value().removeprefix("whsec_")
            yield str(channel.url)  # its path or query is often the receiver's only password
        case AppriseChannel():
            yield channel.url.get_secret_value()
            yield unquote(channel.url.get_secret_value())


def _plain(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
