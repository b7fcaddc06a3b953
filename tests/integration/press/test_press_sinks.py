"""The mail server and the webhook receiver of the demo keep what they get, and fail as told."""

import json
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import httpx
import pytest
from standardwebhooks import Webhook

from crawler.press.sinks import MailSink, WebhookSink

A_WHILE_S = 10.0
OFFICE, BUREAU = "vanphong@example.org", "phong@example.org"


@pytest.fixture
def mail() -> Iterator[MailSink]:
    with MailSink().running() as sink:
        yield sink


@pytest.fixture
def hooks() -> Iterator[WebhookSink]:
    with WebhookSink().running() as sink:
        yield sink


def send(sink: MailSink, *recipients: str) -> dict[str, tuple[int, bytes]]:
    message = EmailMessage()
    message["Subject"], message["Message-ID"] = "Cảnh báo: quy chế dân chủ", "<d1@canhbao.example>"
    message.set_content("Có một bài mới.")
    with smtplib.SMTP(sink.host, sink.port, timeout=A_WHILE_S) as client:
        return client.send_message(message, "canhbao@example.org", list(recipients))


def post(sink: WebhookSink, ident: str = "msg_1", *, secret: str | None = None) -> httpx.Response:
    body = json.dumps({"type": "article.matched", "data": {"title": "Quy chế dân chủ"}}, ensure_ascii=False)
    now = datetime.now(UTC)
    signature = Webhook(secret or sink.secret).sign(ident, now, body)
    headers = {"webhook-id": ident, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    return httpx.post(sink.url, content=body.encode(), headers=headers, timeout=A_WHILE_S)


def test_a_mail_is_kept_with_its_envelope_and_its_letters(mail):
    send(mail, OFFICE, BUREAU)
    (got,) = mail.wait_until(bool, deadline_s=A_WHILE_S)
    assert (got.sender, got.recipients, got.message_id) == ("canhbao@example.org", (OFFICE, BUREAU), "<d1@canhbao.example>")
    assert got.message["Subject"] == "Cảnh báo: quy chế dân chủ"
    assert got.message.get_content().strip() == "Có một bài mới."


def test_one_recipient_may_be_refused_and_the_other_served(mail):
    mail.refuse(BUREAU, code=450)
    assert send(mail, OFFICE, BUREAU)[BUREAU][0] == 450
    assert [got.recipients for got in mail.mails] == [(OFFICE,)]


def test_a_refusal_lasts_as_long_as_told(mail):
    mail.refuse(BUREAU, times=1)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mail, BUREAU)
    assert send(mail, BUREAU) == {}


def test_a_refusal_ends_when_accepted(mail):
    mail.refuse(BUREAU)
    mail.accept(BUREAU)
    assert send(mail, BUREAU) == {}


def test_a_mail_server_that_is_down_refuses_until_it_is_up(mail):
    mail.down()
    with pytest.raises(ConnectionRefusedError):
        send(mail, OFFICE)
    mail.up()
    assert send(mail, OFFICE) == {}


def test_a_mail_server_that_goes_down_cuts_the_connections_that_stand(mail):
    with smtplib.SMTP(mail.host, mail.port, timeout=A_WHILE_S) as client:
        client.noop()
        mail.down()
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
            client.noop()


def test_a_signed_webhook_is_taken(hooks):
    assert post(hooks).status_code == 204
    (hook,) = hooks.wait_until(bool, deadline_s=A_WHILE_S)
    assert (hook.id, hook.attempt, hook.is_signed) == ("msg_1", 1, True)
    assert hook.payload["data"]["title"] == "Quy chế dân chủ"


def test_a_webhook_with_another_secret_is_refused(hooks):
    assert post(hooks, secret="whsec_" + "A" * 43 + "=").status_code == 401
    assert [hook.is_signed for hook in hooks.hooks] == [False]
    assert hooks.accepted == []


def test_a_request_without_signature_is_refused(hooks):
    assert httpx.post(hooks.url, content=b"{}", timeout=A_WHILE_S).status_code == 401


def test_the_receiver_fails_as_often_as_told_and_counts_the_attempts(hooks):
    hooks.answer(500, times=2)
    hooks.answer(429, times=1, retry_after_s=3)
    answers = [post(hooks) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 500, 429, 204]
    assert answers[2].headers["Retry-After"] == "3"
    assert [hook.attempt for hook in hooks.hooks] == [1, 2, 3, 4]
    assert [hook.attempt for hook in hooks.accepted] == [4]


def test_a_receiver_may_be_gone_for_good(hooks):
    hooks.answer(410)
    assert [post(hooks).status_code for _ in range(2)] == [410, 410]
