from datetime import UTC, datetime, timedelta

import pytest

from crawler.timespan import since_of
from tests.builders import NOON


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        pytest.param("90d", NOON - timedelta(days=90), id="days"),
        pytest.param("2Y", NOON - timedelta(days=730), id="years"),
        pytest.param("2026-01-31", datetime(2026, 1, 30, 17, tzinfo=UTC), id="a-day-begins-in-vietnam"),
        pytest.param("31/01/2026", datetime(2026, 1, 30, 17, tzinfo=UTC), id="as-written-in-vietnam"),
        pytest.param("1-2-2026", datetime(2026, 1, 31, 17, tzinfo=UTC), id="the-day-stands-first"),
        pytest.param("2024", datetime(2023, 12, 31, 17, tzinfo=UTC), id="a-year"),
        pytest.param("2024-06", datetime(2024, 5, 31, 17, tzinfo=UTC), id="a-month"),
        pytest.param("2026-01-31T12:00:00+07:00", datetime(2026, 1, 31, 5, tzinfo=UTC), id="a-moment"),
    ],
)
def test_what_people_type(typed: str, moment: datetime):
    assert since_of(typed, now=NOON) == moment


@pytest.mark.parametrize("typed", ["", "yesterday", "32/01/2026", "31/13/2026", "0000", "2024-13", "90x"])
def test_what_cannot_be_read_says_what_can(typed: str):
    with pytest.raises(ValueError, match="31/01/2026"):
        since_of(typed, now=NOON)
