"""Real daemons as processes of their own, for the end-to-end tests."""

import atexit
import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ZYGOTE = Path(__file__).with_name("zygote.py")
DYING = Path(__file__).with_name("dying.py")
CANHBAO = [sys.executable, "-m", "crawler"]


def environment(**changed: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200", **changed}


@functools.cache
def _zygote() -> "subprocess.Popen[str]":
    """The one process that commands are forked off, until the tests end."""
    command = [sys.executable, str(ZYGOTE)]
    process = subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)  # closes its input, which ends it
    return process


def canhbao(*arguments: str, cwd: Path | None = None, deadline_s: float = 60, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, in a process of its own."""
    zygote = _zygote()
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        where = {"cwd": str(cwd or Path.cwd()), "out": out.name, "err": err.name}
        print(json.dumps({"arguments": arguments, "env": environment(**env), **where}), file=zygote.stdin, flush=True)
        pid = int(zygote.stdout.readline())
        timer = threading.Timer(deadline_s, os.kill, (pid, signal.SIGKILL))
        timer.start()
        code = int(zygote.stdout.readline())
        timer.cancel()
        timer.join()
        if code == -signal.SIGKILL:
            raise subprocess.TimeoutExpired(["canhbao", *arguments], deadline_s, out.read(), err.read())
        return subprocess.CompletedProcess(["canhbao", *arguments], code, out.read().decode(), err.read().decode())


class Running:
    """A process with its output in a file, behind that of earlier ones."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path, *, n_before: int) -> None:
        self.process, self.log, self._n_before = process, log, n_before

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)

    def terminate(self, *, deadline_s: float = 60) -> int:
        self.process.terminate()
        return self.process.wait(deadline_s)

    def said(self) -> str:
        return self.log.read_bytes()[self._n_before :].decode("utf-8", "replace")


@contextlib.contextmanager
def daemon(config: Path, *, die_after_commit: int = 0, command: str | Sequence[str] = "run") -> Iterator[Running]:
    """`canhbao run`, or another command, on `config`; killed at the end of the block if it still runs."""
    log = config.with_name(f"{config.stem}.log")
    words = [command] if isinstance(command, str) else command
    with log.open("ab") as out:
        n_before = out.tell()
        process = subprocess.Popen(
            [sys.executable, str(DYING), str(die_after_commit), *words, "--config", str(config)],
            env=environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(process, log, n_before=n_before)
    try:
        yield running
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


def until(condition: Callable[[], bool], *, deadline_s: float, alive: Running | None = None) -> None:
    """Wait for `condition`, looking often. Raises: TimeoutError; AssertionError when `alive` has ended meanwhile."""
    import time

    deadline = time.monotonic() + deadline_s
    while not condition():
        if alive is not None and alive.process.poll() is not None:
            raise AssertionError(f"the daemon ended with {alive.process.returncode}:\n{alive.said()[-4000:]}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {deadline_s} s" + (f":\n{alive.said()[-4000:]}" if alive else ""))
        time.sleep(0.02)
