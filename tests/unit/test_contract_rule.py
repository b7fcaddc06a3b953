"""The contract of a portal: broken within ten pages of a redesign, never by what newsrooms do anyhow."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bench.contracts import alarms
from crawler.contract.rule import (
    MEMORY,
    MIN_PAST,
    WINDOWS,
    Doubt,
    Sane,
    is_mended,
    judge,
    norm_of,
    plausibility,
)
from storage.records import Reading
from tests.contracts import ALWAYS, ORDINARY, Habits, readings

NOTHING = Reading()
WEEKS = 4


def past(habits: Habits | None = None, n_days: int = 10, seed: int = 1) -> list[Reading]:
    return list(readings(habits or Habits(), n_days, random.Random(seed)))


def pages_until_broken(before: Sequence[Reading], after: Sequence[Reading]) -> tuple[int, set[str]]:
    """After how many of `after` the contract is broken, and in which clauses; 0 when never."""
    for n in range(1, len(after) + 1):
        if broken := judge([*before, *after[:n]][-MEMORY:]):
            return n, {short.clause for short in broken}
    return 0, set()


def half_read(number: int, *, kept: tuple[str, ...] = tuple(ALWAYS), n_chars: int = 2500, signs: Mapping[str, str] = {}) -> Reading:
    own = {"title": f"T{number}", "text": f"B{number}", "date": f"D{number}"}
    return Reading(kept=kept, n_chars=n_chars, signs=own | dict(signs))


@pytest.mark.parametrize("habits", ORDINARY.values(), ids=ORDINARY)
def test_a_redesign_is_seen_within_ten_pages_at_every_kind_of_portal(habits: Habits):
    n_pages, clauses = pages_until_broken(past(habits, n_days=60), [NOTHING] * 12)
    assert 3 < n_pages <= 10
    assert {"title", "text"} <= clauses


def test_a_short_past_is_enough():
    n_pages, _ = pages_until_broken(past(n_days=1)[:MIN_PAST], [NOTHING] * 12)
    assert 3 < n_pages <= 10


@pytest.mark.parametrize("habits", ORDINARY.values(), ids=ORDINARY)
def test_weeks_of_ordinary_days_breaks_nothing(habits: Habits):
    """What the guard judges: each page after which an owed clause is missed. docs/decisions/0032 has the figure of many more weeks."""
    n_alarms, n_judged = alarms(past(habits, n_days=7 * WEEKS))
    assert n_alarms == 0
    assert n_judged or not habits.gallery_day  # that nothing is told is the rule's doing, not that nothing was looked at


def test_a_new_portal_without_a_past_owes_nothing():
    assert judge([*past(n_days=1)[: MIN_PAST - 7], *[NOTHING] * 12]) == ()


def test_a_portal_whose_rules_never_fitted_is_not_told_now():
    assert judge([NOTHING] * 100) == ()


@pytest.mark.parametrize(
    ("changed", "clause"),
    [
        pytest.param({"signs": {"title": "Báo Mẫu"}}, "own title", id="the paper's name for the headline"),
        pytest.param({"signs": {"text": "box"}}, "own text", id="the same box on every page"),
        pytest.param({"signs": {"date": "today"}}, "own date", id="the date in the header"),
        pytest.param({"kept": tuple(set(ALWAYS) - {"published"})}, "published", id="no date"),
    ],
)
def test_rules_that_match_something_else_break_the_contract(changed: dict[str, Any], clause: str):
    n_pages, clauses = pages_until_broken(past(), [half_read(n, **changed) for n in range(12)])
    assert 3 < n_pages <= 10 + (clause.startswith("own"))  # the first of equals is like none before it
    assert clauses == {clause}


@pytest.mark.parametrize(
    ("changed", "clause"),
    [
        pytest.param({"kept": tuple(set(ALWAYS) - {"author"})}, "author", id="no author"),
        pytest.param({"n_chars": 180}, "length", id="a related box for the body"),
        pytest.param({"n_chars": 90_000}, "length", id="the whole page for the body"),
    ],
)
def test_what_newsrooms_leave_out_for_a_day_takes_more_pages(changed: dict[str, Any], clause: str):
    n_pages, clauses = pages_until_broken(past(), [half_read(n, **changed) for n in range(41)])
    assert 10 < n_pages <= 20
    assert clauses == {clause}


def test_a_section_in_a_new_layout_is_seen_though_the_others_stand():
    mixed = [NOTHING if n % 2 else half_read(n) for n in range(60)]
    n_pages, clauses = pages_until_broken(past(), mixed)
    assert 0 < n_pages <= 60
    assert "text" in clauses


def test_a_portal_with_dates_of_days_does_not_owe_a_date_of_its_own():
    norm = norm_of(past(ORDINARY["day-only-dates"]))
    assert norm is not None
    assert "own date" not in norm.owed


def test_plausibility_is_a_distribution():
    for share in (0.5, 0.9, 0.99):
        values = [plausibility(k, 10, share=share, n_past=200) for k in range(11)]
        assert values == sorted(values)
        assert values[-1] == pytest.approx(1.0)


def test_a_little_past_makes_less_implausible_than_much():
    assert plausibility(0, 6, share=0.99, n_past=5) > plausibility(0, 6, share=0.99, n_past=200)


def test_it_is_mended_when_four_of_five_keep_what_was_broken():
    fine, sane = [half_read(n) for n in range(5)], Sane(shortest=500, longest=9000)
    assert is_mended(fine, {"title", "text", "length"}, sane)
    assert is_mended([*fine[:2], NOTHING, *fine[2:]], {"title"}, sane)
    assert not is_mended([*fine[:3], NOTHING, NOTHING], {"title"}, sane)
    assert not is_mended(fine[:4], {"title"}, sane)


def test_a_page_is_doubted_only_where_it_misses_what_broke():
    doubt = Doubt(clauses=("text", "length"), sane=Sane(shortest=500, longest=9000), rules="r")
    assert doubt.missed(half_read(1)) == frozenset()
    assert doubt.missed(half_read(1, n_chars=100)) == {"length"}
    assert doubt.missed(NOTHING) == {"text", "length"}


def test_what_one_page_cannot_tell_is_doubted_on_every_page():
    doubt = Doubt(clauses=("own date",), sane=Sane(), rules="r")
    assert doubt.missed(half_read(1)) == {"own date"}


def test_windows_and_memory_leave_a_past():
    assert max(WINDOWS) + MIN_PAST <= MEMORY
