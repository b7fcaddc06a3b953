"""`canhbao reprocess` on pages of our own: what changes, what is told and to whom, what is left alone."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from config.load import load
from crawler.cli import app
from crawler.contract.guard import fingerprint
from crawler.contract.reading import DEGRADED
from crawler.contract.rule import Doubt, Sane
from crawler.dedup.decide import decide
from crawler.edition import Edition
from crawler.model import Page, Validators
from crawler.rawpages import pack
from crawler.reading import read_again, read_index_and_pack
from crawler.reprocess import BATCH, Reprocess
from crawler.workers import Workers
from storage.alerts import list_deliveries
from storage.articles import article_by_url, record
from storage.engine import Store, upgrade
from storage.links import claim_due_links, end_link, find_link
from storage.memories import remember
from storage.pages import PageChoice, keep_unread, page_census, pages_after
from storage.records import DeliveryReport, DueLink, Reread, SeenLink
from storage.reread import rewrite
from storage.search import stored_articles
from storage.sources import claim_due_sources, finish_poll, sync_sources
from storage.tables import articles, revisions
from tests.e2e.newsstand import write_yaml
from tests.integration.storage.given import make_done

NOW = datetime.now(UTC).replace(microsecond=0)
AN_HOUR = timedelta(hours=1)
MAIL: dict[str, Any] = {"type": "email", "from": "c@example.org", "to": ["a@example.org"], "smtp": {"host": "127.0.0.1"}}
LOG = {"type": "file", "path": "alerts.jsonl"}
WATCH = {"id": "dan-van", "name": "Dân vận", "any": ["công tác dân vận"]}
FLOOD = {"id": "mua-lu", "name": "Mưa lũ", "any": ["mưa lũ"]}
RULES = {"title": "h1", "lead": ".sapo", "body": ".body", "author": ".author"}
TOO_LITTLE = RULES | {"body": ".sapo-copy"}
FILLER = "Đại biểu các xã đã thảo luận về nhiệm vụ của năm tới và thống nhất chương trình chung. "


def html(title: str, text: str, *, author: str = "Ngân Nguyễn", at: datetime = NOW - AN_HOUR) -> bytes:
    """A page on which the broken rules find a body, too: the teaser of the lead."""
    return f"""<html><head><meta property="article:published_time" content="{at.isoformat()}"></head><body><h1>{title}</h1>
        <p class="sapo">Tin trong ngày.</p><div class="sapo-copy"><p>{title}. {FILLER}</p></div>
        <div class="body"><p>{title}. {FILLER}</p><p>{text}</p></div><p class="author">{author}</p></body></html>""".encode()


@dataclass
class Desk:
    """A configuration of two portals, its store, and what a daemon would do with pages."""

    folder: Path
    database: str
    watches: list[dict[str, Any]] = field(default_factory=lambda: [WATCH, FLOOD])

    n_polls: int = 0

    @property
    def config(self) -> Path:
        return self.folder / "canhbao.yaml"

    def write(self, rules: dict[str, Any], **changed: Any) -> None:
        for portal in ("bao-a", "bao-b"):
            home = f"http://{portal}.example/"
            source = {"id": "tin", "kind": "feed", "url": f"{home}rss"}
            urls = {"urls": [{"era": "html", "match": r"-(?P<id>\d+)\.html$"}], "rules": [rules]}
            facts = {"id": portal, "name": portal, "home": home, "sources": [source], "article": urls}
            (self.folder / "portals").mkdir(exist_ok=True)
            write_yaml(self.folder / f"portals/{portal}.yaml", facts)
        write_yaml(self.folder / "watches.yaml", {"watches": self.watches})
        base = {"portals": ["portals"], "database": self.database, "channels": {"log": LOG, "mail": MAIL}, "workers": 1, "language": "en"}
        write_yaml(self.config, base | changed)

    def edition(self) -> Edition:
        return Edition.of(load(self.config))

    def store(self) -> Store:
        return Store.open(load(self.config).database_url)

    def links(self, store: Store, edition: Edition, portal: str, numbers: Iterable[int]) -> list[DueLink]:
        """Open links, found by a poll of the portal's source, and claimed."""
        store.run(sync_sources, edition.specs(), now=NOW - 2 * AN_HOUR)
        self.n_polls += 1
        sources = store.run(claim_due_sources, now=NOW + self.n_polls * AN_HOUR, lease=AN_HOUR / 2, owner="t", limit=9)
        (source,) = [each for each in sources if each.portal == portal]
        seen = [SeenLink(url=url_of(n, portal), host=f"{portal}.example", portal=portal) for n in numbers]
        store.run(finish_poll, *make_done(source, *seen, next_poll_at=NOW), now=NOW)
        links = store.run(claim_due_links, now=NOW, lease=AN_HOUR / 2, owner="t", limit=999)
        return sorted(links, key=lambda link: number_of(link.url))

    def read(self, bodies: Mapping[int, bytes], portal: str = "bao-a") -> None:
        """As the daemon reads and records pages."""
        edition = self.edition()
        with self.store() as store:
            for link in self.links(store, edition, portal, bodies):
                page = page_of(link.url, bodies[number_of(link.url)])
                article, index, raw = read_index_and_pack(page, edition.config.portals[portal], {})
                found = edition.matcher.match(article)
                judge = partial(decide, article, matches=found, routings=edition.routings, now=NOW)
                store.run(record, article, found, judge, link=link, now=NOW, index=index, page=raw)

    def fail(self, n: int, body: bytes) -> None:
        """As the daemon gives a page up."""
        with self.store() as store:
            (link,) = self.links(store, self.edition(), "bao-a", [n])
            store.run(keep_unread, link.id, link.portal, pack(page_of(link.url, body), {}))
            store.run(end_link, link.id, link.lease_token, state="failed", reason="no article's text found")

    def reprocess(self, *options: str, code: int = 0) -> list[dict[str, Any]]:
        arguments = ["reprocess", "--since", "30d", "--json", "--config", str(self.config), *options]
        done = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    def look(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        with self.store() as store:
            return store.look(work, *args, **kwargs)

    def text(self, n: int, portal: str = "bao-a") -> str:
        return str(self.look(article_by_url, url_of(n, portal)).text)

    def mails(self) -> list[DeliveryReport]:
        return [each for each in self.look(list_deliveries, limit=999) if each.channel == "mail"]

    def logged(self) -> list[DeliveryReport]:
        return [each for each in self.look(list_deliveries, limit=999) if each.channel == "log"]


def url_of(n: int, portal: str = "bao-a") -> str:
    return f"http://{portal}.example/tin-{n}.html"


def number_of(url: str) -> int:
    return int(url.rpartition("-")[2].removesuffix(".html"))


def page_of(url: str, body: bytes) -> Page:
    facts: dict[str, Any] = {"status": 200, "content_type": "text/html; charset=utf-8", "validators": Validators(), "fetched_at": NOW}
    return Page(requested_url=url, url=url, body=body, **facts)


def opened(folder: Path, database: str) -> Desk:
    desk = Desk(folder, database)
    upgrade(database)
    desk.write(TOO_LITTLE)
    return desk


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Desk:
    return opened(tmp_path, sqlite_url)


@pytest.fixture
def either_desk(tmp_path: Path, store_url: str) -> Desk:
    """Once on each kind of database."""
    return opened(tmp_path, store_url)


def test_the_text_is_put_right_and_the_match_told_late(either_desk: Desk):
    either_desk.read({1: html("Hội nghị ở tỉnh", "Hội nghị bàn về công tác dân vận.")})
    assert "dân vận" not in either_desk.text(1)
    either_desk.write(RULES)
    changed, summary = either_desk.reprocess()
    assert (changed["kind"], changed["fields"], changed["gained"]) == ("changed", ["text"], ["dan-van"])
    assert (summary["n_changed"], summary["n_raised"], summary["gained"]) == (1, 1, {"dan-van": 1})
    assert "dân vận" in either_desk.text(1)
    (logged,) = either_desk.logged()
    assert [event.data["late"] for event in logged.events] == [True]


def test_a_second_run_changes_and_tells_nothing(desk: Desk):
    desk.read({1: html("Hội nghị ở tỉnh", "Hội nghị bàn về công tác dân vận.")})
    desk.write(RULES)
    desk.reprocess()
    (summary,) = desk.reprocess()
    assert (summary["n_changed"], summary["n_raised"]) == (0, 0)
    assert (len(desk.mails()), len(desk.logged())) == (1, 1)


def test_a_try_writes_nothing_and_tells_nobody(desk: Desk):
    desk.read({1: html("Hội nghị ở tỉnh", "Hội nghị bàn về công tác dân vận.")})
    desk.fail(2, html("Nước lên", "Mưa lũ lớn ở huyện."))
    desk.write(RULES)
    summary = desk.reprocess("--dry-run")[-1]
    assert (summary["n_changed"], summary["n_new"], summary["gained"]) == (1, 1, {"dan-van": 1, "mua-lu": 1})
    assert "dân vận" not in desk.text(1)
    assert desk.look(list_deliveries) == []


def test_the_revision_says_that_it_came_from_reading_again(desk: Desk):
    desk.read({1: html("Hội nghị ở tỉnh", "Hội nghị bàn về công tác dân vận.")})
    desk.write(RULES)
    desk.reprocess()
    rows = desk.look(lambda session: session.execute(revisions.select().order_by(revisions.c.number)).all())
    assert [(row.number, row.reason) for row in rows] == [(1, None), (2, "reprocess")]
    (article,) = desk.look(lambda session: session.execute(articles.select()).all())
    assert (article.n_revisions, article.revised_at) == (2, None), "the newspaper revised nothing"


def test_many_are_one_digest_to_each_reader_which_leaves_at_the_end(desk: Desk):
    desk.read({n: html(f"Hội nghị số {n}", f"Bàn về công tác dân vận, mưa lũ, lần {n}.") for n in range(BATCH + 3)})
    desk.write(RULES)
    desk.reprocess()
    (mail,) = desk.mails()
    assert len(mail.events) == 2 * (BATCH + 3)
    assert mail.next_try_at is not None
    assert mail.next_try_at <= datetime.now(UTC)
    assert len(desk.logged()) == 2 * (BATCH + 3), "programs hear of each event"


def test_while_it_runs_the_digest_waits(either_desk: Desk):
    either_desk.read({n: html(f"Hội nghị số {n}", f"Bàn về công tác dân vận, lần {n}.") for n in range(BATCH + 1)})
    either_desk.write(RULES)
    run_batches(either_desk, 1)
    (mail,) = either_desk.mails()
    assert mail.next_try_at is not None
    assert mail.next_try_at > datetime.now(UTC) + timedelta(minutes=10)


def run_batches(desk: Desk, n: int) -> None:
    """As a run that is killed after so many batches."""

    async def run() -> None:
        workers = Workers(1, deadline_s=20, memory_mb=1024)
        try:
            with desk.store() as store:
                choice = PageChoice(since=NOW - 30 * 24 * AN_HOUR)
                run = Reprocess(store, workers, desk.edition(), choice, typed="30d", clock=lambda: datetime.now(UTC), is_dry=False)
                await run.begin()
                batches = run.findings()
                for _ in range(n):
                    await anext(batches)
        finally:
            await workers.close()

    asyncio.run(run())


def test_a_run_that_was_cut_off_goes_on_where_it_stood_into_the_same_digest(desk: Desk):
    desk.read({n: html(f"Hội nghị số {n}", f"Bàn về công tác dân vận, lần {n}.") for n in range(BATCH + 1)})
    desk.write(RULES)
    run_batches(desk, 1)
    summary = desk.reprocess()[-1]
    assert (summary["n_pages"], summary["n_raised"]) == (1, 1)
    (mail,) = desk.mails()
    assert len(mail.events) == BATCH + 1
    assert desk.reprocess()[-1]["n_pages"] == BATCH + 1, "a run that came to its end is not gone on with"


def test_other_rules_begin_from_the_start(desk: Desk):
    desk.read({n: html(f"Hội nghị số {n}", f"Bàn về công tác dân vận, lần {n}.") for n in range(BATCH + 1)})
    run_batches(desk, 1)
    desk.write(RULES)
    assert desk.reprocess()[-1]["n_changed"] == BATCH + 1


def test_a_page_that_nobody_could_read_becomes_an_article(either_desk: Desk):
    either_desk.fail(1, html("Nước lên", "Mưa lũ lớn ở huyện."))
    either_desk.write(RULES)
    new, summary = either_desk.reprocess()
    assert (new["kind"], new["gained"], summary["n_new"], summary["n_raised"]) == ("new", ["mua-lu"], 1, 1)
    assert "Mưa lũ" in either_desk.text(1)
    link = either_desk.look(find_link, url_of(1))
    assert (link.state, link.reason) == ("done", "new")
    figures = either_desk.look(page_census)
    assert (figures.n, figures.n_unread) == (1, 0)
    (mail,) = either_desk.mails()
    assert [event.data["late"] for event in mail.events] == [True]


def test_a_new_watch_is_not_told_of_the_past(desk: Desk):
    desk.watches = [FLOOD]
    desk.read({1: html("Công tác dân vận ở xã", "Bàn về mưa lũ.")})
    desk.watches = [FLOOD, WATCH]
    desk.write(RULES)
    changed, summary = desk.reprocess()
    assert (changed["gained"], summary["n_raised"]) == (["mua-lu"], 1)


def test_what_is_older_than_our_watch_over_its_source_is_told_to_nobody(desk: Desk):
    desk.read({1: html("Hội nghị ở tỉnh", "Bàn về công tác dân vận.", at=NOW - 72 * AN_HOUR)})
    desk.fail(2, html("Nước lên", "Mưa lũ lớn ở huyện.", at=NOW - 72 * AN_HOUR))
    desk.write(RULES)
    summary = desk.reprocess()[-1]
    assert (summary["n_changed"], summary["n_new"], summary["n_raised"]) == (1, 1, 0)
    assert desk.look(list_deliveries) == []


def test_a_copy_joins_its_story_and_who_heard_that_is_not_told_again(either_desk: Desk):
    text = "Bàn về công tác dân vận. " + FILLER * 3
    either_desk.write(RULES)
    either_desk.read({1: html("Hội nghị ở tỉnh", text)})
    either_desk.write(TOO_LITTLE)
    either_desk.read({2: html("Hội nghị ở tỉnh", text)}, portal="bao-b")
    either_desk.write(RULES)
    either_desk.reprocess()
    stored = either_desk.look(lambda session: session.execute(articles.select().order_by(articles.c.id)).all())
    assert stored[0].story_id == stored[1].story_id
    assert stored[1].copy_of == stored[0].id
    assert len(either_desk.mails()) == 1, "the reader has heard of the story"
    assert len(either_desk.logged()) == 2, "programs hear of each event"


def test_a_page_that_todays_rules_do_not_fit_keeps_what_was_read_from_it(desk: Desk):
    desk.write(RULES)
    desk.read({1: html("Hội nghị ở tỉnh", "Bàn về công tác dân vận.")})
    before = desk.text(1)
    desk.write({"title": "h1.new", "body": ".new"})
    unfit, summary = desk.reprocess()
    assert (unfit["kind"], summary["n_changed"], summary["n_unreadable"]) == ("unreadable", 0, 1)
    assert desk.text(1) == before


def set_articles(session: Session, /, **values: Any) -> None:
    session.execute(articles.update().values(**values))


def test_an_article_that_was_degraded_is_no_longer(desk: Desk):
    desk.read({1: html("Hội nghị ở tỉnh", "Bàn về mùa màng.")})
    with desk.store() as store:
        store.run(set_articles, problems=["degraded: by a broken rule"])
    desk.write(RULES)
    desk.reprocess()
    assert desk.look(article_by_url, url_of(1)).problems == ()


def break_the_contract(desk: Desk, *clauses: str) -> None:
    """As the guard remembers an alarm that the rules in force have raised."""
    with desk.store() as store:
        portal = desk.edition().config.portals["bao-a"]
        doubt = Doubt(clauses=clauses, sane=Sane(), rules=fingerprint(portal))
        alarm = {"since": NOW.isoformat(), "after": 0, "told": "t", "tried": None, "shortest": 0, "longest": None}
        store.run(remember, "contract/bao-a", alarm | {"clauses": list(doubt.clauses), "rules": doubt.rules}, now=NOW)


@pytest.mark.parametrize("clause", ["own title", "own date", "published"])
def test_an_alarm_of_today_puts_in_doubt_nothing_that_was_read_well_before_it(desk: Desk, clause: str):
    desk.write(RULES)
    desk.read({1: html("Hội nghị ở tỉnh", "Bàn về công tác dân vận.")})
    before = desk.look(article_by_url, url_of(1))
    break_the_contract(desk, clause)
    (summary,) = desk.reprocess()
    assert summary["n_changed"] == 0
    assert desk.look(article_by_url, url_of(1)) == before


def test_what_rules_half_read_before_the_alarm_is_read_without_them_and_told(desk: Desk):
    """Ten pages had the teaser for their text when the alarm came: nobody need mend the rules first to hear what they said."""
    more = "</p><p>".join(f"{n}. {FILLER}" for n in range(8))
    page = html("Hội nghị ở tỉnh", f"Hội nghị bàn về công tác dân vận.</p><p>{more}")
    desk.read({1: page.replace(b'class="sapo-copy"><p>', b'class="sapo-copy"><p>' + FILLER.encode() * 5)})
    assert desk.look(article_by_url, url_of(1)).provenance["text"] == "rule"
    with desk.store() as store:
        store.run(set_articles, problems=[DEGRADED])
    break_the_contract(desk, "own text")
    changed, _ = desk.reprocess()
    assert changed["gained"] == ["dan-van"]
    article = desk.look(article_by_url, url_of(1))
    assert "dân vận" in article.text
    assert DEGRADED in article.problems, "until rules fit again"


def test_what_the_daemon_revised_meanwhile_is_left_alone(desk: Desk):
    desk.read({1: html("Hội nghị ở tỉnh", "Bàn về công tác dân vận.")})
    desk.write(RULES)
    with desk.store() as store:
        (page,) = store.look(pages_after, PageChoice(since=NOW - AN_HOUR), after=0, limit=9)
        (before,) = store.look(stored_articles, [page.article_id or 0])
        article, index = read_again(page.raw, desk.edition().config.portals["bao-a"])
        store.run(set_articles, n_revisions=2)

        def judge(*_: Any) -> Reread:
            raise AssertionError("there is nothing to judge")

        assert store.run(rewrite, before, article, [], (), judge, index=index, now=NOW) is None


def test_only_other_fields_are_no_revision(desk: Desk):
    desk.write(RULES | {"author": ".gone"})
    desk.read({1: html("Hội nghị ở tỉnh", "Bàn về mùa màng.", author="Bảo Trân")})
    desk.write(RULES)
    changed, _ = desk.reprocess()
    assert changed["fields"] == ["author"]
    article = desk.look(article_by_url, url_of(1))
    assert article.author == "Bảo Trân"
    assert len(desk.look(lambda session: session.execute(revisions.select()).all())) == 1


def test_only_the_portals_that_were_named(desk: Desk):
    desk.read({1: html("Hội nghị ở tỉnh", "Bàn về công tác dân vận.")})
    desk.read({2: html("Nước lên", "Mưa lũ lớn ở huyện.")}, portal="bao-b")
    desk.write(RULES)
    assert [line.get("portal") for line in desk.reprocess("--portal", "bao-b")] == ["bao-b", None]


def test_a_portal_that_is_none_is_refused(desk: Desk):
    arguments = ["reprocess", "--since", "30d", "--portal", "bao-x", "--config", str(desk.config)]
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_people_read_what_changed_and_by_which_field(desk: Desk):
    desk.read({1: html("Hội nghị ở tỉnh", "Bàn về công tác dân vận.")})
    desk.write(RULES)
    said = CliRunner().invoke(app, ["reprocess", "--since", "30d", "--config", str(desk.config)], catch_exceptions=False).stdout
    assert "Hội nghị ở tỉnh" in said
    assert "text  +dan-van" in said
    assert "Read 1 pages again: 1 articles changed" in said
