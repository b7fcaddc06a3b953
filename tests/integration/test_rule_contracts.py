"""A redesign, seen from the operator's chair: no article lost, one alarm within ten articles, with evidence; one word when it is over."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.commands import check, stats, trial
from crawler.configuration import load
from crawler.contract.guard import alarm_of
from storage.articles import article_by_url
from storage.readings import n_degraded
from tests.integration.redesigned import START, Redesign, redesign
from tests.integration.scene import look

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory):
    with redesign(tmp_path_factory.mktemp("redesign")) as ready:
        ready.passes(until=START + 20 * HOUR, step=2 * HOUR)
        assert not ready.operator_heard("rules_broken")
        assert not look(ready.config, n_degraded)
        ready.press.redesign(ready.portal)
        ready.passes(until=START + 40 * HOUR, step=HOUR)
        yield ready


def since_the_redesign(scene: Redesign):
    """What appeared after the last pass before it."""
    return [one for one in scene.published() if one.appears_at > START + 20 * HOUR]


def test_no_article_is_lost(scene: Redesign):
    stored = {one.url: look(scene.config, article_by_url, url=one.url) for one in scene.published()}
    assert all(stored.values())
    assert {url: article.title for url, article in stored.items()} == {one.url: one.title for one in scene.published()}


def test_the_alarm_is_raised_once_and_within_ten_articles(scene: Redesign):
    told = scene.operator_heard("rules_broken")
    assert len(told) == 1
    alarm = look(scene.config, alarm_of, portal=scene.portal)
    before = [one for one in since_the_redesign(scene) if one.appears_at <= alarm.since]
    assert len(before) <= 10


def test_the_operator_reads_what_was_expected_and_what_was_found(scene: Redesign):
    told = scene.operator_heard("rules_broken")[0]
    lines = told["detail"].splitlines()
    assert told["summary"].startswith("baonghean: title, text")
    assert "title: expected by h1.block-sc-title on 99% of the pages; found on 0 of the last" in lines[0]
    assert any(line.startswith("page: http") for line in lines)
    assert lines[-1] == "canhbao repair baonghean"


def test_the_page_that_shows_it_is_kept_and_can_be_looked_at(scene: Redesign, capsys: pytest.CaptureFixture[str]):
    (line,) = [line for line in scene.operator_heard("rules_broken")[0]["detail"].splitlines() if line.startswith("page: ")]
    n_asked = len(scene.press.log)
    assert trial.try_targets(load(scene.config), [line.removeprefix("page: ")], url=None, as_json=True, is_kept=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["kind"], said["provenance"]["text"]) == ("page", "generic")
    assert len(scene.press.log) == n_asked
    assert trial.try_targets(load(scene.config), ["http://127.0.11.4/none-10000000.html"], url=None, as_json=True, is_kept=True) == 1


def test_every_article_since_then_is_marked_degraded_and_no_other(scene: Redesign):
    for one in scene.published():
        article = look(scene.config, article_by_url, url=one.url)
        is_new = one in since_the_redesign(scene)
        assert any(problem.startswith("degraded") for problem in article.problems) == is_new, one.title
    assert look(scene.config, n_degraded) == {scene.portal: len(since_the_redesign(scene))}


def test_stats_shows_what_pages_give_now_and_gave_before(scene: Redesign, capsys: pytest.CaptureFixture[str]):
    assert stats.show(load(scene.config), as_json=True) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (row,) = [row for row in rows if row["kind"] == "contract"]
    assert row["shares"]["title"] == {"last": 0.0, "before": 1.0}
    assert row["n_degraded"] == len(since_the_redesign(scene))
    assert row["broken_since"]
    assert stats.show(load(scene.config), as_json=False) == 0
    assert "rules do not fit since" in " ".join(capsys.readouterr().out.split())


def test_check_live_reads_an_article_of_each_portal_and_tells_of_drift(scene: Redesign, capsys: pytest.CaptureFixture[str]):
    assert check.live(load(scene.config), as_json=True) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (page,) = [row for row in rows if row.get("source") == check.ARTICLE]
    assert page["why"] == "rules: none found a title and a body"
    assert all(row["why"] is None for row in rows if row["kind"] == "visit" and row is not page)
    assert [row["portal"] for row in rows if row["kind"] == "contract"] == [scene.portal]


def test_when_the_paper_goes_back_the_end_is_told_once_and_a_second_redesign_is_told_again(tmp_path: Path):
    with redesign(tmp_path, n_articles=70) as scene:
        scene.passes(until=START + 10 * HOUR, step=2 * HOUR)
        scene.press.redesign(scene.portal)
        scene.passes(until=START + 24 * HOUR, step=2 * HOUR)
        scene.press.redesign(scene.portal, from_article=scene.press.truth().articles[-1].number)  # the old pages until then
        scene.passes(until=START + 44 * HOUR, step=2 * HOUR)
        assert (len(scene.operator_heard("rules_broken")), len(scene.operator_heard("rules_mended"))) == (1, 1)
        assert look(scene.config, alarm_of, portal=scene.portal) is None
        scene.press.redesign(scene.portal)
        scene.passes(until=START + 60 * HOUR, step=2 * HOUR)
        assert (len(scene.operator_heard("rules_broken")), len(scene.operator_heard("rules_mended"))) == (2, 1)
