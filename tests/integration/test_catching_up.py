"""After a gap the older pages are read, over real HTTP and a real database, also when the process dies in the middle of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.stand import stand
from storage.links import link_reports
from storage.records import DueSource, SourceReport
from storage.sources import claim_due_sources, source_reports
from tests.e2e.newsstand import write_yaml
from tests.integration.scene import daemon_with

WINDOW = 5
HOST = "127.0.0.1"


class Paper:
    """A listing of five a page, a feed of five, and a sitemap that keeps all."""

    def __init__(self) -> None:
        self.n_out = 30
        self.refuses: set[str] = set()
        self.asked: list[str] = []
        self.base = ""

    def answer(self, _host: str, path: str) -> str | None:
        self.asked.append(path)
        if path in self.refuses:
            return None
        match path.strip("/").split("/"):
            case ["tin"]:
                return self._listing(1)
            case ["tin", page]:
                return self._listing(int(page))
            case ["rss.xml"]:
                items = "".join(f"<item><title>Bài {n}</title><link>{self._url(n)}</link></item>" for n in self._page(1))
                return f'<rss version="2.0"><channel><title>Báo</title>{items}</channel></rss>'
            case ["sitemap.xml"]:
                urls = "".join(f"<url><loc>{self._url(n)}</loc></url>" for n in range(self.n_out))
                return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        return None

    def _page(self, page: int) -> range:
        newest = self.n_out - (page - 1) * WINDOW
        return range(newest - 1, max(-1, newest - 1 - WINDOW), -1)

    def _listing(self, page: int) -> str:
        links = "".join(f'<a href="{self._url(n)}">Bài</a>' for n in self._page(page))
        return f'<html><body>{links}<a rel="next" href="/tin/{page + 1}">Trang sau</a></body></html>'

    def _url(self, n: int) -> str:
        return f"{self.base}/bai-{n}.html"


def write_config(folder: Path, base: str, sources: list[dict[str, Any]]) -> Path:
    portal = {
        "id": "bao",
        "name": "Báo",
        "home": f"{base}/",
        "sources": [source | {"url": f"{base}{source['url']}"} for source in sources],
        "article": {"urls": [{"era": "x", "match": r"/bai-(?P<id>\d+)\.html$"}]},
    }
    (folder / "portals").mkdir()
    write_yaml(folder / "portals" / "bao.yaml", portal)
    (folder / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    settings = {
        "database": f"sqlite:///{folder}/c.db",
        "portals": ["portals"],
        "watches": "watches.yaml",
        "http": {"per_host_interval_s": 0, "per_address_interval_s": 0, "allow_addresses": ["127.0.0.0/8"]},
        "channels": {"log": {"type": "file", "path": f"{folder}/a.jsonl"}},
    }
    write_yaml(folder / "canhbao.yaml", settings)
    return folder / "canhbao.yaml"


LISTING = {"id": "tin", "kind": "listing", "url": "/tin"}
FEED = {"id": "rss", "kind": "feed", "url": "/rss.xml"}
SITEMAP = {"id": "so-do", "kind": "sitemap", "url": "/sitemap.xml"}


class Scenario:
    """A paper, a configuration and a clock that stands still unless it is moved."""

    def __init__(self, folder: Path, sources: list[dict[str, Any]]) -> None:
        self.paper, self._folder, self._sources = Paper(), folder, sources
        self.now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        self.config = folder / "canhbao.yaml"

    async def polls(self, n: int | None = None) -> None:
        """A process that makes `n` polls, by default all that are due, and is gone."""
        async with daemon_with(self.config, clock=lambda: self.now) as daemon:
            while n is None or n > 0:
                due: list[DueSource] = list(
                    await daemon.store.write(claim_due_sources, now=self.now, lease=timedelta(minutes=1), owner="test", limit=1)
                )
                if not due:
                    return
                await daemon._poll(due[0])
                n = n - 1 if n is not None else None

    async def look(self) -> tuple[set[int], dict[str, SourceReport]]:
        async with daemon_with(self.config, clock=lambda: self.now) as daemon:
            links = await daemon.store.read(link_reports, limit=1000)
            reports = await daemon.store.read(source_reports)
        return {int(link.url.rpartition("-")[2].removesuffix(".html")) for link in links}, {each.source: each for each in reports}

    async def after_burst(self, n_items: int, *, hours: int = 7) -> None:
        """A first poll, and some hours later `n_items` more."""
        await self.polls()
        self.now += timedelta(hours=hours)
        self.paper.n_out += n_items
        self.paper.asked.clear()

    def play(self, acts: Any) -> None:
        async def served() -> None:
            async with stand(self.paper.answer) as counts:
                self.paper.base = f"http://{HOST}:{counts.port}"
                write_config(self._folder, self.paper.base, self._sources)
                await acts()

        asyncio.run(served())


@pytest.fixture
def of_listing(tmp_path: Path) -> Scenario:
    return Scenario(tmp_path, [LISTING])


def test_older_pages_are_read_until_they_come_to_what_was_known(of_listing: Scenario):
    async def acts() -> None:
        await of_listing.after_burst(13)
        await of_listing.polls()
        found, reports = await of_listing.look()
        assert found == set(range(25, 43))
        assert [path for path in of_listing.paper.asked if path.startswith("/tin")] == ["/tin", "/tin/2", "/tin/3"]
        assert {key: reports["tin"].report[key] for key in ("n_gaps", "n_caught", "n_open_gaps")} == {
            "n_gaps": 1,
            "n_caught": 8,
            "n_open_gaps": 0,
        }

    of_listing.play(acts)


@pytest.mark.parametrize("n_before", [1, 2])
def test_a_process_that_dies_while_catching_up_leaves_it_to_the_next(of_listing: Scenario, n_before: int):
    async def acts() -> None:
        await of_listing.after_burst(13)
        await of_listing.polls(n_before)
        await of_listing.polls()
        found, _ = await of_listing.look()
        assert found == set(range(25, 43))

    of_listing.play(acts)


def test_an_older_page_that_is_not_there_leaves_the_gap_open_and_the_source_well(of_listing: Scenario):
    async def acts() -> None:
        await of_listing.after_burst(13)
        of_listing.paper.refuses = {"/tin/2"}
        await of_listing.polls()
        _, reports = await of_listing.look()
        assert (reports["tin"].report["n_open_gaps"], reports["tin"].n_failures) == (1, 0)

    of_listing.play(acts)


def test_a_feed_has_the_portals_sitemap_asked_at_once(tmp_path: Path):
    scenario = Scenario(tmp_path, [FEED, SITEMAP | {"min_s": 21_600}])

    async def acts() -> None:
        await scenario.after_burst(13, hours=2)
        await scenario.polls()
        found, reports = await scenario.look()
        assert [path for path in scenario.paper.asked if path != "/robots.txt"] == ["/rss.xml", "/sitemap.xml"]
        assert found == set(range(43))
        assert reports["rss"].report["n_gaps"] == 1

    scenario.play(acts)


def test_no_gap_no_older_pages(of_listing: Scenario):
    async def acts() -> None:
        await of_listing.after_burst(4)
        await of_listing.polls()
        found, _ = await of_listing.look()
        assert (found, of_listing.paper.asked[-1]) == (set(range(25, 34)), "/tin")

    of_listing.play(acts)
