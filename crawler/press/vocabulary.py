"""The words and sentence frames the newsroom writes with. All of it is made up; no frame holds the phrase of a topic.

Slots: {xa} a commune, {ap} a hamlet, {tinh} the province, {viec} what is being done (a verb phrase), {nguoi} an official with
name and office, {dan} a resident, {n} a number, {it} a small one, {pct} a percentage, {tien} an amount, {ngay} a day and month. {Xa}, {Viec}… begin a
sentence. Slots that name the subject keep their value through one article, the numbers are drawn anew each time.
"""

_COMMUNE_NAMES = """
Tân Phú, Mỹ An Hưng, Bình Thành, Long Hậu, Tân Hồng, Phú Thọ, An Phước, Trường Xuân, Mỹ Quí, Đốc Binh Kiều, Thanh Mỹ, Phương Thịnh,
Bình Hàng Trung, Ba Sao, Phong Mỹ, Tân Nhuận Đông, Hòa Long, Phong Hòa, Lai Vung, Vĩnh Thới, Tân Dương, Phú Hựu, An Hòa, Thường Lạc,
Long Khánh, Tân Long, Gò Dầu, Vĩnh Bình, Long Trung, Hiệp Đức, Thạnh Phú, Tân Thuận, Bình Ninh, Mỹ Tịnh An, Lương Hòa Lạc, Tân Hương,
Châu Thành, Kim Sơn, Ngũ Hiệp, Thới Sơn
"""
_WARD_NAMES = "Mỹ Ngãi, Cao Lãnh, An Bình, Sơn Qui, Trung An, Đạo Thạnh, Sa Đéc, Mỹ Trà"
_HAMLET_NAMES = """
Tân Lập, Bình Mỹ, Đông Thạnh, Hưng Lợi, Phú Điền, Mỹ Tây, An Nhơn, Thạnh Lợi, Trung Tâm, Rạch Giồng, Cây Dương, Kinh Giữa
"""
_GIVEN_NAMES = """
An, Bình, Châu, Dũng, Điệp, Giang, Hạnh, Hiền, Hùng, Khánh, Lan, Linh, Loan, Mai, Nam, Nga, Ngân, Nhã, Phúc, Phương, Quân, Sang, Tâm,
Thảo, Thuận, Trang, Tú, Uyên, Vân, Yến
"""


def _names(text: str, before: str = "") -> tuple[str, ...]:
    return tuple(before + name.strip() for name in text.split(","))


COMMUNES = (*_names(_COMMUNE_NAMES, "xã "), *_names(_WARD_NAMES, "phường "))
HAMLETS = _names(_HAMLET_NAMES, "ấp ")
FAMILY_NAMES = _names("Nguyễn, Trần, Lê, Phạm, Huỳnh, Võ, Đặng, Bùi, Phan, Dương, Lâm, Đỗ, Hồ, Ngô, Trương")
MIDDLE_NAMES = _names("Văn, Thị, Minh, Thanh, Hữu, Ngọc, Quốc, Hoàng, Kim, Công")
GIVEN_NAMES = _names(_GIVEN_NAMES)

OFFICES = (
    "Chủ tịch UBND {xa}",
    "Bí thư Đảng ủy {xa}",
    "Phó Chủ tịch UBND {xa}",
    "Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam {xa}",
    "Chủ tịch Hội Nông dân {xa}",
    "Chủ tịch Hội Liên hiệp Phụ nữ {xa}",
    "Bí thư Đoàn Thanh niên {xa}",
    "Trưởng {ap}",
)

ACTIVITIES: dict[str, tuple[str, ...]] = {
    "chinh-tri": (
        "tiếp công dân định kỳ",
        "đối thoại với đoàn viên, hội viên",
        "giám sát việc chi trả chế độ cho người có công",
        "kiện toàn nhân sự ban công tác Mặt trận",
        "tiếp xúc cử tri trước kỳ họp",
        "rà soát kiến nghị của cử tri",
        "bồi dưỡng nghiệp vụ cho cán bộ không chuyên trách",
        "sinh hoạt chi bộ theo chuyên đề",
    ),
    "kinh-te": (
        "nạo vét kênh thủy lợi nội đồng",
        "liên kết tiêu thụ xoài",
        "trồng sen kết hợp du lịch",
        "nâng cấp đường liên xã",
        "nuôi cá tra theo chuỗi",
        "đăng ký mã số vùng trồng",
        "sản xuất lúa giảm phát thải",
        "mở cửa hàng nông sản sạch",
    ),
    "xa-hoi": (
        "trao nhà tình thương",
        "hiến máu tình nguyện",
        "thu gom rác thải nhựa trên sông",
        "lắp đèn chiếu sáng đường quê",
        "khám bệnh miễn phí cho người cao tuổi",
        "dạy bơi cho trẻ em",
        "giữ gìn trật tự giao thông đường thủy",
        "chăm lo đời sống người khuyết tật",
    ),
    "van-hoa": (
        "khôi phục làng nghề dệt chiếu",
        "tổ chức hội thi đờn ca tài tử",
        "trùng tu đình làng",
        "đưa sách về trường học",
        "mở lớp dạy hát dân ca",
        "tổ chức hội đua ghe",
        "trao học bổng cho học sinh vượt khó",
        "ra mắt tủ sách gia đình",
    ),
}

TITLES = (
    "{Xa} đẩy mạnh {viec}",
    "Hiệu quả từ việc {viec} ở {xa}",
    "Người dân {xa} đồng thuận {viec}",
    "{Xa} ra quân {viec}",
    "Nhiều cách làm hay khi {viec} tại {xa}",
    "{Xa} tập trung {viec} trong quý tới",
    "Chuyện {viec} ở {xa}",
    "{Xa} sơ kết một năm {viec}",
)
COPY_TITLES = ("{tinh}: {title}", "Nhìn từ {tinh}: {title}")

LEADS = (
    "Thời gian qua, {xa} đã {viec} bằng nhiều cách làm phù hợp, được người dân địa phương đồng tình hưởng ứng.",
    "Sáng {ngay}, {xa} ra quân {viec} với sự tham gia của hơn {n} người dân, đoàn viên và hội viên các đoàn thể.",
    "Sau {it} ngày triển khai, việc {viec} ở {xa} đã cho kết quả bước đầu, vượt {pct} so với chỉ tiêu đề ra.",
    "Không chờ đợi nguồn vốn từ trên, {xa} chủ động vận động {tien} để {viec} ngay trong năm nay.",
    "Từ một việc tưởng chừng khó, {viec} đã trở thành nếp quen của người dân {xa} trong nhiều tháng nay.",
    "UBND {xa} vừa họp với các ngành liên quan nhằm đánh giá tiến độ {viec} và bàn giải pháp cho những tháng còn lại.",
)

THEME_SENTENCES: dict[str, tuple[str, ...]] = {
    "chinh-tri": (
        "Ban Thường vụ Đảng ủy phân công từng đồng chí phụ trách {ap} và báo cáo kết quả vào ngày {ngay} hằng quý.",
        "Các ý kiến được ghi vào sổ theo dõi, phân loại và trả lời bằng văn bản trong thời hạn {it} ngày.",
        "Qua {it} cuộc họp, đã có {n} kiến nghị được chuyển đến đúng cơ quan có thẩm quyền.",
        "{Nguoi} cho rằng cán bộ phải xuống tận nhà dân, nghe cho hết rồi mới trả lời.",
        "Tỷ lệ kiến nghị được giải quyết dứt điểm đạt {pct}, cao hơn cùng kỳ năm trước.",
    ),
    "kinh-te": (
        "Vụ này, {dan} thu về {tien} sau khi trừ chi phí, cao hơn hẳn cách làm cũ.",
        "Hợp tác xã đã ký hợp đồng bao tiêu với {it} doanh nghiệp, giá ổn định suốt mùa vụ.",
        "Diện tích tham gia hiện là {n} héc-ta, tập trung nhiều nhất ở {ap}.",
        "Tuyến kênh dài {n} mét được khơi thông giúp nước về đồng sớm hơn {it} ngày.",
        "Ngân hàng chính sách giải ngân {tien} cho {n} hộ vay vốn mở rộng sản xuất.",
    ),
    "xa-hoi": (
        "Mỗi tháng, nhóm thiện nguyện của {dan} góp {tien} để giúp các gia đình còn khó khăn ở {ap}.",
        "Đã có {n} căn nhà được bàn giao, mỗi căn trị giá {tien} từ nguồn vận động.",
        "Trạm y tế cử {it} nhân viên phối hợp, chuẩn bị sẵn thuốc men và xe cứu thương.",
        "Các em nhỏ được phát áo phao, dụng cụ học tập và {n} phần quà trước ngày {ngay}.",
        "Nhờ làm đều tay, số vụ việc phải nhắc nhở giảm {pct} so với quý trước.",
    ),
    "van-hoa": (
        "Câu lạc bộ hiện có {n} thành viên, người lớn tuổi nhất đã ngoài tám mươi.",
        "{Dan} kể rằng nghề này có từ thời ông cố, đến nay chỉ còn {n} gia đình giữ lửa.",
        "Nhà trường dành {it} tiết học mỗi tháng để học sinh gặp gỡ nghệ nhân.",
        "Ngôi đình được trùng tu với kinh phí {tien}, phần lớn do bà con xa quê gửi về.",
        "Đêm diễn kết thúc lúc gần khuya mà khán giả vẫn nán lại trò chuyện cùng nghệ sĩ.",
    ),
}

SENTENCES = (
    "Theo {nguoi}, muốn {viec} bền lâu thì trước hết phải bàn với dân và làm cùng dân.",
    "Đến nay, {pct} số hộ ở {ap} đã tham gia, nhiều hộ còn tự nguyện góp thêm ngày công.",
    "Tổng kinh phí thực hiện là {tien}, trong đó phần đóng góp của người dân chiếm {pct}.",
    "{Dan} chia sẻ, lúc đầu gia đình còn ngại, sau vài lần nghe giải thích thì thấy yên tâm.",
    "Địa phương đặt mục tiêu hoàn thành trước ngày {ngay}, chậm nhất là cuối quý.",
    "Khó khăn lớn nhất hiện nay là thiếu nhân lực vào mùa thu hoạch và giá vật tư tăng {pct}.",
    "Tổ công tác gồm {it} thành viên, mỗi tuần đi thực tế ít nhất hai lần.",
    "Kế hoạch năm tới dự kiến bổ sung {tien} và mở rộng thêm ra {n} tổ dân cư.",
    "{Nguoi} đề nghị các ngành phối hợp chặt chẽ hơn, tránh để người dân phải đi lại nhiều lần.",
    "Trong {it} tháng, xã đã tổ chức {n} buổi gặp gỡ tại nhà văn hóa {ap}.",
    "Những gia đình làm tốt được biểu dương ngay tại cuộc họp tổ dân cư gần nhất.",
    "Bài học rút ra là làm từ việc nhỏ, làm đến đâu chắc đến đó và công khai từng khoản thu, chi.",
    "Con đường dẫn vào {ap} nay sạch đẹp, hai bên trồng hoa hoàng yến và hàng rào cây xanh.",
    "Nhờ vậy, việc {viec} không còn là chuyện riêng của cán bộ mà là của cả xóm.",
    "Ông bà xưa nói góp gió thành bão, câu ấy đúng với cách làm ở {xa} hôm nay.",
    "Đoàn khảo sát của tỉnh {tinh} đánh giá cao tinh thần trách nhiệm của đội ngũ cán bộ ấp.",
    "Thống kê đến ngày {ngay} cho thấy có {n} lượt người được hưởng lợi trực tiếp.",
    "Một số hộ ở {ap} đề xuất kéo dài thời gian thực hiện thêm {it} tuần để kịp mùa nước.",
    "{Dan} nói vui rằng từ ngày có phong trào, xóm mình đông vui như ngày hội.",
    "Các đoàn thể nhận phần việc cụ thể, có người phụ trách, có thời hạn và có kiểm tra.",
    "Quyết định số {n}/QĐ-UBND ngày 12/1/2022 của tỉnh là căn cứ để bố trí nguồn kinh phí này.",
    "Cuối buổi làm việc, {nguoi} ghi nhận các ý kiến và hứa trả lời trong vòng {it} ngày.",
    "Mô hình tuy nhỏ nhưng chi phí thấp, dễ làm theo và đã được {n} địa phương đến tìm hiểu.",
    "So với cùng kỳ, số hộ tham gia tăng {pct}, riêng {ap} tăng gần gấp đôi.",
    "Chiều cùng ngày, đoàn đến thăm {n} hộ gia đình tiêu biểu và tặng mỗi hộ một phần quà.",
)

CAPTIONS = (
    "Người dân {xa} tham gia {viec}",
    "Quang cảnh buổi {viec} tại {xa}",
    "{Nguoi} trao đổi với người dân",
    "Một góc {ap} hôm nay. Ảnh: CTV",
)
