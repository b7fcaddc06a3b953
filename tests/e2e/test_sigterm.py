"""SIGTERM in the middle of the work: a clean end in time, nothing half-written, nobody left behind."""

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import psutil

from tests.e2e.daemons import daemon, until
from tests.e2e.newsstand import newsstand

DRAIN_S = 20


def test_sigterm_under_load_ends_in_time_with_0_and_leaves_no_lease_and_no_process(tmp_path: Path):
    with newsstand(tmp_path, n_articles=400, window=500, page_bytes=60_000) as scene, daemon(scene.config) as running:
        until(lambda: len(scene.press.log) > 60, deadline_s=60, alive=running)
        family = psutil.Process(running.pid).children(recursive=True)
        began = time.monotonic()
        assert running.terminate(deadline_s=DRAIN_S + 10) == 0, running.said()
        assert time.monotonic() - began < DRAIN_S
        assert family, "there were worker processes"
        _gone, alive = psutil.wait_procs(family, timeout=10)
        assert not alive
    with closing(sqlite3.connect(tmp_path / "canhbao.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("sources", "links", "deliveries"):
            assert database.execute(f"SELECT count(*) FROM {table} WHERE lease_token IS NOT NULL").fetchone() == (0,)
        [n_stored] = database.execute("SELECT count(*) FROM articles").fetchone()
        [n_done] = database.execute("SELECT count(*) FROM links WHERE state = 'done'").fetchone()
    assert 0 < n_done < 400
    assert n_stored <= n_done


def test_a_second_sigterm_does_not_wait_for_the_drain(tmp_path: Path):
    from crawler.press import Fault

    with newsstand(tmp_path) as scene:
        for portal in scene.press.portals:
            scene.press.tell(portal.id, Fault(kind="slow", delay_s=15))
        with daemon(scene.config) as running:
            until(lambda: len(scene.press.log) >= len(scene.press.portals), deadline_s=60, alive=running)
            began = time.monotonic()
            os.kill(running.pid, signal.SIGTERM)
            until(lambda: "stopping" in running.said(), deadline_s=10, alive=running)
            assert running.terminate(deadline_s=30) == 0
            assert time.monotonic() - began < 10


def test_ctrl_c_reaches_only_the_daemon_and_drains_it_too(tmp_path: Path):
    with newsstand(tmp_path) as scene, daemon(scene.config) as running:
        until(lambda: len(scene.press.log) > 5, deadline_s=60, alive=running)
        os.killpg(running.pid, signal.SIGINT)
        assert running.process.wait(40) == 0
        assert "Traceback" not in running.said()


def test_the_workers_die_with_a_killed_daemon(tmp_path: Path):
    with newsstand(tmp_path) as scene, daemon(scene.config) as running:
        until(lambda: len(scene.press.log) > 20, deadline_s=60, alive=running)
        family = psutil.Process(running.pid).children(recursive=True)
        running.kill()
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive
