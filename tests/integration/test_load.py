"""A small crowd of newspapers in front of a real daemon: what `bench load-politeness` asserts with five hundred, in seconds."""

import pytest

from bench import load_politeness
from bench.crowd import Asked
from bench.load import Witness, run
from bench.load_politeness import TINY, Manners, manners
from crawler.fetch.politeness import PER_ADDRESS_MAX


@pytest.fixture(scope="module")
def witness() -> Witness:
    return run(TINY)


def test_the_servers_saw_every_host_asked_politely_and_no_address_more_than_its_share(witness):
    seen = manners(witness.asked, per_address_interval_s=TINY.per_address_interval_s)

    assert seen.n_hosts == TINY.n_hosts
    assert seen.most_at_once_at_a_host == 1
    assert seen.shortest_pause_s >= TINY.per_host_interval_s
    assert seen.most_at_once_at_an_address <= PER_ADDRESS_MAX
    assert seen.worst_excess <= 0


def test_the_run_was_no_idle_one(witness):
    by_host = {host: [each for each in witness.asked if each.host == host] for host in TINY.hosts}
    n_on = {host: list(TINY.addresses().values()).count(address) for host, address in TINY.addresses().items()}

    assert min(map(len, by_host.values())) >= 3
    assert max(n_on.values()) == TINY.hosts_an_address
    assert {each.address for each in witness.asked} == set(TINY.addresses().values())
    assert {each.status for each in witness.asked} == {200, 304}
    assert {path.partition("-")[0] for path in {each.path for each in witness.asked}} == {"/robots.txt", "/rss", "/bai"}


def asked(at_s: float, *, host: str = "a", address: str = "x", lasts_s: float = 0.1) -> Asked:
    return Asked(host, address, "/", at_s, at_s + lasts_s, 200)


@pytest.mark.parametrize(
    ("log", "broken"),
    [
        pytest.param([asked(0), asked(0.5)], {"shortest_pause_s": 0.4}, id="too soon after an answer"),
        pytest.param([asked(0, lasts_s=2), asked(1)], {"most_at_once_at_a_host": 2}, id="two at once at a host"),
        pytest.param(
            [asked(0, host=host, lasts_s=1) for host in "abcde"], {"most_at_once_at_an_address": 5}, id="five at once at an address"
        ),
        pytest.param(
            [asked(n / 100, host=str(n), lasts_s=0) for n in range(20)], {"worst_excess": 13.1}, id="more than its share, in the end"
        ),
        pytest.param(
            [asked(0, host="z"), *(asked(60 + n / 100, host=str(n), lasts_s=0) for n in range(20))], {"worst_excess": 13.1}, id="a burst"
        ),
    ],
)
def test_the_judge_sees_bad_manners(log, broken):
    seen = manners(log, per_address_interval_s=0.1)
    assert isinstance(seen, Manners)
    for what, value in broken.items():
        assert getattr(seen, what) == pytest.approx(value)


def test_the_health_of_the_daemon_is_measured(witness):
    felt = load_politeness.health(witness, lasts_s=TINY.lasts_s)
    assert 0 < felt.early_mb < 1000
    assert 0 <= felt.lag_p99_ms <= felt.lag_max_ms
