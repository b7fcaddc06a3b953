"""Pages per second of `parse_article` alone, on one core, beside bare lxml on the same bytes in the same run."""

import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lxml import html

from bench.figures import Figures, median, spread
from config.portal import Portal
from crawler.errors import ParseError
from crawler.model import Page, Validators
from crawler.parse.article import parse_article
from crawler.press import Press
from crawler.press.export import portal_config

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "../shared/samples/pages"
"""Whole pages of real portals, where the workplace has them; read without rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    n_articles: int
    n_rounds: int


FULL = Size(n_articles=120, n_rounds=7)
TINY = Size(n_articles=4, n_rounds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    page: Page
    portal: Portal


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """Pages of one kind."""

    name: str
    cases: Sequence[Case]


def measure(size: Size) -> Figures:
    piles = [
        Pile(name="press, by rules", cases=press_pages(size.n_articles, page_bytes=0)),
        Pile(name="press, 80 kB pages, by rules", cases=press_pages(size.n_articles, page_bytes=80_000)),
        Pile(name="real pages, no rules", cases=sample_pages()),
    ]
    rows = [_row(pile, size.n_rounds) for pile in piles if pile.cases]
    return Figures(
        name="parsing",
        input=(
            f"{size.n_articles} article pages of 4 portals of the press (seed 1) read by their portal's rules; article pages of real portals without "
            f"rules, where ../shared has them; one process; median of {size.n_rounds} rounds (lowest-highest), each round first lxml, then ours"
        ),
        columns=("pages", "number", "kB a page", "parse_article pages/s", "bare lxml.html pages/s", "share of lxml"),
        rows=tuple(rows),
        notes=("Bare lxml is `lxml.html.document_fromstring` of the same bytes: a tree, and nothing found in it yet.",),
    )


def _row(pile: Pile, n_rounds: int) -> tuple[str, ...]:
    cases = [case for case in pile.cases if _is_read(case)]
    if not cases:
        return (pile.name, f"0 of {len(pile.cases)}", "", "", "", "")
    bare, ours = [], []
    for _ in range(n_rounds):
        bare.append(len(cases) / _seconds(lambda: [html.document_fromstring(case.page.body) for case in cases]))
        ours.append(len(cases) / _seconds(lambda: [parse_article(case.page, case.portal) for case in cases]))
    number = f"{len(cases)}" if len(cases) == len(pile.cases) else f"{len(cases)} of {len(pile.cases)}"
    kilobytes = sum(len(case.page.body) for case in cases) / len(cases) / 1000
    return (pile.name, number, f"{kilobytes:.0f}", spread(ours), spread(bare), f"{median(ours) / median(bare):.0%}")


def _is_read(case: Case) -> bool:
    """A page that is refused is refused fast: it would flatter the figure."""
    try:
        parse_article(case.page, case.portal)
    except ParseError:
        return False
    return True


def _seconds(work: Callable[[], object]) -> float:
    """Of the processor, so that others on the machine count less."""
    began = time.process_time()
    work()
    return time.process_time() - began


def press_pages(n: int, *, page_bytes: int) -> list[Case]:
    """Article pages of the press as they come over HTTP."""
    with Press(start=datetime.now(UTC), n_backlog=0, n_articles=n, period_s=0, page_bytes=page_bytes).running() as press:
        portals = {portal.id: Portal.model_validate(portal_config(portal)) for portal in press.portals}
        return [Case(page=_fetched(article.url), portal=portals[article.portal]) for article in press.truth().articles]


def _fetched(url: str) -> Page:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - the press, on loopback
        return page_of(url, answer.read(), answer.headers["content-type"])


def sample_pages() -> list[Case]:
    """Each under a portal that is made up, so that no rules help."""
    return list(_saved(SAMPLES)) if SAMPLES.is_dir() else []


def _saved(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*article*.html")):
        home = f"https://{path.stem.partition('_')[0]}.example/"
        values = {"id": "unknown", "name": "Unknown", "home": home, "sources": [{"id": "all", "kind": "feed", "url": f"{home}rss"}]}
        yield Case(page=page_of(f"{home}{path.name}", path.read_bytes(), None), portal=Portal.model_validate(values))


def page_of(url: str, body: bytes, content_type: str | None) -> Page:
    return Page(
        requested_url=url,
        url=url,
        status=200,
        body=body,
        content_type=content_type,
        validators=Validators(),
        fetched_at=datetime.now(UTC),
    )
