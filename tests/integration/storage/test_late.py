"""Alerts about stored articles: what was told is known."""

from storage.alerts import raise_event
from storage.engine import Store
from storage.late import untold
from storage.search import MOST_KEYS
from tests.builders import NOON
from tests.integration.storage.given import make_event


def test_what_was_told_is_left_out_however_many_are_asked_for(store: Store):
    store.run(raise_event, make_event(dedup_key="told"), [], now=NOON)
    keys = {"told", *map(str, range(MOST_KEYS + 1))}
    assert store.look(untold, keys) == keys - {"told"}


def test_of_nothing_nothing_is_untold(store: Store):
    assert store.look(untold, set()) == set()
