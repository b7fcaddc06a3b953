"""Values for tests: each builder gives a valid whole, a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any

from storage.records import Article, HeldArticle, Identity, Match, Snippet, Span

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""Monday 2 March 2026, noon in Vietnam."""


def make_identity(ident: str = "1001", *, portal: str = "baodongthap", era: str = "aspx") -> Identity:
    return Identity(portal=portal, era=era, ident=ident)


def make_article(**changed: Any) -> Article:
    values: dict[str, Any] = {
        "identity": make_identity(),
        "url": "http://127.0.0.1/thoi-su/hoi-nghi-dan-van-1001.aspx",
        "province": "Đồng Tháp",
        "title": "Hội nghị tổng kết công tác dân vận",
        "lead": "Sáng nay, hội nghị tổng kết việc thực hiện quy chế dân chủ ở cơ sở được tổ chức.",
        "text": "Đại biểu thảo luận sôi nổi.\n\nHội nghị đề ra nhiệm vụ năm tới.",
        "author": "Ngân Nguyễn",
        "published_at": NOON,
        "published_precision": "second",
        "provenance": {"title": "rule", "text": "rule"},
        "content_hash": "c1",
        "text_hash": "t1",
    }
    return Article(**(values | changed))


def make_held_article(**changed: Any) -> HeldArticle:
    values: dict[str, Any] = {
        "id": 1,
        "identity": make_identity(),
        "url": "http://127.0.0.1/thoi-su/hoi-nghi-dan-van-1001.aspx",
        "title": "Hội nghị tổng kết công tác dân vận",
        "content_hash": "c1",
        "story": "baodongthap/aspx/1001",
        "published_at": NOON,
        "first_seen_at": NOON,
        "n_revisions": 1,
    }
    return HeldArticle(**(values | changed))


def make_match(watch: str = "quy-che-dan-chu", **changed: Any) -> Match:
    values: dict[str, Any] = {
        "watch": watch,
        "name": "Quy chế dân chủ ở cơ sở",
        "spans": (Span(field="lead", start=39, end=54, text="quy chế dân chủ", reason="quy chế dân chủ"),),
        "snippets": (Snippet(field="lead", snippet="… thực hiện quy chế dân chủ ở cơ sở …", spans=((12, 27),), reason="quy chế dân chủ"),),
    }
    return Match(**(values | changed))
