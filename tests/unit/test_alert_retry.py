from datetime import timedelta

import pytest

from crawler.alert.retry import Dead, Retry, after
from crawler.errors import DeliveryError
from tests.builders import NOON

PAUSES = (5, 60, 300)


def verdict(failure=None, *, n_tries=0, luck=0.5):
    return after(failure or DeliveryError("HTTP 500"), reason="HTTP 500", n_tries=n_tries, retry_s=PAUSES, now=NOON, luck=luck)


@pytest.mark.parametrize(
    ("n_tries", "luck", "pause_s"),
    [
        pytest.param(0, 0.5, 5, id="first"),
        pytest.param(2, 0.5, 300, id="last"),
        pytest.param(1, 0.0, 48, id="a-fifth-earlier"),
        pytest.param(1, 1.0, 72, id="a-fifth-later"),
    ],
)
def test_pauses_grow_and_are_spread(n_tries, luck, pause_s):
    assert verdict(n_tries=n_tries, luck=luck) == Retry(at=NOON + timedelta(seconds=pause_s), why="HTTP 500")


@pytest.mark.parametrize(
    ("wish_s", "pause_s"),
    [
        pytest.param(2, 5, id="shorter-than-ours"),
        pytest.param(90, 90, id="longer-than-ours"),
        pytest.param(10**9, 86_400, id="a-day-at-most"),
    ],
)
def test_the_receivers_wish_can_only_lengthen_a_pause(wish_s, pause_s):
    assert verdict(DeliveryError("HTTP 503", retry_after_s=wish_s)) == Retry(at=NOON + timedelta(seconds=pause_s), why="HTTP 500")


def test_after_the_last_pause_it_is_dead_and_says_how_often_it_was_tried():
    assert verdict(n_tries=3) == Dead(why="HTTP 500 (given up after 4 tries)")


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(DeliveryError("550 no such user", permanent=True), id="permanent"),
        pytest.param(DeliveryError("HTTP 410", gone=True), id="gone"),
    ],
)
def test_what_no_retry_will_mend_is_dead_at_once(failure):
    assert isinstance(verdict(failure), Dead)
