"""Real processes: what they survive, and that none survives us."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from crawler.errors import ParseError
from crawler.parse.feed import parse_feed
from crawler.parse.markup import html_root
from crawler.workers import Workers

FEED = b"<rss><channel><item><title>T</title><link>http://127.0.0.1/1.html</link></item></channel></rss>"
URL = "http://127.0.0.1/rss"
A_GIGABYTE = 1024**3


def run(work, *, n=1, deadline_s=60.0, memory_mb=512):
    async def bounded():
        async with asyncio.timeout(120):
            workers = Workers(n, deadline_s=deadline_s, memory_mb=memory_mb)
            try:
                return await work(workers)
            finally:
                await workers.close()

    return asyncio.run(bounded())


def children() -> list[int]:
    return [child.pid for child in psutil.Process().children(recursive=True)]


async def started(n: int) -> None:
    while len(children()) < n:  # noqa: ASYNC110  the condition is in the operating system; `run` bounds it
        await asyncio.sleep(0.01)


async def reads_a_feed(workers):
    return [entry.url for entry in (await workers.run(parse_feed, FEED, URL)).entries] == ["http://127.0.0.1/1.html"]


def test_a_page_is_read_in_another_process():
    async def work(workers):
        return await workers.run(os.getpid)

    assert run(work) != os.getpid()


def test_a_parse_error_comes_back_as_itself():
    async def work(workers):
        with pytest.raises(ParseError, match="not a feed") as caught:
            await workers.run(parse_feed, b"<html></html>", URL)
        return caught.value.url

    assert run(work) == URL


def test_a_bug_comes_back_with_the_place_where_it_happened():
    async def work(workers):
        with pytest.raises(ZeroDivisionError) as caught:
            await workers.run(divmod, 1, 0)
        return caught.value.__notes__[0]

    assert "in _answer" in run(work)


def test_a_page_that_takes_too_long_is_given_up_and_the_next_one_is_read():
    async def work(workers):
        assert await reads_a_feed(workers)
        with pytest.raises(ParseError, match="longer than 1 s"):
            await workers.run(signal.pause)
        return await reads_a_feed(workers)

    assert run(work, deadline_s=1)


def test_a_page_that_needs_too_much_memory_is_given_up_and_the_next_one_is_read():
    async def work(workers):
        assert await reads_a_feed(workers)
        with pytest.raises(ParseError, match="more than 512 MB"):
            await workers.run(bytes, A_GIGABYTE)
        return await reads_a_feed(workers)

    assert run(work)


def test_a_page_whose_tree_needs_too_much_memory_is_given_up_for_that_reason():
    """libxml2 says "syntax error" there."""

    async def work(workers):
        with pytest.raises(ParseError, match="more than 512 MB"):
            await workers.run(html_root, "<p>x" * 4_000_000, URL)

    run(work)


def test_a_page_that_cannot_fit_is_not_sent():
    async def work(workers):
        with pytest.raises(ParseError, match="more than 1 MB"):
            await workers.run(parse_feed, bytes(600_000), URL)
        return children()

    before = children()
    assert run(work, memory_mb=1) == before


@pytest.mark.parametrize("n_before", [0, 1], ids=["in-a-fresh-process", "after-another-page"])
def test_a_page_that_kills_its_process_is_given_up_and_the_next_one_is_read(n_before):
    async def work(workers):
        for _ in range(n_before):
            assert await reads_a_feed(workers)
        with pytest.raises(ParseError, match="killed the process"):
            await workers.run(os.abort)
        return await reads_a_feed(workers)

    assert run(work)


def test_the_url_of_the_page_stands_in_the_error():
    async def work(workers):
        with pytest.raises(ParseError) as caught:
            await workers.run(_dies_on, URL)
        return caught.value.url

    assert run(work) == URL


def _dies_on(_url: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_pages_in_flight_beside_a_crash_are_unaffected():
    async def work(workers):
        crash, *reads = await asyncio.gather(workers.run(os.abort), *(reads_a_feed(workers) for _ in range(20)), return_exceptions=True)
        return isinstance(crash, ParseError), set(reads)

    assert run(work, n=2) == (True, {True})


def test_a_big_page_goes_in_and_out_whole():
    async def work(workers):
        return await workers.run(bytes.upper, b"a" * 20_000_000)

    assert run(work) == b"A" * 20_000_000


def test_a_cancelled_page_frees_its_process():
    async def work(workers):
        task = asyncio.create_task(workers.run(signal.pause))
        await started(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await reads_a_feed(workers)

    assert run(work)


def test_close_leaves_no_process_behind():
    async def work(workers):
        await asyncio.gather(*(workers.run(os.getpid) for _ in range(4)))
        reading = [asyncio.create_task(workers.run(signal.pause)) for _ in range(3)]
        await started(2)
        await workers.close()
        return await asyncio.gather(*reading, return_exceptions=True)

    before = children()
    outcomes = run(work, n=2)
    assert children() == before
    assert all(isinstance(outcome, (RuntimeError, ParseError)) for outcome in outcomes)


def test_no_secret_of_the_environment_reaches_a_worker(monkeypatch):
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")

    async def work(workers):
        return await workers.run(os.getenv, "SMTP_PASSWORD"), await workers.run(os.getenv, "PATH")

    password, path = run(work)
    assert (password, path) == (None, os.environ["PATH"])


async def born(workers) -> int:
    """The process of the only worker, as early as anybody can see it."""
    [worker] = workers._all
    while worker._process is None:  # noqa: ASYNC110  `run` bounds it
        await asyncio.sleep(0)
    return int(worker._process.pid)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_that_is_still_being_started_leaves_the_signals_to_the_daemon_too(stop):
    async def work(workers):
        reading = asyncio.create_task(workers.run(os.getpid))
        pid = await born(workers)
        os.kill(pid, stop)
        return pid == await reading

    assert run(work)


def test_a_worker_that_dies_while_it_starts_is_started_again_and_no_page_is_blamed():
    async def work(workers):
        reading = asyncio.create_task(workers.run(os.getpid))
        pid = await born(workers)
        os.kill(pid, signal.SIGKILL)
        return pid != await reading

    assert run(work)


def test_workers_that_never_start_are_an_error_soon(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    async def work(workers):
        with pytest.raises(RuntimeError, match="die while they start, 3 in a row"):
            await workers.run(os.getpid)

    run(work)


def test_workers_leave_sigterm_to_the_daemon():
    async def work(workers):
        pid = await workers.run(os.getpid)
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)
        return pid == await workers.run(os.getpid)

    assert run(work)


PARENT = """
import asyncio, os, signal
from crawler.workers import Workers
async def main():
    workers = Workers(2, deadline_s=60, memory_mb=512)
    print(await workers.run(os.getpid), flush=True)
    await workers.run(signal.pause)
asyncio.run(main())
"""


def test_workers_die_with_a_parent_that_is_killed():
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    gone, _ = psutil.wait_procs([worker], timeout=30)
    assert gone == [worker] or not worker.is_running()
