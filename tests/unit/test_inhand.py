import pytest

from crawler.daemon import FETCH_ROOM, LEASE, POLL_ROOM, WAIT_S, links_in_hand, polls_in_hand
from crawler.inhand import InHand


def test_what_is_taken_is_in_hand_until_it_is_given_back():
    hand = InHand()
    hand.take(["a", "a", "b"])
    assert (hand.with_at_least(1), hand.with_at_least(2)) == ({"a", "b"}, {"a"})
    hand.give_back("a")
    hand.give_back("b")
    assert (hand.with_at_least(1), hand.with_at_least(2)) == ({"a"}, set())


@pytest.mark.parametrize("interval_s", [0, 0.01, 0.5, 5, 60, 3600])
def test_one_portal_never_fills_the_room(interval_s: float):
    assert 1 < polls_in_hand(interval_s, tick_s=2) <= POLL_ROOM // 16
    assert 1 < links_in_hand(interval_s) <= FETCH_ROOM


@pytest.mark.parametrize("interval_s", [0.5, 5])
def test_a_host_is_never_idle_until_the_next_tick(interval_s: float):
    assert (polls_in_hand(interval_s, tick_s=2) - 1) * interval_s >= 2


def test_what_is_claimed_has_its_turn_before_its_lease_ends():
    assert LEASE.total_seconds() > 2 * WAIT_S
