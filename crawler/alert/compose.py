"""Writes the whole message of a delivery, once: what is written here is what every try sends. Pure."""

import hashlib
import json
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any, assert_never

from config.channel import AppriseChannel, Channel, EmailChannel, FileChannel, WebhookChannel
from crawler.alert import letter, views
from crawler.alert.voice import Voice, wire_domain
from crawler.dedup.events import in_vietnam
from crawler.errors import DeliveryError
from storage.records import DueDelivery, Event


class _Policy(EmailPolicy):
    """Mail that is 7-bit clean, for servers with and without 8BITMIME."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """The library's own folding loses spaces between long encoded words (Python 3.11: "công tácdân vận")."""
        if name.lower() != "subject":
            return super().fold_binary(name, value)
        return f"{name}: {Header(str(value), 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}".encode("ascii")


POLICY = _Policy(linesep="\r\n", cte_type="7bit")
MAX_CHAT_CHARS = 3500  # Telegram takes 4096, the tightest of the common ones


def render(delivery: DueDelivery, channel: Channel, *, voice: Voice) -> bytes:
    """The message of `delivery` as `channel` takes it. The same arguments give the same bytes. Raises: DeliveryError."""
    match channel:
        case EmailChannel():
            return _mail(delivery, channel, voice)
        case WebhookChannel() | FileChannel():
            return _json(_body(delivery))
        case AppriseChannel():
            title, text = letter.chat_text(delivery, voice)
            return _json({"title": title, "body": text[:MAX_CHAT_CHARS]})
        case _:
            assert_never(channel)


def suits(message: bytes, channel: Channel) -> bool:
    """Whether `message` was written for this kind of channel: a name may have changed its type while a delivery waited."""
    match channel:
        case EmailChannel():
            return not message.startswith(b"{")
        case WebhookChannel() | FileChannel():
            return message.startswith(b'{"type":')
        case AppriseChannel():
            return message.startswith(b'{"title":')
        case _:
            assert_never(channel)


def wire_address(address: str) -> str:
    """`address` as SMTP without extensions takes it. Raises: DeliveryError when its local part is not ASCII."""
    local, _, domain = address.rpartition("@")
    wire = f"{local}@{wire_domain(domain)}"
    if not wire.isascii():
        raise DeliveryError(f"the address {address} has letters that mail servers do not take; use one in ASCII", permanent=True)
    return wire


# --- JSON -----------------------------------------------------------------------------------------------------------------------


def _body(delivery: DueDelivery) -> dict[str, Any]:
    """One event as it is (design §5.3); several, which only a digest has, under `data.events`."""
    if len(delivery.events) == 1:
        return _event(delivery.events[0])
    return {
        "type": "digest",
        "timestamp": in_vietnam(delivery.created_at),
        "data": {"group": delivery.group, "events": [_event(event) for event in delivery.events]},
    }


def _event(event: Event) -> dict[str, Any]:
    return {"type": event.type, "timestamp": in_vietnam(event.occurred_at), "data": event.data}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# --- mail -----------------------------------------------------------------------------------------------------------------------


def _mail(delivery: DueDelivery, channel: EmailChannel, voice: Voice) -> bytes:
    written = letter.letter(delivery, voice)
    mail = EmailMessage(policy=POLICY)
    mail["Message-ID"] = f"<{delivery.id}@{voice.domain}>"
    mail["Date"] = delivery.created_at
    mail["From"] = _mailbox(channel.sender, name=voice.name)
    mail["To"] = _mailbox(delivery.recipient)
    mail["Reply-To"] = _mailbox(channel.reply_to or channel.sender)
    mail["Subject"] = views.one_line(written.subject)
    mail["List-Id"] = f"{voice.name} <{voice.name}.{voice.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers
    if watches := views.watches(delivery):
        mail["X-Canhbao-Watch"] = ", ".join(watches)
    if delivery.group.startswith("story:"):
        mail["References"] = f"<story.{_digest(delivery.group)}@{voice.domain}>"  # nobody's Message-ID: a common parent joins the thread
    mail.set_content(written.text)
    mail.add_alternative(written.html, subtype="html")
    mail.set_boundary(f"=_{_digest(delivery.id)}")  # the library's own is random; "=_" stands in no encoded body
    return mail.as_bytes()


def _mailbox(address: str, *, name: str = "") -> Address:
    local, _, domain = wire_address(address).rpartition("@")
    return Address(name, local, domain)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
