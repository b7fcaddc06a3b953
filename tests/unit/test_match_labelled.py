"""The labelled texts: how often a watch fires where it must, and only there."""

import json

import pytest

from crawler.match.matcher import Matcher
from tests.labelled import FOLDER, labelled, score

TEXTS = labelled()
FLOORS = json.loads((FOLDER / "floors.json").read_text(encoding="utf-8"))
SLACK = 0.002
"""How far above its floor a figure may be before the floor must follow."""


@pytest.fixture(scope="module")
def reached():
    watches = {each.watch.id: each.watch for each in TEXTS}
    matchers = {name: Matcher([watch]) for name, watch in watches.items()}
    return score(TEXTS, lambda each: bool(matchers[each.watch.id].matching(each.article)))


@pytest.mark.parametrize("figure", ["precision", "recall"])
def test_a_figure_never_falls(figure, reached):
    assert getattr(reached, figure) >= FLOORS[figure], "\n".join(map(str, reached.wrong))


@pytest.mark.parametrize("figure", ["precision", "recall"])
def test_a_floor_follows_its_figure(figure, reached):
    assert getattr(reached, figure) <= FLOORS[figure] + SLACK, f"raise {figure} in floors.json to {getattr(reached, figure):.4f}"


def test_the_set_is_as_hard_as_it_says():
    assert len(TEXTS) >= 400
    assert len({each.watch.id for each in TEXTS}) >= 25
    assert sum(each.is_trap for each in TEXTS) * 3 >= len(TEXTS)


def test_no_text_stands_there_twice():
    assert len({(each.watch.id, repr(each.article)) for each in TEXTS}) == len(TEXTS)
