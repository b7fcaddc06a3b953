"""What polls teach about a source, and how long it is then left alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import pace, rhythm
from crawler.rhythm import SHAPE, WEEK_H, Rhythm, habit, hour_of_week
from tests.builders import NOON

HOUR = timedelta(hours=1)
MIDNIGHT = NOON - 12 * HOUR  # Monday, in Vietnam
MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def watched(weeks, *, per_hour, until=WEEK_H):
    """A rhythm after `weeks` of hourly polls; `per_hour(hour of the day, weekday)` items an hour."""
    learnt = Rhythm()
    for n in range(int(weeks * WEEK_H)):
        at = MIDNIGHT + n * HOUR
        shown = [at + HOUR / 2] * per_hour(n % 24, n // 24 % 7) if n % WEEK_H < until else []
        learnt, _ = rhythm.learn(learnt, since=at, now=at + HOUR, shown=shown, n_undated=0)
    return learnt


def office_hours(hour, weekday):
    return 4 if 8 <= hour < 17 and weekday < 5 else 0


def test_a_week_begins_on_monday_at_midnight_in_vietnam():
    assert [hour_of_week(MIDNIGHT), hour_of_week(MIDNIGHT - HOUR), hour_of_week(NOON)] == [0, 167, 12]


def test_the_common_shape_has_a_mean_of_one_and_quiet_nights():
    assert sum(SHAPE) / WEEK_H == pytest.approx(1)
    assert SHAPE[9] > 10 * SHAPE[3]


@pytest.mark.parametrize(
    ("hour", "low", "high"),
    [
        pytest.param(10, 3, 4.5, id="monday-morning"),
        pytest.param(3, 0, 0.2, id="monday-night"),
        pytest.param(5 * 24 + 10, 0, 0.7, id="saturday-morning"),
    ],
)
def test_four_weeks_teach_the_hours_of_the_week(hour, low, high):
    learnt = watched(4, per_hour=office_hours)
    assert low <= habit(learnt, hour, learnt.level) <= high


def test_undated_items_are_spread_as_the_habit_expects_them():
    learnt = watched(4, per_hour=office_hours)
    after, _ = rhythm.learn(learnt, since=MIDNIGHT, now=NOON, shown=[], n_undated=10)
    gained = [new - old * rhythm.KEEP_A_WEEK for new, old in zip(after.items, learnt.items, strict=True)]
    assert gained[3] < 0.3 < gained[10]


def test_a_changed_habit_is_learnt_within_weeks():
    learnt = watched(8, per_hour=office_hours)
    for n in range(5 * WEEK_H):
        at = MIDNIGHT + (8 * WEEK_H + n) * HOUR
        shown = [at] * (4 if 20 <= n % 24 < 23 else 0)
        learnt, _ = rhythm.learn(learnt, since=at, now=at + HOUR, shown=shown, n_undated=0)
    assert habit(learnt, 21, learnt.level) > 2 * habit(learnt, 10, learnt.level)


def test_a_stopped_daemon_teaches_nothing_of_the_weeks_it_missed():
    learnt = watched(4, per_hour=office_hours)
    after, _ = rhythm.learn(learnt, since=MIDNIGHT, now=MIDNIGHT + timedelta(days=400), shown=[], n_undated=0)
    assert after.level > learnt.level / 2


def test_a_burst_quickens_the_pulse_and_a_silent_day_slows_it():
    learnt = watched(4, per_hour=office_hours)
    burst, _ = rhythm.learn(learnt, since=NOON - HOUR, now=NOON, shown=[NOON] * 30, n_undated=0)
    silent, _ = rhythm.learn(learnt, since=NOON - 4 * HOUR, now=NOON, shown=[], n_undated=0)
    assert (silent.pulse < 0.5, burst.pulse > 3) == (True, True)


def test_what_was_never_watched_is_not_expected_for_sure():
    first_day, _ = rhythm.learn(Rhythm(), since=MIDNIGHT, now=MIDNIGHT + timedelta(days=1), shown=[NOON] * 40, n_undated=0)
    _, expected = rhythm.learn(first_day, since=MIDNIGHT + 5 * 24 * HOUR, now=MIDNIGHT + 6 * 24 * HOUR, shown=[], n_undated=0)
    assert expected == 0


def test_a_pinned_item_does_not_stretch_what_a_first_list_tells():
    dates = [NOON - n * HOUR / 4 for n in range(20)]
    pinned = [NOON - timedelta(days=20), NOON - timedelta(days=300)]
    assert rhythm.begin([*pinned, *dates], now=NOON).level == pytest.approx(rhythm.begin(dates, now=NOON).level, rel=0.3)


@pytest.mark.parametrize(
    "dates", [[], [NOON] * 3, [NOON + HOUR] * 9, [NOON - timedelta(days=400)] * 9], ids=["none", "few", "future", "old"]
)
def test_dates_that_tell_nothing_teach_nothing(dates):
    assert rhythm.begin(dates, now=NOON) == Rhythm()


@given(since=MOMENTS, now=MOMENTS, shown=st.lists(MOMENTS, max_size=5), n_undated=st.integers(0, 500))
def test_learning_takes_any_times_and_comes_back_from_json(since, now, shown, n_undated):
    learnt, _ = rhythm.learn(Rhythm(), since=since, now=now, shown=shown, n_undated=n_undated)
    kept = rhythm.load(json.loads(json.dumps(rhythm.dump(learnt))))
    assert kept is not None
    assert kept.items == pytest.approx(learnt.items, abs=0.01)
    assert kept.hours == pytest.approx(learnt.hours, abs=0.01)


def pause_at(learnt, hour, *, day=0, max_s=21_600, **known):
    return pace.pause_s(learnt, MIDNIGHT + timedelta(days=7 * 10 + day, hours=hour), max_s=max_s, **known)


def test_a_source_is_asked_often_in_its_hours_and_rarely_at_night():
    learnt = watched(4, per_hour=office_hours)
    assert (pause_at(learnt, 9) < 600, pause_at(learnt, 22) > 5_000) == (True, True)


def test_the_morning_is_not_slept_through():
    """The pause that begins at night ends when the news begins, not when the night's rate would have it."""
    learnt = watched(4, per_hour=office_hours)
    assert 6.5 + pause_at(learnt, 6.5) / 3600 < 8.5
    assert pause_at(learnt, 22) / 3600 > 3


@pytest.mark.parametrize(
    ("known", "is_faster"),
    [
        pytest.param({"haste": 2.0}, True, id="after-a-gap"),
        pytest.param({"window": 1}, True, id="with-a-short-list"),
        pytest.param({"window": 300}, False, id="with-a-long-list"),
        pytest.param({"own_share": 0.1}, False, id="when-others-show-the-same-first"),
    ],
)
def test_what_else_is_known_of_the_source_shortens_its_pause_or_not(known, is_faster):
    learnt = watched(4, per_hour=office_hours)
    assert (pause_at(learnt, 9, **known) < pause_at(learnt, 9)) is is_faster
