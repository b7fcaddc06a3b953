"""One paper on the web: what each of its URLs shows at a given moment. Pure but for its caches."""

import gzip
import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import blake2b

from crawler.press import pages
from crawler.press.families import Family
from crawler.press.newsroom import Piece
from crawler.press.pages import Printing
from crawler.press.plan import Slot
from crawler.press.roster import PressPortal, Section

CACHE_BYTES = 64_000_000
"""Rendered answers kept per paper; a page costs about half a millisecond to render again."""
N_RELATED = 4


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a URL shows, before any transport: 200 unless `status` says otherwise."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    last_modified: datetime | None = None

    @cached_property
    def etag(self) -> str:
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}"'

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.body, compresslevel=1, mtime=0)


NOT_FOUND = Answer(status=404, body="<html><body><h1>Không tìm thấy trang</h1></body></html>".encode())


class Newspaper:
    def __init__(
        self,
        portal: PressPortal,
        family: Family,
        slots: Sequence[Slot],
        *,
        write: Callable[[Slot], Piece],
        theme_of: Callable[[Slot], str],
        window: int,
        page_bytes: int,
    ) -> None:
        self.portal, self.family = portal, family
        self._slots, self._write, self._window = slots, write, window
        self._moments = [slot.appears_at for slot in slots]
        self._by_theme: dict[str, list[int]] = {section.theme: [] for section in portal.sections}
        for i, slot in enumerate(slots):
            self._by_theme[theme_of(slot)].append(i)
        self._noise = pages.make_noise(portal, max(0, page_bytes - 12_000))
        self._kept: OrderedDict[tuple[str, int], Answer] = OrderedDict()
        self._kept_bytes = 0
        self._redesigned_at: datetime | None = None
        self.printing = lru_cache(maxsize=None)(self._print)

    def __len__(self) -> int:
        return len(self._slots)

    def redesign(self, at: datetime) -> None:
        """From then on every article, old or new, is served in another markup; what it says does not change."""
        self._redesigned_at = at

    def moment_of(self, i: int) -> datetime:
        """When the paper's `i`-th article appears, its backlog included."""
        return self._moments[i]

    def _print(self, i: int) -> Printing:
        slot = self._slots[i]
        number = self.portal.first_number + i
        return pages.make_printing(slot, self._write(slot), portal=self.portal, family=self.family, number=number)

    def answer(self, target: str, now: datetime) -> Answer:
        """What `target` (path and query) shows at `now`. Articles still to appear are not found."""
        path = target.partition("?")[0]
        n_out = bisect_right(self._moments, now)
        number = self.family.number_in(path)
        if number is not None and not path.startswith("/noi-bo/"):
            i = number - self.portal.first_number
            is_new = self._redesigned_at is not None and now >= self._redesigned_at
            return self._keep((f"article/{is_new}", i), lambda: self._article(i, is_redesigned=is_new)) if 0 <= i < n_out else NOT_FOUND
        return self._keep((target, n_out), lambda: self._other(target, n_out))

    def _article(self, i: int, *, is_redesigned: bool) -> Answer:
        printing = self.printing(i)
        related = [self.printing(j) for j in range(max(0, i - N_RELATED), i)]
        html = pages.article_page(printing, related, self._noise, is_redesigned=is_redesigned)
        changed_at = self._redesigned_at if is_redesigned else None
        return Answer(body=html.encode(), last_modified=changed_at or printing.slot.appears_at)

    def _other(self, target: str, n_out: int) -> Answer:
        match target:
            case "/robots.txt":
                text = pages.render("robots.txt", portal=self.portal, disallowed="/noi-bo/")
                return Answer(body=text.encode(), content_type="text/plain; charset=utf-8")
            case "/sitemap.xml":
                return self._list("sitemap.xml", self._newest(None, n_out, 0, len(self)), "application/xml")
            case "/":
                return self._list("home.html", self._newest(None, n_out, 0, self._window))
        if target.startswith("/noi-bo/"):
            return Answer(body="<html><body>Bản tin nội bộ</body></html>".encode())
        return self._feed(target, n_out) or self._listing(target, n_out) or NOT_FOUND

    def _feed(self, target: str, n_out: int) -> Answer | None:
        found = re.search(self.family.feed, target)
        section = self._section(found["slug"]) if found else None
        if not found or (section is None and found["slug"] != "home"):
            return None
        shown = self._newest(section, n_out, 0, self._window)
        xml = pages.feed(self.portal, self.family, section, shown)
        return Answer(body=xml.encode(), content_type="application/rss+xml; charset=utf-8", last_modified=_newest_moment(shown))

    def _listing(self, target: str, n_out: int) -> Answer | None:
        found = re.search(self.family.listing, target)
        section = self._section(found["slug"]) if found else None
        if not found or section is None:
            return None
        page = max(1, int(found["page"] or 1))
        shown = self._newest(section, n_out, (page - 1) * self._window, self._window + 1)
        if not shown and page > 1:
            return None
        has_more, shown = len(shown) > self._window, shown[: self._window]
        html = pages.listing_page(self.portal, self.family, section, shown, page=page, has_more=has_more)
        return Answer(body=html.encode(), last_modified=_newest_moment(shown))

    def _list(self, name: str, shown: Sequence[Printing], content_type: str = "text/html; charset=utf-8") -> Answer:
        listings = [{"path": self.family.listing_path(section), "name": section.name} for section in self.portal.sections]
        items = [pages.brief(printing) for printing in shown]
        text = pages.render(name, portal=self.portal, items=items, listings=listings, feed_path=self.family.feed_path(None))
        return Answer(body=text.encode(), content_type=content_type, last_modified=_newest_moment(shown))

    def _newest(self, section: Section | None, n_out: int, skip: int, n: int) -> list[Printing]:
        """`n` published articles, newest first, after the `skip` newest ones."""
        ours = range(len(self)) if section is None else self._by_theme[section.theme]
        end = bisect_right(ours, n_out - 1) - skip
        return [self.printing(ours[j]) for j in range(end - 1, max(0, end - n) - 1, -1)]

    def _section(self, slug: str) -> Section | None:
        return next((section for section in self.portal.sections if section.slug == slug), None)

    def _keep(self, key: tuple[str, int], render: Callable[[], Answer]) -> Answer:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        answer = self._kept[key] = render()
        self._kept_bytes += len(answer.body)
        while self._kept_bytes > CACHE_BYTES and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1].body)
        return answer


def _newest_moment(shown: Sequence[Printing]) -> datetime | None:
    return shown[0].slot.appears_at if shown else None
