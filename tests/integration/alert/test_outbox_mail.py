"""The outbox over a real SMTP server."""

import asyncio

from crawler.model import Route
from storage.alerts import replay
from tests.integration.alert.parts import Post, bench, tls_client, tls_server
from tests.letters import STORY, mail_channel, make_event, parsed

LAN, MAI = "lan@example.org", "mai@example.org"
BOTH = (("office-mail", LAN), ("office-mail", MAI))
GROUP = f"story:{STORY}"


def office(post, **smtp):
    return {"office-mail": mail_channel(post.port, to=(LAN, MAI), **smtp)}


def test_every_reader_gets_a_mail_of_their_own(store):
    async def run():
        async with Post() as post, bench(store, office(post)) as table:
            await table.queue(make_event(), *BOTH, group=GROUP)
            await table.drain()
            assert [(to, parsed(body)["To"]) for to, body in sorted(post.mails)] == [(LAN, LAN), (MAI, MAI)]
            assert {report.state for report in await table.reports()} == {"delivered"}

    asyncio.run(run())


def test_one_mail_names_every_watch_of_the_story(store):
    async def run():
        async with Post() as post, bench(store, office(post)) as table:
            await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
            await table.queue(make_event(match={"watch": "dan-van", "name": "Dân vận"}), ("office-mail", LAN), group=GROUP)
            await table.drain()
            assert [parsed(body)["X-Canhbao-Watch"] for _, body in post.mails] == ["quy-che-dan-chu, dan-van"]

    asyncio.run(run())


def test_the_message_id_is_the_deliverys(store):
    async def run():
        async with Post() as post, bench(store, office(post)) as table:
            await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
            await table.drain()
            report = await table.only()
            assert parsed(post.mails[0][1])["Message-ID"] == f"<{report.id}@example.org>"

    asyncio.run(run())


def test_a_server_that_is_down_at_first_loses_nothing(store):
    async def run():
        async with Post() as post:
            port = post.port
        async with bench(store, {"office-mail": mail_channel(port, to=(LAN, MAI))}) as table:
            await table.queue(make_event(), *BOTH, group=GROUP)
            await table.drain()
            assert {(report.state, report.n_tries) for report in await table.reports()} == {("retry", 1)}
            async with Post(port=port) as post:
                table.clock.forward(seconds=10)
                await table.drain()
                assert sorted(to for to, _ in post.mails) == [LAN, MAI]

    asyncio.run(run())


def test_a_refused_reader_is_tried_again_and_the_other_is_not(store):
    async def run():
        async with Post(answers={MAI: "451 greylisted, come again"}) as post, bench(store, office(post)) as table:
            await table.queue(make_event(), *BOTH, group=GROUP)
            await table.drain()
            post.answers.clear()
            table.clock.forward(seconds=10)
            await table.drain()
            assert [to for to, _ in post.mails] == [LAN, MAI]

    asyncio.run(run())


def test_a_reader_the_server_does_not_know_is_dead_with_its_answer(store):
    async def run():
        async with Post(answers={MAI: "550 no such user here"}) as post, bench(store, office(post)) as table:
            await table.queue(make_event(), ("office-mail", MAI), group=GROUP)
            await table.drain()
            report = await table.only()
            assert (report.state, report.why) == ("dead", "the mail server refused the recipient: 550 no such user here")

    asyncio.run(run())


def test_a_dead_mail_is_replayed_with_the_same_bytes(store):
    async def run():
        async with Post(answers={MAI: "550 no such user here"}) as post, bench(store, office(post)) as table:
            await table.queue(make_event(), ("office-mail", MAI), group=GROUP)
            await table.drain()
            report = await table.only()
            post.answers.clear()
            await store.write(replay, [report.id], now=table.clock.now)
            await table.drain()
            assert [body.replace(b"\r\n", b"\n") for _, body in post.mails] == [(report.message or b"").replace(b"\r\n", b"\n")]

    asyncio.run(run())


def test_a_refused_message_is_dead_for_good(store):
    async def run():
        async with Post(after_data="554 looks like spam") as post, bench(store, office(post)) as table:
            await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
            await table.drain()
            assert (await table.only()).state == "dead"

    asyncio.run(run())


def test_a_wrong_password_is_tried_again_for_the_operator_can_mend_it(store):
    async def run():
        async with Post(login=("canhbao", "đúng")) as post, bench(store, office(post, username="canhbao", password="sai-hẳn")) as table:
            await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
            await table.drain()
            report = await table.only()
            assert (report.state, post.mails) == ("retry", [])
            assert report.why is not None
            assert "refused the login (SMTP 535)" in report.why
            assert "sai-hẳn" not in report.why

    asyncio.run(run())


def test_a_login_lets_the_mail_in(store):
    async def run():
        async with Post(login=("canhbao", "đúng")) as post, bench(store, office(post, username="canhbao", password="đúng")) as table:
            await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
            await table.drain()
            assert [to for to, _ in post.mails] == [LAN]

    asyncio.run(run())


def test_starttls_carries_the_mail(store):
    async def run():
        async with Post(tls=tls_server()) as post, bench(store, office(post, starttls=True), tls=tls_client()) as table:
            await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
            await table.drain()
            assert [to for to, _ in post.mails] == [LAN]

    asyncio.run(run())


def test_without_starttls_nothing_is_sent_in_the_clear(store):
    async def run():
        async with Post() as post, bench(store, office(post, starttls=True), tls=tls_client()) as table:
            await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
            await table.drain()
            assert ((await table.only()).state, post.mails) == ("retry", [])

    asyncio.run(run())


def test_a_certificate_nobody_vouches_for_is_refused(store):
    async def run():
        async with Post(tls=tls_server()) as post, bench(store, office(post, starttls=True)) as table:
            await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
            await table.drain()
            assert ((await table.only()).state, post.mails) == ("retry", [])

    asyncio.run(run())


def test_the_same_refusal_ten_times_is_told_the_operator_once(store):
    async def run():
        async with Post(login=("canhbao", "đúng")) as post:
            channels = office(post, username="canhbao", password="sai") | {"other": mail_channel(post.port, to=("it@example.org",))}
            operators = [Route(channel="other", recipient="it@example.org", grouping="story")]
            async with bench(store, channels, operators=operators, retry_s=[1] * 20) as table:
                await table.queue(make_event(), ("office-mail", LAN), group=GROUP)
                for _ in range(12):
                    await table.drain()
                    table.clock.forward(seconds=2)
                assert [report.events[0].type for report in await table.reports("other")] == ["operator.channel_refusing"]

    asyncio.run(run())


def test_a_reader_who_was_struck_off_gets_nothing_more(store):
    async def run():
        async with Post() as post, bench(store, office(post)) as table:
            await table.queue(make_event(), ("office-mail", "cu@example.org"), group=GROUP)
            await table.drain()
            assert ((await table.only()).why, post.mails) == ("cu@example.org was removed from the channel office-mail", [])

    asyncio.run(run())
