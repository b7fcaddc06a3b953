"""Portals: newspapers as data. One YAML file a portal; see docs/configuration.md."""

import re
from pathlib import Path
from typing import Annotated, Literal

from cssselect import HTMLTranslator, SelectorError
from pydantic import AfterValidator, Field, HttpUrl, ValidationInfo, field_validator

from config.base import Contradiction, Model, Refusal
from config.proxy import ProxyOrDirect
from config.watch import Province, Slug


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


def _host(value: str) -> str:
    if not re.fullmatch(r"[\w.-]+(:\d+)?", value):
        raise Refusal("is no host name; write it without https:// and path, like m.example.org")
    return value.lower()


def _page_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s{}]+/[^\s{}]*\{page\}[^\s{}]*", value):
        raise Refusal("is no address of pages; write it like https://example.org/thoi-su/page-{page}.html")
    return value


Css = Annotated[str, AfterValidator(_css)]
Regex = Annotated[str, AfterValidator(_regex)]
Host = Annotated[str, AfterValidator(_host)]
PageUrl = Annotated[str, AfterValidator(_page_url)]


class Source(Model):
    id: Slug
    """Unique within the portal."""
    kind: Literal["feed", "listing", "sitemap"]
    """RSS, Atom or JSON Feed; an HTML page with links; or a sitemap or an index of sitemaps."""
    url: HttpUrl
    """What is asked."""
    section: str | None = None
    """Section name given to articles whose page names none."""
    links: Css | None = None
    """Listing only: selects the `<a>` elements to follow; default: every link that an article pattern knows."""
    pages: PageUrl | None = None
    """Listing only: the URL of its older pages with `{page}` for their number, counted from 2; default: the page's own "next" link."""
    min_s: float | None = Field(default=None, gt=0)
    """Own lower bound of the poll interval in seconds."""
    max_s: float | None = Field(default=None, gt=0)
    """Own upper bound of the poll interval in seconds."""

    @field_validator("links")
    @classmethod
    def _only_in_a_listing(cls, links: str | None, others: ValidationInfo) -> str | None:
        if links is not None and others.data.get("kind", "listing") != "listing":
            raise Contradiction("only a listing has links to select; remove it, or set kind: listing")
        return links

    @field_validator("pages")
    @classmethod
    def _only_of_a_listing(cls, pages: str | None, others: ValidationInfo) -> str | None:
        if pages is not None and others.data.get("kind", "listing") != "listing":
            raise Contradiction("only a listing has older pages; remove it, or set kind: listing")
        return pages


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


class ArticleConfig(Model):
    urls: tuple[UrlPattern, ...] = ()
    """Which URLs are articles; none: told from the page."""
    skip: tuple[Regex, ...] = ()
    """URLs that look like articles but are none (print views, videos)."""
    rules: tuple[Rules, ...] = ()
    """Page layouts, tried in this order; none fits: generic extraction."""
    datelines: tuple[str, ...] = ()
    """Prefixes at the head of the lead that name the paper, e.g. ĐTO: kept out of the text."""


class Portal(Model):
    id: Slug
    """Unique; an own file replaces the shipped one with this id."""
    name: str = Field(min_length=1)
    """As readers know it."""
    province: Province | None = None
    """By its name before or after July 2025; none: a national paper."""
    home: HttpUrl
    """The home page."""
    hosts: tuple[Host, ...] = ()
    """Other host names this portal is served under; `home`'s host, with and without www., is always one."""
    sources: tuple[Source, ...] = Field(min_length=1)
    """Where new articles are announced."""
    article: ArticleConfig = ArticleConfig()
    """How articles are recognised and read."""
    enabled: bool = True
    """False: it is not asked."""
    verified: str = "unverified"
    """Date on which somebody last saw these rules work, or `unverified`."""
    per_host_interval_s: float | None = Field(default=None, ge=0, le=3600)
    """Own pause between two requests in seconds; default: http.per_host_interval_s."""
    proxy: ProxyOrDirect | None = None
    """How this portal is reached, written as `http.proxy`, or `direct` for no proxy at all; default: `http.proxy`."""
    tls: Literal["modern", "legacy"] = "modern"
    """`legacy`: old renegotiation and weak keys are borne with. Certificates are verified all the same."""
    extra_ca: Path | None = None
    """PEM file, relative to this one, with the intermediate certificate that the server forgets to send, or its own root. Counts for an https:// proxy on the way, too."""
