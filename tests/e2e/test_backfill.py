"""`canhbao backfill` against the simulated press: everything since a day is kept once, whatever happens meanwhile, and nobody is told."""

import contextlib
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.press import Fault, TrueArticle
from storage.alerts import list_deliveries
from storage.articles import articles_after
from storage.engine import Store
from tests.e2e.daemons import canhbao, daemon, until
from tests.e2e.newsstand import Scene, newsstand

PORTAL = "baodongthap"
"""A feed and a listing in its file; robots.txt names a sitemap."""
LISTINGS = "baoapbac"
"""Four listings, and nothing else."""


@contextlib.contextmanager
def archive(folder: Path, **changed: Any) -> Iterator[Scene]:
    """A press with a month of articles, six on a page."""
    with newsstand(folder, **{"n_backlog": 160, "n_articles": 12, "window": 6} | changed) as scene:
        yield scene


def since() -> str:
    return f"{datetime.now(UTC) - timedelta(days=15):%Y-%m-%d}"


def wanted(scene: Scene, portal: str) -> list[TrueArticle]:
    """What must be there in the end."""
    border = datetime.now(UTC) - timedelta(days=15)
    return [article for article in scene.press.truth().articles if article.portal == portal and article.published_at >= border]


def stored(scene: Scene) -> list[str]:
    with Store.open(f"sqlite:///{scene.config.parent / 'canhbao.db'}") as store:
        return [article.url for article in store.look(articles_after, n=0)]


def assert_all_is_kept_and_nobody_told(scene: Scene, portal: str) -> None:
    kept = stored(scene)
    assert len(kept) == len(set(kept))
    assert {article.url for article in wanted(scene, portal)} <= set(kept)
    with Store.open(f"sqlite:///{scene.config.parent / 'canhbao.db'}") as store:
        assert store.look(list_deliveries, limit=9) == []
    assert (scene.mail.mails, scene.hook.hooks) == ([], [])


def run(scene: Scene, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    done = canhbao("backfill", *arguments, "--json", "--config", str(scene.config))
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture(scope="module")
def read_back(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A press whose two kinds of portals have been read back. Only to be looked at: several tests do."""
    with archive(tmp_path_factory.mktemp("read-back")) as scene:
        for portal in (PORTAL, LISTINGS):
            code, lines, said = run(scene, portal, "--since", since())
            assert (code, lines[-1]["state"], lines[-1]["n_left"]) == (0, "done", 0), said
        yield scene


@pytest.mark.parametrize("portal", [PORTAL, LISTINGS])
def test_a_portal_is_read_back_and_nobody_is_told(read_back: Scene, portal: str):
    assert_all_is_kept_and_nobody_told(read_back, portal)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_backfill_killed_again_and_again_reads_everything_once(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    command = ("backfill", PORTAL, "--since", since())
    with archive(tmp_path, seed=seed, n_backlog=400) as scene:
        for _ in range(4):
            with daemon(scene.config, die_after_commit=dice.randint(3, 25), command=command) as dying:
                assert dying.process.wait(60) == -9
        code, _, said = run(scene, PORTAL, "--since", since())
        assert code == 0, said
        assert_all_is_kept_and_nobody_told(scene, PORTAL)


def test_a_running_daemon_does_the_walk_and_tells_of_its_own_news_only(tmp_path: Path):
    with archive(tmp_path) as scene, daemon(scene.config) as running:
        until(lambda: "canhbao runs" in running.said(), deadline_s=60, alive=running)
        code, lines, said = run(scene, PORTAL, "--since", since())
        assert (code, lines[-1]["state"]) == (0, "done"), said
        until(lambda: len(scene.hook.accepted) >= len(scene.told()), deadline_s=60, alive=running)
        assert running.terminate() == 0
        called = {(hook.payload["data"]["article"]["url"], hook.payload["data"]["watch"]["id"]) for hook in scene.hook.accepted}
        assert called == scene.told().keys()
        assert {article.url for article in wanted(scene, PORTAL)} <= set(stored(scene))


def test_what_a_backfill_brought_first_is_told_as_soon_as_a_poll_names_it(tmp_path: Path):
    with archive(tmp_path) as scene:
        for portal in (PORTAL, LISTINGS):
            code, _, said = run(scene, portal, "--since", since())
            assert code == 0, said
        assert scene.hook.hooks == []
        with daemon(scene.config) as running:
            until(lambda: len(scene.hook.accepted) >= len(scene.told()), deadline_s=60, alive=running)
            assert running.terminate() == 0
        called = {(hook.payload["data"]["article"]["url"], hook.payload["data"]["watch"]["id"]) for hook in scene.hook.accepted}
        assert called == scene.told().keys()


def test_what_was_read_back_is_found_by_watch_test(read_back: Scene):
    topic = read_back.topics[0]
    true = {article.url for article in wanted(read_back, PORTAL) if topic in article.topics}
    found = canhbao("watch", "test", topic, "--json", "--config", str(read_back.config))
    assert true
    assert true <= {line["url"] for line in map(json.loads, found.stdout.splitlines()) if line.get("kind") == "found"}
    assert read_back.hook.hooks == []


def test_the_same_day_again_is_complete_and_an_earlier_one_goes_further(tmp_path: Path):
    with archive(tmp_path, n_backlog=240) as scene:
        run(scene, LISTINGS, "--since", since())
        n_kept, n_asked = len(stored(scene)), len(scene.press.log)
        code, lines, _ = run(scene, LISTINGS, "--since", since())
        assert (code, lines[-1]["state"], len(scene.press.log)) == (0, "done", n_asked)
        code, lines, said = run(scene, LISTINGS, "--since", "60d")
        assert (code, lines[-1]["state"]) == (0, "done")
        assert "không cho thấy gì cũ hơn" in said
        mine = {article.url for article in scene.press.truth().articles if article.portal == LISTINGS}
        assert n_kept < len(mine)
        assert sorted(mine) == sorted(stored(scene))
        assert len(scene.press.log) - n_asked < len(mine)  # what was read is not read again


def test_ctrl_c_ends_it_cleanly_and_says_how_to_go_on(tmp_path: Path):
    with archive(tmp_path, changed={"http": {"per_host_interval_s": 0.3, "allow_addresses": ["127.0.0.0/8"]}}) as scene:
        with daemon(scene.config, command=("backfill", PORTAL, "--since", since())) as running:
            until(lambda: len(scene.press.log) > 3, deadline_s=60, alive=running)
            assert running.terminate() == 1
        assert f"canhbao backfill {PORTAL} --stop" in running.said()
        done = canhbao("backfill", PORTAL, "--stop", "--config", str(scene.config))
        assert done.returncode == 0
        stats = canhbao("stats", "--json", "--config", str(scene.config))
        (walk,) = [line for line in map(json.loads, stats.stdout.splitlines()) if line["kind"] == "backfill"]
        assert (walk["portal"], walk["state"], walk["links"].get("open", 0)) == (PORTAL, "stopped", 0)


def test_a_list_that_refuses_is_named_and_the_others_are_walked(tmp_path: Path):
    with archive(tmp_path) as scene:
        scene.press.tell(PORTAL, Fault(kind="403", paths="^/sitemap"))
        code, lines, said = run(scene, PORTAL, "--since", since())
        assert (code, lines[-1]["state"], lines[-1]["n_pages_failed"]) == (0, "done", 1)
        assert "403" in said
        politics = [article for article in wanted(scene, PORTAL) if article.section == "Thời sự"]
        assert politics
        assert {article.url for article in politics} <= set(stored(scene))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["baodongthapp", "--since", "90d"], "baodongthap", id="unknown-portal"),
        pytest.param([PORTAL, "--since", "yesterday"], "31/01/2026", id="no-date"),
        pytest.param([PORTAL, "--since", "2999-01-01"], "01/01/2999", id="future"),
        pytest.param([PORTAL], "--since", id="no-since"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_write(tmp_path: Path, arguments: list[str], said: str):
    with archive(tmp_path) as scene:
        done = canhbao("backfill", *arguments, "--config", str(scene.config))
        assert done.returncode == 2
        assert said in done.stderr


def test_two_daemons_on_one_postgres_walk_it_once(tmp_path: Path, postgres_url: str):
    with archive(tmp_path, database=postgres_url) as scene:
        other = tmp_path / "other.yaml"
        other.write_bytes(scene.config.read_bytes())
        with daemon(scene.config) as one, daemon(other) as two:
            until(lambda: "canhbao runs" in one.said() and "canhbao runs" in two.said(), deadline_s=60, alive=one)
            code, lines, said = run(scene, PORTAL, "--since", since())
            assert (code, lines[-1]["state"]) == (0, "done"), said
            assert (one.terminate(), two.terminate()) == (0, 0)
        asked = Counter(f"http://{served.host}{served.path}" for served in scene.press.log if served.portal == PORTAL)
        backlog = {article.url for article in wanted(scene, PORTAL) if article.is_backlog}
        assert {asked[url] for url in backlog} == {1}


def test_news_go_before_a_backfill_and_its_host_keeps_its_pause(tmp_path: Path):
    changed = {"http": {"per_host_interval_s": 0.25, "per_address_interval_s": 0, "allow_addresses": ["127.0.0.0/8"]}}
    with archive(tmp_path, n_backlog=600, period_s=2.0, changed=changed) as scene, daemon(scene.config) as running:
        until(lambda: "canhbao runs" in running.said(), deadline_s=60, alive=running)
        code, _, said = run(scene, PORTAL, "--since", since(), "--detach")
        assert code == 0, said
        until(lambda: len(scene.hook.accepted) >= len(scene.told()), deadline_s=90, alive=running)
        stats = canhbao("stats", "--json", "--config", str(scene.config))
        (walk,) = [line for line in map(json.loads, stats.stdout.splitlines()) if line["kind"] == "backfill"]
        assert (walk["state"], walk["n_pages_open"] > 0) == ("running", True)
        assert running.terminate() == 0
        came = sorted(served.at for served in scene.press.log if served.portal == PORTAL)
        assert min(later - earlier for earlier, later in pairwise(came)) > timedelta(seconds=0.2)
