from datetime import timedelta

from storage.engine import Store
from storage.memories import recall, remember
from tests.builders import NOON


def test_nothing_was_kept_under_a_new_name(store: Store):
    assert store.run(recall, "politeness") == {}


def test_the_last_value_is_kept(store: Store):
    store.run(remember, "politeness", {"a.vn": {"slowdown": 2.0}}, now=NOON)
    store.run(remember, "politeness", {"b.vn": {"slowdown": 4.0}}, now=NOON + timedelta(minutes=1))
    store.run(remember, "robots", {}, now=NOON)
    assert store.run(recall, "politeness") == {"b.vn": {"slowdown": 4.0}}
