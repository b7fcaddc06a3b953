"""docs/webhooks.md: its code runs, its example is what is sent."""

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.alert.compose import render
from crawler.alert.webhook import _headers
from crawler.alert.words import EN
from tests.letters import SECRET, VOICE, make_delivery, make_event, webhook_channel

DOC = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")
BODY = render(make_delivery(), webhook_channel(), voice=VOICE)


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", DOC, re.DOTALL)


def documented(name):
    names: dict[str, Any] = {}
    for block in blocks("python"):
        exec(block, names)
    return names[name]


def headers(now):
    return {name.lower(): value for name, value in _headers(webhook_channel(), BODY, "msg_1", now).items()}


RECEIVERS = pytest.mark.parametrize("receive", [documented("receive"), documented("receive_by_hand")], ids=["library", "by-hand"])


@RECEIVERS
def test_the_documented_receiver_takes_what_we_send(receive):
    assert receive(BODY, headers(datetime.now(UTC)), SECRET) == json.loads(BODY)


@RECEIVERS
def test_the_documented_receiver_refuses_a_changed_body(receive):
    assert receive(BODY.replace(b"false", b"true"), headers(datetime.now(UTC)), SECRET) is None


@RECEIVERS
def test_the_documented_receiver_refuses_an_old_request(receive):
    assert receive(BODY, headers(datetime.now(UTC) - timedelta(hours=1)), SECRET) is None


def test_the_documented_store_takes_an_id_once():
    with sqlite3.connect(":memory:") as database:
        database.executescript("CREATE TABLE seen (id TEXT PRIMARY KEY); CREATE TABLE alerts (title TEXT)")
        took = [documented("take")(database, "msg_1", json.loads(BODY)) for _ in range(2)]
    database.close()
    assert took == [True, False]


def test_the_documented_example_is_what_is_sent():
    (example,) = blocks("json")
    event = make_event(article={"url": "https://www.baodongthap.vn/thoi-su/hoi-nghi-dan-van-1001.aspx"})
    assert json.loads(example) == json.loads(render(make_delivery(event), webhook_channel(), voice=VOICE))


def test_every_header_of_ours_is_documented():
    said = set(headers(datetime.now(UTC))) - {"accept-encoding"}
    assert all(f"`{name}`" in DOC for name in said)


def test_the_kinds_of_news_that_are_documented_exist():
    assert set(re.findall(r"`operator\.(\w+)`", DOC)) <= EN.kinds.keys()
