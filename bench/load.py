"""A daemon in front of a crowd of newspapers, each in a process of its own, and what both wrote down: the ground of the two load runs."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from bench.crowd import DOMAIN, Asked, read_log
from bench.watched import Second, read_diary

ROOT = Path(__file__).resolve().parents[1]
START_S = 120.0
END_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Every third host shares an address with others, so that an address's share is as often the limit as a host's interval."""

    n_hosts: int
    n_sources: int
    per_host_interval_s: float
    per_address_interval_s: float
    poll_every_s: float
    lasts_s: float
    """From the first request on."""
    hosts_an_address: int = 16
    publishes_every_s: float = 0.0
    slowest_s: float = 0.0

    @property
    def hosts(self) -> list[str]:
        return [f"p{n}{DOMAIN}" for n in range(self.n_hosts)]

    def addresses(self) -> Mapping[str, str]:
        """By name. Two thirds of the hosts have an address of their own."""
        shared = [host for n, host in enumerate(self.hosts) if n % 3 == 0]
        alone = [host for n, host in enumerate(self.hosts) if n % 3]
        by_host = {host: _address(70, n // self.hosts_an_address) for n, host in enumerate(shared)}
        return by_host | {host: _address(71, n) for n, host in enumerate(alone)}


def _address(net: int, number: int) -> str:
    return f"127.{net}.{number // 250}.{number % 250 + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What the servers saw and what the daemon knew of itself."""

    asked: Sequence[Asked]
    seconds: Sequence[Second]


def run(load: Load) -> Witness:
    """Raises: RuntimeError, with the end of the daemon's log, when one of the two ends badly."""
    with tempfile.TemporaryDirectory(prefix="canhbao-load-") as name:
        folder = Path(name)
        with crowd(folder, load) as port:
            _write_config(folder, load, port)
            _let_it_run(folder, load)
        return Witness(asked=read_log(folder / "asked.json"), seconds=read_diary(folder / "diary.json"))


@contextlib.contextmanager
def crowd(folder: Path, load: Load) -> Iterator[int]:
    """The newspapers' port. Their log is written when the block ends."""
    command = [
        "-m",
        "bench.crowd",
        "--log",
        str(folder / "asked.json"),
        "--period",
        str(load.publishes_every_s),
        "--slowest",
        str(load.slowest_s),
    ]
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, env=_environment())
    try:
        assert process.stdout is not None
        with process.stdout as out:
            port = int(out.readline())
        yield port
        _end(process, "the newspapers")
    finally:
        _kill(process)


def _let_it_run(folder: Path, load: Load) -> None:
    log = folder / "daemon.log"
    (folder / "addresses.json").write_text(json.dumps(load.addresses()), encoding="utf-8")
    command = [
        "-m",
        "bench.watched",
        str(folder / "canhbao.yaml"),
        "--addresses",
        str(folder / "addresses.json"),
        "--diary",
        str(folder / "diary.json"),
    ]
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *command], stdout=out, stderr=subprocess.STDOUT, env=_environment())
    try:
        _wait_for_the_first_poll(process, log)
        time.sleep(load.lasts_s)
        _end(process, "the daemon")
    except Exception as error:
        error.add_note(log.read_text(encoding="utf-8", errors="replace")[-4000:])
        raise
    finally:
        _kill(process)


def _wait_for_the_first_poll(process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_S
    while b"poll: " not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the daemon does not poll (exit code {process.poll()})")
        time.sleep(0.1)


def _end(process: "subprocess.Popen[bytes]", who: str) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    if (code := process.wait(END_S)) != 0:
        raise RuntimeError(f"{who} ended with {code}")


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait(END_S)


def _environment() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _write_config(folder: Path, load: Load, port: int) -> None:
    (folder / "portals").mkdir()
    for n, host in enumerate(load.hosts):
        sources = range(n, load.n_sources, load.n_hosts)
        portal = {
            "id": f"p{n}",
            "name": f"Báo {n}",
            "home": f"http://{host}:{port}/",
            "sources": [{"id": f"s{m}", "kind": "feed", "url": f"http://{host}:{port}/rss-{m}.xml"} for m in sources],
            "article": {"urls": [{"era": "x", "match": r"/bai-(?P<id>\d+)\.html$"}]},
        }
        # JSON is YAML, and read as fast as it is written
        (folder / "portals" / f"p{n}.yaml").write_text(json.dumps(portal, ensure_ascii=False), encoding="utf-8")
    settings = {
        "database": f"sqlite:///{folder}/bench.db",
        "portals": ["portals"],
        "watches": "watches.yaml",
        "http": {
            "per_host_interval_s": load.per_host_interval_s,
            "per_address_interval_s": load.per_address_interval_s,
            "allow_addresses": ["127.0.0.0/8"],
        },
        "poll": {"min_s": load.poll_every_s, "max_s": load.poll_every_s, "tick_s": 0.5},
        "channels": {"log": {"type": "file", "path": f"{folder}/alerts.jsonl"}},
    }
    (folder / "watches.yaml").write_text("watches: []\n", encoding="utf-8")
    with (folder / "canhbao.yaml").open("w", encoding="utf-8") as out:
        YAML().dump(settings, out)
