"""What the outside hears of an article, frozen: the `data` of design §5.3. Mails are written from the same object, so it holds no markup."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crawler.model import VIETNAM
from storage.records import Article, Event, Identity, Match

ARTICLE_MATCHED = "article.matched"


def matched_event(article: Article, match: Match, *, story: str, portals: Sequence[str], late: bool, now: datetime) -> Event:
    """A watch found its topic in `article`. `portals` are the ids of those that carry the story, first come first. Once per article and watch."""
    data = {
        "watch": {"id": match.watch, "name": match.name},
        "article": _article(article),
        "story": {"id": story, "portals": list(portals)},
        "matches": [
            {"field": s.field, "snippet": s.snippet, "spans": [list(span) for span in s.spans], "reason": s.reason} for s in match.snippets
        ],
        "score": match.score,
        "late": late,
    }
    return Event(type=ARTICLE_MATCHED, dedup_key=matched_key(article.identity, match.watch), occurred_at=now, data=data)


def matched_key(identity: Identity, watch: str) -> str:
    """By which an article's alert for a watch is known again."""
    return f"{ARTICLE_MATCHED}/{identity}/{watch}"


def in_vietnam(instant: datetime) -> str:
    """ISO 8601 with Vietnam's offset: the hour a reader there would name, and still one unmistakable instant."""
    return instant.astimezone(VIETNAM).isoformat()


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": str(article.identity),
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "published_at": in_vietnam(article.published_at) if article.published_at else None,
        # Not in design §5.3: with it alone can a reader tell "at midnight" from "on that day".
        "published_precision": article.published_precision,
        "portal": article.identity.portal,
        "province": article.province,
        "section": article.section,
        "author": article.author,
    }
