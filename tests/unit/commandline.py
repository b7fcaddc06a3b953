"""The commands and options of `canhbao`, as its own parser knows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from typer.main import get_command

from crawler.cli import app


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    options: tuple[str, ...]
    is_group: bool
    """It only holds other commands."""


def commands() -> dict[str, Command]:
    """Every command by its full name (`alerts list`); `""` is `canhbao` itself."""
    return {
        " ".join(path): Command(options=_options(command), is_group=hasattr(command, "commands"))
        for path, command in _walk(get_command(app), ())
    }


def options_in(words: Sequence[str]) -> list[str]:
    """The options of a command line without its `canhbao`; fails when our parser does not know the command or one of them."""
    known = commands()
    n_named = next((n for n, word in enumerate(words) if word.startswith("-")), len(words))
    name = next((" ".join(words[:n]) for n in (2, 1, 0) if n <= n_named and (n or not n_named) and " ".join(words[:n]) in known), None)
    assert name is not None, f"there is no command: canhbao {' '.join(words)}"
    used = [word.partition("=")[0] for word in words if word.startswith("--")]
    assert set(used) <= {*known[name].options, "--help"}, f"canhbao {' '.join(words)}: no such option in {known[name].options}"
    return used


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _walk(inner, (*path, name))


def _options(command: Any) -> tuple[str, ...]:
    return tuple(name for parameter in command.params for name in parameter.opts if name.startswith("--"))
