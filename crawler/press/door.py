"""A listening address that can be shut, so that connections are refused, and opened again, with an event loop of its own in a thread."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from typing import Generic, TypeVar

DEADLINE_S = 10.0
BACKLOG = 4096
T = TypeVar("T")


class Door:
    """Binds `address` at once and keeps the port while it is shut: a second socket holds it, bound but not listening."""

    def __init__(self, address: str, port: int = 0) -> None:
        self._holder = _bound(address, port)
        self.address: str = address
        self.port: int = self._holder.getsockname()[1]
        self._listener: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening: set[asyncio.Task[object]] = set()

    @property
    def is_open(self) -> bool:
        return self._listener is not None

    def open(self, loop: asyncio.AbstractEventLoop, make_protocol: Callable[[], asyncio.BaseProtocol]) -> None:
        """Listen; a protocol of `make_protocol` serves each connection in `loop`. Connections are taken from the moment this returns."""
        if self._listener is not None:
            return
        listener = _bound(self.address, self.port)
        listener.listen(BACKLOG)
        listener.setblocking(False)
        self._listener, self._loop = listener, loop
        call_in(loop, lambda: loop.add_reader(listener.fileno(), self._accept, listener, loop, make_protocol))

    def shut(self) -> None:
        """Stop listening. Connections that stand are not cut."""
        listener, self._listener = self._listener, None
        if listener is not None and self._loop is not None:
            loop = self._loop
            call_in(loop, lambda: loop.remove_reader(listener.fileno()))
            listener.close()

    def close(self) -> None:
        self.shut()
        self._holder.close()

    def _accept(self, listener: socket.socket, loop: asyncio.AbstractEventLoop, make_protocol: Callable[[], asyncio.BaseProtocol]) -> None:
        with contextlib.suppress(BlockingIOError, InterruptedError, ConnectionAbortedError):
            for _ in range(BACKLOG):
                connection, _peer = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                task: asyncio.Task[object] = loop.create_task(loop.connect_accepted_socket(make_protocol, connection))
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)


def _bound(address: str, port: int) -> socket.socket:
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((address, port))
    except OSError:
        held.close()
        raise
    return held


def open_doors(addresses: list[str], port: int) -> list[Door]:
    """One door for each address, all on one port: `port`, or any that is free everywhere if 0."""
    for _ in range(20):
        doors: list[Door] = []
        try:
            for address in addresses:
                doors.append(Door(address, port or (doors[0].port if doors else 0)))
        except OSError:
            for door in doors:
                door.close()
            if port:
                raise
        else:
            return doors
    raise OSError(f"no port is free on all of {', '.join(addresses)}")


def call_in(loop: asyncio.AbstractEventLoop, act: Callable[[], T]) -> T:
    """Run `act` in the thread of `loop` and return what it gives; at once, when that is the caller's own."""
    with contextlib.suppress(RuntimeError):
        if asyncio.get_running_loop() is loop:
            return act()
    done: Future[T] = Future()

    def acted() -> None:
        try:
            done.set_result(act())
        except BaseException as error:  # noqa: BLE001 - carried to the caller
            done.set_exception(error)

    loop.call_soon_threadsafe(acted)
    return done.result(DEADLINE_S)


@contextlib.contextmanager
def loop_in_thread(name: str) -> Generator[asyncio.AbstractEventLoop, None, None]:
    """An event loop that runs in a daemon thread; at the end its tasks are cancelled and the thread is joined."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=name, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(cancel_tasks(), loop).result(DEADLINE_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(DEADLINE_S)
        loop.close()


async def cancel_tasks() -> None:
    """Cancel every other task of this loop and wait for them."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)


class Ledger(Generic[T]):
    """An append-only list that any thread may read, and wait on."""

    def __init__(self) -> None:
        self._entries: list[T] = []
        self._news = threading.Condition()

    def append(self, entry: T) -> None:
        with self._news:
            self._entries.append(entry)
            self._news.notify_all()

    def __len__(self) -> int:
        return len(self._entries)

    def since(self, n: int = 0) -> list[T]:
        """The entries from the `n`-th on, as they are now."""
        with self._news:
            return self._entries[n:]

    def wait_until(self, is_enough: Callable[[list[T]], bool], *, deadline_s: float) -> list[T]:
        """Block until `is_enough` of the entries, then return them. Raises: TimeoutError."""
        with self._news:
            if not self._news.wait_for(lambda: is_enough(self._entries), timeout=deadline_s):
                raise TimeoutError(f"not enough after {deadline_s} s: {len(self._entries)} entries")
            return list(self._entries)

    def __iter__(self) -> Iterator[T]:
        return iter(self.since())
