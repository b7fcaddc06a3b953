"""Which watches an article sets off, where and why. Pure: no clock, no I/O, no log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from config.glossary import Glossary, shipped_glossary
from config.portal import Portal
from config.watch import Watch
from crawler.match.automaton import Automaton
from crawler.match.compile import expression_of
from crawler.match.demand import Demand, mentions
from crawler.match.document import Document
from crawler.match.evaluate import Evaluation, Place
from crawler.match.expression import holds, leaves, needs
from crawler.match.scope import Scope
from crawler.match.snippets import snippets
from crawler.match.terms import META, Indexed, Near, Phrase, Prefix
from storage.records import Article, Identity, Match, Snippet, Span

_NO_PORTALS: Mapping[str, Portal] = MappingProxyType({})


class Matcher:
    """All enabled watches, compiled. Does not change, may be shared by threads, and is pickled by its ingredients.

    Raises: QueryError, for a watch whose query cannot be read.
    """

    def __init__(self, watches: Sequence[Watch], *, portals: Mapping[str, Portal] = _NO_PORTALS, glossary: Glossary | None = None) -> None:
        self._made_of = (tuple(watches), dict(portals), glossary)
        self._watches = tuple(watch for watch in watches if watch.enabled)
        self._provinces = {portal.id: portal.province for portal in portals.values()}
        self._scopes = [Scope(watch) for watch in self._watches]
        self._expressions = [expression_of(watch) for watch in self._watches]
        terms = [leaf for expression in self._expressions for leaf, _ in leaves(expression) if isinstance(leaf, Phrase | Near | Prefix)]
        self._asks_meta = any(term.field in META for term in terms)
        self._demands = [Demand.of(watch) for watch in self._watches]
        self._hard = frozenset(place for place, demand in enumerate(self._demands) if not demand.is_easy)
        self._automaton = Automaton(terms, glossary or shipped_glossary())
        self._waiting: dict[Indexed, list[int]] = {}
        self._always: list[int] = []
        for place, expression in enumerate(self._expressions):
            needed = needs(expression)
            if needed is None:
                self._always.append(place)
            for term in needed or ():
                self._waiting.setdefault(term, []).append(place)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, self._made_of

    def match(self, article: Article) -> tuple[Match, ...]:
        """The watches that match, in the order of the configuration."""
        evaluation = self._evaluate(article)
        return tuple(self._tell(place, evaluation) for place in self._matching(article, evaluation))

    def matching(self, article: Article) -> tuple[str, ...]:
        """As `match`, but only the ids of the watches: no spans, no snippets."""
        return tuple(self._watches[place].id for place in self._matching(article, self._evaluate(article)))

    def match_text(self, text: str) -> tuple[Match, ...]:
        """The watches that match a text which is no article of a portal: scopes are left aside, offsets count in all of `text`."""
        document = Document.of_text(text)
        article = Article(identity=Identity(portal="", era="", ident=""), url="", title="", text=text, content_hash="", text_hash="")
        evaluation = Evaluation(article, self._automaton, "", document)
        holding = [place for place in range(len(self._watches)) if self._holds(place, evaluation)]
        matches = [self._tell(place, evaluation) for place in holding]
        return tuple(replace(match, spans=tuple(_moved(span, document) for span in match.spans)) for match in matches)

    def _evaluate(self, article: Article) -> Evaluation:
        return Evaluation(article, self._automaton, self._province(article))

    def _province(self, article: Article) -> str:
        return article.province or self._provinces.get(article.identity.portal) or ""

    def _matching(self, article: Article, evaluation: Evaluation) -> list[int]:
        province = self._province(article)
        found = [*evaluation.content, *(evaluation.meta if self._asks_meta else ())]
        candidates = {place for term in found for place in self._waiting.get(term, ())}.union(self._always)
        return [place for place in sorted(candidates) if self._scopes[place].admits(article, province) and self._holds(place, evaluation)]

    def _holds(self, place: int, evaluation: Evaluation) -> bool:
        expression = self._expressions[place]
        return self._demands[place].is_met(expression, evaluation) if place in self._hard else holds(expression, evaluation.is_true)

    def _tell(self, place: int, evaluation: Evaluation) -> Match:
        demand = self._demands[place]
        places = demand.counted(self._expressions[place], evaluation)
        documents = [evaluation.content.document]
        documents += [evaluation.meta.document] if any(each.document is not documents[0] for each in places) else []
        spans: list[Span] = []
        shown: list[Snippet] = []
        for document in documents:
            told = _by_place(each for each in places if each.document is document)
            spans += (document.span(*each) for each in told)
            shown += snippets(document, told)
        watch = self._watches[place]
        return Match(watch=watch.id, name=watch.name, spans=tuple(spans), snippets=tuple(shown), score=demand.score(mentions(places)))


def _by_place(places: Iterable[Place]) -> list[tuple[int, int, str]]:
    told = {(each.hit.start, each.hit.end, each.hit.reason) for each in places}
    return sorted(told, key=lambda span: (span[0], -span[1], span[2]))


def _moved(span: Span, document: Document) -> Span:
    """A span counted from the start of the whole text."""
    base = document.starts[document.names.index(span.field)]
    return replace(span, start=span.start + base, end=span.end + base)


def _rebuild(watches: Sequence[Watch], portals: Mapping[str, Portal], glossary: Glossary | None) -> Matcher:
    return Matcher(watches, portals=portals, glossary=glossary)
