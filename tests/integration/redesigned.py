"""A paper that redesigns its pages while canhbao watches it: the press, a daemon and one clock for both, pass by pass."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.press import DEFAULT_PORTALS, Press, TrueArticle
from crawler.press.export import write_watches
from storage.deliveries import list_deliveries
from storage.records import DeliveryReport
from tests.e2e.newsstand import write_yaml
from tests.integration.scene import daemon_with, look

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SETTINGS: dict[str, Any] = {
    "portals": ["portals", "my-portals"],
    "database": "sqlite:///canhbao.db",
    "http": {"per_host_interval_s": 0, "per_address_interval_s": 0, "allow_addresses": ["127.0.0.0/8"], "contact": "test@example.org"},
    "poll": {"min_s": 1, "max_s": 2, "tick_s": 0.1},
    "channels": {"log": {"type": "file", "path": "alerts.jsonl"}, "ops": {"type": "file", "path": "operator.jsonl"}},
    "operator": ["ops"],
    "language": "en",
}


@dataclass(kw_only=True)
class Redesign:
    press: Press
    config: Path
    portal: str
    now: datetime = START
    looked_at: datetime = START
    """When the last pass was."""

    def clock(self) -> datetime:
        return self.now

    def passes(self, *, until: datetime, step: timedelta) -> None:
        """`canhbao once` every `step` from now on, the last time at `until`."""
        asyncio.run(self._passes(until, step))

    async def _passes(self, until: datetime, step: timedelta) -> None:
        async with daemon_with(self.config, clock=self.clock, since=START) as daemon:
            while self.now <= until:
                await daemon.once()
                self.looked_at = self.now
                self.now += step

    def published(self) -> list[TrueArticle]:
        """The articles that had appeared at the last pass, oldest first."""
        return [one for one in self.press.truth().articles if one.appears_at <= self.looked_at]

    def operator_heard(self, kind: str) -> list[Mapping[str, Any]]:
        return [event.data for each in self._deliveries() for event in each.events if event.type == f"operator.{kind}"]

    def told(self) -> set[tuple[str, str]]:
        """(article URL, watch) of every alert raised."""
        return {(data["article"]["url"], data["watch"]["id"]) for data in self._alerts()}

    def told_late(self) -> set[tuple[str, str]]:
        return {(data["article"]["url"], data["watch"]["id"]) for data in self._alerts() if data["late"]}

    def _alerts(self) -> list[Mapping[str, Any]]:
        events = [event for each in self._deliveries() if each.channel == "log" for event in each.events]
        return [event.data for event in events if event.type == "article.matched"]

    def due(self) -> set[tuple[str, str]]:
        """What readers must have heard of the portal by now."""
        return {(one.url, topic) for one in self.published() if not one.is_backlog for topic in one.topics}

    def _deliveries(self) -> list[DeliveryReport]:
        return list(look(self.config, list_deliveries, limit=5000))


@contextlib.contextmanager
def redesign(folder: Path, *, portal: str = "baonghean", n_backlog: int = 30, n_articles: int = 60, seed: int = 1) -> Iterator[Redesign]:
    """One paper alone: `n_articles` over as many hours after the backlog. The clock stands at its first article."""
    one = next(each for each in DEFAULT_PORTALS if each.id == portal)
    scene: Redesign | None = None

    def clock() -> datetime:
        return scene.now if scene is not None else START

    plan = {"seed": seed, "n_backlog": n_backlog, "n_articles": n_articles, "period_s": n_articles * 3600.0, "window": 60}
    with Press(start=START, portals=[one], clock=clock, **plan).running() as press:  # type: ignore[arg-type]
        press.write_portals(folder / "portals")
        (folder / "my-portals").mkdir()
        write_watches(folder / "watches.yaml")
        config = folder / "canhbao.yaml"
        write_yaml(config, SETTINGS)
        scene = Redesign(press=press, config=config, portal=portal)
        yield scene
