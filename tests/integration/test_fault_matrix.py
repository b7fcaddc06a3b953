"""Every failure that issue 3 names, lived through by the real daemon: the state it ends in, the next try, and the way back.

All papers fail at the same time in one run, so that each also shows that it holds up no other. The pauses are those of `crawler.backoff`,
which docs/operating.md shows word for word (tests/unit/test_backoff_docs.py).
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.backoff import SOFT_S, SOURCE_CAP_S, SOURCE_FIRST_S, SOURCE_JITTER, TAXONOMY
from crawler.daemon import Daemon
from crawler.errors import Failure
from crawler.fetch.resolver import Resolver
from storage.links import link_reports
from storage.records import LinkReport, SourceReport
from storage.sources import source_reports, sync_sources
from tests.e2e.newsstand import write_yaml
from tests.integration.faulty import DEADLINE_S, MATRIX, MAX_BYTES, Paper, Row, SkippingLoop
from tests.integration.fetch.serving import Asked, Misbehaviour
from tests.integration.scene import daemon_with

N_FAILURES = 3
MIN_S, MAX_S = 300, 21_600
TOGETHER_S = 10
"""What is due so soon after another is tried in the same pass."""

SLACK_S = 50
"""A pass over all papers takes some seconds of a busy machine; the shortest pause is a minute."""

WITH_PAGES = [row for row in MATRIX if row.part is None]


@dataclass
class Record:
    """What became of one paper."""

    failing: list[SourceReport] = field(default_factory=list)
    mended: SourceReport | None = None
    first_link: LinkReport | None = None
    """The first article, after its first failure; then after the fault was gone."""
    first_link_mended: LinkReport | None = None
    second_link: LinkReport | None = None
    """The second article, whose fault never went."""
    second_asked_s: Sequence[float] = ()
    third_link: LinkReport | None = None


@dataclass
class Run:
    """The simulated press, and the daemon that reads it."""

    papers: Sequence[Paper]
    daemon: Daemon
    loop: SkippingLoop
    records: dict[str, Record]

    def skip_to(self, times: Sequence[float]) -> None:
        """Move all clocks to that many seconds from now, if it is in the future."""
        self.loop.skipped_s += max(0.0, *times) + 0.001

    def seconds_until(self, due: Sequence[SourceReport] | Sequence[LinkReport]) -> list[float]:
        now = self.daemon._desk.clock()
        return [((each.next_poll_at if isinstance(each, SourceReport) else each.next_try_at) - now).total_seconds() for each in due]

    async def sources(self) -> dict[str, SourceReport]:
        return {report.portal: report for report in await self.daemon.store.read(source_reports)}

    async def links(self, n: int) -> dict[str, LinkReport]:
        reports = await self.daemon.store.read(link_reports, limit=1000)
        return {report.portal: report for report in reports if report.url.endswith(f"/tin-{n}.html")}

    async def break_down(self, what: str, rows: Sequence[Row]) -> None:
        self.loop.skipped_s += 120  # whatever was remembered of the name
        for paper in self.papers:
            if paper.row is not None and paper.row in rows:
                await paper.break_down(paper.row.part or what)

    async def mend(self) -> None:
        for paper in self.papers:
            await paper.mend()

    async def show_another(self) -> None:
        """Every feed shows one article more, and every source is asked at once."""
        for paper in self.papers:
            paper.n_shown += 1
            paper.heal()
        edition, clock = self.daemon._desk.edition, self.daemon._desk.clock
        await self.daemon.store.write(sync_sources, [], now=clock())
        await self.daemon.store.write(sync_sources, edition.specs(), now=clock())
        await self.daemon.polls.run_dry()

    async def fail_polls(self) -> None:
        await self.break_down("/feed", MATRIX)
        for _ in range(N_FAILURES):
            await self.daemon.polls.run_dry()
            failing = await self.sources()
            for portal, report in failing.items():
                self.records[portal].failing.append(report)
            self.skip_to(self.seconds_until(list(failing.values())))
        await self.mend()
        await self.daemon.polls.run_dry()
        for portal, report in (await self.sources()).items():
            self.records[portal].mended = report

    async def fail_a_page_once(self) -> None:
        await self.break_down("/tin-1.html", WITH_PAGES)
        await self.daemon.fetches.run_dry()
        failed = await self.links(1)
        for portal, report in failed.items():
            self.records[portal].first_link = report
        await self.mend()
        self.skip_to(self.seconds_until([link for link in failed.values() if link.state == "open"]))
        await self.daemon.fetches.run_dry()
        for portal, report in (await self.links(1)).items():
            self.records[portal].first_link_mended = report

    async def fail_a_page_for_ever(self) -> None:
        await self.show_another()
        await self.break_down("/tin-2.html", WITH_PAGES)
        while True:
            await self.daemon.fetches.run_dry()
            still_open = [link for link in (await self.links(2)).values() if link.state == "open"]
            if not still_open:
                break
            self.skip_to([min(self.seconds_until(still_open)) + TOGETHER_S])
        for portal, report in (await self.links(2)).items():
            self.records[portal].second_link = report
        for paper in self.papers:
            self.records[paper.id].second_asked_s = paper.asked_for("/tin-2.html")

    async def recover(self) -> None:
        await self.mend()
        self.loop.skipped_s += max(row.retry_after_s for row in MATRIX)
        await self.show_another()
        await self.daemon.fetches.run_dry()
        for portal, report in (await self.links(3)).items():
            self.records[portal].third_link = report


@contextlib.asynccontextmanager
async def open_run(folder: Path, loop: SkippingLoop, matrix: Sequence[Row] = MATRIX) -> AsyncIterator[Run]:
    names: dict[str, str] = {}

    async def resolve(host: str) -> list[str]:
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [names[host]]

    papers = [Paper(row, f"127.77.0.{n}", names) for n, row in enumerate([None, *matrix], start=1)]
    tls_papers = [paper for paper in papers if paper.site.tls]
    for paper in tls_papers:
        paper.address = paper.site.host = tls_papers[0].address  # one name, two ports
        names[paper.host] = paper.address
    async with contextlib.AsyncExitStack() as opened:
        for paper in papers:
            await opened.enter_async_context(paper)
        (folder / "portals").mkdir()
        for paper in papers:
            write_yaml(folder / "portals" / f"{paper.id}.yaml", paper.as_portal())
        write_yaml(folder / "watches.yaml", {"watches": [{"id": "tin", "name": "Tin", "any": ["tin"]}]})
        write_yaml(
            folder / "canhbao.yaml",
            {
                "portals": ["portals"],
                "http": {
                    "per_host_interval_s": 0,
                    "per_address_interval_s": 0,
                    "deadline_s": DEADLINE_S,
                    "max_bytes": MAX_BYTES,
                    "allow_addresses": ["127.0.0.0/8"],
                },
                "poll": {"min_s": MIN_S, "max_s": MAX_S},
                "channels": {"log": {"type": "file", "path": "alerts.jsonl"}},
            },
        )
        daemon = await opened.enter_async_context(daemon_with(folder / "canhbao.yaml", clock=loop.clock(), resolver=Resolver(resolve)))
        yield Run(papers=papers, daemon=daemon, loop=loop, records={paper.id: Record() for paper in papers})


async def live_through(folder: Path) -> dict[str, Record]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SkippingLoop)
    async with open_run(folder, loop) as run:
        await run.fail_polls()
        await run.fail_a_page_once()
        await run.fail_a_page_for_ever()
        await run.recover()
        return run.records


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Record]]:
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        yield runner.run(live_through(tmp_path_factory.mktemp("matrix")))


def record_of(records: dict[str, Record], row: Row) -> Record:
    return records[f"bao-{row.name}"]


def ladder_of(row: Row) -> Sequence[float]:
    """The pauses of a page that fails so, to its end."""
    if row.status == 410:
        return ()
    pauses = SOFT_S if row.at_page is None else TAXONOMY[row.at_page].link_pauses_s
    return [max(pause_s, row.retry_after_s) for pause_s in pauses]


def source_pause_s(row: Row, n_failures: int) -> tuple[float, float]:
    """The shortest and the longest pause after that many failures before."""
    kind = TAXONOMY[row.at_source].kind
    pause_s = min(max(MIN_S, SOURCE_FIRST_S[kind]) * 2**n_failures, SOURCE_CAP_S[kind], MAX_S)
    bounds = (max(pause_s * (1 - SOURCE_JITTER), MIN_S), min(pause_s * (1 + SOURCE_JITTER), MAX_S))
    return max(bounds[0], row.retry_after_s), max(bounds[1], row.retry_after_s)


def test_every_kind_of_failure_is_lived_through():
    """Being offline is no failure of a paper: tests/integration/test_blackout.py."""
    assert {row.at_source for row in MATRIX} == set(TAXONOMY) - {Failure.OFFLINE}


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
def test_a_failing_source_is_told_by_its_kind_and_counted(records: dict[str, Record], row: Row):
    told = [(report.last_error_kind, report.n_failures) for report in record_of(records, row).failing]
    assert told == [(row.at_source, n) for n in range(1, N_FAILURES + 1)]


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
def test_a_failing_source_is_asked_again_after_the_documented_pause(records: dict[str, Record], row: Row):
    for n, report in enumerate(record_of(records, row).failing):
        assert report.last_poll_at is not None
        shortest_s, longest_s = source_pause_s(row, n)
        assert shortest_s - 1 <= (report.next_poll_at - report.last_poll_at).total_seconds() <= longest_s + 1


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
def test_a_source_recovers_by_itself_when_the_fault_goes(records: dict[str, Record], row: Row):
    mended = record_of(records, row).mended
    assert mended is not None
    assert (mended.n_failures, mended.last_error_kind, mended.links) == (0, None, {"open": 1})


@pytest.mark.parametrize("row", WITH_PAGES, ids=lambda row: row.name)
def test_a_page_that_fails_once_is_tried_again_and_read(records: dict[str, Record], row: Row):
    record = record_of(records, row)
    assert record.first_link is not None
    assert record.first_link_mended is not None
    expected = ("open", 1) if ladder_of(row) else ("gone", 0)
    assert (record.first_link.state, record.first_link.n_tries) == expected
    assert record.first_link_mended.state == ("done" if ladder_of(row) else "gone")


@pytest.mark.parametrize("row", WITH_PAGES, ids=lambda row: row.name)
def test_a_page_that_fails_for_ever_ends_in_the_documented_state(records: dict[str, Record], row: Row):
    link = record_of(records, row).second_link
    assert link is not None
    end = "failed" if row.at_page is None else TAXONOMY[row.at_page].end
    assert (link.state, link.n_tries) == (end, len(ladder_of(row)))


@pytest.mark.parametrize("row", [row for row in WITH_PAGES if not isinstance(row.fault, str)], ids=lambda row: row.name)
def test_a_page_that_fails_for_ever_is_asked_for_after_the_documented_pauses(records: dict[str, Record], row: Row):
    asked = record_of(records, row).second_asked_s
    pauses = [later - earlier for earlier, later in pairwise(asked)]
    expected = ladder_of(row)
    assert len(pauses) == len(expected)
    for pause_s, expected_s in zip(pauses, expected, strict=True):
        assert expected_s - 0.1 <= pause_s <= expected_s + SLACK_S


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
def test_after_all_of_it_the_next_article_arrives(records: dict[str, Record], row: Row):
    link = record_of(records, row).third_link
    assert link is not None
    assert link.state == "done"


def test_a_paper_without_a_fault_notices_nothing_of_the_others(records: dict[str, Record]):
    sound = records["bao-lanh"]
    assert [report.n_failures for report in sound.failing] == [0] * N_FAILURES
    for link in (sound.first_link, sound.second_link, sound.third_link):
        assert link is not None
        assert (link.state, link.n_tries) == ("done", 0)


def says_unchanged(feed: bytes) -> Misbehaviour:
    """304 to every condition, whatever has changed since."""

    async def speak(writer: asyncio.StreamWriter, asked: Asked) -> None:
        writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n" if "if-none-match" in asked.headers else feed)
        await writer.drain()

    return speak


def test_a_server_that_says_304_for_ever_is_asked_unconditionally_once_a_day(tmp_path: Path):
    async def scenario() -> tuple[float, Paper]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SkippingLoop)
        async with open_run(tmp_path, loop, ()) as run:
            [paper] = run.papers
            for paper.n_shown in (1, 2):
                paper.heal()
                paper.pages["/feed"] = says_unchanged(paper.pages["/feed"].replace(b"200 OK\r\n", b'200 OK\r\nETag: "v1"\r\n'))
                await run.daemon.polls.run_dry()
            changed_at = loop.time()
            while not await run.links(2):
                run.skip_to(run.seconds_until(list((await run.sources()).values())))
                await run.daemon.polls.run_dry()
            return loop.time() - changed_at, paper

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        found_after_s, paper = runner.run(scenario())
    assert 23 * 3600 < found_after_s < 24 * 3600 + MAX_S
    conditional = ["if-none-match" in asked.headers for asked in paper.site.log if asked.path == "/feed"]
    assert (conditional[0], all(conditional[1:-1]), conditional[-1]) == (False, True, False)
