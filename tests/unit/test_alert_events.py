import json
from typing import Any

from crawler.dedup.events import matched_event
from tests.builders import NOON, make_article, make_match


def matched(**changed):
    values: dict[str, Any] = {"story": "baodongthap/aspx/1001", "portals": ["baodongthap", "baolongan"], "late": False, "now": NOON}
    return matched_event(make_article(), make_match(), **(values | changed))


def test_a_matched_event_carries_the_contract_of_the_webhook():
    assert matched().data == {
        "watch": {"id": "quy-che-dan-chu", "name": "Quy chế dân chủ ở cơ sở"},
        "article": {
            "id": "baodongthap/aspx/1001",
            "url": "http://127.0.0.1/thoi-su/hoi-nghi-dan-van-1001.aspx",
            "title": "Hội nghị tổng kết công tác dân vận",
            "lead": "Sáng nay, hội nghị tổng kết việc thực hiện quy chế dân chủ ở cơ sở được tổ chức.",
            "published_at": "2026-03-02T12:00:00+07:00",
            "published_precision": "second",
            "portal": "baodongthap",
            "province": "Đồng Tháp",
            "section": None,
            "author": "Ngân Nguyễn",
        },
        "story": {"id": "baodongthap/aspx/1001", "portals": ["baodongthap", "baolongan"]},
        "matches": [
            {
                "field": "lead",
                "snippet": "… thực hiện quy chế dân chủ ở cơ sở …",
                "spans": [[12, 27]],
                "reason": "quy chế dân chủ",
            }
        ],
        "score": 1.0,
        "late": False,
    }


def test_the_data_survives_json_unchanged():
    data = matched().data
    assert json.loads(json.dumps(data)) == data


def test_an_article_and_a_watch_make_one_event_whatever_else_changed():
    again = matched_event(make_article(title="Khác"), make_match(), story="khác", portals=[], late=True, now=NOON)
    assert again.dedup_key == matched().dedup_key == "article.matched/baodongthap/aspx/1001/quy-che-dan-chu"


def test_two_watches_on_one_article_make_two_events():
    other = matched_event(make_article(), make_match(watch="dan-van"), story="s", portals=[], late=False, now=NOON)
    assert other.dedup_key != matched().dedup_key


def test_an_article_without_a_date_has_none_in_the_event():
    event = matched_event(make_article(published_at=None), make_match(), story="s", portals=[], late=False, now=NOON)
    assert event.data["article"]["published_at"] is None
