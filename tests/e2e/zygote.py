"""Forks `canhbao` commands off a process that has imported it already: each is a process of its own, without a second of imports.

Reads one order a line: {"arguments", "cwd", "env", "out", "err"}; answers the process id, then the exit code.
"""

import json
import os
import sys
from typing import Any

from crawler.cli import app


def main() -> None:
    while line := sys.stdin.readline():
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            become(order)
            app(order["arguments"], prog_name="canhbao")
            return
        answer(child)
        answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def become(order: dict[str, Any]) -> None:
    for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, order["out"], os.O_WRONLY), (2, order["err"], os.O_WRONLY)):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])


if __name__ == "__main__":
    main()
