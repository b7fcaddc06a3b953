"""The press as a process of its own: `python -m crawler.press --for 60 --config-dir DIR`.

Prints one JSON line when it is ready, {"pid", "start", "control", "portals": {id: base URL}}, and serves until `--for` is over, SIGTERM
or SIGINT comes or, with --die-with-parent, its parent is gone.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from crawler.press.control import ControlDesk
from crawler.press.door import Door, loop_in_thread
from crawler.press.server import Press
from crawler.press.wire import Connection

LOOK_EVERY_S = 0.1
"""How often the log is written out and the parent looked for."""


def main() -> int:
    wish = _arguments()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    start = datetime.fromisoformat(wish.start) if wish.start else datetime.now(UTC)
    press = Press(
        seed=wish.seed,
        start=start,
        n_backlog=wish.backlog,
        n_articles=wish.articles,
        period_s=wish.period,
        port=wish.port,
        window=wish.window,
        page_bytes=wish.page_bytes,
    )
    with press.running(), loop_in_thread("control") as loop:
        door = Door("127.0.0.1", wish.control_port)
        desk = ControlDesk(press)
        live: set[Connection] = set()
        door.open(loop, lambda: Connection(desk.answer, live))
        _write_out(press, wish)
        urls = {portal.id: portal.base_url for portal in press.portals}
        ready = {"pid": os.getpid(), "start": start.isoformat(), "control": f"http://127.0.0.1:{door.port}", "portals": urls}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        _wait(press, stop, wish)
        door.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crawler.press", description="A simulated provincial press on loopback.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", help="ISO time with offset; default: now")
    parser.add_argument("--port", type=int, default=0, help="the same on every address; 0: any free one")
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--for", dest="for_s", type=float, default=3600, metavar="SECONDS", help="end after so long")
    parser.add_argument("--backlog", type=int, default=40, help="articles older than a day")
    parser.add_argument("--articles", type=int, default=40, help="articles to publish")
    parser.add_argument("--period", type=float, default=30, metavar="SECONDS", help="time over which they are published")
    parser.add_argument("--window", type=int, default=30, help="items in a feed or on a page of a listing")
    parser.add_argument("--page-bytes", type=int, default=0, help="bring article pages to about this size")
    parser.add_argument("--config-dir", type=Path, help="write portals/*.yaml and watches.yaml there")
    parser.add_argument("--truth", type=Path, help="write the truth there, as JSON")
    parser.add_argument("--log", type=Path, help="write the requests there, as JSON lines")
    parser.add_argument("--die-with-parent", action="store_true")
    return parser.parse_args()


def _write_out(press: Press, wish: argparse.Namespace) -> None:
    if wish.config_dir is not None:
        press.write_portals(wish.config_dir / "portals")
        press.write_watches(wish.config_dir / "watches.yaml")
    if wish.truth is not None:
        wish.truth.write_text(press.truth().as_json(), encoding="utf-8")


def _wait(press: Press, stop: threading.Event, wish: argparse.Namespace) -> None:
    end, parent, n_written = time.monotonic() + wish.for_s, os.getppid(), 0
    log: TextIO | None = wish.log.open("w", encoding="utf-8") if wish.log is not None else None
    while not stop.wait(LOOK_EVERY_S) and time.monotonic() < end and (not wish.die_with_parent or os.getppid() == parent):
        n_written = _log_since(press, n_written, log)
    _log_since(press, n_written, log)
    if log is not None:
        log.close()


def _log_since(press: Press, n: int, log: TextIO | None) -> int:
    if log is None:
        return n
    served = press.log_since(n)
    log.writelines(json.dumps(asdict(one), ensure_ascii=False, default=datetime.isoformat) + "\n" for one in served)
    log.flush()
    return n + len(served)


if __name__ == "__main__":
    sys.exit(main())
