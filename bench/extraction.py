"""The text of articles: ours beside the best known readers, on the same pages in the same run.

`python -m bench.extraction FOLDER…` measures any folder of pages and expectations (`bench.truth` says what one looks like).
"""

import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from bench import report, rivals, truth
from bench.figures import Figures
from config.load import load
from config.portal import Portal
from config.shipped import SHIPPED
from crawler.errors import ParseError
from crawler.model import Page, Validators
from crawler.parse.article import parse_article
from crawler.press import Press
from crawler.press.export import portal_config
from crawler.press.truth import TrueArticle

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "../shared/samples"
_NOW = datetime(2026, 11, 20, tzinfo=UTC)  # the pages are older


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    n_rounds: int
    n_press: int


FULL = Size(n_rounds=5, n_press=80)
TINY = Size(n_rounds=1, n_press=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """Pages with their truth; `portals` by the page's name where rules are to be used."""

    name: str
    cases: Sequence[truth.Case]
    portals: Mapping[str, Portal]


def measure(size: Size) -> Figures:
    piles = [_samples(), _corpus(), _press(size.n_press)]
    return _figures([pile for pile in piles if pile.cases], size)


def measure_folders(folders: Sequence[Path], size: Size) -> Figures:
    return _figures([Pile(name=folder.name, cases=tuple(truth.read(folder)), portals={}) for folder in folders], size)


def _figures(piles: Sequence[Pile], size: Size) -> Figures:
    rows: list[tuple[str, ...]] = []
    notes = ["F1, precision and recall are means over pages, of 4-grams of words of lead and text, letter case and punctuation aside."]
    for pile in piles:
        try:
            rows += _rows(pile, size.n_rounds)
        except rivals.NoRivalsError as error:
            notes.append(f"{pile.name}: without the rivals, {error}.")
            rows += [_row(pile, "canhbao, no rules", _ours(pile, size.n_rounds, by_rules=False), None)]
    return Figures(
        name="extraction",
        input=(
            f"real pages of ../shared/samples where the workplace has them, pages of tests/corpus, and {size.n_press} 80 kB pages of the press (seed 1); "
            f"for each page the seconds of the processor, best of {size.n_rounds} rounds after one to warm up, one process, bytes in and all fields out; "
            f"rivals as {', '.join(f'{name} {version}' for name, version in rivals.versions().items() if name.lower() in rivals.EXTRACTORS)}, "
            "trafilatura as bare_extraction(with_metadata=True)"
        ),
        columns=("pages", "reader", "F1", "precision", "recall", "pages/s", "times trafilatura"),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _rows(pile: Pile, n_rounds: int) -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        pages = {case.name: (Path(folder) / f"{at}.html", case.url) for at, case in enumerate(pile.cases)}
        for case in pile.cases:
            pages[case.name][0].write_bytes(case.body)
        others = {name: rivals.extract(name, pages, n_rounds=n_rounds) for name in rivals.EXTRACTORS}
    base = others["trafilatura"]
    rows = [_row(pile, "canhbao, no rules", _ours(pile, n_rounds, by_rules=False), base)]
    if pile.portals:
        rows.append(_row(pile, "canhbao, by rules", _ours(pile, n_rounds, by_rules=True), base))
    return rows + [_row(pile, name, answers, base) for name, answers in others.items()]


def _row(pile: Pile, reader: str, answers: Mapping[str, rivals.Answer], base: Mapping[str, rivals.Answer] | None) -> tuple[str, ...]:
    scores = [truth.score(truth.grams(answers[case.name].text), case.grams) for case in pile.cases if case.grams and case.name in answers]
    means = [sum(values) / len(values) for values in zip(*((one.f1, one.precision, one.recall) for one in scores), strict=True)]
    speed = _per_second(answers)
    faster = f"{speed / _per_second({name: base[name] for name in answers}):.1f}" if base else ""
    label = f"{pile.name} ({len(answers)})"
    return (label, reader, *(f"{mean:.3f}" for mean in means), f"{speed:,.0f}", faster)


def _per_second(answers: Mapping[str, rivals.Answer]) -> float:
    return len(answers) / sum(answer.seconds for answer in answers.values())


def _ours(pile: Pile, n_rounds: int, *, by_rules: bool) -> Mapping[str, rivals.Answer]:
    wanted = [case for case in pile.cases if not by_rules or case.name in pile.portals]
    return {case.name: _read(case, pile.portals[case.name] if by_rules else unknown_portal(case.url), n_rounds) for case in wanted}


def _read(case: truth.Case, portal: Portal, n_rounds: int) -> rivals.Answer:
    page = Page(
        requested_url=case.url, url=case.url, status=200, body=case.body, content_type=None, validators=Validators(), fetched_at=_NOW
    )
    seconds, text = [], ""
    for _ in range(n_rounds + 1):
        began = time.process_time()
        try:
            article = parse_article(page, portal)
            text = f"{article.lead or ''}\n\n{article.text}"
        except ParseError:
            text = ""
        seconds.append(time.process_time() - began)
    return rivals.Answer(text=text, seconds=min(seconds[1:]))


def unknown_portal(url: str) -> Portal:
    """A portal nobody has described."""
    home = f"https://{urlsplit(url).netloc}/"
    sources = [{"id": "home", "kind": "listing", "url": home}]
    return Portal.model_validate({"id": "unknown", "name": urlsplit(url).netloc, "home": home, "sources": sources})


@cache
def _shipped() -> Mapping[str, Portal]:
    return load(SHIPPED, environ={}).portals


def _samples() -> Pile:
    if not SAMPLES.is_dir():
        return Pile(name="real", cases=(), portals={})
    cases = tuple(truth.read(ROOT / "tests/samples.json", pages=SAMPLES))
    hosts = {host: portal for portal in _shipped().values() if portal.article.rules for host in (portal.home.host or "", *portal.hosts)}
    known = {case.name: hosts[host] for case in cases if (host := urlsplit(case.url).netloc) in hosts}
    return Pile(name="real pages and excerpts", cases=cases, portals=known)


def _corpus() -> Pile:
    cases = tuple(truth.read(ROOT / "tests/corpus"))
    portals = _shipped()
    named = {case.name: portal for case in cases if (portal := portals.get(case.name.partition("/")[0])) is not None}
    known = {name: portal for name, portal in named.items() if portal.article.rules}
    return Pile(name="tests/corpus", cases=cases, portals=known)


def _press(n: int) -> Pile:
    with Press(start=_NOW, n_backlog=0, n_articles=n, period_s=0, page_bytes=80_000).running() as press:
        portals = {portal.id: Portal.model_validate(portal_config(portal)) for portal in press.portals}
        articles = press.truth().articles
        cases = tuple(_press_case(article) for article in articles)
    return Pile(name="press, 80 kB pages", cases=cases, portals={article.url: portals[article.portal] for article in articles})


def _press_case(article: TrueArticle) -> truth.Case:
    with urllib.request.urlopen(article.url, timeout=30) as answer:  # noqa: S310 - the press, on loopback
        body = answer.read()
    return truth.Case(name=article.url, url=article.url, body=body, expected={}, grams=truth.grams(article.lead, *article.paragraphs))


if __name__ == "__main__":
    report.show(measure_folders([Path(folder) for folder in sys.argv[1:]], FULL))
