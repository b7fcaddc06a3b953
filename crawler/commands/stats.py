"""`canhbao stats`: how every source does. Every figure is a query over rows."""

from collections.abc import Callable
from dataclasses import asdict

from config.load import Config
from crawler.commands.terminal import console, print_json, print_table
from crawler.wording import moment, speak
from storage.census import census
from storage.engine import Store
from storage.records import Census, SourceReport
from storage.sources import source_reports


def show(config: Config, *, as_json: bool) -> int:
    with Store.open(config.database_url) as store:
        sources, figures = store.look(source_reports), store.look(census)
    if as_json:
        _print_json(sources, figures)
        return 0
    say = speak(config.settings.language)
    if not sources:
        console().print(say("nothing stored"))
        return 0
    print_table(
        say("sources"),
        [say(key) for key in ("source", "state", "last answer", "next poll", "open", "done", "other", "error")],
        [_row(source, say) for source in sources],
        right=(4, 5, 6),
    )
    print_table(
        say("links"),
        [say(key) for key in ("portal", "state", "reason", "number")],
        [(portal, state, reason or "", str(n)) for (portal, state, reason), n in sorted(figures.links.items(), key=str)],
        right=(3,),
    )
    print_table(say("watches"), [say("watch"), say("matches")], [(w, str(n)) for w, n in sorted(figures.matches.items())], right=(1,))
    print_table(
        say("messages"),
        [say("channel"), say("state"), say("number")],
        [(channel, say(state), str(n)) for (channel, state), n in sorted(figures.deliveries.items())],
        right=(2,),
    )
    console().print(
        say(
            "totals",
            articles=sum(figures.articles.values()),
            stories=figures.n_stories,
            copies=figures.n_copies,
            links=sum(figures.links.values()),
        )
    )
    return 0


def state_of(source: SourceReport) -> tuple[str, dict[str, int]]:
    """The source's state as a wording key, with its facts."""
    if not source.is_active:
        return "inactive", {}
    if source.parked:
        return "parked", {}
    if source.n_failures:
        return "failing", {"n": source.n_failures}
    return ("ok", {}) if source.last_ok_at else ("new", {})


def _row(source: SourceReport, say: Callable[..., str]) -> tuple[str, ...]:
    key, facts = state_of(source)
    n_open, n_done = source.links.get("open", 0), source.links.get("done", 0)
    return (
        f"{source.portal}/{source.source}",
        say(key, **facts),
        moment(source.last_ok_at),
        moment(source.next_poll_at),
        str(n_open),
        str(n_done),
        str(sum(source.links.values()) - n_open - n_done),
        source.last_error or "",
    )


def _print_json(sources: list[SourceReport], figures: Census) -> None:
    for source in sources:
        print_json({"kind": "source", "state": state_of(source)[0], **asdict(source)})
    for portal, n in sorted(figures.articles.items()):
        print_json({"kind": "articles", "portal": portal, "n": n})
    for (portal, state, reason), n in sorted(figures.links.items(), key=str):
        print_json({"kind": "links", "portal": portal, "state": state, "reason": reason, "n": n})
    for watch, n in sorted(figures.matches.items()):
        print_json({"kind": "matches", "watch": watch, "n": n})
    for (channel, delivery_state), n in sorted(figures.deliveries.items()):
        print_json({"kind": "deliveries", "channel": channel, "state": delivery_state, "n": n})
    print_json({"kind": "stories", "n": figures.n_stories, "n_copies": figures.n_copies})
