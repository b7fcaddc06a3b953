"""Read kept pages again by today's rules, write down what is otherwise, and raise what was missed: late, and in one digest.

pages_after → workers: read_again → matcher: what is gained → storage: rewrite(decide_reread) | record_unread(decide_unread)

Batch by batch, each article in one transaction. Where a run stands is kept with each batch: one that was killed goes on from there, and
what it repeats of the last batch is unchanged by then and tells nobody.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from crawler.contract.guard import Guard
from crawler.contract.reading import DEGRADED
from crawler.dedup.reread import Bundle, changes, decide_reread, decide_unread, is_worse
from crawler.dedup.timing import due_at
from crawler.edition import VERSION, Edition
from crawler.errors import ParseError
from crawler.reading import read_again
from crawler.workers import Workers
from storage.alerts import DIGEST
from storage.articles import article_by_url
from storage.engine import Store
from storage.memories import recall, remember
from storage.pages import PageChoice, count_pages, pages_after
from storage.records import Article, ArticleIndex, Held, KeptPage, Match, New, Outcome, Reread, StoredArticle, Story, Told
from storage.reread import hold_digests, record_unread, release_digests, rewrite
from storage.search import stored_articles

BATCH = 32
"""Pages in hand: a few megabytes, and half a second of a worker."""

HOLD = timedelta(minutes=15)
"""How long the digest waits for more; a run that was killed and is not begun again delays it so long."""

MOST_IN_DIGEST = 200  # as `crawler.dedup.late`: beyond that a mail is cut off by the large providers
NAME = "reprocess"
Already = Mapping[str, Collection[Told]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one kept page reads now. `problem`: nothing, since it could not be read (again)."""

    page: KeptPage
    url: str
    title: str
    is_new: bool = False
    changed: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    problem: str | None = None
    n_raised: int = 0


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a run came to; counts only, so that it stays small."""

    n_pages: int = 0
    n_changed: int = 0
    n_new: int = 0
    n_unreadable: int = 0
    """Pages that rules of today do not fit: what was read from them stays as it is."""
    n_raised: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        self.n_pages += 1
        self.n_new += finding.is_new
        self.n_changed += bool(finding.changed)
        self.n_unreadable += finding.problem is not None
        self.n_raised += finding.n_raised
        self.fields.update(finding.changed)
        self.gained.update(finding.gained)
        self.lost.update(finding.lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One page, read again, beside what was made of it before."""

    page: KeptPage
    before: StoredArticle | None
    article: Article
    index: ArticleIndex
    matches: tuple[Match, ...]
    gained: tuple[Match, ...]
    lost: tuple[str, ...]


class Reprocess:
    """One run over the pages of `choice`. With `is_dry` nothing is written, and all is found as if it were."""

    def __init__(
        self,
        store: Store,
        workers: Workers,
        edition: Edition,
        choice: PageChoice,
        *,
        typed: str,
        clock: Callable[[], datetime],
        is_dry: bool,
    ) -> None:
        self._store, self._workers, self._edition, self._choice = store, workers, edition, choice
        self._clock, self._is_dry = clock, is_dry
        self._guard = Guard()
        self._plan = {"since": typed, "portals": list(choice.portals), "rules": fingerprint_of(edition)}
        self.tally = Tally()
        self.n_pages = 0
        """How many there are to read."""
        self.is_resumed = False
        self._after, self._run, self._n_told = 0, "", 0

    async def begin(self) -> None:
        """Find where the last run of the same kind ended, if it did not come to its end; count what there is."""
        state = {} if self._is_dry else await self._store.read(recall, NAME)
        self.is_resumed = {key: state.get(key) for key in self._plan} == self._plan
        if self.is_resumed:
            self._after, self._run, self._n_told = state["after"], state["run"], state["n_told"]
        else:
            self._run = self._clock().isoformat()
        self.n_pages = await self._store.read(count_pages, self._choice, after=self._after)

    async def findings(self) -> AsyncIterator[list[Finding]]:
        """Batch by batch; what a batch found is written down before it is given."""
        while pages := await self._store.read(pages_after, self._choice, after=self._after, limit=BATCH):
            found = await self._batch(pages)
            for finding in found:
                self.tally.add(finding)
            self._after = pages[-1].id
            if not self._is_dry:
                await self._store.write(self._keep_up)
            yield found
        if not self._is_dry:
            await self._store.write(self._end)

    # --- one batch

    async def _batch(self, pages: Sequence[KeptPage]) -> list[Finding]:
        ids = [page.article_id for page in pages if page.article_id is not None]
        stored = {each.id: each for each in await self._store.read(stored_articles, ids)}
        return list(await asyncio.gather(*(self._page(page, stored.get(page.article_id or 0)) for page in pages)))

    async def _page(self, page: KeptPage, before: StoredArticle | None) -> Finding:
        url, title = (before.article.url, before.article.title) if before else (page.raw.url, str(page.raw.hint.get("title") or ""))
        finding = partial(Finding, page=page, url=url, title=title)
        portal = self._edition.config.portals.get(page.portal)
        if portal is None:
            return finding(problem="its portal is no longer configured")
        # What was read well before an alarm keeps the layout that the rules fit, and what was read badly is no measure of what comes now.
        is_sound = before is not None and DEGRADED not in before.article.problems
        doubt = None if is_sound else await self._guard.doubt(self._store, portal)
        try:
            article, index = await self._workers.run(read_again, page.raw, portal, doubt)
        except ParseError as error:
            return finding(problem=error.reason)
        except Exception as error:  # noqa: BLE001 - the bug boundary of a page: one that breaks us stops no other
            return finding(problem=f"a bug of ours: {type(error).__name__}: {error}")
        if before is not None and doubt is None and is_worse(before.article, article):
            return finding(problem="the rules of today do not fit this page")
        return await self._compare(self._matched(page, before, article, index))

    def _matched(self, page: KeptPage, before: StoredArticle | None, article: Article, index: ArticleIndex) -> _Read:
        found = self._edition.matcher.match(article)
        had = set(self._edition.matcher.matching(before.article)) if before else set()
        gained = tuple(match for match in found if match.watch not in had)
        lost = tuple(sorted(had - {match.watch for match in found}))
        return _Read(page=page, before=before, article=article, index=index, matches=found, gained=gained, lost=lost)

    async def _compare(self, read: _Read) -> Finding:
        changed = changes(read.before.article, read.article) if read.before else ()
        is_new = read.before is None
        if self._is_dry:
            is_new = is_new and await self._store.read(article_by_url, read.article.url) is None
            return _finding(read, changed, is_new=is_new, n_raised=0)
        if read.before is None:
            outcome = await self._record(read)
            is_new, n_raised = isinstance(outcome, New), len(outcome.events) if isinstance(outcome, New) else 0
        elif changed:
            written = await self._rewrite(read, read.before)
            if written is None:  # the daemon was faster: it read a newer page than ours
                return Finding(page=read.page, url=read.before.article.url, title=read.before.article.title)
            n_raised = written
        else:
            n_raised = 0
        return _finding(read, changed, is_new=is_new, n_raised=n_raised)

    # --- writing

    async def _rewrite(self, read: _Read, before: StoredArticle) -> int | None:
        now = self._clock()
        bundle, routings = self._bundle(read, now), self._edition.routings

        def judge(held: Held, stories: Sequence[Story], already: Already, is_alone: bool) -> Reread:
            return decide_reread(
                read.article,
                before.article,
                held,
                stories,
                already,
                is_alone=is_alone,
                gained=read.gained,
                routings=routings,
                bundle=bundle,
                now=now,
            )

        gained = {match.watch for match in read.gained}
        return await self._store.write(rewrite, before, read.article, read.matches, gained, judge, index=read.index, now=now)

    async def _record(self, read: _Read) -> Outcome | None:
        now = self._clock()
        judge = partial(
            decide_unread, read.article, matches=read.gained, routings=self._edition.routings, bundle=self._bundle(read, now), now=now
        )
        return await self._store.write(record_unread, read.page, read.article, read.matches, judge, index=read.index, now=now)

    def _bundle(self, read: _Read, now: datetime) -> Bundle:
        group = f"{self._group}{self._n_told // MOST_IN_DIGEST}"
        self._n_told += len(read.gained)
        return Bundle(group=group, leaves_at=now + HOLD)

    @property
    def _group(self) -> str:
        return f"{DIGEST}{NAME}/{self._run}/"

    def _keep_up(self, session: Session) -> None:
        now = self._clock()
        state = self._plan | {"after": self._after, "run": self._run, "n_told": self._n_told}
        remember(session, NAME, state, now=now)
        hold_digests(session, self._group, until=now + HOLD)

    def _end(self, session: Session) -> None:
        """Nothing more comes: the digests may leave, outside of their readers' quiet hours."""
        now = self._clock()
        due: dict[tuple[str, str], datetime] = {}
        for routing in self._edition.routings.values():
            at = due_at(now, routing.quiet_hours, routing.zone)
            for route in routing.routes:
                reader = route.channel, route.recipient
                due[reader] = max(at, due.get(reader, at))
        release_digests(session, self._group, due)
        remember(session, NAME, {}, now=now)


def _finding(read: _Read, changed: tuple[str, ...], *, is_new: bool, n_raised: int) -> Finding:
    gained = tuple(match.watch for match in read.gained) if changed or is_new else ()
    return Finding(
        page=read.page,
        url=read.article.url,
        title=read.article.title,
        is_new=is_new,
        changed=changed,
        gained=gained,
        lost=read.lost,
        n_raised=n_raised,
    )


def fingerprint_of(edition: Edition) -> str:
    """The same as long as pages are read by the same rules."""
    rules = [portal.model_dump_json() for _, portal in sorted(edition.config.portals.items())]
    return hashlib.sha256("\n".join([VERSION, *rules]).encode()).hexdigest()[:32]
