import json
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.alert.compose import render, suits
from crawler.alert.operator import operator_event
from crawler.alert.voice import Voice
from crawler.errors import DeliveryError
from storage.records import StoryArticle
from tests.builders import NOON, make_identity
from tests.letters import VOICE, chat_channel, file_channel, mail_channel, make_delivery, make_event, parsed, part, webhook_channel

OTHER = StoryArticle(portal="baolongan", url="https://baolongan.vn/a1.html", title="Long An tổng kết dân vận", published_at=NOON)
ENGLISH = Voice(language="en", domain="example.org", portals=VOICE.portals)
LONG = "Hội nghị trực tuyến toàn quốc tổng kết mười năm thực hiện quy chế dân chủ ở cơ sở gắn với phong trào thi đua dân vận khéo " * 3


def mail(*events, voice=VOICE, **changed):
    return render(make_delivery(*events, **changed), mail_channel(), voice=voice)


def text(*events, **changed):
    return part(mail(*events, **changed), "plain")


def html(*events, **changed):
    return part(mail(*events, **changed), "html")


# --- headers


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Message-ID", "<msg_1@example.org>"),
        ("From", "canhbao <canhbao@example.org>"),
        ("To", "vanphong@example.org"),
        ("Reply-To", "canhbao@example.org"),
        ("Subject", "[canhbao] Quy chế dân chủ ở cơ sở: Hội nghị tổng kết công tác dân vận"),
        ("List-Id", "canhbao <canhbao.example.org>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Canhbao-Watch", "quy-che-dan-chu"),
    ],
)
def test_a_mail_says_in_its_headers(header, value):
    assert parsed(mail())[header] == value


def test_the_date_is_when_the_alert_arose_not_when_it_is_sent():
    assert parsedate_to_datetime(parsed(mail())["Date"]) == NOON


def test_mails_of_one_story_hang_together():
    first, second = parsed(mail(id="msg_1")), parsed(mail(id="msg_2"))
    assert first["References"] == second["References"] is not None


def test_the_same_delivery_gives_the_same_bytes():
    assert mail() == mail()


def test_a_mail_is_clean_for_a_server_of_seven_bits():
    body = mail(make_event(article={"lead": LONG}))
    assert body.isascii()
    assert max(len(line) for line in body.split(b"\r\n")) <= 998


@given(st.text(min_size=1, max_size=300))
def test_any_title_makes_a_subject_and_nothing_but_a_subject(title):
    message = parsed(mail(make_event(article={"title": title})))
    assert message["Subject"].startswith("[canhbao] Quy chế dân chủ ở cơ sở:")
    assert set(message.keys()) == set(parsed(mail()).keys())


def test_a_long_subject_keeps_its_spaces_and_ends_in_time():
    subject = parsed(mail(make_event(article={"title": LONG})))["Subject"]
    assert subject == f"[canhbao] Quy chế dân chủ ở cơ sở: {LONG}"[:159].rstrip() + "…"


def test_a_title_cannot_smuggle_in_a_header():
    message = parsed(mail(make_event(article={"title": "Họp\r\nBcc: ai@example.org\r\n\r\n<b>"})))
    assert message["Bcc"] is None


def test_every_watch_is_named_in_one_mail():
    message = parsed(mail(make_event(), make_event(match={"watch": "dan-van", "name": "Dân vận"})))
    assert message["X-Canhbao-Watch"] == "quy-che-dan-chu, dan-van"
    assert "Dân vận" in message["Subject"]


def test_an_address_of_a_vietnamese_domain_is_written_as_servers_know_it():
    assert parsed(mail(recipient="toasoan@báo.vn"))["To"] == "toasoan@xn--bo-mia.vn"


def test_an_address_that_no_server_takes_is_said_so():
    with pytest.raises(DeliveryError) as caught:
        mail(recipient="tòa-soạn@example.org")
    assert caught.value.permanent


# --- what the reader sees


@pytest.mark.parametrize("show", [pytest.param(text, id="text"), pytest.param(html, id="html")])
@pytest.mark.parametrize(
    "words",
    [
        "Hội nghị tổng kết công tác dân vận",
        "Báo Đồng Tháp · Đồng Tháp · 02/03/2026 12:00 (giờ Việt Nam)",
        "Sáng nay, hội nghị tổng kết",
        "http://127.0.0.1/thoi-su/hoi-nghi-dan-van-1001.aspx",
        "Vì sao bạn nhận được thư này",
        "có “quy chế dân chủ” trong phần mở đầu",
        "Không muốn nhận thư về chủ đề này nữa?",
    ],
)
def test_a_mail_says(show, words):
    assert words in show()


def test_found_words_are_highlighted():
    assert "thực hiện *quy chế dân chủ* ở cơ sở" in text()
    assert 'thực hiện <mark style="background:#ffe48a;color:#1d1d1b">quy chế dân chủ</mark> ở cơ sở' in html()


def test_the_other_portals_of_the_story_are_named_with_their_links():
    shown = text(story=(OTHER,))
    assert "- Báo Long An, 02/03/2026: Long An tổng kết dân vận\n  https://baolongan.vn/a1.html" in shown


def test_the_article_itself_is_none_of_the_others():
    own = StoryArticle(portal="baodongthap", url=make_event().data["article"]["url"], title="x", published_at=NOON)
    assert "Các báo khác" not in text(story=(own,))


def test_a_copy_that_brings_no_new_topic_stands_in_one_line():
    copy = make_event(article={"identity": identity("9"), "url": "https://baolongan.vn/9.html", "title": "Bản sao"})
    shown = text(make_event(), copy)
    assert shown.count("Vì sao bạn nhận được thư này") == 1
    assert "Báo Long An, 02/03/2026: Bản sao" in shown


def test_a_day_without_an_hour_shows_none():
    assert "· 02/03/2026\n" in text(make_event(article={"published_precision": "day"}))


@pytest.mark.parametrize(("late", "n_said"), [(True, 1), (False, 0)])
def test_a_late_article_says_so(late, n_said):
    assert text(make_event(late=late)).count("Tin muộn") == n_said


def test_a_portal_no_longer_configured_goes_by_its_id():
    assert "baodongthap · Đồng Tháp" in text(voice=Voice())


def test_english_is_a_setting():
    shown = text(voice=ENGLISH)
    assert "Why you receive this mail" in shown
    assert "(Vietnam time)" in shown


def test_a_digest_tells_many_stories():
    second = make_event(
        article={"identity": identity("2"), "title": "Thi đua dân vận khéo"}, story="baolongan/aspx/2", portals=["baolongan", "baocantho"]
    )
    message = mail(make_event(), second, group="digest:2026-03-02T17:00:00+07:00")
    assert parsed(message)["Subject"] == "[canhbao] Tổng hợp 2 tin: Quy chế dân chủ ở cơ sở"
    assert "Thi đua dân vận khéo" in part(message, "plain")
    assert "Báo Cần Thơ" in part(message, "plain")
    assert parsed(message)["References"] is None


# --- hostile articles

EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)">{{ 7*7 }}'


@pytest.mark.parametrize("field", ["title", "lead", "author", "section", "province"])
def test_an_article_cannot_write_html(field):
    shown = html(make_event(article={field: EVIL}))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


def test_a_snippet_cannot_write_html():
    event = make_event()
    event.data["matches"][0].update(snippet=EVIL, spans=[[0, 8]], reason=EVIL)
    assert "<script" not in html(event)


def test_an_article_is_no_template():
    assert "49" not in part(mail(make_event(article={"title": EVIL})), "plain").split("Vì sao")[0]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", 'http://a.vn/" onclick="x'])
def test_only_web_pages_are_linked(url):
    assert "<a " not in html(make_event(article={"url": url}))


def test_a_title_cannot_turn_the_line_around():
    assert "\u202e" not in text(make_event(article={"title": "dân \u202e vận"}))


# --- operator


def operator_mail(kind, *, voice=VOICE):
    event = operator_event(kind=kind, key="k", summary="newsroom: HTTP 410", detail="Traceback …\nValueError: <b>", now=NOON)
    return mail(event, group=f"event:{event.dedup_key}", voice=voice)


def test_the_operator_reads_what_happened_and_what_to_do():
    message = operator_mail("channel_disabled")
    assert parsed(message)["Subject"] == "[canhbao] Vận hành: Nơi nhận đã yêu cầu ngừng gửi (HTTP 410)"
    assert "newsroom: HTTP 410" in part(message, "plain")
    assert "alerts replay" in part(message, "html")


def test_a_kind_without_words_of_its_own_is_told_too():
    assert "canhbao cần được xem lại" in part(operator_mail("something_new"), "plain")


def test_a_traceback_is_shown_as_it_is():
    assert "ValueError: &lt;b&gt;" in part(operator_mail("delivery_parked"), "html")


# --- JSON


@pytest.mark.parametrize("channel", [pytest.param(webhook_channel(), id="webhook"), pytest.param(file_channel("a.jsonl"), id="file")])
def test_programs_get_the_event_as_it_was_frozen(channel):
    event = make_event()
    assert json.loads(render(make_delivery(event), channel, voice=VOICE)) == {
        "type": "article.matched",
        "timestamp": "2026-03-02T12:00:00+07:00",
        "data": event.data,
    }


def test_several_events_travel_to_a_program_as_a_digest():
    body = json.loads(render(make_delivery(make_event(), make_event(), group="digest:x"), webhook_channel(), voice=VOICE))
    assert (body["type"], len(body["data"]["events"])) == ("digest", 2)


def test_a_chat_reads_title_place_reason_and_link():
    said = json.loads(render(make_delivery(story=(OTHER,)), chat_channel(), voice=VOICE))
    assert said["title"] == "[canhbao] Quy chế dân chủ ở cơ sở: Hội nghị tổng kết công tác dân vận"
    assert said["body"].splitlines() == [
        "Hội nghị tổng kết công tác dân vận",
        "Báo Đồng Tháp · 02/03/2026 12:00 (giờ Việt Nam)",
        "- Chủ đề “Quy chế dân chủ ở cơ sở”: … thực hiện *quy chế dân chủ* ở cơ sở …",
        "http://127.0.0.1/thoi-su/hoi-nghi-dan-van-1001.aspx",
        "Các báo khác cùng đăng tin này: Báo Long An",
    ]


CHANNELS = [mail_channel(), webhook_channel(), chat_channel()]


@pytest.mark.parametrize("written_for", CHANNELS, ids=lambda channel: f"for-{channel.type}")
@pytest.mark.parametrize("sent_by", CHANNELS, ids=lambda channel: f"by-{channel.type}")
def test_a_message_is_known_by_the_kind_of_channel_it_was_written_for(written_for, sent_by):
    assert suits(render(make_delivery(), written_for, voice=VOICE), sent_by) == (written_for is sent_by)


def identity(ident):
    return make_identity(ident, portal="baolongan")
