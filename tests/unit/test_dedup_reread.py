"""What a page that was read again is to what we hold, and whom it is told."""

from datetime import timedelta
from typing import Any

import pytest

from crawler.dedup.reread import Bundle, changes, decide_reread, decide_unread, is_worse
from crawler.model import Route, Routing
from storage.records import Duplicate, Held, Match, New, Reread, Story, Told
from tests.builders import NOON, make_article, make_held_article, make_identity, make_match

MATCH = make_match()
READER = Route(channel="mail", recipient="a@example.org", grouping="story")
HOOK = Route(channel="hook", recipient="", grouping="event")
BUNDLE = Bundle(group="digest:reprocess/run/0", leaves_at=NOON + timedelta(minutes=15))
OWN_STORY = "baodongthap/aspx/1001"


def routings(**changed: Any) -> dict[str, Routing]:
    return {MATCH.watch: Routing(watch=MATCH.watch, routes=(READER, HOOK), **changed)}


def reread(
    *, held: Held | None = None, heard: dict[str, set[Told]] | None = None, gained: tuple[Match, ...] = (MATCH,), **changed: Any
) -> Reread:
    facts: dict[str, Any] = {"is_alone": True, "routings": routings(), "bundle": BUNDLE, "now": NOON} | changed
    article = make_article(content_hash="c2", text_hash="t2")
    held = held or Held(same_identity=make_held_article())
    return decide_reread(
        article, make_article(), held, [Story(key="bao/x/1", opened_at=NOON, portals=("bao",))], heard or {}, gained=gained, **facts
    )


def groups(decided: Reread | New) -> list[tuple[str, str]]:
    return [(plan.channel, plan.group) for plan in decided.deliveries]


def test_people_hear_of_it_in_the_digest_and_programs_at_once():
    (event,) = reread().events
    assert event.data["late"] is False, "the caller says why it is late"
    assert groups(reread()) == [("mail", BUNDLE.group), ("hook", f"event:{event.dedup_key}")]
    assert [plan.due_at for plan in reread().deliveries] == [BUNDLE.leaves_at, NOON]


def test_it_is_late_by_its_reason():
    held = Held(same_identity=make_held_article(), late_reason="reprocess")
    assert [event.data["late"] for event in reread(held=held).events] == [True]


def test_the_digest_leaves_outside_of_quiet_hours():
    (mail, _) = reread(routings=routings(quiet_hours=("12:00", "14:00"))).deliveries
    assert mail.due_at == NOON + timedelta(hours=2)


def test_without_a_match_that_is_new_nobody_is_told():
    assert (reread(gained=()).events, reread(gained=()).is_revision) == ((), True)


@pytest.mark.parametrize(
    ("told", "is_told"),
    [
        pytest.param(Told("mail", "a@example.org", MATCH.watch), False, id="heard-it"),
        pytest.param(Told("mail", "b@example.org", MATCH.watch), True, id="somebody-else-did"),
        pytest.param(Told("mail", "a@example.org", "mua-lu"), True, id="under-another-watch"),
    ],
)
def test_who_heard_of_the_story_under_this_watch_is_not_told_again(told: Told, is_told: bool):
    decided = reread(heard={OWN_STORY: {told}})
    assert (("mail", BUNDLE.group) in groups(decided)) is is_told
    assert len(decided.events) == 1


def look_alike(**changed: Any) -> Held:
    twin = make_held_article(id=7, identity=make_identity("1", portal="bao"), story="bao/x/1", **changed)
    return Held(same_identity=make_held_article(id=9), look_alikes=(twin,))


def test_what_proves_to_be_a_copy_joins_the_story_of_its_original():
    decided = reread(held=look_alike(), heard={"bao/x/1": {Told("mail", "a@example.org", MATCH.watch)}})
    assert (decided.joins, decided.copy_of) == ("bao/x/1", 7)
    assert [channel for channel, _ in groups(decided)] == ["hook"]


@pytest.mark.parametrize(
    ("held", "is_alone"),
    [
        pytest.param(look_alike(first_seen_at=NOON - timedelta(days=31)), True, id="of-an-old-one"),
        pytest.param(look_alike(), False, id="others-are-in-its-story"),
    ],
)
def test_else_it_stays_in_its_own(held: Held, is_alone: bool):
    decided = reread(held=held, is_alone=is_alone)
    assert (decided.joins, decided.copy_of) == (None, None)


def test_an_unread_page_is_told_in_the_digest():
    facts: dict[str, Any] = {"matches": (MATCH,), "routings": routings(), "bundle": BUNDLE, "now": NOON}
    decided = decide_unread(make_article(), Held(late_reason="reprocess"), [], {}, **facts)
    assert isinstance(decided, New)
    assert groups(decided)[0] == ("mail", BUNDLE.group)
    assert isinstance(decide_unread(make_article(), Held(same_identity=make_held_article()), [], {}, **facts), Duplicate)


def test_the_changed_fields_are_named_in_order():
    assert changes(make_article(), make_article(author="X", text="Khác.", provenance={})) == ("text", "author")
    assert changes(make_article(), make_article()) == ()


@pytest.mark.parametrize(
    ("before", "after", "is_unfit"),
    [("rule", "rule", False), ("rule", "generic", True), ("generic", "generic", False), ("generic", "rule", False)],
)
def test_generic_extraction_takes_no_place_of_a_rule(before: str, after: str, is_unfit: bool):
    assert is_worse(make_article(provenance={"text": before}), make_article(provenance={"text": after})) is is_unfit
