"""YAML text to values that know their lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.tree import Block, plain
from config.yaml import MAX_REPEATED, parse

FILE = Path("x.yaml")
FRAGMENTS = [
    "a",
    ": ",
    ":",
    "- ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a ",
    "!",
    "|",
    ">",
    '"',
    "'",
    "#",
    "%",
    "? ",
    "\t",
    "\\x",
    ",",
    "---",
    "~",
]


def values_of(text):
    tree, problems = parse(text, FILE)
    assert problems == []
    assert tree is not None
    return plain(tree)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        pytest.param("07:00", "07:00", id="time"),
        pytest.param("NO", "NO", id="norway"),
        pytest.param("0123", "0123", id="leading-zero"),
        pytest.param("2026-11-23", "2026-11-23", id="date"),
        pytest.param("1_000", "1_000", id="underscore"),
        pytest.param("true", "true", id="truth"),
        pytest.param("", None, id="nothing"),
        pytest.param("~", None, id="tilde"),
        pytest.param('"null"', "null", id="quoted-null"),
        pytest.param("|\n  hai\n  dòng", "hai\ndòng\n", id="block"),
    ],
)
def test_a_value_is_what_was_typed(typed, value):
    assert values_of(f"a: {typed}\n") == {"a": value}


def test_an_alias_stands_for_its_value():
    assert values_of("a: &x [1, 2]\nb: *x\n") == {"a": ["1", "2"], "b": ["1", "2"]}


def test_a_value_has_the_line_of_its_key():
    tree, _ = parse("a: 1\nb:\n  - x\n  - c:\n      d\n", FILE)

    assert isinstance(tree, Block)
    lines = {"b": tree.entries["b"].line, "items": [item.line for item in tree.entries["b"].items]}  # type: ignore[union-attr]
    assert lines == {"b": 2, "items": [3, 4]}


def test_a_nest_of_aliases_is_refused():
    nest = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))

    assert [problem.text for problem in parse(nest, FILE)[1]] == [f"aliases (*name) repeat more than {MAX_REPEATED} values; write them out"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: " + "[" * 2000, id="brackets"),
        pytest.param("a: " + "{b: " * 2000, id="braces"),
        pytest.param("\n".join(" " * n + "a:" for n in range(1000)), id="blocks"),
        pytest.param("a:\n" + " " + "- " * 2000, id="dashes"),
    ],
)
def test_a_deep_nest_is_refused(text):
    assert [problem.text for problem in parse(text, FILE)[1]] == ["is nested too deeply; check the indentation and the brackets"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_no_text_crashes_the_reading(text):
    tree, problems = parse(text, FILE)

    assert tree is not None or problems


def test_what_is_sound_is_read_around_what_is_not():
    tree, problems = parse('a: 1\nb: "x\nc:\n  d: [1\n  e: 2\nf: 3\n', FILE)

    assert tree is not None
    assert (plain(tree), tree.lost) == ({"a": "1", "c": {"e": "2"}, "f": "3"}, frozenset({"b"}))
    assert [(problem.line, problem.key) for problem in problems] == [(2, "b"), (4, "c.d")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("$||2>:~=\\xZZ*a 'b'=>\r\n!!: ", id="a-section-of-nothing"),
        pytest.param("a: [\nb: ---\n|2[*a", id="a-section-that-is-no-entry"),
        pytest.param("a: 'x\n- b: 1\n- c: 2\n", id="a-list-inside-a-quote"),
    ],
)
def test_odd_texts_are_problems_and_no_crash(text):
    assert parse(text, FILE)[1] != []


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        pytest.param("a: 1\n\tb: 2\n", 2, "a tab", id="tab"),
        pytest.param("a: [1, 2\n", 1, "a list [ … ] is not closed", id="list-open"),
        pytest.param("a: {b: 1\n", 1, "a block { … } is not closed", id="block-open"),
        pytest.param("a: 'x\n", 1, "a quotation mark is opened", id="quote-open"),
        pytest.param("a: b: c\n", 1, "a colon too many", id="colon"),
        pytest.param("a: @x\n", 1, "a value cannot start with this character", id="at"),
        pytest.param("a: *x\n", 1, "a value that starts with * or &", id="star"),
        pytest.param("a: 1\n---\nb: 2\n", 2, "a second document", id="two-documents"),
        pytest.param("a:\n  b: 1\n c: 2\n", 3, "the indentation does not fit", id="indentation"),
        pytest.param("a: 1\nb\n", 2, "a line without its colon", id="no-colon"),
    ],
)
def test_a_fault_is_told_in_words_at_its_line(text, line, fault):
    problem = parse(text, FILE)[1][0]

    assert (problem.line, problem.text[: len(fault)]) == (line, fault)
