"""Draws docs/demo.svg from a real run of `canhbao demo`: `python docs/picture.py`. Not part of what is installed."""

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code", "DejaVu Sans Mono, Menlo, Consolas"
)
"""Rich's own without fonts from elsewhere: a picture in a page may load none, and this one lacks Vietnamese."""

PICTURE = Path(__file__).with_name("demo.svg")
WIDTH = 110
HEAD, TAIL = 15, 12
"""Lines shown of the beginning and of the end of a run."""


def main() -> None:
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    run = subprocess.run(
        [sys.executable, "-m", "crawler", "demo", "--for", "20s"], env=environment, capture_output=True, text=True, check=True
    )
    lines = run.stdout.rstrip("\n").split("\n")
    shown = [*lines[:HEAD], "⋮", *lines[-TAIL:]] if len(lines) > HEAD + TAIL else lines
    console = Console(record=True, width=WIDTH, file=StringIO())
    console.print(Text("$ make demo", style="bold"))
    for line in shown:
        console.print(Text.from_ansi(line), no_wrap=True, overflow="ellipsis", crop=True)
    PICTURE.write_text(console.export_svg(title="canhbao demo", theme=MONOKAI, code_format=FORMAT), encoding="utf-8")


if __name__ == "__main__":
    main()
