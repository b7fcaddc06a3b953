"""`canhbao alerts`: the outbox as an operator sees it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from email import message_from_bytes, policy

from config.load import Config
from crawler.alert.trial import send_test
from crawler.app import now as _now
from crawler.commands.terminal import print_json, print_table, say_line
from crawler.errors import DeliveryError
from crawler.wording import moment, speak
from storage.alerts import list_deliveries, show_delivery
from storage.alerts import replay as replay_deliveries
from storage.engine import Store
from storage.records import DeliveryReport, DeliveryState, Event

MAIL_BEGINS = b"Message-ID: "
BATCH = 1000  # ids in one statement: databases have a limit to them


def list_(config: Config, *, state: DeliveryState | None, channel: str | None, limit: int, as_json: bool) -> int:
    say = speak(config.settings.language)
    with Store.open(config.database_url) as store:
        reports = store.look(list_deliveries, state=state, channel=channel, limit=limit)
    if as_json:
        for report in reports:
            print_json(_brief(report))
        return 0
    if not reports:
        say_line(say("no messages"))
    print_table(
        say("messages"),
        [say(key) for key in ("created", "state", "tries", "channel", "about")],
        [(moment(r.created_at), say(r.state), str(r.n_tries), r.channel, _story_of(r, say)) for r in reports],
        right=(2,),
    )
    return 0


def show(config: Config, id_: str, *, as_json: bool) -> int:
    say = speak(config.settings.language)
    with Store.open(config.database_url) as store:
        report = store.look(show_delivery, id_)
    if report is None:
        say_line(say("unknown message", id=id_))
        return 1
    if as_json:
        print_json(
            {**_brief(report), "events": [asdict(e) for e in report.events], "message": report.message, "traceback": report.traceback}
        )
        return 0
    for key, value in _brief(report).items():
        if value not in (None, ""):
            say_line(f"{key + ':':<14} {moment(value) if isinstance(value, datetime) else value}")
    for event in report.events:
        say_line(f"{'event:':<14} {event.dedup_key}")
    for part in (report.traceback, readable(report.message)):
        if part:
            say_line(f"\n{part}")
    return 0


def replay(config: Config, ids: Sequence[str], *, dead: bool, channel: str | None) -> int:
    say = speak(config.settings.language)
    if not ids and not dead:
        say_line(say("replay what"))
        return 2
    with Store.open(config.database_url) as store:
        unknown = [id_ for id_ in ids if store.look(show_delivery, id_) is None]
        for id_ in unknown:
            say_line(say("unknown message", id=id_))
        chosen = [*ids]
        if dead:
            chosen += [r.id for r in store.look(list_deliveries, state="dead", channel=channel, limit=100_000)]
        batches = [chosen[start : start + BATCH] for start in range(0, len(chosen), BATCH)]
        n = sum(store.run(replay_deliveries, batch, now=_now()) for batch in batches)
    if n or not unknown:
        say_line(say("replayed", n=n) if n else say("nothing to replay"))
    return 1 if unknown else 0


def test(config: Config, channel: str) -> int:
    say = speak(config.settings.language)
    if channel not in config.settings.channels:
        say_line(say("unknown channel", channel=channel, known=", ".join(config.settings.channels)))
        return 2
    try:
        asyncio.run(send_test(config, channel, now=_now()))
    except DeliveryError as error:
        say_line(say("test failed", channel=channel, why=error.reason))
        return 1
    say_line(say("test sent", channel=channel))
    return 0


def _story_of(report: DeliveryReport, say: Callable[..., str]) -> str:
    """What, to whom, why not, and under which id: the part of a row that may take several lines."""
    parts = [
        about(report.events),
        f"→ {report.recipient}" if report.recipient else "",
        f"{say('error')}: {report.why}" if report.why else "",
    ]
    return "\n".join([part for part in parts if part] + [report.id])


def readable(message: bytes | None) -> str | None:
    """The bytes as sent; of a mail its head and its text part, decoded, since nobody reads base64."""
    if message is None:
        return None
    if not message.startswith(MAIL_BEGINS):
        return message.decode(errors="replace")
    mail = message_from_bytes(message, policy=policy.default)
    head = "\n".join(f"{name}: {value}" for name, value in mail.items())
    body = mail.get_body(("plain",))
    return f"{head}\n\n{body.get_content() if body is not None else ''}"


def about(events: Sequence[Event]) -> str:
    """The first event in a few words: an article's title, or what happened."""
    if not events:
        return ""
    data = events[0].data
    title = data.get("article", {}).get("title") or data.get("summary") or events[0].type
    return f"{title} (+{len(events) - 1})" if len(events) > 1 else str(title)


def _brief(report: DeliveryReport) -> dict[str, object]:
    return {
        name: getattr(report, name)
        for name in ("id", "channel", "recipient", "group", "state", "n_tries", "created_at", "next_try_at", "delivered_at", "why")
    } | {"about": about(report.events)}
