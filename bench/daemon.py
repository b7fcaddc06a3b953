"""A real `canhbao run` as a process of its own, and meters on it and on the processes that read pages for it."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
END_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Processor seconds, of user and system, since the processes began."""

    daemon_s: float
    workers_s: float

    def __sub__(self, earlier: "Used") -> "Used":
        return Used(daemon_s=self.daemon_s - earlier.daemon_s, workers_s=self.workers_s - earlier.workers_s)

    @property
    def total_s(self) -> float:
        return self.daemon_s + self.workers_s


@dataclass(slots=True)
class Meter:
    """Of one daemon. `look` now and then: the peaks are the highest resident memory seen. Raises: RuntimeError when it has ended."""

    process: "subprocess.Popen[bytes]"
    daemon: psutil.Process
    daemon_peak_mb: float = 0.0
    worker_peaks_mb: dict[int, float] = field(default_factory=dict)

    def look(self) -> Used:
        if (code := self.process.poll()) is not None:
            raise RuntimeError(f"the daemon has ended with {code}")
        daemon_s, workers_s = _seconds(self.daemon), 0.0
        self.daemon_peak_mb = max(self.daemon_peak_mb, _resident_mb(self.daemon))
        for worker in self.daemon.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                workers_s += _seconds(worker)
                self.worker_peaks_mb[worker.pid] = max(self.worker_peaks_mb.get(worker.pid, 0.0), _resident_mb(worker))
        return Used(daemon_s=daemon_s, workers_s=workers_s)

    @property
    def worker_peak_mb(self) -> float:
        """Of the largest worker."""
        return max(self.worker_peaks_mb.values(), default=0.0)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _resident_mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


@contextlib.contextmanager
def running(config: Path, *, cores: Sequence[int] | None = None) -> Iterator[Meter]:
    """`canhbao run --config`, ended by SIGTERM. `cores` are the only ones it and its workers may use. Raises: RuntimeError if it ends badly."""
    log = config.with_suffix(".log")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", "run", "--config", str(config)], stdout=out, stderr=subprocess.STDOUT, env=environment
        )
    try:
        if cores is not None:
            os.sched_setaffinity(process.pid, cores)  # its workers inherit it
        yield Meter(process, psutil.Process(process.pid))
        process.send_signal(signal.SIGTERM)
        if (code := process.wait(END_S)) != 0:
            raise RuntimeError(f"the daemon ended with {code}")
    except Exception as error:
        error.add_note(log.read_text(encoding="utf-8", errors="replace")[-4000:])
        raise
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(END_S)
