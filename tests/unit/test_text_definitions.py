"""Short forms that an article explains itself."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.text.definitions import definitions
from crawler.text.tokens import split


def learnt(text):
    return [(each.form.short, each.form.long) for each in definitions(text, split(text))]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param("Ban Dân vận (DV) Trung ương", ("DV", "Dân vận"), id="covers-the-last-words"),
        pytest.param("Mặt trận Tổ quốc Việt Nam (MTTQVN)", ("MTTQVN", "Mặt trận Tổ quốc Việt Nam"), id="covers-all"),
        pytest.param("Ban Dân vận Tỉnh ủy (BDV)", ("BDV", "Ban Dân vận"), id="leaves-the-last-words"),
        pytest.param("DVK (dân vận khéo)", ("DVK", "dân vận khéo"), id="short-form-first"),
        pytest.param("Bộ Giáo dục và Đào tạo (GDĐT)", ("GDĐT", "Giáo dục và Đào tạo"), id="skips-and"),
        pytest.param("Sở Tài nguyên và Môi trường (TN&MT)", ("TN&MT", "Tài nguyên và Môi trường"), id="ampersand"),
        pytest.param("giáo dục và đào tạo (GD-ĐT)", ("GD-ĐT", "giáo dục và đào tạo"), id="hyphen"),
        pytest.param("phòng, chống tham nhũng, tiêu cực (PCTN/TC)", ("PCTN/TC", "phòng, chống tham nhũng, tiêu cực"), id="slash"),
        pytest.param("Văn hóa, Thể thao và Du lịch (VH,TT&DL)", ("VH,TT&DL", "Văn hóa, Thể thao và Du lịch"), id="comma-inside"),
        pytest.param("doanh nghiệp nhỏ và vừa (DNNVV)", ("DNNVV", "doanh nghiệp nhỏ và vừa"), id="and-has-its-letter"),
        pytest.param("Ủy ban MTTQ Việt Nam (UBMTTQVN)", ("UBMTTQVN", "Ủy ban MTTQ Việt Nam"), id="a-short-form-inside-the-long-one"),
        pytest.param("Ủy ban Trung ương Mặt trận Tổ quốc (UBMTTQ)", ("UBMTTQ", "Ủy ban Trung ương Mặt trận Tổ quốc"), id="words-left-out"),
        pytest.param("Ban Dân vận Trung ương (BDVTW)", ("BDVTW", "Ban Dân vận Trung ương"), id="w-for-ư"),
        pytest.param("Nghị quyết 18 (NQ18)", ("NQ18", "Nghị quyết 18"), id="with-a-number"),
        pytest.param("HĐND - UBND: Hội đồng nhân dân - Ủy ban nhân dân (HĐND - UBND)", ("HĐND", "Hội đồng nhân dân"), id="two-at-once"),
        pytest.param("MẶT TRẬN TỔ QUỐC VIỆT NAM (MTTQVN)", ("MTTQVN", "MẶT TRẬN TỔ QUỐC VIỆT NAM"), id="in-a-shouted-title"),
        pytest.param("Thạc sĩ (ThS) An", ("ThS", "Thạc sĩ"), id="two-letters-of-a-word"),
        pytest.param("Đồng bằng sông Cửu Long (DBSCL)", ("DBSCL", "Đồng bằng sông Cửu Long"), id="typed-without-strokes"),
        pytest.param("Liên đoàn Lao động (“LĐLĐ”)", ("LĐLĐ", "Liên đoàn Lao động"), id="quoted"),
        pytest.param("Ban Chỉ đạo (BCĐ, do chủ tịch làm trưởng ban)", ("BCĐ", "Ban Chỉ đạo"), id="with-an-aside"),
        pytest.param("ban dân vận (BDV - cơ quan thường trực)", ("BDV", "ban dân vận"), id="with-a-dashed-aside"),
        pytest.param("Ủy ban nhân dân tỉnh (sau đây gọi tắt là UBND tỉnh)", ("UBND", "Ủy ban nhân dân"), id="introduced-in-a-bracket"),
        pytest.param("Cải cách hành chính (viết tắt: CCHC)", ("CCHC", "Cải cách hành chính"), id="introduced-with-a-colon"),
        pytest.param("Hội Liên hiệp Phụ nữ, viết tắt là LHPN, họp", ("LHPN", "Liên hiệp Phụ nữ"), id="introduced-without-a-bracket"),
        pytest.param("DV là viết tắt của dân vận", ("DV", "dân vận"), id="explained-in-a-sentence"),
        pytest.param("Ghi chú: DV: dân vận", ("DV", "dân vận"), id="legend-with-a-colon"),
        pytest.param("QC = quy chế; các từ khác", ("QC", "quy chế"), id="legend-with-an-equals-sign"),
        pytest.param(
            "Quy chế thực hiện dân chủ (sau đây gọi tắt là Quy chế)", ("Quy chế", "Quy chế thực hiện dân chủ"), id="called-by-a-word"
        ),
        pytest.param("HĐNVQS - Hội đồng nghĩa vụ quân sự họp", ("HĐNVQS", "Hội đồng nghĩa vụ quân sự"), id="side-by-side"),
        pytest.param("HĐNVQS: Hội đồng nghĩa vụ quân sự họp", ("HĐNVQS", "Hội đồng nghĩa vụ quân sự"), id="more-words-follow"),
        pytest.param("HĐNVQS, tức Hội đồng nghĩa vụ quân sự, họp", ("HĐNVQS", "Hội đồng nghĩa vụ quân sự"), id="that-is"),
        pytest.param("HĐNVQS là Hội đồng nghĩa vụ quân sự cấp xã", ("HĐNVQS", "Hội đồng nghĩa vụ quân sự"), id="is"),
        pytest.param("DVK (viết tắt của dân vận khéo)", ("DVK", "dân vận khéo"), id="explained-in-a-bracket"),
        pytest.param("DVK (tức là dân vận khéo)", ("DVK", "dân vận khéo"), id="that-is-in-a-bracket"),
        pytest.param("Ủy viên Trung ương (T.Ư) Đảng", ("T.Ư", "Trung ương"), id="capitals-with-dots"),
        *(
            pytest.param(f"dân vận khéo ({words} DVK)", ("DVK", "dân vận khéo"), id=words)
            for words in (
                "sau đây gọi tắt là",
                "sau đây được gọi tắt là",
                "sau đây xin gọi là",
                "sau gọi là",
                "dưới đây viết tắt",
                "xin viết tắt là",
                "hay còn gọi là",
                "tên viết tắt:",
                "viết tắt theo tiếng Việt là",
            )
        ),
    ],
)
def test_an_explanation_is_learnt(text, form):
    assert form in learnt(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("dự án vùng (DV)", id="initials-that-do-not-fit"),
        pytest.param("ông Nguyễn Văn A (TP.HCM) nói", id="a-place"),
        pytest.param("CLB (áo đỏ) thắng trận", id="an-aside-after-a-short-form"),
        pytest.param("ông Nguyễn Thanh (THANH)", id="a-name-in-capitals"),
        pytest.param("TP HCM: Tăng hỗ trợ người nghèo", id="a-dateline"),
        pytest.param("Dân vận. (DV)", id="across-a-full-stop"),
        pytest.param("đảng viên (DV)", id="d-for-đ-in-two-letters"),
        pytest.param("CT: chủ tịch xã nói", id="two-letters-before-a-colon-and-more-words"),
        pytest.param("ĐT là đội tuyển mạnh", id="two-letters-that-are-something"),
        pytest.param("dân vận khéo (gọi điện cho DVK là xong)", id="words-that-introduce-nothing"),
        pytest.param("Mỹ và Nga (NATO) họp", id="a-foreign-name"),
        pytest.param("hội nghị (sáng 5/3) tổng kết (năm)", id="ordinary-brackets"),
        pytest.param("UBND (tỉnh hỗ trợ một phần kinh phí)", id="an-aside-of-small-words"),
    ],
)
def test_what_explains_nothing_teaches_nothing(text):
    assert learnt(text) == []


def test_a_text_made_to_have_many_ways_is_given_up_soon():
    text = " ".join(["AA và"] * 400 + ["(AAAAAAAAAAAAAA)"] * 200)
    assert len(definitions(text, split(text))) <= 200


@settings(deadline=2000)
@given(
    st.lists(
        st.sampled_from(
            ["DV", "Dân", "vận", "(", ")", " ", " ", ", ", "viết tắt là ", "gọi tắt ", "U-B", ":", " = ", "là ", "“", "\n\n", "A", "Đ1"]
        )
    ).map("".join)
)
def test_no_text_breaks_the_reader(text):
    for each in definitions(text, split(text)):
        assert each.form.short in text.replace("\n", " ") or "  " in text


def test_long_runs_of_capitals_take_no_time():
    text = "A-" * 20_000
    began = time.process_time()
    assert definitions(text, split(text)) == []
    assert time.process_time() - began < 2
