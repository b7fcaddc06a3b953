"""The demo shows that everything works, and would show it if something did not."""

import json
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from crawler.demo import DIFFERENCES, Verdict, compare
from crawler.press import Press, TrueArticle
from crawler.press.sinks import Hook, Mail
from storage.records import StoryArticle
from tests.builders import NOON
from tests.e2e.daemons import CANHBAO, canhbao, environment


def test_the_demo_tells_each_article_of_its_press_once_and_no_other(tmp_path):
    done = canhbao("demo", "--for", "30s", "--json", cwd=tmp_path, deadline_s=90)
    [verdict] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, verdict["is_right"]) == (0, True), done.stdout + done.stderr
    assert min(verdict["n_by_portal"].values()) > 0
    assert len(verdict["n_by_portal"]) >= 3
    assert verdict["n_mails"] > 0
    assert verdict["n_signed_webhooks"] == verdict["n_webhooks"] > 0
    assert list(tmp_path.iterdir()) == []


def test_a_demo_that_is_interrupted_ends_at_once_and_without_a_traceback(tmp_path):
    command = [*CANHBAO, "demo", "--for", "60s"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=tmp_path, text=True) as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        while "bài mới" not in demo.stdout.readline():
            assert demo.poll() is None
        demo.send_signal(signal.SIGINT)
        assert "Đã dừng trước khi xong." in demo.stdout.read()
        assert demo.stderr.read() == ""
        assert demo.wait(30) == 1


# --- the judge --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def press() -> Press:
    """Not running: only what it would publish is asked for."""
    return Press(start=datetime.now(UTC), n_backlog=4, n_articles=30, period_s=0.0)


def told(press: Press) -> list[tuple[TrueArticle, str]]:
    truth = press.truth()
    return [(article, str(watch["id"])) for watch in press.watches() for article in truth.about(str(watch["id"]))]


def stored(press: Press) -> list[StoryArticle]:
    return [StoryArticle(portal=a.portal, url=a.url, title=a.title, published_at=a.published_at) for a in press.truth().articles]


def make_hook(article: TrueArticle, watch: str, **changed: Any) -> Hook:
    body = json.dumps({"data": {"article": {"url": article.url}, "watch": {"id": watch}}}).encode()
    return replace(Hook(at=NOON, id=f"{article.url} {watch}", body=body, attempt=1, status=204, is_signed=True), **changed)


def make_mail(article: TrueArticle) -> Mail:
    message = EmailMessage(policy=policy.default)
    message["Subject"] = article.title
    message.set_content(f"Xem: {article.url}\n")
    return Mail(at=NOON, sender="canhbao@example.org", recipients=("vanphong@example.org",), content=message.as_bytes())


def all_hooks(press: Press) -> list[Hook]:
    return [make_hook(article, topic) for article, topic in told(press)]


def all_mails(press: Press) -> list[Mail]:
    stories = {article.copy_of or article.url for article, _ in told(press)}
    return [make_mail(article) for article in press.truth().articles if article.url in stories]


def differences(verdict: Verdict) -> dict[str, int]:
    return {name: len(getattr(verdict, name)) for name in DIFFERENCES if getattr(verdict, name)}


def untold(press: Press) -> TrueArticle:
    return next(article for article in press.truth().articles if not article.topics and article.copy_of is None)


def test_a_run_that_got_everything_is_right(press):
    assert compare(press, stored(press), all_mails(press), all_hooks(press)).is_right


def test_a_lost_article_is_wrong(press):
    assert differences(compare(press, stored(press)[1:], all_mails(press), all_hooks(press))) == {"missing_articles": 1}


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(lambda press: stored(press)[0], id="stored-twice"),
        pytest.param(lambda press: replace(stored(press)[0], url="http://127.0.11.1/never-published"), id="never-published"),
    ],
)
def test_an_article_too_many_is_wrong(press, extra):
    assert differences(compare(press, [*stored(press), extra(press)], all_mails(press), all_hooks(press))) == {"wrong_articles": 1}


def test_an_article_under_another_title_is_wrong(press):
    first, *rest = stored(press)
    assert differences(compare(press, [replace(first, title="Tin khác"), *rest], all_mails(press), all_hooks(press))) == {
        "wrong_articles": 1
    }


def test_a_lost_webhook_is_wrong(press):
    assert differences(compare(press, stored(press), all_mails(press), all_hooks(press)[1:])) == {"missing_webhooks": 1}


def test_a_lost_mail_is_wrong(press):
    assert differences(compare(press, stored(press), all_mails(press)[1:], all_hooks(press))) == {"missing_mails": 1}


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(lambda press: all_hooks(press)[0], id="called-twice"),
        pytest.param(lambda press: make_hook(untold(press), "quy-che-dan-chu"), id="about-no-topic"),
        pytest.param(lambda press: replace(all_hooks(press)[0], is_signed=False), id="badly-signed"),
    ],
)
def test_a_webhook_that_should_not_be_is_wrong(press, extra):
    assert differences(compare(press, stored(press), all_mails(press), [*all_hooks(press), extra(press)])) == {"wrong_webhooks": 1}


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(lambda press: all_mails(press)[0], id="mailed-twice"),
        pytest.param(lambda press: make_mail(untold(press)), id="about-no-topic"),
    ],
)
def test_a_mail_that_should_not_be_is_wrong(press, extra):
    assert differences(compare(press, stored(press), [*all_mails(press), extra(press)], all_hooks(press))) == {"wrong_mails": 1}
