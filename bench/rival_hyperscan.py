"""Runs in the rivals' environment, not in ours: one JSON line with `patterns` (what a watch is written in) and `texts`; one with the times.

Every phrase is one pattern of a block-mode database, letter case put aside, in UTF-8; all are found in one pass over each text. What a watch
makes of its phrases (AND, NOT, fields, distances) is not worked out: the figures are hyperscan's at its best.
"""

import json
import sys
import time
from importlib import import_module


def main() -> None:
    hyperscan = import_module("hyperscan")
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
    asked = json.loads(sys.stdin.readline())
    patterns = [pattern.encode() for pattern in asked["patterns"]]
    began = time.thread_time()
    database = hyperscan.Database()
    database.compile(expressions=patterns, ids=list(range(len(patterns))), elements=len(patterns), flags=flags)
    compile_s = time.thread_time() - began
    seconds: list[float] = []
    n_found: list[int] = []
    for text in [each.encode() for each in asked["texts"]] * asked["n_rounds"]:
        found: set[int] = set()
        began = time.thread_time()
        database.scan(text, match_event_handler=lambda place, *_: found.add(place))  # noqa: B023 - called before the next round
        seconds.append(time.thread_time() - began)
        n_found.append(len(found))
    print(json.dumps({"compile_s": compile_s, "seconds": seconds, "n_found": n_found}))


if __name__ == "__main__":
    main()
