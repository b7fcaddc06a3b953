"""The whole daemon in this process, against the press, with one part replaced: bugs, outages, a dead loop."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.alert.senders import Senders
from crawler.edition import VERSION
from crawler.workers import Workers
from storage.deliveries import list_deliveries
from storage.links import link_reports
from tests.e2e.newsstand import Scene, newsstand
from tests.e2e.test_kill import called
from tests.integration.scene import DEADLINE_S, SkippingClock, daemon_with, look, run_while_skipping


class BuggyWorkers(Workers):
    """Reads like the real ones, but falls over its own feet on one page."""

    def __init__(self, *, stumbles_on: str) -> None:
        super().__init__(1, deadline_s=20, memory_mb=1024)
        self._stumbles_on = stumbles_on

    async def run(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if getattr(args[0], "url", "") == self._stumbles_on:
            raise ZeroDivisionError("a bug on this page")
        return await super().run(function, *args, **kwargs)


class BuggySenders(Senders):
    """Sends like the real ones, but falls over its own feet on messages that contain a word."""

    def __init__(self, *, stumbles_on: bytes) -> None:
        super().__init__(version=VERSION)
        self._stumbles_on = stumbles_on

    async def send(self, channel: Any, message: bytes, delivery: Any, *, now: datetime) -> None:
        if self._stumbles_on in message and channel.type == "webhook":
            raise ZeroDivisionError("a bug on this message")
        await super().send(channel, message, delivery, now=now)


@pytest.fixture
def scene(tmp_path: Path):
    with newsstand(tmp_path, n_articles=16, n_backlog=4, changed={"poll": {"min_s": 300, "max_s": 600, "tick_s": 60}}) as ready:
        yield ready


def test_a_page_that_crashes_the_parser_is_parked_after_three_tries_and_told_while_all_else_flows_on(scene: Scene):
    poisoned = next(article.url for article in scene.told().values())
    others = {key for key in scene.told() if key[0] != poisoned}

    def are_told() -> bool:
        return {called(hook) for hook in scene.hook.accepted} >= others

    def is_reported() -> bool:
        is_told = any("lỗi" in str(mail.message["Subject"]) for mail in scene.mail.mails)
        return is_told and not look(scene.config, link_reports, state="open", limit=1)  # a poll of the last moment may find links

    clock = SkippingClock()

    async def scenario() -> None:
        async with daemon_with(scene.config, clock=clock, workers=BuggyWorkers(stumbles_on=poisoned)) as daemon:
            await run_while_skipping(daemon, clock, is_reported, after=are_told)

    asyncio.run(scenario())
    [link] = look(scene.config, link_reports, state="failed", limit=1000)
    assert (link.url, link.reason) == (poisoned, "bug")
    assert "ZeroDivisionError: a bug on this page" in (link.traceback or "")
    assert look(scene.config, link_reports, state="open", limit=1000) == []
    served = [each for each in scene.press.log if f"http://{each.host}{each.path}" == poisoned]
    assert len(served) == 3


def test_a_delivery_that_crashes_the_sender_is_parked_after_three_tries_and_told_while_all_else_flows_on(scene: Scene):
    (url, _watch), *_ = scene.told()
    others = {key for key in scene.told() if key[0] != url}

    def are_told() -> bool:
        return {called(hook) for hook in scene.hook.accepted} >= others

    def is_reported() -> bool:
        return any("lỗi" in str(mail.message["Subject"]) for mail in scene.mail.mails)

    clock = SkippingClock()

    async def scenario() -> None:
        async with daemon_with(scene.config, clock=clock, senders=BuggySenders(stumbles_on=url.encode())) as daemon:
            await run_while_skipping(daemon, clock, is_reported, after=are_told)

    asyncio.run(scenario())
    dead = look(scene.config, list_deliveries, state="dead")
    assert {delivery.channel for delivery in dead} == {"hook"}
    assert all(delivery.n_tries == 3 and "ZeroDivisionError" in (delivery.traceback or "") for delivery in dead)
    assert {event.data["article"]["url"] for delivery in dead for event in delivery.events} == {url}


def test_a_loop_that_dies_ends_the_daemon_with_its_error(scene: Scene):
    clock = SkippingClock()

    async def scenario() -> None:
        async with daemon_with(scene.config, clock=clock) as daemon:

            async def broken(_: int) -> list[Any]:
                raise RuntimeError("the loop is broken")

            daemon.fetches._claim = broken
            async with asyncio.timeout(DEADLINE_S):
                await daemon.run(asyncio.Event())

    with pytest.raises(RuntimeError, match="the loop is broken"):
        asyncio.run(scenario())
