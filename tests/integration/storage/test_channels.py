"""What we remember of a channel's receiver, and for how long."""

from storage.alerts import channel_ok, channel_state, disable_channel, note_refusal
from storage.engine import Store
from tests.builders import NOON


def refuse(store: Store, refusal: str, *, fingerprint: str = "f1") -> int:
    return store.run(note_refusal, "hook", fingerprint, refusal, now=NOON)


def test_nothing_is_known_of_a_new_channel(store: Store):
    state = store.run(channel_state, "hook", "f1")
    assert (state.disabled_why, state.n_equal_refusals, state.last_refusal) == (None, 0, None)


def test_equal_refusals_in_a_row_are_counted(store: Store):
    assert [refuse(store, "HTTP 404") for _ in range(3)] == [1, 2, 3]


def test_another_refusal_begins_a_new_row(store: Store):
    assert [refuse(store, refusal) for refusal in ("HTTP 404", "HTTP 404", "HTTP 403")] == [1, 2, 1]


def test_a_taken_message_ends_the_row(store: Store):
    refuse(store, "HTTP 404")
    store.run(channel_ok, "hook", "f1", now=NOON)
    assert refuse(store, "HTTP 404") == 1


def test_a_channel_is_disabled_once(store: Store):
    assert [store.run(disable_channel, "hook", "f1", why="HTTP 410", now=NOON) for _ in range(2)] == [True, False]


def test_a_disabled_channel_stays_disabled_whatever_it_says_later(store: Store):
    store.run(disable_channel, "hook", "f1", why="HTTP 410", now=NOON)
    refuse(store, "HTTP 404")
    assert store.run(channel_state, "hook", "f1").disabled_why == "HTTP 410"


def test_disabling_keeps_the_count_of_refusals(store: Store):
    refuse(store, "HTTP 410")
    store.run(disable_channel, "hook", "f1", why="HTTP 410", now=NOON)
    assert store.run(channel_state, "hook", "f1").n_equal_refusals == 1


def test_an_edited_channel_starts_anew(store: Store):
    store.run(disable_channel, "hook", "f1", why="HTTP 410", now=NOON)
    assert store.run(channel_state, "hook", "f2").disabled_why is None


def test_the_refusals_of_an_old_configuration_do_not_count_for_the_new(store: Store):
    refuse(store, "HTTP 404", fingerprint="f1")
    assert refuse(store, "HTTP 404", fingerprint="f2") == 1
