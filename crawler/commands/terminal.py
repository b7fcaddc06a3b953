"""Printing: tables for people, JSON Lines for programs."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from crawler.model import VIETNAM

PIPED_COLUMNS = 200
"""Into a file or `grep` a row is one line; 80 columns are for people."""


def console(*, is_error: bool = False) -> Console:
    stream = sys.stderr if is_error else sys.stdout
    is_piped = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(file=stream, highlight=False, markup=False, soft_wrap=False, width=PIPED_COLUMNS if is_piped else None)


def say_line(text: str, *, is_error: bool = False) -> None:
    """Print a sentence that may be long: the terminal breaks it, a file gets it whole. `is_error`: beside what programs read."""
    console(is_error=is_error).print(text, soft_wrap=True)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """One table; nothing at all when there are no rows. `right` are the indexes of columns of figures."""
    table = Table(
        title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False, show_edge=False, padding=(0, 1, 0, 0)
    )
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    if table.row_count:
        console().print(table)
        console().print()


def print_json(record: Mapping[str, Any]) -> None:
    """One line; times in ISO 8601 with Vietnam's offset."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False, default=_as_json) + "\n")


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    raise TypeError(f"{type(value).__name__} has no JSON form")
