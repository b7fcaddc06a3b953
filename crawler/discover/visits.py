"""Asking a site on behalf of discovery: politely, each URL once, no more than a fixed number of them, and telling what became of it."""

from collections.abc import Callable

from crawler.errors import FetchError
from crawler.fetch.client import Client
from crawler.model import NotModified, Page, Skipped

MAX_REQUESTS = 100
"""At five seconds a request a survey takes at most about eight minutes."""


class Visits:
    """`tell` hears of each URL before it is asked."""

    def __init__(self, client: Client, *, tell: Callable[[str], None], max_requests: int = MAX_REQUESTS) -> None:
        self._client, self._tell, self._left = client, tell, max_requests
        self._pages: dict[str, Page | None] = {}
        self.failed: dict[str, str] = {}
        """URL to why it gave nothing, in the order they were asked."""

    async def page(self, url: str) -> Page | None:
        """The page at `url`, or None where there is none; why is kept in `failed`."""
        try:
            return await self.page_or_error(url)
        except FetchError as error:
            self.failed[url] = error.reason
            return None

    async def page_or_error(self, url: str) -> Page | None:
        """As `page`. Raises: FetchError."""
        if url in self._pages:
            return self._pages[url]
        if not self._left:
            self.failed[url] = "not asked: enough questions for one survey"
            return None
        self._left -= 1
        self._tell(url)
        self._pages[url] = None
        match await self._client.get(url):
            case Page() as page:
                self._pages[url] = self._pages[page.url] = page
                return page
            case Skipped(reason=reason):
                self.failed[url] = f"not asked: {reason}"
            case NotModified():
                self.failed[url] = "304 although nothing was asked to compare"
        return None

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that robots.txt names."""
        try:
            return (await self._client.rules(url)).sitemaps
        except FetchError as error:
            self.failed[url + "robots.txt"] = error.reason
            return ()
