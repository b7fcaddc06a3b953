"""A reload that the database refuses for a while is tried again and does not end the daemon."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from loguru import logger
from ruamel.yaml import YAML

from config.initial import write_initial
from config.load import load
from crawler.edition import Edition
from crawler.fetch.transport import Ways
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


def test_a_proxy_is_changed_without_a_restart(tmp_path: Path):
    write_initial(tmp_path)
    main = tmp_path / "canhbao.yaml"
    edition = Edition.of(load(main))
    tuned: list[Ways] = []

    async def reload() -> None:
        store = FullAtFirst()
        store.is_full = False
        desk: Any = SimpleNamespace(store=store, client=SimpleNamespace(retune=tuned.append), edition=edition, clock=lambda: NOON)
        outbox: Any = SimpleNamespace(mailroom=None)
        reloader = Reloader(desk, outbox)
        typed = YAML().load(main)
        typed["http"] = {**typed.get("http", {}), "proxy": "http://u:secret@10.0.0.9:3128"}
        with main.open("w", encoding="utf-8") as out:
            YAML().dump(typed, out)
        running = asyncio.create_task(reloader.run())
        reloader.ask()
        await store.has_written.wait()
        running.cancel()

    said: list[str] = []
    sink = logger.add(said.append)
    try:
        asyncio.run(asyncio.wait_for(reload(), 30))
    finally:
        logger.remove(sink)
    assert [str(ways.proxy) for ways in tuned] == ["http://10.0.0.9:3128"]
    assert not [line for line in said if "restart" in line or "secret" in line]
