"""The benchmarks run, on an input too small to say anything."""

from datetime import date

import pytest

from bench import feeds, feeds_right, load_throughput, machine, parsing, pipeline, report, search
from bench.__main__ import BENCHES
from bench.figures import Figures, spread
from bench.topics import watches
from config.watch import Watches

FIGURES = Figures(name="sums", input="two numbers", columns=("what", "sums/s"), rows=(("1 + 1", "9"),), notes=("It is 2.",))
PAGE = "# Benchmarks\n\n<!-- bench sums -->\nold\n<!-- /bench sums -->\n\nThe end.\n"


def test_the_pipeline_is_measured():
    figures = pipeline.measure(pipeline.TINY)
    assert [len(row) for row in figures.rows] == [len(figures.columns)]


def test_parsing_is_measured():
    figures = parsing.measure(parsing.TINY)
    assert figures.rows[0][:2] == ("press, by rules", "4")


def test_the_throughput_of_polls_is_measured():
    figures = load_throughput.measure(load_throughput.TINY)
    assert [len(row) for row in figures.rows] == [len(figures.columns)] * 3
    assert all(int(row[1].replace(",", "")) > 0 for row in figures.rows)


def test_feeds_are_measured_and_all_their_dates_are_right():
    figures = feeds.measure(feeds.TINY)
    assert [len(row) for row in figures.rows] == [len(figures.columns)] * len(figures.rows)
    assert {row[4] for row in figures.rows if row[0].startswith(("well-formed", "dates:"))} == {"100%"}


def test_all_dates_and_links_of_feeds_are_right_and_feedparsers_are_counted_beside_them():
    figures = feeds_right.measure()
    rows = {row[0]: [int(figure) for figure in row[1:]] for row in figures.rows}
    assert {name: row for name, row in rows.items() if row[1] != row[0] or row[3] != row[0]} == {}
    assert rows["dates: RFC 822, +0700"][2] == rows["dates: RFC 822, +0700"][0]
    assert rows["dates: +07"][2] < rows["dates: +07"][0]
    assert sum(row[2] for name, row in rows.items() if name.startswith("links:")) > 0


def test_searching_is_measured():
    figures = search.measure(search.TINY)
    assert [row[0] for row in figures.rows] == [name for name, _, _ in search.COMMANDS]
    assert figures.rows[0][1] == "2"


def test_a_hundred_watches_are_valid_and_always_the_same():
    assert Watches.model_validate({"watches": watches(100)}).watches
    assert len(watches(100)) == 100
    assert watches(100) == watches(100)


def test_every_benchmark_has_its_place_in_the_page():
    page = report.PAGE.read_text(encoding="utf-8")
    assert [name for name in BENCHES if f"<!-- bench {name} -->" not in page] == []


def test_figures_take_the_place_of_the_old_ones():
    text = report.as_markdown(FIGURES, command="python -m bench sums", machine="an abacus", day=date(2026, 3, 2))
    assert report.put(PAGE, "sums", text).split("\n") == [
        "# Benchmarks",
        "",
        "<!-- bench sums -->",
        "| what | sums/s |",
        "|---|---:|",
        "| 1 + 1 | 9 |",
        "",
        "Input: two numbers.",
        "It is 2.",
        "`python -m bench sums`, 2026-03-02, on an abacus.",
        "<!-- /bench sums -->",
        "",
        "The end.",
        "",
    ]


def test_a_page_without_the_markers_is_refused():
    with pytest.raises(ValueError, match="no <!-- bench sums -->"):
        report.put("# Benchmarks", "sums", "")


def test_the_machine_is_described():
    assert "CPython" in machine.describe()


@pytest.mark.parametrize(
    ("values", "shown"),
    [pytest.param([7.25], "7.2", id="one"), pytest.param([120.0, 100.0, 3000.0], "120 (100-3,000)", id="several")],
)
def test_a_spread_is_the_median_and_the_ends(values: list[float], shown: str):
    assert spread(values) == shown
