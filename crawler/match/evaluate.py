"""One article against leaves of expressions: which hold, and where the reader can see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from crawler.match.automaton import Automaton
from crawler.match.document import Document, content, meta
from crawler.match.patterns import compiled
from crawler.match.scope import name_key, province_keys
from crawler.match.sightings import Hit, Sightings
from crawler.match.terms import META, Leaf, Origin, Pattern, Published
from crawler.model import VIETNAM
from crawler.text.printed import Printed, printed
from storage.records import Article


@dataclass(frozen=True, slots=True)
class Place:
    """Where and why a leaf holds: a hit in the text of one of the article's documents."""

    document: Document
    hit: Hit


class Evaluation:
    """What holds of one article. Costly leaves are tried when asked for, and once."""

    def __init__(self, article: Article, automaton: Automaton, province: str, document: Document | None = None) -> None:
        """`province` is the article's, or its portal's; `document` replaces the article's content."""
        self._article, self._automaton, self._province = article, automaton, province
        self.content = automaton.find(document or content(article))
        self._patterns: dict[Pattern, list[Place]] = {}
        self._printed: dict[str, Printed] = {}

    @cached_property
    def meta(self) -> Sightings:
        """Terms found in author, section and tags."""
        return self._automaton.find(meta(self._article))

    def is_true(self, leaf: Leaf) -> bool:
        match leaf:
            case Published(since, until):
                day = self._article.published_at and self._article.published_at.astimezone(VIETNAM).date()
                return day is not None and (since is None or since <= day) and (until is None or day <= until)
            case Origin("portal", name):
                return self._article.identity.portal == name
            case Origin(_, name):
                return name_key(self._province) in province_keys(name)
            case Pattern():
                return bool(self._pattern_places(leaf))
            case _:
                return leaf in self._sightings(leaf.field)

    def places(self, leaf: Leaf) -> list[Place]:
        """Where `leaf` is seen, by place; none for what stands nowhere in the text."""
        match leaf:
            case Published() | Origin():
                return []
            case Pattern():
                return self._pattern_places(leaf)
            case _:
                sightings = self._sightings(leaf.field)
                return [Place(sightings.document, hit) for hit in self._automaton.hits(leaf, sightings)]

    def _sightings(self, field: str | None) -> Sightings:
        return self.meta if field in META else self.content

    def _pattern_places(self, leaf: Pattern) -> list[Place]:
        if leaf not in self._patterns:
            document = self._sightings(leaf.field).document
            self._patterns[leaf] = [Place(document, hit) for hit in self._pattern_hits(leaf, document)]
        return self._patterns[leaf]

    def _pattern_hits(self, leaf: Pattern, document: Document) -> Iterator[Hit]:
        for name, start, end in document.fields():
            if leaf.field is None or leaf.field == name:
                seen = self._seen(document.text[start:end])
                for found in compiled(leaf.regex).finditer(seen.text):
                    if found.end() > found.start():
                        first, after = seen.original(found.start(), found.end())
                        yield Hit(start + first, start + after, leaf.shown)

    def _seen(self, text: str) -> Printed:
        """`text` as its reader sees it; worked out once for all patterns."""
        if text not in self._printed:
            self._printed[text] = printed(text)
        return self._printed[text]
