"""Simulated weeks: the schedule and the gap meter, driven by a press and a clock in memory."""

from dataclasses import replace

import pytest

from bench import economy, gaps
from bench.week import START, Polled, poll

SEED = 11


@pytest.fixture(scope="module")
def caught() -> list[Polled]:
    return gaps.week(SEED, catches_up=True)


@pytest.fixture(scope="module")
def uncaught() -> list[Polled]:
    return gaps.week(SEED, catches_up=False)


@pytest.fixture(scope="module")
def weeks() -> list[Polled]:
    return economy.run(economy.TINY)


def test_with_catching_up_no_article_of_a_week_of_bursts_is_lost(caught):
    assert [(polled.paper.name, polled.missed(START)) for polled in caught if polled.missed(START)] == []


def test_the_gaps_of_the_week_are_shown(caught):
    assert sum(polled.report["n_gaps"] for polled in caught) > 0


def test_without_catching_up_the_same_week_loses_articles(uncaught):
    assert sum(len(polled.missed(START)) for polled in uncaught) > 0


def test_whatever_source_loses_an_article_shows_a_gap(uncaught):
    assert [polled.paper.name for polled in uncaught if polled.missed(START) and not polled.report["n_gaps"]] == []


@pytest.mark.parametrize("n_pinned", [0, 3])
def test_no_gap_is_shown_in_weeks_without_bursts(n_pinned):
    calm = [replace(paper, burst=0, n_pinned=n_pinned) for paper in economy.papers()[::5]]
    weeks = [poll(paper, str(SEED), n_weeks=1, bounds=economy.BOUNDS) for paper in calm]
    assert [polled.report["n_gaps"] for polled in weeks] == [0] * len(calm)


def test_the_adaptive_schedule_makes_at_most_half_the_requests_of_a_fixed_one(weeks):
    assert economy.adaptive(weeks, 1).n_requests <= economy.fixed(weeks, 1).n_requests / 2


def test_and_its_median_delay_is_no_longer(weeks):
    assert economy.adaptive(weeks, 1).median_s <= economy.fixed(weeks, 1).median_s
