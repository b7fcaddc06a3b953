"""One portal that never finishes an answer, and the others, which must not notice it."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

from crawler.press.faults import Fault
from tests.e2e.newsstand import newsstand
from tests.integration.scene import daemon_with, run_until

DEADLINE_S = 25.0


def test_one_host_that_drips_for_ever_delays_nobody(tmp_path: Path):
    http = {"per_host_interval_s": 0, "per_address_interval_s": 0, "deadline_s": DEADLINE_S, "allow_addresses": ["127.0.0.0/8"]}
    changed = {"http": http, "poll": {"min_s": 1, "max_s": 2, "tick_s": 0.1}, "drain_s": 0.1}
    with newsstand(tmp_path, n_articles=24, n_backlog=8, changed=changed) as scene:
        dripping = scene.press.portals[0]
        scene.press.tell(dripping.id, Fault(kind="drip", paths="^(?!/robots)"))
        expected = {key for key, article in scene.told().items() if article.portal != dripping.id}

        def have_arrived() -> bool:
            return {
                (h.payload["data"]["article"]["url"], h.payload["data"].get("watch", {}).get("id")) for h in scene.hook.accepted
            } >= expected

        async def scenario() -> float:
            async with daemon_with(scene.config, clock=lambda: datetime.now(UTC)) as daemon:
                began = time.monotonic()
                await run_until(daemon, have_arrived)
                return time.monotonic() - began

        assert asyncio.run(scenario()) < DEADLINE_S
        assert any(served.fault == "drip" for served in scene.press.log)
        assert expected
