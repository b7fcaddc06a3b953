"""Must hold: `discover` on a portal nobody has described writes a file with which `once` fetches its articles completely."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.load import load
from crawler.commands.discover import discover, problems_of
from crawler.press import DEFAULT_PORTALS, Press
from storage.articles import article_by_url, count
from storage.engine import Store
from tests.builders import NOON
from tests.e2e.daemons import canhbao
from tests.e2e.newsstand import write_yaml

SETTINGS = {
    "watches": "watches.yaml",
    "portals": ["found"],
    "http": {"per_host_interval_s": 0, "per_address_interval_s": 0, "allow_addresses": ["127.0.0.0/8"]},
    "channels": {"log": {"type": "file", "path": "alerts.jsonl"}},
    "workers": 1,
}


def test_the_discovered_portals_are_fetched_completely(tmp_path: Path):
    """With lists of six articles: what they have dropped is in the sitemap alone."""
    start = datetime.now(UTC) - timedelta(minutes=5)
    with Press(start=start, n_backlog=80, n_articles=80, period_s=0, window=6).running() as press:
        write_yaml(tmp_path / "canhbao.yaml", SETTINGS | {"portals": ["builtin"]})
        press.write_watches(tmp_path / "watches.yaml")
        for portal in press.portals:
            assert discover(load(tmp_path / "canhbao.yaml"), portal.base_url, write=tmp_path / "found", as_json=False, now=NOON) == 0
        write_yaml(tmp_path / "canhbao.yaml", SETTINGS)
        assert load(tmp_path / "canhbao.yaml").portals.keys() == {portal.id for portal in DEFAULT_PORTALS}
        once = canhbao("once", cwd=tmp_path, deadline_s=120)
        assert once.returncode == 0, once.stderr
        truth = press.truth()
    with Store.open(f"sqlite:///{tmp_path / 'data' / 'canhbao.db'}") as store:
        assert store.look(count) == len(truth.articles)
        for true in truth.articles:
            got = store.look(article_by_url, true.url)
            assert got is not None, true.url
            assert (got.title, got.lead, got.text) == (true.title, true.lead, "\n\n".join(true.paragraphs))
            assert (got.author, got.published_at, got.section) == (true.author, true.published_at, true.section)
            assert got.problems == ()


@pytest.mark.parametrize("folder", [pytest.param(".", id="has-such-a-file"), pytest.param("baocantho.yaml", id="is-a-file")])
def test_what_cannot_be_written_is_shown_and_a_file_that_is_there_is_left_as_it_is(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], folder: str
):
    with Press(start=datetime.now(UTC), n_backlog=40, n_articles=0).running() as press:
        write_yaml(tmp_path / "canhbao.yaml", SETTINGS | {"portals": ["builtin"]})
        press.write_watches(tmp_path / "watches.yaml")
        (tmp_path / "baocantho.yaml").write_text("mine", encoding="utf-8")
        home = press.portal("baocantho").base_url
        assert discover(load(tmp_path / "canhbao.yaml"), home, write=tmp_path / folder, as_json=False, now=NOON) == 1
    assert (tmp_path / "baocantho.yaml").read_text(encoding="utf-8") == "mine"
    shown = capfd.readouterr()
    assert "baocantho.yaml" in shown.err
    assert problems_of(shown.out) == []


def test_a_program_gets_one_line_of_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    with Press(start=datetime.now(UTC), n_backlog=40, n_articles=0).running() as press:
        write_yaml(tmp_path / "canhbao.yaml", SETTINGS | {"portals": ["builtin"]})
        press.write_watches(tmp_path / "watches.yaml")
        discover(load(tmp_path / "canhbao.yaml"), press.portal("baonghean").base_url, write=None, as_json=True, now=NOON)
    said = json.loads(capfd.readouterr().out)
    assert (said["kind"], said["id"], said["confidence"], said["families"]) == ("portal", "baonghean", "high", ["onecms-1cdn"])
    assert {source["kind"] for source in said["sources"]} == {"feed", "listing", "sitemap"}


def test_a_site_that_is_not_there_says_why(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    write_yaml(tmp_path / "canhbao.yaml", SETTINGS | {"portals": ["builtin"]})
    Press(start=NOON).write_watches(tmp_path / "watches.yaml")
    assert discover(load(tmp_path / "canhbao.yaml"), "http://127.0.11.9:9/", write=None, as_json=False, now=NOON) == 1
    assert "127.0.11.9" in capfd.readouterr().err
