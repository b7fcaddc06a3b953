"""What we remember, as a watch would have seen it: the store lets through what may match, the daemon's own matcher judges.

So a search, a back-test and an alert always agree.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.portal import Portal
from config.watch import Watch
from crawler.match.index import shipped_catalogue
from crawler.match.matcher import Matcher
from crawler.match.sieve import sieve_of
from storage.engine import Store
from storage.records import Candidate, Match, StoredArticle
from storage.search import candidates, stored_articles

BATCH = 100  # articles read and judged at a time: some 0.3 s of work
N_SAMPLED = 400
"""Judged before the rest, where the rest takes long: enough to tell 10 % from 15 %."""
SEED = 0


@dataclass(frozen=True, slots=True)
class Find:
    """A stored article and the ids of the watches that match it, maybe none."""

    stored: StoredArticle
    watches: frozenset[str]
    _matcher: Matcher
    _matches: tuple[Match, ...] | None

    def match(self, watch: str) -> Match:
        """What one of the watches that match it found, and where."""
        matches = self._matcher.match(self.stored.article) if self._matches is None else self._matches
        return next(match for match in matches if match.watch == watch)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of `n_sampled` articles out of `n_candidates`, `n_found` matched."""

    n_candidates: int
    n_sampled: int
    n_found: int

    @property
    def n_expected(self) -> int:
        return round(self.n_found * self.n_candidates / self.n_sampled) if self.n_sampled else 0


class History:
    """The stored articles under the eyes of `watches`, which may be those of no configuration. Raises: QueryError."""

    def __init__(self, store: Store, watches: Sequence[Watch], *, portals: Mapping[str, Portal], since: datetime | None = None) -> None:
        self._store = store
        self._sieves = [sieve_of(watch, shipped_catalogue(), since=since) for watch in watches]
        self._matcher = Matcher([watch.model_copy(update={"enabled": True}) for watch in watches], portals=portals)

    def newest(self) -> Iterator[Find]:
        """What the first watch matches, newest first, as far as it is asked for."""
        page: list[Candidate] = []
        while page := self._store.look(candidates, self._sieves[0], after=page[-1] if page else None, limit=5 * BATCH):
            yield from (find for find in self.judge(page) if find.watches)

    def candidates(self) -> list[Candidate]:
        """What may match any of the watches, newest first."""
        found = {each for sieve in self._sieves for each in self._store.look(candidates, sieve)}
        return sorted(found, key=lambda each: (each.fresh_at, each.article_id), reverse=True)

    def judge(self, page: Sequence[Candidate], *, in_full: bool = False) -> Iterator[Find]:
        """Every one of them, matched or not, in their order. `in_full`: what was found where will be asked of most, not of a few."""
        for start in range(0, len(page), BATCH):
            for stored in self._store.look(stored_articles, [each.article_id for each in page[start : start + BATCH]]):
                matches = self._matcher.match(stored.article) if in_full else None
                watches = self._matcher.matching(stored.article) if matches is None else (match.watch for match in matches)
                yield Find(stored, frozenset(watches), self._matcher, matches)

    def estimate(self, among: Sequence[Candidate]) -> Estimate:
        """How many of `among` will match, from a sample of them."""
        sample = random.Random(SEED).sample(among, min(N_SAMPLED, len(among)))
        return Estimate(len(among), len(sample), sum(bool(find.watches) for find in self.judge(sample)))


def is_long(n_candidates: int, n_searchable: int) -> bool:
    """Whether judging so many takes so long that an estimate should come first: more than a hundredth of a large store."""
    return n_candidates > max(n_searchable // 100, 5 * N_SAMPLED)
