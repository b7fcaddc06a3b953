"""A press in a process of its own, driven like one in ours: for benchmarks that must not share their core with it."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Generator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.press.faults import Fault
from crawler.press.truth import Truth

DEADLINE_S = 30.0


class RemotePress:
    """Of a press that was started by `remote_press`."""

    def __init__(self, *, control: str, portals: Mapping[str, str], pid: int) -> None:
        self.control, self.portals, self.pid = control, portals, pid
        """`portals`: id to base URL."""

    def truth(self) -> Truth:
        return Truth.from_json(self._ask("truth").decode())

    def log(self, since: int = 0) -> list[dict[str, Any]]:
        """The requests from the `since`-th on, as rows of `Served`."""
        rows: list[dict[str, Any]] = json.loads(self._ask(f"log?since={since}"))
        return rows

    def tell(self, host_or_portal: str, fault: Fault) -> None:
        self._ask("tell", {"portal": host_or_portal, **asdict(fault)})

    def heal(self, host_or_portal: str | None = None) -> None:
        self._ask("heal", {"portal": host_or_portal})

    def redesign(self, host_or_portal: str, *, from_article: int | None = None) -> None:
        self._ask("redesign", {"portal": host_or_portal, "from_article": from_article})

    def _ask(self, what: str, wish: Mapping[str, Any] | None = None) -> bytes:
        body = None if wish is None else json.dumps(wish).encode()
        request = urllib.request.Request(f"{self.control}/__press__/{what}", data=body)  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:  # noqa: S310 - our own address
            whole: bytes = answer.read()
        return whole


@contextlib.contextmanager
def remote_press(config_dir: Path, *options: str) -> Generator[RemotePress, None, None]:
    """Start `python -m crawler.press` with `options`, its configuration in `config_dir`; end it at the end. It dies with us, too."""
    command = [sys.executable, "-m", "crawler.press", "--config-dir", str(config_dir), "--die-with-parent", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:  # noqa: S603 - ourselves
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"the press did not start: exit code {process.wait(DEADLINE_S)}")
            ready = json.loads(line)
            yield RemotePress(control=ready["control"], portals=ready["portals"], pid=ready["pid"])
        finally:
            process.terminate()
            process.wait(DEADLINE_S)
