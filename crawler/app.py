"""The composition root: builds the parts a command needs from one configuration, and takes them down again."""

import os
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

from loguru import logger

from config.load import Config
from config.portal import Portal
from config.settings import Http
from crawler.alert.mailroom import mailroom_of
from crawler.alert.outbox import Outbox
from crawler.alert.senders import Senders
from crawler.blackout import Blackout
from crawler.daemon import Daemon
from crawler.edition import VERSION, Edition, ways_of
from crawler.fetch.client import Client, user_agent
from crawler.fetch.outage import Outage
from crawler.fetch.politeness import Gate
from crawler.fetch.resolver import Resolver
from crawler.fetch.robots import Robots
from crawler.keeper import Keeper
from crawler.pipeline import Desk
from crawler.rollcall import RollCall
from crawler.workers import Workers
from storage.clocks import forget_the_future
from storage.connect import sqlite_path
from storage.engine import Store
from storage.presence import Presence
from storage.sources import release_leases, sync_sources

PAGE_DEADLINE_S = 20
"""A page that takes longer to read is hostile: the slowest real one measured takes 0.2 s."""

PAGE_MEMORY_MB = 1024
MAX_WORKERS = 4


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def open_daemon(config: Config, *, resolver: Resolver | None = None) -> AsyncIterator[Daemon]:
    """A daemon over `config`, whose database has the right schema and, on SQLite, is ours alone. `resolver`: other than the system's.

    Every part is taken down at the end, in the reverse order, also when one of them fails to start.
    """
    edition = Edition.of(config)
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"  # in two containers the same name may be process 1
    async with AsyncExitStack() as parts:
        store = Store.open(config.database_url)
        parts.callback(store.close)
        roll = None
        if sqlite_path(config.database_url) is not None:
            # One daemon at a time, so whatever is still leased belongs to a dead one. On PostgreSQL the roll call tells.
            await store.write(release_leases, owner=None)
        else:
            presence = Presence(config.database_url, owner)
            parts.callback(presence.close)
            presence.renew()
            roll = RollCall(store, presence)
        await store.write(sync_sources, edition.specs(), now=now())
        if n_mended := await store.write(forget_the_future, now=now()):
            logger.warning("the clock was ahead once: {} rows waited for a time that is far off, and are due now", n_mended)
        workers = Workers(n_workers(config.settings.workers), deadline_s=PAGE_DEADLINE_S, memory_mb=PAGE_MEMORY_MB)
        parts.push_async_callback(workers.close)
        gate, robots = open_gate(config.settings.http), Robots(clock=now)
        blackout = Blackout()
        client = await parts.enter_async_context(
            open_client(config.settings.http, gate, robots, outage=blackout.outage, portals=config.portals.values(), resolver=resolver)
        )
        keeper = Keeper(store, gate, robots, clock=now)
        await keeper.restore()
        senders = Senders(version=VERSION)
        parts.push_async_callback(senders.aclose)
        outbox = Outbox(store, mailroom_of(config, edition.operators, version=VERSION), senders.send, clock=now, owner=owner)
        desk = Desk(store=store, client=client, workers=workers, edition=edition, clock=now, blackout=blackout)
        yield Daemon(desk, outbox, keeper, owner=owner, roll=roll)


def open_gate(http: Http) -> Gate:
    return Gate(per_host_interval_s=http.per_host_interval_s, per_address_interval_s=http.per_address_interval_s)


def open_client(
    http: Http,
    gate: Gate | None = None,
    robots: Robots | None = None,
    *,
    outage: Outage | None = None,
    portals: Iterable[Portal] = (),
    resolver: Resolver | None = None,
) -> Client:
    """The one way to the portals, to be used as `async with`; with a gate and rules of its own unless they are given.

    `portals` say which hosts are reached otherwise than usual.
    """
    return Client(
        http=http,
        gate=gate or open_gate(http),
        robots=robots or Robots(clock=now),
        user_agent=user_agent(VERSION, http.contact),
        clock=now,
        outage=outage,
        ways=ways_of(http, portals),
        resolver=resolver,
    )


def n_workers(configured: int) -> int:
    return configured or min(os.cpu_count() or 1, MAX_WORKERS)
