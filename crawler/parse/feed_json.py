"""JSON Feed 1.0 and 1.1 to candidates (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterator
from typing import Any

from crawler.errors import ParseError
from crawler.model import Harvest
from crawler.parse.entry import Entry, candidate
from crawler.parse.markup import absolute, plain

_VERSION = "://jsonfeed.org/version/"


def looks_like(text: str) -> bool:
    """Whether `text` is meant as JSON: no other feed begins with a brace."""
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def read(text: str, url: str) -> Harvest:
    """Raises: ParseError when it is no JSON, or of another kind."""
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ParseError(url, "not a feed: broken JSON") from error
    version = _text(feed, "version") or ""
    if _VERSION not in version.replace("://www.", "://"):
        raise ParseError(url, "not a feed: JSON, but no JSON Feed")
    entries = (candidate(_entry(item), url) for item in _items(feed))
    return Harvest(
        kind="feed",
        url=url,
        entries=tuple(entry for entry in entries if entry is not None),
        title=plain(_text(feed, "title")),
        next_page=absolute(_text(feed, "next_url"), url),
    )


def _items(feed: Any) -> Iterator[dict[str, Any]]:
    items = feed.get("items")
    return (item for item in items if isinstance(item, dict)) if isinstance(items, list) else iter(())


def _entry(item: dict[str, Any]) -> Entry:
    tags = item.get("tags")
    return Entry(
        base=None,
        link=_text(item, "url") or _text(item, "external_url"),
        guid=_text(item, "id"),
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        content=_text(item, "content_text") or _text(item, "content_html"),
        author=", ".join(_authors(item)),
        published=_text(item, "date_published") or _text(item, "date_modified"),
        updated=_text(item, "date_modified"),
        tags=[tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
    )


def _authors(item: dict[str, Any]) -> Iterator[str]:
    """1.1 has a list, 1.0 had one."""
    authors = item.get("authors")
    for author in authors if isinstance(authors, list) else [item.get("author")]:
        if isinstance(author, dict) and (name := _text(author, "name")):
            yield name


def _text(found: Any, key: str) -> str | None:
    value = found.get(key) if isinstance(found, dict) else None
    return value if isinstance(value, str) else None
