"""`python -m bench [NAME…] [--write] [--tiny]`: measure, print, and with --write put the figures into docs/benchmarks.md."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bench import (
    contracts,
    economy,
    extraction,
    feeds,
    feeds_right,
    gaps,
    gaps_http,
    load_politeness,
    load_throughput,
    machine,
    parsing,
    pipeline,
    report,
    search,
    watch_quality,
    watch_speed,
)
from bench.figures import Figures

BENCHES: Mapping[str, Callable[[bool], Figures]] = {
    "contracts": lambda tiny: contracts.measure(contracts.TINY if tiny else contracts.FULL),
    "economy": lambda tiny: economy.measure(economy.TINY if tiny else economy.FULL),
    "extraction": lambda tiny: extraction.measure(extraction.TINY if tiny else extraction.FULL),
    "feeds": lambda tiny: feeds.measure(feeds.TINY if tiny else feeds.FULL),
    "feeds-right": lambda _: feeds_right.measure(),
    "gaps": lambda tiny: gaps.measure(gaps.TINY if tiny else gaps.FULL),
    "gaps-http": lambda tiny: gaps_http.measure(gaps_http.TINY if tiny else gaps_http.FULL),
    "load-politeness": lambda tiny: load_politeness.measure(load_politeness.TINY if tiny else load_politeness.FULL),
    "load-throughput": lambda tiny: load_throughput.measure(load_throughput.TINY if tiny else load_throughput.FULL),
    "parsing": lambda tiny: parsing.measure(parsing.TINY if tiny else parsing.FULL),
    "pipeline": lambda tiny: pipeline.measure(pipeline.TINY if tiny else pipeline.FULL),
    "search": lambda tiny: search.measure(search.TINY if tiny else search.FULL),
    "watch-quality": watch_quality.measure,
    "watch-speed": lambda tiny: watch_speed.measure(watch_speed.TINY if tiny else watch_speed.FULL),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="What canhbao costs, measured on this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; default: all")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--tiny", action="store_true", help="only see that it runs; the figures mean nothing")
    wish = parser.parse_args()
    if unknown := set(wish.names) - BENCHES.keys():
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    if wish.write and wish.tiny:
        parser.error("tiny figures mean nothing and are not written")
    for name in wish.names or BENCHES:
        _measure(name, tiny=wish.tiny, is_kept=wish.write)
    return 0


def _measure(name: str, *, tiny: bool, is_kept: bool) -> None:
    began = time.monotonic()
    figures = BENCHES[name](tiny)
    report.show(figures)
    print(f"{time.monotonic() - began:.0f} s\n", flush=True)
    if is_kept:
        report.write(figures, command=f"python -m bench {name}", machine=machine.describe(), day=datetime.now(UTC).date())


if __name__ == "__main__":
    sys.exit(main())
