"""The commands as a user meets them: real processes, their output and their exit codes."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from tests.e2e.daemons import CANHBAO, canhbao, daemon, environment, until
from tests.e2e.newsstand import READER, Scene, newsstand, write_yaml

VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


def changed(config: Path, **values: Any) -> None:
    """Edit the main file as an operator would."""
    write_yaml(config, YAML(typ="safe").load(config.read_text(encoding="utf-8")) | values)


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def works(*arguments: str, **options: Any) -> str:
    done = canhbao(*arguments, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- the first minutes ----------------------------------------------------------------------------------------------------------


def test_what_init_writes_is_a_configuration_that_check_accepts(tmp_path: Path):
    works("init", str(tmp_path / "etc"))
    said = works("check", "--config", str(tmp_path / "etc/canhbao.yaml"), "--json")
    [facts] = lines(said)
    assert (facts["watches"], facts["channels"]) == (1, 1)


def test_init_overwrites_nothing(tmp_path: Path):
    works("init", str(tmp_path))
    again = canhbao("init", str(tmp_path))
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_the_shipped_default_needs_nothing_at_all(tmp_path: Path):
    assert "sqlite:///" in works("check", cwd=tmp_path, CANHBAO_CONFIG="")


@pytest.mark.parametrize("command", [["stats", "--fail-if-late"], ["alerts", "list"]], ids=" ".join)
def test_before_the_first_run_a_look_says_what_to_do(tmp_path: Path, command: list[str]):
    done = canhbao(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "canhbao run" in done.stderr
    assert "Traceback" not in done.stderr


def write_unreachable(folder: Path) -> Path:
    """A configuration of five sources at an address where nobody listens."""
    feeds = [{"id": f"tin-{n}", "kind": "feed", "url": f"http://127.0.0.1:9/rss/{n}"} for n in range(5)]
    (folder / "portals").mkdir()
    write_yaml(folder / "portals/tat.yaml", {"id": "tat", "name": "Báo Tắt", "home": "http://127.0.0.1:9/", "sources": feeds})
    write_yaml(folder / "watches.yaml", {"watches": [{"id": "x", "name": "X", "any": ["dân vận"]}]})
    main = {
        "portals": ["portals"],
        "http": {"allow_addresses": ["127.0.0.0/8"], "per_host_interval_s": 0, "per_address_interval_s": 0},
        "channels": {"log": {"type": "file", "path": "alerts.jsonl"}},
        "operator": ["log"],
    }
    write_yaml(folder / "canhbao.yaml", main)
    return folder / "canhbao.yaml"


def test_where_nothing_can_be_reached_once_says_so_per_source_and_fails(tmp_path: Path):
    done = canhbao("once", "--config", str(write_unreachable(tmp_path)))
    assert done.returncode == 1
    assert all(f"tat/tin-{n}" in done.stdout for n in range(5))
    assert "make demo" in done.stdout


def test_where_nothing_can_be_reached_the_daemon_says_so_per_source_and_keeps_running(tmp_path: Path):
    with daemon(write_unreachable(tmp_path)) as running:
        until(lambda: "make demo" in running.said(), deadline_s=60, alive=running)
        assert all(f"tat/tin-{n}" in running.said() for n in range(5))
        assert running.terminate() == 0


def test_the_version_is_told():
    assert re.fullmatch(r"canhbao \d+\.\d+\.\d+\n", works("--version"))


# --- mistakes -------------------------------------------------------------------------------------------------------------------

MAIN_WITH_MISTAKES = """\
databse: sqlite:///x.db
portals: [my-portals]
poll: {min_s: 0}
channels:
  office-mail:
    type: email
    from: canhbao@example.org
    to: [khong-phai-dia-chi]
    smtp: {host: smtp.example.org}
  newsroom: {type: webhook, url: "https://example.org/hook", secret: whsec_c2hvcnQ=}
operator: [office-mail]
"""
WATCHES_WITH_MISTAKES = """\
watches:
  - id: mot
    name: Một
    any: [dân vận]
    alert: [nowhere]
  - id: mot
    name: Một lần nữa
    any: [dân chủ]
  - id: hai
    name: Hai
    any: [dân chủ]
    quiet_hours: "25:00-06:00"
"""
PORTAL_WITH_MISTAKES = """\
id: mau
name: Báo Mẫu
home: https://mau.example/
sources:
  - {id: tin, kind: rss, url: "https://mau.example/tin.rss"}
article:
  urls:
    - {era: a, match: '-a(?P<id>\\d+\\.html$'}
  rules:
    - {title: 'h1[', body: '.content'}
"""
WHERE = {
    ("canhbao.yaml", 1, "databse"),
    ("canhbao.yaml", 3, "poll.min_s"),
    ("canhbao.yaml", 8, "channels.office-mail.to[0]"),
    ("canhbao.yaml", 10, "channels.newsroom.secret"),
    ("watches.yaml", 5, "watches[0].alert[0]"),
    ("watches.yaml", 6, "watches[1].id"),
    ("watches.yaml", 12, "watches[2].quiet_hours"),
    ("my-portals/mau.yaml", 5, "sources[0].kind"),
    ("my-portals/mau.yaml", 8, "article.urls[0].match"),
    ("my-portals/mau.yaml", 10, "article.rules[0].title"),
}


@pytest.mark.parametrize("command", [["check"], ["run"], ["alerts", "list"]], ids=" ".join)
def test_ten_mistakes_in_three_files_are_told_at_once_with_their_lines(tmp_path: Path, command: list[str]):
    (tmp_path / "my-portals").mkdir()
    (tmp_path / "canhbao.yaml").write_text(MAIN_WITH_MISTAKES, encoding="utf-8")
    (tmp_path / "watches.yaml").write_text(WATCHES_WITH_MISTAKES, encoding="utf-8")
    (tmp_path / "my-portals/mau.yaml").write_text(PORTAL_WITH_MISTAKES, encoding="utf-8")

    done = canhbao(*command, cwd=tmp_path)

    head, *told = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert head == "The configuration has 10 problems:"
    assert {(file, int(line), key) for file, line, key, _ in (re.split(r": ?", line.strip(), maxsplit=3) for line in told)} == WHERE
    assert len(told) == 10


@pytest.mark.parametrize(
    "arguments",
    [["bogus"], ["stats", "--bogus"], ["demo", "--for", "soon"], ["alerts", "list", "--limit", "0"], ["alerts", "replay"]],
    ids=" ".join,
)
def test_bad_usage_ends_with_2_and_no_traceback(tmp_path: Path, arguments: list[str]):
    done = canhbao(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr


# --- one daemon -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "once"])
def test_a_second_daemon_on_the_same_file_is_refused_and_told_who_has_it(tmp_path: Path, command: str):
    with newsstand(tmp_path, n_articles=4) as scene, daemon(scene.config) as first:
        until(lambda: "canhbao runs" in first.said(), deadline_s=30, alive=first)
        second = canhbao(command, "--config", str(scene.config))
        assert second.returncode == 2
        assert f"in use by process {first.pid}" in second.stderr
        assert first.process.poll() is None


def test_the_other_commands_work_beside_a_daemon(tmp_path: Path):
    with newsstand(tmp_path, n_articles=4) as scene, daemon(scene.config) as first:
        until(lambda: "canhbao runs" in first.said(), deadline_s=30, alive=first)
        for command in (["stats"], ["db", "upgrade"], ["db", "backup", str(tmp_path / "copy.db")]):
            works(*command, "--config", str(scene.config))
        assert first.terminate() == 0


# --- what one pass brings, seen through every command ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory):
    """A press, one `once` over it, and what that said. The webhook's receiver refused everything, so that there is something to see."""
    folder = tmp_path_factory.mktemp("passed")
    outbox = {"retry_s": [3600], "lease_s": 5}
    with newsstand(folder, n_articles=30, changed={"outbox": outbox, "language": "en"}) as scene:
        scene.hook.answer(400)
        yield scene, canhbao("once", "--config", str(scene.config))


def asked(scene: Scene, *command: str) -> list[dict[str, Any]]:
    return lines(works(*command, "--config", str(scene.config), "--json"))


def test_once_ends_with_0_and_a_summary(passed):
    scene, once = passed
    assert once.returncode == 0, once.stdout
    n_sources = sum(len(portal.sources) for portal in scene.press.portals)
    summary = once.stdout.splitlines()[-1]
    assert summary == f"Done: {n_sources} sources asked, 0 failing, 0 links waiting, {len(scene.told())} messages unsent."


def test_stats_counts_what_the_press_published(passed):
    scene, _ = passed
    records = asked(scene, "stats")
    articles = sum(each["n"] for each in records if each["kind"] == "articles")
    states = {each["state"] for each in records if each["kind"] == "source"}
    found = {each["watch"]: each["n"] for each in records if each["kind"] == "matches"}
    truth = scene.press.truth()
    assert articles == len(truth.articles)
    assert states == {"ok"}
    assert found == {topic: len(truth.about(topic, backlog=True)) for topic in scene.topics if truth.about(topic, backlog=True)}


@pytest.mark.parametrize(
    "command", [["check"], ["stats"], ["stats", "--fail-if-late"], ["alerts", "list", "--channel", "nobody"]], ids=" ".join
)
def test_in_english_no_word_is_vietnamese(passed, command: list[str]):
    scene, _ = passed
    assert not VIETNAMESE.search(works(*command, "--config", str(scene.config)).replace(str(scene.config.parent), ""))


def test_a_table_fits_a_terminal_of_80_columns(passed):
    scene, _ = passed
    for command in (["stats"], ["alerts", "list"]):
        said = works(*command, "--config", str(scene.config), COLUMNS="80")
        assert max(map(len, said.splitlines())) <= 80


def test_alerts_list_shows_state_tries_and_the_last_error(passed):
    scene, _ = passed
    listed = asked(scene, "alerts", "list", "--channel", "hook", "--state", "retry", "--limit", "1000")
    assert len(listed) == len(scene.told())
    assert {(each["n_tries"], "400" in each["why"]) for each in listed} == {(1, True)}
    mailed = asked(scene, "alerts", "list", "--channel", "office", "--state", "delivered", "--limit", "1000")
    assert len(mailed) >= len(scene.stories())


def test_alerts_show_prints_a_mail_to_be_read(passed):
    scene, _ = passed
    mail, *_ = asked(scene, "alerts", "list", "--channel", "office", "--state", "delivered")
    said = works("alerts", "show", mail["id"], "--config", str(scene.config))
    assert f"To: {READER}" in said
    assert mail["about"].partition(" (+")[0] in said
    assert "base64" not in said


def test_alerts_show_of_an_unknown_id_says_so(passed):
    scene, _ = passed
    done = canhbao("alerts", "show", "msg_0", "--config", str(scene.config))
    assert (done.returncode, done.stdout) == (1, "No message has the id msg_0.\n")


def test_alerts_replay_of_an_unknown_id_names_it_and_fails(passed):
    scene, _ = passed
    done = canhbao("alerts", "replay", "msg_0", "--config", str(scene.config))
    assert (done.returncode, done.stdout) == (1, "No message has the id msg_0.\n")


def test_a_mailbox_takes_a_test_message(passed):
    scene, _ = passed
    n_before = len(scene.mail.mails)
    assert works("alerts", "test", "office", "--config", str(scene.config)) == "Channel office took the test message.\n"
    assert len(scene.mail.mails) == n_before + 1


def test_a_receiver_that_refuses_the_test_message_is_told_with_its_answer(passed):
    scene, _ = passed
    done = canhbao("alerts", "test", "hook", "--config", str(scene.config))
    assert done.returncode == 1
    assert "did not take the test message" in done.stdout
    assert "400" in done.stdout


def test_a_pipe_that_closes_early_is_no_error_to_talk_about(passed):
    scene, _ = passed
    command = [*CANHBAO, "stats", "--json", "--config", str(scene.config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as reading:
        assert reading.stdout is not None
        assert reading.stderr is not None
        reading.stdout.close()
        assert reading.stderr.read() == b""
        assert reading.wait(30) in (0, 1)


def test_a_backup_is_a_whole_database_and_is_never_overwritten(passed, tmp_path: Path):
    scene, _ = passed
    copy = tmp_path / "copy.db"
    works("db", "backup", str(copy), "--config", str(scene.config))
    again = canhbao("db", "backup", str(copy), "--config", str(scene.config))
    assert again.returncode == 1
    changed_config = tmp_path / "canhbao.yaml"
    changed_config.write_bytes(scene.config.read_bytes())
    changed(
        changed_config,
        database=f"sqlite:///{copy}",
        portals=[str(scene.config.parent / "portals")],
        watches=str(scene.config.parent / "watches.yaml"),
    )
    assert works("stats", "--config", str(changed_config)) == works("stats", "--config", str(scene.config))


# --- a message that failed for good is sent again ---------------------------------------------------------------------------------


def test_a_dead_message_is_sent_again_under_its_id(tmp_path: Path):
    with newsstand(tmp_path, n_articles=20, changed={"outbox": {"retry_s": [0.1], "lease_s": 5}}) as scene:
        scene.hook.answer(410, times=1)
        config = ["--config", str(scene.config)]
        canhbao("once", *config)
        dead = {each["id"] for each in asked(scene, "alerts", "list", "--state", "dead", "--limit", "1000")}
        assert dead
        channels = YAML(typ="safe").load(scene.config.read_text(encoding="utf-8"))["channels"]
        channels["hook"]["url"] += "?edited"  # 410 disables a channel until it is edited
        changed(scene.config, channels=channels)
        works("alerts", "replay", "--dead", *config)
        canhbao("once", *config)
        assert {hook.id for hook in scene.hook.accepted} >= dead
        assert len({(hook.id, hook.body) for hook in scene.hook.hooks}) == len({hook.id for hook in scene.hook.hooks})


# --- try ------------------------------------------------------------------------------------------------------------------------


def test_try_reads_saved_pages_feeds_and_listings_one_line_each(passed, tmp_path: Path):
    scene, _ = passed
    article = scene.press.truth().articles[-1]
    portal = next(portal for portal in scene.press.portals if portal.id == article.portal)
    page, home = tmp_path / "page.html", tmp_path / "home.html"
    page.write_bytes(httpx.get(article.url, trust_env=False).content)
    home.write_bytes(httpx.get(f"{portal.base_url}/{portal.sections[0].slug}/", trust_env=False, follow_redirects=True).content)

    [read] = lines(works("try", str(page), "--url", article.url, "--config", str(scene.config), "--json"))

    assert (read["kind"], read["title"], read["lead"]) == ("page", article.title, article.lead)
    assert read["text"] == "\n\n".join(article.paragraphs)
    assert read["published_at"] == article.published_at.isoformat()


def test_try_fetches_an_address_and_stores_nothing(passed):
    scene, _ = passed
    article = scene.press.truth().articles[0]
    before = asked(scene, "stats")
    said = works("try", article.url, "--config", str(scene.config))
    assert article.title in said
    assert [each for each in asked(scene, "stats") if each["kind"] != "late"] == [each for each in before if each["kind"] != "late"]


def test_try_of_several_files_fails_when_one_does_and_still_reads_the_rest(passed, tmp_path: Path):
    scene, _ = passed
    article = scene.press.truth().articles[0]
    page = tmp_path / "page.html"
    page.write_bytes(httpx.get(article.url, trust_env=False).content)
    done = canhbao("try", str(tmp_path / "nothing.html"), str(page), "--url", article.url, "--config", str(scene.config), "--json")
    missing, read = lines(done.stdout)
    assert (done.returncode, missing["kind"], read["title"]) == (1, "error", article.title)
