"""Why a watch did or did not match an article: term by term, what was found where, or what came nearest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from config.glossary import Glossary, shipped_glossary
from config.watch import Watch
from crawler.match.automaton import Automaton
from crawler.match.compile import expression_of
from crawler.match.demand import Demand, mentions
from crawler.match.document import Document, content, meta
from crawler.match.evaluate import Evaluation, Place
from crawler.match.expression import leaves, wanted_leaves
from crawler.match.scope import Scope
from crawler.match.terms import CONTENT, META, Expression, Indexed, Leaf, Near, Origin, Phrase, Prefix, Published
from crawler.text.tokens import folded, normal, phrase_tokens
from storage.records import Article, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TermReport:
    """One term: `wanted` false means that it must not occur. `nearest` stands where it was not found: the most alike place, and why not.

    Where the watch has `within_first`, only what stands there counts as found; what stands behind it is near.
    """

    shown: str
    field: str | None
    wanted: bool
    holds: bool
    spans: tuple[Span, ...] = ()
    nearest: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandReport:
    """What the watch asks beyond its terms, and what the article has of it. Of `within_first`: the number of the word at which the
    first mention outside of the title begins; None where there is none.
    """

    name: Literal["at_least", "min_score", "within_first"]
    wanted: float
    has: float | None
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`in_scope`: whether portal, province and section are the watch's. It matches where terms, demands and scope agree."""

    watch: str
    matches: bool
    in_scope: bool
    terms: tuple[TermReport, ...]
    demands: tuple[DemandReport, ...] = ()
    score: float = 0.0


def explain(watch: Watch, article: Article, *, province: str | None = None, glossary: Glossary | None = None) -> Explanation:
    """What `watch` makes of `article`; `province` is the portal's, for an article that names none. Raises: QueryError."""
    expression = expression_of(watch)
    terms = [leaf for leaf, _ in leaves(expression) if isinstance(leaf, Phrase | Near | Prefix)]
    place = article.province or province or ""
    evaluation = Evaluation(article, Automaton(terms, glossary or shipped_glossary()), place)
    in_scope, demand = Scope(watch).admits(article, place), Demand.of(watch)
    return Explanation(
        watch=watch.id,
        matches=in_scope and demand.is_met(expression, evaluation),
        in_scope=in_scope,
        terms=tuple(_report(leaf, wanted, evaluation, article, demand) for leaf, wanted in dict.fromkeys(leaves(expression))),
        demands=tuple(_demands(demand, expression, evaluation)),
        score=demand.score(mentions(demand.counted(expression, evaluation))),
    )


def _demands(demand: Demand, expression: Expression, evaluation: Evaluation) -> Iterator[DemandReport]:
    counted = mentions(demand.counted(expression, evaluation))
    if demand.within_first is not None:
        everywhere = [place for leaf in wanted_leaves(expression) for place in evaluation.places(leaf)]
        numbers = [each.document.n_words_before(each.hit.start) + 1 for each in everywhere if _is_in_body(each)]
        is_seen = any(map(demand.counts, everywhere))
        yield DemandReport(name="within_first", wanted=demand.within_first, has=min(numbers, default=None), holds=is_seen)
    if demand.at_least > 1:
        yield DemandReport(name="at_least", wanted=demand.at_least, has=len(counted), holds=len(counted) >= demand.at_least)
    if demand.min_score is not None:
        score = demand.score(counted)
        yield DemandReport(name="min_score", wanted=demand.min_score, has=score, holds=score >= demand.min_score)


def _is_in_body(place: Place) -> bool:
    return place.document.field_at(place.hit.start)[0] in ("lead", "text")


def _report(leaf: Leaf, wanted: bool, evaluation: Evaluation, article: Article, demand: Demand) -> TermReport:
    found = evaluation.places(leaf)
    counted = list(filter(demand.counts, found)) if wanted else found
    is_true = demand.is_true(leaf, evaluation, wanted=wanted)
    nearest = None
    if not is_true and found:
        nearest = _too_late(found[0])
    elif not is_true and isinstance(leaf, Phrase | Near | Prefix):
        nearest = _nearest(leaf, article)
    spans = tuple(map(_span, counted))
    return TermReport(shown=shown(leaf), field=getattr(leaf, "field", None), wanted=wanted, holds=is_true, spans=spans, nearest=nearest)


def _span(place: Place) -> Span:
    return place.document.span(place.hit.start, place.hit.end, place.hit.reason)


def _too_late(place: Place) -> Span:
    """A find that does not count, since it stands behind the beginning or in a caption."""
    span = _span(place)
    number = place.document.n_words_before(place.hit.start) + 1
    return replace(span, reason=f"word {number}" if _is_in_body(place) else f"stands in {span.field}")


def shown(leaf: Leaf) -> str:
    """A leaf as it is typed."""
    match leaf:
        case Published(since, until):
            return f"published:[{since or '*'} TO {until or '*'}]"
        case Origin(field, name):
            return f"{field}:{name}"
        case Near(words, n_between):
            return f'"{words}"~{n_between}'
        case Prefix(words):
            return f"{words}*"
        case _:
            return leaf.shown


def _nearest(term: Indexed, article: Article) -> Span | None:
    """The place that shares most syllables with the term, at least half of them."""
    wanted = [form for form in phrase_tokens(term.shown) if form[0].isalnum()]
    best: tuple[float, Span] | None = None
    for document in (content(article), meta(article)):
        for alike, first, last in _windows(document, wanted):
            span = document.span(*document.tokens.span(first, last), _why_not(term, document, wanted, first, last))
            if alike * 2 >= len(wanted) and (best is None or alike > best[0]):
                best = alike, span
    return best[1] if best else None


def _windows(document: Document, wanted: Sequence[str]) -> Iterator[tuple[float, int, int]]:
    """How alike each stretch of as many syllables is (one for the same syllable, a half for other marks), and its parts."""
    forms = [normal(part) for part in document.tokens.parts[1::2]]
    bare = [folded(form) for form in wanted]
    for start in range(len(forms) - len(wanted) + 1):
        pairs = zip(forms[start : start + len(wanted)], wanted, bare, strict=True)
        alike = sum(1.0 if form == want else 0.75 * (folded(form) == bare_want) for form, want, bare_want in pairs)
        if alike:
            yield alike, 2 * start + 1, 2 * (start + len(wanted)) - 1


def _why_not(term: Indexed, document: Document, wanted: Sequence[str], first: int, last: int) -> str:
    parts = document.tokens.parts[first : last + 1]
    start, _ = document.tokens.span(first, first)
    field = document.field_at(start)[0]
    forms = [normal(part) for part in parts[0::2]]
    if (term.field or field) != field or (term.field is None and field in META) or field not in (*CONTENT, *META):
        return f"stands in {field}"
    if forms == list(wanted):
        return "parted by punctuation"
    if [folded(form) for form in forms] == [folded(form) for form in wanted]:
        return "other marks"
    return "other words"
