"""Whose dates and links of feeds are right: `parse_feed` beside feedparser as it comes, on the same bytes, well-formed and not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import feedparser

from bench.feeds import DATES, Case, Found, by_feedparser, by_parse_feed
from bench.figures import Figures

_MOMENTS = (
    datetime(2026, 8, 22, 16, 13, tzinfo=UTC),  # the next day in Vietnam
    datetime(2026, 8, 1, 13, 58, 7, tzinfo=UTC),  # 8/1/2026 8:58:07 PM is the first of August
    datetime(2026, 8, 22, 17, 5, tzinfo=UTC),  # 12:05 AM
    datetime(2026, 8, 23, 5, 0, tzinfo=UTC),  # 12:00 PM
    datetime(2017, 2, 18, 8, 16, 55, tzinfo=UTC),
    datetime(2026, 12, 31, 18, 30, tzinfo=UTC),  # the next year in Vietnam
)
_AT = "https://bao.example/a-1.html"
_QUERY = "https://bao.example/tin?id=1&trang=2"
_SITE = "<link>https://www.bao.example/</link>"
_BASE = ' xml:base="https://bao.example/tin/"'
_NAMESPACES = ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
_COUNTED = "https://feeds.example/~r/bao/~3/1/"
_OTHERS = (
    '<link rel="self" href="https://bao.example/rss/1"/><link rel="enclosure" type="image/jpeg" href="https://i.bao.example/1.jpg"/>'
    '<link rel="replies" type="text/html" href="https://bao.example/y-kien/1"/><link rel="related" href="https://bao.example/b-2.html"/>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What stands in an entry of a feed, and where it leads a reader."""

    kind: str
    entry: str
    leads_to: str = _AT
    channel: str = ""
    root: str = ""
    is_atom: bool = False


def _rss(kind: str, text: str, leads_to: str = _AT, *, channel: str = _SITE, root: str = "") -> Link:
    return Link(kind=kind, entry=f"<link>{text}</link>", leads_to=leads_to, channel=channel, root=root)


def _atom(kind: str, entry: str, leads_to: str = _AT, *, root: str = "") -> Link:
    return Link(kind=kind, entry=entry, leads_to=leads_to, root=root, is_atom=True)


LINKS: Sequence[Link] = (
    _rss("relative, xml:base", "a-1.html", "https://bao.example/tin/a-1.html", root=_BASE),
    _rss("relative, xml:base", "/a-1.html", root=_BASE),
    _atom("relative, xml:base", '<link href="a-1.html"/>', "https://bao.example/tin/a-1.html", root=_BASE),
    _atom("relative, xml:base", '<link xml:base="/tin/" href="a-1.html"/>', "https://bao.example/tin/a-1.html"),
    _rss("relative, to the channel's link", "a-1.html", "https://www.bao.example/a-1.html"),
    _rss("relative, to the channel's link", "/a-1.html", "https://www.bao.example/a-1.html"),
    _rss("relative, to the channel's link", "?id=1", "https://www.bao.example/?id=1"),
    _rss("relative, to the feed", "a-1.html", "https://bao.example/rss/a-1.html", channel=""),
    _rss("relative, to the feed", "/a-1.html", channel=""),
    _atom("relative, to the feed", '<link href="/a-1.html"/>'),
    _rss("without a scheme", "//bao.example/a-1.html"),
    _atom("without a scheme", '<link href="//bao.example/a-1.html"/>'),
    _rss("white space", "\n\t  https://bao.example/a-1.html\n "),
    _rss("white space", "<![CDATA[ https://bao.example/a-1.html ]]>"),
    _rss("white space", "https://bao.example/\na-1.html"),
    _rss("white space", "https://bao.example/\n      a-1.html"),
    _rss("white space", "https://bao.example/a 1.html", "https://bao.example/a%201.html"),
    _rss("ampersands", _QUERY.replace("&", "&amp;"), _QUERY),
    _rss("ampersands", _QUERY, _QUERY),
    _rss("ampersands", _QUERY.replace("&", "&amp;amp;"), _QUERY),
    _rss("ampersands", _QUERY.replace("&", "&amp;amp;amp;"), _QUERY),
    _rss("ampersands", f"<![CDATA[{_QUERY.replace('&', '&#038;')}]]>", _QUERY),
    _rss("ampersands", "https://bao.example/tin?id=1&copy=2", "https://bao.example/tin?id=1&copy=2"),
    _atom("ampersands", f'<link href="{_QUERY.replace("&", "&amp;amp;")}"/>', _QUERY),
    Link(kind="only a guid", entry=f'<guid isPermaLink="true">{_AT}</guid>'),
    Link(kind="only a guid", entry=f"<guid>{_AT}</guid>"),
    Link(kind="only a guid", entry=f"<link></link><guid>{_AT}</guid>"),
    Link(
        kind="only a guid", entry=f'<guid isPermaLink="true">{_AT}</guid><enclosure url="https://i.bao.example/1.jpg" type="image/jpeg"/>'
    ),
    Link(kind="a link and a guid", entry=f'<guid isPermaLink="true">https://bao.example/?p=1</guid><link>{_AT}</link>'),
    Link(kind="a link and a guid", entry=f'<link>{_AT}</link><guid isPermaLink="false">https://bao.example/?p=1</guid>'),
    _atom("the alternate of several", _OTHERS + f'<link rel="alternate" type="text/html" href="{_AT}"/>'),
    _atom("the alternate of several", f'<link rel="alternate" type="text/html" href="{_AT}"/>' + _OTHERS),
    _atom("the alternate of several", _OTHERS + f'<link href="{_AT}"/>'),
    _atom("the alternate of several", f'<link type="application/json" href="/1.json"/><link type="text/html" href="{_AT}"/>'),
    _atom("the alternate of several", f'<link type="text/html" href="{_AT}"/><link type="text/html" hreflang="en" href="/en/a-1.html"/>'),
    Link(kind="the alternate of several", entry=f'<atom:link rel="self" href="/rss/1"/><link>{_AT}</link>', root=_NAMESPACES),
    Link(kind="Feedburner's origLink", entry=f"<link>{_COUNTED}</link><feedburner:origLink>{_AT}</feedburner:origLink>", root=_NAMESPACES),
    Link(kind="Feedburner's origLink", entry=f"<feedburner:origLink>{_AT}</feedburner:origLink><link>{_COUNTED}</link>", root=_NAMESPACES),
    _atom(
        "Feedburner's origLink",
        f'<link rel="alternate" type="text/html" href="{_COUNTED}"/><feedburner:origLink>{_AT}</feedburner:origLink>',
        root=_NAMESPACES,
    ),
)


def measure() -> Figures:
    rows = [_row(f"dates: {name}", list(_dated(written)), lambda case: case.dates, 1) for name, written in DATES]
    kinds = dict.fromkeys(link.kind for link in LINKS)
    rows += [_row(f"links: {kind}", [_case(link) for link in LINKS if link.kind == kind], lambda case: case.links, 0) for kind in kinds]
    return Figures(
        name="feeds-right",
        input=(
            f"RSS and Atom feeds of one entry, {len(_MOMENTS)} moments a way of writing dates and {len(LINKS)} links; each feed as it is and ill-formed, "
            f"with an element that is not closed; feedparser {feedparser.__version__} as it comes, from the same bytes"
        ),
        columns=("what", "feeds", "parse_feed", "feedparser", "ill-formed: parse_feed", "ill-formed: feedparser"),
        rows=tuple(rows),
        notes=(
            "Right is the instant, or the address a reader would be led to, spaces escaped.",
            "Relative links of RSS are meant to lead into the site that the channel names, those of Atom are relative to the feed (RFC 4287).",
        ),
    )


def _row(name: str, cases: Sequence[Case], wanted: Callable[[Case], Sequence[object]], at: int) -> tuple[str, ...]:
    def n_right(cases: Sequence[Case], read: Callable[[Case], Found]) -> str:
        return str(sum([entry[at] for entry in read(case)] == list(wanted(case)) for case in cases))

    broken = [_ill_formed(case) for case in cases]
    return (name, str(len(cases)), *(n_right(some, read) for some in (cases, broken) for read in (by_parse_feed, by_feedparser)))


def _dated(written: Callable[[datetime], str]) -> Iterator[Case]:
    for moment in _MOMENTS:
        entry = f"<link>{_AT}</link><pubDate>{written(moment)}</pubDate>"
        yield _case(Link(kind="", entry=entry, channel=_SITE), dates=(moment,))


def _case(link: Link, dates: Sequence[datetime] = ()) -> Case:
    opened, channel, entry = ("feed", "", "entry") if link.is_atom else ("rss", "<channel>", "item")
    version = ' xmlns="http://www.w3.org/2005/Atom"' if link.is_atom else ' version="2.0"'
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><{opened}{version}{link.root}>{channel}<title>Báo Mẫu</title>{link.channel}'
        f"<{entry}><title>Chuyện ở ấp</title>{link.entry}</{entry}>{channel.replace('<', '</')}</{opened}>"
    )
    return Case(name=link.kind, body=text.encode(), links=(link.leads_to,), dates=dates)


def _ill_formed(case: Case) -> Case:
    body = case.body.replace("ở ấp</title>".encode(), "ở ấp</title><category>Thời sự".encode())
    return Case(name=case.name, body=body, links=case.links, dates=case.dates)
