"""Index anew what was indexed by older rules: after a change of normalisation, glossary or definitions, and after the first upgrade.

Meanwhile nothing is hidden from a search: what waits is judged by the matcher alone.
"""

import asyncio
import traceback
from collections.abc import Sequence
from itertools import count

from loguru import logger

from crawler.match.index import Catalogue, shipped_catalogue
from crawler.workers import Workers
from storage.engine import Store
from storage.errors import StorageError
from storage.records import Article, ArticleIndex, StoredArticle
from storage.search import waiting_for_index
from storage.words import forget_older_words, index_anew

BATCH = 50  # some 150 ms in a worker, some 100 ms of the writer
PAUSE_S = 0.5
"""Between two batches: news come first."""
LOOK_EVERY_S = 3600.0
BATCHES_OF_ONE_PASS = 20
"""Of `canhbao once`, which cron waits for."""


def indexes_of(articles: Sequence[Article]) -> list[ArticleIndex]:
    """In a worker process."""
    return list(map(shipped_catalogue().index, articles))


class Librarian:
    """Goes through all that waits, newest first, in small batches, and looks again every hour."""

    def __init__(self, store: Store, workers: Workers, *, batch: int = BATCH) -> None:
        self._store, self._workers, self._batch = store, workers, batch

    async def run(self) -> None:
        while True:
            try:
                n_done = await self.tidy()
            except StorageError as error:
                logger.error("cannot index stored articles anew: {}", error)
            else:
                if n_done:
                    logger.info("{} stored articles are indexed anew", n_done)
            await asyncio.sleep(LOOK_EVERY_S)

    async def tidy(self, *, pause_s: float = PAUSE_S, most_batches: int | None = None) -> int:
        """Once through all that waits; how many were indexed."""
        version, n_done, before = shipped_catalogue().version, 0, None
        await self._store.write(forget_older_words, version)
        for _ in count() if most_batches is None else range(most_batches):
            waiting = await self._store.read(waiting_for_index, version, limit=self._batch, before=before)
            if not waiting:
                break
            before = waiting[-1].id
            n_done += await self._index(waiting)
            await asyncio.sleep(pause_s)
        return n_done

    async def _index(self, waiting: Sequence[StoredArticle]) -> int:
        """The bug boundary of indexing: one article that breaks us is left to the matcher, and never stops the others."""
        try:
            indexes = await self._workers.run(indexes_of, [each.article for each in waiting])
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - see above
            if len(waiting) > 1:
                return sum([await self._index([each]) for each in waiting])
            logger.error("article {} cannot be indexed:\n{}", waiting[0].id, traceback.format_exc())
            return 0
        made = [(each.id, each.n_revisions, index) for each, index in zip(waiting, indexes, strict=True)]
        return await self._store.write(index_anew, made)


def reindex_now(store: Store, catalogue: Catalogue) -> int:
    """As `tidy`, in this process and without pauses: for the command."""
    n_done, before = 0, None
    store.run(forget_older_words, catalogue.version)
    while waiting := store.look(waiting_for_index, catalogue.version, limit=BATCH, before=before):
        before = waiting[-1].id
        made = [(each.id, each.n_revisions, catalogue.index(each.article)) for each in waiting]
        n_done += store.run(index_anew, made)
    return n_done
