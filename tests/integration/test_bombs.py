"""Small files that unpack to gigabytes: what they cost in resident memory, measured in a process for each."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.bombs import SENT, SITEMAPS

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES_MB = 10  # http.max_bytes as shipped
MAX_UNPACKED_MB = 52.5  # crawler.parse.sitemap: the protocol's own bound
OF_A_WORKER_MB = 400  # of the 1024 that crawler.app gives it


def met(where: str, what: str) -> Any:
    command = [sys.executable, "-m", "tests.integration.bombs", where, what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=120)
    return json.loads(done.stdout)


@pytest.mark.parametrize("what", SENT)
def test_a_bomb_on_the_wire_is_given_up_at_the_cap(what):
    bomb = met("wire", what)
    assert bomb["outcome"] in ("too-large", "bad-encoding")
    assert bomb["grew_mb"] < 3 * MAX_BYTES_MB


@pytest.mark.parametrize("what", SITEMAPS)
def test_a_bomb_in_a_packed_sitemap_is_read_within_the_memory_of_a_worker(what):
    bomb = met("parse", what)
    assert "ParseError" in bomb["outcome"] or bomb["outcome"] == "50000 entries"
    assert bomb["grew_mb"] < OF_A_WORKER_MB


def test_a_packed_sitemap_that_is_packed_once_more_for_the_wire_is_bounded_twice():
    bomb = met("both", "zeros")
    assert "bytes or" in bomb["outcome"]
    assert bomb["grew_mb"] < MAX_BYTES_MB + 2.5 * MAX_UNPACKED_MB


def test_the_measuring_itself_sees_what_is_held():
    """Else the bounds above could not fail."""
    source = "import resource; x = b'1' * 300_000_000; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 290_000
