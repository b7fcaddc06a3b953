"""Housekeeping of the raw pages: what is over goes, and when the database needs its last room the oldest go first. Articles never do.

In small batches with pauses, so that nobody waits for it; what cannot be done now (a full disk) is tried again at the next round.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from loguru import logger
from sqlalchemy.orm import Session

from config.settings import Retention
from crawler.alert.operator import operator_event, raise_to
from crawler.edition import Edition
from crawler.model import Route
from storage.dialects import used_bytes
from storage.engine import Store
from storage.errors import StorageError
from storage.memories import recall, remember
from storage.pages import drop_expired, drop_oldest, page_census

BATCH = 50
"""Pages dropped in one transaction: some milliseconds of the writer."""

PAUSE_S = 0.2
LOOK_EVERY_S = 3600.0
BATCHES_OF_ONE_PASS = 200
"""Of `canhbao once`, which cron waits for."""

WARN_AT, CALM_BELOW = 0.8, 0.75
"""The operator hears of it at the first, and again only after it was below the second."""

ROOM_AFTER = 0.97
"""Pages are dropped down to this, so that they are not dropped one by one."""

MEMORY = "disk"
Level = Literal["", "filling", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much the database takes of what it may."""

    used_bytes: int
    most_bytes: int
    n_pages: int

    @property
    def share(self) -> float:
        return self.used_bytes / self.most_bytes

    @property
    def level(self) -> Level:
        """`over`: all pages are gone and it is still too much."""
        if self.share > 1 and not self.n_pages:
            return "over"
        return "filling" if self.share >= WARN_AT else ""


class Archivist:
    """Goes round every hour."""

    def __init__(self, store: Store, edition: Callable[[], Edition], *, clock: Callable[[], datetime]) -> None:
        self._store, self._edition, self._clock = store, edition, clock

    async def run(self) -> None:
        while True:
            await self.tidy()
            await asyncio.sleep(LOOK_EVERY_S)

    async def tidy(self, *, pause_s: float = PAUSE_S, most_batches: int | None = None) -> int:
        """One round; how many pages were dropped. A database that cannot do it now is not worth the daemon."""
        retention, operators = self._edition().config.settings.retention, self._edition().operators
        try:
            n_expired = await self._drop_expired(retention, pause_s, most_batches)
            n_crowded = await self._make_room(retention, pause_s, most_batches)
            room = await self._store.read(room_of, most_bytes_of(retention))
            told = await self._store.write(look_at_room, operators, room, now=self._clock())
        except StorageError as error:
            logger.error("raw pages are not tidied now: {}", error)
            return 0
        if n_expired or n_crowded:
            logger.info("{} raw pages dropped that were over, {} for want of room", n_expired, n_crowded)
        if told:
            logger.warning("operator: {}", told)
        return n_expired + n_crowded

    async def _drop_expired(self, retention: Retention, pause_s: float, most_batches: int | None) -> int:
        now = self._clock()
        before = now - timedelta(days=retention.raw_days)
        matched_before = now - timedelta(days=max(retention.raw_days, retention.matched_raw_days))
        n_dropped = n_batches = 0
        while most_batches is None or n_batches < most_batches:
            n = await self._store.write(drop_expired, before=before, matched_before=matched_before, limit=BATCH)
            n_dropped, n_batches = n_dropped + n, n_batches + 1
            if n < BATCH:
                break
            await asyncio.sleep(pause_s)
        return n_dropped

    async def _make_room(self, retention: Retention, pause_s: float, most_batches: int | None) -> int:
        most = most_bytes_of(retention)
        if (await self._store.read(room_of, most)).share <= 1:
            return 0
        n_dropped = n_batches = 0
        while most_batches is None or n_batches < most_batches:
            if (await self._store.read(room_of, most)).share <= ROOM_AFTER:
                break
            n = await self._store.write(drop_oldest, limit=BATCH)
            if not n:
                break
            n_dropped, n_batches = n_dropped + n, n_batches + 1
            await asyncio.sleep(pause_s)
        return n_dropped


def most_bytes_of(retention: Retention) -> int:
    return int(retention.disk_max_gb * 1e9)


def room_of(session: Session, most_bytes: int) -> Room:
    kept = page_census(session)
    return Room(used_bytes=used_bytes(session, kept_bytes=kept.n_bytes), most_bytes=most_bytes, n_pages=kept.n)


def look_at_room(session: Session, operators: Sequence[Route], room: Room, *, now: datetime) -> str | None:
    """Tell the operator once that the room is nearly used up, and once that articles alone need more than there is; what was told."""
    told = recall(session, MEMORY).get("told", "")
    if room.share < CALM_BELOW and told:
        remember(session, MEMORY, {}, now=now)
    if room.level in ("", told) or (told == "over" and room.level == "filling"):
        return None
    remember(session, MEMORY, {"told": room.level}, now=now)
    summary = f"{room.used_bytes / 1e9:.2f} / {room.most_bytes / 1e9:.2f} GB"
    kind = f"disk_{room.level}"
    event = operator_event(kind=kind, key=f"{now:%Y-%m-%dT%H:%M:%S}", summary=summary, detail=f"{room.n_pages} raw pages", now=now)
    raise_to(session, operators, event, now=now)
    return f"{kind}: {summary}"
