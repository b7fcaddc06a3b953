"""Counts over time: quiet days are seen, and a long time is told in weeks or months."""

import pytest

from crawler.match.backtest import by_stretch


def test_quiet_days_between_count_nothing():
    assert by_stretch({"2026-03-04": 2, "2026-03-02": 1}) == ("day", {"2026-03-02": 1, "2026-03-03": 0, "2026-03-04": 2})


def test_more_days_than_fit_are_weeks_from_monday():
    stretch, counts = by_stretch({"2026-03-03": 1, "2026-03-08": 1, "2026-04-20": 4})
    assert stretch == "week"
    assert list(counts.items())[:2] == [("2026-03-02", 2), ("2026-03-09", 0)]
    assert list(counts.items())[-1] == ("2026-04-20", 4)


def test_more_weeks_than_fit_are_months():
    assert by_stretch({"2025-12-31": 1, "2026-02-01": 2, "2026-12-01": 1}) == (
        "month",
        dict.fromkeys(["2025-12", *(f"2026-{month:02}" for month in range(1, 13))], 0) | {"2025-12": 1, "2026-02": 2, "2026-12": 1},
    )


@pytest.mark.parametrize(
    ("last", "stretch"), [("2026-01-31", "day"), ("2026-02-01", "week"), ("2026-08-05", "week"), ("2026-08-06", "month")]
)
def test_a_chart_has_at_most_so_many_bars(last, stretch):
    told, counts = by_stretch({"2026-01-01": 1, last: 1})
    assert told == stretch
    assert len(counts) <= 32  # 31 weeks may begin amid one


def test_nothing_found_is_no_bar():
    assert by_stretch({}) == ("day", {})
