"""Portals: newspapers as data. One YAML file a portal; see docs/configuration.md."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, ValidationInfo, field_validator

from config.article import ArticleConfig, Css, Override, Rules, UrlPattern
from config.base import Contradiction, Model, Refusal
from config.family import families
from config.proxy import ProxyOrDirect
from config.suggest import did_you_mean, one_of
from config.watch import Province, Slug

__all__ = ["ArticleConfig", "Override", "Portal", "Rules", "Source", "UrlPattern"]


def _host(value: str) -> str:
    if not re.fullmatch(r"[\w.-]+(:\d+)?", value):
        raise Refusal("is no host name; write it without https:// and path, like m.example.org")
    return value.lower()


def _page_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s{}]+/[^\s{}]*\{page\}[^\s{}]*", value):
        raise Refusal("is no address of pages; write it like https://example.org/thoi-su/page-{page}.html")
    return value


def _family(value: str) -> str:
    if value not in families():
        raise Refusal(f"is no content system that canhbao knows; known: {one_of(families())}", detail=did_you_mean(value, families()) or "")
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _one_or_several(schema: dict[str, Any]) -> None:
    one = {"enum": sorted(families())}
    for key in ("type", "items"):
        schema.pop(key, None)
    schema["anyOf"] = [one, {"type": "array", "items": one}]


Host = Annotated[str, AfterValidator(_host)]
PageUrl = Annotated[str, AfterValidator(_page_url)]
Families = Annotated[
    tuple[Annotated[str, AfterValidator(_family)], ...], BeforeValidator(_as_list), Field(json_schema_extra=_one_or_several)
]


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
    family: Families = ()
    """The content system it runs on, or several, the present one first: their URLs and rules follow the portal's own."""
    article: ArticleConfig = Field(default=ArticleConfig(), validate_default=True)
    """How articles are recognised and read, where it is not by the family."""
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

    @field_validator("article")
    @classmethod
    def _followed_by_its_families(cls, article: ArticleConfig, others: ValidationInfo) -> ArticleConfig:
        if article.override is not None and others.data.get("family") == ():
            raise Contradiction("has an override, which changes a family's rules, and no family; name one, or write article.rules")
        for known in map(families().__getitem__, others.data.get("family", ())):
            article = article.followed_by(known.urls, known.skip, known.rules)
        return article

    @property
    def level(self) -> Literal["rules", "generic"]:
        """Whether its pages are read by rules of its own or its family's, or by what pages in general look like."""
        return "rules" if self.article.rules else "generic"
