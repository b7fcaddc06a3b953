"""From an index of sitemaps to the links in those worth reading: each asked politely, with its own validators."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from loguru import logger

from crawler import sitemaps
from crawler.errors import Failure, FetchError, ParseError
from crawler.fetch.client import Client
from crawler.model import NotModified, Page, Skipped, Validators
from crawler.reading import Gleaned
from crawler.sitemaps import Visit
from storage.records import SeenLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What the sitemaps gave, and what to remember of each."""

    links: tuple[SeenLink, ...]
    n_entries: int
    visits: Mapping[str, Visit]


async def follow(
    client: Client,
    read: Callable[[Page], Awaitable[Gleaned]],
    named: Mapping[str, datetime | None],
    visits: Mapping[str, Visit],
    *,
    interval_s: float | None,
    now: datetime,
) -> Followed:
    """Ask the sitemaps of an index that are due, the most promising first, until enough were read or tried.

    A sitemap may name others: those wait for the next poll.

    Raises: FetchError or ParseError when not one of those asked could be read.
    """
    listed, named = named, {**named, **{url: None for url in visits if url not in named and visits[url].n_fresh}}
    links: dict[str, SeenLink] = {}
    n_entries, n_read, trouble = 0, 0, None
    known = dict(visits)
    for url in sitemaps.due(named, visits, now=now)[: sitemaps.MAX_TRIES]:
        if n_read == sitemaps.MAX_A_POLL:
            break
        try:
            gleaned, validators = await _ask(client, read, url, known.get(url), interval_s)
        except (FetchError, ParseError) as error:
            logger.warning("sitemap not read: {}", error)
            trouble = error
            known[url] = Visit(asked_at=now, n_fresh=sitemaps.FAILED)
            if url not in listed and isinstance(error, FetchError) and error.kind is Failure.NOT_FOUND:
                del known[url]
            continue
        n_read += 1
        known[url] = _visited(known.get(url), gleaned, validators, changed_at=named[url], now=now)
        if gleaned is not None:
            n_entries += gleaned.n_entries
            links |= {link.url: link for link in gleaned.links if link.url not in links}
            known |= {each: _unread(now) for each in gleaned.sitemaps if each not in known}
    if trouble is not None and not n_read:
        raise trouble
    return Followed(links=tuple(links.values()), n_entries=n_entries, visits=known)


def _unread(now: datetime) -> Visit:
    """A sitemap named by another: due at once, as one that had news."""
    return Visit(asked_at=now, n_fresh=1)


async def _ask(
    client: Client, read: Callable[[Page], Awaitable[Gleaned]], url: str, visit: Visit | None, interval_s: float | None
) -> tuple[Gleaned | None, Validators]:
    """None where nothing has changed."""
    known = Validators(etag=visit.etag, last_modified=visit.last_modified) if visit is not None else Validators()
    match await client.get(url, known, interval_s=interval_s):
        case Skipped(reason=reason):
            raise FetchError(url, f"not fetched: {reason}", kind=Failure.HTTP_4XX)
        case NotModified():
            return None, known
        case Page() as page:
            return await read(page), page.validators


def _visited(before: Visit | None, gleaned: Gleaned | None, validators: Validators, *, changed_at: datetime | None, now: datetime) -> Visit:
    n_fresh = len(gleaned.links) if gleaned is not None else before.n_fresh if before is not None else 0
    return Visit(asked_at=now, etag=validators.etag, last_modified=validators.last_modified, changed_at=changed_at, n_fresh=n_fresh)
