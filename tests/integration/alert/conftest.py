from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Store, upgrade


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'canhbao.db'}"
    upgrade(url)
    store = Store.open(url)
    yield store
    store.close()
