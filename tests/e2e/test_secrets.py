"""No secret of the configuration appears in anything canhbao prints, at any log level, whatever fails."""

import base64
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from ruamel.yaml import YAML

from crawler.press.sinks.webhook import SECRET as HOOK_SECRET
from storage.alerts import list_deliveries
from storage.engine import Store
from tests.e2e.daemons import canhbao, daemon, until
from tests.e2e.newsstand import READER, Scene, newsstand, write_yaml

SMTP_PASSWORD = "mật-khẩu thư/42%+bí ẩn"
DATABASE_PASSWORD = "db pass/wörd%42+x"
CHAT_TOKEN = "123456:chat-token-abcdef"
URL_TOKEN = "hook-url-token-9f8e7d"
PROXY_PASSWORD = "proxy pässwörd%77+z"
CHANNELS = ("office", "hook", "chat")


def forms(secret: str) -> Iterator[str]:
    """The ways a program, a library or a server may write `secret`."""
    raw = secret.encode()
    yield from {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), ascii(secret)[1:-1], str(raw)[2:-1]}
    for offset in range(3):  # inside a longer text base64 looks different at each of three offsets
        encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        yield encoded[(0, 2, 3)[offset] : -1]


FORBIDDEN = {
    form: secret
    for secret in (SMTP_PASSWORD, DATABASE_PASSWORD, CHAT_TOKEN, HOOK_SECRET, HOOK_SECRET.removeprefix("whsec_"), URL_TOKEN, PROXY_PASSWORD)
    for form in forms(secret)
}


def assert_silent(*outputs: str) -> None:
    for output in outputs:
        for form, secret in FORBIDDEN.items():
            assert form not in output, f"{secret!r} as {form!r}: …{output[max(0, output.find(form) - 200) : output.find(form) + 50]}…"


@pytest.mark.parametrize(
    "output",
    [
        pytest.param(f"bad password {SMTP_PASSWORD}", id="plain"),
        pytest.param(repr(f"postgresql://u:{quote(DATABASE_PASSWORD, safe='')}@h/d"), id="in-a-url"),
        pytest.param(f"AUTH PLAIN {base64.b64encode(f'{chr(0)}canhbao{chr(0)}{SMTP_PASSWORD}'.encode()).decode()}", id="login"),
        pytest.param(f"b'{base64.b64encode(HOOK_SECRET.encode()).decode()}'", id="base64"),
        pytest.param(ascii({"password": SMTP_PASSWORD}), id="escaped"),
    ],
)
def test_the_search_finds_a_secret_however_it_is_written(output: str):
    with pytest.raises(AssertionError):
        assert_silent(output)


def with_secrets(scene: Scene) -> None:
    main = YAML(typ="safe").load(scene.config.read_text(encoding="utf-8"))
    main["log"] = "debug"
    main["channels"]["office"]["smtp"] |= {"username": "canhbao", "password": SMTP_PASSWORD}  # the server offers no login
    main["channels"]["hook"]["url"] += f"?token={URL_TOKEN}"
    main["channels"]["chat"] = {"type": "apprise", "url": f"json://user:{quote(CHAT_TOKEN)}@127.0.0.1:9/"}
    main["outbox"] = {"retry_s": [0.2, 0.2, 3600], "lease_s": 5}
    main["http"]["proxy"] = f"socks5://canhbao:{quote(PROXY_PASSWORD, safe='')}@127.0.0.1:9"  # dead: the portals go directly
    for file in (scene.config.parent / "portals").iterdir():
        portal = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        write_yaml(file, portal | {"proxy": "direct"})
    behind = {"id": "behind", "name": "Behind", "home": "http://127.0.0.1:9/", "proxy": main["http"]["proxy"]}
    write_yaml(
        scene.config.parent / "portals" / "behind.yaml", behind | {"sources": [{"id": "a", "kind": "feed", "url": "http://127.0.0.1:9/a"}]}
    )
    write_yaml(scene.config, main)


def failed_channels(store: Store) -> set[str]:
    return {each.channel for each in store.look(list_deliveries, limit=1000) if each.why and each.n_tries > 1}


def commands(config: Path, ids: list[str]) -> Iterator[str]:
    """What each command says; with --json where that takes another way."""
    listings = (["check", "--live"], ["stats"], ["stats", "--json"], ["alerts", "list"], ["alerts", "list", "--json"])
    shown = [["alerts", "show", each, *json] for each, json in zip(ids, ([], ["--json"], []), strict=True)]
    tests = [["alerts", "test", channel] for channel in CHANNELS]
    for command in (*listings, *shown, *tests, ["alerts", "replay", "--dead"], ["once"]):
        yield spoken(*command, "--config", str(config))


def spoken(*command: str) -> str:
    done = canhbao(*command, deadline_s=90)
    return f"{command}\n{done.stdout}\n{done.stderr}"


def test_no_secret_is_ever_printed(tmp_path: Path, postgres_url: str):
    database = postgres_url.replace("postgres@", f"postgres:{quote(DATABASE_PASSWORD, safe='')}@")  # which trusts us without it
    with newsstand(tmp_path, n_articles=6, database=database) as scene:
        with_secrets(scene)
        scene.hook.answer(500)
        good = scene.config.read_text(encoding="utf-8")
        with daemon(scene.config) as running:
            until(lambda: "canhbao runs" in running.said(), deadline_s=60, alive=running)
            with Store.open(database) as store:
                until(lambda: failed_channels(store) >= set(CHANNELS), deadline_s=60, alive=running)
            scene.config.write_text(good.replace("smtp:", "smpt:").replace("secret:", "secrets:"), encoding="utf-8")
            os.kill(running.pid, signal.SIGHUP)
            until(lambda: "reload refused" in running.said(), deadline_s=30, alive=running)
            broken = spoken("check", "--config", str(scene.config))
            scene.config.write_text(good, encoding="utf-8")
            assert running.terminate() == 0
        with Store.open(database) as store:
            ids = [next(each.id for each in store.look(list_deliveries, limit=1000) if each.channel == name) for name in CHANNELS]
        outputs = list(commands(scene.config, ids))
        assert "DEBUG" in running.said()
        assert "smpt" in broken
        assert any("500" in output for output in outputs)
        assert any("the proxy socks5://127.0.0.1:9" in output for output in outputs)
        assert_silent(running.said(), broken, *outputs)


def test_no_secret_is_printed_when_the_database_cannot_be_reached(tmp_path: Path):
    url = f"postgresql+psycopg://canhbao:{quote(DATABASE_PASSWORD, safe='')}@127.0.0.1:9/canhbao"
    with newsstand(tmp_path, n_articles=1, database=url) as scene:
        with_secrets(scene)
        for command in (["run"], ["stats"], ["db", "backup", "copy.db"], ["check"]):
            said = spoken(*command, "--config", str(scene.config))
            assert "127.0.0.1:9" in said
            assert "Traceback" not in said
            assert_silent(said)


def test_no_secret_is_printed_when_the_configuration_is_wrong_all_over(tmp_path: Path):
    wrong = f"""\
database: "postgresql+psycopg://canhbao:{DATABASE_PASSWORD}@[broken/canhbao"
passwort: "{SMTP_PASSWORD}"
channels:
  office: {{type: email, from: a@example.org, to: ["{READER}"], smtp: {{host: h, port: "{SMTP_PASSWORD}", password: ["{SMTP_PASSWORD}"]}}}}
  hook: {{type: webhook, url: "nowhere?token={URL_TOKEN}", secret: "{HOOK_SECRET[:-9]}"}}
  chat: {{type: apprise, url: "{CHAT_TOKEN}"}}
http: {{proxy: "http://canhbao:{PROXY_PASSWORD}@proxy.example.org"}}
operator: [office]
"""
    config = tmp_path / "canhbao.yaml"
    config.write_text(wrong, encoding="utf-8")
    done = canhbao("check", "--config", str(config))
    assert done.returncode == 2
    assert_silent(done.stderr, done.stdout)
    assert HOOK_SECRET[:-9] not in done.stderr
