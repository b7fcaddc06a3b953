"""Ordinary news of our own invention about nothing in particular: a term that stands in all of it stands nearly everywhere."""

ORDINARY_TEXTS = (
    (
        "Nông dân xã Bình Hòa được mùa lúa\n\nVụ lúa năm nay, nông dân xã Bình Hòa trúng mùa và được giá. Theo bà con, mỗi công đất cho năng suất "
        "hơn 800 kg, cao hơn cùng kỳ năm trước. Ông Tư cho biết sẽ trả hết nợ ngân hàng và sửa lại căn nhà cũ của gia đình. Chính quyền địa "
        "phương đang vận động các hộ vào hợp tác xã để có đầu ra ổn định."
    ),
    (
        "Đội tuyển nữ giành huy chương vàng\n\nTối 12/5, đội tuyển bóng chuyền nữ đã thắng với tỷ số 3-1 trong trận chung kết. Các cô gái thi đấu "
        "kiên cường từ đầu và không để đối thủ có cơ hội lật ngược thế cờ. Huấn luyện viên trưởng nói rằng đây là kết quả của nhiều tháng tập "
        "luyện. Khán giả đứng lên vỗ tay rất lâu."
    ),
    (
        "Trường tiểu học mới đón học sinh\n\nSáng nay, thầy và trò trường tiểu học Tân Phú bước vào năm học mới với 20 phòng học khang trang. "
        "Công trình có tổng vốn 15 tỷ đồng, được xây trong hai năm. Phụ huynh phấn khởi vì con em không còn phải đi học xa. Nhà trường cũng trao "
        "30 suất quà cho học sinh nghèo vượt khó."
    ),
    (
        "Giá vàng quay đầu giảm\n\nThị trường vàng trong nước ngày 7/8 giảm nhẹ sau ba phiên tăng liên tiếp. Doanh nghiệp niêm yết giá bán ra ở mức "
        "thấp hơn hôm qua 200.000 đồng một lượng. Chuyên gia cho rằng người dân nên thận trọng khi mua vào lúc này, bởi giá còn phụ thuộc đồng đô "
        "la và những biến động của thế giới."
    ),
    (
        "Bệnh viện cứu sống cụ ông 82 tuổi\n\nCác bác sĩ khoa tim mạch vừa cứu sống một cụ ông bị nhồi máu cơ tim cấp. Người bệnh được đưa đến trong "
        "tình trạng đau ngực dữ dội, khó thở. Sau hai giờ can thiệp, cụ đã qua cơn nguy kịch và sức khỏe dần hồi phục. Gia đình gửi lời cảm ơn đến "
        "tập thể y, bác sĩ."
    ),
    (
        "Lễ hội hoa xuân thu hút du khách\n\nHàng nghìn người đã đổ về công viên bên sông để ngắm hoa và chụp ảnh trong những ngày đầu năm. Ban tổ "
        "chức bố trí thêm bãi giữ xe, có lực lượng giữ gìn trật tự. Chị Lan, du khách từ miền Bắc, nói rằng chị thích nhất là các gian hàng "
        "bánh dân gian. Lễ hội kéo dài đến ngày 10 tháng Giêng."
    ),
)
