"""Watches and short forms: which count, where, and how the alert says so."""

import pytest

from config.glossary import Glossary, shipped_glossary
from config.watch import Watch
from crawler.match.matcher import Matcher
from crawler.text.abbreviations import as_printed, could_be_word, short_form
from crawler.text.tokens import phrase_tokens
from tests.builders import make_article


def spans(text, *, title="Tin", **watch):
    matcher = Matcher([Watch(**{"id": "w", "name": "w"} | watch)])
    return [span for match in matcher.match(make_article(title=title, lead=None, text=text)) for span in match.spans]


def test_the_article_own_short_form_counts_everywhere_in_it_and_says_so():
    found = spans("Ban Dân vận (DV) họp. Công tác DV tốt.", title="Công tác DV năm mới", any=["công tác dân vận"])
    assert [(span.field, span.text, span.reason) for span in found] == [
        ("title", "Công tác DV", "DV = Dân vận (định nghĩa trong bài)"),
        ("text", "Công tác DV", "DV = Dân vận (định nghĩa trong bài)"),
    ]


def test_the_glossary_counts_without_a_definition_and_says_so():
    [span] = spans("Chủ tịch UBND tỉnh", any=["Ủy ban nhân dân tỉnh"])
    assert (span.text, span.reason) == ("UBND tỉnh", "UBND = Ủy ban nhân dân (bảng viết tắt)")


def test_a_watch_on_a_short_form_finds_the_words():
    [span] = spans("Chủ tịch Uỷ ban nhân dân tỉnh", any=["UBND tỉnh"])
    assert (span.text, span.reason) == ("Uỷ ban nhân dân tỉnh", "UBND = Ủy ban nhân dân (bảng viết tắt)")


def test_what_is_printed_as_typed_needs_no_explanation():
    [span] = spans("Chủ tịch UBND tỉnh", any=["UBND tỉnh"])
    assert span.reason == "UBND tỉnh"


@pytest.mark.parametrize(
    ("phrase", "text", "finds"),
    [
        pytest.param("dân vận", "Tổ DV lưu động", [], id="ambiguous-and-not-defined"),
        pytest.param("dịch vụ", "Ban Dân vận (DV). Công tác DV", [], id="defined-otherwise"),
        pytest.param("nông thôn mới", "Nhà thờ Mới (NTM). Giáo dân NTM", [], id="the-article-wins-over-the-glossary"),
        pytest.param("NTM", "Nhà thờ Mới (NTM). Giáo dân NTM", [], id="a-watch-on-a-redefined-short-form"),
        pytest.param("NTM", "nông thôn mới (NTM). Xã NTM", ["nông thôn mới", "NTM", "NTM"], id="a-watch-on-a-confirmed-short-form"),
        pytest.param(
            "dân vận", "Dân vận (DV), nay DV. Dịch vụ (DV), nay DV", ["Dân vận", "DV", "DV"], id="a-later-definition-holds-from-there"
        ),
        pytest.param("Ban Dân vận Trung ương", "Ban Dân vận (DV) Trung ương", ["Ban Dân vận (DV) Trung ương"], id="transparent-bracket"),
        pytest.param("Ban Dân vận Trung ương", "Ban Dân vận (cũ) Trung ương", [], id="any-other-bracket-parts"),
        pytest.param("mặt trận tổ quốc", "Ủy ban MTTQ (UBMTTQ). Chủ tịch UBMTTQ", ["MTTQ", "UBMTTQ", "UBMTTQ"], id="short-forms-within"),
        pytest.param("dân vận khéo", "Mô hình DVK (dân vận khéo). Học DVK", ["DVK", "dân vận khéo", "DVK"], id="short-form-first"),
        pytest.param("tài nguyên và môi trường", "Sở TN-MT, Sở TN&MT", ["TN-MT", "TN&MT"], id="hyphen-and-ampersand"),
        pytest.param(
            "thành phố Cao Lãnh", "TP.Cao Lãnh, TP. Cao Lãnh, Tp Cao Lãnh", ["TP.Cao Lãnh", "TP. Cao Lãnh", "Tp Cao Lãnh"], id="dots"
        ),
        pytest.param("Sở Giáo dục và Đào tạo", "Sở GD và ĐT, Sở GDĐT", ["Sở GD và ĐT", "Sở GDĐT"], id="and-for-an-ampersand"),
        pytest.param("Sở Giáo dục và Đào tạo", "Sở Giáo dục & Đào tạo", ["Sở Giáo dục & Đào tạo"], id="ampersand-for-and"),
        pytest.param("và Môi trường", "Nông nghiệp & Môi trường", ["& Môi trường"], id="a-phrase-that-begins-at-an-ampersand"),
        pytest.param("thương binh và xã hội", "Sở LĐ-TBXH, LĐTB&XH", ["LĐ-TBXH", "LĐTB&XH"], id="half-joined"),
        pytest.param("quốc lộ 30", "Quốc lộ (QL) 1. QL30, QL.30 và QL 30", ["QL30", "QL.30", "QL 30"], id="with-a-number"),
        pytest.param("quốc lộ 30", "QL30 kẹt xe", [], id="with-a-number-and-not-defined"),
        pytest.param("Trung ương Đoàn", "T.Ư Đoàn, TW Đoàn", ["T.Ư Đoàn", "TW Đoàn"], id="dots-within"),
        pytest.param("ủy ban nhân dân", "Ubnd xã, U.B.N.D tỉnh", ["Ubnd", "U.B.N.D"], id="one-capital-or-dots"),
        pytest.param("Thành phố Hồ Chí Minh", "tp.hcm, TP.HCM, TPHCM", ["tp.hcm", "TP.HCM", "TPHCM"], id="small-and-dotted"),
        pytest.param(
            "an ninh", "An ninh (AN) Giang Thành. HỘI AN ĐẸP. Lực lượng AN", ["An ninh", "AN", "AN"], id="a-word-in-a-shouted-title"
        ),
        pytest.param("ủy ban nhân dân", "hồ sơ gửi ubnd xã", ["ubnd"], id="small-letters"),
        pytest.param("Trung ương", "CỤC ĐẦU TƯ NƯỚC NGOÀI", [], id="tu-in-a-shouted-title"),
        pytest.param("thành phố", "tp vinh, tp. Vinh", ["tp", "tp"], id="two-small-letters"),
        pytest.param("ủy ban nhân dân tỉnh", "UB.ND tỉnh, U.B.N.D. tỉnh", ["UB.ND tỉnh", "U.B.N.D. tỉnh"], id="in-pieces-with-dots"),
        pytest.param("sông Cửu Long", "ĐB.SCL, ĐB-SCL, ĐBS Cửu Long", ["ĐB.SCL", "ĐB-SCL", "ĐBS Cửu Long"], id="in-pieces-by-halves"),
        pytest.param("văn hóa, thể thao và du lịch", "Sở VH-TT-DL", ["VH-TT-DL"], id="the-longest-in-pieces"),
        pytest.param("nông thôn mới", "bị cáo N.T.M và chị N.T.M.", [], id="initials-of-a-name"),
        pytest.param("đồng bằng sông Cửu Long", "Đồng bằng SCL", ["Đồng bằng SCL"], id="the-second-half-shortened"),
        pytest.param(
            "Nông nghiệp và Phát triển nông thôn",
            "Sở NN và Phát triển nông thôn",
            ["NN và Phát triển nông thôn"],
            id="the-first-half-shortened",
        ),
        pytest.param("giáo dục và đào tạo", "ngành Giáo dục & ĐT", ["Giáo dục & ĐT"], id="half-shortened-with-an-ampersand"),
        pytest.param("đào tạo", "gọi số ĐT. Giáo dục, ĐT", [], id="half-without-the-other-half"),
        pytest.param("Tổ quốc", "hàng TQ; Mặt trận TQ", ["TQ"], id="the-other-half-tells-which-meaning"),
        pytest.param("Tỉnh ủy", "Ban Thường vụ TU", [], id="a-half-that-stays-double"),
        pytest.param("quận 1", "Q.1 và Q. 1; quý Q1", ["Q.1", "Q. 1"], id="a-dot-before-a-number"),
        pytest.param("huyện", "H.Lấp Vò; anh H. khai; vitamin H", ["H"], id="a-dot-before-a-name"),
        pytest.param("thành phố Hồ Chí Minh", "T.P. Hồ Chí Minh, T.P.HCM", ["T.P. Hồ Chí Minh", "T.P.HCM"], id="thành-phố-with-two-dots"),
        pytest.param("thành phố", "bị can T.P. khai, cháu T.P.H", [], id="no-city-but-a-name"),
        pytest.param("phó giáo sư, tiến sĩ", "PGS.TS. Nguyễn Văn An", ["PGS.TS"], id="titles"),
    ],
)
def test_which_short_forms_count(phrase, text, finds):
    assert [span.text for span in spans(text, any=[phrase])] == finds


def test_a_name_that_stands_for_more_counts_after_its_definition_and_where_no_name_follows():
    text = "Quy chế nói chung. Quy chế thực hiện dân chủ (sau đây gọi là Quy chế). Khi Quy chế có hiệu lực, Quy chế Bầu cử vẫn giữ."
    found = spans(text, any=["quy chế thực hiện dân chủ"])
    assert [text[span.start - 4 : span.end] for span in found] == ["ng. Quy chế thực hiện dân chủ", "Khi Quy chế"]


def test_a_watch_can_do_without_short_forms():
    assert spans("Chủ tịch UBND tỉnh. Dân vận (DV). DV", any=["Ủy ban nhân dân"], abbreviations=False) == []
    assert len(spans("Ban Dân vận (DV) Trung ương. Công tác DV", any=["Ban Dân vận Trung ương"], abbreviations=False)) == 1


def test_another_glossary_may_be_given():
    glossary = Glossary(version=1, sure={"XYZ": "xã yên ổn"}, ambiguous={})
    matcher = Matcher([Watch(id="w", name="w", any=["xã yên ổn"])], glossary=glossary)
    assert matcher.matching(make_article(text="Mô hình XYZ")) == ("w",)


def test_the_shipped_glossary_is_sound():
    glossary = shipped_glossary()
    assert len(glossary.sure) >= 300
    assert glossary.sure.keys().isdisjoint(glossary.ambiguous)
    meanings: dict[tuple[str, ...], dict[tuple[str, ...], str]] = {}
    for form in (short_form(*each) for each in glossary.sure.items()):
        for printed in as_printed(form):
            meanings.setdefault(printed, {})[tuple(phrase_tokens(form.long.replace(",", "")))] = form.short
    assert {printed: alike for printed, alike in meanings.items() if len(alike) > 1} == {}
    assert [short for short in glossary.sure if could_be_word(short) and len(short) > 3] == ["NGƯT"]
