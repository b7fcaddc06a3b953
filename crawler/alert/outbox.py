"""The outbox: claims what is due, fairly across channels, and has each message carried.

    claim → render once, keep the bytes → send under a deadline → mark, while the lease is still ours

A crash anywhere on the way only delays: the lease runs out, and the same bytes go out again under the same id.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from loguru import logger

from crawler.alert.courier import Courier
from crawler.alert.mailroom import QUEUE_S, Mailroom
from crawler.alert.senders import Send
from storage.alerts import claim_due_deliveries
from storage.engine import StorageError, Store
from storage.records import DueDelivery

PER_CHANNEL = 4
"""Messages to one channel at a time: more helps no receiver, fewer let one slow answer hold up the rest."""

HANDFUL = 32
"""Claimed at a time: what a channel that answers in a second sends before QUEUE_S is over."""

LOOK_AGAIN_S = 0.5
"""While a slow channel is being waited for, how often the outbox looks for messages to the others."""


class Outbox:
    """One for the process. A reload replaces `mailroom`; a message that is under way finishes with the old one."""

    def __init__(
        self, store: Store, mailroom: Mailroom, send: Send, *, clock: Callable[[], datetime], owner: str, rng: random.Random | None = None
    ) -> None:
        self.mailroom = mailroom
        self._store, self._clock, self._owner = store, clock, owner
        self._courier = Courier(store, send, clock=clock, rng=rng or random.Random())
        self._in_hand: Counter[str] = Counter()
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._is_closing = False

    async def drain(self, *, limit: int) -> int:
        """Deliver until nothing is due, at most `limit` at a time; how many were worked on.

        While one channel is slow the others are looked after again and again. After `close` it ends with what is under way.
        Cancelled, it cuts that off: what was not sent goes back into the queue, what was sent is still marked.
        """
        running: set[asyncio.Task[None]] = set()
        n_worked_on = 0
        try:
            while True:
                claimed = () if self._is_closing else await self.claim(min(limit - len(running), HANDFUL))
                n_worked_on += len(claimed)
                fresh = {asyncio.create_task(self.deliver(delivery), name=f"delivery {delivery.id}") for delivery in claimed}
                running |= fresh
                if not running:
                    return n_worked_on
                until = asyncio.ALL_COMPLETED if fresh else asyncio.FIRST_COMPLETED
                await asyncio.wait(fresh or running, timeout=LOOK_AGAIN_S, return_when=until)
                for task in [task for task in running if task.done()]:
                    running.remove(task)
                    task.result()  # a broken outbox is not a broken delivery: it ends the daemon
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def close(self) -> None:
        """Claim no more: we are about to stop."""
        self._is_closing = True

    async def claim(self, limit: int) -> Sequence[DueDelivery]:
        """Take up to `limit` due deliveries, none for channels that have their hands full."""
        if limit <= 0:
            return ()
        busy = [channel for channel, n in self._in_hand.items() if n >= PER_CHANNEL]
        lease = self.mailroom.lease
        try:
            claimed = await self._store.write(
                claim_due_deliveries, now=self._clock(), lease=lease, owner=self._owner, limit=limit, busy_channels=busy
            )
        except StorageError as error:
            logger.error("outbox: cannot claim: {}", error)
            return ()
        self._in_hand.update(delivery.channel for delivery in claimed)
        return claimed

    async def deliver(self, delivery: DueDelivery) -> None:
        """Bring one claimed delivery to its next state, when it is its channel's turn. What escapes is a broken outbox."""
        mailroom, claimed_at = self.mailroom, self._clock()
        turn = self._turns.setdefault(delivery.channel, asyncio.Semaphore(PER_CHANNEL))
        try:
            async with turn:
                if self._clock() - claimed_at > timedelta(seconds=QUEUE_S):
                    await self._courier.give_back(delivery)  # too little of its lease is left to send it
                else:
                    await self._courier.carry(mailroom, delivery)
        except asyncio.CancelledError:
            await self._courier.give_back(delivery)
            raise
        except StorageError as error:  # it could not even be written down: its lease runs out, then it is due again
            logger.error("{}: {}: {}", delivery.channel, delivery.id, error)
        finally:
            self._in_hand -= Counter([delivery.channel])
