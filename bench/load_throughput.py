"""Conditional polls per second of one daemon, beside a bare httpx loop that makes the same requests of the same servers in the same run.

A poll is more than its request: robots.txt and the turns are asked, the source is claimed from the database, and what follows from the 304 is
committed before the next one. The loop does none of that.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bench.crowd import Asked, read_log
from bench.figures import Figures
from bench.load import Load, Witness, crowd, run
from crawler.fetch.client import ACCEPT

N_AT_ONCE = 32
"""Of the bare loop. One client's pool looks at every connection for every request, so that many hosts make it slow; the same loop with a client
for each of its 32 workers, each with a few hosts of its own, is as fast as httpx gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    load: Load
    warm_s: float
    """From the first request on: every feed has to be seen whole before it can be asked conditionally."""
    bare_s: float


FULL = Size(
    load=Load(
        n_hosts=100, n_sources=2_000, per_host_interval_s=0, per_address_interval_s=0, poll_every_s=0.01, lasts_s=60, hosts_an_address=1
    ),
    warm_s=25,
    bare_s=20,
)
TINY = Size(load=replace(FULL.load, n_hosts=4, n_sources=12, lasts_s=6), warm_s=1, bare_s=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Answers with 304 a second: by the clock, and by the processor time of the asking process."""

    a_second: float
    a_cpu_second: float


def measure(size: Size) -> Figures:
    single, several = _bare(size, n_clients=1), _bare(size, n_clients=N_AT_ONCE)
    daemon = _daemon(run(size.load), size)
    return Figures(
        name="load-throughput",
        input=(
            f"{size.load.n_sources:,} feeds of {size.load.n_hosts} hosts on 127/8, all unchanged (304) and always due, no interval; the daemon as "
            f"`canhbao run` has it, with SQLite on disk, {size.load.lasts_s - size.warm_s:g} s after {size.warm_s:g} s of warm-up; the loop: {N_AT_ONCE} "
            f"requests at once, the same headers, {size.bare_s:g} s; the newspapers in a process of their own, on the same machine"
        ),
        columns=("", "304 a second", "304 a CPU second", "canhbao beside it", "per CPU second"),
        rows=(
            ("canhbao, polls", *_told(daemon), "", ""),
            ("bare loop, one httpx.AsyncClient", *_told(single), *_beside(daemon, single)),
            (f"bare loop, {N_AT_ONCE} of them, each with hosts of its own", *_told(several), *_beside(daemon, several)),
        ),
        notes=(
            "A poll is committed (durably) before it counts; CPU seconds are those of the one asking process, its database threads included.",
        ),
    )


def _told(pace: Pace) -> tuple[str, str]:
    return f"{pace.a_second:,.0f}", f"{pace.a_cpu_second:,.0f}"


def _beside(daemon: Pace, bare: Pace) -> tuple[str, str]:
    return f"{daemon.a_second / bare.a_second:.0%}", f"{daemon.a_cpu_second / bare.a_cpu_second:.0%}"


def _daemon(witness: Witness, size: Size) -> Pace:
    began_s = witness.asked[0].arrived_s
    warm = [second for second in witness.seconds if began_s + size.warm_s <= second.at_s <= began_s + size.load.lasts_s]
    first, last = warm[0], warm[-1]
    n_asked = _n_unchanged(witness.asked, first.at_s, last.at_s)
    return Pace(a_second=n_asked / (last.at_s - first.at_s), a_cpu_second=n_asked / (last.cpu_s - first.cpu_s))


def _n_unchanged(asked: Sequence[Asked], since_s: float, until_s: float) -> int:
    return sum(1 for each in asked if each.status == httpx.codes.NOT_MODIFIED and since_s <= each.answered_s < until_s)


def _bare(size: Size, *, n_clients: int) -> Pace:
    with tempfile.TemporaryDirectory(prefix="canhbao-load-") as name:
        folder = Path(name)
        with crowd(folder, size.load) as port:
            since_s, until_s, cpu_s = asyncio.run(_ask_on_and_on(size.load, port, size.bare_s, n_clients))
        n_asked = _n_unchanged(read_log(folder / "asked.json"), since_s, until_s)
    return Pace(a_second=n_asked / (until_s - since_s), a_cpu_second=n_asked / cpu_s)


async def _ask_on_and_on(load: Load, port: int, lasts_s: float, n_clients: int) -> tuple[float, float, float]:
    """From when to when, after one round, and the processor time of that."""
    queues = [queue for n in range(N_AT_ONCE) if (queue := _wishes(load, port, load.hosts[n::N_AT_ONCE]))]
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with AsyncExitStack() as opened:
        clients = [await opened.enter_async_context(httpx.AsyncClient(limits=limits, timeout=30)) for _ in range(n_clients)]
        askers = [_Asker(clients[n % n_clients], queue) for n, queue in enumerate(queues)]
        await asyncio.gather(*(asker.ask_all() for asker in askers))
        since_s, cpu_s = time.monotonic(), time.process_time()
        await asyncio.gather(*(asker.ask_until(since_s + lasts_s) for asker in askers))
        return since_s, time.monotonic(), time.process_time() - cpu_s


def _wishes(load: Load, port: int, hosts: Sequence[str]) -> list[tuple[str, str]]:
    """URL and Host header of every feed of `hosts`."""
    by_host, asked = load.addresses(), set(hosts)
    sources = ((load.hosts[n % load.n_hosts], n) for n in range(load.n_sources))
    return [(f"http://{by_host[host]}:{port}/rss-{n}.xml", f"{host}:{port}") for host, n in sources if host in asked]


class _Asker:
    """One worker of the bare loop: its feeds in turn, with the validators they gave."""

    def __init__(self, client: httpx.AsyncClient, wishes: Sequence[tuple[str, str]]) -> None:
        self._client, self._wishes = client, wishes
        self._etags: dict[str, str] = {}

    async def ask_all(self) -> None:
        for url, host in self._wishes:
            await self._ask(url, host)

    async def ask_until(self, until_s: float) -> None:
        while True:
            for url, host in self._wishes:
                await self._ask(url, host)
                if time.monotonic() >= until_s:
                    return

    async def _ask(self, url: str, host: str) -> None:
        headers = {"host": host, "user-agent": "bare", "accept": ACCEPT["feed"].decode(), "accept-encoding": "gzip"}
        if url in self._etags:
            headers["if-none-match"] = self._etags[url]
        response = await self._client.get(url, headers=headers)
        self._etags[url] = response.headers["etag"]
