"""News of the service, and the test message."""

import asyncio
from pathlib import Path

import httpcore
import pytest

from config.load import Config
from config.settings import Settings
from crawler.alert.gate import GuardedNetwork
from crawler.alert.mailroom import mailroom_of
from crawler.alert.operator import tell_operator
from crawler.alert.trial import send_test
from crawler.alert.voice import voice_of
from crawler.errors import DeliveryError
from crawler.fetch.resolver import Resolver
from crawler.model import Route
from tests.builders import NOON
from tests.integration.alert.parts import Post, Receiver, bench
from tests.letters import mail_channel, parsed, part

IT = Route(channel="office-mail", recipient="it@example.org", grouping="story")


def config(channel, **settings):
    return Config(
        path=Path("canhbao.yaml"),
        settings=Settings.model_validate({"channels": {"office-mail": channel.model_dump(by_alias=True)}} | settings),
        portals={},
        watches=(),
        paths=(),
    )


def test_the_operator_reads_what_happened_in_a_mail(store):
    async def run():
        async with Post() as post, bench(store, {"office-mail": mail_channel(post.port, to=("it@example.org",))}) as table:
            await tell_operator(
                store, [IT], kind="source_failing", key="k", summary="baodongthap/thoi-su", detail="https://a.vn\nHTTP 500", now=NOON
            )
            await table.drain()
            ((_, body),) = post.mails
            assert parsed(body)["Subject"] == "[canhbao] Vận hành: Một nguồn tin không đọc được"
            assert "https://a.vn\nHTTP 500" in part(body, "plain")

    asyncio.run(run())


def test_the_same_news_are_told_once(store):
    async def run():
        told = [await tell_operator(store, [IT], kind="x", key="k", summary="s", detail=None, now=NOON) for _ in range(2)]
        assert told == [True, False]

    asyncio.run(run())


def test_a_test_message_reaches_every_reader():
    async def run():
        async with Post() as post:
            await send_test(config(mail_channel(post.port, to=("a@example.org", "b@example.org"))), "office-mail", now=NOON)
            assert [to for to, _ in post.mails] == ["a@example.org", "b@example.org"]
            assert parsed(post.mails[0][1])["Subject"] == "[canhbao] Vận hành: Thư thử"

    asyncio.run(run())


def test_a_test_message_that_fails_says_why():
    async def run():
        async with Post(answers={"a@example.org": "550 unknown"}) as post:
            await send_test(config(mail_channel(post.port, to=("a@example.org",))), "office-mail", now=NOON)

    with pytest.raises(DeliveryError, match="550 unknown"):
        asyncio.run(run())


def test_message_ids_stand_in_the_senders_domain():
    assert voice_of(config(mail_channel()), version="1").domain == "example.org"


def test_a_mailroom_takes_the_pauses_of_the_configuration():
    room = mailroom_of(config(mail_channel(), outbox={"retry_s": [7]}), [IT], version="1")
    assert (room.settings.retry_s, room.operators) == ((7.0,), [IT])


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["10.0.0.1", "127.0.0.1"], id="the-allowed-one-of-two"),
        pytest.param(["127.0.0.2", "127.0.0.1"], id="the-one-that-answers"),
    ],
)
def test_a_name_with_several_addresses_is_reached_at_one_that_may_be(addresses):
    async def run():
        async with Receiver() as receiver:
            stream = await network(addresses).connect_tcp("hook.example.org", receiver.port, timeout=5)
            await stream.aclose()

    asyncio.run(run())


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["169.254.169.254"], ["::ffff:10.0.0.1"], []], ids=str)
def test_a_name_that_leads_inside_is_not_dialled(addresses):
    async def run():
        await network(addresses).connect_tcp("hook.example.org", 80, timeout=5)

    with pytest.raises(httpcore.ConnectError):
        asyncio.run(run())


def network(addresses):
    async def resolve(host):
        return addresses

    return GuardedNetwork(["127.0.0.0/8"], Resolver(resolve))
