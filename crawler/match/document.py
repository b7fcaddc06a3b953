"""An article as a matcher reads it: its fields laid end to end, cut into tokens once."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Self

from crawler.text.tokens import Tokens, split
from storage.records import Article, Span

_BETWEEN = "\n\n"
"""A blank line: no phrase reaches from one field into the next."""
_BLANK_LINES = re.compile(r"\s*?\n\s*?\n\s*")
_TITLE = re.compile(r"\s*(\S.*?)\s*?\n\s*?\n\s*(?=\S)")
_FAR = 1000
"""Code points beyond which nobody asks where a paragraph begins."""


@dataclass(frozen=True, slots=True)
class Document:
    """`text` with the fields in it. `names[i]` reaches from `starts[i]` to the next; a field may be named more than once."""

    text: str
    names: tuple[str, ...]
    starts: tuple[int, ...]
    tokens: Tokens

    @classmethod
    def of_fields(cls, fields: list[tuple[str, str]]) -> Self:
        starts = [0, *accumulate(len(value) + len(_BETWEEN) for _, value in fields)]
        text = _BETWEEN.join(value for _, value in fields)
        return cls(text, tuple(name for name, _ in fields), tuple(starts[: len(fields)]), split(text))

    @classmethod
    def of_text(cls, text: str) -> Self:
        """A text as it lies in a file: its first line is the title, if a blank line follows and anything after that."""
        head = _TITLE.match(text)
        names, starts = (("title", "text"), (head.start(1), head.end())) if head else (("text",), (0,))
        return cls(text, names, starts, split(text))

    def fields(self) -> Iterator[tuple[str, int, int]]:
        """Name, start and end of each field in `text`, without the blank lines between."""
        for name, (start, after) in zip(self.names, pairwise((*self.starts, len(self.text))), strict=True):
            yield name, start, start + len(self.text[start:after].rstrip("\r\n"))

    def field_at(self, offset: int) -> tuple[str, int]:
        """The field in which `offset` of `text` falls, and where that field starts."""
        place = bisect_right(self.starts, offset) - 1
        return self.names[place], self.starts[place]

    def span(self, start: int, end: int, reason: str) -> Span:
        """The stretch start:end of `text`, counted in its field."""
        field, base = self.field_at(start)
        return Span(field=field, start=start - base, end=end - base, text=self.text[start:end], reason=reason)

    def n_words_before(self, offset: int) -> int:
        """How many words (syllables, numbers) of the lead and the text begin before `offset`."""
        first = next((start for name, start in zip(self.names, self.starts, strict=True) if name in ("lead", "text")), 0)
        return max(self._n_tokens_before(offset) - self._n_tokens_before(first), 0)

    def _n_tokens_before(self, offset: int) -> int:
        return bisect_right(self.tokens.ends, offset) // 2

    def paragraph(self, start: int, end: int) -> tuple[int, int]:
        """The paragraph that holds start:end, as offsets: up to a blank line or a field's edge on either side."""
        before = [found.end() for found in _BLANK_LINES.finditer(self.text, max(start - _FAR, 0), start)]
        after = _BLANK_LINES.search(self.text, end, end + _FAR)
        return before[-1] if before else max(start - _FAR, 0), after.start() if after else min(end + _FAR, len(self.text))


def content(article: Article) -> Document:
    """What a term without a field looks at. Captions are one field, joined by blank lines as `caption_text` says."""
    fields = [("title", article.title), ("lead", article.lead or ""), ("text", article.text), ("captions", caption_text(article))]
    return Document.of_fields([(name, value) for name, value in fields if value])


def meta(article: Article) -> Document:
    """What a term looks at only when it names the field. Several tags are one field, joined by blank lines."""
    fields = [("author", article.author or ""), ("section", article.section or ""), ("tag", _BETWEEN.join(article.tags))]
    return Document.of_fields([(name, value) for name, value in fields if value])


def caption_text(article: Article) -> str:
    """The text in which the offsets of the field `captions` count."""
    return _BETWEEN.join(article.captions)
