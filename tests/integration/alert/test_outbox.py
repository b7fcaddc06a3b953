"""What holds whatever the channel: one bug stops one delivery, a crash only delays, the slow hold up nobody."""

import asyncio
import json

import pytest

from crawler.alert.mailroom import Mailroom
from crawler.errors import DeliveryError
from crawler.model import Route
from tests.integration.alert.parts import bench
from tests.letters import chat_channel, file_channel, make_event, webhook_channel

POISON = "đầu độc"
OPERATORS = [Route(channel="log", recipient="", grouping="event")]


class Taker:
    """A way out that takes everything, and breaks on poison."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.took = asyncio.Event()

    async def __call__(self, channel, message, delivery, *, now):
        if POISON.encode() in message:
            raise ZeroDivisionError("secret is whsec_dHdlbnR5LWZvdXIgYnl0ZXMgYXQgbGVhc3Q=")
        self.taken.append((delivery.id, message))
        self.took.set()


class Hanger(Taker):
    """Hangs on the first message of `channel` until it is let go."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self.channel = channel
        self.came, self.may_go = asyncio.Event(), asyncio.Event()

    async def __call__(self, channel, message, delivery, *, now):
        if delivery.channel == self.channel:
            self.came.set()
            await self.may_go.wait()
        await super().__call__(channel, message, delivery, now=now)


def channels(tmp_path):
    return {"newsroom": webhook_channel(), "log": file_channel(tmp_path / "log.jsonl"), "chat": chat_channel()}


def poisoned():
    return make_event(article={"title": POISON}, match={"watch": "poison"})


def test_a_delivery_that_breaks_the_sender_is_parked_after_three_tries(store, tmp_path):
    async def run():
        async with bench(store, channels(tmp_path), send=Taker()) as table:
            await table.queue(poisoned(), ("newsroom", ""))
            for _ in range(5):
                await table.drain()
                table.clock.forward(hours=1)
            report = await table.only()
            assert (report.state, report.why, report.n_tries) == ("dead", "bug", 3)
            assert "ZeroDivisionError" in (report.traceback or "")

    asyncio.run(run())


def test_everything_else_flows_on_meanwhile(store, tmp_path):
    async def run():
        taker = Taker()
        async with bench(store, channels(tmp_path), send=taker) as table:
            await table.queue(poisoned(), ("newsroom", ""))
            await table.queue(make_event(), ("newsroom", ""))
            await table.drain()
            assert [report.state for report in await table.reports()] == ["retry", "delivered"]

    asyncio.run(run())


def test_the_operator_hears_of_the_parked_one_once(store, tmp_path):
    async def run():
        taker = Taker()
        async with bench(store, channels(tmp_path), send=taker, operators=OPERATORS) as table:
            await table.queue(poisoned(), ("newsroom", ""))
            for _ in range(5):
                await table.drain()
                table.clock.forward(hours=1)
            assert [json.loads(message)["type"] for _, message in taker.taken] == ["operator.delivery_parked"]

    asyncio.run(run())


def test_no_secret_gets_into_a_traceback(store, tmp_path):
    async def run():
        async with bench(store, channels(tmp_path), send=Taker()) as table:
            await table.queue(poisoned(), ("newsroom", ""))
            await table.drain()
            assert "secret is ***" in ((await table.only()).traceback or "")

    asyncio.run(run())


def test_news_of_the_service_that_break_the_sender_make_no_more_news(store, tmp_path):
    async def run():
        async def refuse(channel, message, delivery, *, now):
            raise DeliveryError("HTTP 400", permanent=True)

        async with bench(store, channels(tmp_path), send=refuse, operators=OPERATORS) as table:
            await table.queue(make_event(), ("newsroom", ""))
            for _ in range(3):
                await table.drain()
            assert [report.channel for report in await table.reports()] == ["newsroom", "log"]

    asyncio.run(run())


def test_a_slow_channel_holds_up_no_other(store, tmp_path):
    async def run():
        hanger = Hanger("newsroom")
        async with bench(store, channels(tmp_path), send=hanger) as table:
            for n in range(8):
                await table.queue(make_event(match={"watch": f"w{n}"}), ("newsroom", ""))
            draining = asyncio.create_task(table.drain())
            await hanger.came.wait()
            await table.queue(make_event(match={"watch": "later"}), ("log", ""))
            await asyncio.wait_for(hanger.took.wait(), 10)
            hanger.may_go.set()
            assert await draining == 9

    asyncio.run(run())


def test_a_drain_that_dies_between_writing_and_sending_sends_the_same_bytes_later(store, tmp_path):
    async def run():
        first, second = Hanger("newsroom"), Taker()
        async with bench(store, channels(tmp_path), send=first) as table:
            await table.queue(make_event(), ("newsroom", ""))
            draining = asyncio.create_task(table.drain())
            await first.came.wait()
            written = await table.only()
            draining.cancel()
            await asyncio.gather(draining, return_exceptions=True)
        async with bench(store, channels(tmp_path), send=second) as table:
            await table.drain()
            assert second.taken == [(written.id, written.message)]

    asyncio.run(run())


def test_a_cut_off_delivery_is_given_back_without_counting_a_try(store, tmp_path):
    async def run():
        hanger = Hanger("newsroom")
        async with bench(store, channels(tmp_path), send=hanger) as table:
            await table.queue(make_event(), ("newsroom", ""))
            draining = asyncio.create_task(table.drain())
            await hanger.came.wait()
            draining.cancel()
            await asyncio.gather(draining, return_exceptions=True)
            assert ((await table.only()).state, (await table.only()).n_tries) == ("pending", 0)

    asyncio.run(run())


def test_a_closing_outbox_finishes_what_is_under_way_and_claims_no_more(store, tmp_path):
    async def run():
        hanger = Hanger("newsroom")
        async with bench(store, channels(tmp_path), send=hanger) as table:
            await table.queue(make_event(), ("newsroom", ""))
            draining = asyncio.create_task(table.drain())
            await hanger.came.wait()
            await table.queue(make_event(match={"watch": "later"}), ("log", ""))
            table.outbox.close()
            hanger.may_go.set()
            await draining
            assert [report.state for report in await table.reports()] == ["delivered", "pending"]

    asyncio.run(run())


def test_a_message_stays_as_it_was_first_written_although_the_voice_changes(store, tmp_path):
    async def run():
        taker = Taker()
        async with bench(store, channels(tmp_path), send=refuse_once(taker)) as table:
            await table.queue(make_event(), ("chat", ""))
            await table.drain()
            written = (await table.only()).message
            table.outbox.mailroom = Mailroom(channels=channels(tmp_path))
            table.clock.forward(hours=1)
            await table.drain()
            assert [message for _, message in taker.taken] == [written]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("channel", "why"),
    [
        pytest.param(None, "channel newsroom was removed from the configuration", id="removed"),
        pytest.param(chat_channel(), "channel newsroom was of another type when this message was written", id="another-type"),
    ],
)
def test_what_the_configuration_can_no_longer_send_is_dead_and_says_why(store, tmp_path, channel, why):
    async def run():
        taker = Taker()
        async with bench(store, channels(tmp_path), send=refuse_once(taker)) as table:
            await table.queue(make_event(), ("newsroom", ""))
            await table.drain()
            table.outbox.mailroom = Mailroom(channels={"newsroom": channel} if channel else {})
            table.clock.forward(hours=1)
            await table.drain()
            assert ((await table.only()).state, (await table.only()).why, taker.taken) == ("dead", why, [])

    asyncio.run(run())


def test_a_lease_outlasts_the_slowest_channel(tmp_path):
    slow = Mailroom(channels={"newsroom": webhook_channel(deadline_s=300)})
    assert slow.lease.total_seconds() > 300


def test_two_outboxes_send_each_message_once(store, tmp_path):
    async def run():
        taker = Taker()
        async with bench(store, channels(tmp_path), send=taker) as one, bench(store, channels(tmp_path), send=taker) as other:
            for n in range(40):
                await one.queue(make_event(match={"watch": f"w{n}"}), ("newsroom", ""))
            await asyncio.gather(one.drain(), other.drain())
            assert len(taker.taken) == len({id_ for id_, _ in taker.taken}) == 40

    asyncio.run(run())


def refuse_once(taker):
    seen = set()

    async def send(channel, message, delivery, *, now):
        if delivery.id not in seen:
            seen.add(delivery.id)
            raise DeliveryError("not now")
        await taker(channel, message, delivery, now=now)

    return send
