"""Processes that read pages: a hostile page costs one of them its life, never the daemon's, and no other page's time.

Measured (design §7): parsing in threads gains nothing, in two processes it nearly doubles; and a thread cannot be stopped.
"""

import asyncio
import contextlib
import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from crawler.errors import ParseError

P = ParamSpec("P")
T = TypeVar("T")

SET_PDEATHSIG = 1  # Linux, prctl(2): the signal we get when our parent dies
LOOK_FOR_PARENT_S = 1.0


class Workers:
    """`n` processes, each reading one page at a time. `close` leaves none behind, and neither does the parent's sudden death."""

    def __init__(self, n: int, *, deadline_s: float, memory_mb: int) -> None:
        self._deadline_s, self._memory_mb = deadline_s, memory_mb
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._all = [_Worker(memory_mb) for _ in range(n)]
        for worker in self._all:
            self._free.put_nowait(worker)

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args)` in the next free process; everything that goes in and out must be picklable.

        Raises: ParseError when it takes longer than the deadline, more memory than allowed, or kills its process; and
        whatever `function` raises.
        """
        worker = await self._free.get()
        try:
            return await self._run(worker, function, *args, **kwargs)
        finally:
            self._free.put_nowait(worker)

    async def _run(self, worker: "_Worker", function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        url = str(getattr(args[0], "url", "")) if args else ""
        try:
            await worker.ready()
            async with asyncio.timeout(self._deadline_s):
                return await asyncio.wrap_future(worker.submit(function, *args, **kwargs))
        except TimeoutError as error:
            worker.replace()
            raise ParseError(url, f"takes longer than {self._deadline_s:g} s to read") from error
        except asyncio.CancelledError:
            worker.replace()  # it goes on reading what nobody waits for
            raise
        except BrokenProcessPool as error:
            worker.replace()
            raise ParseError(url, "killed the process that read it") from error
        except MemoryError as error:
            worker.replace()
            raise ParseError(url, f"needs more than {self._memory_mb} MB to read") from error

    async def close(self) -> None:
        for worker in self._all:
            worker.kill()


class _Worker:
    """One process behind one executor, so that it can be killed alone."""

    def __init__(self, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._start()

    def _start(self) -> None:
        self._executor = ProcessPoolExecutor(
            1, mp_context=multiprocessing.get_context("spawn"), initializer=_settle_in, initargs=(os.getpid(), self._memory_mb)
        )
        self._pid: Future[int] = self._executor.submit(os.getpid)

    async def ready(self) -> None:
        """Until the process is up: importing takes a second, which is nobody's page's fault."""
        if not self._pid.done():
            await asyncio.wrap_future(self._pid)

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        return self._executor.submit(function, *args, **kwargs)

    def replace(self) -> None:
        self.kill()
        self._start()

    def kill(self) -> None:
        if self._pid.done() and self._pid.exception() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid.result(), signal.SIGKILL)
        self._executor.shutdown(wait=True, cancel_futures=True)


def _settle_in(parent: int, memory_mb: int) -> None:
    """Of a new process: die with the parent, leave Ctrl-C to it, keep within the memory, import what reading needs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    import crawler.reading  # noqa: F401, PLC0415 - warmed here, once, instead of at the first page

    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _watch(parent: int) -> None:
    """Where there is no PDEATHSIG, or the thread that started us ended first."""
    while os.getppid() == parent:
        time.sleep(LOOK_FOR_PARENT_S)
    os._exit(1)
