"""Daemons on one PostgreSQL see one another, and what one that was killed had in hand is taken up by the living."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from crawler.rollcall import N_LOOKS, RollCall
from storage.engine import Store
from storage.presence import Presence, absent_owners, has_daemon
from storage.sources import finish_poll
from tests.builders import NOON
from tests.integration.storage.given import TOMORROW, claimed_links, claimed_sources, given_links, given_source, make_done

REPOSITORY = Path(__file__).resolve().parents[3]
DEADLINE_S = 30

WORK = """
import sys
from datetime import timedelta
from storage.engine import Store
from storage.links import claim_due_links
from storage.presence import Presence
from storage.sources import claim_due_sources
from tests.builders import NOON

url, owner = sys.argv[1:]
presence = Presence(url, owner)
presence.renew()
with Store.open(url) as store:
    for claim in (claim_due_sources, claim_due_links):
        print(len(store.run(claim, now=NOON + timedelta(days=1), lease=timedelta(days=1), owner=owner, limit=9)), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def shared(empty_postgres: str) -> Iterator[Store]:
    with Store.open(empty_postgres) as store:
        yield store


@contextmanager
def colleague(url: str, owner: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the source and a link in hand, and goes on to have them until it is killed."""
    command = [sys.executable, "-c", WORK, url, owner]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["1\n", "1\n"]
        yield process
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE_S)


def look(store: Store, presence: Presence, *, n: int = N_LOOKS) -> RollCall:
    roll = RollCall(store, presence)

    async def looks() -> None:
        for _ in range(n):
            await roll.look()

    asyncio.run(looks())
    return roll


def cut_off(url: str) -> None:
    """As a server that is restarted, or a line that breaks."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'canhbao presence'"))


def in_hand(store: Store) -> tuple[int, int]:
    """What is not to be had though it is due: sources, links."""
    return 1 - len(claimed_sources(store, now=TOMORROW)), 1 - len(claimed_links(store, now=TOMORROW))


def test_a_daemon_on_postgresql_is_seen_for_as_long_as_it_lives(empty_postgres: str):
    assert not has_daemon(empty_postgres)
    with closing(Presence(empty_postgres, "one")) as one, closing(Presence(empty_postgres, "two")) as two:
        one.renew()
        two.renew()
        one.close()
        assert has_daemon(empty_postgres)
    assert not has_daemon(empty_postgres)


def test_the_work_of_a_daemon_that_was_killed_is_due_again_long_before_its_lease_ends(shared: Store):
    given_links(shared, "http://h1/a")
    with closing(Presence(shared.url, "we")) as ours, colleague(shared.url, "they") as they:
        ours.renew()
        look(shared, ours)
        assert in_hand(shared) == (1, 1)  # it lives
        they.kill()
        they.wait(DEADLINE_S)
        look(shared, ours, n=N_LOOKS - 1)
        assert in_hand(shared) == (1, 1)
        look(shared, ours)
        assert in_hand(shared) == (0, 0)


def test_whoever_was_cut_off_from_the_server_is_seen_again_and_keeps_its_work(shared: Store):
    source = given_source(shared)  # claimed by "test"
    with closing(Presence(shared.url, "test")) as theirs, closing(Presence(shared.url, "we")) as ours:
        theirs.renew()
        cut_off(shared.url)
        roll = look(shared, ours, n=N_LOOKS - 1)
        assert shared.look(absent_owners) == {"test"}
        theirs.renew()
        assert shared.look(absent_owners) == set()
        asyncio.run(roll.look())
        assert shared.run(finish_poll, *make_done(source), now=NOON) is not None
