import asyncio
import json
from pathlib import Path

import pytest

from crawler.alert import chat, file
from crawler.alert.compose import render
from crawler.errors import DeliveryError
from tests.integration.alert.parts import Receiver, bench
from tests.letters import VOICE, chat_channel, file_channel, make_delivery, make_event

OLD_IMPORT = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise looks for it


def test_each_delivery_is_one_line_with_its_id(store, tmp_path):
    async def run():
        path = tmp_path / "new" / "folder" / "alerts.jsonl"
        async with bench(store, {"log": file_channel(path)}) as table:
            for n in range(20):
                await table.queue(make_event(match={"watch": f"w{n}"}), ("log", ""))
            await table.drain()
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            assert {line["id"] for line in lines} == {report.id for report in await table.reports()}
            assert {line["data"]["watch"]["id"] for line in lines} == {f"w{n}" for n in range(20)}

    asyncio.run(run())


def test_vietnamese_stays_readable_in_the_file(tmp_path):
    asyncio.run(file.send(tmp_path / "a.jsonl", message(), delivery_id="msg_1"))
    assert "Hội nghị tổng kết công tác dân vận" in (tmp_path / "a.jsonl").read_text(encoding="utf-8")


def test_a_line_after_a_torn_one_is_whole(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id":"msg_0","ty')
    asyncio.run(file.send(path, message(), delivery_id="msg_1"))
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[1])["id"] == "msg_1"


@pytest.mark.parametrize("target", [pytest.param(".", id="a-folder"), pytest.param("a.txt/alerts.jsonl", id="below-a-file")])
def test_a_file_that_cannot_be_written_is_tried_again(tmp_path, target):
    (tmp_path / "a.txt").touch()
    with pytest.raises(DeliveryError) as caught:
        asyncio.run(file.send(tmp_path / target, message(), delivery_id="msg_1"))
    assert not caught.value.permanent


def test_a_full_disk_is_tried_again_and_said_so():
    with pytest.raises(DeliveryError, match="No space left on device"):
        asyncio.run(file.send(Path("/dev/full"), message(), delivery_id="msg_1"))


@OLD_IMPORT
def test_a_chat_is_told_title_and_text():
    async def run():
        async with Receiver() as receiver:
            channel = chat_channel(f"json://127.0.0.1:{receiver.port}/hook")
            await chat.send(channel, render(make_delivery(), channel, voice=VOICE))
            (posted,) = receiver.posted
            assert json.loads(posted.body)["title"] == "[canhbao] Quy chế dân chủ ở cơ sở: Hội nghị tổng kết công tác dân vận"

    asyncio.run(run())


@OLD_IMPORT
@pytest.mark.parametrize(
    "url", [pytest.param("json://127.0.0.1:1/s3cret", id="nobody-there"), pytest.param("nosuch://s3cret", id="unknown")]
)
def test_a_chat_that_fails_is_tried_again_without_a_word_of_its_url(url):
    with pytest.raises(DeliveryError) as caught:
        asyncio.run(chat.send(chat_channel(url), render(make_delivery(), chat_channel(), voice=VOICE)))
    assert not caught.value.permanent
    assert "s3cret" not in caught.value.reason


def message():
    return render(make_delivery(), file_channel("a.jsonl"), voice=VOICE)
