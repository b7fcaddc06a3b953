import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parse.byline import looks_like_byline, read_byline


@pytest.mark.parametrize(
    ("line", "author", "credit"),
    [
        ("Ngân Nguyễn", "Ngân Nguyễn", None),
        ("Nguyên Minh ", "Nguyên Minh", None),
        ("MAI QUẾ", "MAI QUẾ", None),
        ("PV", "PV", None),
        ("Theo Ban Thời sự", "Ban Thời sự", None),
        ("Theo Ban Tổ chức", None, "Ban Tổ chức"),
        ("Theo Thu Lan (Nguồn: Báo Mẫu)", "Thu Lan", "Báo Mẫu"),
        ("N.T", "N.T", None),
        ("BS ĐOÀN VĂN HẢI", "BS ĐOÀN VĂN HẢI", None),
        ("AN AN - VŨ LINH", "AN AN - VŨ LINH", None),
        ("VĂN BỬU – DIỄM HƯỜNG – TRINH TRÀ", "VĂN BỬU – DIỄM HƯỜNG – TRINH TRÀ", None),
        ("Tin và ảnh: Nam Giang", "Nam Giang", None),
        ("Bài, ảnh: X - Y", "X - Y", None),
        ("Bài: Thu Hà - Ảnh: Quang Minh", "Thu Hà", None),
        ("Nguyễn Văn A (thực hiện)", "Nguyễn Văn A", None),
        ("Mỹ Lý (t.h)", "Mỹ Lý", None),
        ("Hà Vy (tổng hợp)", "Hà Vy", None),
        ("thuhien@bao.example Thu Hiền", "Thu Hiền", None),
        ("SONG NHI (Theo Medical News Today)", "SONG NHI", "Medical News Today"),
        ("Theo Vietnamnet", None, "Vietnamnet"),
        ("(Nguồn: baochinhphu.vn)", None, "baochinhphu.vn"),
        ("TTXVN", None, "TTXVN"),
        ("Theo TTXVN/Vietnam+", None, "TTXVN/Vietnam+"),
        ("TTXVN - Lý Thường Kiệt, Hà Nội", None, "TTXVN"),
        ("Tạ Nguyên/Báo Tin tức", "Tạ Nguyên", "Báo Tin tức"),
        ("Khánh Vy - TTXVN", "Khánh Vy", "TTXVN"),
        ("Thùy Dương (TTXVN)", "Thùy Dương", "TTXVN"),
        ("Theo PV (TTXVN/Vietnam+)", None, "TTXVN/Vietnam+"),
        ("Nội dung: Kiều Mẫu - Ảnh: N.Lân - Thiết kế: Đức Mẫu", "Kiều Mẫu", None),
        ("Thiết kế: Đức Mẫu", None, None),
        ("Tác giả bài viết: Minh Mẫu", "Minh Mẫu", None),
        ("Nguồn tin: Báo Hòa Mẫu", None, "Báo Hòa Mẫu"),
        ("Hương Mẫu (Phòng VH&TT huyện Mẫu)", "Hương Mẫu", None),
        ("Bởi", None, None),
        ("Bút danh", None, None),
        ("Tác giả", None, None),
        ("Báo Mẫu", None, None),
        ("báo mẫu", None, None),
        ("Ảnh: Quang Minh", None, None),
        ("https://www.facebook.com/baomau", None, None),
        ("Đây là một câu dài không phải tên của ai cả, vì nó kể lại diễn biến của hội nghị trong suốt buổi sáng và cả buổi chiều hôm ấy.", None, None),
        ("- *", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_a_byline_is_parted_into_author_and_credit(line, author, credit):
    byline = read_byline(line, paper="Báo Mẫu")
    assert (byline.author, byline.credit) == (author, credit)


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Ngân Nguyễn", True),
        ("TTXVN", True),
        ("Theo TTXVN", True),
        ("Bài, ảnh: Thu Hà", True),
        ("PV", True),
        ("Tr.T", True),
        ("UBND", False),
        ("Thùy Trang và Minh Khôi", True),
        ("Cần có phương án dự phòng", False),
        ("1. Prebiotic là gì?", False),
        ("Hội nghị kết thúc.", False),
        ("Xin cảm ơn!", False),
    ],
)
def test_a_last_bold_line_is_a_byline_only_if_it_is_names(line, is_one):
    assert looks_like_byline(line) is is_one


@given(st.text(max_size=150))
def test_any_line_at_all_is_read(line):
    read_byline(line, paper="Báo Mẫu")
    looks_like_byline(line)
