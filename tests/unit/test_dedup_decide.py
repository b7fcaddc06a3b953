from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.dedup import fingerprint
from crawler.dedup.decide import decide, is_before_baseline
from crawler.dedup.timing import due_at, next_digest
from crawler.model import Route, Routing
from storage.records import BACKFILL, Duplicate, Held, New, Revised, Story
from tests.builders import NOON, make_article, make_held_article, make_identity, make_match

MAIL = Route(channel="office", recipient="a@example.org", grouping="story")
HOOK = Route(channel="hook", recipient="", grouping="event")


def make_routing(*routes: Route, **changed) -> dict[str, Routing]:
    return {"quy-che-dan-chu": Routing(watch="quy-che-dan-chu", routes=routes or (MAIL, HOOK), **changed)}


def decided(article=None, held=None, stories=(), *, matches=None, routings=None, now=NOON):
    return decide(
        article or make_article(),
        held or Held(),
        stories,
        matches=[make_match()] if matches is None else matches,
        routings=make_routing() if routings is None else routings,
        now=now,
    )


@pytest.mark.parametrize(
    ("held", "outcome"),
    [
        pytest.param(Held(), New, id="nothing-held"),
        pytest.param(Held(same_identity=make_held_article(content_hash="c0")), Revised, id="same-identity-other-content"),
        pytest.param(Held(same_identity=make_held_article()), Duplicate, id="same-identity-unchanged"),
    ],
)
def test_decide(held, outcome):
    assert isinstance(decided(held=held), outcome)


def test_a_new_article_opens_a_story_named_after_it():
    assert decided().story == "baodongthap/aspx/1001"


def test_a_copy_joins_the_story_of_the_oldest_look_alike():
    original = make_held_article(id=7, identity=make_identity("55", portal="baoapbac", era="id"), story="baoapbac/id/55")
    story = Story(key="baoapbac/id/55", opened_at=NOON, portals=("baoapbac",))
    outcome = decided(held=Held(look_alikes=(original,)), stories=[story])
    assert (outcome.story, outcome.copy_of) == ("baoapbac/id/55", 7)
    assert outcome.events[0].data["story"] == {"id": "baoapbac/id/55", "portals": ["baoapbac", "baodongthap"]}
    assert [d.group for d in outcome.deliveries if d.channel == "office"] == ["story:baoapbac/id/55"]


def test_a_revision_found_under_another_id_is_told_under_the_first_one():
    known = make_held_article(content_hash="c0", identity=make_identity("1001"))
    outcome = decided(make_article(identity=make_identity("9", era="2026")), Held(same_identity=known))
    assert outcome.article.identity == known.identity
    assert outcome.events[0].dedup_key == decided(make_article(identity=make_identity("1001"))).events[0].dedup_key


def test_the_same_words_after_a_month_open_a_story_of_their_own():
    original = make_held_article(id=7, story="s", first_seen_at=NOON - timedelta(days=31))
    outcome = decided(held=Held(look_alikes=(original,)), stories=[Story(key="s", opened_at=NOON, portals=())])
    assert outcome.copy_of is None


def test_a_copy_that_a_backfill_brings_of_a_notice_of_last_year_opens_a_story_of_its_own():
    last_year = make_held_article(id=7, story="s", published_at=NOON - timedelta(days=365))
    stories = [Story(key="s", opened_at=NOON, portals=())]
    assert decided(held=Held(look_alikes=(last_year,)), stories=stories).copy_of is None
    same_time = make_article(published_at=NOON - timedelta(days=364))
    assert decided(same_time, Held(look_alikes=(last_year,)), stories).copy_of == 7


def test_what_a_backfill_brings_is_told_to_nobody():
    assert decided(held=Held(late_reason=BACKFILL)).events == ()
    assert decided(held=Held(late_reason=BACKFILL, same_identity=make_held_article(content_hash="c0"))).events == ()
    assert decided(held=Held(late_reason="reprocess")).events != ()


def test_an_unchanged_article_is_told_only_when_a_backfill_had_brought_it_and_a_poll_does_now():
    known = make_held_article(is_backfilled=True)
    told, again, older = (
        decided(held=Held(same_identity=known)),
        decided(held=Held(same_identity=make_held_article())),
        NOON + timedelta(hours=1),
    )
    assert (type(told), len(told.events), bool(told.deliveries)) == (Duplicate, 1, True)
    assert (type(again), again.events) == (Duplicate, ())
    assert decided(held=Held(same_identity=known, late_reason=BACKFILL)).events == ()
    assert decided(held=Held(same_identity=known, baseline_before=older)).events == ()


def test_people_hear_of_a_story_and_programs_of_each_event():
    groups = {d.channel: d.group for d in decided().deliveries}
    assert groups == {"office": "story:baodongthap/aspx/1001", "hook": f"event:{decided().events[0].dedup_key}"}


def test_two_watches_of_one_reader_share_a_message_but_not_an_event():
    routings = make_routing() | {"dan-van": Routing(watch="dan-van", routes=(MAIL, HOOK))}
    outcome = decided(matches=[make_match(), make_match("dan-van")], routings=routings)
    assert len({d.group for d in outcome.deliveries if d.channel == "office"}) == 1
    assert len({d.group for d in outcome.deliveries if d.channel == "hook"}) == 2


def test_a_watch_without_readers_still_makes_its_event():
    outcome = decided(routings={})
    assert len(outcome.events) == 1
    assert outcome.deliveries == ()


@pytest.mark.parametrize(
    ("published_at", "precision", "found_at", "is_old"),
    [
        pytest.param(NOON - timedelta(hours=25), "second", NOON, True, id="older-than-the-baseline"),
        pytest.param(NOON - timedelta(hours=23), "second", NOON, False, id="younger"),
        pytest.param(NOON - timedelta(hours=30), "day", NOON, False, id="that-day-may-be-younger"),
        pytest.param(None, None, NOON, True, id="undated-in-the-first-answer"),
        pytest.param(None, None, NOON + timedelta(minutes=5), False, id="undated-but-found-later"),
    ],
)
def test_what_was_there_before_we_watched_is_not_told(published_at, precision, found_at, is_old):
    article = make_article(published_at=published_at, published_precision=precision)
    held = Held(baseline_before=NOON - timedelta(hours=24), found_at=found_at, first_poll_at=NOON)
    assert is_before_baseline(article, held) is is_old
    assert bool(decided(article, held).events) is not is_old


def test_an_article_found_a_day_after_its_publication_is_late():
    assert decided(now=NOON + timedelta(hours=25)).events[0].data["late"] is True
    assert decided(now=NOON + timedelta(hours=23)).events[0].data["late"] is False


def test_a_digest_gathers_what_is_due_at_one_time():
    outcome = decided(routings=make_routing(MAIL, digest_at=("07:00", "17:00")))
    assert outcome.deliveries[0].due_at == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert outcome.deliveries[0].group == "digest:2026-03-02T10:00:00+00:00"


def test_digests_and_quiet_hours_follow_the_time_zone_of_the_settings():
    paris = ZoneInfo("Europe/Paris")
    outcome = decided(routings=make_routing(MAIL, digest_at=("07:00",), quiet_hours=("06:00", "08:00"), zone=paris))
    assert outcome.deliveries[0].due_at == datetime(2026, 3, 2, 8, 0, tzinfo=paris)


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        pytest.param(datetime(2026, 3, 2, 0, 0, tzinfo=UTC), datetime(2026, 3, 2, 10, 0, tzinfo=UTC), id="at-seven-sharp-the-next"),
        pytest.param(datetime(2026, 3, 2, 11, 0, tzinfo=UTC), datetime(2026, 3, 3, 0, 0, tzinfo=UTC), id="after-the-last-tomorrow"),
    ],
)
def test_next_digest(now, wanted):
    assert next_digest(("07:00", "17:00"), now=now) == wanted


@pytest.mark.parametrize(
    ("hour_utc", "wanted_hour_utc"),
    [
        pytest.param(14, 14, id="21:00-is-before"),
        pytest.param(15, 23, id="22:00-is-inside"),
        pytest.param(20, 23, id="03:00-is-inside"),
        pytest.param(23, 23, id="06:00-is-the-end"),
    ],
)
def test_quiet_hours_over_midnight(hour_utc, wanted_hour_utc):
    assert due_at(datetime(2026, 3, 2, hour_utc, tzinfo=UTC), ("22:00", "06:00")) == datetime(2026, 3, 2, wanted_hour_utc, tzinfo=UTC)


def test_text_hash_sees_through_title_case_and_punctuation():
    long = "Hội nghị tổng kết công tác năm. " * 20
    assert fingerprint.text_hash("A", "Sáng nay", long) == fingerprint.text_hash("B", "SÁNG NAY,", long.upper())


def test_text_hash_of_a_short_text_counts_the_title():
    assert fingerprint.text_hash("Lễ hội hoa", None, "Ảnh: PV") != fingerprint.text_hash("Mưa lũ", None, "Ảnh: PV")


def test_content_hash_ignores_white_space_only():
    assert fingerprint.content_hash("A", None, "b  c") == fingerprint.content_hash("A", None, "b\nc")
    assert fingerprint.content_hash("A", None, "b c") != fingerprint.content_hash("A", None, "b c d")
