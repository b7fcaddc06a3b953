"""`canhbao repair` after a redesign: rules that read the stored text again, as a file that `check` accepts."""

import json
import resource
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.files import replace_text
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


@pytest.fixture
def own_file(scene: Redesign) -> Iterator[Path]:
    """The file in force, as somebody might have written it."""
    file = scene.config.parent / "portals" / f"{scene.portal}.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text("# ours, see ticket 12\n" + before + 'proxy: "${BAO_PROXY}"   # has a password\n', encoding="utf-8")
    yield file
    file.write_text(before, encoding="utf-8")


def written(scene: Redesign, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("BAO_PROXY", "http://me:s3cret@127.0.0.1:9")
    config = load(scene.config)
    return repair.repair(config, Wish(portal=scene.portal, write=folder, is_stored=True), as_json=False, now=scene.now)


def test_an_own_file_gets_the_rules_and_stays_what_it_was(scene: Redesign, own_file: Path, monkeypatch: pytest.MonkeyPatch):
    before = own_file.read_text(encoding="utf-8")
    own_file.chmod(0o640)
    assert written(scene, own_file.parent, monkeypatch) == 0
    new = own_file.read_text(encoding="utf-8").splitlines()
    kept = iter(new)
    assert all(line in kept for line in before.splitlines())  # each, in its order
    assert len([line for line in new if line not in before.splitlines()]) > 4
    assert "s3cret" not in "".join(new)
    assert own_file.stat().st_mode & 0o777 == 0o640
    assert load(scene.config).portals[scene.portal].article.rules[0].title == ".story-title"


def test_a_copy_of_the_file_in_force_shows_no_secret_either(
    scene: Redesign, own_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert written(scene, tmp_path, monkeypatch) == 0
    copy = (tmp_path / own_file.name).read_text(encoding="utf-8")
    assert "s3cret" not in copy
    assert 'proxy: "${BAO_PROXY}"   # has a password' in copy


def test_when_the_file_cannot_be_written_nothing_changes_and_the_rules_are_printed(
    scene: Redesign, own_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    before, beside = own_file.read_bytes(), set(own_file.parent.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr(repair, "replace_text", partial(within_bytes, len(before) // 2, limits))
    assert written(scene, own_file.parent, monkeypatch) == 1
    said = capsys.readouterr()
    assert "- title: '.story-title'" in said.out
    assert f"{own_file}: File too large. Nothing was written" in said.err
    assert own_file.read_bytes() == before
    assert set(own_file.parent.iterdir()) == beside


def within_bytes(n_bytes: int, limits: tuple[int, int], *said: Any, **more: Any) -> None:
    """As on a disk that fills up in the middle of the file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, limits[1]))
    try:
        replace_text(*said, **more)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_file_of_another_making_is_not_written_over(scene: Redesign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_file: Path):
    (tmp_path / own_file.name).write_text("id: somebody-elses\n", encoding="utf-8")
    assert written(scene, tmp_path, monkeypatch) == 1
    assert (tmp_path / own_file.name).read_text(encoding="utf-8") == "id: somebody-elses\n"


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
        again = repair.repair(load(scene.config), Wish(portal=scene.portal, write=folder), as_json=False, now=scene.now)
        assert again == 1
        assert again == 1
        assert [each.title for each in load(scene.config).portals[scene.portal].article.rules] == [first, *old]  # not put there twice
        scene.passes(until=START + 44 * HOUR, step=2 * HOUR)
        assert (len(scene.operator_heard("rules_broken")), len(scene.operator_heard("rules_mended"))) == (1, 1)
        assert look(scene.config, alarm_of, portal=scene.portal) is None
        assert look(scene.config, n_degraded)[scene.portal] == n_degraded_then
        newest = scene.published()[-1]
        assert look(scene.config, article_by_url, url=newest.url).text == "\n\n".join(newest.paragraphs)
