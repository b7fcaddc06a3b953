"""`canhbao repair` after a redesign: rules that read the stored text again, as a file that `check` accepts."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from crawler.commands import repair
from crawler.commands.repair import Wish
from crawler.configuration import load
from crawler.contract.guard import alarm_of
from crawler.repair.proposal import COMPARED
from storage.articles import article_by_url
from storage.engine import upgrade
from storage.readings import n_degraded
from tests.integration.redesigned import START, Redesign, redesign
from tests.integration.scene import look

HOUR = timedelta(hours=1)


def proposed(scene: Redesign, capsys: pytest.CaptureFixture[str], *, code: int = 0, **wish: Any) -> dict[str, Any]:
    asked = Wish(portal=scene.portal, **wish)
    assert repair.repair(load(scene.config), asked, as_json=True, now=scene.now) == code
    row: dict[str, Any] = json.loads(capsys.readouterr().out)
    return row


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory):
    with redesign(tmp_path_factory.mktemp("repair")) as ready:
        ready.passes(until=START + 10 * HOUR, step=2 * HOUR)
        ready.press.redesign(ready.portal)
        ready.passes(until=START + 26 * HOUR, step=2 * HOUR)
        assert ready.operator_heard("rules_broken")
        yield ready


def test_the_proposed_rules_read_exactly_what_was_stored(scene: Redesign, capsys: pytest.CaptureFixture[str]):
    found = proposed(scene, capsys)
    assert found["good"]
    assert found["held_out"]
    assert {name: score["equal"] for name, score in found["scores"].items()} == {
        name: score["of"] for name, score in found["scores"].items()
    }
    assert set(found["scores"]) == set(COMPARED)
    assert found["missing"] == []


def test_the_selectors_are_names_that_mean_something(scene: Redesign, capsys: pytest.CaptureFixture[str]):
    rules = proposed(scene, capsys)["rules"]
    assert rules["title"] == ".story-title"
    assert rules["body"] == ".story-text"
    assert "css-" not in json.dumps(rules)
    assert "nth" not in json.dumps(rules)


def test_the_kept_pages_of_degraded_articles_do_as_well_and_ask_the_portal_nothing(scene: Redesign, capsys: pytest.CaptureFixture[str]):
    n_asked = len(scene.press.log)
    found = proposed(scene, capsys, is_stored=True)
    assert found["good"]
    assert (found["rules"]["title"], found["rules"]["body"]) == (".story-title", ".story-text")
    assert len(scene.press.log) == n_asked


def test_a_folder_that_is_not_read_is_told(scene: Redesign, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert repair.repair(load(scene.config), Wish(portal=scene.portal, write=tmp_path), as_json=False, now=scene.now) == 0
    assert f"The folder {tmp_path} is not among portals:" in capsys.readouterr().err


def test_it_prints_rules_with_their_shares_for_somebody_to_paste(scene: Redesign, capsys: pytest.CaptureFixture[str]):
    assert repair.repair(load(scene.config), Wish(portal=scene.portal), as_json=False, now=scene.now) == 0
    block = capsys.readouterr().out
    assert "- title: '.story-title'" in block
    assert "# read again and equal to what was stored, on pages held out: title 4/4" in block


def test_a_portal_that_is_none_is_refused(scene: Redesign, capsys: pytest.CaptureFixture[str]):
    assert repair.repair(load(scene.config), Wish(portal="baongheam"), as_json=False, now=scene.now) == 2
    assert "baonghean" in capsys.readouterr().err


def test_rules_that_still_fit_are_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with redesign(tmp_path, n_backlog=6, n_articles=2) as scene:
        scene.passes(until=START + 4 * HOUR, step=4 * HOUR)
        assert repair.repair(load(scene.config), Wish(portal=scene.portal), as_json=False, now=scene.now) == 1
        assert "nothing needs to be mended" in capsys.readouterr().err


def test_nothing_stored_is_nothing_to_go_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with redesign(tmp_path, n_backlog=6, n_articles=2) as scene:
        upgrade(load(scene.config).database_url)
        assert repair.repair(load(scene.config), Wish(portal=scene.portal), as_json=False, now=scene.now) == 1
        assert "nothing to go by" in capsys.readouterr().err


def say_only_the_family(file: Path) -> None:
    """As shipped portals are written: URLs and rules are the family's."""
    yaml = YAML()
    said = yaml.load(file)
    for known in ("urls", "skip", "rules"):
        del said["article"][known]
    yaml.dump(said | {"family": "onecms-1cdn"}, file)


@pytest.mark.parametrize("is_of_a_family", [False, True], ids=["rules-of-its-own", "family"])
def test_with_the_written_file_the_alarm_ends_and_new_articles_are_read_in_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], is_of_a_family: bool
):
    with redesign(tmp_path) as scene:
        if is_of_a_family:
            say_only_the_family(tmp_path / "portals" / f"{scene.portal}.yaml")
        scene.passes(until=START + 10 * HOUR, step=2 * HOUR)
        scene.press.redesign(scene.portal)
        scene.passes(until=START + 26 * HOUR, step=2 * HOUR)
        n_degraded_then = look(scene.config, n_degraded)[scene.portal]
        folder = scene.config.parent / "my-portals"
        assert repair.repair(load(scene.config), Wish(portal=scene.portal, write=folder), as_json=False, now=scene.now) == 0
        written = load(scene.config).portals[scene.portal]
        first, *old = (each.title for each in written.article.rules)
        assert first == ".story-title"
        assert ["h1.block-sc-title" in each for each in old] == [True]  # they stay behind
        assert written.family == (("onecms-1cdn",) if is_of_a_family else ())
        assert (
            repair.repair(load(scene.config), Wish(portal=scene.portal, write=folder), as_json=False, now=scene.now) == 1
        )  # never over it
        scene.passes(until=START + 44 * HOUR, step=2 * HOUR)
        assert (len(scene.operator_heard("rules_broken")), len(scene.operator_heard("rules_mended"))) == (1, 1)
        assert look(scene.config, alarm_of, portal=scene.portal) is None
        assert look(scene.config, n_degraded)[scene.portal] == n_degraded_then
        newest = scene.published()[-1]
        assert look(scene.config, article_by_url, url=newest.url).text == "\n\n".join(newest.paragraphs)
