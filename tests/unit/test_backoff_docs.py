"""docs/operating.md says what `crawler.backoff.TAXONOMY` does, word for word."""

import re
from pathlib import Path

import pytest

from crawler.backoff import SOURCE_CAP_S, SOURCE_FIRST_S, TAXONOMY, Treatment

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (temporary|soft|hard|ours):[^|]*\| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", PAGE, re.MULTILINE)


def spoken(seconds):
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds % length == 0:
            return f"{seconds // length:.0f} {unit}"
    raise ValueError(seconds)


def row_of(treatment: Treatment):
    of_link = f"{', '.join(map(spoken, treatment.link_pauses_s))}, then `{treatment.end}`"
    first_s, cap_s = SOURCE_FIRST_S[treatment.kind], SOURCE_CAP_S[treatment.kind]
    of_source = f"{spoken(first_s) if first_s else 'its `min_s`'}, doubling, at most {spoken(cap_s)}"
    if not treatment.link_pauses_s:
        of_link = "1 min, for ever, not counted"
    if treatment.kind == "ours":
        of_link, of_source = f"{spoken(cap_s)}, for ever, not counted", f"{spoken(cap_s)}, not counted; all at once when it ends"
    return treatment.kind, of_link, of_source


def test_every_failure_stands_in_the_table_once():
    named = [name for _, kinds, _, _ in ROWS for name in re.findall(r"`([a-z0-9-]+)`", kinds)]
    assert sorted(named) == sorted(TAXONOMY)


@pytest.mark.parametrize("failure", TAXONOMY, ids=str)
def test_the_table_says_what_becomes_of_each_failure(failure):
    told = [(kind, link, source) for kind, kinds, link, source in ROWS if f"`{failure}`" in kinds]
    assert told == [row_of(TAXONOMY[failure])]
