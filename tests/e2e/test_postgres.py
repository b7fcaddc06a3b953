"""Two daemons on one PostgreSQL share the work: everything once, by either."""

from collections import Counter
from pathlib import Path

from tests.e2e.daemons import daemon, until
from tests.e2e.newsstand import newsstand
from tests.e2e.test_kill import called, everything_is_told


def test_two_daemons_on_one_postgres_tell_everything_once(tmp_path: Path, postgres_url: str):
    with newsstand(tmp_path, database=postgres_url, changed={"poll": {"min_s": 60, "max_s": 60, "tick_s": 0.2}}) as scene:
        other = tmp_path / "other.yaml"
        other.write_bytes(scene.config.read_bytes())
        with daemon(scene.config) as one, daemon(other) as two:
            until(lambda: everything_is_told(scene), deadline_s=90, alive=one)
            assert (one.terminate(), two.terminate()) == (0, 0)
        assert Counter(called(hook) for hook in scene.hook.hooks) == Counter(scene.told().keys())
        assert len(scene.mail.mails) == len(scene.stories())
        fetched = Counter(
            served.path.partition("?")[0] for served in scene.press.log if scene.press.truth().by_url(f"http://{served.host}{served.path}")
        )
        assert set(fetched.values()) == {1}
