"""`canhbao watch test` on the history: hits by day and portal, snippets, and what an edit adds and removes."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import Progress

from config.load import Config
from config.watch import Watch
from crawler.app import now
from crawler.commands.search import portal_name
from crawler.commands.showing import Say, article_record, bars, match_record, print_find
from crawler.commands.terminal import print_json, print_table, say_line
from crawler.edition import Edition
from crawler.history import Find, History, is_long
from crawler.lookback import raise_history
from crawler.match.backtest import Change, Tally, by_stretch
from crawler.wording import speak
from storage.engine import Store
from storage.records import Candidate, Match
from storage.search import matched_articles, n_searchable

BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
MAX_SHOWN = 10
"""Articles with their snippets; the counts tell of all."""
SIGNS: dict[Change | None, str] = {"added": "+ ", "removed": "− ", None: ""}


@dataclass(slots=True)
class Report:
    """What is printed at the end, gathered on the way."""

    tally: Tally
    shown: list[tuple[Find, Match, Change | None]] = field(default_factory=list)
    changed: list[tuple[Find, Match | None, Change]] = field(default_factory=list)


def on_history(config: Config, watch: Watch, configured: Watch | None, *, since: datetime | None, as_json: bool) -> int:
    """Compared with `configured`, or else with what the daemon has matched under this watch's id. Raises: QueryError."""
    say = speak(config.settings.language)
    with Store.open(config.database_url) as store:
        history = History(store, [each for each in (watch, configured) if each], portals=config.portals, since=since)
        told = set(store.look(matched_articles, watch.id, since=since)) if configured is None else set()
        among = sorted({*history.candidates(), *told}, key=lambda each: (each.fresh_at, each.article_id), reverse=True)
        if is_long(len(among), store.look(n_searchable)):
            _print_estimate(history, among, say, as_json=as_json)
        report = Report(Tally(is_compared=configured is not None or bool(told)))
        is_whole = _judge(report, history, among, watch, configured, {each.article_id for each in told}, say)
    if as_json:
        _print_json(report, is_whole=is_whole)
    else:
        _print(report, config, say, is_whole=is_whole)
    return 0


def raise_found(config: Config, watch: Watch, *, since: datetime | None, as_json: bool) -> int:
    """Raise what the watch finds and what was not told before; the daemon sends it."""
    say = speak(config.settings.language)
    if not watch.enabled:
        say_line(say("explain disabled"))
        return 1
    with Store.open(config.database_url) as store:
        n_raised = raise_history(store, watch, Edition.of(config), since=since or BEGINNING, now=now())
    if as_json:
        print_json({"kind": "raised", "n_raised": n_raised})
    else:
        say_line(say("raised", n=n_raised))
    return 0


def _judge(
    report: Report, history: History, among: Sequence[Candidate], watch: Watch, configured: Watch | None, told: set[int], say: Say
) -> bool:
    """False when somebody had seen enough (Ctrl-C): what was found so far counts."""
    try:
        with _progress(len(among), say("judging")) as step:
            for find in history.judge(among):
                step()
                match = find.matches.get(watch.id)
                was_found = configured.id in find.matches if configured else find.stored.id in told
                article = find.stored.article
                fresh_at = article.published_at or find.stored.first_seen_at
                portal = article.identity.portal
                change = report.tally.add(portal=portal, fresh_at=fresh_at, is_found=match is not None, was_found=was_found)
                if match is not None:
                    report.shown.append((find, match, change))
                if change is not None:
                    report.changed.append((find, match, change))
    except KeyboardInterrupt:
        return False
    return True


@contextmanager
def _progress(total: int, title: str) -> Iterator[Callable[[], object]]:
    """A bar while somebody watches; nothing in a log."""
    with Progress(console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)


def _print_estimate(history: History, among: Sequence[Candidate], say: Say, *, as_json: bool) -> None:
    guess = history.estimate(among)
    facts = {"n_candidates": guess.n_candidates, "n_sampled": guess.n_sampled, "n_expected": guess.n_expected}
    if as_json:
        print_json({"kind": "estimate", **facts})
    else:
        say_line(say("estimate", **facts))
    sys.stdout.flush()


def _print_json(report: Report, *, is_whole: bool) -> None:
    tally = report.tally
    for find, match, change in report.shown:
        print_json({"kind": "found", "change": change} | article_record(find.stored.article) | match_record(match))
    for find, _, change in report.changed:
        if change == "removed":
            print_json({"kind": "removed", "change": change} | article_record(find.stored.article))
    counts = {"n_found": tally.n_found, "n_judged": tally.n_judged, "is_whole": is_whole}
    changes = {"n_added": tally.n_added, "n_removed": tally.n_removed} if tally.is_compared else {}
    print_json({"kind": "summary", **counts, **changes, "by_day": dict(sorted(tally.by_day.items())), "by_portal": tally.by_portal})


def _print(report: Report, config: Config, say: Say, *, is_whole: bool) -> None:
    tally = report.tally
    by_portal = {portal_name(config, portal): n for portal, n in sorted(tally.by_portal.items(), key=lambda item: -item[1])}
    for title, counts in ((say("by day"), by_stretch(tally.by_day)), (say("by portal"), by_portal)):
        print_table(title, ["", "", say("number")], bars(counts), right=(2,))
    kept = [each for each in report.shown if each[2] is None]
    added = [each for each in report.shown if each[2] is not None]
    for find, match, change in [*added[:MAX_SHOWN], *kept[: max(0, MAX_SHOWN - len(added))]]:
        name = portal_name(config, find.stored.article.identity.portal)
        print_find(find.stored.article, match, portal=name, first_seen_at=find.stored.first_seen_at, mark=SIGNS[change])
    removed = [find for find, _, change in report.changed if change == "removed"]
    for find in removed[:MAX_SHOWN]:
        say_line(f"{SIGNS['removed']}{find.stored.article.title}\n  {find.stored.article.url}")
    say_line(say("backtest", found=tally.n_found, judged=tally.n_judged))
    if tally.is_compared:
        say_line(say("backtest changes", added=tally.n_added, removed=tally.n_removed))
    if not is_whole:
        say_line(say("backtest stopped"))
