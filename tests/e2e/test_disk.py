"""A disk that is full, a folder that is none: a message, an exit code, and nothing lost."""

import resource
import subprocess
from pathlib import Path

from tests.e2e.daemons import CANHBAO, environment
from tests.e2e.newsstand import newsstand


def limited(n_bytes: int, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that can make no file longer than `n_bytes`: to SQLite that is a disk with no room left."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))

    return subprocess.run(
        [*CANHBAO, *arguments], cwd=cwd, env=environment(), capture_output=True, text=True, timeout=90, check=False, preexec_fn=limit
    )


def test_a_database_that_cannot_be_made_is_told_in_one_line(tmp_path: Path):
    done = limited(20_000, "db", "upgrade", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Database: sqlite:///")
    assert done.stderr.count("\n") == 1


def test_a_folder_that_is_a_file_is_told_in_one_line(tmp_path: Path):
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    for command in (["run"], ["once"], ["db", "upgrade"]):
        done = limited(10_000_000, *command, cwd=tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert str(tmp_path / "data") in done.stderr


def test_of_a_file_that_does_not_fit_no_part_is_written(tmp_path: Path):
    done = limited(1000, "init", "new", cwd=tmp_path)
    assert (done.returncode, "File too large" in done.stderr) == (2, True), done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_portal_file_that_does_not_fit_is_shown_instead(tmp_path: Path):
    with newsstand(tmp_path, n_articles=30) as scene:
        home = scene.press.portal("baocantho").base_url
        done = limited(500, "discover", home, "--write", "found", "--config", str(scene.config), cwd=tmp_path)
    assert (done.returncode, "File too large" in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr
    assert "\nid: baocantho" in done.stdout
    assert list((tmp_path / "found").iterdir()) == []


def test_a_pass_that_runs_out_of_disk_says_so_and_the_next_one_completes_it(tmp_path: Path):
    with newsstand(tmp_path, n_articles=30) as scene:
        full = limited(400_000, "once", "--config", str(scene.config), cwd=tmp_path)
        assert full.returncode == 1, full.stdout + full.stderr
        assert "Traceback" not in full.stdout + full.stderr
        limited(50_000_000, "once", "--config", str(scene.config), cwd=tmp_path)
        called = [(hook.payload["data"]["article"]["url"], hook.payload["data"]["watch"]["id"]) for hook in scene.hook.accepted]
        assert set(called) == scene.told().keys()
