from datetime import timedelta

import pytest

from crawler import backoff
from crawler.errors import Failure
from tests.builders import NOON


def pause_of(moment):
    return (moment - NOON).total_seconds()


def pause_after(kind=Failure.TIMEOUT, *, n_failures=0, min_s=300, max_s=21_600, retry_after_s=None, luck=0.5):
    at = backoff.next_poll_after_failure(
        kind, now=NOON, n_failures=n_failures, min_s=min_s, max_s=max_s, retry_after_s=retry_after_s, luck=luck
    )
    return pause_of(at)


def test_every_kind_of_failure_has_its_class():
    assert set(backoff.TAXONOMY) == set(Failure)


@pytest.mark.parametrize(
    ("kind", "n_failures", "wanted_s"),
    [
        pytest.param(Failure.TIMEOUT, 0, 300, id="temporary-first"),
        pytest.param(Failure.TIMEOUT, 2, 1200, id="temporary-doubles"),
        pytest.param(Failure.HTTP_5XX, 500, 3600, id="temporary-is-asked-every-hour-for-ever"),
        pytest.param(Failure.NOT_A_FEED, 0, 600, id="soft-first"),
        pytest.param(Failure.EMPTY, 500, 21_600, id="soft-is-asked-for-ever"),
        pytest.param(Failure.HTTP_4XX, 0, 3600, id="hard-first"),
        pytest.param(Failure.GUARDED, 500, 21_600, id="hard-is-asked-for-ever"),
        pytest.param(Failure.OFFLINE, 500, 60, id="our-own-outage-is-not-their-failure"),
        pytest.param(None, 0, 300, id="a-bug-of-ours"),
    ],
)
def test_a_failing_source_is_asked_ever_more_rarely_but_never_given_up(kind, n_failures, wanted_s):
    assert pause_after(kind, n_failures=n_failures) == wanted_s


@pytest.mark.parametrize("kind", [*Failure, None], ids=str)
@pytest.mark.parametrize("luck", [0, 1])
@pytest.mark.parametrize("n_failures", [0, 7, 100_000])
def test_a_failing_source_keeps_to_its_bounds(kind, luck, n_failures):
    assert (60 if kind is Failure.OFFLINE else 300) <= pause_after(kind, n_failures=n_failures, luck=luck) <= 21_600


@pytest.mark.parametrize(
    ("retry_after_s", "wanted_s"),
    [pytest.param(7200, 7200, id="honoured"), pytest.param(10, 300, id="short"), pytest.param(1e9, 86_400, id="absurd")],
)
def test_retry_after_delays_a_source(retry_after_s, wanted_s):
    assert pause_after(Failure.THROTTLED, retry_after_s=retry_after_s) == wanted_s


@pytest.mark.parametrize(
    ("kind", "n_tries", "status", "wanted"),
    [
        pytest.param(Failure.NOT_FOUND, 0, 404, 300, id="404-is-soft"),
        pytest.param(Failure.NOT_FOUND, 4, 404, backoff.GiveUp("gone"), id="404-is-believed-at-last"),
        pytest.param(Failure.NOT_FOUND, 0, 410, backoff.GiveUp("gone"), id="410-at-once"),
        pytest.param(Failure.HTTP_4XX, 0, 403, 3600, id="refused"),
        pytest.param(Failure.HTTP_4XX, 2, 403, backoff.GiveUp("failed"), id="refused-for-good"),
        pytest.param(Failure.TIMEOUT, 0, None, 60, id="timeout"),
        pytest.param(Failure.HTTP_5XX, 6, 500, 86_400, id="server-error-last-try"),
        pytest.param(Failure.HTTP_5XX, 7, 500, backoff.GiveUp("failed"), id="server-error-for-good"),
    ],
)
def test_a_link_fails_on_its_own_schedule(kind, n_tries, status, wanted):
    step = backoff.next_try_of_link(kind, n_tries=n_tries, now=NOON, retry_after_s=None, status=status)
    assert step == (wanted if isinstance(wanted, backoff.GiveUp) else backoff.Retry(NOON + timedelta(seconds=wanted)))


def test_retry_after_delays_a_link():
    step = backoff.next_try_of_link(Failure.THROTTLED, n_tries=0, now=NOON, retry_after_s=900, status=429)
    assert step == backoff.Retry(NOON + timedelta(seconds=900))


@pytest.mark.parametrize(
    ("n_failures", "hours", "is_told"),
    [
        pytest.param(2, 7, False, id="two-failures-far-apart"),
        pytest.param(9, 5, False, id="many-in-a-short-time"),
        pytest.param(3, 6, True, id="three-over-six-hours"),
    ],
)
def test_the_operator_hears_of_a_silent_source_in_time(n_failures, hours, is_told):
    assert backoff.is_worth_telling(n_failures=n_failures, failing_since=NOON - timedelta(hours=hours), now=NOON) is is_told


def test_a_link_that_failed_while_we_were_offline_is_tried_again_uncounted():
    step = backoff.next_try_of_link(Failure.OFFLINE, n_tries=40, now=NOON, retry_after_s=None)
    assert step == backoff.Retry(NOON + timedelta(seconds=60), is_counted=False)
