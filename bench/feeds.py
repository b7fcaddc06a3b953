"""Feeds of fifty items, well-formed and not, beside feedparser as it comes; and whose dates and links are right."""

import time
from calendar import timegm
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import feedparser

from bench.figures import Figures
from crawler.errors import ParseError
from crawler.parse.feed import parse_feed

SAMPLES = Path(__file__).resolve().parents[1] / "../shared/samples/feeds"
URL = "https://bao.example/rss/thoi-su.rss"
_FIRST = datetime(2026, 8, 1, 13, 58, 7, tzinfo=UTC)
_VIETNAM = timedelta(hours=7)
_SUMMARY = "Cán bộ ấp đến từng nhà vận động góp công sửa đường, trồng cây dọc bờ kênh; bà con nói đường rộng thì xe lúa ra tới ruộng, học trò khỏi lội. "


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    n_items: int
    n_rounds: int


FULL = Size(n_items=50, n_rounds=15)
TINY = Size(n_items=5, n_rounds=1)

Dates = Callable[[datetime], str]
DATES: Sequence[tuple[str, Dates]] = (
    ("RFC 822, +0700", lambda at: f"{at + _VIETNAM:%a, %d %b %Y %H:%M:%S} +0700"),
    ("two-digit year", lambda at: f"{at + _VIETNAM:%a, %d %b %y %H:%M:%S} +0700"),
    ("+07", lambda at: f"{at + _VIETNAM:%a, %d %b %Y %H:%M:%S} +07"),
    ("+07:00", lambda at: f"{at + _VIETNAM:%a, %d %b %Y %H:%M:%S} +07:00"),
    ("GMT", lambda at: f"{at:%a, %d %b %Y %H:%M:%S} GMT"),
    ("US order, no zone", lambda at: _american(at + _VIETNAM, " ")),
    ("US order, U+202F", lambda at: _american(at + _VIETNAM, "\u202f")),
    ("no zone", lambda at: f"{at + _VIETNAM:%Y-%m-%d %H:%M:%S}"),
)
"""The ways in which Vietnamese papers write pubDate, most of them local time with or without saying so."""


def _american(at: datetime, space: str) -> str:
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S}{space}{'AM' if at.hour < 12 else 'PM'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A feed and what its entries are."""

    name: str
    body: bytes
    links: Sequence[str]
    dates: Sequence[datetime]


def measure(size: Size) -> Figures:
    cases = [_well_formed(name, written, size.n_items) for name, written in DATES]
    spoilt = [_spoilt(name, spoil, size.n_items) for name, spoil in SPOILT]
    rows = [_row("well-formed", cases, size.n_rounds), *(_row(f"ill-formed: {case.name}", [case], size.n_rounds) for case in spoilt)]
    if SAMPLES.is_dir():
        real = [Case(name=path.name, body=path.read_bytes(), links=(), dates=()) for path in sorted(SAMPLES.glob("*.xml"))]
        rows.append(_row("real, of 2017 (../shared)", real, size.n_rounds))
    rows += [_row(f"dates: {case.name}", [case], size.n_rounds) for case in cases]
    return Figures(
        name="feeds",
        input=(
            f"RSS of {size.n_items} items with summaries in HTML, {len(cases[0].body) / 1000:.0f} kB; milliseconds of the processor a feed, best of "
            f"{size.n_rounds} rounds, one process; feedparser {feedparser.__version__} as it comes, from the same bytes"
        ),
        columns=(
            "feeds",
            "parse_feed ms",
            "feedparser ms",
            "times",
            "dates right",
            "feedparser's dates",
            "links right",
            "feedparser's links",
        ),
        rows=tuple(rows),
        notes=("A feed that breaks off is read as far as it goes; feedparser takes times without a zone for UTC.",),
    )


def _row(name: str, cases: Sequence[Case], n_rounds: int) -> tuple[str, ...]:
    ours = sum(_milliseconds(lambda case=case: by_parse_feed(case), n_rounds) for case in cases) / len(cases)  # type: ignore[misc]
    theirs = sum(_milliseconds(lambda case=case: feedparser.parse(BytesIO(case.body)), n_rounds) for case in cases) / len(cases)  # type: ignore[misc]
    known = [case for case in cases if case.links]
    right = [_right(known, at, read) for at in ("dates", "links") for read in (by_parse_feed, by_feedparser)] if known else ["", "", "", ""]
    return (name, f"{ours:.2f}", f"{theirs:.2f}", f"{theirs / ours:.1f}", *right)


def _milliseconds(work: Callable[[], object], n_rounds: int) -> float:
    best = float("inf")
    for _ in range(n_rounds + 1):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best * 1000


Found = list[tuple[str | None, datetime | None]]


def by_parse_feed(case: Case) -> Found:
    """What we make of it: the link and the time of each entry."""
    try:
        return [(entry.url, entry.published_at) for entry in parse_feed(case.body, URL).entries]
    except ParseError:
        return []


def by_feedparser(case: Case) -> Found:
    """What a program sees that uses feedparser as its documentation shows, and that would escape spaces before it asks."""
    feed = feedparser.parse(BytesIO(case.body), response_headers={"content-location": URL})
    parsed = [(entry.get("link"), entry.get("published_parsed")) for entry in feed.entries]
    return [(link and link.replace(" ", "%20"), datetime.fromtimestamp(timegm(at), UTC) if at else None) for link, at in parsed]


def _right(cases: Sequence[Case], what: str, read: Callable[[Case], Found]) -> str:
    n_right, n = 0, 0
    for case in cases:
        wanted = case.dates if what == "dates" else case.links
        got = [at if what == "dates" else link for link, at in read(case)]
        n_right += sum(one == other for one, other in zip(wanted, got, strict=False))
        n += len(wanted)
    return f"{n_right / n:.0%}"


def _well_formed(name: str, written: Dates, n: int) -> Case:
    moments = [_FIRST - timedelta(minutes=37 * at) for at in range(n)]
    links = [f"https://bao.example/chuyen-o-ap-{at}-a{100_000 + at}.html" for at in range(n)]
    items = "".join(_item(at, link, written(moment)) for at, (link, moment) in enumerate(zip(links, moments, strict=True)))
    return Case(name=name, body=_rss(items).encode(), links=links, dates=moments)


def _item(at: int, link: str, published: str) -> str:
    summary = f'<a href="{link}"><img src="https://i.bao.example/{at}.jpg" width="300"></a><br/>{_SUMMARY * 3}'
    return (
        f"<item><title>Chuyện ở ấp {at}: làm đường, trồng cây</title><link>{link}</link><guid isPermaLink='true'>{link}</guid>"
        f"<pubDate>{published}</pubDate><category>Thời sự</category><description><![CDATA[{summary}]]></description></item>\n"
    )


def _rss(items: str) -> str:
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo Mẫu</title><link>https://bao.example/</link>'
    return f"{head}<description>Thời sự</description><ttl>10</ttl>{items}</channel></rss>"


SPOILT: Sequence[tuple[str, Callable[[str], str]]] = (
    ("a stray ampersand", lambda text: text.replace("làm đường", "làm đường & cầu")),
    ("HTML entities", lambda text: text.replace("Chuyện ở", "Chuy&ecirc;n&nbsp;ở")),
    ("control characters", lambda text: text.replace("trồng cây</title>", "trồng\x0b cây</title>")),
    ("broken off", lambda text: text[: int(len(text) * 0.97)]),
    ("unclosed elements", lambda text: text.replace("</category>", "")),
    ("words before the XML", lambda text: "Warning: mysql_connect() failed\n" + text),
)


def _spoilt(name: str, spoil: Callable[[str], str], n: int) -> Case:
    whole = _well_formed(name, DATES[0][1], n)
    return Case(name=name, body=spoil(whole.body.decode()).encode(), links=whole.links, dates=whole.dates)
