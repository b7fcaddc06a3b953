"""Is every newspaper treated as promised when there are hundreds of them? The judge is what their own servers wrote down.

Why the two bounds hold whatever the network and the scheduler do: a host's next request is sent an interval after the answer before it was read,
and the server stamps an answer before it is read and a request after it was sent. An address's requests start an interval apart, but their
ways take different times: of those that started earlier at most PER_ADDRESS_MAX can still be under way.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.crowd import Asked
from bench.figures import Figures, median
from bench.load import Load, Witness, run
from crawler.fetch.politeness import PER_ADDRESS_MAX

WARM_SHARE = 0.4
"""Of a run: robots.txt, the first whole lists and the first articles of every newspaper, the caches, the connections."""


FULL = Load(
    n_hosts=500,
    n_sources=10_000,
    per_host_interval_s=0.5,
    per_address_interval_s=0.1,
    poll_every_s=45,
    lasts_s=180,
    publishes_every_s=60,
    slowest_s=0.1,
)
TINY = Load(
    n_hosts=18,
    n_sources=90,
    per_host_interval_s=0.2,
    per_address_interval_s=0.1,
    poll_every_s=0.5,
    lasts_s=5,
    hosts_an_address=3,
    publishes_every_s=3,
    slowest_s=0.1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """The worst that any server saw. What may not be: a pause below the interval, more than one at once at a host, an excess above zero."""

    n_requests: int
    n_hosts: int
    shortest_pause_s: float
    """Between an answer of a host and the next request to it."""
    most_at_once_at_a_host: int
    most_at_once_at_an_address: int
    worst_excess: float
    """Requests to one address, in whatever stretch of time, above what its interval allows there."""


def manners(asked: Sequence[Asked], *, per_address_interval_s: float) -> Manners:
    by_host, by_address = _grouped(asked, "host"), _grouped(asked, "address")
    return Manners(
        n_requests=len(asked),
        n_hosts=len(by_host),
        shortest_pause_s=min((pause for each in by_host.values() for pause in _pauses(each)), default=float("inf")),
        most_at_once_at_a_host=max(map(_most_at_once, by_host.values()), default=0),
        most_at_once_at_an_address=max(map(_most_at_once, by_address.values()), default=0),
        worst_excess=max((_excess(each, per_address_interval_s) for each in by_address.values()), default=0.0),
    )


def _grouped(asked: Iterable[Asked], what: str) -> dict[str, list[Asked]]:
    groups: dict[str, list[Asked]] = defaultdict(list)
    for each in sorted(asked, key=lambda request: request.arrived_s):
        groups[getattr(each, what)].append(each)
    return groups


def _pauses(asked: Sequence[Asked]) -> list[float]:
    return [later.arrived_s - earlier.answered_s for earlier, later in pairwise(asked)]


def _most_at_once(asked: Sequence[Asked]) -> int:
    """An answer that leaves at the very moment of a request is not beside it."""
    steps = sorted([(each.arrived_s, 1) for each in asked] + [(each.answered_s, -1) for each in asked])
    running = most = 0
    for _, step in steps:
        running += step
        most = max(most, running)
    return most


def _excess(asked: Sequence[Asked], interval_s: float) -> float:
    """Of all stretches from one arrival to another the one with most above (length / interval + 1 + those that may be under way)."""
    lowest, worst = float("inf"), float("-inf")
    for n, each in enumerate(asked):
        lowest = min(lowest, n - each.arrived_s / interval_s)
        worst = max(worst, n + 1 - each.arrived_s / interval_s - lowest)
    return worst - 1 - PER_ADDRESS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Of the daemon, after warm-up."""

    lag_p99_ms: float
    lag_max_ms: float
    early_mb: float
    """In the first third after warm-up, the median."""
    late_mb: float
    """In the last third."""
    cpu_share: float

    @property
    def growth(self) -> float:
        return self.late_mb / self.early_mb - 1


def health(witness: Witness, *, lasts_s: float) -> Health:
    began_s = witness.asked[0].arrived_s
    warm = [second for second in witness.seconds if began_s + WARM_SHARE * lasts_s <= second.at_s <= began_s + lasts_s]
    lags_ms = sorted(lag for second in warm for lag in second.lags_ms)
    third = max(1, len(warm) // 3)
    return Health(
        lag_p99_ms=lags_ms[int(len(lags_ms) * 0.99)],
        lag_max_ms=lags_ms[-1],
        early_mb=median([second.resident_mb for second in warm[:third]]),
        late_mb=median([second.resident_mb for second in warm[-third:]]),
        cpu_share=(warm[-1].cpu_s - warm[0].cpu_s) / (warm[-1].at_s - warm[0].at_s) if len(warm) > 1 else 0.0,
    )


def measure(load: Load) -> Figures:
    witness = run(load)
    seen, felt = manners(witness.asked, per_address_interval_s=load.per_address_interval_s), health(witness, lasts_s=load.lasts_s)
    n_on = Counter(load.addresses().values())
    n_shared = sum(n for n in n_on.values() if n > 1)
    return Figures(
        name="load-politeness",
        input=(
            f"{load.n_hosts} hosts with {load.n_sources:,} feeds on {len(n_on)} addresses of 127/8, "
            f"{load.hosts_an_address} hosts on each shared one; {load.per_host_interval_s:g} s a host, {load.per_address_interval_s:g} s an address; every feed wanted every "
            f"{load.poll_every_s:g} s, answers after up to {load.slowest_s * 1000:g} ms, a new article a host every {load.publishes_every_s:g} s; {load.lasts_s:g} s of a real daemon, "
            "the newspapers in a process of their own"
        ),
        columns=("", "promised", "seen"),
        rows=(
            ("requests, over all hosts", "", f"{seen.n_requests:,}"),
            ("hosts asked", str(load.n_hosts), str(seen.n_hosts)),
            ("shortest pause at a host, s", f"≥ {load.per_host_interval_s:g}", f"{seen.shortest_pause_s:.3f}"),
            ("most at once at a host", "1", str(seen.most_at_once_at_a_host)),
            ("most at once at an address", f"≤ {PER_ADDRESS_MAX}", str(seen.most_at_once_at_an_address)),
            ("requests to an address above its share", "≤ 0", f"{seen.worst_excess:.1f}"),
            ("lag of the event loop, 99 % below ms", "< 100", f"{felt.lag_p99_ms:.0f}"),
            ("… longest ms", "", f"{felt.lag_max_ms:.0f}"),
            ("daemon's memory after warm-up, MB", "", f"{felt.early_mb:.0f}"),
            ("… at the end, MB", "flat", f"{felt.late_mb:.0f} ({felt.growth:+.1%})"),
            ("daemon's share of a core", "", f"{felt.cpu_share:.0%}"),
        ),
        notes=(
            f"All but the last five lines are from the newspapers' own logs. {n_shared} hosts share their address with others.",
            "A share: in any stretch of time the stretch divided by the interval, one, and the four that may be under way.",
        ),
    )
