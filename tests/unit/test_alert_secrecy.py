import pytest

from crawler.alert.secrecy import fingerprint, without_secrets
from tests.letters import SECRET, chat_channel, mail_channel, webhook_channel


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        pytest.param(mail_channel(username="u", password="mật-khẩu-99"), "535 mật-khẩu-99 is wrong", id="mail-password"),
        pytest.param(webhook_channel(), f"key {SECRET}", id="webhook-secret"),
        pytest.param(webhook_channel(), f"key {SECRET.removeprefix('whsec_')}", id="webhook-secret-bare"),
        pytest.param(webhook_channel(url="https://a.vn/hook?token=9f8e"), "GET https://a.vn/hook?token=9f8e failed", id="webhook-url"),
        pytest.param(chat_channel("tgram://123:abc/456"), "cannot reach tgram://123:abc/456", id="chat-url"),
    ],
)
def test_no_secret_of_a_channel_survives_in_a_text(channel, text):
    cleaned = without_secrets(text, channel)
    assert "***" in cleaned
    assert not any(secret in cleaned for secret in ("mật-khẩu-99", SECRET.removeprefix("whsec_"), "9f8e", "123:abc"))


def test_a_channel_without_a_password_leaves_texts_alone():
    assert without_secrets("535 no", mail_channel()) == "535 no"


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(webhook_channel(url="http://127.0.0.1/other"), id="url"),
        pytest.param(webhook_channel(secret="whsec_" + "QUJD" * 8), id="secret"),
    ],
)
def test_an_edited_channel_has_another_fingerprint(edited):
    assert fingerprint(edited) != fingerprint(webhook_channel())


def test_the_same_channel_has_the_same_fingerprint():
    assert fingerprint(webhook_channel()) == fingerprint(webhook_channel())


def test_a_mail_password_cannot_be_guessed_from_the_fingerprint():
    assert fingerprint(mail_channel(username="u", password="a")) == fingerprint(mail_channel(username="u", password="b"))
