"""Which watches an article sets off, where and why. Pure: no clock, no I/O, no log."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from config.portal import Portal
from config.watch import Watch
from crawler.match.automaton import Automaton, Hit
from crawler.match.document import Document, content
from crawler.match.expression import holds, leaves, needs, of_phrases
from crawler.match.scope import Scope
from crawler.match.snippets import snippets
from crawler.match.terms import Expression, Term
from storage.records import Article, Match, Span

_NO_PORTALS: Mapping[str, Portal] = MappingProxyType({})


class Matcher:
    """All enabled watches, compiled. Does not change, may be shared by threads, and is pickled by its ingredients."""

    def __init__(self, watches: Sequence[Watch], *, portals: Mapping[str, Portal] = _NO_PORTALS) -> None:
        self._made_of = (tuple(watches), dict(portals))
        self._watches = tuple(watch for watch in watches if watch.enabled)
        self._provinces = {portal.id: portal.province for portal in portals.values()}
        self._scopes = [Scope(watch, _group()) for watch in self._watches]
        self._expressions: list[Expression] = [of_phrases(watch) for watch in self._watches]
        self._automaton = Automaton(term for expression in self._expressions for term, _ in leaves(expression))
        self._waiting: dict[Term, list[int]] = {}
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
        document = content(article)
        found = self._automaton.find(document)
        return tuple(self._tell(place, document, found) for place in self._matching(article, found))

    def _matching(self, article: Article, found: Mapping[Term, Sequence[Hit]]) -> list[int]:
        province = self._provinces.get(article.identity.portal)
        candidates = {place for term in found for place in self._waiting.get(term, ())}.union(self._always)
        return [
            place
            for place in sorted(candidates)
            if holds(self._expressions[place], found) and self._scopes[place].admits(article, province)
        ]

    def _tell(self, place: int, document: Document, found: Mapping[Term, Sequence[Hit]]) -> Match:
        wanted = dict.fromkeys(term for term, is_wanted in leaves(self._expressions[place]) if is_wanted)
        places = {(*document.tokens.span(hit.first, hit.last), term.shown) for term in wanted for hit in found.get(term, ())}
        told = sorted(places, key=lambda span: (span[0], -span[1], span[2]))
        watch = self._watches[place]
        return Match(
            watch=watch.id,
            name=watch.name,
            spans=tuple(_span(document, start, end, reason) for start, end, reason in told),
            snippets=snippets(document, told),
            score=float(len(told)),
        )


def _span(document: Document, start: int, end: int, reason: str) -> Span:
    field, base = document.field_at(start)
    return Span(field=field, start=start - base, end=end - base, text=document.text[start:end], reason=reason)


def _rebuild(watches: Sequence[Watch], portals: Mapping[str, Portal]) -> Matcher:
    return Matcher(watches, portals=portals)


def _group() -> Callable[[str], frozenset[str]]:
    return lambda name: frozenset({name})
