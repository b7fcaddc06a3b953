"""What a portal asked of us is still obeyed after a restart."""

from crawler.press import Fault
from storage.memories import recall
from tests.e2e.daemons import daemon, until
from tests.e2e.newsstand import newsstand
from tests.integration.scene import look


def test_retry_after_and_robots_txt_survive_a_restart(tmp_path):
    with newsstand(tmp_path) as scene:
        portal = scene.press.portals[0]
        scene.press.tell(portal.id, Fault(kind="429", retry_after_s=600))
        with daemon(scene.config) as first:
            until(lambda: any(served.fault == "429" for served in scene.press.log), deadline_s=30, alive=first)
            assert first.terminate() == 0
        assert portal.address in look(scene.config, recall, name="politeness")
        scene.press.heal(portal.id)
        before = len(scene.press.log)
        with daemon(scene.config) as second:
            until(
                lambda: len(scene.hook.accepted) >= sum(1 for each in scene.told().values() if each.portal != portal.id),
                deadline_s=60,
                alive=second,
            )
            assert second.terminate() == 0
        later = scene.press.log[before:]
        assert [served for served in later if served.portal == portal.id] == []
        assert [served for served in later if served.path == "/robots.txt"] == []
