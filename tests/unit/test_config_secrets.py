"""Values that stand elsewhere."""

from pathlib import Path

import pytest

from config.secrets import Resolving
from config.tree import plain
from config.yaml import parse


def resolved(typed, environ, *, file=Path("x.yaml")):
    tree, _ = parse(f"a: {typed}\n", file)
    assert tree is not None
    resolving = Resolving(file=file, environ=environ)
    return plain(resolving.block(tree)).get("a"), [problem.text for problem in resolving.problems]


@pytest.mark.parametrize(
    ("typed", "environ", "value"),
    [
        pytest.param("${X}", {"X": "1"}, "1", id="alone"),
        pytest.param("p-${X}-${Y}-q", {"X": "1", "Y": "2"}, "p-1-2-q", id="inside-a-text"),
        pytest.param("${X}", {"X": ""}, "", id="set-but-empty"),
        pytest.param("${X:-d}", {}, "d", id="default"),
        pytest.param("${X:-d}", {"X": ""}, "d", id="default-for-empty"),
        pytest.param("${X:-}", {}, "", id="empty-default"),
        pytest.param("${X:-d}", {"X": "1"}, "1", id="default-not-needed"),
        pytest.param("$${X}", {"X": "1"}, "${X}", id="escaped"),
        pytest.param("$X $5", {"X": "1"}, "$X $5", id="no-braces"),
        pytest.param("${X}", {"X": "${Y}", "Y": "no"}, "${Y}", id="not-twice"),
    ],
)
def test_a_reference_gives_the_variable(typed, environ, value):
    assert resolved(typed, environ) == (value, [])


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        pytest.param("${X}", "the environment variable X is not set; set it, or write ${X:-default}", id="not-set"),
        pytest.param(
            "${}", "holds ${…} without a variable's name in it; write ${NAME} or ${NAME:-default}, and $${ for a plain ${", id="no-name"
        ),
        pytest.param(
            "${a b}", "holds ${…} without a variable's name in it; write ${NAME} or ${NAME:-default}, and $${ for a plain ${", id="no-word"
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_problem(typed, problem):
    assert resolved(typed, {}) == (None, [problem])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"", "the file is empty; write the secret into it", id="empty"),
        pytest.param(b"\xff\xfe", "the file is not UTF-8 here; save the file with the encoding UTF-8", id="not-utf-8"),
        pytest.param(b"a\x00b", "the file holds an invisible character (U+0000); delete it", id="nul"),
        pytest.param(b"x" * 70_000, "the file is larger than 65536 bytes; is it the right file?", id="large"),
    ],
)
def test_a_secret_file_without_a_secret_is_a_problem(tmp_path, content, problem):
    (tmp_path / "secret").write_bytes(content)
    tree, _ = parse("database_file: secret\n", tmp_path / "x.yaml")
    resolving = Resolving(file=tmp_path / "x.yaml", environ={})
    assert tree is not None

    lost = resolving.block(tree).lost

    assert (lost, [p.text for p in resolving.problems]) == (frozenset({"database"}), [problem])
