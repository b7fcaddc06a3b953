"""`canhbao run` and `canhbao once`."""

import asyncio
import gc
import signal
import sys
from datetime import datetime

from loguru import logger

from config.load import Config
from crawler.app import now, open_daemon
from crawler.commands.terminal import say_line
from crawler.daemon import Daemon
from crawler.fetch.resolver import Resolver
from crawler.wording import speak
from storage.census import census, left_over
from storage.engine import Store, daemon_lock, upgrade
from storage.sources import source_reports

TURN_S = 0.0005
"""How long a thread keeps the interpreter while another one wants it. Python's 5 ms are what the database's thread may wait behind the
loop after each of its dozen statements an article. Measured on a crowded machine, medians of three: 33 and 49 articles/s."""


def run(config: Config) -> int:
    """Until SIGTERM or SIGINT. 0 after a clean drain; whatever breaks the daemon is logged and gives 1."""
    with daemon_lock(config.database_url):
        prepare(config)
        try:
            asyncio.run(serve(config))
        except Exception:  # noqa: BLE001 - the last line of defence: say it in the log, leave with 1, let systemd start us anew
            logger.exception("canhbao ends because it is broken")
            return 1
    return 0


def once(config: Config) -> int:
    with daemon_lock(config.database_url):
        prepare(config)
        began = now()
        asyncio.run(_once(config))
        return _summarise(config, began)


def prepare(config: Config) -> None:
    """Bring the schema up to date."""
    done = upgrade(config.database_url)
    if done.copy is not None:
        logger.info("the database was upgraded to {}; a copy from before is {}", done.after, done.copy)


async def serve(config: Config, *, resolver: Resolver | None = None) -> None:
    """The daemon with the settings of a long-running process, until SIGTERM or SIGINT. `resolver`: other than the system's."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with open_daemon(config, resolver=resolver) as daemon:
        # What is loaded by now stays for good: leave it out of every later collection, which else stops the loop for 0.2 s and more.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        sys.setswitchinterval(TURN_S)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _stop, stop, daemon)
        loop.add_signal_handler(signal.SIGHUP, daemon.reload)
        logger.info("canhbao runs: {} portals, {} watches, {}", len(config.portals), len(config.watches), config.path)
        await daemon.run(stop)
    logger.info("canhbao has stopped; nothing is lost")


def _stop(stop: asyncio.Event, daemon: Daemon) -> None:
    """The first signal drains, the second one does not wait."""
    if stop.is_set():
        daemon.hurry()
    else:
        logger.info("stopping: finishing what is begun")
        stop.set()


async def _once(config: Config) -> None:
    async with open_daemon(config) as daemon:
        await daemon.once()


def _summarise(config: Config, began: datetime) -> int:
    """1 when no source at all could be asked, or when work was left undone: cron mails that to its owner."""
    with Store.open(config.database_url) as store:
        sources = [source for source in store.look(source_reports) if source.is_active]
        figures = store.look(census)
        n_left_over = store.look(left_over, began=began, now=now())
    n_failing = sum(1 for source in sources if source.last_error_kind)
    say = speak(config.settings.language)
    say_line(
        say(
            "once done",
            sources=len(sources),
            failing=n_failing,
            open=sum(n for (_, state, _), n in figures.links.items() if state == "open"),
            unsent=sum(n for (_, state), n in figures.deliveries.items() if state in ("pending", "sending", "retry")),
        )
    )
    if n_left_over:
        say_line(say("once left over", n=n_left_over))
        return 1
    if not sources or n_failing < len(sources):
        return 0
    say_line(say("nothing reached once", n=n_failing))
    return 1
