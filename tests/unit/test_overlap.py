"""The gap meter, list by list. Items are single letters, newest first."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import overlap
from crawler.overlap import MAX_ITEMS, compare, reaches
from storage.records import SeenLink
from tests.builders import NOON


def after(*lists):
    """The shelf after these lists, and what the last one showed."""
    shelf: overlap.Shelf = {}
    for each in lists:
        compared = compare(shelf, list(each))
        shelf = compared.shelf
    return compared


OLD = "jklmnopqr"  # a list of nine, with which every case begins


@pytest.mark.parametrize(
    ("lists", "is_gap"),
    [
        pytest.param([OLD], False, id="a-first-list"),
        pytest.param([OLD, OLD], False, id="nothing-changed"),
        pytest.param([OLD, "i" + OLD[:8]], False, id="one-new"),
        pytest.param([OLD, "bcdefghij"], False, id="the-newest-of-before-is-the-oldest-now"),
        pytest.param([OLD, "abcdefghi"], True, id="turned-over-exactly"),
        pytest.param([OLD, "ABCDEFGHI"], True, id="turned-over-by-far"),
        pytest.param([OLD, "jABCDEFGH"], True, id="only-the-top-is-known-it-may-be-pinned-since-then"),
        pytest.param([OLD, *([OLD] * 20), "i" + OLD[:8]], False, id="a-slow-list-seen-twenty-times"),
        pytest.param([f"P{n}klmnopqr" for n in range(8)] + ["PABCDEFGH"], True, id="a-pinned-item-proves-nothing"),
        pytest.param([f"klmnopqr{n}" for n in range(8)] + ["ABCDEFGHr"], True, id="nor-when-it-stands-at-the-bottom"),
        pytest.param([f"klmnopqr{n}" for n in range(12)], False, id="a-rotating-box-is-no-gap"),
        pytest.param(["j", "i"], True, id="a-list-of-one"),
        pytest.param([OLD, ""], False, id="an-empty-list-shows-nothing"),
        pytest.param([OLD, OLD[:4]], False, id="a-list-cut-short"),
        pytest.param([OLD, OLD[::-1]], False, id="another-order"),
    ],
)
def test_a_list_that_no_longer_shows_the_one_before_is_a_gap(lists, is_gap):
    assert after(*lists).is_gap is is_gap


def test_the_share_leaves_pinned_items_out():
    lists = [f"P{n}klmnopqr" for n in range(7)]
    assert after(*lists, "PABCD6klm").share == pytest.approx(1 / 5)


def test_an_item_that_comes_back_is_not_fresh():
    assert after("abc", "dab", "cda").fresh == ()


def test_fresh_items_are_told_by_their_place():
    assert after(OLD, "ij" + "h" + OLD[1:]).fresh == (0, 2)


@given(st.lists(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), unique=True), max_size=12))
def test_the_shelf_comes_back_from_json_as_it_was(lists):
    shelf: overlap.Shelf = {}
    for each in lists:
        shelf = compare(shelf, [overlap.key_of(name) for name in each]).shelf
        assert list(overlap.load(overlap.dump(shelf)).items()) == list(shelf.items())
        assert len(shelf) <= MAX_ITEMS


@pytest.mark.parametrize("kept", [None, 7, "abc", "abcdef", "abcdefx", "äbcdef1", ["abcdef1"], "abcdef1" * 5000], ids=repr)
def test_a_shelf_that_we_did_not_write_is_empty(kept):
    assert overlap.load(kept) == {}


@pytest.mark.parametrize(
    ("page", "is_reached"),
    [
        pytest.param("ghijkl", True, id="the-shore-begins-in-the-middle"),
        pytest.param("defghi", False, id="not-yet"),
        pytest.param("jdefgh", False, id="one-of-it-at-the-top"),
        pytest.param("defghA", False, id="what-stands-on-every-page-says-nothing"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_an_older_page_reaches_what_was_known_before_the_gap(page, is_reached):
    shore = dict.fromkeys("Ajklmnop", 1)
    assert reaches(shore, list(page), front=dict.fromkeys("Abc", 1)) is is_reached


@pytest.mark.parametrize(
    ("minutes", "is_turned"),
    [
        pytest.param([3, 2, 1, 0, -1], False, id="newest-first"),
        pytest.param([-9, -7, -5, -3, -1, 0], True, id="oldest-first"),
        pytest.param([0, 0, 0, 0], False, id="all-at-once"),
        pytest.param([None, None], False, id="undated"),
        pytest.param([5, -900, 4, 3, 2, 1], False, id="a-pinned-one-among-them"),
    ],
)
def test_a_list_is_read_newest_first_whatever_its_order(minutes, is_turned):
    links = [
        SeenLink(url=f"http://h/{n}", host="h", portal="p", published_at=None if m is None else NOON + timedelta(minutes=m))
        for n, m in enumerate(minutes)
    ]
    assert list(overlap.newest_first(links)) == (links[::-1] if is_turned else links)
