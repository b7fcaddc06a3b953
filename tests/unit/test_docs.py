"""The documentation: complete, and true about files, links, commands and options."""

import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.unit.commandline import commands, options_in

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATING = (ROOT / "docs/operating.md").read_text(encoding="utf-8")

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?:^|[\s/])canhbao\s+(?!canhbao\b)((?:[a-z]|--)[^\n|&;#`]*)")
PATH = re.compile(r"(?:crawler|config|storage|tests|docs|deploy|bench|\.ci)/[\w./-]*\w")
OURS = ("README.md", "README.vi.md", "CHANGELOG.md", "Makefile", "Dockerfile", "docker-compose.yml", "pyproject.toml")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    titles = re.findall(r"(?m)^#+\s+(.*)$", FENCE.sub("", text_of(page)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# --- complete ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", sorted(name for name, inner in commands().items() if not inner.is_group))
def test_every_command_is_documented_for_the_operator(command: str):
    assert f"`canhbao {command}" in OPERATING


@pytest.mark.parametrize(
    ("command", "option"), sorted((name, option) for name, command in commands().items() for option in command.options)
)
def test_every_option_is_documented_for_the_operator(command: str, option: str):
    everywhere = {"--config", "--json", "--version", "--help"}
    lines = OPERATING.splitlines() if option in everywhere else [line for line in OPERATING.splitlines() if f"canhbao {command}" in line]
    assert any(option in line for line in lines), f"{command} {option}"


# --- true -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path):
    lost = []
    for target in LINK.findall(FENCE.sub("", text_of(page))):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        found = page.parent / unquote(path) if path else page
        if not found.exists() or (anchor and found.suffix == ".md" and unquote(anchor) not in anchors(found)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_of_ours_that_is_named_exists(page: Path):
    named = {match for code in CODE.findall(FENCE.sub("", text_of(page))) for match in PATH.findall(code)}
    assert sorted(name for name in named if not (ROOT / name.rstrip("/")).exists()) == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=name_of)
def test_every_command_line_is_one_that_we_understand(page: Path):
    text = text_of(page)
    blocks = [body for language, body in FENCE.findall(text) if language in {"sh", "console", "bash"}]
    spans = CODE.findall(FENCE.sub("", text))
    for line in (*(line for block in blocks for line in block.splitlines()), *spans):
        for words in COMMAND.findall(line):
            options_in([word.strip("[].…,") for word in shlex.split(words.replace("'", "’")) if not word.startswith("…")])


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_is_named_exists(page: Path):
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    text = text_of(page)
    named = set(re.findall(r"`make ([a-z-]+)", text)) | {
        target
        for language, body in FENCE.findall(text)
        if language == "sh"
        for target in re.findall(r"(?m)(?:^|&& |sudo )make ([a-z-]+)", body)
    }
    assert named <= targets


def test_the_readme_names_both_commands_and_every_page_of_the_documentation():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme
    linked = {(ROOT / target).resolve() for target in LINK.findall(readme)}
    assert [name_of(page) for page in (ROOT / "docs").glob("*.md") if page not in linked] == []


def test_the_changelog_keeps_the_form_it_names():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^## (.*)$", text)[0].startswith("[")
    assert set(re.findall(r"(?m)^### (.*)$", text)) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
