"""The commonest syllables of written Vietnamese, to tell how many words a term without marks stands for.

The list was written down by hand from general knowledge of the language (function words, and the building stones of news:
government, farming, weather, people, places, numbers); it is no count over any collection of texts, so it is not ordered.
"""

from collections.abc import Mapping
from functools import lru_cache

from crawler.text.normal import fold_marks
from crawler.text.tokens import normal

_SYLLABLES = """
a á à ạ ai ái an ăn án ân ẩn anh ánh ảnh áo ao ạo ào áp ấp ấy âm ấm ẩm âu ba bà bá bả bác bạc bạch bắc bậc bách bài bãi bái bại bàn bán
ban bạn bản băn bằng bảng băng bang bạng bánh banh bảo báo bao bão bạo bào bát bắt bất bay bảy bày bẩy bé bè bẻ bên bền bến bể bệ bệnh
bếp bi bí bị bì biên biến biển biện biết biểu bình binh bính bịt bò bó bỏ bộ bố bổ bờ bở bơ bóc bọc bơi bởi bồi bối bội bón bốn bồn bông
bóng bỗng bọng bớt bù bú bưu bùn bún bụng bút bụt bụi bức bực bước bươm buôn buồn bữa bửa bừa buổi bưởi bừng ca cá cà cả các cách cái
cải cai cãi cam cảm cấm cầm cẩm câm can cán cạn cản cân cần cận cắn cặn căn càng cảng cẳng căng cạnh canh cánh cảnh cao cáo cạo cát cắt
cất cau câu cầu cấu cậu cay cày cây cấy cậy cha chả chắc chăm chấm chậm châm chân chẩn chăn chặn chắn chán chằn chàng chẳng chặng chanh
chánh chạnh chảo chào cháo cháp chất chặt chật chát châu chậu chầu chạy cháy chảy che chế chè chẻ chết chi chí chỉ chị chia chìa chiếc
chiếm chiến chiên chiều chiếu chiêu chim chìm chín chính chình chinh chỉnh chịu cho chỗ chó chờ chở chợ chồi chối chơi chọn chồn chống
chồng chóng chớ chu chú chủ chữ chư chua chùa chúa chứa chưa chữa chuẩn chúc chục chức chung chúng chủng chứng chừng chương chướng
chưởng chút chuột chuông chuồng chuyên chuyển chuyện chuyến có cô cổ cố cỡ cờ cơ cớ cỏ cò cọ coi cõi còi cối cội cởi con còn cơn cồn
công cộng cổng cống cột cốt cũ cụ cú cứ cử cư cự của cửa cưa cúc cục cực cùng cung củng cứng cũng cước cược cuộc cuối cưới cười cuốn
cuộn cương cường cưỡng cứu cựu da dạ dã dài dại dải dái dám dặm dâm dân dẫn dần dạn dán dàn dằn dặn dang dạng dáng dàng dành danh dao
dạo dào dâu dấu dầu dẫu dầy dạy dày dây dậy dẻ dễ dê dệt di dí dị dì dĩ dịch diêm diễm diễn diện diệt diệu dinh dính dịp do dò dọc dọn
dòng dõng dong dỗ dỡ dở dồi dời dơi dội dối dồn dốc du dù dụ dư dự dữ dùi dục dung dùng dũng dụng dưng dừng dựng dừa dưa dựa dưới dượng
dương dường dưỡng duy duyên duyệt đa đá đã đà đạ đai đài đại đãi đàm đảm đám đạm đậm đầm đâm đấm đan đàn đán đạn đản đần đang đáng đảng
đặng đằng đăng đắng đánh đành đạo đảo đào đáo đáp đạp đắp đập đất đặt đạt đắt đau đâu đầu đấu đậu đẩu đay đáy đày đây đấy đầy đẩy đe đẹp
đẻ để đê đế đề đệ đêm đếm đen đèn đến đền đều đi địa đích đìa điểm điếm điềm điên điện điền điển điệp điều điệu điếu đinh đính đình đỉnh
định đít đo đò đó đỏ đô đồ đố độ đổ đợ đỡ đời đợi đòi đôi đối đổi đội đồi đoái đoàn đoạn đoán đọc độc đốc đón đơn đồn đốn đông đồng động
đống đóng đọng đột đốt đủ đu đù đua đưa đứa đũa đùa đục đức đúc đừng đứng đúng đường đương đượng được đuổi đuôi đuối em êm ép ếch ga gà
gả gạ gác gạch gai gái gài gãi gan gần gắn gân gàng gắng găng gánh gạo gạt gặp gập gấp gặt gật gây gãy gậy gầy ghe ghé ghế ghê ghép ghét
ghi gì gia giá già giả giã giác giai giải giãi giảm giám giấm gian giản giãn giận giàn giáng giảng giang giành giao giáo giảo giáp giặc
giật giấy giây giày giỏ giò gió giờ giỗ giới giơi giỏi giòn giống giọng giông giồng giữ giữa giúp giục giường giương gò gõ góc gọi gởi
gói gội gối gom gồm gốm gọn gỡ gỗ góp gộp gửi gừng gương gượng ha hà hạ hả há hai hái hải hại hài hàm hạm hâm hầm hẫm ham hăm hàn hạn
hán hân hận hẳn hằn hang hàng hãng hạng hằng hăng hành hạnh hanh hao hào hảo hạt hát hắt hay hãy háy hầu hậu hé hè hẹ hệ hề hẹn hèn hẹp
hết hi hí hỉ hiếm hiểm hiệm hiến hiền hiện hiên hiển hiệp hiếp hiểu hiệu hiếu hình hít ho hò họ hồ hộ hố hổ hô hỗ hơ hở hoa hòa hóa hỏa
họa hoài hoại hoan hoàn hoán hoạn hoang hoàng hoảng hoạt hoặc học hóc hỏi hói hội hồi hôi hối hơi hỡi hỏn hon hơn hôn hồn hỗn hợp họp
hộp hót hồng hống hông hụ hư hứ hữ hưa hứa hùa huệ huế hung hùng hứng hưng hướng hương hưởng hút hụt huy hủy huyện huyết huynh hữu hưu
ích im in ít kẻ kê kế kể kệ kem kém kèm kẽm kén kèn kênh keo kéo kẹo kèo kép kẹp kết khá khả kha khác khách khai khải khái khám khảm
khan khán khăn khẩn khăng kháng khang khánh khảo khao khất khát khắp khâu khẩu khấu khe khẽ khép khen kho khó khô khổ khố khóa khoa khỏe
khoe khoai khoản khoán khoan khoảng khoáng khói khỏi khôi khối khởi khơi khoét khóc không khổng khống khu khứ khuẩn khung khuôn khuya
khuyên khuyến kích kì kỳ ký kỹ kỉ kỵ kia kìa kiếm kiểm kiềm kiên kiến kiện kiểng kiếp kiểu kiệu kiều kim kìm kín kinh kính kình kịp kịch
la lá là lạ lã lả lạc lắc lác lái lại lai lãi lam làm lâm lầm lấm lắm lăm lan lán làn lần lân lấn lận lặn lăn lang làng lãng láng lạng
lặng lắng lẳng lạnh lành lãnh lanh lao láo lão lào lạo lắp lập lấp lạt lật lắt lau lâu lầu lậu lẩu lây lấy lầy lay láy lẽ lẻ lê lễ lệ lề
lên lén len lệnh lênh leo lẹo lèo li lí lý lì lia lìa lịch lích liên liền liện liễn liệt liệu liêu liều lính linh lĩnh lịnh lo lò lọ lỗ
lộ lố lô lỡ lơ lờ lở loa loại loài loan loạn loãng lòng long lỏng lồng lông lọng lộng lọc lóc lộc lốc lốp lợi lời lối lôi lội lỗi lõi
lồi lơi lon lớn lợn lộn lùn lớp lợp lọt lột lu lú lù lũ lụ lư lữ lừ lua lúa lụa lùa lựa lửa lừa lứa luân luận luật lúc lục lực lưng lừng
lung lúng lũng lụng lược lước lưới lười lưỡi lươn lượn lượng lương lường lưỡng luôn luồn luống luồng lụt lút lưu lựu luyện lũy ma má mà
mã mả mạ mạc mặc mắc mạch mai mái mải mại mãi màn mãn mạn man mặn mắn mận mang màng máng măng mạng mảng mạnh manh mảnh mánh mào mão mạo
mát mặt mắt mất mật mạt mau máu màu mẫu mậu mây mấy mày máy may mẻ mẹ mè mẹo mèo mềm men mến mền mênh mệnh mét mệt mi mì mí mỉ mị mỹ
miền miễn miên miến miếng miệng miếu miêu mình minh mịn mít mò mó mỏ mồ mộ mô mổ mở mỡ mơ mờ móc mọc mộc mốc môi mối mỗi mồi mọi mới mời
mòi món mòn môn muộn mong mông mộng móng mỏng mồng một mốt mọt mù mụ mũ mủ mua mùa múa mưa mục mực mức mùi mũi mui múi mừng mưng mưu
mười mươi mướp mượn mường mương mượt muốn muôn muối muỗi muội na ná nà nả nắm nam năm nằm nấm nạn nan nán nản nắn nặn nàng nắng năng
nặng nâng nạng nào não nao náo nạo nạp nắp nấp nát nay này nấy nây nảy nẩy nãy né nề nể nệ nêu nếu nén nên nến nền nếp nét nga ngả ngã
ngà ngạc ngắc ngày ngay ngáy ngây ngại ngai ngài ngãi ngải ngàn ngân ngăn ngắn ngần ngang ngành ngạnh ngao ngào ngạo ngập ngắt ngất ngó
ngỗ ngộ ngõ ngọ ngỏ ngờ ngoài ngoại ngoan ngọc ngồi ngôi ngòi ngói ngon ngọn ngộn ngông ngọt ngốt ngũ ngủ ngụ ngữ ngự ngư ngừ ngưng
ngừng ngựa ngứa ngửa ngược người ngươi nguồn nguyên nguyện nguyễn nguy ngụy nghe nghề nghệ nghèo nghẽo nghêu nghị nghĩ nghi nghỉ nghĩa
nghiêm nghiệm nghiên nghiền nghiện nghiêng nghiệp nghịch nghìn nha nhà nhã nhá nhạc nhắc nhãn nhan nhàn nhạn nhân nhận nhẫn nhấn nhắn
nhăn nhanh nhánh nhành nhảy nháy nhạy nhau nhất nhật nhặt nhạt nhát nhập nhắp nhậm nhầm nhằm nhắm nhẹ nhé nhện nhì nhí nhỉ nhị nhĩ nhi
nhiệm nhiễm nhiên nhiệt nhiều nhiễu nhìn nhịn nhịp nho nhỏ nhọ nhổ nhớ nhờ nhỡ nhóm nhòm nhơn nhọn nhọt nhu nhú nhũ nhủ như nhử nhứ
nhưng những nhung nhựa nhượng nhường ni nỉ niềm niêm niệm niên niết ninh nịnh nó no nỏ nợ nở nỡ nơ nổ nỗ nộ nô nóc nọc nói nòi nội nối
nổi nồi nôi nơi nới nón non nòn nôn nông nồng nóng nộp nốt nữ nụ nửa nữa nứa núi nung nũng nước nướng nương nuôi nuốt nút o ó ò ô ồ ổ ố
ơ ở ờ oan oai oanh ong ông ốc ôi ơn ổn ôn ồn ốm ôm pha phà phá phả phạm phẩm phàm phản phán phân phần phận phấn phang phẳng phạt phát
phất phật phí phi phì phỉ phe phế phê phép phía phiếm phiên phiền phiến phiếu phim phò phó phổ phố phở phòng phong phóng phỏng phông
phối phổi phôi phơi phù phú phủ phụ phu phức phúc phục phùng phụng phượng phương phường phước phút qua quả quá quà quạ quạch quách quái
quai quải quan quán quản quân quần quận quàn quanh quảng quang quãng quạt quật quất quay quây quầy quấy quậy que quẻ quê quế quen quên
quét quốc quy quý quỹ quỷ quỳ quyền quyết quyển quyến quỳnh ra rá rà rạ rác rạc rạch rách rắc rắn rán răn rần rằng răng ràng rang rạng
rãnh rành ranh rao ráo rào rạo rạp ráp rát rất rau râu rầu ráy rầy rẽ rẻ rè rễ rể rên rèn reo rét rệt rêu rì rỉ rìa riêng rình rò rõ rổ
rộ rô rơ rờ rợ rốt rót rơi rồi rời rối rỗi rong rộng rồng rỗng ru rủ rú rừ rừng rực rút rụng rửa rưa rưỡi rượu ruộng ruột ruồi sa sá sà
sả sạ sách sạch sắc sai sài sải sam sâm sầm sấm sắm sẫm sản sàn sạn sán san săn sắn sẵn sân sần sang sáng sàng sảng sanh sánh sành sao
sáo sào sạo sáp sắp sập sát sắt sặc sau sáu sâu sầu sấu sậu say sấy sẩy sảy se sẽ sẻ sen sén sên sét sẹo sỉ sĩ si sinh sĩnh so sò sọ sổ
số sở sỡ sơ sờ sợ sóc sọc sói soi sỏi sôi sổi sơn son sòn sớm sóng sông sống song sòng sót sốt su sú sứ sử sự sư sữ sữa sửa sưa sức súc
sung súng sừng sưng sương sướng sườn suất suy suối suốt ta tá tạ tà tả tác tạc tắc tách tai tài tại tái tải tám tạm tam tàm tâm tầm tấm
tẩm tắm tăm tan tán tàn tản tân tấn tần tận tang tàng tảng tặng tằng tăng tầng táng tanh tánh tạnh tảo tao táo tạo tào tập tấp tạp tắp
tát tắt tất tật tàu tâu tậu tay tây tấy tày tẩy te tẻ té tê tế tề tệ tên tến tết tép tha thả thà thác thạc thắc thạch thách thái thai
thải thám tham thảm thâm thấm thẩm thầm thắm thăm than thán thản thân thận thần thằn thang tháng thắng thẳng thăng thành thánh thanh
thạnh thảnh thao thảo tháo thạo thấp tháp thắp thập thất thật thắt thạt thau thấu thầu thây thấy thầy thay the thẻ thẹ thế thể thề thê
thêm thèm then thép thét thi thí thị thì thỉ thích thiếc thiêng thiên thiện thiền thiến thiết thiệt thiệu thiếu thiểu thiêu thím thịnh
thình thính thỉnh thịt tho thó thò thọ thỏ thô thổ thố thơ thờ thợ thở thớ thoa thỏa thoát thoại thoải thoáng thoảng thoi thói thôi thối
thổi thời thới thơm thôn thốn thông thống thóc thu thú thù thủ thụ thư thứ thử thừ thự thua thùa thừa thưa thửa thuần thuận thuật thúc
thục thức thực thuế thuê thuở thung thùng thuốc thuộc thủng thưởng thường thương thượng thướng thước thuyền thuyết thúy thủy thụy thùy
ti tí tị tì tỉ tỷ tý ty tia tìa tích tịch tiếc tiệc tiếp tiết tiệt tiêm tiệm tiềm tiên tiến tiền tiện tiễn tiếng tiêu tiểu tiều tiệu tìm
tím tim tin tín tịn tình tính tỉnh tinh tĩnh tịnh tít to tò tó tổ tố tộ tô tờ tớ tơ tỏ tọa tòa tỏa toa toán toàn toạn toát tóc tọc tộc
tốc tôi tối tội tồi tới tời tỏi tòi tôm tóm tốn tồn tôn tông tổng tống tòng tong tốt tột tra trà trả trá trạ trách trạch trai trái trại
trải trạm tràm trầm trăm trâm trấn trận trần trân trán tràn trang tràng trạng tráng trắng trăng tranh tránh trao tráo trào trảo trật
trắc trầu trâu trấu tre trẻ trễ trê trên trệt treo trèo tri trí trị trì trích triển triệu triều triết triệt trìn trinh trình trính trĩnh
trọ trò tró trở trợ trớ trời trồi trôi trội tròn trọn trôn trốn trộn trong trọng trồng trống tròng trông trụ trú trù trư trữ trừ trứ
trùng trung trúng trứng trưng trừng trước trường trưởng trương trướng trượng trượt tru truy truyền truyện truyến tu tú tù tủ tụ từ tử tư
tứ tự tua tuần tuân tuấn tục túc tức tuệ tuế tui túi tủi tùng tung túng tụng từng tưng tước tuốc tươi tưới tượng tường tương tưởng tuổi
tuồng tuyên tuyến tuyền tuyển tuyết tuyệt túy tùy tụy tủy u ú ù ủ ừ ư ưa ức ung ủng ứng ưng ước uống uốn ướt ưu ương ươm ủy úy va và vá
vả vạ vác vách vạch vặc vai vài vải vãi vái vại văn vận vân vẫn vấn vần vẩn vạn ván vãn van vắn vặn vàng vang váng vãng vâng vắng vằng
vành vanh vào vạo vắt vật vặt vạt vay váy vảy vậy vây vẫy vẩy ve vẻ vé vẽ vè về vế vệ vẹn ven vén vi ví vị vì vĩ việc viếc viêm viếm
viên viện viễn viền viết việt vinh vĩnh vịnh vịt vỏ vò vó vọ vỗ vô vồ vỡ vợ vớ vờ vở vòi voi vôi với vời vợi vội vối vòm vốn vòng vọng
võng vong vóc võ vu vú vụ vũ vù vứ vua vừa vữa vùa vựa vui vùi vùng vững vụng vượn vườn vươn vướng vương vượng vượt xa xá xã xà xạ xả
xác xạc xách xài xảy xanh xao xáo xào xấu xâu xâm xấp xát xắt xăng xẳng xe xé xẻ xế xem xen xét xí xì xị xỉ xin xinh xịt xo xỏ xó xô xổ
xốc xoa xóa xòa xoài xoay xóm xong xông xôi xối xới xu xù xú xứ xử xưa xuân xuất xúc xung xứng xương xưởng xướng xuống xuồng y ý ỷ yên
yến yêu yếu yểu
"""


@lru_cache(maxsize=1)
def _by_folding() -> Mapping[str, tuple[str, ...]]:
    alike: dict[str, dict[str, str]] = {}
    for syllable in _SYLLABLES.split():
        alike.setdefault(fold_marks(normal(syllable)), {}).setdefault(normal(syllable), syllable)
    return {folding: tuple(spellings.values()) for folding, spellings in alike.items()}


def common_readings(syllable: str) -> tuple[str, ...]:
    """The common syllables, each in one spelling, that `syllable` may stand for when marks make no difference."""
    return _by_folding().get(fold_marks(normal(syllable)), ())
