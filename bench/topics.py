"""A hundred watches as offices of a province would have them: the press's own topics, which match, and ninety that mostly do not."""

from typing import Any

from crawler.press.export import watches as topics_of_press

SUBJECTS = (
    "xâm nhập mặn", "sạt lở bờ sông", "dịch tả heo châu Phi", "sốt xuất huyết", "tai nạn giao thông", "cháy rừng", "nước sạch nông thôn",
    "rác thải nhựa", "đất nuôi tôm", "cá tra xuất khẩu", "lúa hè thu", "sầu riêng", "xuất khẩu lao động", "nhà ở xã hội", "giải phóng mặt bằng",
    "cao tốc Mỹ An - Cao Lãnh", "cầu Rạch Miễu 2", "đầu tư công", "thu ngân sách", "hợp tác xã kiểu mới", "sản phẩm OCOP", "làng nghề", "đờn ca tài tử",
    "di tích lịch sử", "lễ hội Gò Tháp", "Đồng Tháp Mười", "tuyển sinh lớp 10", "giáo viên mầm non", "học phí", "bảo hiểm y tế", "y tế học đường",
    "bác sĩ gia đình", "ma túy", "tín dụng đen", "lừa đảo qua mạng", "khiếu nại tố cáo", "tiếp dân lưu động", "đại biểu Quốc hội", "Hội đồng nhân dân",
    "nhà tình thương", "Hội Cựu chiến binh", "đoàn viên công đoàn", "xây dựng Đảng", "kiểm tra giám sát", "sắp xếp đơn vị hành chính",
)  # fmt: skip
ALSO = (
    "kế hoạch tài chính",
    "hộ nghèo",
    "người cao tuổi",
    "hội viên phụ nữ",
    "trách nhiệm người đứng đầu",
    "vốn vay ưu đãi",
    "thiết chế văn hóa",
    "tổ công nghệ",
)
NEVER = ("bóng đá", "giải trí", "quảng cáo", "thời tiết hôm nay")
PROVINCES = ("Đồng Tháp", "Cần Thơ", "Nghệ An", "Vĩnh Long")


def watches(n: int) -> list[dict[str, Any]]:
    """`n` watches in the form of watches.yaml: the press's topics first, then phrases, alternatives and Booleans in turn. Always the same."""
    invented = [_invented(i) for i in range(max(0, n - len(topics_of_press())))]
    return [*topics_of_press(), *invented][:n]


def _invented(i: int) -> dict[str, Any]:
    subject = SUBJECTS[i % len(SUBJECTS)]
    other, also, never = SUBJECTS[(i * 7 + 3) % len(SUBJECTS)], ALSO[i % len(ALSO)], NEVER[i % len(NEVER)]
    watch: dict[str, Any] = {"id": f"de-tai-{i}", "name": f"Đề tài {i}: {subject}"}
    match i % 5:
        case 0:
            watch |= {"any": [subject]}
        case 1:
            watch |= {"any": [subject, other, f"{subject} và {also}"]}
        case 2:
            watch |= {"all": [subject, also]}
        case 3:
            watch |= {"any": [subject, also], "none": [never]}
        case _:
            watch |= {"any": [also, other], "provinces": [PROVINCES[i % len(PROVINCES)]]}
    return watch
