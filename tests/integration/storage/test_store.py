"""The store: transactions, threads, and errors that say what to do."""

from storage.engine import Store


def test_an_opened_store_has_current_tables(store: Store):
    assert store.url
