"""The whole way of a redesign: the press switches a template mid-run, one alarm, `repair`, `reprocess`, and every reader has heard in the end."""

import asyncio
from datetime import timedelta

import pytest

from crawler.commands import repair
from crawler.commands.repair import Wish
from crawler.configuration import load
from crawler.contract.guard import alarm_of
from crawler.edition import Edition
from crawler.reprocess import Reprocess
from crawler.workers import Workers
from storage.articles import article_by_url
from storage.engine import Store
from storage.pages import PageChoice
from storage.readings import n_degraded
from tests.integration.redesigned import START, Redesign, redesign
from tests.integration.scene import look

HOUR = timedelta(hours=1)
SEED = 13
"""Of its articles in the new layout three name their topic only where generic extraction sees a box."""
REDESIGNED_FROM = 42
"""Number of the article, backlog included, with which the new layout comes."""


def read_again(scene: Redesign) -> None:
    async def run() -> None:
        with Store.open(load(scene.config).database_url) as store:
            workers = Workers(1, deadline_s=20, memory_mb=1024)
            choice = PageChoice(since=START - timedelta(days=1))
            reading = Reprocess(store, workers, Edition.of(load(scene.config)), choice, typed="test", clock=scene.clock, is_dry=False)
            try:
                await reading.begin()
                async for _ in reading.findings():
                    pass
            finally:
                await workers.close()

    asyncio.run(run())


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory):
    with redesign(tmp_path_factory.mktemp("mended"), seed=SEED) as ready:
        first = ready.press.truth().articles[REDESIGNED_FROM]
        ready.press.redesign(ready.portal, from_article=first.number)
        ready.passes(until=START + 50 * HOUR, step=2 * HOUR)
        yield ready


@pytest.fixture(scope="module")
def mended(scene: Redesign):
    """(What was told before, the scene afterwards)."""
    told = scene.told()
    folder = scene.config.parent / "my-portals"
    assert repair.repair(load(scene.config), Wish(portal=scene.portal, write=folder), as_json=False, now=scene.now) == 0
    read_again(scene)
    return told, scene


def test_the_alarm_comes_within_ten_articles_and_once(scene: Redesign):
    alarm = look(scene.config, alarm_of, portal=scene.portal)
    seen = [one for one in scene.press.truth().articles[REDESIGNED_FROM:] if one.appears_at <= alarm.since]
    assert len(seen) <= 10
    assert len(scene.operator_heard("rules_broken")) == 1


def test_meanwhile_no_article_is_lost_but_some_alerts_are_missed(scene: Redesign):
    assert all(look(scene.config, article_by_url, url=one.url) for one in scene.published())
    assert scene.told() < scene.due()


def test_read_again_by_the_proposed_rules_every_article_is_what_the_paper_published(mended: tuple[set[tuple[str, str]], Redesign]):
    _, scene = mended
    for one in scene.published():
        article = look(scene.config, article_by_url, url=one.url)
        assert (article.title, article.lead, article.text) == (one.title, one.lead, "\n\n".join(one.paragraphs))
        assert (article.author, article.credit, article.captions) == (one.author, one.credit, one.captions)
        assert article.problems == ()
    assert look(scene.config, n_degraded) == {}


def test_what_was_missed_is_told_late_and_nothing_twice(mended: tuple[set[tuple[str, str]], Redesign]):
    before, scene = mended
    assert scene.told() == scene.due()
    late = scene.told_late()
    assert late == scene.due() - before
    assert late


def test_with_new_articles_the_alarm_ends_and_says_so_once(mended: tuple[set[tuple[str, str]], Redesign]):
    _, scene = mended
    scene.passes(until=START + 59 * HOUR, step=2 * HOUR)
    assert (len(scene.operator_heard("rules_broken")), len(scene.operator_heard("rules_mended"))) == (1, 1)
    assert look(scene.config, alarm_of, portal=scene.portal) is None
