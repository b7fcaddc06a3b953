"""Deliveries and channels for the tests of `crawler.alert`."""

import base64
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from config.channel import AppriseChannel, EmailChannel, FileChannel, WebhookChannel
from crawler.alert.voice import Voice
from crawler.dedup.events import matched_event
from storage.records import DueDelivery, Event
from tests.builders import NOON, make_article, make_match

SECRET = "whsec_" + base64.b64encode(b"twenty-four bytes at least").decode()
STORY = "baodongthap/aspx/1001"
VOICE = Voice(
    domain="example.org", version="1.0", portals={"baodongthap": "Báo Đồng Tháp", "baolongan": "Báo Long An", "baocantho": "Báo Cần Thơ"}
)


def make_event(*, article: dict[str, Any] | None = None, match: dict[str, Any] | None = None, **changed: Any) -> Event:
    values: dict[str, Any] = {"story": STORY, "portals": ["baodongthap"], "late": False, "now": NOON}
    return matched_event(make_article(**(article or {})), make_match(**(match or {})), **(values | changed))


def make_delivery(*events: Event, **changed: Any) -> DueDelivery:
    values: dict[str, Any] = {
        "id": "msg_1",
        "channel": "office-mail",
        "recipient": "vanphong@example.org",
        "group": f"story:{STORY}",
        "lease_token": "token",
        "n_tries": 0,
        "created_at": NOON,
        "message": None,
        "events": events or (make_event(),),
    }
    return DueDelivery(**(values | changed))


def mail_channel(port: int = 25, *, to: tuple[str, ...] = ("vanphong@example.org",), **smtp: Any) -> EmailChannel:
    values: dict[str, Any] = {"host": "127.0.0.1", "port": port, "starttls": False, "deadline_s": 10}
    return EmailChannel.model_validate({"type": "email", "from": "canhbao@example.org", "to": to, "smtp": values | smtp})


def webhook_channel(port: int = 80, **changed: Any) -> WebhookChannel:
    values: dict[str, Any] = {
        "type": "webhook",
        "url": f"http://127.0.0.1:{port}/hook",
        "secret": SECRET,
        "deadline_s": 10,
        "allow_addresses": ["127.0.0.0/8"],
    }
    return WebhookChannel.model_validate(values | changed)


def chat_channel(url: str = "json://127.0.0.1:1") -> AppriseChannel:
    return AppriseChannel.model_validate({"type": "apprise", "url": url})


def file_channel(path: Any) -> FileChannel:
    return FileChannel.model_validate({"type": "file", "path": path})


def parsed(message: bytes) -> EmailMessage:
    mail = BytesParser(policy=default).parsebytes(message)
    assert isinstance(mail, EmailMessage)
    return mail


def part(message: bytes, kind: str) -> str:
    """The `plain` or the `html` part, decoded."""
    body = parsed(message).get_body((kind,))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOON.timestamp() + seconds, tz=NOON.tzinfo)
