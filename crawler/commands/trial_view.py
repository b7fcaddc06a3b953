"""How `canhbao try` shows a result to people: every field, where it came from, and the runner-up."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from crawler.commands.terminal import say_line
from crawler.model import VIETNAM, ParsedArticle
from crawler.wording import moment

_WIDTH = 20  # columns for the names of fields: the longest is published_precision


def show(record: Mapping[str, object], article: ParsedArticle | None = None) -> None:
    """`record` as in design §5.1; `article` when it is one."""
    for name, value in record.items():
        if name == "entries":
            assert isinstance(value, list)
            _show_entries(value)
        elif name not in ("text", "provenance"):
            _show_field(name, value, article)
    if article is not None:
        _show_rest(article, str(record["text"]))


def _show_field(name: str, value: object, article: ParsedArticle | None) -> None:
    origin = article.provenance.get(name) if article is not None else None
    if article is None and value in (None, "", []):
        return
    say_line(f"{name + ':':<{_WIDTH}} {_shown(value)}" + (f"  [{origin}]" if origin else ""))
    if article is None:
        return
    if name == "published_at" and article.published_raw:
        say_line(f"{'':<{_WIDTH}} read from “{article.published_raw}”")
    if (other := article.runners_up.get(name)) is not None:
        say_line(f"{'':<{_WIDTH}} not taken: {other[1]}  [{other[0]}]")


def _show_rest(article: ParsedArticle, text: str) -> None:
    """What the JSON form has no place for, then the text."""
    if article.credit:
        _show_field("credit", article.credit, article)
    for problem in article.problems:
        _show_field("problem", problem, article)
    origin = article.provenance.get("text")
    say_line(f"\n{text}\n" + (f"\n[{origin}]" if origin else ""))


def _show_entries(entries: Sequence[Mapping[str, object]]) -> None:
    say_line("")
    for entry in entries:
        at = entry["published_at"]
        say_line(f"{moment(at) if isinstance(at, datetime) else '–':<12} {entry['title'] or '–'}\n{'':<12} {entry['url']}")


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).isoformat()
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)
