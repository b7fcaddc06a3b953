"""The outbox over a real HTTP receiver."""

import asyncio
import json
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from standardwebhooks import Webhook

from crawler.alert.webhook import retry_after_s
from crawler.model import Route
from storage.alerts import replay
from tests.builders import NOON
from tests.integration.alert.parts import Receiver, bench
from tests.letters import SECRET, at, file_channel, make_event, webhook_channel

HOOK = ("newsroom", "")
OFFICE = [Route(channel="log", recipient="", grouping="event")]


def newsroom(receiver, **changed):
    return {"newsroom": webhook_channel(receiver.port, **changed)}


def test_an_alert_arrives_signed_and_whole(store):
    async def run():
        async with Receiver() as receiver, bench(store, newsroom(receiver)) as table:
            table.clock.now = datetime.now(UTC)  # the library verifies against the clock on the wall
            await table.queue(make_event(), HOOK)
            await table.drain()
            (posted,) = receiver.posted
            assert Webhook(SECRET).verify(posted.body, dict(posted.headers)) == json.loads(posted.body)
            assert posted.headers["webhook-id"] == (await table.only()).id
            assert (posted.path, posted.headers["content-type"]) == ("/hook", "application/json")
            assert json.loads(posted.body)["data"] == make_event().data

    asyncio.run(run())


def test_after_three_failures_it_is_taken_once_with_one_id_and_the_same_bytes(store):
    async def run():
        async with Receiver(answers=[(500, {})] * 3 + [(200, {})]) as receiver, bench(store, newsroom(receiver)) as table:
            await table.queue(make_event(), HOOK)
            for _ in range(6):
                await table.drain()
                table.clock.forward(hours=1)
            assert len(receiver.posted) == 4
            assert len({posted.headers["webhook-id"] for posted in receiver.posted}) == 1
            assert len({posted.body for posted in receiver.posted}) == 1
            assert (await table.only()).n_tries == 4

    asyncio.run(run())


def test_time_and_signature_are_of_each_try(store):
    async def run():
        async with Receiver(answers=[(500, {}), (200, {})]) as receiver, bench(store, newsroom(receiver)) as table:
            await table.queue(make_event(), HOOK)
            await table.drain()
            table.clock.forward(hours=1)
            await table.drain()
            first, second = receiver.posted
            assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 3600
            assert first.headers["webhook-signature"] != second.headers["webhook-signature"]

    asyncio.run(run())


def test_a_failed_alert_shows_its_tries_and_the_last_answer(store):
    async def run():
        async with Receiver(answers=[(500, {})]) as receiver, bench(store, newsroom(receiver)) as table:
            await table.queue(make_event(), HOOK)
            await table.drain()
            report = await table.only()
            assert (report.state, report.n_tries, report.why) == ("retry", 1, "HTTP 500: received")

    asyncio.run(run())


def test_it_is_given_up_after_the_last_pause_and_the_operator_told(store, tmp_path):
    async def run():
        async with Receiver(answers=[(404, {})]) as receiver:
            channels = newsroom(receiver) | {"log": file_channel(tmp_path / "log.jsonl")}
            async with bench(store, channels, operators=OFFICE, retry_s=[5, 60]) as table:
                await table.queue(make_event(), HOOK)
                for _ in range(4):
                    await table.drain()
                    table.clock.forward(hours=1)
                report = await table.only("newsroom")
                assert (report.state, report.why) == ("dead", "HTTP 404: received (given up after 3 tries)")
                assert [line["type"] for line in lines(tmp_path / "log.jsonl")] == ["operator.delivery_dead"]

    asyncio.run(run())


def test_410_disables_the_channel_and_tells_the_operator(store, tmp_path):
    async def run():
        async with Receiver(answers=[(410, {})]) as receiver:
            channels = newsroom(receiver) | {"log": file_channel(tmp_path / "log.jsonl")}
            async with bench(store, channels, operators=OFFICE) as table:
                await table.queue(make_event(), HOOK)
                await table.drain()
                await table.queue(make_event(match={"watch": "dan-van"}), HOOK)
                await table.drain()
                assert len(receiver.posted) == 1
                assert [report.state for report in await table.reports("newsroom")] == ["dead", "dead"]
                assert [line["type"] for line in lines(tmp_path / "log.jsonl")] == ["operator.channel_disabled"]

    asyncio.run(run())


def test_an_edited_channel_is_enabled_again(store):
    async def run():
        async with Receiver(answers=[(410, {}), (200, {})]) as receiver:
            async with bench(store, newsroom(receiver)) as table:
                await table.queue(make_event(), HOOK)
                await table.drain()
                gone = await table.only()
            async with bench(store, newsroom(receiver, url=f"http://127.0.0.1:{receiver.port}/new")) as table:
                await store.write(replay, [gone.id], now=table.clock.now)
                await table.drain()
                assert [posted.path for posted in receiver.posted] == ["/hook", "/new"]
                assert receiver.posted[0].body == receiver.posted[1].body

    asyncio.run(run())


@pytest.mark.parametrize(
    "wish",
    [pytest.param("7200", id="seconds"), pytest.param(format_datetime(at(7200), usegmt=True), id="date")],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_throttling_receiver_is_left_alone_as_long_as_it_wishes(store, status, wish):
    async def run():
        async with Receiver(answers=[(status, {"Retry-After": wish}), (200, {})]) as receiver, bench(store, newsroom(receiver)) as table:
            await table.queue(make_event(), HOOK)
            await table.drain()
            assert (await table.only()).next_try_at == at(7200)

    asyncio.run(run())


def test_a_redirect_is_a_failure_that_says_so(store):
    async def run():
        async with Receiver(answers=[(302, {"Location": "/elsewhere"})]) as receiver, bench(store, newsroom(receiver)) as table:
            await table.queue(make_event(), HOOK)
            await table.drain()
            assert len(receiver.posted) == 1
            assert (await table.only()).why == "HTTP 302: redirects are not followed; set url to where it leads"

    asyncio.run(run())


def test_ten_equal_refusals_tell_the_operator_once(store, tmp_path):
    async def run():
        async with Receiver(answers=[(401, {})]) as receiver:
            channels = newsroom(receiver) | {"log": file_channel(tmp_path / "log.jsonl")}
            async with bench(store, channels, operators=OFFICE, retry_s=[1] * 30) as table:
                await table.queue(make_event(), HOOK)
                for _ in range(15):
                    await table.drain()
                    table.clock.forward(seconds=2)
                assert [line["type"] for line in lines(tmp_path / "log.jsonl")] == ["operator.channel_refusing"]

    asyncio.run(run())


def test_a_private_address_is_not_posted_to_unless_it_is_allowed(store):
    async def run():
        async with Receiver() as receiver, bench(store, newsroom(receiver, allow_addresses=[])) as table:
            await table.queue(make_event(), HOOK)
            await table.drain()
            report = await table.only()
            assert (report.state, receiver.posted) == ("retry", [])
            assert "allow_addresses" in (report.why or "")

    asyncio.run(run())


def test_nobody_there_is_tried_again(store):
    async def run():
        async with Receiver() as receiver:
            pass
        async with bench(store, newsroom(receiver)) as table:
            await table.queue(make_event(), HOOK)
            await table.drain()
            assert ((await table.only()).state, (await table.only()).why) == (
                "retry",
                "127.0.0.1: no connection (All connection attempts failed)",
            )

    asyncio.run(run())


def test_a_receiver_that_hangs_is_left_at_its_deadline(store):
    async def run():
        async with Receiver(answers=[(0, {})]) as receiver, bench(store, newsroom(receiver, deadline_s=0.2)) as table:
            await table.queue(make_event(), HOOK)
            await table.drain()
            assert (await table.only()).why == "127.0.0.1 did not answer in 0.2 s"

    asyncio.run(run())


def test_a_receiver_that_takes_it_and_then_hangs_has_taken_it(store):
    async def run():
        hangs = (200, {"Content-Length": "1000000"})
        async with Receiver(answers=[hangs]) as receiver, bench(store, newsroom(receiver, deadline_s=0.3)) as table:
            await table.queue(make_event(), HOOK)
            await table.drain()
            assert (await table.only()).state == "delivered"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("header", "wish_s"),
    [
        pytest.param("120", 120.0, id="seconds"),
        pytest.param(" 0 ", 0.0, id="at-once"),
        pytest.param("Mon, 02 Mar 2026 05:02:00 GMT", 120.0, id="date"),
        pytest.param("Mon, 02 Mar 2026 04:00:00 GMT", 0.0, id="past"),
        pytest.param("soon", None, id="nonsense"),
        pytest.param("-5", None, id="negative"),
        pytest.param("9" * 400, 9_999_999_999.0, id="for-ever"),
        pytest.param(None, None, id="none"),
    ],
)
def test_retry_after_is_read(header, wish_s):
    assert retry_after_s(header, now=NOON) == wish_s


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
