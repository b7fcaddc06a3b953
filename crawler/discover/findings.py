"""What was found out about a site, before it is written down as a portal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from crawler.model import Page
from crawler.parse.listing import base_of
from crawler.parse.markup import Element, absolute, select, text_of
from storage.records import SourceKind

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSource:
    """A feed, listing or sitemap that answered. `articles` are the article URLs it names, of all the entries in it."""

    kind: SourceKind
    url: str
    section: str | None = None
    n_entries: int = 0
    articles: frozenset[str] = frozenset()
    sitemaps: tuple[str, ...] = ()
    """Of an index of sitemaps: those it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPattern:
    """One shape of article URLs. `era` names it; `n_read` of `n_tried` sample pages held an article."""

    era: str
    match: str
    n_links: int
    example: str
    n_tried: int
    n_read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRules:
    """The rules that read the sample pages best. `family` None: none did, and the pages' own marks must do."""

    family: str | None
    n_marks: int
    n_tried: int
    n_read: int
    fields: Mapping[str, int]
    """In how many sample pages each field was found, whoever said it."""


@dataclass(slots=True, kw_only=True)
class Findings:
    """Filled in step by step by `survey`."""

    home: str
    name: str
    hosts: tuple[str, ...] = ()
    feeds: list[FoundSource] = field(default_factory=list)
    listings: list[FoundSource] = field(default_factory=list)
    sitemaps: list[FoundSource] = field(default_factory=list)
    patterns: list[FoundPattern] = field(default_factory=list)
    skip: list[str] = field(default_factory=list)
    rules: list[FoundRules] = field(default_factory=list)
    datelines: tuple[str, ...] = ()
    tried: list[tuple[str, str]] = field(default_factory=list)
    """What was asked for and led nowhere, and why."""

    @property
    def confidence(self) -> Literal["high", "medium", "low"]:
        """high: all sample pages were read by rules; medium: they were read some other way, or not all; low: hardly anything was."""
        n_tried, n_read = sum(rules.n_tried for rules in self.rules), sum(rules.n_read for rules in self.rules)
        if not n_read or not (self.feeds or self.listings or self.sitemaps):
            return "low"
        return "high" if n_read == n_tried and all(rules.family for rules in self.rules) else "medium"


def hrefs(root: Element, page: Page) -> Sequence[tuple[str, str]]:
    """Every link of a page, absolute, with its text."""
    base = base_of(root, page.url)
    found = ((absolute(a.get("href"), base), text_of(a) or (a.get("title") or "").strip()) for a in select(root, "a[href]"))
    return [(url, text) for url, text in found if url is not None]


def feeds_named(root: Element, page: Page) -> list[str]:
    """The feeds a page names in its head (link rel=alternate)."""
    base = base_of(root, page.url)
    named = (link for link in select(root, "link[rel~=alternate][href]") if (link.get("type") or "").strip().lower() in FEED_TYPES)
    return list(dict.fromkeys(url for link in named if (url := absolute(link.get("href"), base))))


def site_name(root: Element, host: str) -> str:
    """The paper's name as its home page has it, without what titles add."""
    for css, attribute in (("meta[property='og:site_name']", "content"), ("title", None)):
        for element in select(root, css):
            text = (element.get(attribute) or "").strip() if attribute else text_of(element)
            parts = [part.strip() for mark in (" | ", " - ", " – ", ": ") for part in text.split(mark)[:2]]
            best = next((part for part in parts if part.lower().startswith("báo ")), parts[0] if parts else "")
            if best:
                return best[:_NAME_CHARS]
    return host


_NAME_CHARS = 80
