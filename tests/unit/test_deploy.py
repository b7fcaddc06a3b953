"""What ships us: the Dockerfile, the compose file and the systemd unit name only what exists, and hold what they promise."""

import fnmatch
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.load import load
from config.settings import Settings
from config.shipped import SHIPPED
from tests.unit.commandline import options_in

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "deploy/canhbao.service"
SYSTEMD = shutil.which("systemd-analyze")


# --- Dockerfile -------------------------------------------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    whole = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", lines))
    return [(word, " ".join(rest.split())) for word, _, rest in (line.partition(" ") for line in whole.splitlines() if line)]


def values_of(instruction: str) -> list[str]:
    return [value for name, value in instructions() if name == instruction]


def ignored(path: str) -> bool:
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    return any(fnmatch.fnmatch(path, pattern) or path.startswith(f"{pattern}/") for pattern in patterns)


def copied() -> list[str]:
    return [source for value in values_of("COPY") if not value.startswith("--from") for source in value.split()[:-1]]


def test_everything_that_is_copied_exists_and_is_not_ignored():
    assert copied()
    assert [path for path in copied() if not (ROOT / path).exists() or ignored(path)] == []


def test_every_package_of_the_wheel_is_copied():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {*project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], project["project"]["readme"], "pyproject.toml", "LICENSE"}
    assert needed <= set(copied())


def test_secrets_and_the_operators_files_stay_out_of_the_image():
    assert all(ignored(path) for path in ("secrets", "secrets/database_url", "etc", "data", ".git", ".venv"))


def test_the_image_does_not_run_as_root():
    (user,) = values_of("USER")
    assert int(user) >= 1000


def test_the_image_runs_commands_that_exist():
    assert values_of("ENTRYPOINT") == ['["canhbao"]']
    assert values_of("CMD") == ['["run"]']
    options_in(["run"])


def test_the_health_check_asks_whether_anything_is_late():
    (check,) = values_of("HEALTHCHECK")
    command = check.partition(" CMD ")[2]
    assert command.endswith(" || exit 1")  # Docker reserves 2
    assert "--fail-if-late" in options_in(shlex.split(command.removesuffix(" || exit 1"))[1:])


def test_both_stages_stand_on_the_same_python():
    bases = {value.split()[0] for value in values_of("FROM")}
    assert len(bases) == 1


# --- docker-compose.yml -----------------------------------------------------------------------------------------------------------


def compose() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


def test_canhbao_waits_for_a_postgres_that_answers():
    services = compose()["services"]
    assert services.keys() == {"canhbao", "postgres"}
    assert services["canhbao"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert "pg_isready" in services["postgres"]["healthcheck"]["test"][1]


@pytest.mark.parametrize("name", ["canhbao", "postgres"])
def test_every_service_comes_back_after_a_crash_and_a_reboot(name: str):
    assert compose()["services"][name]["restart"] == "unless-stopped"


def test_every_named_volume_and_secret_is_declared_and_used():
    whole = compose()
    services = whole["services"].values()
    named = {volume.partition(":")[0] for service in services for volume in service["volumes"] if not volume.startswith(".")}
    assert named == whole["volumes"].keys()
    assert {secret for service in services for secret in service["secrets"]} == whole["secrets"].keys()


def test_secrets_are_files_and_stand_in_no_environment():
    whole = compose()
    assert all(set(secret) == {"file"} for secret in whole["secrets"].values())
    names = {name for service in whole["services"].values() for name in service["environment"]}
    assert {name for name in names if "PASSWORD" in name} == {"POSTGRES_PASSWORD_FILE"}


def test_the_containers_check_is_that_of_the_image():
    (check,) = values_of("HEALTHCHECK")
    assert compose()["services"]["canhbao"]["healthcheck"]["test"] == ["CMD-SHELL", check.partition(" CMD ")[2]]


def test_the_container_is_given_time_to_drain():
    for service in compose()["services"].values():
        assert seconds(service["stop_grace_period"]) > drain_s()


def test_the_files_that_the_compose_head_names_are_those_it_mounts():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    head = text[: text.index("services:")]
    assert {Path(secret["file"]).name for secret in compose()["secrets"].values()} == set(re.findall(r"> secrets/(\w+)", head))
    assert set(re.findall(r"/run/secrets/(\w+)", head)) <= set(compose()["services"]["canhbao"]["secrets"])


def test_the_compose_head_runs_commands_that_exist():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    commands = [line.split() for line in re.findall(r"run --rm --no-deps canhbao (init|check)", text)]
    assert [options_in(words) for words in commands] == [[], []]


# --- systemd ----------------------------------------------------------------------------------------------------------------------

DIRECTIVES = {  # systemd.exec(5), systemd.service(5), systemd.resource-control(5), of systemd 252
    "Unit": {"Description", "Documentation", "Wants", "After"},
    "Service": {
        "Type", "User", "Group", "ConfigurationDirectory", "ConfigurationDirectoryMode", "StateDirectory", "StateDirectoryMode",
        "WorkingDirectory", "EnvironmentFile", "ExecStart", "ExecReload", "Restart", "RestartSec", "RestartPreventExitStatus", "KillMode",
        "TimeoutStopSec", "MemoryHigh", "MemoryMax", "TasksMax", "NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp",
        "PrivateDevices", "ProtectClock", "ProtectHostname", "ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs",
        "ProtectControlGroups", "ProtectProc", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID",
        "LockPersonality", "CapabilityBoundingSet", "SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber", "UMask",
    },
    "Install": {"WantedBy"},
}  # fmt: skip


def unit() -> dict[str, dict[str, list[str]]]:
    sections: dict[str, dict[str, list[str]]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section.setdefault(key, []).append(value)
    return sections


def service(key: str) -> str:
    (value,) = unit()["Service"][key]
    return value


def seconds(text: str) -> float:
    return float(text.removesuffix("s"))


def drain_s() -> float:
    return float(Settings.model_fields["drain_s"].default)


def test_the_unit_holds_only_known_directives():
    assert {section: set(keys) for section, keys in unit().items()} == DIRECTIVES


def test_the_unit_starts_a_command_that_exists():
    program, *words = shlex.split(service("ExecStart"))
    assert program == "/opt/canhbao/.venv/bin/canhbao"
    assert options_in(words) == ["--config"]


def test_the_unit_stops_us_by_sigterm_to_the_daemon_alone_and_waits_for_the_drain():
    assert service("KillMode") == "mixed"
    assert seconds(service("TimeoutStopSec")) > drain_s()


def test_the_unit_does_not_start_us_again_over_a_bad_configuration():
    assert (service("Restart"), service("RestartPreventExitStatus")) == ("on-failure", "2")


def test_the_unit_reloads_by_sighup():
    assert service("ExecReload") == "/bin/kill -HUP $MAINPID"


def test_the_unit_may_write_only_where_its_documentation_says(tmp_path: Path):
    assert service("ProtectSystem") == "strict"
    written = f"/var/lib/{service('StateDirectory')}/"
    said = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    paths = re.findall(r"`(?:database: sqlite:///|path: )(/[^`]+)`", said)
    assert paths
    assert all(path.startswith(written) for path in paths)


def test_the_shipped_configuration_loads_from_a_checkout():
    assert load(SHIPPED, environ={}).portals


if SYSTEMD is not None:

    def test_systemd_itself_finds_nothing_wrong(tmp_path: Path):
        copy = tmp_path / UNIT.name
        copy.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/canhbao/.venv/bin/canhbao", "/bin/true"), encoding="utf-8")
        done = subprocess.run([str(SYSTEMD), "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=60, check=False)
        assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []

    def test_systemd_rates_the_exposure_as_ok():
        command = [str(SYSTEMD), "security", "--offline=true", "--threshold=20", str(UNIT)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout[-300:]
