"""What a watch asks beyond its terms: how often they are mentioned, where, and how much that weighs.

A mention is a stretch of one field that finds cover; finds that overlap are one mention, however many terms they are of. Where
`within_first` is given, only what begins there counts for a match; what speaks against one counts everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from config.watch import Watch, Weights
from crawler.match.document import Document
from crawler.match.evaluate import Evaluation, Place
from crawler.match.expression import holds, holds_by_side, wanted_leaves
from crawler.match.terms import META, Expression, Leaf, Origin, Published

_FIELDS = {"captions": "caption"}
_DIGITS = 6
"""Of a score: 0.1 + 0.2 is enough where 0.3 is asked for."""


@dataclass(frozen=True, slots=True)
class Mention:
    """start:end of the document's text."""

    document: Document
    start: int
    end: int

    @property
    def field(self) -> str:
        return self.document.field_at(self.start)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Of one watch. `weights` names only the fields in which a mention does not count 1."""

    at_least: int = 1
    min_score: float | None = None
    within_first: int | None = None
    weights: Mapping[str, float]

    @classmethod
    def of(cls, watch: Watch) -> Self:
        weights = {} if watch.weights == _EVEN else dict(watch.weights)
        return cls(at_least=watch.at_least, min_score=watch.min_score, within_first=watch.within_first, weights=weights)

    @property
    def is_easy(self) -> bool:
        """Whether it asks nothing beyond the terms."""
        return self.at_least == 1 and self.min_score is None and self.within_first is None

    def is_met(self, expression: Expression, evaluation: Evaluation) -> bool:
        """Whether enough stands where it counts, and `expression` holds with that alone."""
        if not self.holds(expression, evaluation):
            return False
        if self.at_least == 1 and self.min_score is None:
            return True
        counted = mentions(self.counted(expression, evaluation))
        return len(counted) >= self.at_least and (self.min_score is None or self.score(counted) >= self.min_score)

    def holds(self, expression: Expression, evaluation: Evaluation) -> bool:
        """Whether `expression` holds by what stands where it counts."""
        if self.within_first is None:
            return holds(expression, evaluation.is_true)
        return holds_by_side(expression, lambda leaf, wanted: self.is_true(leaf, evaluation, wanted=wanted))

    def is_true(self, leaf: Leaf, evaluation: Evaluation, *, wanted: bool) -> bool:
        """Whether a leaf holds; one that speaks for a match by what stands where it counts."""
        if self.within_first is None or not wanted or isinstance(leaf, Published | Origin):
            return evaluation.is_true(leaf)
        return evaluation.is_true(leaf) and any(map(self.counts, evaluation.places(leaf)))

    def counted(self, expression: Expression, evaluation: Evaluation) -> list[Place]:
        """The places of all that speaks for a match, where it counts."""
        places = [place for leaf in wanted_leaves(expression) for place in evaluation.places(leaf)]
        return places if self.within_first is None else list(filter(self.counts, places))

    def counts(self, place: Place) -> bool:
        """Whether a find there counts: everywhere, or in the title and the first words of lead and text. What names author, section or
        tag is asked for there.
        """
        if self.within_first is None:
            return True
        field, _ = place.document.field_at(place.hit.start)
        return field in ("title", *META) or (
            field in ("lead", "text") and place.document.n_words_before(place.hit.start) < self.within_first
        )

    def score(self, counted: Sequence[Mention]) -> float:
        """The weights of the mentions together."""
        weights = self.weights
        return (
            round(sum(weights.get(_FIELDS.get(each.field, each.field), 1.0) for each in counted), _DIGITS)
            if weights
            else float(len(counted))
        )


_EVEN = Weights()


def mentions(places: Iterable[Place]) -> list[Mention]:
    """Finds that overlap joined, document by document, by place."""
    found: dict[int, list[Mention]] = {}
    for place in sorted(places, key=lambda each: each.hit.start):
        joined = found.setdefault(id(place.document), [])
        if joined and place.hit.start < joined[-1].end:
            joined[-1] = Mention(place.document, joined[-1].start, max(place.hit.end, joined[-1].end))
        else:
            joined.append(Mention(place.document, place.hit.start, place.hit.end))
    return [mention for joined in found.values() for mention in joined]
