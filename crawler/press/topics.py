"""The topics the press writes about, as watches would ask for them, and sentences that look like them but are not.

A topic's sentences carry {p}, its phrase. A trap must match no topic: its words stand in other words or on both sides of a full stop.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    id: str
    name: str
    phrases: tuple[str, ...]
    """What a watch asks for."""
    spellings: tuple[str, ...]
    """How the articles write it; each is one of `phrases` up to letter case and tone placement."""
    title_end: str
    sentences: tuple[str, ...]


TOPICS = (
    Topic(
        id="quy-che-dan-chu",
        name="Quy chế dân chủ ở cơ sở",
        phrases=("quy chế dân chủ", "dân chủ ở cơ sở"),
        spellings=("quy chế dân chủ", "quy chế dân chủ ở cơ sở", "Quy chế dân chủ", "dân chủ ở cơ sở"),
        title_end=" gắn với thực hiện {p}",
        sentences=(
            "Việc thực hiện {p} được đưa vào tiêu chí đánh giá cán bộ cuối năm.",
            "Nhờ thực hiện tốt {p}, các khoản đóng góp đều được dân bàn, dân quyết.",
            "Đoàn kiểm tra ghi nhận {p} được niêm yết công khai tại trụ sở và nhà văn hóa ấp.",
        ),
    ),
    Topic(
        id="cong-tac-dan-van",
        name="Công tác dân vận",
        phrases=("công tác dân vận", "dân vận khéo"),
        spellings=("công tác dân vận", "Công tác dân vận", "dân vận khéo"),
        title_end=" nhờ làm tốt {p}",
        sentences=(
            "Kinh nghiệm ở đây là lấy {p} làm khâu then chốt, cán bộ nói đi đôi với làm.",
            "Hội nghị đã tuyên dương {n} tập thể tiêu biểu trong {p} giai đoạn vừa qua.",
            "Cấp ủy xác định {p} phải đi trước một bước và theo sát từng hộ dân.",
        ),
    ),
    Topic(
        id="nong-thon-moi",
        name="Nông thôn mới",
        phrases=("nông thôn mới",),
        spellings=("nông thôn mới", "Nông thôn mới", "nông thôn mới nâng cao"),
        title_end=" để về đích {p}",
        sentences=(
            "Xã đã đạt {it} tiêu chí của chương trình {p} và đang gỡ khó cho các tiêu chí còn lại.",
            "Diện mạo {p} hiện rõ trên từng tuyến đường, con kênh và mái trường.",
            "Phong trào xây dựng {p} được người dân góp thêm {tien} trong năm qua.",
        ),
    ),
    Topic(
        id="chuyen-doi-so",
        name="Chuyển đổi số",
        phrases=("chuyển đổi số",),
        spellings=("chuyển đổi số", "Chuyển đổi số"),
        title_end=" song song với {p}",
        sentences=(
            "Tổ công nghệ cộng đồng đến từng nhà hướng dẫn bà con làm quen với {p}.",
            "Nhờ {p}, hồ sơ của người dân được trả sớm hơn hạn {it} ngày.",
            "Kế hoạch {p} của xã ưu tiên thanh toán không dùng tiền mặt ở chợ và trường học.",
        ),
    ),
    Topic(
        id="hoa-giai-o-co-so",
        name="Hòa giải ở cơ sở",
        phrases=("hòa giải ở cơ sở",),
        spellings=("hòa giải ở cơ sở", "hoà giải ở cơ sở", "Hoà giải ở cơ sở", "Hòa giải ở cơ sở"),
        title_end=" và chuyện {p}",
        sentences=(
            "Tổ {p} gồm {it} thành viên, phần lớn là người có uy tín trong xóm ấp.",
            "Tỷ lệ thành của {p} đạt {pct}, nhiều vụ tranh chấp ranh đất được khép lại.",
            "Người làm {p} phải kiên trì, nghe cả hai bên rồi mới khuyên giải.",
        ),
    ),
    Topic(
        id="phong-chong-thien-tai",
        name="Phòng chống thiên tai",
        phrases=("phòng chống thiên tai",),
        spellings=("phòng chống thiên tai", "Phòng chống thiên tai", "PHÒNG CHỐNG THIÊN TAI"),
        title_end=", chủ động {p}",
        sentences=(
            "Ban chỉ huy {p} đã kiểm tra {it} điểm đê bao xung yếu trước mùa lũ.",
            "Quỹ {p} của tỉnh chi {tien} gia cố bờ kênh bị sạt lở.",
            "Lực lượng {p} tại chỗ sẵn sàng ghe, xuồng và bao cát khi nước lên.",
        ),
    ),
    Topic(
        id="giam-ngheo-ben-vung",
        name="Giảm nghèo bền vững",
        phrases=("giảm nghèo bền vững",),
        spellings=("giảm nghèo bền vững", "Giảm nghèo bền vững"),
        title_end=" vì mục tiêu {p}",
        sentences=(
            "Vốn của chương trình {p} giúp {n} hộ có bò giống và nghề đan lát.",
            "Muốn {p}, mỗi hộ cần có ít nhất một người được học nghề và có việc làm ổn định.",
            "Kết quả {p} của xã được tỉnh đánh giá đi vào thực chất.",
        ),
    ),
    Topic(
        id="cai-cach-hanh-chinh",
        name="Cải cách hành chính",
        phrases=("cải cách hành chính",),
        spellings=("cải cách hành chính", "Cải cách hành chính"),
        title_end=" gắn với {p}",
        sentences=(
            "Chỉ số {p} của địa phương tăng {it} bậc so với năm trước.",
            "Bộ phận một cửa thực hiện {p} theo hướng giảm giấy tờ, giảm thời gian chờ.",
            "Sáng kiến {p} này tiết kiệm cho người dân hơn {tien} mỗi năm.",
        ),
    ),
)

TOPIC_BY_ID: Mapping[str, Topic] = {topic.id: topic for topic in TOPICS}

TRAPS = (
    "Nhóm nghiên cứu giới thiệu quy chế dân chủng học dùng cho việc khai quật các gò cổ trong vùng.",
    "Ông gọi đùa nội quy của hội đồng hương là quy chế dân chúng, ai cũng cười mà vẫn làm theo.",
    "Cuộc họp đã thông qua toàn văn quy chế. Dân chủ động góp ý thêm về lịch bơm nước.",
    "Sau giờ công tác nông dân vận chuyển lúa về kho giúp các hộ neo đơn.",
    "Đó là năm thứ mười ông nhận công tác. Dân vận chuyển vật liệu giúp ông dựng lại nhà.",
    "Đường về khu vực nông thôn. Mới đây còn lầy lội, nay đã trải nhựa phẳng phiu.",
    "Mạng lưới điện nông thôn mở rộng thêm {it} trạm, phục vụ các hộ ở xa trung tâm.",
    "Toàn bộ diện tích vườn tạp đã chuyển đổi. Số hộ có thu nhập khá tăng lên thấy rõ.",
    "Cán bộ tư pháp giúp bà con chuyển đổi sổ hộ tịch cũ sang mẫu mới.",
    "Hai gia đình đồng ý hòa giải. Ở cơ sở sản xuất bên cạnh, máy đã chạy trở lại.",
    "Vụ kiện được hòa giải tại tòa sau {it} lần gặp gỡ.",
    "Kho vật tư dùng để phòng chống. Thiên tai năm nay đến muộn hơn mọi năm.",
    "Số hộ khó khăn đã giảm. Nghèo bền bỉ nhất là những nhà thiếu sức lao động.",
    "Họ bàn nhiều về cải cách. Hành chính sự nghiệp là khối được nhắc đến trước tiên.",
)
