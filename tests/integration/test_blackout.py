"""Our own outage: nobody is blamed for it, hardly anybody is asked while it lasts, and everything goes on when it ends."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.blackout import Blackout, is_not_their_fault
from crawler.errors import Failure, FetchError
from crawler.fetch.outage import Outage
from crawler.model import Route
from crawler.press.faults import Fault
from storage.deliveries import list_deliveries
from storage.engine import Store, upgrade
from storage.links import link_reports
from storage.records import PollFailed
from storage.sources import fail_poll, source_reports
from tests.builders import NOON
from tests.e2e.newsstand import Scene, newsstand
from tests.integration.scene import daemon_with, look, run_until
from tests.integration.storage.given import claimed_sources, given_source

OPERATOR = Route(channel="office", recipient="a@example.org", grouping="event")
HOSTS = ("a.vn", "b.vn", "c.vn")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'canhbao.db'}"
    upgrade(url)
    with Store.open(url) as store:
        yield store


def silent(host: str) -> FetchError:
    return FetchError(f"http://{host}/", "no answer", kind=Failure.DNS, connected=False)


async def live_through(store: Store, minutes: float) -> tuple[bool, bool]:
    """An outage of so long, with a source that failed before anybody knew. Whether each of two looks after it says that it has ended."""
    blackout = Blackout()
    source = given_source(store)
    for at_s, host in enumerate(HOSTS, start=int(asyncio.get_running_loop().time())):
        blackout.outage.note(at_s, host, connected=False)
    failed = PollFailed(source_id=source.id, lease_token=source.lease_token, reason="x", kind="dns", next_poll_at=NOON + timedelta(days=1))
    store.run(fail_poll, failed, now=NOON)
    blackout.note(silent("a.vn"), "sources", source.id)
    later = NOON + timedelta(minutes=minutes)
    assert not await blackout.look(store, lambda: [OPERATOR], NOON)
    assert not await blackout.look(store, lambda: [OPERATOR], later)
    blackout.outage.note(asyncio.get_running_loop().time(), "a.vn", connected=True)
    return await blackout.look(store, lambda: [OPERATOR], later), await blackout.look(store, lambda: [OPERATOR], later)


def test_the_end_is_noticed_once(store: Store):
    assert asyncio.run(live_through(store, 1)) == (True, False)


def test_what_failed_at_the_beginning_is_forgiven_and_due_when_it_ends(store: Store):
    asyncio.run(live_through(store, 1))
    [source] = claimed_sources(store, now=NOON + timedelta(minutes=1))
    assert (source.n_failures, source.failing_since) == (0, None)


@pytest.mark.parametrize(("minutes", "n_told"), [(14, 0), (16, 1), (60 * 24, 1)], ids=["short", "long", "a-day"])
def test_the_operator_hears_of_a_long_outage_once(store: Store, minutes: float, n_told: int):
    asyncio.run(live_through(store, minutes))
    assert len(store.look(list_deliveries)) == n_told


def test_an_outage_that_never_ends_is_told_all_the_same(store: Store):
    async def scenario() -> None:
        blackout = Blackout()
        for host in HOSTS:
            blackout.outage.note(1, host, connected=False)
        for hours in (0, 5, 7, 8):
            await blackout.look(store, lambda: [OPERATOR], NOON + timedelta(hours=hours))

    asyncio.run(scenario())
    [told] = store.look(list_deliveries)
    assert told.events[0].type == "operator.was_offline"


def test_a_failure_long_before_the_outage_stays_theirs(store: Store):
    async def scenario() -> None:
        blackout = Blackout(Outage(window_s=0))
        source = given_source(store)
        failed = PollFailed(source_id=source.id, lease_token=source.lease_token, reason="x", kind="dns", next_poll_at=NOON)
        store.run(fail_poll, failed, now=NOON)
        blackout.note(silent("a.vn"), "sources", source.id)
        blackout.outage.probe_failed(asyncio.get_running_loop().time() + 1)
        await blackout.look(store, list, NOON)

    asyncio.run(scenario())
    [report] = store.look(source_reports)
    assert report.n_failures == 1


def test_few_are_asked_while_it_lasts():
    async def scenario() -> list[int]:
        blackout = Blackout()
        free = blackout.n_probes(100)
        blackout.outage.probe_failed(1)
        return [free, blackout.n_probes(100), blackout.n_probes(100)]

    assert asyncio.run(scenario()) == [100, 3, 0]


@pytest.mark.parametrize(
    ("error", "excused"),
    [
        pytest.param(FetchError("u", "x", kind=Failure.OFFLINE), True, id="offline"),
        pytest.param(FetchError("u", "x", kind=Failure.THROTTLED), True, id="not-asked-because-of-a-pause"),
        pytest.param(FetchError("u", "x", kind=Failure.THROTTLED, status=429), False, id="asked-and-429"),
        pytest.param(FetchError("u", "x", kind=Failure.DNS, connected=False), False, id="no-such-host"),
    ],
)
def test_what_is_not_their_fault(error: FetchError, excused: bool):
    assert is_not_their_fault(error) is excused


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with newsstand(tmp_path, n_articles=12, n_backlog=0, changed={"poll": {"min_s": 300, "max_s": 600, "tick_s": 0.1}}) as ready:
        yield ready


def test_a_daemon_without_a_network_blames_nobody_and_goes_on_when_it_is_back(scene: Scene):
    for portal in scene.press.portals:
        scene.press.tell(portal.id, Fault(kind="refuse"))

    def is_offline() -> bool:
        reports = look(scene.config, source_reports)
        return all(report.last_error_kind == "offline" for report in reports)

    async def scenario() -> None:
        blackout, began = Blackout(probe_every_s=0.1), datetime.now(UTC)
        async with daemon_with(scene.config, clock=lambda: began + 150 * (datetime.now(UTC) - began), blackout=blackout) as daemon:
            await run_until(daemon, is_offline)
            assert [report.n_failures for report in look(scene.config, source_reports) if report.n_failures] == []
            scene.press.heal()
            await run_until(daemon, lambda: len(look(scene.config, link_reports, state="done", limit=1000)) == 12)

    asyncio.run(scenario())
