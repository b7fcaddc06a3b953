"""How a walk ends, over real HTTP and a real database: at what is too old, at pages that repeat, at pages that are not there."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.stand import stand
from crawler.walk import SLICE, first_pages
from storage.articles import count
from storage.backfills import ask_backfill, backfill_of
from storage.readings import portals_read
from storage.records import BackfillReport
from tests.e2e.newsstand import write_yaml
from tests.integration.scene import daemon_with, look

WINDOW = 5
PAUSE = timedelta(hours=12)
"""Between two articles."""


class Archive:
    """A listing of five a page, and a sitemap without dates. The article with the highest number is the newest."""

    def __init__(self, n_articles: int = 60) -> None:
        self.n_articles, self.base, self.asked = n_articles, "", list[str]()
        self.ignores_numbers = False
        self.readable_from = 0
        """Older articles are pages that hold none."""
        self._now = datetime.now(UTC)

    def answer(self, _host: str, path: str) -> str | None:
        self.asked.append(path)
        match path.strip("/").split("/"):
            case ["tin"]:
                return self._listing(1)
            case ["tin", page]:
                return self._listing(1 if self.ignores_numbers else int(page))
            case ["sitemap.xml"]:
                urls = "".join(f"<url><loc>{self._url(n)}</loc></url>" for n in range(1, self.n_articles))
                return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
            case [name] if name.startswith("bai-"):
                return self._article(int(name.removeprefix("bai-").removesuffix(".html")))
        return None

    def _listing(self, page: int) -> str | None:
        newest = self.n_articles - 1 - (page - 1) * WINDOW
        links = "".join(f'<a href="{self._url(n)}">Bài {n}</a>' for n in range(newest, max(-1, newest - WINDOW), -1))
        return f"<html><body>{links}</body></html>" if links else None

    def _article(self, n: int) -> str:
        if n < self.readable_from:
            return "<html><body><nav>Trang chủ</nav></body></html>"
        published = self._now - (self.n_articles - n) * PAUSE
        return (
            f'<html><head><meta property="article:published_time" content="{published.isoformat()}"></head><body><h1>Bài {n}</h1>'
            f'<div class="noi-dung"><p>Nội dung của bài thứ {n}, dài hơn một câu. Câu thứ hai của bài.</p></div></body></html>'
        )

    def _url(self, n: int) -> str:
        return f"{self.base}/bai-{n}.html"

    def pages_asked(self) -> list[str]:
        return [path for path in self.asked if path.startswith("/tin")]

    def articles_asked(self) -> set[int]:
        return {int(path.removeprefix("/bai-").removesuffix(".html")) for path in self.asked if path.startswith("/bai-")}


LISTING = {"id": "tin", "kind": "listing", "url": "/tin", "pages": "/tin/{page}"}
SITEMAP = {"id": "so-do", "kind": "sitemap", "url": "/sitemap.xml"}


def write_config(folder: Path, base: str, source: dict[str, Any]) -> Path:
    urls = {key: base + source[key] for key in ("url", "pages") if key in source}
    article = {
        "urls": [{"era": "x", "match": r"/bai-(?P<id>\d+)\.html$"}],
        "rules": [{"title": "h1", "body": ".noi-dung"}],
    }
    (folder / "portals").mkdir()
    write_yaml(
        folder / "portals" / "bao.yaml", {"id": "bao", "name": "Báo", "home": f"{base}/", "sources": [source | urls], "article": article}
    )
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


def walked(folder: Path, archive: Archive, source: dict[str, Any], *, days: int) -> BackfillReport:
    """Walk back so many days, until all is read or only waits to be tried again."""

    async def act() -> BackfillReport:
        async with stand(archive.answer) as counts:
            archive.base = f"http://127.0.0.1:{counts.port}"
            config = write_config(folder, archive.base, source)
            async with daemon_with(config, clock=lambda: datetime.now(UTC)) as daemon:
                portal, now = daemon.desk.edition.config.portals["bao"], datetime.now(UTC)
                since = now - timedelta(days=days)
                asked = await daemon.store.write(ask_backfill, "bao", since=since, pages=first_pages(portal), now=now)
                stop = asyncio.Event()
                walking = asyncio.create_task(daemon.walk_back(stop))
                async with asyncio.timeout(60):
                    while True:
                        report: BackfillReport = await daemon.store.read(backfill_of, asked.backfill.id)
                        is_idle = not daemon.backfiller.n_running and (report.next_due_at or now) > datetime.now(UTC) + timedelta(minutes=1)
                        if report.state == "done" or is_idle:
                            break
                        await asyncio.wait([walking], timeout=0.05)
                stop.set()
                await walking
                return report

    return asyncio.run(act())


@pytest.fixture
def archive() -> Archive:
    return Archive()


def test_a_listing_is_turned_until_its_articles_are_too_old(tmp_path: Path, archive: Archive):
    report = walked(tmp_path, archive, LISTING, days=10)
    assert (report.state, report.n_pages_failed) == ("done", 0)
    assert archive.articles_asked() >= set(range(40, 60))
    assert len(archive.articles_asked()) <= 20 + 2 * WINDOW
    assert archive.pages_asked() == ["/tin", *(f"/tin/{n}" for n in range(2, len(archive.pages_asked()) + 1))]


def test_a_list_that_ignores_the_number_of_the_page_ends_at_its_second(tmp_path: Path, archive: Archive):
    archive.ignores_numbers = True
    report = walked(tmp_path, archive, LISTING, days=10)
    assert (report.state, archive.pages_asked(), len(archive.articles_asked())) == ("done", ["/tin", "/tin/2"], WINDOW)


def test_a_page_that_is_not_there_ends_its_list_and_is_no_failure(tmp_path: Path):
    archive = Archive(12)
    report = walked(tmp_path, archive, LISTING, days=90)
    assert (report.state, report.n_pages_failed, archive.articles_asked()) == ("done", 0, set(range(12)))
    assert archive.pages_asked() == ["/tin", "/tin/2", "/tin/3", "/tin/4"]


def test_a_sitemap_without_dates_is_read_from_the_newest_down_to_a_slice_of_nothing_but_old_ones(tmp_path: Path):
    archive = Archive(2 * SLICE + 30)
    report = walked(tmp_path, archive, SITEMAP, days=20)
    assert report.state == "done"
    assert archive.articles_asked() == set(range(30, 2 * SLICE + 30))


def test_what_old_pages_give_says_nothing_of_what_the_portal_gives_now(tmp_path: Path, archive: Archive):
    """Else forty old pages in an old layout would have the operator called for rules that fit all that is published."""
    archive.readable_from = archive.n_articles - 10
    walked(tmp_path, archive, LISTING, days=20)
    assert len(archive.articles_asked()) > 20
    assert look(tmp_path / "canhbao.yaml", count) == 10
    assert look(tmp_path / "canhbao.yaml", portals_read) == []
