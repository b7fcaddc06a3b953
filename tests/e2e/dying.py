"""Runs `canhbao` and kills itself with SIGKILL right after its k-th commit: `python dying.py K run --config …`. K = 0 never dies.

A real process, killed as by `kill -9`; the moment is exact, because the process itself pulls the trigger.
"""

import itertools
import os
import signal
import sys

from sqlalchemy import event
from sqlalchemy.orm import Session

from crawler.cli import app


def die_after_commit(k: int) -> None:
    count = itertools.count(1)

    @event.listens_for(Session, "after_commit")
    def _(session: Session) -> None:
        if next(count) == k:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    after = int(sys.argv.pop(1))
    if after:
        die_after_commit(after)
    app()
