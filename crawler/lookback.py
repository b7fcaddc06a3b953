"""`since:` in a watch: what it would have found in the stored history is raised once, late, as one digest."""

import asyncio
import hashlib
import traceback
from datetime import datetime

from loguru import logger

from config.watch import Watch
from crawler.dedup.events import matched_key
from crawler.dedup.late import late_alerts
from crawler.edition import Edition
from crawler.history import History
from crawler.pipeline import Desk
from crawler.timespan import since_of
from storage.engine import Store
from storage.errors import StorageError
from storage.late import raise_late, untold
from storage.memories import recall, remember
from storage.records import LateAlert
from storage.search import portals_of_stories

LOOK_EVERY_S = 2.0
"""How soon after a reload."""
SAYS_NOTHING_NEW = {"name", "alert", "when", "quiet_hours"}
"""Keys of a watch that change nothing about what it finds."""


def arrears(store: Store, watch: Watch, edition: Edition, *, since: datetime, now: datetime) -> list[LateAlert]:
    """What `watch` finds in the history since then and what was not told before, newest first: nothing is written."""
    history = History(store, [watch], portals=edition.config.portals, since=since)
    found = [(find.stored, find.match(watch.id)) for find in history.judge(history.candidates(), in_full=True) if find.watches]
    new = store.look(untold, {matched_key(stored.article.identity, watch.id) for stored, _ in found})
    found = [(stored, match) for stored, match in found if matched_key(stored.article.identity, watch.id) in new]
    portals = store.look(portals_of_stories, {stored.story for stored, _ in found})
    return late_alerts(found, edition.routings[watch.id], portals, now=now)


def raise_history(store: Store, watch: Watch, edition: Edition, *, since: datetime, now: datetime) -> int:
    """Raise what `watch` finds in the history since then and what was not told before; how many articles that are."""
    return store.run(raise_late, arrears(store, watch, edition, since=since, now=now), now=now)


class LookBack:
    """Looks back for each watch that has a `since`: once, and again when the watch is edited, which raises only what is new."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def run(self) -> None:
        seen: Edition | None = None
        while True:
            if self._desk.edition is not seen:
                seen = self._desk.edition
                await self.look(seen)
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self, edition: Edition) -> int:
        """How many alerts were raised. A database that is away is asked again at the next start or reload."""
        n_raised = 0
        for watch in edition.config.watches:
            if watch.since is not None and watch.enabled:
                try:
                    n_raised += await self._look_for(watch, watch.since, edition)
                except StorageError as error:
                    logger.error("cannot look back for {}: {}", watch.id, error)
                except Exception:  # noqa: BLE001 - the one bug boundary of a look back: it never stops the daemon
                    logger.error("a bug of ours while looking back for {}:\n{}", watch.id, traceback.format_exc())
        return n_raised

    async def _look_for(self, watch: Watch, since: str, edition: Edition) -> int:
        name, fingerprint, now = f"since/{watch.id}", fingerprint_of(watch), self._desk.clock()
        if (await self._desk.store.read(recall, name)).get("watch") == fingerprint:
            return 0
        store, back_to = self._desk.store, since_of(since, now=now)
        n_raised = await asyncio.to_thread(raise_history, store, watch, edition, since=back_to, now=now)
        await store.write(remember, name, {"watch": fingerprint}, now=now)
        logger.info("{}: {} alerts raised from the history since {:%Y-%m-%d}", watch.id, n_raised, back_to)
        return n_raised


def fingerprint_of(watch: Watch) -> str:
    """The same as long as the watch finds the same."""
    return hashlib.sha256(watch.model_dump_json(exclude=SAYS_NOTHING_NEW).encode()).hexdigest()
