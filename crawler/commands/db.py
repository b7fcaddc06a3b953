"""`canhbao db`: the schema and its backup."""

from pathlib import Path

from config.load import Config
from crawler.commands.terminal import console
from crawler.wording import speak
from storage import engine


def upgrade(config: Config) -> int:
    say = speak(config.settings.language)
    done = engine.upgrade(config.database_url)
    if done.copy is not None:
        console().print(say("copied", copy=done.copy))
    console().print(say("upgraded", revision=done.after))
    return 0


def backup(config: Config, target: Path) -> int:
    engine.backup(config.database_url, target)
    console().print(speak(config.settings.language)("backed up", target=target))
    return 0
