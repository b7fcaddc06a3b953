"""`canhbao try`: what extraction makes of a URL or a saved file. Stores nothing."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from config.load import Config
from config.portal import Portal
from crawler.app import open_client
from crawler.commands.terminal import print_json, say_line
from crawler.dedup import urls
from crawler.dedup.timing import VIETNAM
from crawler.errors import FetchError, ParseError
from crawler.model import Harvest, NotModified, Page, ParsedArticle, Skipped, Validators
from crawler.parse.article import parse_article
from crawler.parse.feed import parse_feed
from crawler.parse.listing import parse_listing
from crawler.parse.sitemap import parse_sitemap
from crawler.wording import moment

NO_URL = "http://unknown.invalid/"
FEED_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)\b")
SITEMAP_ROOT = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
HEAD_BYTES = 4096
GZIP = b"\x1f\x8b"


def try_targets(config: Config, targets: Sequence[str], *, url: str | None, as_json: bool) -> int:
    """Print one result a target; 1 when any gave nothing."""
    n_failed = 0
    for target in targets:
        try:
            page = _fetched(config, target) if re.match(r"https?://", target) else _saved(Path(target), url)
            record = record_of(page, config)
        except (FetchError, ParseError) as error:
            is_nowhere = url is None and Path(target).is_file()
            record = {"kind": "error", "error": error.reason + ("; say with --url where the file came from" if is_nowhere else "")}
            n_failed += 1
        record = {"target": target, **record} if len(targets) > 1 or "error" in record else record
        if as_json:
            print_json(record)
        else:
            _print(record)
    return 1 if n_failed else 0


def record_of(page: Page, config: Config) -> dict[str, object]:
    """What `page` is, recognised by its content, and what is in it, in the form of design §5.1. Raises: ParseError."""
    head = page.body[:HEAD_BYTES]
    portal = portal_of(page.url, config)
    if SITEMAP_ROOT.search(head) or head.startswith(GZIP):
        return _harvest_record(parse_sitemap(page.body, page.url, page.content_type))
    if FEED_ROOT.search(head):
        return _harvest_record(parse_feed(page.body, page.url, page.content_type))
    try:
        return _article_record(parse_article(page, portal, {}), page.url)
    except ParseError:
        if portal.article.urls and urls.is_article(page.url, portal):
            raise
    listing = parse_listing(page.body, page.url, page.content_type, link_css=None, is_article=lambda link: _on(link, portal))
    if not listing.entries:
        raise ParseError(page.url, "neither an article nor a list of articles was found in it")
    return _harvest_record(listing)


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
        return urls.is_article(urls.settle(link, portal), portal)
    except ValueError:
        return False


def _saved(path: Path, url: str | None) -> Page:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ParseError(str(path), f"cannot be read: {error.strerror}") from error
    return _page(url or NO_URL, body, None)


def _page(url: str, body: bytes, content_type: str | None) -> Page:
    return Page(
        requested_url=url,
        url=url,
        status=200,
        body=body,
        content_type=content_type,
        validators=Validators(),
        fetched_at=datetime.now(UTC),
    )


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


def _article_record(article: ParsedArticle, url: str) -> dict[str, object]:
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
        "problems": list(article.problems),
        "lead": article.lead,
        "text": article.text,
        "captions": list(article.captions),
        "images": [image.url for image in article.images],
        "provenance": dict(article.provenance),
    }


def _harvest_record(harvest: Harvest) -> dict[str, object]:
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


def _print(record: dict[str, object]) -> None:
    provenance = record.pop("provenance", {})
    assert isinstance(provenance, dict)
    for name, value in record.items():
        if name == "entries":
            assert isinstance(value, list)
            _print_entries(value)
        elif value not in (None, "", []):
            origin = f"  [{provenance[name]}]" if name in provenance else ""
            say_line(f"{name + ':':<20} {_shown(value)}{origin}" if name != "text" else f"\n{value}\n\n{origin.strip()}".rstrip())


def _print_entries(entries: Sequence[Mapping[str, object]]) -> None:
    say_line("")
    for entry in entries:
        at = entry["published_at"]
        say_line(f"{moment(at) if isinstance(at, datetime) else '–':<12} {entry['title'] or '–'}\n{'':<12} {entry['url']}")


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
