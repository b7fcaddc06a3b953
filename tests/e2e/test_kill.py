"""kill -9 at thirty seeded moments: nothing is lost, nothing is stored twice, and an id always carries the same bytes."""

import random
from collections import Counter
from pathlib import Path

import pytest

from crawler.press import Served
from crawler.press.sinks import Hook
from storage.articles import articles_after
from storage.engine import Store
from tests.e2e.daemons import daemon, until
from tests.e2e.newsstand import Scene, newsstand

N_KILLS = 5


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_daemon_killed_five_times_in_the_middle_of_its_work_tells_everything(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    with newsstand(tmp_path, seed=seed) as scene:
        n_kills = sum(kill_once(scene, dice) for _ in range(N_KILLS))
        with daemon(scene.config) as last:
            until(lambda: "canhbao runs" in last.said() and everything_is_told(scene), deadline_s=60, alive=last)
            assert last.terminate() == 0
        assert n_kills == N_KILLS
        assert_nothing_is_wrong(scene, tmp_path, n_kills=n_kills)


def kill_once(scene: Scene, dice: random.Random) -> bool:
    """Start the daemon and kill it: after its k-th commit, or after the k-th request that the press, the mail server and the receiver see."""
    if dice.random() < 0.5:
        with daemon(scene.config, die_after_commit=dice.randint(2, 30)) as running:
            return running.process.wait(60) == -9
    k = dice.randint(1, 30)
    before = n_requests(scene)
    with daemon(scene.config) as running:
        until(lambda: n_requests(scene) >= before + k, deadline_s=60, alive=running)
        running.kill()
        return True


def n_requests(scene: Scene) -> int:
    return len(scene.press.log) + len(scene.mail.mails) + len(scene.hook.hooks)


def everything_is_told(scene: Scene) -> bool:
    called = {(hook.payload["data"]["article"]["url"], hook.payload["data"]["watch"]["id"]) for hook in scene.hook.accepted}
    return called >= scene.told().keys() and mailed_stories(scene) >= scene.stories()


def mailed_stories(scene: Scene) -> set[str]:
    bodies = [mail.message.get_body(("plain",)) for mail in scene.mail.mails]
    texts = [body.get_content() for body in bodies if body is not None]
    return {article.copy_of or article.url for article in scene.told().values() if any(article.url in text for text in texts)}


def assert_nothing_is_wrong(scene: Scene, folder: Path, *, n_kills: int) -> None:
    hooks, mails = scene.hook.accepted, scene.mail.mails
    assert {called(hook) for hook in hooks} == scene.told().keys()
    assert len({(hook.id, hook.body) for hook in hooks}) == len({hook.id for hook in hooks}) == len(scene.told())
    assert len({(mail.message_id, mail.content) for mail in mails}) == len({mail.message_id for mail in mails}) == len(scene.stories())
    with Store.open(f"sqlite:///{folder / 'canhbao.db'}") as store:
        stored = [article.url for article in store.look(articles_after, n=0)]
    assert sorted(stored) == sorted(article.url for article in scene.press.truth().articles)
    fetched = Counter(
        served.host + served.path.partition("?")[0] for served in scene.press.log if scene.press.truth().by_url(url_of(served))
    )
    assert max(fetched.values()) <= 1 + n_kills


def called(hook: Hook) -> tuple[str, str]:
    data = hook.payload["data"]
    return data["article"]["url"], data["watch"]["id"]


def url_of(served: Served) -> str:
    return f"http://{served.host}{served.path}"
