"""Processes that read pages: a hostile page costs one of them its life, never the daemon's, and no other page's time.

Measured (design §7): parsing in threads gains nothing, in two processes it nearly doubles; and a thread cannot be stopped. Each worker
is a fresh interpreter (no fork) at the other end of a socket pair, with a memory limit and without our environment's secrets.
"""

import asyncio
import contextlib
import ctypes
import os
import pickle
import resource
import signal
import socket
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable, Collection, Iterator
from typing import ParamSpec, TypeVar

from crawler.errors import ParseError

P = ParamSpec("P")
T = TypeVar("T")

_START_S = 60.0  # importing takes half a second; a loaded machine may need much longer, and it is no page's fault
_STARTS = 3
_STOPS = (signal.SIGINT, signal.SIGTERM)
_SET_PDEATHSIG = 1  # Linux, prctl(2): the signal a process gets when its parent dies
_LENGTH = struct.Struct(">Q")
_READY, _RESULT, _ERROR, _NO_MEMORY = b"+", b"r", b"e", b"m"
_CHILD = "import sys; sys.path[:] = sys.argv[4:]; from crawler.workers import serve; serve(*map(int, sys.argv[1:4]))"
_KEPT = ("PATH", "HOME", "LANG", "LC_", "TZ", "TMP", "TEMP", "LD_", "DYLD_", "PYTHON", "VIRTUAL_ENV", "COVERAGE")
"""Beginnings of the environment variables a worker gets: passwords are not among them."""


class Workers:
    """`n` processes, each reading one page at a time. `close` leaves none behind, and neither does the parent's sudden death."""

    def __init__(self, n: int, *, deadline_s: float, memory_mb: int) -> None:
        self._deadline_s, self._memory_mb = deadline_s, memory_mb
        self._all = [_Worker(memory_mb) for _ in range(n)]
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()  # last in first out: idle ones stay cold, or are never started
        for worker in self._all:
            self._free.put_nowait(worker)
        self._is_closed = False

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args)` in the next free process; function and values must be picklable. The deadline counts from the start of reading.

        Raises: ParseError when it takes longer than the deadline, more memory than allowed, or kills its process (tried twice, the
        second time in a fresh process: an earlier page may be to blame); and whatever `function` raises.
        """
        worker = await self._free.get()
        try:
            request = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)  # only now: a hundred may wait for their turn
            if 2 * len(request) > self._memory_mb * 1024 * 1024:  # the worker holds it as sent and unpacked
                raise self._too_big(_url_of(args))
            answer = await self._ask(worker, request, _url_of(args))
        finally:
            self._free.put_nowait(worker)
        kind, value = answer[:1], pickle.loads(memoryview(answer)[1:])  # noqa: S301  our own process wrote it
        if kind == _RESULT:
            return value  # type: ignore[no-any-return]
        error, where = value
        if not isinstance(error, ParseError):
            error.add_note(f"In the worker process:\n{where}")
        raise error

    async def _ask(self, worker: "_Worker", request: bytes, url: str) -> bytes:
        while not self._is_closed:
            is_fresh = await self._ready(worker)
            try:
                async with asyncio.timeout(self._deadline_s):
                    answer = await worker.ask(request)
            except TimeoutError as error:
                worker.kill()
                raise ParseError(url, f"takes longer than {self._deadline_s:g} s to read") from error
            except (EOFError, ConnectionError) as error:
                worker.kill()
                if is_fresh:
                    raise ParseError(url, "killed the process that read it") from error
            except asyncio.CancelledError:
                worker.kill()  # it would go on reading what nobody waits for
                raise
            else:
                if answer != _NO_MEMORY:
                    return answer
                worker.kill()
                if is_fresh:
                    raise self._too_big(url)
        raise RuntimeError("the workers are closed")

    def _too_big(self, url: str) -> ParseError:
        return ParseError(url, f"needs more than {self._memory_mb} MB to read")

    async def _ready(self, worker: "_Worker") -> bool:
        """As `worker.ready`; one that dies while it starts has seen no page yet, and none is blamed."""
        for n_left in reversed(range(_STARTS)):
            try:
                return await worker.ready()
            except (EOFError, ConnectionError) as error:
                if not n_left or self._is_closed:
                    raise RuntimeError(f"worker processes die while they start, {_STARTS - n_left} in a row") from error
        raise AssertionError("the last one was started or raised")

    async def close(self) -> None:
        """Kill them all, whatever they are reading, and wait until they are gone."""
        self._is_closed = True
        for worker in self._all:
            worker.kill()
        for worker in self._all:
            await worker.gone()


def _url_of(args: tuple[object, ...]) -> str:
    named = (getattr(arg, "url", arg) for arg in args)
    return next((url for url in named if isinstance(url, str) and "://" in url), "")


class _Worker:
    """One process and the socket to it; started when first needed, and again after it was killed."""

    def __init__(self, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._killed: list[subprocess.Popen[bytes]] = []
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._n_asked = 0

    async def ready(self) -> bool:
        """Started and warm. Whether it is fresh: it has read nothing yet."""
        if self._streams is None:
            self._killed = [process for process in self._killed if process.poll() is None]
            try:
                async with asyncio.timeout(_START_S):
                    self._streams = await self._start()
            except BaseException:
                self.kill()
                raise
            self._n_asked = 0
        return self._n_asked == 0

    async def _start(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", _CHILD, str(theirs.fileno()), str(os.getpid()), str(self._memory_mb), *sys.path]
            environment = {name: value for name, value in os.environ.items() if name.startswith(_KEPT)}
            # Must be started from a thread that lives as long as we do (the loop's): PDEATHSIG watches the thread, not the process.
            # A process group of its own: Ctrl-C is for the daemon, which drains. The child enters it a moment after it was born, and
            # `kill` by a service manager may hit it while it imports: until it is told to ignore both, it inherits that they wait.
            with _held_back(_STOPS):
                self._process = subprocess.Popen(  # noqa: ASYNC220, S603
                    command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment, process_group=0
                )
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        try:
            await reader.readexactly(len(_READY))
        except BaseException:
            writer.close()
            raise
        return reader, writer

    async def ask(self, request: bytes) -> bytes:
        assert self._streams is not None
        reader, writer = self._streams
        self._n_asked += 1
        writer.write(_LENGTH.pack(len(request)) + request)  # at once, so that it wakes once
        await writer.drain()
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return await reader.readexactly(length)

    def kill(self) -> None:
        """Never waits: whoever cares calls `gone`."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
        if self._process is not None:
            self._process.kill()
            self._killed.append(self._process)
            self._process = None

    async def gone(self) -> None:
        for process in self._killed:
            await asyncio.to_thread(process.wait)
        self._killed.clear()


@contextlib.contextmanager
def _held_back(signals: Collection[signal.Signals]) -> Iterator[None]:
    """They wait for the end of the block; in a process started in it, until that process lets them in."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the worker ------------------------------------------------------------------------------------------------------------


def serve(fd: int, parent: int, memory_mb: int) -> None:
    """The whole life of a worker process: read requests from the socket `fd`, answer them, end with the parent."""
    _settle_in(parent, memory_mb)
    with socket.socket(fileno=fd) as connection, connection.makefile("rb") as requests:
        connection.sendall(_READY)
        while header := requests.read(_LENGTH.size):
            (length,) = _LENGTH.unpack(header)
            answer = _answer(requests.read(length))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the parent gave up on us
                connection.sendall(_LENGTH.pack(len(answer)) + answer)


def _settle_in(parent: int, memory_mb: int) -> None:
    """Die with the parent, leave Ctrl-C and SIGTERM to it (it drains), import what reading needs, then keep within the memory."""
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_IGN)  # also forgets those that waited
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it died before we asked to be told
    import crawler.reading  # noqa: F401, PLC0415  warmed here, once, instead of at the first page

    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _answer(request: bytes) -> bytes:
    try:
        function, args, kwargs = pickle.loads(request)  # noqa: S301  our own parent wrote it
        return _RESULT + pickle.dumps(function(*args, **kwargs), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return _NO_MEMORY
    except Exception as error:  # noqa: BLE001  not handled here: it is raised again in the parent, at its bug boundary
        return _ERROR + _pickled(error, traceback.format_exc())


def _pickled(error: Exception, where: str) -> bytes:
    try:
        packed = pickle.dumps((error, where), pickle.HIGHEST_PROTOCOL)
        pickle.loads(packed)  # noqa: S301  some exceptions pickle and cannot be unpickled
    except Exception:  # noqa: BLE001  whatever its __reduce__ raises
        packed = pickle.dumps((RuntimeError(f"{type(error).__name__}: {error}"), where), pickle.HIGHEST_PROTOCOL)
    return packed
