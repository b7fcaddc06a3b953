"""A reload that the database refuses for a while is tried again and does not end the daemon."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from config.initial import write_initial
from config.load import load
from crawler.edition import Edition
from crawler.reload import Reloader
from storage.errors import StorageError
from tests.builders import NOON


class FullAtFirst:
    """A store that takes nothing the first time."""

    def __init__(self) -> None:
        self.is_full, self.was_asked, self.has_written = True, asyncio.Event(), asyncio.Event()

    async def write(self, *_: Any, **__: Any) -> None:
        self.was_asked.set()
        if self.is_full:
            self.is_full = False
            raise StorageError("disk is full")
        self.has_written.set()


def test_a_reload_that_a_full_disk_refused_is_tried_again_at_the_next_look(tmp_path: Path):
    write_initial(tmp_path)
    edition = Edition.of(load(tmp_path / "canhbao.yaml"))

    async def reload() -> None:
        store = FullAtFirst()
        client = SimpleNamespace(retune=lambda _: None)
        desk: Any = SimpleNamespace(store=store, client=client, edition=edition, clock=lambda: NOON)
        outbox: Any = SimpleNamespace(mailroom=None)
        reloader = Reloader(desk, outbox)
        running = asyncio.create_task(reloader.run())
        reloader.ask()
        await store.was_asked.wait()
        while not store.has_written.is_set() and not running.done():
            reloader.look()
            await asyncio.sleep(0)
        running.cancel()
        assert store.has_written.is_set()

    asyncio.run(asyncio.wait_for(reload(), 30))
