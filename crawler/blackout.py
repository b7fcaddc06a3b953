"""Our own outages, as the daemon sees them: nobody is blamed, little is asked while one lasts, and all goes on at once when it ends."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from loguru import logger

from crawler.alert.operator import tell_operator
from crawler.errors import Failure, FetchError
from crawler.fetch.outage import Outage, may_be_ours
from crawler.model import Route
from storage.engine import Store
from storage.outages import forgive, resume

N_PROBES = 3
PROBE_EVERY_S = 10.0
"""While offline so many sources are asked, so often: whichever of them answers ends it."""

WORTH_TELLING = timedelta(minutes=15)
TELL_ANYWAY = timedelta(hours=6)
"""Mail cannot leave before an outage ends; but when it never ends, every portal may have gone, and mail may leave after all."""


def is_not_their_fault(error: FetchError) -> bool:
    """We are offline, or did not even ask because the host wants its pause."""
    return error.kind is Failure.OFFLINE or (error.kind is Failure.THROTTLED and error.status is None)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A failure that was counted, and may yet prove to be ours."""

    at_s: float
    table: Literal["sources", "links"]
    id: int


class Blackout:
    """One for the whole daemon. `outage` is fed by the client; here is acted on what it says."""

    def __init__(self, outage: Outage | None = None, *, probe_every_s: float = PROBE_EVERY_S) -> None:
        self.outage, self._probe_every_s = outage or Outage(), probe_every_s
        self._suspects: deque[Suspect] = deque()
        self._since_s: float | None = None
        self._began_at: datetime | None = None
        self._probed_at_s = float("-inf")

    def note(self, error: FetchError, table: Literal["sources", "links"], row_id: int) -> None:
        """A failure of `row_id` was counted against it."""
        if may_be_ours(error) and not is_not_their_fault(error):
            self._suspects.append(Suspect(asyncio.get_running_loop().time(), table, row_id))

    def n_probes(self, wanted: int) -> int:
        """How many sources may be asked now, of `wanted`; while offline a few now and then."""
        if not self.outage.is_offline:
            return wanted
        now_s = asyncio.get_running_loop().time()
        if now_s - self._probed_at_s < self._probe_every_s:
            return 0
        self._probed_at_s = now_s
        return min(N_PROBES, wanted)

    async def look(self, store: Store, operators: Callable[[], Sequence[Route]], now: datetime) -> bool:
        """Act on what changed since the last look. True when an outage has ended: everything that waited for that is due."""
        if self.outage.is_offline:
            await self._last(store, operators, now)
            return False
        if self._began_at is None:
            self._forget_before(asyncio.get_running_loop().time() - self.outage.window_s)
            return False
        return await self._end(store, operators, now, self._began_at)

    async def _last(self, store: Store, operators: Callable[[], Sequence[Route]], now: datetime) -> None:
        """It has begun, or it lasts."""
        if self._began_at is None:
            self._since_s, self._began_at = self.outage.since_s, now
            logger.warning("offline: nobody answers any more, so it is us; a few sources are asked now and then")
        await self._forgive(store)
        if now - self._began_at >= TELL_ANYWAY:
            await self._tell(store, operators, now, self._began_at)

    async def _end(self, store: Store, operators: Callable[[], Sequence[Route]], now: datetime, began_at: datetime) -> bool:
        await self._forgive(store)
        n_woken = await store.write(resume, now=now)
        self._since_s = self._began_at = None
        logger.warning("online again after {:.0f} s; {} sources and pages go on at once", (now - began_at).total_seconds(), n_woken)
        if now - began_at >= WORTH_TELLING:
            await self._tell(store, operators, now, began_at)
        return True

    async def _forgive(self, store: Store) -> None:
        """The failures that told of the outage are part of it. One that was counted late is met by the next look."""
        self._forget_before(self._since_s or 0.0)
        suspects, self._suspects = self._suspects, deque()
        if suspects:
            ids = {table: [each.id for each in suspects if each.table == table] for table in ("sources", "links")}
            await store.write(forgive, source_ids=ids["sources"], link_ids=ids["links"])

    async def _tell(self, store: Store, operators: Callable[[], Sequence[Route]], now: datetime, began_at: datetime) -> None:
        detail = f"{began_at:%Y-%m-%d %H:%M} - {now:%Y-%m-%d %H:%M} UTC"
        key = f"{began_at:%Y-%m-%dT%H:%M:%S}"
        summary = f"{(now - began_at).total_seconds() / 60:.0f} min"
        await tell_operator(store, operators(), kind="was_offline", key=key, summary=summary, detail=detail, now=now)

    def _forget_before(self, at_s: float) -> None:
        while self._suspects and self._suspects[0].at_s < at_s:
            self._suspects.popleft()
