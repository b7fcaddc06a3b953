"""Host names to addresses, remembered for a minute, asked once however many wait."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from threading import BoundedSemaphore, Thread
from typing import TypeAlias

from crawler.fetch.guard import is_address

Resolve: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]

TTL_S = 60.0  # getaddrinfo hides the record's own; a minute is short for DNS and long for a poll
MAX_REMEMBERED = 20_000
MAX_LOOKUPS = 64  # threads at a time; a dead name server holds each for about ten seconds


class Resolver:
    """`resolve` asks the system, or whatever a test puts there."""

    def __init__(self, resolve: Resolve | None = None, *, ttl_s: float = TTL_S) -> None:
        self._resolve = resolve or SystemLookup()
        self._ttl_s = ttl_s
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._asking: dict[str, asyncio.Task[tuple[str, ...]]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of `host`, in the system's order of preference, never empty. Raises: OSError, UnicodeError."""
        if is_address(host):
            return (host,)
        known = self._known.get(host)
        if known is not None and known[0] > asyncio.get_running_loop().time():
            return known[1]
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.create_task(self._ask(host))
        return await asyncio.shield(task)

    def forget(self, host: str) -> None:
        """Ask anew next time: none of the addresses took a connection."""
        self._known.pop(host, None)

    async def _ask(self, host: str) -> tuple[str, ...]:
        try:
            found = tuple(dict.fromkeys(await self._resolve(host)))
        finally:
            self._asking.pop(host, None)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        self._known[host] = (asyncio.get_running_loop().time() + self._ttl_s, found)
        return found


class SystemLookup:
    """getaddrinfo in daemon threads: the loop's own pool is small, and a hung lookup there would hold up the exit of the process."""

    def __init__(self) -> None:
        self._room = BoundedSemaphore(MAX_LOOKUPS)

    async def __call__(self, host: str) -> Sequence[str]:
        if not self._room.acquire(blocking=False):
            raise socket.gaierror(socket.EAI_AGAIN, f"{MAX_LOOKUPS} lookups are hanging")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[str]] = loop.create_future()
        Thread(target=self._look_up, args=(host, loop, answer), name=f"dns {host}", daemon=True).start()
        return await answer

    def _look_up(self, host: str, loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[Sequence[str]]") -> None:
        found: list[str] = []
        failure: OSError | UnicodeError | None = None
        try:
            found = [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            failure = error
        finally:
            self._room.release()
        with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(_settle, answer, found, failure)


def _settle(answer: "asyncio.Future[Sequence[str]]", found: Sequence[str], failure: OSError | UnicodeError | None) -> None:
    if answer.done():
        return
    if failure is not None:
        answer.set_exception(failure)
    else:
        answer.set_result(found)
