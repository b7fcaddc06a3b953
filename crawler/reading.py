"""From bytes to nouns: what a worker process does with one page. Pure; everything that comes in and goes out can be pickled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from config.portal import Portal, Source
from crawler.contract.rule import Doubt
from crawler.dedup import fingerprint, urls
from crawler.errors import NoArticleError, ParseError
from crawler.match.index import shipped_catalogue
from crawler.model import Candidate, Harvest, Page, ParsedArticle
from crawler.parse import pages
from crawler.parse.article import parse_article
from crawler.parse.feed import parse_feed
from crawler.parse.listing import parse_listing
from crawler.parse.recognise import kind_of, may_be_article
from crawler.parse.sitemap import parse_sitemap
from crawler.rawpages import pack, unpack
from crawler.sitemaps import HORIZON
from storage.records import Article, ArticleIndex, RawPage, SeenLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Gleaned:
    """What one answer of a source gives the frontier. `n_entries` counts all of them, also those that are no articles of the portal."""

    links: tuple[SeenLink, ...]
    n_entries: int
    ttl_s: float | None
    next_page: str | None
    """The older page, on the portal's own hosts."""
    sitemaps: Mapping[str, datetime | None] = field(default_factory=dict)
    """Of an index: the sitemaps it names, and when each last changed, where it says so."""


MAX_UNDATED = 500
"""Of a sitemap without dates only the newest become links at a poll: those with the highest ids, else the first."""


def read_source(page: Page, portal: Portal, source: Source, *, since: datetime | None = None) -> Gleaned:
    """The article links of a feed, listing or sitemap, each once, in order. Raises: ParseError.

    `since`: of a sitemap, what is older is left out; None: a month.
    """
    harvest = _harvest(page, portal, source)
    entries: Sequence[Candidate] = harvest.entries
    if harvest.kind == "sitemap":
        entries = _recent(entries, portal, since=page.fetched_at - HORIZON if since is None else since, is_backfill=since is not None)
    links: dict[str, SeenLink] = {}
    for entry in entries:
        try:
            url = urls.settle(entry.url, portal)
        except ValueError:
            continue  # mailto:, javascript: and the like are no links to anything
        if urls.is_article(url, portal):
            # The last change, which is all that most sitemaps tell, says as well as the first how urgent a link is.
            said_at = entry.published_at or entry.updated_at
            links.setdefault(
                url, SeenLink(url=url, host=urls.host_of(url), portal=portal.id, hint=hint_of(entry, source), published_at=said_at)
            )
    older = _own_page(harvest.next_page, portal)
    if source.pages is not None and links:
        older = pages.following(source.pages, page.url, first=str(source.url))
    return Gleaned(
        links=tuple(links.values()),
        n_entries=len(harvest.entries) + len(harvest.sitemaps),
        ttl_s=harvest.ttl_s,
        next_page=older,
        sitemaps={url: harvest.changed_at.get(url) for url in harvest.sitemaps},
    )


def _recent(entries: Sequence[Candidate], portal: Portal, *, since: datetime, is_backfill: bool) -> Sequence[Candidate]:
    """Without what is dated before `since`; of what has no date the newest, or in a backfill all, which only its page can date."""
    dated = [entry for entry in entries if (at := entry.published_at or entry.updated_at) is not None and at >= since]
    undated = [entry for entry in entries if entry.published_at is None and entry.updated_at is None]
    if is_backfill or len(undated) <= MAX_UNDATED:
        return (*dated, *undated)
    return (*dated, *sorted(undated, key=lambda entry: number_in(entry.url, portal), reverse=True)[:MAX_UNDATED])


def number_in(url: str, portal: Portal) -> int:
    """The number in an article's id, by which a portal counts its articles; 0 where it has none."""
    try:
        ident = urls.identity(url, portal).ident
    except ValueError:
        return 0
    return int(ident) if ident.isdecimal() else 0


def _own_page(url: str | None, portal: Portal) -> str | None:
    return url if url is not None and urls.host_of(url) in urls.hosts_of(portal) else None


def _harvest(page: Page, portal: Portal, source: Source) -> Harvest:
    match source.kind:
        case "feed":
            return parse_feed(page.body, page.url, page.content_type)
        case "sitemap":
            return parse_sitemap(page.body, page.url, page.content_type)
        case "listing":
            return parse_listing(
                page.body, page.url, page.content_type, link_css=source.links, is_article=lambda url: _is_article(url, portal)
            )


def _is_article(url: str, portal: Portal) -> bool:
    try:
        return urls.is_article(urls.settle(url, portal), portal)
    except ValueError:
        return False


def hint_of(entry: Candidate, source: Source) -> dict[str, Any]:
    """What the source says of a link, for the fields its page leaves empty. JSON types only."""
    said = {
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "section": source.section,
        "tags": list(entry.tags),
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "published_precision": entry.published_precision,
        "published_raw": entry.published_raw,
    }
    return {key: value for key, value in said.items() if value}


def read_and_index(page: Page, portal: Portal, hint: Mapping[str, Any], doubt: Doubt | None = None) -> tuple[Article, ArticleIndex]:
    """The article on `page`, and the words under which a search finds it. Raises: ParseError."""
    article = read_article(page, portal, hint, doubt)
    return article, shipped_catalogue().index(article)


def read_index_and_pack(
    page: Page, portal: Portal, hint: Mapping[str, Any], doubt: Doubt | None = None
) -> tuple[Article, ArticleIndex, RawPage]:
    """As `read_and_index`, and the page packed for keeping: here, where its bytes are anyway. Raises: ParseError."""
    return (*read_and_index(page, portal, hint, doubt), pack(page, hint))


def read_again(raw: RawPage, portal: Portal, doubt: Doubt | None = None) -> tuple[Article, ArticleIndex]:
    """As `read_and_index`, of a page that was kept. Raises: ParseError."""
    return read_and_index(unpack(raw), portal, raw.hint, doubt)


def read_article(page: Page, portal: Portal, hint: Mapping[str, Any], doubt: Doubt | None = None) -> Article:
    """The article on `page`. Raises: ParseError; NoArticleError when it led somewhere else."""
    parsed = parse_article(page, portal, hint, doubt)
    known_as = list(_known_as(page, portal, parsed.canonical_url))
    if not known_as:
        raise NoArticleError(page.requested_url, f"leads to {page.url}, which is no article of {portal.id}")
    return Article(
        identity=urls.identity(known_as[0], portal),
        url=known_as[0],
        aliases=tuple(dict.fromkeys(url for url in known_as[1:] if url != known_as[0])),
        province=portal.province,
        title=parsed.title,
        lead=parsed.lead,
        text=parsed.text,
        author=parsed.author,
        credit=parsed.credit,
        section=parsed.section,
        tags=parsed.tags,
        captions=parsed.captions,
        images=parsed.images,
        published_at=parsed.published_at,
        published_precision=parsed.published_precision,
        published_raw=parsed.published_raw,
        updated_at=parsed.updated_at,
        provenance=dict(parsed.provenance),
        problems=parsed.problems,
        content_hash=fingerprint.content_hash(parsed.title, parsed.lead, parsed.text),
        text_hash=fingerprint.text_hash(parsed.title, parsed.lead, parsed.text),
        reading=parsed.reading,
    )


def _known_as(page: Page, portal: Portal, canonical_url: str | None) -> Iterable[str]:
    """The URLs of the article, the best first: what the page calls itself, where the redirects ended, what we asked for.

    Its own word counts only if it has an article's shape (some portals name their home page there) and no other article's id
    (a template's mistake would join two articles, and one of them would never be told).
    """
    if not _is_article(page.url, portal):
        return
    here = urls.identity(page.url, portal)
    if canonical_url is not None and _is_article(canonical_url, portal):
        claimed = urls.identity(canonical_url, portal)
        if claimed == here or (here.era == "url" and (claimed.era != "url" or _names_the_same(canonical_url, page.url))):
            yield urls.settle(canonical_url, portal)
    for url in (page.url, *page.redirects, page.requested_url):
        if _is_article(url, portal):
            yield urls.settle(url, portal)


def _names_the_same(one: str, other: str) -> bool:
    """Whether two URLs end in the same name. A canonical that does not is the section's or the home page's, shared by its articles."""
    first, second = (urlsplit(url).path.rstrip("/").rpartition("/")[2] for url in (one, other))
    return first == second != ""


NOTHING = "neither an article nor a list of articles was found in it"
_FEWEST_ENTRIES = 5  # of a list on a page that could also be read as an article


def read_at_sight(page: Page, portal: Portal) -> ParsedArticle | Harvest:
    """What is in `page`, recognised by its content: no source announced it. Raises: ParseError."""
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

    def is_announced(link: str) -> bool:
        return _is_article(link, portal) and (bool(portal.article.urls) or may_be_article(link))

    listing = parse_listing(page.body, page.url, page.content_type, link_css=None, is_article=is_announced)
    if len(listing.entries) >= (_FEWEST_ENTRIES if article is not None else 1):
        return listing
    if article is None:
        raise ParseError(page.url, NOTHING)
    return article
