"""Re-indexing: what waits is indexed in batches, in the daemon's workers or by command, and one poisonous article stops nothing."""

import asyncio
from pathlib import Path

import pytest

from crawler.match.index import shipped_catalogue
from crawler.reindex import Librarian
from crawler.workers import Workers
from storage.engine import Store
from storage.records import Sieve, Word
from storage.search import candidates, count_waiting_for_index
from tests.integration.archive import Archive, make_archive, story

VERSION = shipped_catalogue().version


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return make_archive(tmp_path, *(story(str(n), f"Mưa lũ số {n}") for n in range(7)), indexed=False)


def waiting(archive: Archive) -> int:
    with Store.open(archive.url) as store:
        return store.look(count_waiting_for_index, VERSION)


def tidied(archive: Archive, **wishes) -> int:
    async def tidy() -> int:
        workers = Workers(1, deadline_s=20, memory_mb=1024)
        try:
            with Store.open(archive.url) as store:
                return await Librarian(store, workers, batch=3).tidy(pause_s=0, **wishes)
        finally:
            await workers.close()

    return asyncio.run(tidy())


def test_the_daemon_indexes_all_that_waits(archive: Archive):
    assert (tidied(archive), waiting(archive)) == (7, 0)


def test_one_pass_of_cron_does_only_so_much(archive: Archive):
    assert (tidied(archive, most_batches=2), waiting(archive)) == (6, 1)


def test_the_command_indexes_all_that_waits(archive: Archive):
    assert "7" in archive.run("db", "reindex")
    assert waiting(archive) == 0


def test_what_is_indexed_is_found_by_its_words(archive: Archive):
    archive.run("db", "reindex")
    with Store.open(archive.url) as store:
        assert len(store.look(candidates, Sieve(version=VERSION, words=Word("_mưa_lũ", "normalised")))) == 7
        assert store.look(candidates, Sieve(version=VERSION, words=Word("_lũ_mưa", "normalised"))) == []


def test_an_article_that_breaks_us_stops_no_other(archive: Archive):
    class OneBreaks(Workers):
        async def run(self, function, /, *args, **kwargs):
            if any(article.title.endswith("3") for article in args[0]):
                raise ZeroDivisionError
            return function(*args, **kwargs)

    async def tidy() -> int:
        with Store.open(archive.url) as store:
            return await Librarian(store, OneBreaks(1, deadline_s=20, memory_mb=1024)).tidy(pause_s=0)

    assert (asyncio.run(tidy()), waiting(archive)) == (6, 1)
