"""The `canhbao` command: names, options and exit codes (0 done, 1 failed, 2 bad usage or configuration)."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from config.initial import write_initial
from config.load import Config, ConfigError, find_config
from crawler import logs
from crawler.app import now
from crawler.commands import (
    alerts,
    backfill,
    backtest,
    check,
    db,
    discover,
    explain,
    repair,
    reprocess,
    running,
    search,
    stats,
    trial,
    watch,
)
from crawler.configuration import load
from crawler.match.pieces import QueryError
from crawler.timespan import since_of
from crawler.wording import speak
from storage.errors import AlreadyRunning, SchemaTooOld, StorageError
from storage.records import DeliveryState

T = TypeVar("T")

FAILED, BAD_USAGE = 1, 2

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Watches Vietnamese news portals and tells you when your topic appears. "
    "Theo dõi báo điện tử địa phương và báo cho bạn khi có tin về chủ đề bạn quan tâm.",
)
alerts_app = typer.Typer(no_args_is_help=True, help="Messages: sent, waiting, failed.")
db_app = typer.Typer(no_args_is_help=True, help="The database: upgrade, back up.")
watch_app = typer.Typer(no_args_is_help=True, help="Watches: try them out.")
app.add_typer(alerts_app, name="alerts")
app.add_typer(watch_app, name="watch")
app.add_typer(db_app, name="db")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"canhbao {version('canhbao')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")] = False,
) -> None:
    pass


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="Main configuration file. Default: $CANHBAO_CONFIG, ./canhbao.yaml, /etc/canhbao/canhbao.yaml, the shipped one.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON Lines for programs.")]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Only articles published since then: 90d, 12h, 4w, or a day such as 2026-01-31."),
]


def _config(path: Path | None) -> Config:
    return load(find_config(path, os.environ, Path.cwd()))


@contextmanager
def _failures() -> Iterator[None]:
    """Turns the failures a user can do something about into a message and an exit code, without a traceback."""
    complaint = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    try:
        yield
    except ConfigError as error:
        n = len(error.problems)
        complaint.print(f"The configuration has {n} problem{'s' if n > 1 else ''}:")
        for problem in error.problems:
            complaint.print(f"  {problem}")
        raise typer.Exit(BAD_USAGE) from error
    except QueryError as error:
        complaint.print(f"The query cannot be read: {error}")
        raise typer.Exit(BAD_USAGE) from error
    except watch.UnknownWatch as error:
        complaint.print(str(error))
        raise typer.Exit(BAD_USAGE) from error
    except AlreadyRunning as error:
        complaint.print(str(error))
        raise typer.Exit(BAD_USAGE) from error
    except SchemaTooOld as error:
        complaint.print(f"Database: {error}" + ("" if "canhbao run" in str(error) else " (`canhbao run` does it, too)"))
        raise typer.Exit(FAILED) from error
    except StorageError as error:
        complaint.print(f"Database: {error}")
        raise typer.Exit(FAILED) from error
    except BrokenPipeError as error:  # `| head`: whoever read us has seen enough; what is still buffered has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(FAILED) from error
    except OSError as error:
        complaint.print(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        raise typer.Exit(FAILED) from error


def _exit(code: int) -> None:
    sys.stdout.flush()
    if code:
        raise typer.Exit(code)


@app.command()
def init(directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write the files into.")]) -> None:
    """Write a commented configuration to edit."""
    with _failures():
        for path in write_initial(directory):
            typer.echo(f"wrote {path}")
        typer.echo(f"Next: edit the files, then run: canhbao check --config {directory / 'canhbao.yaml'}")


@app.command()
def run(config: ConfigOption = None) -> None:
    """Run the daemon: poll, read, match, tell. SIGTERM drains and ends it; SIGHUP or a changed file reloads the configuration."""
    with _failures():
        loaded = _config(config)
        logs.configure(loaded.settings.log, as_json=_wants_json_logs())
        _exit(running.run(loaded))


@app.command()
def once(config: ConfigOption = None) -> None:
    """One pass over every due source and the outbox, then exit; for cron."""
    with _failures():
        loaded = _config(config)
        logs.configure(loaded.settings.log, as_json=_wants_json_logs())
        _exit(running.once(loaded))


@app.command()
def demo(
    seconds: Annotated[str, typer.Option("--for", metavar="TIME", help="How long to run, e.g. 30s.")] = "30s",
    as_json: JsonOption = False,
) -> None:
    """Run the daemon against a simulated press on this machine, with a mail server and a webhook receiver. Needs no network."""
    from crawler import demo as simulated  # noqa: PLC0415 - brings in the press and its servers, which nobody else needs

    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(simulated.run(for_s=_seconds(seconds), as_json=as_json))


@app.command(name="check")
def check_command(
    config: ConfigOption = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also fetch each source once, and an article of each portal, and report what they give.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the configuration: every problem at once, with file and line."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        loaded = _config(config)
        _exit(check.live(loaded, as_json=as_json) if live else check.summary(loaded, as_json=as_json))


@app.command(name="try")
def try_command(
    targets: Annotated[list[str], typer.Argument(metavar="TARGET...", help="URLs or saved files (page, listing, feed, sitemap).")],
    url: Annotated[str | None, typer.Option("--url", help="The URL that a saved file came from.")] = None,
    kept: Annotated[bool, typer.Option("--kept", help="Fetch nothing: take a URL's page from what the daemon kept of it.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what extraction makes of a URL or a saved file. Stores nothing."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(trial.try_targets(_config(config), targets, url=url, as_json=as_json, is_kept=kept))


@app.command(name="discover")
def discover_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's home page.")],
    write: Annotated[
        Path | None, typer.Option("--write", metavar="DIR", help="Write the file into this folder instead of printing it.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at a newspaper's site, feed by feed and page by page, and propose a portal file. Stores nothing."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(discover.discover(_config(config), url, write=write, as_json=as_json, now=now()))


@app.command(name="backfill")
def backfill_command(
    portal: Annotated[str, typer.Argument(metavar="PORTAL", help="The id of a portal.")],
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Back to this day: 2024-01-31, 31/01/2024, 2024, or 90d, 4w, 2y.")
    ] = None,
    detach: Annotated[bool, typer.Option("--detach", help="Leave the work to the daemon.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Walk once more over what was reached before.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Give up the running one; what was read is kept.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read back what a portal still shows, at the polite rate. Alerts nobody; goes on where it was interrupted."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        order = backfill.Order(portal=portal, since=_since(since), detach=detach, stop=stop, again=again)
        _exit(backfill.backfill(_config(config), order, as_json=as_json))


@app.command(name="repair")
def repair_command(
    portal: Annotated[str, typer.Argument(metavar="PORTAL", help="The portal's id.")],
    n_pages: Annotated[int, typer.Option("--pages", min=1, max=100, help="Look at so many articles.")] = repair.N_PAGES,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="DIR", help="Put the rules into the portal's file in this folder, or a copy of it, instead of printing them."
        ),
    ] = None,
    stored: Annotated[bool, typer.Option("--stored", help="Ask the portal nothing: look at the kept pages of degraded articles.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Propose new rules for a portal whose pages have changed, by finding articles on them that were read before."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        wish = repair.Wish(portal=portal, n_pages=n_pages, write=write, is_stored=stored)
        _exit(repair.repair(_config(config), wish, as_json=as_json, now=now()))


@app.command(name="stats")
def stats_command(
    config: ConfigOption = None,
    fail_if_late: Annotated[
        bool, typer.Option("--fail-if-late", help="Print only what is overdue by more than ten minutes; exit 1 when anything is.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """How every source does, and what was found, matched and sent."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        show = stats.late if fail_if_late else stats.show
        _exit(show(_config(config), as_json=as_json))


@app.command(name="search")
def search_command(
    query: Annotated[list[str], typer.Argument(metavar="QUERY...", help="Words, phrases in quotes, AND OR NOT, fields … as in a watch.")],
    config: ConfigOption = None,
    since: SinceOption = None,
    portal: Annotated[list[str] | None, typer.Option("--portal", help="Only this portal (id); may be given more than once.")] = None,
    province: Annotated[list[str] | None, typer.Option("--province", help="Only this province, by its old or new name.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    order: Annotated[search.Order, typer.Option(help="The newest first, or those where it stands most often.")] = "newest",
    as_json: JsonOption = False,
) -> None:
    """Search what is stored, with the rules of the watches."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        loaded = _config(config)
        chosen = search.Choice(since=_since(since), portals=tuple(portal or ()), provinces=tuple(province or ()), limit=limit, order=order)
        _exit(search.search(loaded, " ".join(query), chosen, as_json=as_json))


@app.command(name="reprocess")
def reprocess_command(
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="Pages fetched since then: 30d, 12h, 4w, or a day such as 2026-01-31.")
    ],
    portal: Annotated[list[str] | None, typer.Option("--portal", help="Only this portal (id); may be given more than once.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, write nothing, tell nobody.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read kept pages again, after rules were mended, and raise what was missed: late, in one digest. Works beside the daemon."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        loaded, portals, back_to = _config(config), tuple(portal or ()), _since(since)
        assert back_to is not None
        _exit(reprocess.reprocess(loaded, since=back_to, typed=since, portals=portals, is_dry=dry_run, as_json=as_json))


@app.command(name="explain")
def explain_command(
    watch_id: Annotated[str, typer.Argument(metavar="WATCH", help="The id of a watch.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="Of an article.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Why a watch did or did not match an article, term by term, or what came nearest."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(explain.explain(_config(config), watch_id, url, as_json=as_json))


@watch_app.command("test")
def watch_test(
    watch_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="A configured watch.")] = None,
    query: Annotated[
        str | None, typer.Option("--query", metavar="Q", help="A query to try; with ID also: what it would change there.")
    ] = None,
    since: SinceOption = None,
    text: Annotated[
        list[Path] | None, typer.Option("--text", metavar="FILE", help="Texts to try it on, instead of what is stored.")
    ] = None,
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="More files for --text.")] = None,
    alert: Annotated[bool, typer.Option("--alert", help="Raise what was found and not told before, marked late, as one digest.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --alert: only say how many that would be, and to whom.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a watch finds in what is stored, or in given texts. Tells nobody, but with --alert."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        loaded = _config(config)
        watch_id, given = watch.sorted_out(loaded, watch_id, query, text or [], files or [])
        if watch_id is None and query is None:
            typer.echo(speak(loaded.settings.language)("test what"), err=True)
            raise typer.Exit(BAD_USAGE)
        if alert and (query is not None or given):
            raise typer.BadParameter("--alert goes with the id of a watch only")
        if dry_run and not alert:
            raise typer.BadParameter("--dry-run goes with --alert")
        chosen, configured = watch.tested(loaded, watch_id, query)
        if given:
            _exit(watch.on_texts(loaded, chosen, given, as_json=as_json))
        else:
            backtest.on_history(loaded, chosen, configured, since=_since(since), as_json=as_json)
            _exit(backtest.raise_found(loaded, chosen, since=_since(since), is_dry=dry_run, as_json=as_json) if alert else 0)


@alerts_app.command("list")
def alerts_list(
    config: ConfigOption = None,
    state: Annotated[DeliveryState | None, typer.Option(help="Only messages in this state.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only this channel.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """The latest messages with their tries and last error."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(alerts.list_(_config(config), state=state, channel=channel, limit=limit, as_json=as_json))


@alerts_app.command("show")
def alerts_show(id_: Annotated[str, typer.Argument(metavar="ID")], config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """One message whole: its events, its bytes, why it failed."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(alerts.show(_config(config), id_, as_json=as_json))


@alerts_app.command("replay")
def alerts_replay(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...")] = None,
    dead: Annotated[bool, typer.Option("--dead", help="Every dead message.")] = False,
    channel: Annotated[str | None, typer.Option(help="With --dead: only this channel.")] = None,
    config: ConfigOption = None,
) -> None:
    """Send messages again: the same bytes under the same id, so that a receiver can tell. The daemon sends them."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(alerts.replay(_config(config), ids or [], dead=dead, channel=channel))


@alerts_app.command("test")
def alerts_test(channel: Annotated[str, typer.Argument(metavar="CHANNEL")], config: ConfigOption = None) -> None:
    """Send a test message through one channel now, and say what became of it."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(alerts.test(_config(config), channel))


@db_app.command("upgrade")
def db_upgrade(config: ConfigOption = None) -> None:
    """Bring the schema up to date (the daemon does this too); an SQLite file is copied first."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(db.upgrade(_config(config)))


@db_app.command("reindex")
def db_reindex(config: ConfigOption = None) -> None:
    """Index for search at once what an upgrade left to be indexed anew (the daemon does so little by little)."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(db.reindex(_config(config)))


@db_app.command("backup")
def db_backup(target: Annotated[Path, typer.Argument(metavar="FILE")], config: ConfigOption = None) -> None:
    """Copy the SQLite database while the daemon runs; the copy is consistent."""
    with _failures():
        logs.configure("error", stream=sys.stderr)
        _exit(db.backup(_config(config), target))


def _since(typed: str | None) -> datetime | None:
    try:
        return since_of(typed, now=now()) if typed is not None else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _wants_json_logs() -> bool:
    return os.environ.get("CANHBAO_LOG_FORMAT", "") == "json"


UNITS_S: dict[str, Callable[[float], float]] = {"s": lambda n: n, "m": lambda n: n * 60, "h": lambda n: n * 3600}


def _seconds(text: str) -> float:
    number, unit = (text[:-1], text[-1:]) if text[-1:] in UNITS_S else (text, "s")
    try:
        return UNITS_S[unit](float(number))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a time; write 30s or 2m") from None


def main() -> None:
    """Entry point of the `canhbao` command."""
    app()
