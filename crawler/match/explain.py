"""Why a watch did or did not match an article: term by term, what was found where, or what came nearest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from config.glossary import Glossary, shipped_glossary
from config.watch import Watch
from crawler.match.automaton import Automaton
from crawler.match.compile import expression_of
from crawler.match.document import Document, content, meta
from crawler.match.evaluate import Evaluation
from crawler.match.expression import holds, leaves
from crawler.match.scope import Scope
from crawler.match.terms import CONTENT, META, Indexed, Leaf, Near, Origin, Phrase, Prefix, Published
from crawler.text.tokens import folded, normal, phrase_tokens
from storage.records import Article, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TermReport:
    """One term: `wanted` false means that it must not occur. `nearest` stands where it was not found: the most alike place, and why not."""

    shown: str
    field: str | None
    wanted: bool
    holds: bool
    spans: tuple[Span, ...] = ()
    nearest: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`in_scope`: whether portal, province and section are the watch's. It matches where both are true."""

    watch: str
    matches: bool
    in_scope: bool
    terms: tuple[TermReport, ...]


def explain(watch: Watch, article: Article, *, province: str | None = None, glossary: Glossary | None = None) -> Explanation:
    """What `watch` makes of `article`; `province` is the portal's, for an article that names none. Raises: QueryError."""
    expression = expression_of(watch)
    terms = [leaf for leaf, _ in leaves(expression) if isinstance(leaf, Phrase | Near | Prefix)]
    place = article.province or province or ""
    evaluation = Evaluation(article, Automaton(terms, glossary or shipped_glossary()), place)
    in_scope = Scope(watch).admits(article, place)
    return Explanation(
        watch=watch.id,
        matches=in_scope and holds(expression, evaluation.is_true),
        in_scope=in_scope,
        terms=tuple(_report(leaf, wanted, evaluation, article) for leaf, wanted in dict.fromkeys(leaves(expression))),
    )


def _report(leaf: Leaf, wanted: bool, evaluation: Evaluation, article: Article) -> TermReport:
    spans = tuple(each.document.span(each.hit.start, each.hit.end, each.hit.reason) for each in evaluation.places(leaf))
    is_true = evaluation.is_true(leaf)
    nearest = _nearest(leaf, article) if isinstance(leaf, Phrase | Near | Prefix) and not is_true else None
    return TermReport(shown=_shown(leaf), field=getattr(leaf, "field", None), wanted=wanted, holds=is_true, spans=spans, nearest=nearest)


def _shown(leaf: Leaf) -> str:
    match leaf:
        case Published(since, until):
            return f"published:[{since or '*'} TO {until or '*'}]"
        case Origin(field, name):
            return f"{field}:{name}"
        case Near(shown, n_between):
            return f'"{shown}"~{n_between}'
        case Prefix(shown):
            return f"{shown}*"
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
