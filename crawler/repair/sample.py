"""One article as it was read when the rules still fitted, and its page as it is now. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from config.portal import Portal
from crawler.model import VIETNAM, Page
from crawler.parse import fields
from crawler.parse.charset import decode
from crawler.parse.dates import When
from crawler.parse.markup import Element, html_root, text_of
from crawler.text.normal import clean
from storage.records import Article

_LONGEST_DATELINE = 20


@dataclass(frozen=True)
class Sample:
    """`stored` is what the new rules have to read on `page`. Selectors that try it out must leave no marks on `root`."""

    page: Page
    stored: Article
    portal: Portal
    is_partial: bool = False
    """The article was read when the rules no longer fitted: what it says is there, but there may be more."""

    @cached_property
    def root(self) -> Element:
        return html_root(decode(self.page.body, self.page.content_type).text, self.page.url)

    @cached_property
    def elements(self) -> list[tuple[Element, str]]:
        """Each element of the page with all text in it, outer ones first."""
        body = self.root.find("body")
        start = self.root if body is None else body
        return [(element, text_of(element)) for element in start.iter() if isinstance(element.tag, str)]

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(text for text in self.stored.text.split("\n\n") if text)

    def is_title(self, text: str) -> bool:
        return text == self.stored.title or fields.title(text, self.portal) == self.stored.title

    def is_lead(self, text: str) -> bool:
        lead = self.stored.lead
        return bool(lead) and text.endswith(lead or "") and len(text) - len(lead or "") <= _LONGEST_DATELINE

    def is_author(self, text: str) -> bool:
        found = fields.byline(text, self.portal)
        return (found.author, found.credit) == (self.stored.author, self.stored.credit)

    def is_section(self, text: str) -> bool:
        return self.stored.section is not None and fields.section(text) == self.stored.section

    def is_date(self, when: When | None) -> bool:
        """To the minute: layouts differ in whether they print seconds. A day does not do where the minute was known: it may be today's."""
        at, is_day = self.stored.published_at, self.stored.published_precision == "day"
        if when is None or at is None or (when.precision == "day" and not is_day):
            return False
        if is_day:
            return when.at.astimezone(VIETNAM).date() == at.astimezone(VIETNAM).date()
        return when.at.replace(second=0, microsecond=0) == at.replace(second=0, microsecond=0)

    def are_tags(self, texts: Iterable[str]) -> bool:
        return fields.tags(tuple(texts), self.portal) == self.stored.tags


def squeezed(text: str) -> str:
    """Without white space: markup breaks lines where the text has none."""
    return "".join(clean(text).split())
