"""`canhbao init DIR`, as far as it writes files."""

import stat
from pathlib import Path

import pytest

from config.initial import write_initial
from config.load import ConfigError, load


def test_what_is_written_loads_without_problems(tmp_path):
    written = write_initial(tmp_path / "new" / "office")

    config = load(written[0], environ={})

    assert [path.relative_to(tmp_path / "new/office").as_posix() for path in written] == [
        "canhbao.yaml",
        "watches.yaml",
        "my-portals/example-portal.yaml.example",
    ]
    assert config.settings.portals == ("builtin", "my-portals/")


def test_the_database_of_what_is_written_lies_beside_it(tmp_path):
    config = load(write_initial(tmp_path)[0], environ={})

    assert config.database_url == f"sqlite:///{tmp_path}/data/canhbao.db"


def test_the_example_of_a_portal_loads_once_it_is_named_yaml(tmp_path):
    main, _, example = write_initial(tmp_path)
    example.rename(example.with_suffix(""))

    assert load(main, environ={}).portals["bao-mau"].province == "Đồng Tháp"


def test_every_commented_channel_loads_once_its_mark_is_taken_away(tmp_path):
    main = write_initial(tmp_path)[0]
    text = main.read_text(encoding="utf-8")
    for key in ("office-mail:", "newsroom:", "telegram:", "contact:", *CHANNEL_LINES):
        text = text.replace(f"  # {key}", f"  {key}")
    main.write_text(text, encoding="utf-8")

    environ = {"SMTP_PASSWORD": "x", "HOOK_SECRET": "whsec_" + "QUJD" * 10, "TELEGRAM_URL": "tgram://1/2"}

    assert set(load(main, environ=environ).settings.channels) == {"log", "office-mail", "newsroom", "telegram"}


CHANNEL_LINES = (
    "  type:",
    "  from:",
    "  to:",
    "  smtp:",
    "    host:",
    "    port:",
    "    username:",
    "    password:",
    "  url:",
    "  secret:",
)


def test_the_file_for_secrets_is_for_its_owner_only(tmp_path):
    assert stat.S_IMODE(write_initial(tmp_path)[0].stat().st_mode) == 0o600


@pytest.mark.parametrize("there", ["canhbao.yaml", "watches.yaml", "my-portals/example-portal.yaml.example"])
def test_nothing_is_overwritten_and_nothing_else_written(tmp_path, there):
    kept = tmp_path / there
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine")

    with pytest.raises(ConfigError, match="exists already"):
        write_initial(tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert kept.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="cannot be written"):
        write_initial(tmp_path / "file" / "below")


def test_the_schema_hints_lead_to_files(tmp_path):
    for path in write_initial(tmp_path):
        hint = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
        assert Path(hint).is_file()
