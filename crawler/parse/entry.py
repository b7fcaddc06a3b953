"""One entry of a feed or sitemap, as found, to a `Candidate`."""

from dataclasses import dataclass, field

from crawler.model import Candidate
from crawler.parse.dates import parse_machine
from crawler.parse.markup import absolute, plain

_PERIODS_S = {"hourly": 3600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}
_LONGEST_WISH_S = 604_800.0  # a feed that asks to be left alone for longer than a week is misconfigured
_SUMMARY_CHARS = 2000  # a whole article in <content:encoded> is not a summary
_AUTHOR_CHARS = 200


@dataclass(slots=True)
class Entry:
    """What the elements of an entry said, raw; filled in while they are read."""

    base: str | None
    link: str | None = None
    original: str | None = None
    """The article's own address, where `link` leads through a service that counts the readers."""
    guid: str | None = None
    title: str | None = None
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    tags: list[str] = field(default_factory=list)


def candidate(entry: Entry, base: str) -> Candidate | None:
    """None for an entry that leads nowhere. Without a link the guid is taken when it is a URL, whatever `isPermaLink` says."""
    url = absolute(entry.original, base) or absolute(entry.link, entry.base or base)
    if url is None and entry.guid and entry.guid.startswith(("http://", "https://", "/")):
        url = absolute(entry.guid, base)
    if url is None:
        return None
    published = parse_machine(entry.published) if entry.published else None
    updated = parse_machine(entry.updated) if entry.updated else None
    tags = dict.fromkeys(tag for raw in entry.tags if (tag := plain(raw))) if entry.tags else ()
    summary, author = plain(entry.summary or entry.content), plain(entry.author)
    return Candidate(
        url=url,
        title=plain(entry.title),
        summary=summary[:_SUMMARY_CHARS] if summary else None,
        author=author[:_AUTHOR_CHARS] if author else None,
        tags=tuple(tags),
        published_at=published.at if published else None,
        published_precision=published.precision if published else None,
        published_raw=published.raw if published else None,
        updated_at=updated.at if updated else None,
        guid=entry.guid or None,
    )


def seconds(*, ttl: str | None, period: str | None, frequency: str | None) -> float | None:
    """How often a source wishes to be asked: RSS ttl (minutes), else the syndication module's period divided by its frequency."""
    if (minutes := _positive(ttl)) is not None:
        wish = minutes * 60
    elif period is not None and period.strip().lower() in _PERIODS_S:
        wish = _PERIODS_S[period.strip().lower()] / (_positive(frequency) or 1.0)
    else:
        return None
    return wish if wish <= _LONGEST_WISH_S else None


def _positive(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None
