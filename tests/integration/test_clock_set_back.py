"""A machine that starts with its clock a year ahead, and is set right while the daemon runs."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.load import load
from crawler.app import open_daemon
from storage.sources import source_reports
from tests.e2e.newsstand import Scene, newsstand
from tests.integration.scene import SkippingClock, daemon_with, look, run_until

A_YEAR = timedelta(days=365)
SLOW = {"poll": {"min_s": 300, "max_s": 600, "tick_s": 0.1}}


async def begin_a_year_ahead(scene: Scene, *, is_set_right: bool) -> None:
    """Poll every source once; and then, if the clock is set right, once more."""
    clock = SkippingClock()
    clock.skip(A_YEAR)

    def is_done() -> bool:
        reports = look(scene.config, source_reports)
        has_polled = all(report.n_polls for report in reports)
        if has_polled and is_set_right and clock() > datetime.now(UTC) + A_YEAR / 2:
            clock.skip(-A_YEAR)
        return has_polled and (not is_set_right or all(report.n_polls > 1 for report in reports))

    async with daemon_with(scene.config, clock=clock) as daemon:
        await run_until(daemon, is_done)


def assert_all_is_of_today(scene: Scene) -> None:
    for report in look(scene.config, source_reports):
        for at in (report.first_seen_at, report.next_poll_at, report.last_poll_at or report.first_seen_at):
            assert abs(at - datetime.now(UTC)) < timedelta(hours=1)
        assert report.baseline_before < datetime.now(UTC) - timedelta(hours=23)


def test_a_daemon_whose_clock_is_set_back_polls_on_at_once(tmp_path: Path):
    with newsstand(tmp_path, n_articles=0, n_backlog=2, changed=SLOW) as scene:
        asyncio.run(begin_a_year_ahead(scene, is_set_right=True))
        assert_all_is_of_today(scene)


def test_a_daemon_that_starts_after_the_clock_was_set_back_does_so_too(tmp_path: Path):
    async def start_again(scene: Scene) -> None:
        async with open_daemon(load(scene.config)):
            pass

    with newsstand(tmp_path, n_articles=0, n_backlog=2, changed=SLOW) as scene:
        asyncio.run(begin_a_year_ahead(scene, is_set_right=False))
        asyncio.run(start_again(scene))
        assert_all_is_of_today(scene)
