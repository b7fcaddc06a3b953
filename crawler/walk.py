"""How far back to walk, and by which lists: the decisions of a backfill. Pure: what was found and `now` are arguments; times in UTC.

Dated lists (sitemaps, feeds) say themselves what is too old. A listing does not: its next page is asked when the links of this one have
been tried, unless all that were read are older than wanted; so a walk goes no further than one page too far, and ends of itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from config.portal import Portal, Source
from crawler.dedup import urls
from crawler.reading import Gleaned, number_in
from crawler.sitemaps import ends
from storage.records import BackfillReport, SeenLink, WalkKind, WalkPage, Yield

SLACK = timedelta(days=1)
"""A list may date by the day, or in a time zone of its own."""

SLICE = 100
"""Of a sitemap without dates so many of the highest ids are read before it is decided whether to go on."""

MAX_BARREN = 50
"""Pages in a row without one new dated article: after a long stop the news of the meantime have pushed known ones so far down."""

ROBOTS = "robots"
"""The name of the source whose sitemaps robots.txt names, and no portal file."""


def first_pages(portal: Portal) -> list[WalkPage]:
    """Where a walk begins: every source of the portal, and whatever sitemaps its robots.txt names."""
    rank: Mapping[str, int] = {"sitemap": 0, "listing": 1, "feed": 2}
    sources = sorted(portal.sources, key=lambda source: rank[source.kind])
    pages = [WalkPage(source=source.id, kind=source.kind, url=str(source.url)) for source in sources]
    return [WalkPage(source=ROBOTS, kind="robots", url=str(portal.home)), *pages]


def source_of(page: WalkPage, portal: Portal) -> Source | None:
    """The source that `page` is read as; None when a reload took it away."""
    if page.source == ROBOTS:
        return Source.model_validate({"id": ROBOTS, "kind": "sitemap", "url": page.url})
    return next((source for source in portal.sources if source.id == page.source), None)


def sitemaps_named(named: Iterable[str], portal: Portal) -> list[WalkPage]:
    """The sitemaps of robots.txt that are the portal's own, and that it does not configure as a source."""
    hosts, configured = urls.hosts_of(portal), {str(source.url) for source in portal.sources}
    ours = (url for url in named if url not in configured and _host_of(url) in hosts)
    return [WalkPage(source=ROBOTS, kind="sitemap", url=url) for url in dict.fromkeys(ours)]


def _host_of(url: str) -> str | None:
    try:
        return urls.host_of(url)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one asked page gives: links to read, other lists to ask, and the older page that is asked if these links are young enough."""

    links: Sequence[SeenLink]
    fingerprint: str
    n_shown: int
    is_chain: bool
    older: WalkPage | None = None
    named: Sequence[WalkPage] = ()


def step(page: WalkPage, gleaned: Gleaned, portal: Portal, *, since: datetime) -> Step:
    """What follows from a list as it was read."""
    young = [link for link in gleaned.links if link.published_at is None or link.published_at >= since - SLACK]
    mark = fingerprint(gleaned.links)
    if page.kind == "sitemap":
        return _of_sitemap(page, gleaned, young, portal, mark, since=since)
    older = _like(page, gleaned.next_page) if gleaned.next_page is not None and young else None
    return Step(links=young, fingerprint=mark, n_shown=len(gleaned.links), is_chain=True, older=older)


def _of_sitemap(page: WalkPage, gleaned: Gleaned, young: Sequence[SeenLink], portal: Portal, mark: str, *, since: datetime) -> Step:
    """All that is dated at once; of what is not, a slice of the highest ids after the other. Of an index, the sitemaps that may reach `since`."""
    named = [_like(page, url) for url in _reaching(gleaned.sitemaps, since)]
    dated = [link for link in young if link.published_at is not None]
    undated = [link for link in young if link.published_at is None]
    numbers = {link.url: number_in(link.url, portal) for link in undated}
    if len(undated) <= SLICE or not all(numbers.values()):
        return Step(links=young, fingerprint=mark, n_shown=len(gleaned.links), is_chain=False, named=named)
    undated.sort(key=lambda link: numbers[link.url], reverse=True)
    start, end = page.part * SLICE, (page.part + 1) * SLICE
    older = WalkPage(source=page.source, kind="sitemap", url=page.url, part=page.part + 1) if end < len(undated) else None
    links = [*(dated if page.part == 0 else ()), *undated[start:end]]
    return Step(links=links, fingerprint=fingerprint(links), n_shown=len(links), is_chain=True, older=older, named=named)


def _like(page: WalkPage, url: str) -> WalkPage:
    return WalkPage(source=page.source, kind=page.kind, url=url)


def _reaching(named: Mapping[str, datetime | None], since: datetime) -> list[str]:
    """The sitemaps of an index that may name anything since then: by their last change, else by the period in their name."""
    border = since - SLACK
    told = ends((url for url, changed_at in named.items() if changed_at is None), border=border)
    return [url for url, changed_at in named.items() if (changed_at or told.get(url, border)) >= border]


def fingerprint(links: Iterable[SeenLink]) -> str:
    return blake2b("\n".join(sorted(link.url for link in links)).encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class GoOn:
    """Ask the next page; `n_barren` pages in a row have brought nothing that can be dated."""

    n_barren: int = 0


@dataclass(frozen=True, slots=True)
class Enough:
    reason: str


def after(page: Yield, *, since: datetime, n_barren: int) -> GoOn | Enough:
    """Whether the page after `page` is worth asking, once the links of `page` have been tried. `n_barren`: before `page`."""
    if page.repeats:
        return Enough("repeats the page before")
    if page.n_news or any(at >= since - SLACK for at in page.published):
        return GoOn()
    if page.published:
        return Enough("older than wanted")
    if n_barren + 1 >= MAX_BARREN:
        return Enough("nothing new for too long")
    return GoOn(n_barren + 1)


# --- how long it takes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a backfill is. `left_s` is None while nothing can be said."""

    n_found: int
    n_read: int
    """Read, or found not to be there."""
    n_left: int
    n_pages_left: int
    """Lists still to be asked: while there are any, more may be found."""
    left_s: float | None


def progress(report: BackfillReport, *, interval_s: float, n_passed: int = 0, passed_s: float = 0.0) -> Progress:
    """By the polite rate, or by what has passed where that was slower: `n_passed` requests in `passed_s`."""
    n_found, n_left = sum(report.links.values()), report.links.get("open", 0)
    n_requests = n_left + report.n_pages_open
    each_s = max(interval_s, passed_s / n_passed) if n_passed else interval_s
    left_s = n_requests * each_s if n_requests else None
    return Progress(n_found=n_found, n_read=n_found - n_left, n_left=n_left, n_pages_left=report.n_pages_open, left_s=left_s)


def reach(portal: Portal) -> Mapping[WalkKind, int]:
    """How many lists of each kind the portal's file names."""
    counts: dict[WalkKind, int] = {"sitemap": 0, "listing": 0, "feed": 0}
    for source in portal.sources:
        counts[source.kind] += 1
    return counts
