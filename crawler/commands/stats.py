"""`canhbao stats`: how every source does. Every figure is a query over rows."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from config.load import Config
from crawler.app import now
from crawler.commands.contracts import contracts, print_contracts, print_contracts_json
from crawler.commands.terminal import print_json, print_table, say_line
from crawler.model import VIETNAM
from crawler.wording import moment, say_failure, say_link, speak
from storage.backfills import backfill_reports
from storage.census import census, overdue
from storage.engine import Store
from storage.pages import page_census
from storage.records import BackfillReport, Census, Overdue, SourceReport
from storage.sources import source_reports

LATE_AFTER = timedelta(minutes=10)
"""Two lost ticks, a restart and a slow poll together stay below it; a daemon that hangs does not."""

MAX_LATE_SHOWN = 20
MAX_NAMES_SHOWN = 3


def show(config: Config, *, as_json: bool) -> int:
    with Store.open(config.database_url) as store:
        sources, figures = store.look(source_reports), store.look(census)
        late, raw = store.look(overdue, now=now(), grace=LATE_AFTER), store.look(page_census)
        walks = store.look(backfill_reports)
        kept = store.look(contracts)
    if as_json:
        _print_json(sources, figures)
        print_contracts_json(kept)
        print_json({"kind": "raw_pages", **asdict(raw)})
        for walk in walks:
            print_json({"kind": "backfill", **asdict(walk)})
        _print_late_json(late)
        return 0
    say = speak(config.settings.language)
    if not sources:
        say_line(say("nothing stored"))
        return 0
    print_table(
        say("sources"),
        [say(key) for key in ("source", "state", "last answer", "last new", "overlap", "open", "done")],
        [_row(source, say) for source in sources],
        right=(4, 5, 6),
    )
    _print_gaps(sources, say)
    _print_failures(sources, say)
    _print_backfills(walks, say)
    print_contracts(kept, say)
    _print_tables(figures, say)
    _print_late(late, say)
    _print_totals(figures, say)
    if raw.n:
        say_line(say("raw pages", n=raw.n, gb=f"{raw.n_bytes / 1e9:.2f}", oldest=moment(raw.oldest_at), unread=raw.n_unread))
    return 0


def _print_tables(figures: Census, say: Callable[..., str]) -> None:
    print_table(
        say("links"),
        [say(key) for key in ("portal", "state", "number")],
        [(portal, say_link(say, state, reason), str(n)) for (portal, state, reason), n in sorted(figures.links.items(), key=str)],
        right=(2,),
    )
    print_table(say("watches"), [say("watch"), say("matches")], [(w, str(n)) for w, n in sorted(figures.matches.items())], right=(1,))
    print_table(
        say("messages"),
        [say("channel"), say("state"), say("number")],
        [(channel, say(state), str(n)) for (channel, state), n in sorted(figures.deliveries.items())],
        right=(2,),
    )


def _print_totals(figures: Census, say: Callable[..., str]) -> None:
    say_line(
        say(
            "totals",
            articles=sum(figures.articles.values()),
            stories=figures.n_stories,
            copies=figures.n_copies,
            links=sum(figures.links.values()),
        )
    )


def late(config: Config, *, as_json: bool) -> int:
    """1 when a source or a message is overdue, with a line for each: what a monitoring system asks."""
    with Store.open(config.database_url) as store:
        late = store.look(overdue, now=now(), grace=LATE_AFTER)
    say = speak(config.settings.language)
    if as_json:
        _print_late_json(late)
    elif late:
        _print_late(late, say)
    else:
        say_line(say("nothing late"))
    return 1 if late else 0


def state_of(source: SourceReport) -> tuple[str, dict[str, int]]:
    """The source's state as a wording key, with its facts."""
    if not source.is_active:
        return "inactive", {}
    if source.parked:
        return "parked", {}
    if source.n_failures:
        return "failing", {"n": source.n_failures}
    if source.last_error is not None:
        return "offline", {}  # the one failure that is not counted: it was ours
    if source.report.get("quiet_since"):
        return "quiet", {}
    return ("ok", {}) if source.last_ok_at else ("new", {})


def _row(source: SourceReport, say: Callable[..., str]) -> tuple[str, ...]:
    key, facts = state_of(source)
    n_open, n_done = source.links.get("open", 0), source.links.get("done", 0)
    times = moment(source.last_ok_at), moment(source.last_new_at)
    overlap = source.report.get("overlap")
    share = f"{overlap:.0%}" if isinstance(overlap, int | float) else "–"
    return f"{source.portal}/{source.source}", say(key, **facts), *times, share, str(n_open), str(n_done)


def _print_gaps(sources: Sequence[SourceReport], say: Callable[..., str]) -> None:
    """The sources whose list has turned over between two polls: how often, when last, what catching up found, how many it could not close."""
    with_gaps = [source for source in sources if source.is_active and source.report.get("n_gaps")]
    rows = [
        (
            f"{source.portal}/{source.source}",
            str(source.report["n_gaps"]),
            moment(datetime.fromisoformat(source.report["last_gap_at"])),
            str(source.report["n_caught"]),
            str(source.report["n_open_gaps"]),
        )
        for source in with_gaps
    ]
    print_table(say("gaps"), [say(key) for key in ("source", "number", "last gap", "caught", "not closed")], rows, right=(1, 3, 4))


def _print_failures(sources: Sequence[SourceReport], say: Callable[..., str]) -> None:
    """Each kind of failure once, with the sources that have it: a machine that is offline fills one line, not the screen."""
    failing: dict[str, list[SourceReport]] = {}
    for source in sources:
        if source.is_active and source.last_error is not None:
            failing.setdefault(say_failure(say, source.last_error_kind, source.last_error), []).append(source)
    rows = [
        (why, str(len(those)), _few([f"{each.portal}/{each.source}" for each in those]), moment(min(each.next_poll_at for each in those)))
        for why, those in sorted(failing.items(), key=lambda item: -len(item[1]))
    ]
    print_table(say("errors"), [say(key) for key in ("error", "number", "source", "next poll")], rows, right=(1,))


def _print_backfills(walks: Sequence[BackfillReport], say: Callable[..., str]) -> None:
    """The walks back: how far, and what is left."""
    rows = [
        (
            walk.portal,
            f"{walk.since.astimezone(VIETNAM):%d/%m/%Y}",
            say("backfill running") if walk.state == "running" else say(f"backfill state {walk.state}"),
            str(walk.n_pages_open),
            str(walk.links.get("open", 0)),
            str(walk.links.get("done", 0)),
            str(walk.links.get("failed", 0) + walk.links.get("gone", 0) + walk.n_pages_failed),
        )
        for walk in walks
    ]
    columns = ("portal", "since day", "state", "lists", "to read", "done", "failed")
    print_table(say("backfills"), [say(key) for key in columns], rows, right=(3, 4, 5, 6))


def _few(names: Sequence[str]) -> str:
    return "\n".join([*names[:MAX_NAMES_SHOWN], *(["…"] if len(names) > MAX_NAMES_SHOWN else [])])


def _print_json(sources: list[SourceReport], figures: Census) -> None:
    for source in sources:
        print_json({**asdict(source), "kind": "source", "source_kind": source.kind, "state": state_of(source)[0]})
    for portal, n in sorted(figures.articles.items()):
        print_json({"kind": "articles", "portal": portal, "n": n})
    for (portal, state, reason), n in sorted(figures.links.items(), key=str):
        print_json({"kind": "links", "portal": portal, "state": state, "reason": reason, "n": n})
    for watch, n in sorted(figures.matches.items()):
        print_json({"kind": "matches", "watch": watch, "n": n})
    for (channel, delivery_state), n in sorted(figures.deliveries.items()):
        print_json({"kind": "deliveries", "channel": channel, "state": delivery_state, "n": n})
    print_json({"kind": "stories", "n": figures.n_stories, "n_copies": figures.n_copies})


def _print_late(late: Sequence[Overdue], say: Callable[..., str]) -> None:
    rows = [(say(f"late {each.kind}"), each.name, moment(each.due_at)) for each in late[:MAX_LATE_SHOWN]]
    print_table(say("late"), [say("kind"), say("which"), say("due")], rows)
    if len(late) > MAX_LATE_SHOWN:
        say_line(say("more late", n=len(late) - MAX_LATE_SHOWN))


def _print_late_json(late: Sequence[Overdue]) -> None:
    for each in late:
        print_json({"kind": "late", "what": each.kind, "name": each.name, "due_at": each.due_at})
