"""The paper's name at the head of an article goes, a place or a number stays."""

import pytest

from config.portal import Portal
from crawler.parse.dateline import without_dateline


def portal(host: str, *datelines: str) -> Portal:
    home = f"https://{host}/"
    values = {"id": "unknown", "name": host, "home": home, "sources": [{"id": "home", "kind": "listing", "url": home}]}
    return Portal.model_validate(values | {"article": {"datelines": datelines}})


@pytest.mark.parametrize(
    ("head", "host", "sites"),
    [
        pytest.param("(NLĐO)- ", "nld.com.vn", [], id="brackets-and-dash"),
        pytest.param("(GLO) ", "baogialai.com.vn", [], id="initials-of-the-host-without-dash"),
        pytest.param("GD&TĐ -", "giaoducthoidai.vn", [], id="ampersand"),
        pytest.param("SKĐS - ", "mau.example", ["Báo Sức khỏe & Đời sống"], id="initials-of-the-sites-name"),
        pytest.param("GĐXH - ", "mau.example", ["Gia đình và Xã hội"], id="initials-without-and"),
        pytest.param("TPO - ", "tienphong.vn", [], id="online"),
        pytest.param("(HPĐT)- ", "baohaiphong.vn", [], id="dien-tu"),
        pytest.param("TCCS – ", "tapchicongsan.org.vn", [], id="tap-chi"),
        pytest.param("VOV.VN - ", "vov.vn", [], id="the-host"),
        pytest.param("(Chinhphu.vn) - ", "baochinhphu.vn", [], id="a-host-in-brackets"),
        pytest.param("Kinhtedothi - ", "kinhtedothi.vn", [], id="the-hosts-label"),
        pytest.param("(Dân trí) - ", "dantri.com.vn", [], id="name-in-brackets"),
        pytest.param("(VTC News) - ", "vtcnews.vn", [], id="two-words"),
        pytest.param("(TTXM) - ", "mau.example", [], id="short-name-of-whomever-in-brackets-with-dash"),
    ],
)
def test_the_papers_name_at_the_head_goes(head: str, host: str, sites: list[str]):
    assert without_dateline(f"{head}Sáng 5/6, xã khánh thành cầu.", portal(host), sites) == "Sáng 5/6, xã khánh thành cầu."


@pytest.mark.parametrize(
    ("text", "host", "sites"),
    [
        pytest.param("(1) - Đập cũ được gia cố.", "bao.example", [], id="number"),
        pytest.param("Bài 1 - Đập cũ được gia cố.", "bao.example", [], id="part-of-a-series"),
        pytest.param("TP.HCM - Mưa lớn chiều nay.", "tienphong.vn", [], id="city"),
        pytest.param("(TP.HCM) - Mưa lớn chiều nay.", "tienphong.vn", [], id="city-in-brackets"),
        pytest.param("An Giang - Mùa nước nổi về.", "baoangiang.com.vn", ["Báo An Giang"], id="province-of-the-paper"),
        pytest.param("(Cao Bằng) Mùa dẻ đã chín.", "baocaobang.vn", [], id="province-in-brackets"),
        pytest.param("AI - Cơ hội mới cho nông dân.", "baoangiang.com.vn", [], id="letters-that-begin-no-syllables"),
        pytest.param("ĐBSCL - Mùa khô đến sớm.", "bao.example", [], id="short-name-of-no-paper"),
        pytest.param("Thanh niên - lực lượng xung kích.", "thanhnien.vn", [], id="a-sentence"),
        pytest.param("(Đội nhà - Đội bạn, vòng loại) Tỉ số không đổi.", "bao.example", [], id="a-match"),
    ],
)
def test_what_belongs_to_the_sentence_stays(text: str, host: str, sites: list[str]):
    assert without_dateline(text, portal(host), sites) == text


def test_where_the_portal_names_its_datelines_nothing_else_is_one():
    assert without_dateline("ĐTO: Sáng nay", portal("baodongthap.vn", "ĐTO")) == "Sáng nay"
    assert without_dateline("(GLO) - Sáng nay", portal("baogialai.com.vn", "ABO")) == "(GLO) - Sáng nay"
