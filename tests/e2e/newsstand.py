"""A press, its receivers and a configuration that watches it: the scene of an end-to-end test."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crawler.press import Press, TrueArticle
from crawler.press.export import write_watches
from crawler.press.sinks import MailSink, WebhookSink

READER = "vanphong@example.org"


@dataclass(kw_only=True)
class Scene:
    press: Press
    mail: MailSink
    hook: WebhookSink
    config: Path
    topics: tuple[str, ...]

    def told(self) -> dict[tuple[str, str], TrueArticle]:
        """What webhooks must hear: (article URL, watch) of every article that is about a topic and no backlog."""
        return {(article.url, topic): article for topic in self.topics for article in self.press.truth().about(topic)}

    def stories(self) -> set[str]:
        """What a mail reader must hear: one message a story, named by the URL of its original."""
        return {article.copy_of or article.url for article in self.told().values()}

    def original(self, url: str) -> str:
        article = self.press.truth().by_url(url)
        assert article is not None, url
        return article.copy_of or article.url


def write_yaml(path: Path, value: Any) -> None:
    yaml = YAML()
    yaml.allow_unicode = True
    with path.open("w", encoding="utf-8") as out:
        yaml.dump(value, out)


def settings(mail: MailSink, hook: WebhookSink, *, database: str, **changed: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "database": database,
        "portals": ["portals"],
        "watches": "watches.yaml",
        "http": {
            "contact": "test@example.org",
            "per_host_interval_s": 0,
            "per_address_interval_s": 0,
            "deadline_s": 30,
            "allow_addresses": ["127.0.0.0/8"],
        },
        "poll": {"min_s": 1, "max_s": 2, "tick_s": 0.2},
        "outbox": {"retry_s": [0.3, 0.3, 0.5, 1, 1, 2, 2, 2, 2], "lease_s": 5},
        "workers": 1,
        "drain_s": 20,
        "channels": {
            "office": {
                "type": "email",
                "from": "canhbao@example.org",
                "to": [READER],
                "smtp": {"host": "127.0.0.1", "port": mail.port, "starttls": False},
            },
            "hook": {"type": "webhook", "url": hook.url, "secret": hook.secret, "allow_addresses": ["127.0.0.0/8"]},
        },
        "operator": ["office"],
    }
    return base | changed


@contextlib.contextmanager
def newsstand(
    folder: Path, *, seed: int = 1, database: str | None = None, changed: Mapping[str, Any] | None = None, **plan: Any
) -> Iterator[Scene]:
    """Everything published at once by default, so that a run ends when all of it was told."""
    arguments: dict[str, Any] = {"seed": seed, "n_backlog": 8, "n_articles": 40, "period_s": 0.0, "window": 60} | plan
    with (
        Press(start=datetime.now(UTC), **arguments).running() as press,
        MailSink().running() as mail,
        WebhookSink().running() as hook,
    ):
        press.write_portals(folder / "portals")
        write_watches(folder / "watches.yaml")
        config = folder / "canhbao.yaml"
        url = database or f"sqlite:///{folder / 'canhbao.db'}"
        write_yaml(config, settings(mail, hook, database=url, **(changed or {})))
        topics = tuple(str(watch["id"]) for watch in press.watches())
        yield Scene(press=press, mail=mail, hook=hook, config=config, topics=topics)
