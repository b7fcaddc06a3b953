"""The built wheel is whole: it works away from the checkout, with nothing of it on the path."""

import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("crawler", "config", "storage")
WORLD = {"HOME", "PATH", "LANG", "LC_ALL", "TMPDIR"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the backend of the development environment: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT))
    [built] = folder.glob("canhbao-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", str(target), str(wheel))
    return target


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def environment(installed: Path) -> dict[str, str]:
    """Only the installed wheel is ours on the path; what it depends on comes from the environment that runs the tests."""
    return {name: os.environ[name] for name in WORLD & os.environ.keys()} | {"PYTHONPATH": str(installed), "NO_COLOR": "1"}


def python(installed: Path, *arguments: str, cwd: Path) -> str:
    command = [sys.executable, "-P", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment(installed), capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_file_that_is_not_code_is_in_the_wheel(wheel: Path):
    inside = set(zipfile.ZipFile(wheel).namelist())
    files = (path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    ours = [str(path.relative_to(ROOT)) for path in files]
    kinds = {Path(name).suffix for name in ours if not name.endswith(".py")}
    assert {".yaml", ".json", ".html", ".txt", ".xml", ".mako"} <= kinds
    assert sorted(set(ours) - inside) == []


def test_nothing_else_is_in_the_wheel(wheel: Path):
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_names_its_licence_its_command_and_what_it_needs(wheel: Path):
    files = zipfile.ZipFile(wheel)
    metadata = next(name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
    text = files.read(metadata).decode()
    assert "License-Expression: MIT" in text
    assert "Requires-Dist: httpx" in text
    assert b"canhbao = crawler.cli:main" in files.read(metadata.replace("METADATA", "entry_points.txt"))


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_imported_is_what_was_installed(installed: Path, tmp_path: Path, package: str):
    said = python(installed, "-c", f"import {package}; print({package}.__file__)", cwd=tmp_path)
    assert Path(said.strip()).is_relative_to(installed)


def test_help_and_version_come_from_the_wheel(installed: Path, tmp_path: Path):
    assert "stats" in python(installed, "-m", "crawler", "--help", cwd=tmp_path)
    assert wheel_version(installed) in python(installed, "-m", "crawler", "--version", cwd=tmp_path)


def wheel_version(installed: Path) -> str:
    [info] = installed.glob("canhbao-*.dist-info")
    return info.name.removeprefix("canhbao-").removesuffix(".dist-info")


def test_the_shipped_default_checks_with_every_portal(installed: Path, tmp_path: Path):
    said = python(installed, "-m", "crawler", "check", "--json", cwd=tmp_path)
    n_portals = len(list((ROOT / "config/portals").glob("*.yaml")))
    assert f'"portals": {n_portals}' in said
    assert f"{installed}/config/canhbao.yaml" in said


def test_what_init_writes_points_to_the_schemas_of_the_wheel(installed: Path, tmp_path: Path):
    python(installed, "-m", "crawler", "init", "etc", cwd=tmp_path)
    for name in ("canhbao.yaml", "watches.yaml"):
        text = (tmp_path / "etc" / name).read_text(encoding="utf-8")
        (schema,) = re.findall(r"\$schema=(\S+)", text)
        assert Path(schema).is_relative_to(installed)
        assert Path(schema).exists()


def test_the_database_is_made_and_read_from_the_migrations_of_the_wheel(installed: Path, tmp_path: Path):
    python(installed, "-m", "crawler", "db", "upgrade", cwd=tmp_path)
    python(installed, "-m", "crawler", "stats", "--json", cwd=tmp_path)
    assert (tmp_path / "data/canhbao.db").exists()


def test_a_test_alert_is_written_with_the_templates_of_the_wheel(installed: Path, tmp_path: Path):
    python(installed, "-m", "crawler", "alerts", "test", "log", cwd=tmp_path)
    assert "operator.test" in (tmp_path / "data/alerts.jsonl").read_text(encoding="utf-8")


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path):
    said = python(installed, "-m", "crawler", "demo", "--for", "20s", "--json", cwd=tmp_path)
    assert '"is_right": true' in said


def test_the_daemon_of_the_wheel_starts_in_an_empty_folder_and_ends_on_sigterm(installed: Path, tmp_path: Path):
    (tmp_path / "etc").mkdir()
    python(installed, "-m", "crawler", "init", "etc", cwd=tmp_path)
    nothing_to_poll(tmp_path / "etc/canhbao.yaml")
    command: list[Any] = [sys.executable, "-P", "-m", "crawler", "run", "--config", "etc/canhbao.yaml"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(installed), stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        first = daemon.stdout.readline()
        assert "canhbao runs: 0 portals" in first
        daemon.send_signal(signal.SIGTERM)
        assert "nothing is lost" in daemon.stdout.read()
        assert daemon.wait(60) == 0


def nothing_to_poll(config: Path) -> None:
    """Own portals only, of which there are none: no test asks real newspapers."""
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("portals: [builtin, my-portals/]", "portals: [my-portals/]"), encoding="utf-8")
    assert "builtin," not in config.read_text(encoding="utf-8")
