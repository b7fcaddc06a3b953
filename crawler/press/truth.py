"""What was really published: the answer key of a run."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from crawler.press.pages import Printing
from storage.records import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueArticle:
    """One article of the press, in NFC and without dateline. `tags` are those its page shows."""

    portal: str
    number: int
    url: str
    aliases: tuple[str, ...]
    """Further URLs under which the press serves it."""
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    author: str | None
    credit: str | None
    section: str
    tags: tuple[str, ...]
    captions: tuple[str, ...]
    published_at: datetime
    """As printed: Vietnamese time, cut to `precision`."""
    precision: Precision
    appears_at: datetime
    """When its page and its links begin to be served."""
    topics: Mapping[str, tuple[str, ...]]
    """Topic id to the places its phrase stands in: title, lead, body."""
    copy_of: str | None
    """URL of the article it repeats word for word."""
    is_backlog: bool


@dataclass(frozen=True)
class Truth:
    articles: tuple[TrueArticle, ...]
    """In the order of their appearance."""

    def about(self, topic: str, *, backlog: bool = False) -> tuple[TrueArticle, ...]:
        """The articles a watch on `topic` must find; the backlog's are stored and matched, but not told (design §4, baseline)."""
        return tuple(article for article in self.articles if topic in article.topics and (backlog or not article.is_backlog))

    def by_url(self, url: str) -> TrueArticle | None:
        """The article behind `url` or one of its aliases, tracking parameters aside."""
        return self._by_url.get(url.partition("?")[0])

    @cached_property
    def _by_url(self) -> Mapping[str, TrueArticle]:
        return {url: article for article in self.articles for url in (article.url, *article.aliases)}

    def as_json(self) -> str:
        return json.dumps([asdict(article) for article in self.articles], ensure_ascii=False, default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> "Truth":
        return cls(tuple(_from_row(row) for row in json.loads(text)))


def _from_row(row: dict[str, Any]) -> TrueArticle:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    values |= {name: datetime.fromisoformat(values[name]) for name in ("published_at", "appears_at")}
    values["topics"] = {topic: tuple(places) for topic, places in row["topics"].items()}
    return TrueArticle(**values)


def make_truth(printings: Iterable[Printing]) -> Truth:
    first: dict[int, str] = {}
    articles = []
    for printing in printings:
        original = first.setdefault(printing.slot.story, printing.url)
        articles.append(_true(printing, copy_of=None if original == printing.url else original))
    return Truth(tuple(articles))


def _true(printing: Printing, *, copy_of: str | None) -> TrueArticle:
    piece, family = printing.piece, printing.family
    return TrueArticle(
        portal=printing.portal.id,
        number=printing.number,
        url=printing.url,
        aliases=tuple(printing.portal.base_url + path for path in family.twins(printing.path, printing.number)),
        title=piece.title,
        lead=piece.lead,
        paragraphs=piece.paragraphs,
        author=piece.author,
        credit=piece.credit,
        section=printing.section.name,
        tags=piece.tags if "tags" in family.rules else (),
        captions=piece.captions,
        published_at=printing.published_at,
        precision=family.precision,
        appears_at=printing.slot.appears_at,
        topics=piece.topics,
        copy_of=copy_of,
        is_backlog=printing.slot.is_backlog,
    )
