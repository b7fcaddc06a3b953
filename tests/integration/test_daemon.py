"""The whole daemon in this process, against the press, with one part replaced: bugs, outages, a dead loop."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from crawler import app
from crawler.alert.mailroom import mailroom_of
from crawler.alert.outbox import Outbox
from crawler.alert.senders import Senders
from crawler.daemon import Daemon
from crawler.edition import VERSION, Edition
from crawler.pipeline import Desk
from crawler.workers import Workers
from storage.alerts import list_deliveries
from storage.engine import Store, upgrade
from storage.links import link_reports
from storage.sources import sync_sources
from tests.e2e.newsstand import Scene, newsstand

DEADLINE_S = 40
HASTE = 150
"""How much faster than ours the daemon's clock runs: pauses of minutes pass in seconds, and a lease still outlasts its work."""


class BuggyWorkers(Workers):
    """Reads like the real ones, but falls over its own feet on one page."""

    stumbles_on: str = ""

    async def run(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if self.stumbles_on and getattr(args[0], "url", "") == self.stumbles_on:
            raise ZeroDivisionError("a bug on this page")
        return await super().run(function, *args, **kwargs)


class BuggySenders(Senders):
    """Sends like the real ones, but falls over its own feet on messages that contain a word."""

    stumbles_on: bytes = b"\x00never"

    async def send(self, channel: Any, message: bytes, delivery: Any, *, now: datetime) -> None:
        if self.stumbles_on in message and channel.type == "webhook":
            raise ZeroDivisionError("a bug on this message")
        await super().send(channel, message, delivery, now=now)


def hasty_clock() -> Callable[[], datetime]:
    start, began = datetime.now(UTC), time.monotonic()
    return lambda: start + timedelta(seconds=(time.monotonic() - began) * HASTE)


@contextlib.asynccontextmanager
async def daemon_with(scene: Scene, *, stumbles_on_page: str = "", stumbles_on_message: bytes = b"\x00never") -> AsyncIterator[Daemon]:
    config = load(scene.config)
    upgrade(config.database_url)
    clock, edition = hasty_clock(), Edition.of(config)
    store, workers, senders = Store.open(config.database_url), BuggyWorkers(1, deadline_s=20, memory_mb=1024), BuggySenders(version=VERSION)
    workers.stumbles_on, senders.stumbles_on = stumbles_on_page, stumbles_on_message
    try:
        await store.write(sync_sources, edition.specs(), now=clock())
        async with app.open_client(config.settings.http) as client:
            desk = Desk(store=store, client=client, workers=workers, edition=edition, clock=clock)
            mailroom = mailroom_of(config, edition.operators, version=VERSION)
            yield Daemon(desk, Outbox(store, mailroom, senders.send, clock=clock, owner="test"), owner="test")
    finally:
        await senders.aclose()
        await workers.close()
        store.close()


async def run_until(daemon: Daemon, condition: Callable[[], bool]) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(daemon.run(stop))
    async with asyncio.timeout(DEADLINE_S):
        while not condition() and not running.done():
            await asyncio.sleep(0.05)
    stop.set()
    await running


def look(scene: Scene, work: Any, **kwargs: Any) -> Any:
    with Store.open(load(scene.config).database_url) as store:
        return store.look(work, **kwargs)


@pytest.fixture
def scene(tmp_path: Path):
    with newsstand(tmp_path, n_articles=16, n_backlog=4, changed={"poll": {"min_s": 300, "max_s": 600, "tick_s": 0.1}}) as ready:
        yield ready


def test_a_page_that_crashes_the_parser_is_parked_after_three_tries_and_told_while_all_else_flows_on(scene: Scene):
    poisoned = next(article.url for article in scene.told().values())
    others = {key for key in scene.told() if key[0] != poisoned}

    def is_done() -> bool:
        called = {(h.payload["data"]["article"]["url"], h.payload["data"]["watch"]["id"]) for h in scene.hook.accepted}
        return called >= others and any(
            "canhbao" in str(m.message["Subject"]) and "lỗi" in str(m.message["Subject"]) for m in scene.mail.mails
        )

    async def scenario() -> None:
        async with daemon_with(scene, stumbles_on_page=poisoned) as daemon:
            await run_until(daemon, is_done)

    asyncio.run(scenario())
    [link] = look(scene, link_reports, state="failed", limit=1000)
    assert (link.url, link.reason) == (poisoned, "bug")
    assert "ZeroDivisionError: a bug on this page" in (link.traceback or "")
    assert look(scene, link_reports, state="open", limit=1000) == []
    served = [each for each in scene.press.log if f"http://{each.host}{each.path}" == poisoned]
    assert len(served) == 3


def test_a_delivery_that_crashes_the_sender_is_parked_after_three_tries_and_told_while_all_else_flows_on(scene: Scene):
    (url, _watch), *_ = scene.told()
    others = {key for key in scene.told() if key[0] != url}

    def is_done() -> bool:
        called = {(h.payload["data"]["article"]["url"], h.payload["data"]["watch"]["id"]) for h in scene.hook.accepted}
        return called >= others and any("lỗi" in str(m.message["Subject"]) for m in scene.mail.mails)

    async def scenario() -> None:
        async with daemon_with(scene, stumbles_on_message=url.encode()) as daemon:
            await run_until(daemon, is_done)

    asyncio.run(scenario())
    dead = look(scene, list_deliveries, state="dead")
    assert {delivery.channel for delivery in dead} == {"hook"}
    assert all(delivery.n_tries == 3 and "ZeroDivisionError" in (delivery.traceback or "") for delivery in dead)
    assert {event.data["article"]["url"] for delivery in dead for event in delivery.events} == {url}


def test_a_loop_that_dies_ends_the_daemon_with_its_error(scene: Scene):
    async def scenario() -> None:
        async with daemon_with(scene) as daemon:

            async def broken(_: int) -> list[Any]:
                raise RuntimeError("the loop is broken")

            daemon.fetches._claim = broken  # type: ignore[method-assign]
            async with asyncio.timeout(DEADLINE_S):
                await daemon.run(asyncio.Event())

    with pytest.raises(RuntimeError, match="the loop is broken"):
        asyncio.run(scenario())
