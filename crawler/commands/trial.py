"""`canhbao try`: what extraction makes of a URL or a saved file. Stores nothing.

A saved file may be hostile as any page: it is read as the daemon reads, in a worker with a deadline and a memory limit.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from config.load import Config
from config.portal import Portal
from crawler.app import PAGE_DEADLINE_S, PAGE_MEMORY_MB, open_client
from crawler.commands import trial_view
from crawler.commands.terminal import print_json
from crawler.dedup import urls
from crawler.errors import FetchError, ParseError
from crawler.model import Harvest, NotModified, Page, ParsedArticle, Skipped, Validators
from crawler.parse.recognise import own_url
from crawler.rawpages import unpack
from crawler.reading import NOTHING, read_at_sight
from crawler.workers import Workers
from storage.engine import Store
from storage.pages import page_of_url

NO_URL = "http://unknown.invalid/"


def try_targets(
    config: Config,
    targets: Sequence[str],
    *,
    url: str | None,
    as_json: bool,
    is_kept: bool = False,
    deadline_s: float = PAGE_DEADLINE_S,
) -> int:
    """Print one result a target; 1 when any gave nothing. `url`: where a saved file came from; of several only those that do not say so.

    `is_kept`: a URL's page is not fetched, but taken from what the daemon kept of it. `deadline_s`: for the reading of each.
    """

    async def each() -> int:
        workers = Workers(1, deadline_s=deadline_s, memory_mb=PAGE_MEMORY_MB)
        trial = _Trial(config, workers, url=url, is_only=len(targets) == 1, is_kept=is_kept, as_json=as_json)
        try:
            return sum([not await trial.show(target) for target in targets])
        finally:
            await workers.close()

    return 1 if asyncio.run(each()) else 0


@dataclass(frozen=True, slots=True)
class _Trial:
    """What is the same for every target of one call."""

    config: Config
    workers: Workers
    _: KW_ONLY
    url: str | None
    is_only: bool
    is_kept: bool
    as_json: bool

    async def show(self, target: str) -> bool:
        """Print what is in it, or why nothing is. Whether anything is."""
        found: ParsedArticle | Harvest | None = None
        try:
            page = await self._page_of(target)
            found = await self.workers.run(read_at_sight, page, portal_of(page.url, self.config))
            record = article_record(found, page.url) if isinstance(found, ParsedArticle) else harvest_record(found)
        except (FetchError, ParseError) as error:
            record = {"kind": "error", "error": error.reason + _hint(target, error)}
        if not self.is_only or found is None:
            record = {"target": target, **record}
        if self.as_json:
            print_json(record)
        else:
            trial_view.show(record, found if isinstance(found, ParsedArticle) else None)
        return found is not None

    async def _page_of(self, target: str) -> Page:
        if re.match(r"https?://", target):
            return _kept(self.config, target) if self.is_kept else await _fetched(self.config, target)
        body = _saved(Path(target))
        url = self.url if self.is_only else None
        return _page(url or await self.workers.run(own_url, body) or self.url or NO_URL, body)


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


def portal_of(url: str, config: Config) -> Portal:
    """The configured portal that serves `url`; for a site nobody has described, one without any rules."""
    host = urls.host_of(url)
    for portal in config.portals.values():
        if host in urls.hosts_of(portal):
            return portal
    home = "{0.scheme}://{0.netloc}/".format(urlsplit(url))
    return Portal.model_validate({"id": "unknown", "name": host, "home": home, "sources": [{"id": "home", "kind": "listing", "url": home}]})


def _saved(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ParseError(str(path), f"cannot be read: {error.strerror}") from error


def _page(url: str, body: bytes) -> Page:
    return Page(
        requested_url=url, url=url, status=200, body=body, content_type=None, validators=Validators(), fetched_at=datetime.now(UTC)
    )  # fmt: skip


async def _fetched(config: Config, url: str) -> Page:
    async with open_client(config.settings.http, portals=config.portals.values()) as client:
        match await client.get(url):
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
