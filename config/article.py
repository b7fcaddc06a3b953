"""How a portal's articles are told from other pages, and where on them title and text stand."""

import re
from typing import Annotated, TypeVar

from cssselect import HTMLTranslator, SelectorError
from pydantic import AfterValidator, Field

from config.base import Model, Refusal

T = TypeVar("T")


def _css(value: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(value)
    except (SelectorError, ValueError, OverflowError, RecursionError) as error:
        raise Refusal("is not a CSS selector; correct it", detail=str(error)) from error
    return value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise Refusal("is not a regular expression; in single quotes a backslash is written once", detail=str(error)) from error
    return value


Css = Annotated[str, AfterValidator(_css)]
Regex = Annotated[str, AfterValidator(_regex)]


class UrlPattern(Model):
    """Which URLs are articles, and the id in them. Searched in the URL without its query."""

    era: str = Field(min_length=1)
    """A name for this URL scheme: equal ids of different eras are different articles."""
    match: Regex
    """A regular expression; the group `(?P<id>…)` names the article."""


class Rules(Model):
    """CSS selectors of one page layout. `title` and `body` must both find text, else the next rules are tried."""

    title: Css
    """The headline."""
    body: Css
    """The container of the text; several selectors may be joined with a comma."""
    lead: Css | None = None
    """The opening paragraph (sapo), where it stands apart."""
    published: Css | None = None
    """When it was published."""
    updated: Css | None = None
    """When it was last changed."""
    author: Css | None = None
    """Who wrote it."""
    section: Css | None = None
    """The section it stands in."""
    tags: Css | None = None
    """Each keyword."""
    captions: Css | None = None
    """Each caption inside the body: kept apart from the text."""
    drop: tuple[Css, ...] = ()
    """Elements inside the body that are not text: related boxes, comment forms."""


class Override(Model):
    """What a portal's pages do otherwise than its family's: selectors that are laid over each set of the family's rules."""

    title: Css | None = None
    """Instead of the family's."""
    body: Css | None = None
    """Instead of the family's."""
    lead: Css | None = None
    """Instead of the family's."""
    published: Css | None = None
    """Instead of the family's."""
    updated: Css | None = None
    """Instead of the family's."""
    author: Css | None = None
    """Instead of the family's."""
    section: Css | None = None
    """Instead of the family's."""
    tags: Css | None = None
    """Instead of the family's."""
    captions: Css | None = None
    """Instead of the family's."""
    drop: tuple[Css, ...] = ()
    """Beside the family's."""

    def over(self, rules: Rules) -> Rules:
        stated = {name: value for name in Rules.model_fields if (value := getattr(self, name)) is not None}
        return rules.model_copy(update=stated | {"drop": _each_once(rules.drop, self.drop)})


class ArticleConfig(Model):
    urls: tuple[UrlPattern, ...] = ()
    """Which URLs are articles; none, nor any of a family: told from the page."""
    skip: tuple[Regex, ...] = ()
    """URLs that look like articles but are none (print views, videos)."""
    rules: tuple[Rules, ...] = ()
    """Page layouts, tried in this order, then the family's; none fits: generic extraction."""
    override: Override | None = None
    """Selectors in which the family's rules do not fit this portal."""
    datelines: tuple[str, ...] = ()
    """Prefixes at the head of the lead that name the paper, e.g. ĐTO: kept out of the text. Without any, those that the page shows to be the paper's."""

    def followed_by(self, urls: tuple[UrlPattern, ...], skip: tuple[str, ...], rules: tuple[Rules, ...]) -> "ArticleConfig":
        """What the portal states itself, then what a family knows, but for what is overridden. Said twice it says the same."""
        changed = tuple(self.override.over(each) for each in rules) if self.override is not None else rules
        return self.model_copy(
            update={
                "urls": _each_once(self.urls, urls),
                "skip": _each_once(self.skip, skip),
                "rules": _each_once(self.rules, changed),
            }
        )


def _each_once(*groups: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))
