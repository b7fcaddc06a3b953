"""The gap meter over HTTP: one working day of bursts in ten minutes, through the real client, the parsers, the database and the clock's leases."""

import asyncio
import contextlib
import random
import tempfile
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from loguru import logger
from ruamel.yaml import YAML

from bench.figures import Figures
from bench.gaps import papers
from bench.stand import stand
from bench.week import START, Paper, appearances
from config.load import Config, load
from crawler.app import open_client
from crawler.edition import Edition
from crawler.pipeline import Desk, poll_source
from crawler.workers import Workers
from storage.engine import Store, upgrade
from storage.links import link_reports
from storage.records import LinkReport, SourceReport
from storage.sources import claim_due_sources, source_reports, sync_sources

SCALE = 144.0
"""A day in ten minutes; the lease of ten minutes still lasts four seconds of ours."""

LEASE = timedelta(minutes=10)
SETTLES = timedelta(minutes=30)
"""What appears in the last half hour may still be on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    lasts_s: float
    seed: int


FULL = Size(lasts_s=600, seed=21)
TINY = Size(lasts_s=6, seed=21)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One paper on its own address, with its feed or its listing's pages and its sitemap."""

    paper: Paper
    host: str
    appeared: Sequence[datetime]

    def answer(self, path: str, now: datetime) -> str | None:
        n_out = bisect_right(self.appeared, now)
        match path.strip("/").split("/"):
            case ["rss.xml"]:
                return self._feed(range(n_out - 1, max(-1, n_out - 1 - self.paper.window), -1))
            case ["tin"]:
                return self._listing(1, n_out)
            case ["tin", number] if number.isdecimal():
                return self._listing(int(number), n_out)
            case ["sitemap.xml"]:
                locations = "".join(f"<url><loc>{self.url(n)}</loc></url>" for n in range(n_out - 1, max(-1, n_out - 501), -1))
                return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'
        return None

    def url(self, number: int) -> str:
        return f"http://{self.host}/bai-{number}.html"

    def _pins(self) -> list[str]:
        return [f"http://{self.host}/bai-{900_000 + n}.html" for n in range(self.paper.n_pinned)]

    def _feed(self, numbers: range) -> str:
        pins = "".join(f"<item><title>Ghim</title><link>{url}</link></item>" for url in self._pins())
        items = "".join(
            f"<item><title>Bài {n}</title><link>{self.url(n)}</link><pubDate>{format_datetime(self.appeared[n])}</pubDate></item>"
            for n in numbers
        )
        return f'<rss version="2.0"><channel><title>{self.paper.name}</title>{pins}{items}</channel></rss>'

    def _listing(self, page: int, n_out: int) -> str:
        newest = n_out - (page - 1) * self.paper.window
        shown = [*self._pins(), *(self.url(n) for n in range(newest - 1, max(-1, newest - 1 - self.paper.window), -1))]
        links = "".join(f'<li><a href="{url}">Bài</a></li>' for url in shown)
        older = f'<a rel="next" href="/tin/{page + 1}">Trang sau</a>' if newest > self.paper.window else ""
        return f"<html><body><ul>{links}</ul>{older}</body></html>"


def sites(seed: int) -> dict[str, Site]:
    """By address: what each paper publishes from midnight of a Monday on. A burst is certain: somewhere in the morning."""
    made = {}
    for n, paper in enumerate(papers()):
        dice = random.Random(f"{paper.name}:{seed}")
        at = START + timedelta(hours=dice.uniform(7, 11))
        burst = [at + timedelta(minutes=dice.uniform(0, 20)) for _ in range(paper.burst)]
        host = f"127.9.0.{n + 1}"
        made[host] = Site(paper=paper, host=host, appeared=sorted([*appearances(paper, dice, n_weeks=1), *burst]))
    return made


def measure(size: Size) -> Figures:
    logger.disable("crawler")  # a line for each of some thousand polls
    kept, reports, published, n_requests = asyncio.run(_run(size))
    logger.enable("crawler")
    found = {report.url: report.found_at for report in kept}
    delays_s = sorted((found[url] - at).total_seconds() for url, at in published.items() if url in found)
    middle = f"{delays_s[len(delays_s) // 2]:.0f}" if delays_s else "-"
    row = (
        f"{len(reports)} sources",
        f"{len(published):,}",
        str(len(published.keys() - found.keys())),
        *(str(sum(report.report.get(key, 0) for report in reports)) for key in ("n_gaps", "n_open_gaps", "n_caught")),
        f"{n_requests:,}",
        middle,
    )
    return Figures(
        name="gaps-http",
        input=f"the sources of `gaps`, each on an address of its own, one working day from midnight on in {size.lasts_s:.0f} s, with a burst in each (seed {size.seed})",
        columns=(
            "over HTTP",
            "items published",
            "missed",
            "gaps shown",
            "not closed",
            "found by turning pages",
            "requests",
            "median delay s",
        ),
        rows=(row,),
        notes=(
            "The delay in seconds of the simulated day, of which 144 pass in one of ours; what appears in its last half hour is not counted.",
        ),
    )


async def _run(size: Size) -> tuple[list[LinkReport], list[SourceReport], Mapping[str, datetime], int]:
    papers_by_host, began = sites(size.seed), time.monotonic()

    def clock() -> datetime:
        return START + timedelta(seconds=(time.monotonic() - began) * SCALE)

    def answer(host: str, path: str) -> str | None:
        return papers_by_host[host].answer(path, clock()) if host in papers_by_host else None

    with tempfile.TemporaryDirectory() as folder:
        async with stand(answer) as served:
            _at_port(papers_by_host, served.port)
            config = write_config(Path(folder), papers_by_host.values())
            began = time.monotonic()
            async with _desk(config, clock) as desk:
                await poll_for(desk, size.lasts_s)
                links = await desk.store.read(link_reports, limit=1_000_000)
                reports = await desk.store.read(source_reports)
            until = clock() - SETTLES
            published = {site.url(n): at for site in papers_by_host.values() for n, at in enumerate(site.appeared) if START < at <= until}
            return links, reports, published, served.n_requests


def _at_port(by_host: dict[str, Site], port: int) -> None:
    for address, site in by_host.items():
        by_host[address] = Site(paper=site.paper, host=f"{address}:{port}", appeared=site.appeared)


def write_config(folder: Path, all_sites: Any) -> Config:
    """A configuration for the sites: a listing, or a feed with a sitemap beside it."""
    (folder / "portals").mkdir()
    yaml = YAML()
    for n, site in enumerate(all_sites):
        base, has_pages = f"http://{site.host}", site.paper.elsewhere == "pages"
        listed = [{"id": "tin", "kind": "listing", "url": f"{base}/tin"}]
        fed = [
            {"id": "rss", "kind": "feed", "url": f"{base}/rss.xml"},
            {"id": "so-do", "kind": "sitemap", "url": f"{base}/sitemap.xml", "min_s": 3600},
        ]
        portal = {
            "id": f"bao-{n}",
            "name": site.paper.name,
            "home": f"{base}/",
            "sources": listed if has_pages else fed,
            "article": {"urls": [{"era": "x", "match": r"/bai-(?P<id>\d+)\.html$"}]},
        }
        with (folder / "portals" / f"bao-{n}.yaml").open("w", encoding="utf-8") as out:
            yaml.dump(portal, out)
    settings = {
        "database": f"sqlite:///{folder}/bench.db",
        "portals": ["portals"],
        "watches": "watches.yaml",
        "http": {"per_host_interval_s": 0, "per_address_interval_s": 0, "allow_addresses": ["127.0.0.0/8"]},
        "channels": {"log": {"type": "file", "path": f"{folder}/alerts.jsonl"}},
    }
    (folder / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    with (folder / "canhbao.yaml").open("w", encoding="utf-8") as out:
        yaml.dump(settings, out)
    return load(folder / "canhbao.yaml")


@contextlib.asynccontextmanager
async def _desk(config: Config, clock: Callable[[], datetime]) -> AsyncIterator[Desk]:
    upgrade(config.database_url)
    edition, store = Edition.of(config), Store.open(config.database_url)
    workers = Workers(1, deadline_s=20, memory_mb=1024)
    try:
        await store.write(sync_sources, edition.specs(), now=clock())
        async with open_client(config.settings.http) as client:
            yield Desk(store=store, client=client, workers=workers, edition=edition, clock=clock)
    finally:
        await workers.close()
        store.close()


async def poll_for(desk: Desk, lasts_s: float) -> None:
    """Poll what is due, for so long, without fetching the articles."""
    running: set[asyncio.Task[None]] = set()
    until = time.monotonic() + lasts_s
    while time.monotonic() < until:
        for due in await desk.store.write(claim_due_sources, now=desk.clock(), lease=LEASE, owner="bench", limit=100):
            task = asyncio.create_task(poll_source(desk, due))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.sleep(0.02)
    await asyncio.gather(*running)
