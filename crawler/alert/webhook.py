"""The webhook channel: Standard Webhooks 1.0. The body and its id never change; time and signature are of each try."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from standardwebhooks import Webhook

from config.channel import WebhookChannel
from crawler.errors import DeliveryError

MAX_ANSWER_BYTES = 4096  # enough for a reason; nobody reads more
MAX_ANSWER_CHARS = 200
THROTTLED = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)


async def send(client: httpx.AsyncClient, channel: WebhookChannel, message: bytes, *, delivery_id: str, now: datetime) -> None:
    """POST `message`, signed. Taken means a 2xx status, whatever its body. Raises: DeliveryError."""
    status: int | None = None
    answer, retry_after = b"", None
    try:
        async with (
            asyncio.timeout(channel.deadline_s),
            client.stream(
                "POST", str(channel.url), content=message, headers=_headers(channel, message, delivery_id, now), timeout=channel.deadline_s
            ) as response,
        ):
            status, retry_after = response.status_code, response.headers.get("retry-after")
            answer = await _beginning(response)
    except TimeoutError as error:
        if status is None:
            raise DeliveryError(f"{channel.url.host} did not answer in {channel.deadline_s:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        if status is None:
            raise DeliveryError(f"{channel.url.host}: {_cause(error)}") from error
    assert status is not None
    if not httpx.codes.is_success(status):
        raise _refusal(status, answer, retry_after, now)


def retry_after_s(header: str | None, *, now: datetime) -> float | None:
    """The receiver's wish in seconds from `now`: it may name a number or a date. None when it names neither."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header.strip()[:10])
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


def _headers(channel: WebhookChannel, message: bytes, delivery_id: str, now: datetime) -> dict[str, str]:
    signature = Webhook(channel.secret.get_secret_value()).sign(msg_id=delivery_id, timestamp=now.astimezone(UTC), data=message.decode())
    return {
        "content-type": "application/json",
        "accept-encoding": "identity",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


async def _beginning(response: httpx.Response) -> bytes:
    """The head of the answer. A short one is read to its end, which leaves the connection open for the next message."""
    head = b""
    async for chunk in response.aiter_raw():
        head += chunk
        if len(head) >= MAX_ANSWER_BYTES:
            break
    return head[:MAX_ANSWER_BYTES]


def _refusal(status: int, answer: bytes, retry_after: str | None, now: datetime) -> DeliveryError:
    if status == httpx.codes.GONE:
        return DeliveryError("HTTP 410: the receiver asked us to stop", status=status, gone=True)
    if httpx.codes.is_redirect(status):
        return DeliveryError(f"HTTP {status}: redirects are not followed; set url to where it leads", status=status)
    said = " ".join("".join(c if c.isprintable() else " " for c in answer.decode("utf-8", "replace")).split())[:MAX_ANSWER_CHARS]
    wish_s = retry_after_s(retry_after, now=now) if status in THROTTLED else None
    return DeliveryError(f"HTTP {status}: {said}" if said else f"HTTP {status}", status=status, retry_after_s=wish_s)


def _cause(error: Exception) -> str:
    """What went wrong at the bottom. httpx's own words may hold the whole URL, and a token in it."""
    match error:
        case httpx.ConnectTimeout() | httpx.ReadTimeout() | httpx.WriteTimeout() | httpx.PoolTimeout():
            return "no answer in time"
        case httpx.ConnectError():
            return f"no connection ({error})"
        case _:
            return type(error).__name__
