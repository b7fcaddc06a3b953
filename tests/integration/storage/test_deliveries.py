"""Deliveries: one id and one message for each, whoever sends it and however often."""

from collections import Counter
from datetime import timedelta

import pytest

from storage.alerts import (
    bug_in_delivery,
    bury_channel,
    claim_due_deliveries,
    freeze_message,
    list_deliveries,
    mark_dead,
    mark_delivered,
    mark_retry,
    raise_event,
    release_delivery,
    replay,
    show_delivery,
)
from storage.engine import Store
from storage.records import DeliveryReport
from storage.sources import release_leases
from tests.builders import NOON, make_article, make_identity
from tests.integration.storage.given import (
    AFTER_LEASE,
    LEASE,
    TOMORROW,
    claimed_deliveries,
    claimed_delivery,
    given_article,
    given_delivery,
    make_copy,
    make_event,
    make_plan,
)


def only_report(store: Store) -> DeliveryReport:
    (report,) = store.run(list_deliveries)
    return report


def freeze(store: Store, message: bytes = b"m", *, now=NOON):
    """Claim the one delivery and render it."""
    delivery = claimed_delivery(store, now=now)
    store.run(freeze_message, delivery.id, delivery.lease_token, message)
    return delivery


def test_an_event_happens_once(store: Store):
    event = make_event()
    assert [store.run(raise_event, event, [], now=NOON) for _ in range(2)] == [True, False]


def test_an_event_that_had_happened_makes_no_new_delivery(store: Store):
    given_delivery(store)
    store.run(raise_event, make_event(), [make_plan(channel="other")], now=NOON)
    assert [report.channel for report in store.run(list_deliveries)] == ["mail"]


def test_a_claimed_delivery_carries_its_event_as_it_was_frozen(store: Store):
    event = make_event(data={"watch": {"id": "w", "name": "Quy chế dân chủ"}, "spans": [[1, 2]], "late": False})
    given_delivery(store, event)
    assert claimed_delivery(store).events == (event,)


def test_the_keys_of_an_event_keep_their_order(store: Store):
    given_delivery(store, make_event(data={"watch": 1, "article": 2, "id": 3}))
    assert list(claimed_delivery(store).events[0].data) == ["watch", "article", "id"]


def test_a_delivery_is_not_due_before_its_time(store: Store):
    given_delivery(store, plan=make_plan(due_at=TOMORROW))
    assert claimed_deliveries(store, now=TOMORROW - timedelta(seconds=1)) == []


def test_a_claimed_delivery_is_not_claimed_again_while_its_lease_runs(store: Store):
    given_delivery(store)
    claimed_delivery(store)
    assert claimed_deliveries(store) == []


def test_a_delivery_whose_sender_fell_silent_is_due_again_under_the_same_id(store: Store):
    given_delivery(store)
    assert claimed_delivery(store).id == claimed_delivery(store, now=AFTER_LEASE).id


def test_tries_are_counted_even_when_their_sender_died(store: Store):
    given_delivery(store)
    assert [claimed_delivery(store).n_tries, claimed_delivery(store, now=AFTER_LEASE).n_tries] == [0, 1]


def test_each_channel_gets_the_same_share(store: Store):
    for n in range(30):
        given_delivery(store, make_event(f"e{n}"), make_plan(f"e{n}", channel=f"c{n % 3}", group=f"event:e{n}"))
    assert Counter(each.channel for each in claimed_deliveries(store, limit=6)) == {"c0": 2, "c1": 2, "c2": 2}


def test_busy_channels_are_left_out(store: Store):
    given_delivery(store)
    assert claimed_deliveries(store, busy_channels=["mail"]) == []


def test_of_a_channel_the_longest_due_is_sent_first(store: Store):
    for n, hours in enumerate((3, 1, 2)):
        given_delivery(store, make_event(f"e{n}"), make_plan(f"e{n}", group=f"event:e{n}", due_at=NOON - timedelta(hours=hours)))
    assert [each.group for each in claimed_deliveries(store)] == ["event:e0", "event:e2", "event:e1"]


def test_two_events_for_one_reader_and_group_are_one_message(store: Store):
    given_delivery(store, make_event("e1"))
    given_delivery(store, make_event("e2"))
    assert [event.dedup_key for event in claimed_delivery(store).events] == ["e1", "e2"]


@pytest.mark.parametrize(
    "other", [{"channel": "chat"}, {"recipient": "b@example.org"}, {"group": "story:s2"}], ids=["channel", "recipient", "group"]
)
def test_another_reader_or_group_is_another_message(store: Store, other):
    given_delivery(store, make_event("e1"))
    given_delivery(store, make_event("e2"), make_plan("e2", **other))
    assert len(claimed_deliveries(store)) == 2


def test_a_rendered_message_takes_no_more_events(store: Store):
    given_delivery(store, make_event("e1"))
    delivery = freeze(store)
    given_delivery(store, make_event("e2"))
    report = store.run(show_delivery, delivery.id)
    assert report is not None
    assert [event.dedup_key for event in report.events] == ["e1"]


def test_an_event_that_joins_during_the_rendering_voids_the_message(store: Store):
    given_delivery(store, make_event("e1"))
    delivery = claimed_delivery(store)
    given_delivery(store, make_event("e2"))
    assert store.run(freeze_message, delivery.id, delivery.lease_token, b"tells of e1 only") is None


def test_a_voided_delivery_is_due_at_once_with_all_its_events_and_no_try_counted(store: Store):
    given_delivery(store, make_event("e1"))
    delivery = claimed_delivery(store)
    given_delivery(store, make_event("e2"))
    store.run(freeze_message, delivery.id, delivery.lease_token, b"tells of e1 only")
    again = claimed_delivery(store)
    assert (len(again.events), again.n_tries, again.message) == (2, 0, None)


def test_the_first_rendered_message_is_kept(store: Store):
    given_delivery(store)
    delivery = freeze(store, b"first")
    assert store.run(freeze_message, delivery.id, delivery.lease_token, b"second") == b"first"


def test_every_later_try_gets_the_same_bytes(store: Store):
    given_delivery(store)
    freeze(store, b"\x00\xffCh\xc3\xa0o")
    assert claimed_delivery(store, now=AFTER_LEASE).message == b"\x00\xffCh\xc3\xa0o"


def test_a_renderer_that_lost_its_lease_freezes_nothing(store: Store):
    given_delivery(store)
    late = claimed_delivery(store)
    claimed_delivery(store, now=AFTER_LEASE)
    assert store.run(freeze_message, late.id, late.lease_token, b"late") is None
    assert only_report(store).message is None


def test_a_delivered_message_is_not_sent_again(store: Store):
    given_delivery(store)
    delivery = freeze(store)
    store.run(mark_delivered, delivery.id, delivery.lease_token, now=NOON)
    assert (claimed_deliveries(store, now=TOMORROW), only_report(store).state, only_report(store).delivered_at) == ([], "delivered", NOON)


def test_a_refused_message_waits_for_its_next_try(store: Store):
    given_delivery(store)
    delivery = freeze(store)
    store.run(mark_retry, delivery.id, delivery.lease_token, next_try_at=TOMORROW, why="HTTP 500", now=NOON)
    report = only_report(store)
    assert (report.state, report.why, report.next_try_at, report.n_tries) == ("retry", "HTTP 500", TOMORROW, 1)
    assert claimed_deliveries(store, now=TOMORROW - timedelta(seconds=1)) == []


def test_a_dead_letter_says_why(store: Store):
    given_delivery(store)
    delivery = freeze(store)
    store.run(mark_dead, delivery.id, delivery.lease_token, why="HTTP 410", now=NOON)
    assert (only_report(store).state, only_report(store).why, claimed_deliveries(store, now=TOMORROW)) == ("dead", "HTTP 410", [])


def test_the_third_bug_parks_a_delivery(store: Store):
    given_delivery(store)
    parked = []
    for n in range(3):
        delivery = claimed_delivery(store)
        parked.append(store.run(bug_in_delivery, delivery.id, delivery.lease_token, traceback=f"Traceback {n}", next_try_at=NOON, now=NOON))
    report = only_report(store)
    assert (parked, report.state, report.why, report.traceback) == ([False, False, True], "dead", "bug", "Traceback 2")


def test_a_released_delivery_is_as_it_was(store: Store):
    given_delivery(store)
    before = only_report(store)
    delivery = claimed_delivery(store)
    store.run(release_delivery, delivery.id, delivery.lease_token)
    assert only_report(store) == before


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param(lambda store, late: store.run(mark_delivered, late.id, late.lease_token, now=NOON), id="delivered"),
        pytest.param(
            lambda store, late: store.run(mark_retry, late.id, late.lease_token, next_try_at=TOMORROW, why="x", now=NOON), id="retry"
        ),
        pytest.param(lambda store, late: store.run(mark_dead, late.id, late.lease_token, why="x", now=NOON), id="dead"),
        pytest.param(lambda store, late: store.run(release_delivery, late.id, late.lease_token), id="release"),
        pytest.param(
            lambda store, late: store.run(bug_in_delivery, late.id, late.lease_token, traceback="x", next_try_at=TOMORROW, now=NOON),
            id="bug",
        ),
    ],
)
def test_a_sender_that_lost_its_lease_marks_nothing(store: Store, mark):
    given_delivery(store)
    late = claimed_delivery(store)
    claimed_delivery(store, now=AFTER_LEASE)
    before = only_report(store)
    assert (mark(store, late), only_report(store)) == (False, before)


def test_a_crashed_daemons_deliveries_are_tried_again_at_its_next_start(store: Store):
    given_delivery(store)
    claimed_delivery(store)
    store.run(release_leases, owner=None)
    assert (only_report(store).state, claimed_delivery(store).n_tries) == ("retry", 1)


def test_what_a_removed_channel_had_not_delivered_is_dead(store: Store):
    given_delivery(store)
    assert store.run(bury_channel, "mail", why="channel removed", now=NOON) == 1
    assert (only_report(store).state, only_report(store).why) == ("dead", "channel removed")


def test_what_a_removed_channel_had_delivered_stays_delivered(store: Store):
    given_delivery(store)
    delivery = freeze(store)
    store.run(mark_delivered, delivery.id, delivery.lease_token, now=NOON)
    assert store.run(bury_channel, "mail", why="channel removed", now=NOON) == 0


@pytest.mark.parametrize("end", ["delivered", "dead", "retry"])
def test_a_replay_sends_the_same_bytes_under_the_same_id(store: Store, end):
    given_delivery(store)
    first = freeze(store, b"as sent")
    marks = {
        "delivered": lambda: store.run(mark_delivered, first.id, first.lease_token, now=NOON),
        "dead": lambda: store.run(mark_dead, first.id, first.lease_token, why="x", now=NOON),
        "retry": lambda: store.run(mark_retry, first.id, first.lease_token, next_try_at=TOMORROW, why="x", now=NOON),
    }
    marks[end]()
    assert store.run(replay, [first.id], now=NOON) == 1
    again = claimed_delivery(store)
    assert (again.id, again.message, again.n_tries) == (first.id, b"as sent", 0)


def test_a_replay_leaves_alone_what_is_being_sent(store: Store):
    given_delivery(store)
    delivery = claimed_delivery(store)
    assert store.run(replay, [delivery.id], now=NOON) == 0


def test_a_replay_of_an_unknown_id_is_none(store: Store):
    assert store.run(replay, ["msg_unknown"], now=NOON) == 0


def test_a_story_comes_with_its_articles_oldest_first(store: Store):
    article = given_article(store)
    copy = given_article(store, make_copy(article, "baoangiang"))
    story = str(article.identity)
    given_delivery(store, plan=make_plan(group=f"story:{story}"))
    assert [(each.portal, each.url, each.title) for each in claimed_delivery(store).story] == [
        ("baodongthap", article.url, article.title),
        ("baoangiang", copy.url, copy.title),
    ]


def test_a_delivery_of_one_event_has_no_story(store: Store):
    given_article(store, make_article(identity=make_identity("s1")))
    given_delivery(store, plan=make_plan(group="event:e1"))
    assert claimed_delivery(store).story == ()


def test_listing_is_newest_first_and_filtered(store: Store):
    for n in range(4):
        given_delivery(store, make_event(f"e{n}"), make_plan(f"e{n}", channel=f"c{n % 2}", group=f"event:e{n}"))
    listed = store.run(list_deliveries, state="pending", channel="c1", limit=5)
    assert [report.group for report in listed] == ["event:e3", "event:e1"]


def test_an_unknown_delivery_cannot_be_shown(store: Store):
    assert store.run(show_delivery, "msg_unknown") is None


def test_a_claim_takes_no_more_than_its_limit(store: Store):
    for n in range(10):
        given_delivery(store, make_event(f"e{n}"), make_plan(f"e{n}", channel=f"c{n}", group=f"event:e{n}"))
    assert len(store.run(claim_due_deliveries, now=NOON, lease=LEASE, owner="test", limit=3)) == 3


def test_what_was_decided_just_before_a_digest_left_is_told_in_another_one(store: Store):
    given_delivery(store, plan=make_plan(group="digest:07:00"))
    sent = freeze(store)
    store.run(mark_delivered, sent.id, sent.lease_token, now=NOON)
    for key in ("e2", "e3"):
        given_delivery(store, make_event(key), make_plan(key, group="digest:07:00"))
    assert [event.dedup_key for event in claimed_delivery(store).events] == ["e2", "e3"]


def test_a_story_that_was_told_is_not_told_again(store: Store):
    given_delivery(store)
    sent = freeze(store)
    store.run(mark_delivered, sent.id, sent.lease_token, now=NOON)
    given_delivery(store, make_event("e2"))
    assert claimed_deliveries(store) == []
