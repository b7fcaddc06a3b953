"""The statistical rule: which fields has a portal stopped giving, against what it always gave? Pure; docs/decisions/0032-rule-contracts.md.

A portal's past says how often each of its pages keeps each clause: a title, a text of sane length, a date, an author, none of them the same
as on the page before. A clause that was usually kept is owed. The contract is broken when the last few pages keep an owed clause so
seldom that the past makes it implausible. Pages are not independent (a gallery day brings ten photo stories in a row), so that the past counts
for no more than `STRENGTH` pages: a beta-binomial instead of a binomial.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma

from storage.records import Reading

FIRM = ("title", "text", "published", "own title", "own text", "own date")
"""Without these an article is not what the paper published: told within ten pages."""
SOFT = ("length", "lead", "author", "section", "tags")
"""A gallery day or a new habit of the newsroom leaves these out in a row, so that more pages must miss them before anybody is told."""
CLAUSES = (*FIRM, *SOFT)

WINDOWS = (6, 8, 10, 20, 40)
MEMORY = 240
"""How many pages the rule looks at, the last ones included."""
MIN_PAST = 20
"""Fewer pages are no past: nothing is owed yet."""
OWED = 0.8
STRENGTH = 20.0
IMPLAUSIBLE: Mapping[str, float] = dict.fromkeys(FIRM, 1e-6) | dict.fromkeys(SOFT, 1e-11)
SUSPICIOUS = 3
NEIGHBOURS = 5
"""A page's title, text and date are compared with those of so many pages before it."""
_OF_NEIGHBOURS = frozenset({"own title", "own text", "own date"})
OF_THE_TEXT = frozenset({"title", "text", "length", "own title", "own text"})
"""Where one of these is missed, the rules read something else than the article."""
_SHORT, _LONG = 0.25, 2.0  # of the past's median and of its 95th percentile

MENDED_OF, MENDED = 5, 4
"""So many of the last pages keep all that was broken: it is mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sane:
    """The bounds of a sane text in characters."""

    shortest: float = 0.0
    longest: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One clause that is no longer kept: by `n_kept` of the last `n_of` pages, once by the share `usual`."""

    clause: str
    n_kept: int
    n_of: int
    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """What the past owes: the clauses that were usually kept, with their share, and how long a text is."""

    owed: Mapping[str, float]
    sane: Sane


def judge(readings: Sequence[Reading]) -> tuple[Shortfall, ...]:
    """The owed clauses that the last of `readings` (oldest first) no longer keep; empty when all is well or there is no past to go by."""
    windows = [window for window in WINDOWS if len(readings) - window >= MIN_PAST]
    if not windows:
        return ()
    kept = _kept(readings, sane_lengths(readings[: -windows[-1]]))
    broken: dict[str, Shortfall] = {}
    for window in windows:
        n_past = len(readings) - window
        for clause, usual in _owed(kept[:-window]).items():
            n_kept = sum(clause in page for page in kept[-window:])
            if clause not in broken and plausibility(n_kept, window, share=usual, n_past=n_past) < IMPLAUSIBLE[clause]:
                broken[clause] = Shortfall(clause=clause, n_kept=n_kept, n_of=window, usual=usual)
    return tuple(broken[clause] for clause in CLAUSES if clause in broken)


def norm_of(past: Sequence[Reading]) -> Norm | None:
    """None while the past is too short to owe anything."""
    if len(past) < MIN_PAST:
        return None
    sane = sane_lengths(past)
    return Norm(owed=_owed(_kept(past, sane)), sane=sane)


def _owed(kept: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(clause for page in kept for clause in page)
    shares = {clause: (counts[clause] + 0.5) / (len(kept) + 1) for clause in CLAUSES}
    return {clause: share for clause, share in shares.items() if share >= OWED}


def sane_lengths(past: Sequence[Reading]) -> Sane:
    lengths = sorted(reading.n_chars for reading in past if "text" in reading.kept)
    if not lengths:
        return Sane()
    return Sane(shortest=_SHORT * lengths[len(lengths) // 2], longest=_LONG * lengths[len(lengths) * 95 // 100])


def clauses_kept(reading: Reading, before: Sequence[Reading], sane: Sane) -> frozenset[str]:
    """What `reading` keeps. `before` are the pages before it. What was not found cannot be a copy: that is another clause's matter."""
    kept = set(reading.kept) & set(CLAUSES)
    if sane.shortest <= reading.n_chars <= sane.longest:
        kept.add("length")
    for field, clause in (("title", "own title"), ("text", "own text"), ("date", "own date")):
        sign = reading.signs.get(field)
        if sign is None or all(other.signs.get(field) != sign for other in before[-NEIGHBOURS:]):
            kept.add(clause)
    return frozenset(kept)


def _kept(readings: Sequence[Reading], sane: Sane) -> list[frozenset[str]]:
    return [clauses_kept(reading, readings[max(0, n - NEIGHBOURS) : n], sane) for n, reading in enumerate(readings)]


def plausibility(n_kept: int, n_of: int, *, share: float, n_past: int) -> float:
    """The probability that at most `n_kept` of `n_of` pages keep what a share of the past `n_past` pages kept (beta-binomial)."""
    strength = min(STRENGTH, float(n_past))
    a, b = share * strength, (1 - share) * strength
    return min(1.0, sum(exp(_log_beta_binomial(k, n_of, a, b)) for k in range(n_kept + 1)))


def _log_beta_binomial(k: int, n: int, a: float, b: float) -> float:
    choose = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return choose + lgamma(k + a) + lgamma(n - k + b) - lgamma(n + a + b) - lgamma(a) - lgamma(b) + lgamma(a + b)


def is_mended(since: Sequence[Reading], clauses: Collection[str], sane: Sane) -> bool:
    """Whether the pages read since an alarm (oldest first) keep again what was broken."""
    last = _kept(since, sane)[-MENDED_OF:]
    return len(last) == MENDED_OF and sum(page.issuperset(clauses) for page in last) >= MENDED


def is_suspicious(misses: Sequence[bool]) -> bool:
    """Whether the contract is worth judging: of the last pages, `SUSPICIOUS` of `WINDOWS[0]` missed something they owe."""
    return sum(misses[-WINDOWS[0] :]) >= SUSPICIOUS


def missed(reading: Reading, before: Sequence[Reading], norm: Norm) -> frozenset[str]:
    """The owed clauses that one page does not keep."""
    return frozenset(norm.owed) - clauses_kept(reading, before, norm.sane)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What a broken contract makes us doubt in the pages to come, as long as the portal's rules are these."""

    clauses: tuple[str, ...]
    sane: Sane
    rules: str
    """`crawler.contract.fingerprint` of the rules that broke."""

    def missed(self, reading: Reading) -> frozenset[str]:
        """What of `clauses` this page misses. That its title is another page's, one page cannot tell: it is doubted."""
        return frozenset(self.clauses) - clauses_kept(reading, (), self.sane) | frozenset(self.clauses) & _OF_NEIGHBOURS
