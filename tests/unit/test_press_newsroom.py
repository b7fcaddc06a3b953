"""The simulated press writes what its truth says, and nothing else."""

import re
import unicodedata
from datetime import timedelta
from functools import cache

import pytest

from crawler.press.newsroom import Piece, theme_of, write
from crawler.press.plan import Slot, make_plan
from crawler.press.topics import TOPICS, TRAPS
from tests.builders import NOON

PORTALS = ("baodongthap", "baoapbac", "baocantho")


def plan(n_articles: int = 60, *, seed: int = 1, n_backlog: int = 20, portals: tuple[str, ...] = PORTALS) -> tuple[Slot, ...]:
    return make_plan(seed=seed, start=NOON, n_backlog=n_backlog, n_articles=n_articles, period_s=600, portals=portals)


@cache
def pieces(n_articles: int, *, seed: int = 1) -> list[Piece]:
    return [write(slot, seed=seed, province="Đồng Tháp") for slot in plan(n_articles, seed=seed)]


def holds(text: str, phrase: str) -> bool:
    """Whole syllables between full stops, the tone wherever it was put: slow and obviously right."""
    plain = text.lower().replace("oà", "òa").replace("oá", "óa")
    parts = [" ".join(["", *re.findall(r"[^\W_]+", part), ""]) for part in re.split(r"[.,;:!?()…]", plain)]
    return any(f" {phrase} " in part for part in parts)


def places_of(piece: Piece, phrases: tuple[str, ...]) -> tuple[str, ...]:
    found = {
        "title": any(holds(piece.title, phrase) for phrase in phrases),
        "lead": any(holds(piece.lead, phrase) for phrase in phrases),
        "body": any(holds(text, phrase) for text in piece.paragraphs for phrase in phrases),
    }
    return tuple(place for place, is_there in found.items() if is_there)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_a_topic_stands_where_the_truth_says_and_nowhere_else(topic):
    for piece in pieces(2000):
        assert places_of(piece, topic.phrases) == piece.topics.get(topic.id, ())


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_holds_no_topic(trap):
    assert not any(holds(trap, phrase) for topic in TOPICS for phrase in topic.phrases)


def test_five_thousand_articles_repeat_neither_title_nor_text():
    written = pieces(5000)
    originals = {(piece.lead, piece.paragraphs) for piece in written}
    n_copies = sum(slot.copy > 0 for slot in plan(5000))
    assert len({piece.title for piece in written}) == len(written)
    assert len(originals) == len(written) - n_copies


def test_the_same_seed_writes_the_same_words_and_another_seed_others():
    assert pieces(50) == pieces(50)
    assert pieces(50) != pieces(50, seed=2)


def test_no_frame_is_left_with_an_empty_slot_or_letters_that_are_not_nfc():
    for piece in pieces(500):
        whole = "\n".join([piece.title, piece.lead, *piece.paragraphs, *piece.captions])
        assert not re.search(r"[{}\u00a0]|  ", whole)
        assert unicodedata.is_normalized("NFC", whole)


def test_every_spelling_occurs():
    assert {piece.spelling for piece in pieces(200)} == {"plain", "nfd", "nbsp"}


def test_a_topic_is_written_with_both_placements_of_the_tone():
    texts = " ".join(" ".join([piece.title, piece.lead, *piece.paragraphs]) for piece in pieces(500)).lower()
    assert "hoà giải ở cơ sở" in texts
    assert "hòa giải ở cơ sở" in texts


def test_the_theme_is_known_without_writing():
    for slot in plan(100):
        assert theme_of(slot, seed=1) == write(slot, seed=1, province="Đồng Tháp").theme


def test_copies_share_the_text_word_for_word_but_not_the_title():
    by_story: dict[int, list[Piece]] = {}
    for slot in plan(200):
        by_story.setdefault(slot.story, []).append(write(slot, seed=1, province="Đồng Tháp"))
    copied = [told for told in by_story.values() if len(told) > 1]
    assert copied
    for told in copied:
        assert len({(piece.lead, piece.paragraphs) for piece in told}) == 1
        assert len({piece.title for piece in told}) == len(told)


def test_the_plan_is_in_the_order_of_appearance_and_as_long_as_asked():
    slots = plan(60)
    assert len(slots) == 80
    assert [slot.appears_at for slot in slots] == sorted(slot.appears_at for slot in slots)


def test_the_backlog_is_older_than_a_day_and_the_run_begins_at_start():
    slots = plan(60)
    assert all(slot.is_backlog == (slot.appears_at < NOON - timedelta(hours=25)) for slot in slots)
    run = [slot for slot in slots if not slot.is_backlog]
    assert run[0].appears_at == NOON
    assert run[-1].appears_at <= NOON + timedelta(seconds=600)


def test_a_copy_comes_after_its_original_and_at_another_portal():
    first: dict[int, Slot] = {}
    for slot in plan(200):
        original = first.setdefault(slot.story, slot)
        if slot is not original:
            assert slot.copy > 0
            assert slot.portal != original.portal
            assert slot.appears_at > original.appears_at
            assert slot.is_backlog == original.is_backlog


def test_a_short_run_has_articles_at_every_portal_topics_and_copies():
    run = [slot for slot in plan(40) if not slot.is_backlog]
    assert {slot.portal for slot in run} == set(PORTALS)
    assert {slot.kind for slot in run} >= {"plain", "topic", "trap", "wire-topic"}


def test_a_single_portal_has_no_copies():
    assert not any(slot.copy for slot in plan(60, portals=("baodongthap",)))
