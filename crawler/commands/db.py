"""`canhbao db`: the schema and its backup."""

from pathlib import Path

from config.load import Config
from crawler.commands.terminal import say_line
from crawler.match.index import shipped_catalogue
from crawler.reindex import reindex_now
from crawler.wording import speak
from storage import engine
from storage.engine import Store


def upgrade(config: Config) -> int:
    say = speak(config.settings.language)
    done = engine.upgrade(config.database_url)
    if done.copy is not None:
        say_line(say("copied", copy=done.copy))
    say_line(say("upgraded", revision=done.after))
    return 0


def reindex(config: Config) -> int:
    """Index anew what waits for it. The daemon does so by itself, but slowly."""
    with Store.open(config.database_url) as store:
        n = reindex_now(store, shipped_catalogue())
    say_line(speak(config.settings.language)("reindexed", n=n))
    return 0


def backup(config: Config, target: Path) -> int:
    engine.backup(config.database_url, target)
    say_line(speak(config.settings.language)("backed up", target=target))
    return 0
