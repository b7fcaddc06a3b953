"""An article as a matcher reads it: its fields laid end to end, cut into tokens once."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from crawler.text.tokens import Tokens, split
from storage.records import Article

_BETWEEN = "\n\n"
"""A blank line: no phrase reaches from one field into the next."""


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

    def fields(self) -> Iterator[tuple[str, int, int]]:
        """Name, start and end of each field in `text`."""
        ends = [*(start - len(_BETWEEN) for start in self.starts[1:]), len(self.text)]
        yield from zip(self.names, self.starts, ends, strict=False)

    def field_at(self, offset: int) -> tuple[str, int]:
        """The field in which `offset` of `text` falls, and where that field starts."""
        place = bisect_right(self.starts, offset) - 1
        return self.names[place], self.starts[place]

    def paragraph(self, start: int, end: int) -> tuple[int, int]:
        """The paragraph that holds start:end, as offsets: up to a blank line or a field's edge on either side."""
        before, after = self.text.rfind(_BETWEEN, 0, start), self.text.find(_BETWEEN, end)
        return 0 if before < 0 else before + len(_BETWEEN), len(self.text) if after < 0 else after


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
