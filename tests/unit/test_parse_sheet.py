"""A sheet selects what a walk over the page selects, whatever it leaves out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.load import load
from config.shipped import SHIPPED
from crawler.parse.markup import Element, html_root, select
from crawler.parse.sheet import Sheet

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
PAGE = """<html><body class="top"><div id=a class="box left"><p class="box">1</p><div class="box"><p class=left id=b>2</p><h1>3</h1></div></div>
<p class="box left">4</p><ul class="left"><li><p>5</p></ul><div class="\t box\n"><p class=box>6</p></div><p class="boxes">7</p><i id="a">8</i></body></html>"""


def _rules() -> Iterator[str]:
    portals = load(SHIPPED, environ={}).portals.values()
    for rules in dict.fromkeys(rules for portal in portals for rules in portal.article.rules):
        yield from (css for css in rules.model_dump().values() if isinstance(css, str))
        yield from rules.drop


def _assert_same(sheet: Sheet, root: Element, css: str) -> None:
    assert sheet.select(css) == select(root, css), css


def test_the_shipped_rules_select_the_same_on_every_page_of_the_corpus() -> None:
    rules = tuple(dict.fromkeys(_rules()))
    assert len(rules) > 50
    n_found = 0
    for page in sorted(CORPUS.glob("*/*/page.html")):
        root = html_root(page.read_bytes().decode("utf-8", "replace"), "https://example.vn/")
        sheet = Sheet(root)
        for css in rules:
            _assert_same(sheet, root, css)
            n_found += len(sheet.select(css))
    assert n_found > 500


@pytest.mark.parametrize(
    "css",
    [
        "p.box, .left",
        ".box .box",
        ".box > p, .box p",
        "#a p:not(.left)",
        "i#a, div#a",
        ":is(.box, h1) p",
        ".left ~ .box p",
        "div:has(> h1)",
        ".none, #none, .box .none",
        "p:not(.none)",
        "body .box",
        "[class^=box]",
        ".box + .left",
        "H1",
    ],
)
def test_every_kind_of_selector(css: str) -> None:
    root = html_root(PAGE, "https://example.vn/")
    _assert_same(Sheet(root), root, css)


_simple = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "p", "div", "h1", "ul", "i"]), st.sampled_from([".box", ".left", "#a", "#b", ".boxes", ".none", ".top"])
    ),
)
_complex = st.builds(
    lambda parts, joint: joint.join(parts), st.lists(_simple, min_size=1, max_size=3), st.sampled_from([" ", " > ", " ~ ", " + "])
)


@given(st.lists(_complex, min_size=1, max_size=3).map(", ".join))
def test_any_list_of_selectors(css: str) -> None:
    root = html_root(PAGE, "https://example.vn/")
    _assert_same(Sheet(root), root, css)


def test_more_starting_points_than_are_tried_one_by_one() -> None:
    root = html_root("<div class=a><p class=a>" + "<p class=a><b>x</b>" * 50 + "</div>", "https://example.vn/")
    for css in (".a b", ".a", ".a .a", "p.a, b"):
        _assert_same(Sheet(root), root, css)


def test_nothing_is_selected_by_no_rule() -> None:
    assert Sheet(html_root(PAGE, "https://example.vn/")).select(None) == []
