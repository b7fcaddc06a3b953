"""A new configuration while the daemon runs: wholly taken, or wholly refused with the old one kept."""

import asyncio
from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path

from loguru import logger

from config.load import Config, ConfigError
from config.loading import BUILTIN
from config.settings import Http, Settings
from crawler.alert.mailroom import mailroom_of
from crawler.alert.operator import tell_operator
from crawler.alert.outbox import Outbox
from crawler.configuration import load
from crawler.edition import VERSION, Edition
from crawler.pipeline import Desk
from storage.alerts import bury_channel
from storage.errors import StorageError
from storage.sources import sync_sources

NEEDS_RESTART = ("database", "http", "workers", "log", "drain_s", "poll.tick_s")
"""Settings that are built into the running parts. A change of them waits for the next start, and says so."""


class Reloader:
    """Notices changed files and swaps the edition."""

    def __init__(self, desk: Desk, outbox: Outbox) -> None:
        self._desk, self._outbox = desk, outbox
        self._loaded = self._last_look = stamps(desk.edition.config)
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Reload even if no file seems changed (SIGHUP)."""
        self._asked.set()

    def look(self) -> None:
        """Reload if files changed since they were loaded, and have rested since the last look: nobody is still writing them."""
        now = stamps(self._desk.edition.config)
        if now != self._loaded and now == self._last_look:
            self._asked.set()
        self._last_look = now

    async def run(self) -> None:
        while True:
            await self._asked.wait()
            self._asked.clear()
            try:
                await self._reload()
            except StorageError as error:  # a full disk must not end the daemon
                logger.error("reload: could not be written down, is tried again: {}", error)
                self._loaded = {}

    async def _reload(self) -> None:
        old = self._desk.edition.config
        self._loaded = stamps(old)
        try:
            new = await asyncio.to_thread(load, old.path)
            edition = await asyncio.to_thread(Edition.of, new)
            self._desk.client.retune(edition.ways)
        except ConfigError as error:
            await self._refused(error)
            return
        except OSError as error:  # a certificate file that vanished since it was checked
            await self._refused(ConfigError([f"{old.path}: a file of the configuration cannot be read: {error}"]))
            return
        for key in NEEDS_RESTART:
            if _built_in(old.settings, key) != _built_in(new.settings, key):
                logger.warning("reload: the change of {} needs a restart: systemctl restart canhbao", key)
        now = self._desk.clock()
        self._desk.edition = edition
        self._loaded = self._last_look = stamps(new)
        self._outbox.mailroom = mailroom_of(new, edition.operators, version=VERSION)
        await self._desk.store.write(sync_sources, edition.specs(), now=now)
        for channel in old.settings.channels.keys() - new.settings.channels.keys():
            why = f"channel {channel} was removed from the configuration"
            n = await self._desk.store.write(bury_channel, channel, why=why, now=now)
            logger.warning("reload: {}; {} unsent messages are dead (alerts replay finds them)", why, n)
        logger.info("reload: {} portals, {} watches, {} channels", len(new.portals), len(new.watches), len(new.settings.channels))

    async def _refused(self, error: ConfigError) -> None:
        for problem in error.problems:
            logger.error("reload refused: {}", problem)
        now = self._desk.clock()
        await tell_operator(
            self._desk.store,
            self._desk.edition.operators,
            kind="config_rejected",
            key=f"{now:%Y-%m-%dT%H:%M:%S}",
            summary=f"{len(error.problems)} problems; the old configuration stays in force",
            detail="\n".join(error.problems),
            now=now,
        )


def _built_in(settings: Settings, key: str) -> object:
    """The value of `key`, without what a reload does change."""
    value = attrgetter(key)(settings)
    return value.model_copy(update={"proxy": None}) if isinstance(value, Http) else value


def stamps(config: Config) -> Mapping[Path, tuple[int, int] | None]:
    """What tells that the files of `config` changed: (mtime in ns, size) of each, None for a missing one.

    The folders of own portal files count too, so that a new file in one is seen.
    """
    folders = [config.path.parent / name for name in config.settings.portals if name not in BUILTIN]
    return {path: _stamp(path) for path in (*config.paths, *folders)}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
