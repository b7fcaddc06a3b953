"""Portals' rules read too little; they are mended; `canhbao reprocess` puts the texts right and tells what was missed: once, late, in one mail."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from crawler.press.sinks import Hook
from storage.articles import count
from storage.links import link_reports
from storage.pages import page_census
from storage.tables import articles
from tests.e2e.daemons import DYING, canhbao, daemon, environment, until
from tests.e2e.newsstand import Scene, newsstand
from tests.integration.scene import look

TOO_MUCH = "p:nth-of-type(n+3)"
"""What the broken rules drop: all but the first paragraphs."""


@pytest.fixture
def scene(tmp_path: Path):
    with newsstand(tmp_path, n_articles=24, n_backlog=4) as ready:
        break_rules(ready)
        read_everything(ready, then=lambda: True)
        assert told(ready) < ready.told().keys(), "the broken rules hide something"
        mend_rules(ready)
        yield ready


def edit_rules(scene: Scene, edit: Callable[[list[str]], None]) -> None:
    yaml = YAML()
    for path in (scene.config.parent / "portals").glob("*.yaml"):
        portal = yaml.load(path)
        edit(portal["article"]["rules"][0].setdefault("drop", []))
        yaml.dump(portal, path)


def break_rules(scene: Scene) -> None:
    edit_rules(scene, lambda drop: drop.append(TOO_MUCH))


def mend_rules(scene: Scene) -> None:
    edit_rules(scene, lambda drop: drop.remove(TOO_MUCH))


def read_everything(scene: Scene, *, then: Callable[[], bool]) -> None:
    """A daemon, until all is read, no message waits, and `then` holds."""
    n_articles = len(scene.press.truth().articles)

    def is_done() -> bool:
        return look(scene.config, count) == n_articles and not look(scene.config, link_reports, state="open", limit=1) and then()

    with daemon(scene.config) as running:
        until(lambda: "canhbao runs" in running.said() and is_done(), deadline_s=90, alive=running)
        assert running.terminate() == 0  # draining sends what is due


def called(hook: Hook) -> tuple[str, str]:
    data = hook.payload["data"]
    return data["article"]["url"], data["watch"]["id"]


def told(scene: Scene) -> set[tuple[str, str]]:
    return {called(hook) for hook in scene.hook.accepted}


def reprocess(scene: Scene, *options: str) -> list[dict[str, Any]]:
    done = canhbao("reprocess", "--since", "1d", "--json", *options, "--config", str(scene.config))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def texts(scene: Scene) -> dict[str, str]:
    return dict(look(scene.config, lambda session: [(row.url, row.text) for row in session.execute(articles.select())]))


def assert_all_is_told(scene: Scene, before: set[tuple[str, str]]) -> None:
    assert told(scene) == scene.told().keys()
    assert len(scene.hook.accepted) == len({hook.id for hook in scene.hook.accepted}) == len(scene.told())
    assert {called(hook) for hook in scene.hook.accepted if hook.payload["data"]["late"]} == scene.told().keys() - before


def test_the_text_is_put_right_and_what_was_missed_is_told_once(scene: Scene):
    before, n_mails = told(scene), len(scene.mail.mails)
    short = texts(scene)
    planned = reprocess(scene, "--dry-run")[-1]
    assert (texts(scene), planned["n_raised"]) == (short, 0)
    done = reprocess(scene)[-1]
    assert {**done, "n_raised": 0, "is_dry_run": True} == planned
    assert done["n_raised"] == len(scene.told().keys() - before) == sum(done["gained"].values())
    assert all(len(text) > len(short[url]) for url, text in texts(scene).items() if text != short[url])
    read_everything(scene, then=lambda: told(scene) == scene.told().keys())
    assert_all_is_told(scene, before)
    assert len(scene.mail.mails) - n_mails == 1, "one digest for all of it"
    again = reprocess(scene)[-1]
    assert (again["n_changed"], again["n_new"], again["n_raised"]) == (0, 0, 0)


@pytest.mark.parametrize("k", [2, 7])
def test_a_run_that_is_killed_goes_on_and_tells_nothing_twice(scene: Scene, k: int):
    before = told(scene)
    command = [sys.executable, str(DYING), str(k), "reprocess", "--since", "1d", "--config", str(scene.config)]
    killed = subprocess.run(command, env=environment(), capture_output=True, timeout=60, check=False)
    assert killed.returncode == -9, killed.stderr.decode()
    reprocess(scene)
    read_everything(scene, then=lambda: told(scene) == scene.told().keys())
    assert_all_is_told(scene, before)
    assert reprocess(scene)[-1]["n_changed"] == 0


def test_it_works_beside_a_running_daemon(scene: Scene):
    before = told(scene)
    with daemon(scene.config) as running:
        until(lambda: "canhbao runs" in running.said(), deadline_s=60, alive=running)
        reprocess(scene)
        until(lambda: told(scene) == scene.told().keys(), deadline_s=60, alive=running)
        assert running.terminate() == 0
    assert_all_is_told(scene, before)
    assert look(scene.config, page_census).n >= look(scene.config, count)
