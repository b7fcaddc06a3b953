"""A small archive and its configuration: the scene of the tests of `search`, `watch test` and `explain`."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from config.watch import Watch
from crawler.cli import app
from crawler.match.index import shipped_catalogue
from crawler.match.matcher import Matcher
from storage.articles import record
from storage.engine import Store, upgrade
from storage.records import Article
from tests.builders import make_article, make_identity
from tests.e2e.newsstand import write_yaml
from tests.integration.storage.given import deciding

PROVINCES = {"baodongthap": "Đồng Tháp", "baocamau": "Cà Mau"}
LOG = {"log": {"type": "file", "path": "alerts.jsonl"}}
WATCH = {"id": "dan-van", "name": "Dân vận", "any": ["công tác dân vận"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    config: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.config.parent / 'canhbao.db'}"

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command says on its standard output (with code 0) or error output (with another)."""
        done = CliRunner().invoke(app, [*arguments, "--config", str(self.config)], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.output

    def lines(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*arguments, "--json", code=code).splitlines()]


def make_archive(folder: Path, *articles: Article, watches: list[dict[str, Any]] | None = None, indexed: bool = True) -> Archive:
    """The articles stored, and matched by the watches, as the daemon does it."""
    archive = Archive(config=folder / "canhbao.yaml")
    (folder / "portals").mkdir()
    for portal, province in PROVINCES.items():
        source = {"id": "tin", "kind": "feed", "url": f"http://{portal}.example/rss"}
        home = f"http://{portal}.example/"
        facts = {"id": portal, "name": f"Báo {province}", "province": province, "home": home, "sources": [source]}
        write_yaml(folder / f"portals/{portal}.yaml", facts)
    watches = [WATCH] if watches is None else watches
    write_yaml(folder / "watches.yaml", {"watches": watches})
    write_yaml(archive.config, {"portals": ["portals"], "database": "sqlite:///canhbao.db", "channels": LOG})
    upgrade(archive.url)
    matcher, catalogue = Matcher([Watch.model_validate(watch) for watch in watches]), shipped_catalogue()
    with Store.open(archive.url) as store:
        for article in articles:
            index = catalogue.index(article) if indexed else None
            store.run(record, article, matcher.match(article), deciding(article), link=None, now=datetime.now(UTC), index=index)
    return archive


def story(
    ident: str, title: str, text: str = "Tin trong ngày.", *, days_ago: float = 1, portal: str = "baodongthap", **changed: Any
) -> Article:
    """An article of so many days ago."""
    values = {"lead": None, "author": None, "aliases": (), "text_hash": ident, "province": PROVINCES[portal]}
    return make_article(
        identity=make_identity(ident, portal=portal),
        url=f"http://{portal}.example/tin-{ident}.html",
        title=title,
        text=text,
        published_at=datetime.now(UTC) - timedelta(days=days_ago),
        **(values | changed),
    )
