"""`canhbao alerts`: the outbox as an operator sees it."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from config.load import Config
from crawler.alert.trial import send_test
from crawler.app import now as _now
from crawler.commands.terminal import console, print_json, print_table
from crawler.errors import DeliveryError
from crawler.wording import moment, speak
from storage.alerts import list_deliveries, show_delivery
from storage.alerts import replay as replay_deliveries
from storage.engine import Store
from storage.records import DeliveryReport, DeliveryState, Event


def list_(config: Config, *, state: DeliveryState | None, channel: str | None, limit: int, as_json: bool) -> int:
    say = speak(config.settings.language)
    with Store.open(config.database_url) as store:
        reports = store.look(list_deliveries, state=state, channel=channel, limit=limit)
    if as_json:
        for report in reports:
            print_json(_brief(report))
        return 0
    if not reports:
        console().print(say("no messages"))
    print_table(
        say("messages"),
        [say(key) for key in ("id", "channel", "recipient", "state", "tries", "created", "about", "error")],
        [(r.id, r.channel, r.recipient, say(r.state), str(r.n_tries), moment(r.created_at), about(r.events), r.why or "") for r in reports],
        right=(4,),
    )
    return 0


def show(config: Config, id_: str, *, as_json: bool) -> int:
    say = speak(config.settings.language)
    with Store.open(config.database_url) as store:
        report = store.look(show_delivery, id_)
    if report is None:
        console().print(say("unknown message", id=id_))
        return 1
    if as_json:
        print_json(
            {**_brief(report), "events": [asdict(e) for e in report.events], "message": report.message, "traceback": report.traceback}
        )
        return 0
    for key, value in _brief(report).items():
        console().print(f"{key + ':':<14} {moment(value) if isinstance(value, datetime) else value}")
    for event in report.events:
        console().print(f"{'event:':<14} {event.dedup_key}")
    for part in (report.traceback, report.message.decode(errors="replace") if report.message else None):
        if part:
            console().print(f"\n{part}", soft_wrap=True)
    return 0


def replay(config: Config, ids: Sequence[str], *, dead: bool, channel: str | None) -> int:
    say = speak(config.settings.language)
    with Store.open(config.database_url) as store:
        chosen = [*ids]
        if dead:
            chosen += [r.id for r in store.look(list_deliveries, state="dead", channel=channel, limit=100_000)]
        n = store.run(replay_deliveries, chosen, now=_now()) if chosen else 0
    console().print(say("replayed", n=n) if n else say("nothing to replay"))
    return 0 if n and (dead or n == len(set(ids))) else 1


def test(config: Config, channel: str) -> int:
    say = speak(config.settings.language)
    if channel not in config.settings.channels:
        console().print(say("unknown channel", channel=channel, known=", ".join(config.settings.channels)))
        return 2
    try:
        asyncio.run(send_test(config, channel, now=_now()))
    except DeliveryError as error:
        console().print(say("test failed", channel=channel, why=error.reason))
        return 1
    console().print(say("test sent", channel=channel))
    return 0


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
