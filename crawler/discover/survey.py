"""What a site offers: feeds, sitemaps, sections, the shapes of its articles' URLs and the rules that read them. Asks; decides little."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from urllib.parse import urljoin, urlsplit, urlunsplit

from config.article import ArticleConfig, UrlPattern
from crawler.dedup.urls import canonical, host_of
from crawler.discover import reading, shapes
from crawler.discover.findings import Findings, FoundPattern, FoundSource, feeds_named, hrefs, site_name
from crawler.discover.shapes import Group, Link
from crawler.discover.visits import MAX_REQUESTS, Visits
from crawler.errors import ParseError
from crawler.fetch.client import Client
from crawler.model import Harvest, Page
from crawler.parse.charset import decode
from crawler.parse.feed import parse_feed
from crawler.parse.listing import parse_listing
from crawler.parse.markup import Element, html_root
from crawler.parse.sitemap import parse_sitemap

FEED_PATHS = ("/rss", "/rss.html", "/rss/home.rss", "/rss/tin-moi-nhat.rss", "/feed/", "/rss.xml", "/atom.xml", "/feed.json")
SITEMAP_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap-news.xml", "/news-sitemap.xml", "/sitemap.xml.gz")
MAX_FEEDS, MAX_SECTIONS, MAX_SITEMAPS, MAX_PATTERNS = 30, 25, 4, 3
N_SAMPLES = 3
_OF_ALL = re.compile(r"(?<=/)(?:home|trang-chu|tin-moi-nhat|index)(?=[./]|$)")
"""What feeds of everything are called."""
_ABOUT_FEEDS = re.compile(r"\brss\b|\bfeeds?\b", re.IGNORECASE)
_FEED_LINK = re.compile(r"\.(?:rss|rdf|atom)$|/(?:rss|feed)s?/.|[/.]rss\b.*\.xml$", re.IGNORECASE)


class Survey:
    """One look at one site. `run` gives what was found."""

    def __init__(self, client: Client, *, tell: Callable[[str], None], max_requests: int = MAX_REQUESTS) -> None:
        self._visits = Visits(client, tell=tell, max_requests=max_requests)
        self._links: list[Link] = []
        self._groups: list[Group] = []
        self._found = Findings(home="", name="")

    async def run(self, url: str) -> Findings:
        """Raises: FetchError when the home page cannot be had, ParseError when it is no page."""
        page = await self._home(url)
        root = _root(page)
        self._found.home = urlunsplit((*urlsplit(page.url)[:2], "/", "", ""))
        self._found.name = site_name(root, host_of(page.url))
        self._note_links(hrefs(root, page))
        await self._find_feeds(root, page)
        await self._find_sitemaps()
        self._settle_hosts()
        self._groups = shapes.group(self._links)[:MAX_PATTERNS]
        await self._find_sections()
        self._groups = shapes.group(self._links)[:MAX_PATTERNS]  # the sections showed more links
        await self._read_samples()
        self._count_articles()
        self._found.tried = list(self._visits.failed.items())
        return self._found

    async def _home(self, url: str) -> Page:
        page = await self._visits.page_or_error(url)
        if page is None:
            raise ParseError(url, self._visits.failed.get(url, "nothing there"))
        return page

    def _note_links(self, found: Iterable[tuple[str, str]], *, announced: bool = False) -> None:
        self._links.extend(Link(url=url, text=text, is_announced=announced) for url, text in found if self._is_ours(url) or announced)

    def _is_ours(self, url: str) -> bool:
        return _bare(host_of(url)) in {_bare(host_of(self._found.home)), *map(_bare, self._found.hosts)}

    def _settle_hosts(self) -> None:
        """Some papers announce their articles under another host than their home page's."""
        told = {host_of(link.url) for link in self._links if link.is_announced}
        self._found.hosts = tuple(sorted(host for host in told if _bare(host) != _bare(host_of(self._found.home))))

    # --- feeds and sitemaps

    async def _find_feeds(self, root: Element, page: Page) -> None:
        """Those the home page names, those its page about RSS lists, and those that many sites have."""
        named = feeds_named(root, page)
        about = [url for url, text in hrefs(root, page) if self._is_ours(url) and _ABOUT_FEEDS.search(f"{urlsplit(url).path} {text}")]
        for url in dict.fromkeys((*named, *about)):
            await self._try_feed(url, is_index=url in about)
        for path in FEED_PATHS:
            if len(self._found.feeds) <= 1:
                await self._try_feed(urljoin(self._found.home, path), is_index=True)

    async def _try_feed(self, url: str, *, is_index: bool = False, section: str | None = None) -> FoundSource | None:
        """A feed is kept; a page about feeds leads to those it names."""
        if len(self._found.feeds) >= MAX_FEEDS or any(feed.url == url for feed in self._found.feeds):
            return None
        page = await self._visits.page(url)
        if page is None:
            return None
        try:
            harvest = parse_feed(page.body, page.url, page.content_type)
        except ParseError as error:
            if is_index:
                await self._read_index(page)
            else:
                self._visits.failed[url] = error.reason
            return None
        return self._keep_feed(url, harvest, section)

    def _keep_feed(self, url: str, harvest: Harvest, section: str | None) -> FoundSource | None:
        urls = _settled(harvest)
        if not urls or any(urls == feed.articles for feed in self._found.feeds):
            self._visits.failed[url] = "a feed without entries" if not urls else "says the same as another feed"
            return None
        feed = FoundSource(kind="feed", url=url, section=section, n_entries=len(harvest.entries), articles=urls)
        self._found.feeds.append(feed)
        self._note_links(((entry.url, entry.title or "") for entry in harvest.entries), announced=True)
        return feed

    async def _read_index(self, page: Page) -> None:
        """A page that lists the portal's feeds, as most content systems have under /rss."""
        try:
            links = hrefs(_root(page), page)
        except ParseError:
            return
        for url, text in dict.fromkeys((url, text) for url, text in links if self._is_ours(url) and _FEED_LINK.search(urlsplit(url).path)):
            if url != page.url:
                await self._try_feed(url, section=_section_name(text))

    async def _find_sitemaps(self) -> None:
        named = await self._visits.sitemaps(self._found.home)
        guessed = [urljoin(self._found.home, path) for path in SITEMAP_PATHS] if not named else []
        for url in dict.fromkeys((*named, *guessed)):
            if len(self._found.sitemaps) >= MAX_SITEMAPS or (url in guessed and self._found.sitemaps):
                break
            await self._try_sitemap(url)

    async def _try_sitemap(self, url: str) -> None:
        page = await self._visits.page(url)
        if page is None:
            return
        try:
            harvest = parse_sitemap(page.body, page.url, page.content_type)
        except ParseError as error:
            self._visits.failed[url] = error.reason
            return
        urls = _settled(harvest)
        self._found.sitemaps.append(
            FoundSource(kind="sitemap", url=url, n_entries=len(harvest.entries), articles=urls, sitemaps=harvest.sitemaps)
        )
        self._note_links(((entry.url, entry.title or "") for entry in harvest.entries if entry.title), announced=True)
        self._links.extend(Link(url=entry.url, is_listed=True) for entry in harvest.entries if not entry.title and self._is_ours(entry.url))

    # --- sections

    async def _find_sections(self) -> None:
        """The menu's links that lead to lists of articles; each may name a feed of its own."""
        if not self._groups:
            return
        articles = self._articles()
        candidates = shapes.short_of([link for link in self._links if not (link.is_announced or link.is_listed)], articles)
        known = {feed.url for feed in self._found.feeds}
        for link in candidates[:MAX_SECTIONS]:
            if link.url in known or (page := await self._visits.page(link.url)) is None:
                continue
            await self._try_section(link, page, articles)
        await self._guess_feeds()

    async def _guess_feeds(self) -> None:
        """Where there is /rss/home.rss there mostly is /rss/<section>.rss too; two that are not there are enough to know."""
        whole = next((feed.url for feed in self._found.feeds if _OF_ALL.search(urlsplit(feed.url).path)), None)
        if whole is None or any(feed.section for feed in self._found.feeds):
            return
        n_missing = 0
        for listing in self._found.listings:
            slug = re.sub(r"\.\w+$", "", urlsplit(listing.url).path.strip("/").rpartition("/")[2])
            if n_missing < len("no"):
                n_missing += await self._try_feed(_OF_ALL.sub(slug, whole), section=listing.section) is None

    async def _try_section(self, link: Link, page: Page, articles: re.Pattern[str]) -> None:
        try:
            listing = parse_listing(page.body, page.url, page.content_type, link_css=None, is_article=self._is_article(articles))
            root = _root(page)
        except ParseError:
            return
        urls, section = _settled(listing), _section_name(link.text)
        if not urls:
            self._visits.failed[link.url] = "no article is linked from it"
            return
        self._found.listings.append(FoundSource(kind="listing", url=link.url, section=section, n_entries=len(urls), articles=urls))
        self._note_links(hrefs(root, page))
        for url in feeds_named(root, page):
            if self._is_ours(url):
                await self._try_feed(url, section=section)

    def _articles(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{re.sub(r'[(][?]P<id>', '(?:', each.pattern)})" for each in self._groups))

    def _is_article(self, articles: re.Pattern[str]) -> Callable[[str], bool]:
        return lambda url: self._is_ours(url) and articles.search(url.partition("#")[0].partition("?")[0]) is not None

    # --- articles

    async def _read_samples(self) -> None:
        """Three articles of each shape, by every known set of rules; a shape whose pages hold none is no article's."""
        all_urls = [url for each in self._groups for url in each.urls]
        folders = shapes.twin_folders(all_urls)
        read = []
        for group in self._groups:
            pages = await self._samples(_spread(_without(group, folders)))
            if not pages:
                continue
            article = ArticleConfig(urls=(UrlPattern(era="any", match=group.pattern),))
            portal = reading.bare_portal(self._found.home, self._found.hosts, article)
            rules, articles = reading.choose(pages, portal)
            if not articles:
                self._visits.failed[pages[0].url] = (
                    f"no article could be read, nor in {len(pages) - 1} others of its shape ({group.pattern})"
                )
                continue
            read.extend(articles)
            self._found.rules.append(rules)
            self._found.patterns.append(
                self._pattern(group, rules.n_tried, rules.n_read, [a.published_at for a in articles if a.published_at])
            )
        self._found.skip = [rf"//[^/]+/{re.escape(folder).replace(chr(92) + '-', '-')}/" for folder in folders]
        self._found.datelines = reading.datelines(read)

    async def _samples(self, urls: Sequence[str]) -> list[Page]:
        """Up to three that answer, of twice as many asked."""
        pages: list[Page] = []
        for url in urls:
            if len(pages) < N_SAMPLES and (page := await self._visits.page(url)) is not None:
                pages.append(page)
        return pages

    def _pattern(self, group: Group, n_tried: int, n_read: int, dates: Sequence[object]) -> FoundPattern:
        year = str(max(getattr(date, "year", 0) for date in dates))
        taken = {pattern.era for pattern in self._found.patterns}
        era = next(name for name in (year, *(f"{year}{letter}" for letter in "bcdefgh")) if name not in taken)
        return FoundPattern(era=era, match=group.pattern, n_links=len(group.idents), example=group.urls[0], n_tried=n_tried, n_read=n_read)

    def _count_articles(self) -> None:
        """Of each source, which of its entries are articles, now that their shapes are known."""
        patterns = [re.compile(pattern.match) for pattern in self._found.patterns]

        def articles(source: FoundSource) -> FoundSource:
            urls = frozenset(u for u in source.articles if any(p.search(u.partition("#")[0].partition("?")[0]) for p in patterns))
            return FoundSource(
                kind=source.kind,
                url=source.url,
                section=source.section,
                n_entries=source.n_entries,
                articles=urls,
                sitemaps=source.sitemaps,
            )

        self._found.feeds = [articles(feed) for feed in self._found.feeds]
        self._found.listings = [articles(listing) for listing in self._found.listings]
        self._found.sitemaps = [articles(sitemap) for sitemap in self._found.sitemaps]


def _root(page: Page) -> Element:
    return html_root(decode(page.body, page.content_type).text, page.url)


def _settled(harvest: Harvest) -> frozenset[str]:
    """The URLs of its entries in one spelling, so that sources can be compared."""
    found = set()
    for entry in harvest.entries:
        with suppress(ValueError):
            found.add(canonical(entry.url))
    return frozenset(found)


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _section_name(text: str) -> str | None:
    """As the menu writes it; all capitals are the menu's style, not the name."""
    text = " ".join(text.split())
    if not text or _ABOUT_FEEDS.search(text) or len(text) > _SECTION_CHARS:
        return None
    return text.capitalize() if text.isupper() else text


_SECTION_CHARS = 40


def _without(group: Group, folders: Sequence[str]) -> list[str]:
    """The group's URLs but for those of the print view; announced ones first."""
    urls = [url for url in group.urls if urlsplit(url).path.split("/")[1] not in folders]
    return sorted(urls, key=lambda url: url not in group.announced)


def _spread(urls: Sequence[str]) -> list[str]:
    """The first, the last, and others in between."""
    step = max((len(urls) - 1) // (2 * N_SAMPLES - 1), 1)
    return list(dict.fromkeys((*urls[:1], *urls[-1:], *urls[step:-1:step])))[: 2 * N_SAMPLES]
