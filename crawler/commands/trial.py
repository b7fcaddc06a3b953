"""`canhbao try`: what extraction makes of a URL or a saved file. Stores nothing."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from config.load import Config
from config.portal import Portal
from crawler.app import open_client
from crawler.commands import trial_view
from crawler.commands.terminal import print_json
from crawler.dedup import urls
from crawler.errors import FetchError, ParseError
from crawler.model import Harvest, NotModified, Page, ParsedArticle, Skipped, Validators
from crawler.parse.article import parse_article
from crawler.parse.feed import parse_feed
from crawler.parse.listing import parse_listing
from crawler.parse.recognise import kind_of, may_be_article, own_url
from crawler.parse.sitemap import parse_sitemap
from crawler.rawpages import unpack
from storage.engine import Store
from storage.pages import page_of_url

NO_URL = "http://unknown.invalid/"
NOTHING = "neither an article nor a list of articles was found in it"
_FEWEST_ENTRIES = 5  # of a list on a page that could also be read as an article


def try_targets(config: Config, targets: Sequence[str], *, url: str | None, as_json: bool, is_kept: bool = False) -> int:
    """Print one result a target; 1 when any gave nothing. `url`: where a saved file came from; of several only those that do not say so.

    `is_kept`: a URL's page is not fetched, but taken from what the daemon kept of it.
    """
    n_failed = 0
    for target in targets:
        found: ParsedArticle | Harvest | None = None
        try:
            page = _page_of(config, target, url, is_only=len(targets) == 1, is_kept=is_kept)
            found = read(page, config)
            record = article_record(found, page.url) if isinstance(found, ParsedArticle) else harvest_record(found)
        except (FetchError, ParseError) as error:
            record = {"kind": "error", "error": error.reason + _hint(target, error)}
            n_failed += 1
        if len(targets) > 1 or "error" in record:
            record = {"target": target, **record}
        if as_json:
            print_json(record)
        else:
            trial_view.show(record, found if isinstance(found, ParsedArticle) else None)
    return 1 if n_failed else 0


def _page_of(config: Config, target: str, url: str | None, *, is_only: bool, is_kept: bool) -> Page:
    if not re.match(r"https?://", target):
        return _saved(Path(target), url, is_only=is_only)
    return _kept(config, target) if is_kept else _fetched(config, target)


def _kept(config: Config, url: str) -> Page:
    """The page as it was when the daemon read it. Raises: ParseError when none is kept."""
    with Store.open(config.database_url) as store:
        kept = store.look(page_of_url, url)
    if kept is None:
        raise ParseError(url, "no page of it is kept")
    return unpack(kept.raw)


def _hint(target: str, error: FetchError | ParseError) -> str:
    if error.url == NO_URL and error.reason == NOTHING:
        return "; say with --url where the file came from"
    is_address = not Path(target).exists() and re.match(r"[\w-]+(?:\.[\w-]+)+/", target) is not None
    return "; an address begins with https://" if is_address else ""


def read(page: Page, config: Config) -> ParsedArticle | Harvest:
    """What is in `page`, recognised by its content. Raises: ParseError."""
    portal = portal_of(page.url, config)
    match kind_of(page.body, page.content_type):
        case "feed":
            return parse_feed(page.body, page.url, page.content_type)
        case "sitemap":
            return parse_sitemap(page.body, page.url, page.content_type)
        case _:
            return _read_html(page, portal)


def _read_html(page: Page, portal: Portal) -> ParsedArticle | Harvest:
    """An article, else a list of links to articles. A portal's own URL patterns decide what no rule knows."""
    is_known = bool(portal.article.urls) and urls.is_article(page.url, portal)
    article: ParsedArticle | None = None
    try:
        article = parse_article(page, portal, {})
    except ParseError:
        if is_known:
            raise
    if article is not None and (is_known or not portal.article.urls or article.provenance.get("text") == "rule"):
        return article
    listing = parse_listing(page.body, page.url, page.content_type, link_css=None, is_article=lambda link: _on(link, portal))
    if len(listing.entries) >= (_FEWEST_ENTRIES if article is not None else 1):
        return listing
    if article is None:
        raise ParseError(page.url, NOTHING)
    return article


def portal_of(url: str, config: Config) -> Portal:
    """The configured portal that serves `url`; for a site nobody has described, one without any rules."""
    host = urls.host_of(url)
    for portal in config.portals.values():
        if host in urls.hosts_of(portal):
            return portal
    home = "{0.scheme}://{0.netloc}/".format(urlsplit(url))
    return Portal.model_validate({"id": "unknown", "name": host, "home": home, "sources": [{"id": "home", "kind": "listing", "url": home}]})


def _on(link: str, portal: Portal) -> bool:
    try:
        return urls.is_article(urls.settle(link, portal), portal) and (bool(portal.article.urls) or may_be_article(link))
    except ValueError:
        return False


def _saved(path: Path, url: str | None, *, is_only: bool) -> Page:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ParseError(str(path), f"cannot be read: {error.strerror}") from error
    return _page((url if is_only else None) or own_url(body) or url or NO_URL, body)


def _page(url: str, body: bytes) -> Page:
    return Page(
        requested_url=url, url=url, status=200, body=body, content_type=None, validators=Validators(), fetched_at=datetime.now(UTC)
    )  # fmt: skip


def _fetched(config: Config, url: str) -> Page:
    async def fetch() -> Page | NotModified | Skipped:
        async with open_client(config.settings.http, portals=config.portals.values()) as client:
            return await client.get(url)

    match asyncio.run(fetch()):
        case Page() as page:
            return page
        case Skipped(reason=reason):
            raise ParseError(url, f"not fetched: {reason}")
        case NotModified():
            raise ParseError(url, "304 although nothing was asked to compare")


def article_record(article: ParsedArticle, url: str) -> dict[str, object]:
    """In the form of design §5.1."""
    return {
        "kind": "page",
        "url": url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "published_at": article.published_at,
        "published_precision": article.published_precision,
        "updated_at": article.updated_at,
        "author": article.author,
        "section": article.section,
        "tags": list(article.tags),
        "lead": article.lead,
        "text": article.text,
        "captions": list(article.captions),
        "images": [image.url for image in article.images],
        "provenance": dict(article.provenance),
    }


def harvest_record(harvest: Harvest) -> dict[str, object]:
    """In the form of design §5.1."""
    entries = [
        {
            "url": entry.url,
            "title": entry.title,
            "published_at": entry.published_at,
            "author": entry.author,
            "summary": entry.summary,
            "tags": list(entry.tags),
        }
        for entry in harvest.entries
    ]
    return {"kind": harvest.kind, "url": harvest.url, "entries": entries}
