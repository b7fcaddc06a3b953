"""Figures as a table in the terminal, and in docs/benchmarks.md between their markers."""

import re
from datetime import date
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.figures import Figures

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def show(figures: Figures) -> None:
    """Figures are right-aligned, names left."""
    console = Console(highlight=False, markup=False)
    table = Table(title=figures.name, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for place, column in enumerate(figures.columns):
        table.add_column(column, justify="right" if place else "left")
    for row in figures.rows:
        table.add_row(*row)
    console.print(table)
    console.print(figures.input, style="dim")
    for note in figures.notes:
        console.print(note, style="dim")


def as_markdown(figures: Figures, *, command: str, machine: str, day: date) -> str:
    """A table with, below it, all that somebody needs to make it again."""
    head = "| " + " | ".join(figures.columns) + " |"
    rule = "|---" + "|---:" * (len(figures.columns) - 1) + "|"
    rows = ["| " + " | ".join(row) + " |" for row in figures.rows]
    about = [f"Input: {figures.input}.", *figures.notes, f"`{command}`, {day.isoformat()}, on {machine}."]
    return "\n".join([head, rule, *rows, "", *about])


def put(page: str, name: str, text: str) -> str:
    """`page` with `text` between the markers of `name`. Raises: ValueError when it has no such markers."""
    begin, end = f"<!-- bench {name} -->", f"<!-- /bench {name} -->"
    between = re.compile(f"{re.escape(begin)}\n.*?{re.escape(end)}", re.DOTALL)
    if not between.search(page):
        raise ValueError(f"no {begin} … {end} in the page")
    return between.sub(lambda _: f"{begin}\n{text}\n{end}", page)


def write(figures: Figures, *, command: str, machine: str, day: date, path: Path = PAGE) -> None:
    """Put the figures into the page of benchmarks."""
    text = as_markdown(figures, command=command, machine=machine, day=day)
    path.write_text(put(path.read_text(encoding="utf-8"), figures.name, text), encoding="utf-8")
