"""`canhbao watch test`: what a watch finds in given texts, or (`crawler.commands.backtest`) in what is stored."""

from collections.abc import Sequence
from pathlib import Path

from config.load import Config
from config.watch import Watch
from crawler.commands.search import watch_of
from crawler.commands.terminal import print_json, say_line
from crawler.match.matcher import Matcher
from crawler.parse.charset import decode
from crawler.wording import say_choice, speak
from storage.records import Match


class UnknownWatch(LookupError):  # noqa: N818  # reads as the sentence it is
    """The configuration has no such watch; the message says which ones it has."""


def watch_called(config: Config, watch_id: str) -> Watch:
    """Raises: UnknownWatch."""
    by_id = {watch.id: watch for watch in config.watches}
    if watch_id not in by_id:
        say = speak(config.settings.language)
        advice = say_choice(say, watch_id, by_id)
        raise UnknownWatch(say("unknown watch", id=watch_id, advice=advice))
    return by_id[watch_id]


def sorted_out(
    config: Config, first: str | None, query: str | None, texts: Sequence[Path], more: Sequence[Path]
) -> tuple[str | None, list[Path]]:
    """The watch's id and all files, where `--text a b` made b look like an id."""
    is_file = first is not None and query is not None and texts and first not in {watch.id for watch in config.watches}
    return (None if is_file else first), [*texts, *([Path(first)] if is_file and first else []), *more]


def tested(config: Config, watch_id: str | None, query: str | None) -> tuple[Watch, Watch | None]:
    """The watch to test, and the configured one whose place `query` would take. Raises: QueryError, UnknownWatch."""
    configured = watch_called(config, watch_id) if watch_id is not None else None
    if query is not None:
        return watch_of(query, instead_of=configured), configured
    assert configured is not None, "one of the two is given"
    return configured, None


def on_texts(config: Config, watch: Watch, files: Sequence[Path], *, as_json: bool) -> int:
    """Each file by itself, scopes left aside. 1 when a file cannot be read."""
    matcher = Matcher([watch.model_copy(update={"enabled": True})])
    records = [_record(matcher, file) for file in files]
    for record in records:
        if as_json:
            print_json(record)
        else:
            _print(record, config)
    return 1 if any("error" in record for record in records) else 0


def _record(matcher: Matcher, file: Path) -> dict[str, object]:
    try:
        text = _text(file.read_bytes())
    except OSError as error:
        return {"file": str(file), "error": error.strerror}
    found: tuple[Match, ...] = matcher.match_text(text)
    spans = [{"start": s.start, "end": s.end, "text": s.text, "reason": s.reason} for match in found for s in match.spans]
    return {"file": str(file), "matched": bool(found), "score": sum(match.score for match in found), "matches": spans}


def _text(body: bytes) -> str:
    """The file's own code points, line ends and byte order mark included: offsets count in it."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return decode(body, None).text


def _print(record: dict[str, object], config: Config) -> None:
    say = speak(config.settings.language)
    if "error" in record:
        say_line(f"✗ {record['file']}: {record['error']}")
        return
    say_line(f"{'✓' if record['matched'] else '·'} {record['file']}: {say('text found' if record['matched'] else 'text not found')}")
    assert isinstance(record["matches"], list)
    for each in record["matches"]:
        say_line(f"    {each['start']}–{each['end']}  {' '.join(each['text'].split())}  [{each['reason']}]")
