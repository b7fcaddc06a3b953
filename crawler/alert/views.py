"""Events as a reader sees them: stories, in them articles, in them the reasons with the found words marked. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.alert.voice import Voice
from crawler.model import VIETNAM
from storage.records import DueDelivery, Event, StoryArticle

# Control characters, and those that turn the reading direction: a title must not rearrange the line it stands in.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One snippet: in which field, by which term, and its text in pieces."""

    field: str
    reason: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    watch: str
    name: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    id: str
    title: str
    url: str | None
    """None unless it is http(s)."""
    lead: str
    portal: str
    province: str
    published: str
    section: str
    author: str
    late: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherView:
    """The same story at another portal, in one line."""

    portal: str
    title: str
    url: str | None
    published: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    articles: tuple[ArticleView, ...]
    others: tuple[OtherView, ...]


def stories(delivery: DueDelivery, voice: Voice) -> tuple[StoryView, ...]:
    """What `delivery` tells, story by story, first come first. An article stands in full only if it brings a topic not yet shown."""
    by_story: dict[str, list[Event]] = {}
    for event in delivery.events:
        by_story.setdefault(event.data["story"]["id"], []).append(event)
    return tuple(_story(events, delivery.story, voice) for events in by_story.values())


def watches(delivery: DueDelivery) -> dict[str, str]:
    """Ids and names of the watches that `delivery` tells of, first come first."""
    return {e.data["watch"]["id"]: one_line(e.data["watch"]["name"]) for e in delivery.events if "watch" in e.data}


def one_line(text: str | None) -> str:
    """`text` without line breaks and without characters that nobody sees."""
    return UNSEEN.sub("", " ".join((text or "").split()))


def safe_url(url: str) -> str | None:
    """`url` if a reader may be sent there: http(s), in one piece."""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return None
    is_whole = not re.search(r"[\s<>\"]", url) and not UNSEEN.search(url)
    return url if scheme in {"http", "https"} and is_whole else None


def pieces(snippet: str, spans: Iterable[Sequence[int]]) -> tuple[Piece, ...]:
    """`snippet` cut at its spans, which may overlap; adjacent ones stay apart."""
    found: list[Piece] = []
    at = 0
    for start, end in sorted((max(0, s), min(len(snippet), e)) for s, e in spans):
        begin = max(start, at)
        if begin >= end:
            continue
        found += [Piece(snippet[at:begin], is_found=False), Piece(snippet[begin:end], is_found=True)]
        at = end
    found.append(Piece(snippet[at:], is_found=False))
    return tuple(Piece(_visible(p.text), is_found=p.is_found) for p in found if p.text)


def starred(snippet: Iterable[Piece]) -> str:
    """Plain text's way of marking."""
    return "".join(f"*{piece.text}*" if piece.is_found else piece.text for piece in snippet)


def published(iso: str | None, precision: str | None, voice: Voice) -> str:
    """The time in Vietnam; without the hour when the portal names only the day."""
    if iso is None:
        return voice.words.no_date
    local = datetime.fromisoformat(iso).astimezone(VIETNAM)
    return local.strftime(voice.words.only_day if precision == "day" else voice.words.with_time)


def _story(events: Sequence[Event], carried: Sequence[StoryArticle], voice: Voice) -> StoryView:
    by_article: dict[str, list[Event]] = {}
    for event in events:
        by_article.setdefault(event.data["article"]["id"], []).append(event)
    told: set[str] = set()
    shown: list[ArticleView] = []
    brief: list[OtherView] = []
    for of_article in by_article.values():
        topics = {event.data["watch"]["id"] for event in of_article}
        if topics <= told:
            brief.append(_brief(of_article[0].data["article"], voice))
        else:
            shown.append(_article(of_article, voice))
        told |= topics
    known = {event.data["article"]["url"] for event in events}
    brief += [_other(article, voice) for article in carried if article.url not in known]
    return StoryView(articles=tuple(shown), others=tuple(brief) or _named(events, voice))


def _article(events: Sequence[Event], voice: Voice) -> ArticleView:
    article = events[0].data["article"]
    return ArticleView(
        id=article["id"],
        title=one_line(article["title"]),
        url=safe_url(article["url"]),
        lead=one_line(article["lead"]),
        portal=one_line(voice.portal(article["portal"])),
        province=one_line(article["province"]),
        published=published(article["published_at"], article.get("published_precision"), voice),
        section=one_line(article["section"]),
        author=one_line(article["author"]),
        late=any(event.data["late"] for event in events),
        reasons=tuple(_reason(event.data, voice) for event in events),
    )


def _reason(data: Mapping[str, Any], voice: Voice) -> Reason:
    fields = voice.words.fields
    quotes = tuple(
        Quote(field=fields.get(m["field"], m["field"]), reason=one_line(m["reason"]), pieces=pieces(m["snippet"], m["spans"]))
        for m in data["matches"]
    )
    return Reason(watch=data["watch"]["id"], name=one_line(data["watch"]["name"]), quotes=quotes)


def _brief(article: Mapping[str, Any], voice: Voice) -> OtherView:
    day = published(article["published_at"], "day", voice)
    return OtherView(
        portal=one_line(voice.portal(article["portal"])), title=one_line(article["title"]), url=safe_url(article["url"]), published=day
    )


def _other(article: StoryArticle, voice: Voice) -> OtherView:
    day = published(article.published_at.isoformat() if article.published_at else None, "day", voice)
    return OtherView(portal=one_line(voice.portal(article.portal)), title=one_line(article.title), url=safe_url(article.url), published=day)


def _named(events: Sequence[Event], voice: Voice) -> tuple[OtherView, ...]:
    """All a digest knows of the other portals of a story: their names."""
    shown = {event.data["article"]["portal"] for event in events}
    others = dict.fromkeys(portal for event in events for portal in event.data["story"]["portals"] if portal not in shown)
    return tuple(OtherView(portal=one_line(voice.portal(portal)), title="", url=None, published="") for portal in others)


def _visible(text: str) -> str:
    return UNSEEN.sub("", re.sub(r"\s", " ", text))
