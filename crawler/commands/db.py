"""`canhbao db`: the schema and its backup."""

from pathlib import Path

from config.load import Config
from crawler.commands.terminal import say_line
from crawler.wording import speak
from storage import engine


def upgrade(config: Config) -> int:
    say = speak(config.settings.language)
    done = engine.upgrade(config.database_url)
    if done.copy is not None:
        say_line(say("copied", copy=done.copy))
    say_line(say("upgraded", revision=done.after))
    return 0


def backup(config: Config, target: Path) -> int:
    engine.backup(config.database_url, target)
    say_line(speak(config.settings.language)("backed up", target=target))
    return 0
