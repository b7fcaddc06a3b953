"""A configuration changed while the daemon runs: wholly taken, or wholly refused."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from storage.alerts import list_deliveries
from tests.e2e.daemons import Running, daemon, until
from tests.e2e.newsstand import Scene, newsstand, write_yaml
from tests.integration.scene import look

SLOW_POLLS = {"poll": {"min_s": 300, "max_s": 600, "tick_s": 0.2}}


def edit(path: Path, change: Callable[[Any], None]) -> None:
    value = YAML().load(path)
    change(value)
    write_yaml(path, value)


def settled(scene: Scene, running: Running) -> None:
    until(lambda: len(scene.hook.accepted) >= len(scene.told()), deadline_s=60, alive=running)


def test_a_saved_watch_is_in_force_without_a_signal_and_without_a_restart(tmp_path):
    with (
        newsstand(tmp_path, changed={"poll": {"min_s": 1, "max_s": 1, "tick_s": 0.2}}, n_articles=30, period_s=25.0) as scene,
        daemon(scene.config) as running,
    ):
        until(lambda: "poll:" in running.said(), deadline_s=30, alive=running)
        word = scene.press.truth().articles[-1].title.split()[0]
        edit(tmp_path / "watches.yaml", lambda file: file["watches"].append({"id": "moi", "name": "Mới", "any": [word]}))
        until(
            lambda: any(hook.payload["data"].get("watch", {}).get("id") == "moi" for hook in scene.hook.accepted),
            deadline_s=40,
            alive=running,
        )
        assert "reload:" in running.said()


def test_a_broken_file_is_refused_with_its_line_the_old_one_stays_and_the_operator_is_told(tmp_path):
    with newsstand(tmp_path, changed=SLOW_POLLS) as scene, daemon(scene.config) as running:
        settled(scene, running)
        edit(tmp_path / "watches.yaml", lambda file: file["watches"][0].__setitem__("alert", ["nowhere"]))
        os.kill(running.pid, signal.SIGHUP)
        until(lambda: any("Cấu hình" in str(mail.message["Subject"]) for mail in scene.mail.mails), deadline_s=30, alive=running)
        assert "watches.yaml:" in running.said()
        assert "reload refused" in running.said()
        assert running.terminate() == 0


def test_undelivered_messages_of_a_removed_channel_are_dead_with_that_reason(tmp_path):
    with newsstand(tmp_path, changed=SLOW_POLLS | {"outbox": {"retry_s": [600]}}) as scene:
        scene.hook.answer(500)
        with daemon(scene.config) as running:
            until(lambda: len(scene.hook.hooks) >= len(scene.told()), deadline_s=60, alive=running)
            edit(scene.config, lambda file: file["channels"].pop("hook"))
            os.kill(running.pid, signal.SIGHUP)
            until(lambda: "was removed" in running.said(), deadline_s=30, alive=running)
            assert running.terminate() == 0
        dead = look(scene.config, list_deliveries, state="dead", limit=1000)
        assert {delivery.channel for delivery in dead} == {"hook"}
        assert len(dead) == len(scene.told())
        assert {delivery.why for delivery in dead} == {"channel hook was removed from the configuration"}


def test_a_change_of_database_needs_a_restart_and_says_so(tmp_path):
    with newsstand(tmp_path, changed=SLOW_POLLS) as scene, daemon(scene.config) as running:
        settled(scene, running)
        edit(scene.config, lambda file: file.__setitem__("database", f"sqlite:///{tmp_path / 'other.db'}"))
        os.kill(running.pid, signal.SIGHUP)
        until(lambda: "the change of database needs a restart" in running.said(), deadline_s=30, alive=running)
        assert running.terminate() == 0
        assert not (tmp_path / "other.db").exists()
