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
from crawler.lookback import arrears, raise_history
from crawler.match.backtest import Change, Tally, by_stretch
from crawler.wording import speak
from storage.engine import Store
from storage.records import Candidate, LateAlert
from storage.search import matched_articles, n_searchable

BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
MAX_SHOWN = 10
"""Articles with their snippets; the counts tell of all."""


@dataclass(slots=True)
class Examples:
    """The first few of each kind, to be printed after the counts."""

    added: list[Find] = field(default_factory=list)
    kept: list[Find] = field(default_factory=list)
    removed: list[Find] = field(default_factory=list)

    def see(self, find: Find, *, is_found: bool, change: Change | None) -> None:
        kind = self.removed if change == "removed" else self.added if change else self.kept
        if (is_found or change) and len(kind) < MAX_SHOWN:
            kind.append(find)


@dataclass(frozen=True, slots=True)
class Lines:
    """JSON: each is printed as it comes."""

    watch: str

    def see(self, find: Find, *, is_found: bool, change: Change | None) -> None:
        article = article_record(find.stored.article)
        if is_found:
            print_json({"kind": "found", "change": change} | article | match_record(find.match(self.watch)))
        elif change:
            print_json({"kind": change, "change": change} | article)


def on_history(config: Config, watch: Watch, configured: Watch | None, *, since: datetime | None, as_json: bool) -> int:
    """Compared with `configured`, or else with what the daemon has matched under this watch's id. Raises: QueryError."""
    say = speak(config.settings.language)
    with Store.open(config.database_url) as store:
        history = History(store, [each for each in (watch, configured) if each], portals=config.portals, since=since)
        told = set(store.look(matched_articles, watch.id, since=since)) if configured is None else set()
        among = sorted({*history.candidates(), *told}, key=lambda each: (each.fresh_at, each.article_id), reverse=True)
        if is_long(len(among), store.look(n_searchable)):
            _print_estimate(history, among, say, as_json=as_json)
        tally, seen = Tally(is_compared=configured is not None or bool(told)), Lines(watch.id) if as_json else Examples()
        before = Before(configured.id if configured else None, {each.article_id for each in told})
        is_whole = _judge(history, among, tally, watch.id, before, seen, title=say("judging"))
    if isinstance(seen, Lines):
        _print_summary(tally, is_whole=is_whole)
    else:
        _print(tally, seen, config, watch.id, before, is_whole=is_whole)
    return 0


@dataclass(frozen=True, slots=True)
class Before:
    """What was found before the edit: by another watch, else what the daemon recorded."""

    watch: str | None
    told: set[int]

    def found(self, find: Find) -> bool:
        return find.stored.id in self.told if self.watch is None else self.watch in find.watches


def raise_found(config: Config, watch: Watch, *, since: datetime | None, is_dry: bool, as_json: bool) -> int:
    """Raise what the watch finds and what was not told before; the daemon sends it. `is_dry`: only say what that would be."""
    say = speak(config.settings.language)
    if not watch.enabled:
        say_line(say("explain disabled"))
        return 1
    with Store.open(config.database_url) as store:
        edition, after = Edition.of(config), since or BEGINNING
        if is_dry:
            _print_arrears(arrears(store, watch, edition, since=after, now=now()), say, as_json=as_json)
            return 0
        n_raised = raise_history(store, watch, edition, since=after, now=now())
    if as_json:
        print_json({"kind": "raised", "n_raised": n_raised})
    else:
        say_line(say("raised", n=n_raised))
    return 0


def _print_arrears(alerts: Sequence[LateAlert], say: Say, *, as_json: bool) -> None:
    """How many articles, in how many messages, to whom."""
    messages = {(plan.channel, plan.recipient, plan.group) for alert in alerts for plan in alert.deliveries}
    readers = sorted({f"{channel} {recipient}".strip() for channel, recipient, _ in messages})
    if as_json:
        print_json({"kind": "would raise", "n_raised": len(alerts), "n_messages": len(messages), "readers": readers})
    elif alerts:
        say_line(say("would raise", n=len(alerts), messages=len(messages), readers=", ".join(readers) or "–"))
    else:
        say_line(say("would raise nothing"))


def _judge(
    history: History, among: Sequence[Candidate], tally: Tally, watch: str, before: Before, seen: Examples | Lines, *, title: str
) -> bool:
    """False when somebody had seen enough (Ctrl-C): what was found so far counts."""
    try:
        with _progress(len(among), title) as step:
            for find in history.judge(among, in_full=isinstance(seen, Lines)):
                article, is_found = find.stored.article, watch in find.watches
                fresh_at = article.published_at or find.stored.first_seen_at
                change = tally.add(portal=article.identity.portal, fresh_at=fresh_at, is_found=is_found, was_found=before.found(find))
                seen.see(find, is_found=is_found, change=change)
                step()
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


def _print_summary(tally: Tally, *, is_whole: bool) -> None:
    counts = {"n_found": tally.n_found, "n_judged": tally.n_judged, "is_whole": is_whole}
    changes = {"n_added": tally.n_added, "n_removed": tally.n_removed} if tally.is_compared else {}
    print_json({"kind": "summary", **counts, **changes, "by_day": dict(sorted(tally.by_day.items())), "by_portal": tally.by_portal})


def _print(tally: Tally, seen: Examples, config: Config, watch: str, before: Before, *, is_whole: bool) -> None:
    say = speak(config.settings.language)
    by_portal = {portal_name(config, portal): n for portal, n in sorted(tally.by_portal.items(), key=lambda item: -item[1])}
    stretch, by_time = by_stretch(tally.by_day)
    for title, counts in ((say(f"by {stretch}"), by_time), (say("by portal"), by_portal)):
        print_table(title, ["", "", say("number")], bars(counts), right=(2,))
    found = [*(("+ ", find) for find in seen.added), *(("", find) for find in seen.kept)][:MAX_SHOWN]
    for sign, find in found:
        _print_find(find, watch, config, sign)
    if tally.n_found > len(found):
        say_line(say("more found", n=tally.n_found - len(found)))
    for find in seen.removed:
        _print_find(find, before.watch, config, "− ")
    if tally.n_removed > len(seen.removed):
        say_line(say("more removed", n=tally.n_removed - len(seen.removed)))
    say_line(say("backtest", found=tally.n_found, judged=tally.n_judged))
    if tally.is_compared:
        say_line(say("backtest changes", added=tally.n_added, removed=tally.n_removed))
    if not is_whole:
        say_line(say("backtest stopped"))


def _print_find(find: Find, watch: str | None, config: Config, sign: str) -> None:
    """With what `watch` found in it; None: that is not known any more."""
    if watch is None:
        say_line(f"{sign}{find.stored.article.title}\n  {find.stored.article.url}")
    else:
        name = portal_name(config, find.stored.article.identity.portal)
        print_find(find.stored.article, find.match(watch), portal=name, first_seen_at=find.stored.first_seen_at, mark=sign)
