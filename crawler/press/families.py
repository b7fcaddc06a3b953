"""The content systems the papers run on: the shapes of their URLs and dates, and the rules that read their pages.

What is known of the real ones, and how, stands in the facts this press was built from; the markup is in `templates/`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from crawler.press.roster import FamilyId, Section
from storage.records import Precision

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
DAYS, MONTHS = "Mon Tue Wed Thu Fri Sat Sun", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


def rfc822(when: datetime, zone: str) -> str:
    """In the C locale, whatever the machine's."""
    return f"{DAYS.split()[when.weekday()]}, {when.day:02} {MONTHS.split()[when.month - 1]} {when:%Y %H:%M:%S} {zone}"


class Family:
    """One content system. Paths begin with a slash; times are Vietnamese; a twin is another path of the same article."""

    id: ClassVar[FamilyId]
    era: ClassVar[str]
    precision: ClassVar[Precision] = "minute"
    article: ClassVar[str]
    """Pattern of an article's path, with its id as `id`; goes into the portal file as it is."""
    skip: ClassVar[tuple[str, ...]] = ()
    rules: ClassVar[Mapping[str, Any]]
    listing: ClassVar[str]
    """Pattern of a listing's target, with `slug` and `page`."""
    feed: ClassVar[str] = r"^/rss/(?P<slug>[a-z-]+)\.rss$"
    feed_zone: ClassVar[str] = "+0700"

    def path(self, section: Section, slug: str, number: int, when: datetime) -> str:
        raise NotImplementedError

    def twins(self, path: str, number: int) -> tuple[str, ...]:
        raise NotImplementedError

    def listing_path(self, section: Section, page: int = 1) -> str:
        return f"/{section.slug}" + (f"?page={page}" if page > 1 else "")

    def feed_path(self, section: Section | None) -> str:
        return f"/rss/{section.slug if section else 'home'}.rss"

    def date_line(self, when: datetime) -> str:
        raise NotImplementedError

    def number_in(self, path: str) -> int | None:
        found = re.search(self.article, path)
        return int(found["id"]) if found else None


class AspNet(Family):
    """Báo Đồng Tháp until 2025: ASP.NET WebForms."""

    id = "aspnet-webforms"
    era = "aspx"
    precision = "second"
    article = r"-(?P<id>\d+)\.aspx$"
    skip = (r"^https?://[^/]+/in-bai/",)
    rules: ClassVar[Mapping[str, Any]] = {
        "title": ".contentView h1",
        "published": "#cphContent_ucNewsDetails_lblPostedDate",
        "lead": ".contentView > p:first-of-type",
        "body": ".contentView",
        "author": '.contentView > p[style*="right"]',
        "captions": ".contentView > p > img ~ em",
        "section": ".navigator a:last-of-type",
        "drop": ["h1", "div.date", ".news-relation", ".comment"],
    }
    listing = r"^/(?P<slug>[a-z-]+)(?:\?page=(?P<page>\d+))?$"

    def path(self, section: Section, slug: str, number: int, when: datetime) -> str:  # noqa: ARG002 - not every system dates its URLs
        return f"/{section.slug}/{slug}-{number}.aspx"

    def twins(self, path: str, number: int) -> tuple[str, ...]:
        return (f"/in-bai{path}", f"{path.rpartition('/')[0]}/tin-{number}.aspx")

    def date_line(self, when: datetime) -> str:
        return f"Cập nhật ngày: {when:%d/%m/%Y %H:%M:%S}"


class YearMonth(Family):
    """Báo Ấp Bắc and its sisters: the month stands in the URL, three endings lead to one article."""

    id = "portal-yyyymm"
    era = "yyyymm"
    article = r"/\d{6}/[^/]+-(?P<id>\d+)(?:/(?:index\.htm)?)?$"
    skip = ()
    rules: ClassVar[Mapping[str, Any]] = {
        "title": "h1#title",
        "published": "#current-date",
        "lead": "#content > p:first-of-type",
        "body": "#content",
        "author": '#content > p[style*="right"]',
        "captions": "#content table.image td.caption",
        "section": "#nav a.parent_cate",
        "tags": ".tags-box .tags a",
        "drop": [".related-inline"],
    }
    listing = r"^/(?P<slug>[a-z-]+)/?\?cate=\d+(?:&page=(?P<page>\d+))?$"

    def path(self, section: Section, slug: str, number: int, when: datetime) -> str:
        return f"/{section.slug}/{when:%Y%m}/{slug}-{number}/"

    def twins(self, path: str, number: int) -> tuple[str, ...]:  # noqa: ARG002 - no print view here
        return (path.rstrip("/"), f"{path}index.htm")

    def listing_path(self, section: Section, page: int = 1) -> str:
        cate = {"chinh-tri": 342, "kinh-te": 343, "xa-hoi": 344, "van-hoa": 353}.get(section.theme, 340)
        return f"/{section.slug}?cate={cate}" + (f"&page={page}" if page > 1 else "")

    def date_line(self, when: datetime) -> str:
        return f"{WEEKDAYS[when.weekday()]}, {when:%d/%m/%Y, %H:%M} (GMT+7)"


class V1Homepage(Family):
    """Báo Cần Thơ, Báo An Giang, Báo Đồng Tháp since 2026."""

    id = "v1-homepage"
    era = "v1"
    article = r"-a(?P<id>\d+)\.html$"
    skip = (r"^https?://[^/]+/print/",)
    rules: ClassVar[Mapping[str, Any]] = {
        "title": "h1.fw700",
        "published": "span.pubdate",
        "lead": ".detail-desc p.fontd",
        "body": "#newscontents .content-fck",
        "author": "p.author.ignore",
        "captions": "#newscontents table.slide td.caption",
        "section": ".titlecate h1 > a",
        "tags": ".detail-tag a.tag_item",
    }
    listing = r"^/(?P<slug>[a-z-]+)/(?:page-(?P<page>\d+)\.html)?$"
    feed = r"^/rss/subcate/(?P<slug>[a-z-]+)/$"
    feed_zone = "+07:00"

    def path(self, section: Section, slug: str, number: int, when: datetime) -> str:  # noqa: ARG002 - the URL names the article only
        return f"/{slug}-a{number}.html"

    def twins(self, path: str, number: int) -> tuple[str, ...]:
        return (f"/print{path}", f"/tin-a{number}.html")

    def listing_path(self, section: Section, page: int = 1) -> str:
        return f"/{section.slug}/" + (f"page-{page}.html" if page > 1 else "")

    def feed_path(self, section: Section | None) -> str:
        return f"/rss/subcate/{section.slug if section else 'home'}/"

    def date_line(self, when: datetime) -> str:
        return f"{when:%d/%m/%Y - %H:%M}"


class OneCms(Family):
    """Báo Nghệ An and its sisters: the header of the article inside its body, US dates in the meta tags."""

    id = "onecms-1cdn"
    era = "onecms"
    article = r"-(?P<id>\d{8})\.html$"
    skip = (r"-event\d+\.html$", r"-ptag\.html$")
    rules: ClassVar[Mapping[str, Any]] = {
        "title": "h1.block-sc-title",
        "published": "span.block-sc-publish-time",
        "lead": "p.block-sc-sapo",
        "body": "article.entry",
        "author": "span.block-sc-author",
        "captions": "article.entry figcaption",
        "section": "li.breadcrumb-item.active a",
        "tags": "div.onecms__tags a",
        "drop": [".sc-longform-header", ".c-news-related"],
    }
    listing = r"^/(?P<slug>[a-z-]+)(?:\?page=(?P<page>\d+))?$"
    feed = r"^/rss/(?P<slug>[a-z-]+)$"
    feed_zone = "+07:00"

    def path(self, section: Section, slug: str, number: int, when: datetime) -> str:  # noqa: ARG002 - the URL names the article only
        return f"/{slug}-{number}.html"

    def twins(self, path: str, number: int) -> tuple[str, ...]:  # noqa: ARG002 - the slug does not matter to it
        return (f"/tin-{number}.html",)

    def feed_path(self, section: Section | None) -> str:
        return f"/rss/{section.slug if section else 'home'}"

    def date_line(self, when: datetime) -> str:
        return f"{when:%d/%m/%Y %H:%M}"


FAMILIES: Mapping[FamilyId, Family] = {family.id: family for family in (AspNet(), YearMonth(), V1Homepage(), OneCms())}
