"""Works that wait for the writer at the same time share a transaction, on a real database."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.engine import Store, upgrade

N_WORKS = 50


def open_story(session: Session, key: str) -> None:
    session.connection().exec_driver_sql("INSERT INTO stories (key, opened_at) VALUES (?, '2026-03-02 00:00:00+00')", (key,))


def stories(session: Session) -> list[str]:
    return [row[0] for row in session.connection().exec_driver_sql("SELECT key FROM stories ORDER BY id")]


def test_of_many_works_at_once_the_one_that_breaks_a_constraint_fails_alone(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'canhbao.db'}"
    upgrade(url)
    keys = [f"story {n}" for n in range(N_WORKS)]

    async def all_at_once(store: Store) -> list[BaseException | None]:
        return await asyncio.gather(*(store.write(open_story, key) for key in [*keys, keys[7]]), return_exceptions=True)

    with Store.open(url) as store:
        *good, bad = asyncio.run(all_at_once(store))
        assert good == [None] * N_WORKS
        with pytest.raises(IntegrityError):
            raise bad or AssertionError("a story was opened twice")
        assert store.look(stories) == keys
