"""`load` on real files: what is accepted, and how each mistake is told."""

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.channel import EmailChannel, FileChannel
from config.load import Config, ConfigError, load
from config.shipped import SHIPPED

MAIN = """\
portals: [own]
channels:
  log: {type: file, path: out/alerts.jsonl}
  office-mail:
    type: email
    from: canhbao@example.org
    to: [vanphong@example.org]
    smtp: {host: smtp.example.org, username: u, password: "${SMTP_PASSWORD}"}
operator: [log]
"""
WATCHES = """\
watches:
  - id: quy-che-dan-chu
    name: Quy chế dân chủ
    any: [quy chế dân chủ]
"""
PORTAL = """\
id: bao-mau
name: Báo Mẫu
province: Đồng Tháp
home: https://mau.example/
sources:
  - {id: tin, kind: feed, url: "https://mau.example/tin.rss"}
"""
SECRET = "hunter2-very-secret"
PROBLEM = re.compile(r"[^\n]+\.yaml:[1-9][0-9]*: [^\n]+: [^\n]+")
ENVIRON = {"SMTP_PASSWORD": SECRET}


def write(folder: Path, main: str = MAIN, watches: str = WATCHES, **portals: str) -> Path:
    (folder / "own").mkdir(exist_ok=True)
    (folder / "canhbao.yaml").write_text(main, encoding="utf-8")
    (folder / "watches.yaml").write_text(watches, encoding="utf-8")
    for name, text in (portals or {"mau": PORTAL}).items():
        (folder / "own" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "canhbao.yaml"


def password_in(config: Config) -> str:
    mail = config.settings.channels["office-mail"]
    assert isinstance(mail, EmailChannel)
    assert mail.smtp.password is not None
    return mail.smtp.password.get_secret_value()


def log_file_of(config: Config) -> Path:
    log = config.settings.channels["log"]
    assert isinstance(log, FileChannel)
    return log.path


def problems_of(path: Path, environ: dict[str, str] = ENVIRON) -> list[str]:
    """The problems, with the folder of the test cut off."""
    with pytest.raises(ConfigError) as caught:
        load(path, environ=environ)
    return [problem.replace(f"{path.parent}/", "") for problem in caught.value.problems]


def problems_or_none(path: Path) -> list[str] | None:
    try:
        load(path, environ=ENVIRON)
    except ConfigError as error:
        return error.problems
    return None


def places_of(path: Path) -> list[str]:
    return [problem.split(": ")[0] + " " + problem.split(": ")[1] for problem in problems_of(path)]


def test_a_sound_configuration_loads(tmp_path):
    config = load(write(tmp_path), environ=ENVIRON)

    assert (config.watches[0].id, list(config.portals)) == ("quy-che-dan-chu", ["bao-mau"])
    assert password_in(config) == SECRET


def test_what_is_written_lies_beside_the_main_file(tmp_path):
    config = load(write(tmp_path), environ=ENVIRON)

    assert config.database_url == f"sqlite:///{tmp_path}/data/canhbao.db"
    assert log_file_of(config) == tmp_path / "out/alerts.jsonl"


def test_an_absolute_database_and_a_server_stay_as_they_are(tmp_path):
    absolute = load(write(tmp_path, f"database: sqlite:////var/c.db\n{MAIN}"), environ=ENVIRON)
    server = load(write(tmp_path, f"database: postgresql+psycopg://u:{SECRET}@h/c\n{MAIN}"), environ=ENVIRON)

    assert (absolute.database_url, server.database_url) == ("sqlite:////var/c.db", f"postgresql+psycopg://u:{SECRET}@h/c")


def test_a_long_number_may_be_written_with_underscores(tmp_path):
    config = load(write(tmp_path, MAIN + "http: {max_bytes: 20_000_000}\n"), environ=ENVIRON)

    assert config.settings.http.max_bytes == 20_000_000


def test_tls_needs_no_word_about_starttls(tmp_path):
    config = load(write(tmp_path, MAIN.replace("username: u", "username: u, tls: true")), environ=ENVIRON)

    mail = config.settings.channels["office-mail"]
    assert isinstance(mail, EmailChannel)
    assert (mail.smtp.tls, mail.smtp.starttls) == (True, False)


def test_provinces_are_spelled_alike(tmp_path):
    path = write(tmp_path, watches=WATCHES + "    provinces: [khánh hoà, TP.HCM]\n", mau=PORTAL.replace("Đồng Tháp", "Tỉnh Đồng Tháp"))

    config = load(path, environ=ENVIRON)

    assert config.watches[0].provinces == ("Khánh Hòa", "TP Hồ Chí Minh")
    assert config.portals["bao-mau"].province == "Đồng Tháp"


def test_the_paths_are_every_file_that_was_read(tmp_path):
    (tmp_path / "password").write_text(f"{SECRET}\n")
    path = write(tmp_path, MAIN.replace('password: "${SMTP_PASSWORD}"', "password_file: password"))

    config = load(path, environ={})

    assert set(config.paths) == {path, tmp_path / "watches.yaml", tmp_path / "own/mau.yaml", tmp_path / "password"}
    assert password_in(config) == SECRET


def test_the_shipped_default_loads_and_writes_below_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    config = load(SHIPPED, environ={})

    assert config.database_url == f"sqlite:///{tmp_path}/data/canhbao.db"
    assert log_file_of(config) == tmp_path / "data/alerts.jsonl"
    assert [watch.id for watch in config.watches] == ["quy-che-dan-chu"]


def test_a_configuration_survives_pickling(tmp_path):
    config = load(write(tmp_path), environ=ENVIRON)

    copy: Config = pickle.loads(pickle.dumps(config))

    assert copy == config


def test_an_error_survives_pickling():
    assert pickle.loads(pickle.dumps(ConfigError(["a", "b"]))).problems == ["a", "b"]


def test_own_portals_override_by_id(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x.yaml").write_text(PORTAL.replace("Báo Mẫu", "Báo của tôi"), encoding="utf-8")

    config = load(write(tmp_path, MAIN.replace("[own]", "[own, mine/]")), environ=ENVIRON)

    assert config.portals["bao-mau"].name == "Báo của tôi"


def test_ten_mistakes_in_three_files_are_ten_problems(tmp_path):
    main = MAIN.replace("operator: [log]", "operator: [lgo]").replace("host: smtp.example.org", "host: h, port: abc")
    main += 'timezone: Asia/Hanoi\npoll: {min_s: 900, max_s: 300}\nhtpp: {contact: "ops@example.org"}\n'
    watches = WATCHES + '  - id: quy-che-dan-chu\n    name: X\n    any: [x]\n    alert: [office-mial]\n    when: {digest: ["25:00"]}\n'
    portal = PORTAL.replace("kind: feed", "kind: listing, links: 'h1['") + "enabled: perhaps\n"

    assert places_of(write(tmp_path, main, watches, mau=portal)) == [
        "canhbao.yaml:8 channels.office-mail.smtp.port",
        "canhbao.yaml:9 operator[0]",
        "canhbao.yaml:10 timezone",
        "canhbao.yaml:11 poll.max_s",
        "canhbao.yaml:12 htpp",
        "own/mau.yaml:6 sources[0].links",
        "own/mau.yaml:7 enabled",
        "watches.yaml:5 watches[1].id",
        "watches.yaml:8 watches[1].alert[0]",
        "watches.yaml:9 watches[1].when.digest[0]",
    ]


def test_a_section_that_is_no_yaml_hides_nothing_of_the_rest(tmp_path):
    main = MAIN.replace("to: [vanphong@example.org]", "to: [vanphong@example.org") + "language: fr\n"
    watches = WATCHES + "    alert: [nowhere]\n"
    portal = PORTAL.replace("Đồng Tháp", "Đồng Thap")

    assert places_of(write(tmp_path, main, watches, mau=portal)) == [
        "canhbao.yaml:7 channels.office-mail.to",
        "canhbao.yaml:10 language",
        "own/mau.yaml:3 province",
        "watches.yaml:5 watches[0].alert[0]",
    ]


def test_one_broken_watch_hides_nothing_of_the_others(tmp_path):
    watches = WATCHES + '  - id: b\n    name: "B\n    any: [x]\n  - id: c\n    name: C\n    any: [x]\n    provinces: [Xyz]\n'

    assert places_of(write(tmp_path, watches=watches)) == ["watches.yaml:6 watches[1]", "watches.yaml:11 watches[2].provinces[0]"]


def test_a_main_file_that_is_no_text_hides_nothing_of_own_portals(tmp_path):
    path = write(tmp_path)
    (tmp_path / "own").rename(tmp_path / "my-portals")
    (tmp_path / "my-portals" / "mau.yaml").write_text(PORTAL.replace("feed", "fede"), encoding="utf-8")
    path.write_text("")

    assert places_of(path) == ["canhbao.yaml:1 file", "my-portals/mau.yaml:6 sources[0].kind"]


def test_a_main_file_that_is_no_text_hides_nothing_of_the_watches(tmp_path):
    path = write(tmp_path, watches=WATCHES + "    quiet_hours: nights\n")
    path.write_bytes(b"\xff\xfe\x00")

    assert places_of(path) == ["canhbao.yaml:1 file", "watches.yaml:5 watches[0].quiet_hours"]


@pytest.mark.parametrize(
    ("main", "problem"),
    [
        pytest.param("", "canhbao.yaml:1: file: is empty; `canhbao init DIR` writes an example", id="empty"),
        pytest.param("# only a comment\n", "canhbao.yaml:1: file: is empty; `canhbao init DIR` writes an example", id="comment-only"),
        pytest.param("- a\n", "canhbao.yaml:1: file: must hold keys with values, each on its line as `key: value`", id="a-list"),
        pytest.param(MAIN + "http:\n\tdeadline_s: 5\n", "canhbao.yaml:11: http: a tab; YAML wants spaces, replace it", id="tab"),
        pytest.param(
            MAIN + "http: {contact: ${X}}\n",
            "canhbao.yaml:10: http: a block { … } is not closed or lacks a comma; inside it ${…} must stand in quotes",
            id="reference-without-quotes",
        ),
        pytest.param(
            MAIN + "language: vi\nlanguage: en\n",
            "canhbao.yaml:11: language: stands here twice (first in line 10); keep one",
            id="key-twice",
        ),
        pytest.param(
            MAIN + "language: !x vi\n",
            "canhbao.yaml:10: language: starts with !, which YAML takes for a tag; put the value in quotes",
            id="tag",
        ),
        pytest.param(
            MAIN + "http: &a {contact: *a}\n",
            "canhbao.yaml:10: file: an alias (*name) contains itself; write the value out",
            id="cyclic-alias",
        ),
        pytest.param(
            MAIN + "http: {password:x}\n",
            "canhbao.yaml:10: http.password: is not a known key; put a space after the colon",
            id="glued-colon",
        ),
        pytest.param(
            MAIN + "http: {contct: a@b.c}\n", "canhbao.yaml:10: http.contct: is not a known key; did you mean contact?", id="unknown-key"
        ),
        pytest.param(
            MAIN + "poll: {tick: 5}\n", "canhbao.yaml:10: poll.tick: is not a known key; did you mean tick_s?", id="unknown-poll-key"
        ),
        pytest.param(
            MAIN + "http: {max_bytes: many}\n",
            "canhbao.yaml:10: http.max_bytes: is not a whole number; write digits only",
            id="not-a-number",
        ),
        pytest.param(
            MAIN + "workers: true\n", "canhbao.yaml:10: workers: is not a whole number; write digits only", id="true-is-no-number"
        ),
        pytest.param(
            MAIN + "drain_s: .inf\n", "canhbao.yaml:10: drain_s: is not a number; write digits, with a point for fractions", id="infinite"
        ),
        pytest.param(MAIN + "http:\n", "canhbao.yaml:10: http: is empty; give it a value or remove the key", id="key-without-value"),
        pytest.param(
            MAIN + "http: 5\n", "canhbao.yaml:10: http: is not a block of keys; write `key: value` lines below it", id="not-a-block"
        ),
        pytest.param(
            MAIN + "watches: no.yaml\n",
            "canhbao.yaml:10: watches: the file does not exist; create it or correct the path",
            id="no-such-file",
        ),
        pytest.param(
            MAIN + "watches: own\n", "canhbao.yaml:10: watches: the file is a folder; name a file in it", id="a-folder-for-a-file"
        ),
        pytest.param(
            MAIN.replace("host: smtp", "hots: smtp"),
            "canhbao.yaml:8: channels.office-mail.smtp.hots: is not a known key; did you mean host?",
            id="required-key-misspelled",
        ),
        pytest.param(
            MAIN.replace('password: "${SMTP_PASSWORD}"', "pasword_file: x"),
            "canhbao.yaml:8: channels.office-mail.smtp.pasword_file: is not a known key; did you mean password_file?",
            id="secret-file-misspelled",
        ),
        pytest.param(
            MAIN.replace('password: "${SMTP_PASSWORD}"', 'password_file: "${NO_SUCH}"'),
            "canhbao.yaml:8: channels.office-mail.smtp.password_file: "
            "the environment variable NO_SUCH is not set; set it, or write ${NO_SUCH:-default}",
            id="variable-of-a-secret-file-not-set",
        ),
        pytest.param(
            MAIN.partition("channels:")[0] + "channels: {}\n",
            "canhbao.yaml:2: channels: is empty; it needs at least one entry",
            id="no-channel",
        ),
        pytest.param(
            MAIN + '"a\\nb": 1\n',
            "canhbao.yaml:10: a b: is not a known key; known here: channels, database, database_file, drain_s, http, language, log, operator, "
            "outbox, poll, portals, retention and 3 more",
            id="key-of-two-lines",
        ),
        pytest.param(
            MAIN.replace("[own]", "[owm]"),
            "canhbao.yaml:1: portals[0]: is no folder; create it, or correct the path (builtin is the shipped catalogue, builtin-national that of national papers)",
            id="no-such-folder",
        ),
        pytest.param(
            MAIN.replace("type: file", "type: flie"),
            "canhbao.yaml:3: channels.log.type: is none of email, webhook, apprise, file; did you mean file?",
            id="unknown-channel-type",
        ),
        pytest.param(
            MAIN.replace("type: file, ", ""),
            "canhbao.yaml:3: channels.log.type: is missing; add type: email, webhook, apprise or file",
            id="channel-without-type",
        ),
        pytest.param(
            MAIN.replace("  log:", "  Log Book:").replace("[log]", "[Log Book]"),
            "canhbao.yaml:3: channels.Log Book: is no id; use lower-case letters a-z, digits and hyphens, e.g. quy-che-dan-chu",
            id="channel-name",
        ),
        pytest.param(
            MAIN.replace("username: u, ", "username: u, tls: true, starttls: true, "),
            "canhbao.yaml:8: channels.office-mail.smtp.starttls: tls and starttls exclude each other; keep tls for port 465, starttls for port 587",
            id="two-kinds-of-tls",
        ),
        pytest.param(
            MAIN.replace("username: u, ", ""),
            "canhbao.yaml:8: channels.office-mail.smtp.password: a password without username; add username",
            id="password-of-nobody",
        ),
        pytest.param(
            MAIN.replace("[vanphong@example.org]", "[van phong]"),
            "canhbao.yaml:7: channels.office-mail.to[0]: is not a mail address; write it like vanphong@example.org",
            id="mail-address",
        ),
        pytest.param(
            MAIN.replace("${SMTP_PASSWORD}", "${NO_SUCH}"),
            "canhbao.yaml:8: channels.office-mail.smtp.password: the environment variable NO_SUCH is not set; set it, or write ${NO_SUCH:-default}",
            id="variable-not-set",
        ),
        pytest.param(
            MAIN.replace('password: "${SMTP_PASSWORD}"', "password_file: no-such"),
            "canhbao.yaml:8: channels.office-mail.smtp.password_file: the file does not exist; create it or correct the path",
            id="no-such-secret-file",
        ),
        pytest.param(
            MAIN.replace('"${SMTP_PASSWORD}"', "x, password_file: canhbao.yaml"),
            "canhbao.yaml:8: channels.office-mail.smtp.password_file: stands beside password; keep one of them",
            id="secret-twice",
        ),
    ],
)
def test_a_mistake_in_the_main_file_is_one_problem(tmp_path, main, problem):
    assert problems_of(write(tmp_path, main)) == [problem]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        pytest.param("    name:\n", "watches.yaml:5: watches[0].name: stands here twice (first in line 3); keep one", id="key-twice"),
        pytest.param(
            "    alert: [offce-mail]\n",
            "watches.yaml:5: watches[0].alert[0]: 'offce-mail' is no channel of this configuration; did you mean office-mail?",
            id="channel",
        ),
        pytest.param(
            "    portals: [bao-mua]\n",
            "watches.yaml:5: watches[0].portals[0]: 'bao-mua' is no portal of this configuration; did you mean bao-mau?",
            id="portal",
        ),
        pytest.param(
            "    provinces:\n      - Tiền Giang\n      - Tiền Dang\n",
            "watches.yaml:7: watches[0].provinces[1]: is not a province of Vietnam, of before or after July 2025 (did you mean Tiền Giang?)",
            id="province",
        ),
        pytest.param(
            "    when: later\n",
            'watches.yaml:5: watches[0].when: is neither now nor a digest; write now, or {digest: ["07:00"]}',
            id="when",
        ),
        pytest.param(
            "    when: {digest: []}\n", "watches.yaml:5: watches[0].when.digest: is empty; it needs at least one entry", id="empty-digest"
        ),
        pytest.param(
            "    when: {digest: [7h]}\n",
            'watches.yaml:5: watches[0].when.digest[0]: is not a time of day; write it in quotes as HH:MM, e.g. "07:00"',
            id="time",
        ),
        pytest.param(
            "    quiet_hours: 22:00-22:00\n",
            'watches.yaml:5: watches[0].quiet_hours: is not a span of hours; write it as "22:00-06:00"',
            id="no-hours",
        ),
        pytest.param(
            "    all: mặt trận\n",
            "watches.yaml:5: watches[0].all: is not a list; write it as [a, b], or one entry a line after `- `",
            id="no-list",
        ),
        pytest.param(
            '    none: ["…"]\n',
            "watches.yaml:5: watches[0].none[0]: holds nothing to look for; a phrase needs a letter or a digit",
            id="phrase",
        ),
        pytest.param(
            '    digest: ["07:00"]\n',
            'watches.yaml:5: watches[0].digest: belongs below when; write when: {digest: ["07:00", "17:00"]}',
            id="misplaced",
        ),
        pytest.param(
            "  - {id: b, name: B}\n",
            "watches.yaml:5: watches[1]: add phrases under any: or all:, else nothing can match",
            id="finds-nothing",
        ),
        pytest.param(
            "  - {id: b, name: B, ani: [b]}\n", "watches.yaml:5: watches[1].ani: is not a known key; did you mean any?", id="misspelled"
        ),
        pytest.param("  - {name: B, any: [b]}\n", "watches.yaml:5: watches[1].id: is missing; add it", id="missing-key"),
    ],
)
def test_a_mistake_in_a_watch_is_one_problem(tmp_path, changed, problem):
    assert problems_of(write(tmp_path, watches=WATCHES + changed)) == [problem]


@pytest.mark.parametrize(
    ("portal", "problem"),
    [
        pytest.param(
            PORTAL + '  - {id: tin, kind: feed, url: "https://mau.example/b.rss"}\n',
            "own/mau.yaml:7: sources[1].id: is that of another source of this portal (line 6); give each its own or remove one",
            id="source-id-twice",
        ),
        pytest.param(
            PORTAL + '  - {id: b, kind: feed, url: "https://mau.example/tin.rss"}\n',
            "own/mau.yaml:7: sources[1].url: is that of another source (line 6); give each its own or remove one",
            id="url-twice",
        ),
        pytest.param(
            PORTAL.replace("kind: feed", "kind: feed, min_s: 99999"),
            "own/mau.yaml:6: sources[0].min_s: is above poll.max_s (21600); lower it, or give this source a max_s",
            id="above-the-settings",
        ),
        pytest.param(
            PORTAL.replace("kind: feed", "kind: feed, max_s: 10"),
            "own/mau.yaml:6: sources[0].max_s: is below poll.min_s (300); raise it, or give this source a min_s",
            id="below-the-settings",
        ),
        pytest.param(
            PORTAL.replace("kind: feed", "kind: feed, min_s: 10, max_s: 5"),
            "own/mau.yaml:6: sources[0].max_s: is below min_s of the same source; swap them",
            id="bounds-swapped",
        ),
        pytest.param(
            PORTAL.replace("kind: feed", "kind: feed, links: a"),
            "own/mau.yaml:6: sources[0].links: only a listing has links to select; remove it, or set kind: listing",
            id="links-of-a-feed",
        ),
        pytest.param(
            PORTAL + "article: {urls: [{era: a, match: '('}]}\n",
            "own/mau.yaml:7: article.urls[0].match: is not a regular expression; in single quotes a backslash is written once "
            "(missing ), unterminated subpattern at position 0)",
            id="regex",
        ),
        pytest.param(
            PORTAL.replace("https://mau.example/\n", "mau\n"),
            "own/mau.yaml:4: home: is not a web address; write it like https://example.org/",
            id="home",
        ),
        pytest.param("", "own/mau.yaml:1: file: is empty; `canhbao init DIR` writes an example", id="empty"),
    ],
)
def test_a_mistake_in_a_portal_is_one_problem(tmp_path, portal, problem):
    assert problems_of(write(tmp_path, mau=portal)) == [problem]


def test_two_portals_of_one_folder_with_one_id_are_a_problem(tmp_path):
    other = PORTAL.replace("tin.rss", "b.rss")

    assert places_of(write(tmp_path, a=PORTAL, b=other)) == ["own/b.yaml:1 id"]


def test_problems_stand_relative_to_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, MAIN + "language: fr\n")

    with pytest.raises(ConfigError) as caught:
        load(Path("canhbao.yaml"), environ=ENVIRON)

    assert caught.value.problems == ["canhbao.yaml:10: language: is none of vi, en; write one of them"]


@pytest.mark.parametrize(
    "main",
    [
        pytest.param(MAIN + f"database: mysql://u:{SECRET}@h/c\n", id="database"),
        pytest.param(MAIN + f"database: postgresql+psycopg://u:{SECRET}/x@h/c\n", id="database-with-a-slash"),
        pytest.param(MAIN.replace('"${SMTP_PASSWORD}"', f"[{SECRET}]"), id="password-as-a-list"),
        pytest.param(MAIN.replace('"${SMTP_PASSWORD}"', f"*{SECRET}"), id="password-as-an-alias"),
        pytest.param(MAIN.replace('"${SMTP_PASSWORD}"', f"!{SECRET}"), id="password-as-a-tag"),
        pytest.param(MAIN.replace('password: "${SMTP_PASSWORD}"', f"password:{SECRET}"), id="password-glued"),
        pytest.param(MAIN.replace('password: "${SMTP_PASSWORD}"', f"password_file: {SECRET}"), id="password-for-a-path"),
        pytest.param(MAIN.replace("operator: [log]", 'operator: ["${SMTP_PASSWORD}"]'), id="variable-as-a-channel"),
        pytest.param(MAIN.replace("portals: [own]", 'portals: ["${SMTP_PASSWORD}"]'), id="variable-as-a-folder"),
        pytest.param(
            MAIN + 'language: "${SMTP_PASSWORD}"\ntimezone: "${SMTP_PASSWORD}"\nworkers: "${SMTP_PASSWORD}"\n', id="variable-as-a-setting"
        ),
        pytest.param(MAIN + f"x: {{type: apprise, url: {SECRET}}}\n", id="in-an-unknown-place"),
        pytest.param(
            MAIN.replace("  log:", f"  hook: {{type: webhook, url: 'https://h/', secret: {SECRET}}}\n  log:"), id="webhook-secret"
        ),
        pytest.param(MAIN.replace("  log:", f"  chat: {{type: apprise, url: {SECRET}}}\n  log:"), id="apprise-url"),
    ],
)
def test_no_problem_shows_a_secret(tmp_path, main):
    path = write(tmp_path, main)
    with pytest.raises(ConfigError) as caught:
        load(path, environ=ENVIRON)

    assert SECRET not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


def test_a_loaded_configuration_shows_no_secret(tmp_path):
    main = MAIN.replace("username: u", 'username: "${SMTP_PASSWORD}"') + f"database: postgresql+psycopg://u:{SECRET}@h/c\n"
    config = load(
        write(tmp_path, main.replace("  log:", "  hook: {type: webhook, url: 'https://h/${SMTP_PASSWORD}', secret: '${HOOK}'}\n  log:")),
        environ=ENVIRON | {"HOOK": "whsec_" + "QUJD" * 10},
    )

    shown = f"{config!r} {config} {config.settings!r} {config.settings} {config.settings.model_dump_json()}"
    assert SECRET not in f"{config!r} {config} {config.settings!r} {config.settings}"
    assert "QUJD" not in shown


ANY_BYTES = st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
YAML_LIKE = st.lists(st.sampled_from(["a", ": ", "- ", "\n", "  ", "{", "}", "[", "]", "&a ", "*a ", "!", "|", ">", '"', "'", "#", "%", "?", "\t", "${A}", "\\U", "watches", "id", "channels", "sources", "---", ","]), max_size=60).map(lambda parts: "".join(parts).encode())  # fmt: skip


@pytest.mark.parametrize("which", ["canhbao.yaml", "watches.yaml", "own/mau.yaml"])
@given(content=ANY_BYTES | YAML_LIKE)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arbitrary_bytes_raise_nothing_but_config_errors(tmp_path, which, content):
    path = write(tmp_path)
    (tmp_path / which).write_bytes(content)

    problems = problems_or_none(path)

    assert problems is None or (problems and all(PROBLEM.fullmatch(problem) for problem in problems))


CERTIFICATE = Path(__file__).parent / "fetch/certificates/root.pem"


def test_a_certificate_is_found_beside_the_file_that_names_it_and_watched_for_changes(tmp_path: Path):
    main = write(tmp_path, mau=PORTAL + "extra_ca: tls/root.pem\ntls: legacy\n")
    (tmp_path / "own/tls").mkdir()
    (tmp_path / "own/tls/root.pem").write_bytes(CERTIFICATE.read_bytes())
    config = load(main, environ=ENVIRON)
    assert config.portals["bao-mau"].extra_ca == tmp_path / "own/tls/root.pem"
    assert tmp_path / "own/tls/root.pem" in config.paths


@pytest.mark.parametrize("content", [None, b"", b"no certificate"], ids=["missing", "empty", "no-pem"])
def test_a_certificate_that_cannot_be_used_is_told_with_its_line(tmp_path: Path, content: bytes | None):
    main = write(tmp_path, mau=PORTAL + "extra_ca: root.pem\n")
    if content is not None:
        (tmp_path / "own/root.pem").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(main, environ=ENVIRON)
    [problem] = caught.value.problems
    assert "mau.yaml:7: extra_ca: is no readable PEM file" in problem
