from datetime import timedelta

import pytest

from crawler import schedule
from crawler.errors import Failure
from tests.builders import NOON


def pause_of(moment):
    return (moment - NOON).total_seconds()


@pytest.mark.parametrize(
    ("last_pause_s", "n_new", "wanted_s"),
    [
        pytest.param(None, 0, 300, id="first-poll-shortest"),
        pytest.param(1000, 0, 1500, id="nothing-new-stretches"),
        pytest.param(1000, 4, 500, id="news-halves"),
        pytest.param(400, 4, 300, id="never-below-the-minimum"),
        pytest.param(20_000, 0, 21_600, id="never-above-the-maximum"),
    ],
)
def test_the_pause_between_polls_follows_the_news(last_pause_s, n_new, wanted_s):
    at, pause_s = schedule.next_poll(now=NOON, n_new=n_new, last_pause_s=last_pause_s, min_s=300, max_s=21_600, luck=0.5)
    assert pause_s == wanted_s
    assert pause_of(at) == wanted_s


def test_jitter_spreads_polls_by_a_tenth_either_way():
    pauses = [pause_of(schedule.next_poll(now=NOON, n_new=0, last_pause_s=None, min_s=300, max_s=600, luck=luck)[0]) for luck in (0, 1)]
    assert pauses == pytest.approx([270, 330])


@pytest.mark.parametrize(
    ("n_failures", "retry_after_s", "wanted_s"),
    [
        pytest.param(0, None, 300, id="first"),
        pytest.param(3, None, 2400, id="doubles"),
        pytest.param(500, None, 21_600, id="capped-and-never-given-up"),
        pytest.param(0, 7200, 7200, id="retry-after-is-honoured"),
    ],
)
def test_a_failing_source_is_asked_ever_more_rarely(n_failures, retry_after_s, wanted_s):
    at = schedule.next_poll_after_failure(now=NOON, n_failures=n_failures, min_s=300, max_s=21_600, retry_after_s=retry_after_s, luck=0.5)
    assert pause_of(at) == wanted_s


@pytest.mark.parametrize(
    ("kind", "n_tries", "status", "wanted"),
    [
        pytest.param(Failure.NOT_FOUND, 0, 404, 300, id="404-is-soft"),
        pytest.param(Failure.NOT_FOUND, 4, 404, schedule.GiveUp("gone"), id="404-is-believed-at-last"),
        pytest.param(Failure.NOT_FOUND, 0, 410, schedule.GiveUp("gone"), id="410-at-once"),
        pytest.param(Failure.HTTP_4XX, 0, 403, 3600, id="refused"),
        pytest.param(Failure.HTTP_4XX, 2, 403, schedule.GiveUp("failed"), id="refused-for-good"),
        pytest.param(Failure.TIMEOUT, 0, None, 60, id="timeout"),
        pytest.param(Failure.HTTP_5XX, 6, 500, 86_400, id="server-error-last-try"),
        pytest.param(Failure.HTTP_5XX, 7, 500, schedule.GiveUp("failed"), id="server-error-for-good"),
    ],
)
def test_a_link_fails_on_its_own_schedule(kind, n_tries, status, wanted):
    step = schedule.next_try_of_link(kind, n_tries=n_tries, now=NOON, retry_after_s=None, status=status)
    assert step == (wanted if isinstance(wanted, schedule.GiveUp) else schedule.Retry(NOON + timedelta(seconds=wanted)))


def test_retry_after_delays_a_link():
    step = schedule.next_try_of_link(Failure.THROTTLED, n_tries=0, now=NOON, retry_after_s=900, status=429)
    assert step == schedule.Retry(NOON + timedelta(seconds=900))


@pytest.mark.parametrize(
    ("n_failures", "hours", "is_told"),
    [
        pytest.param(2, 7, False, id="two-failures-far-apart"),
        pytest.param(9, 5, False, id="many-in-a-short-time"),
        pytest.param(3, 6, True, id="three-over-six-hours"),
    ],
)
def test_the_operator_hears_of_a_silent_source_in_time(n_failures, hours, is_told):
    assert schedule.is_worth_telling(n_failures=n_failures, failing_since=NOON - timedelta(hours=hours), now=NOON) is is_told
