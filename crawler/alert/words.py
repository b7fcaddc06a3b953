"""What canhbao says in its mails, in each language it speaks. `{}` fields are filled by `str.format`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What an `operator.<kind>` event means, and what the operator can do about it."""

    headline: str
    what_to_do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    topics: str
    section: str
    author: str
    late: str
    why: str
    because_of: str
    found: str
    others: str
    open_article: str
    no_date: str
    with_time: str
    """strftime: the time is known to the minute."""
    only_day: str
    """strftime: only the day is known."""
    digest_subject: str
    digest_head: str
    late_mark: str
    operator_subject: str
    mute: str
    mute_operator: str
    what_to_do: str
    detail: str
    sent_by: str
    fields: Mapping[str, str]
    """The fields of an article, as a reader calls them."""
    unknown_kind: Advice
    kinds: Mapping[str, Advice]


VI = Words(
    topics="Chủ đề",
    section="Mục",
    author="Tác giả",
    late="Tin muộn: bài này chỉ được tìm thấy hơn 24 giờ sau khi đăng, hoặc khi đọc lại các bài cũ.",
    why="Vì sao bạn nhận được thư này",
    because_of="Chủ đề “{}”",
    found="có “{reason}” trong {field}",
    others="Các báo khác cùng đăng tin này",
    open_article="Đọc bài trên báo",
    no_date="không rõ thời gian đăng",
    with_time="%d/%m/%Y %H:%M (giờ Việt Nam)",
    only_day="%d/%m/%Y",
    digest_subject="Tổng hợp {n} tin: {topics}",
    digest_head="{n} tin mới theo các chủ đề bạn theo dõi.",
    late_mark="tin muộn",
    operator_subject="Vận hành: {}",
    mute=(
        "Không muốn nhận thư về chủ đề này nữa? Hãy trả lời thư này cho người quản trị. Người quản trị bỏ “{channel}” khỏi mục alert: "
        "của chủ đề {watches} trong watches.yaml, hoặc bỏ địa chỉ của bạn khỏi mục to: của kênh “{channel}” trong canhbao.yaml."
    ),
    mute_operator="Thư này gửi cho người quản trị. Để thôi nhận, bỏ “{channel}” khỏi mục operator: trong canhbao.yaml.",
    what_to_do="Cần làm gì",
    detail="Chi tiết kỹ thuật",
    sent_by="Thư tự động của {name}, gửi tới {recipient}.",
    fields={
        "title": "tiêu đề",
        "lead": "phần mở đầu",
        "text": "nội dung",
        "captions": "chú thích ảnh",
        "caption": "chú thích ảnh",
        "author": "tên tác giả",
        "section": "tên chuyên mục",
        "tags": "từ khóa",
        "tag": "từ khóa",
    },
    unknown_kind=Advice(
        headline="canhbao cần được xem lại",
        what_to_do="Chạy `canhbao stats` và `canhbao alerts list` để xem tình trạng, rồi xem nhật ký của dịch vụ.",
    ),
    kinds={
        "test": Advice(headline="Thư thử", what_to_do="Không cần làm gì: kênh này hoạt động."),
        "link_parked": Advice(
            headline="Một trang báo không đọc được do lỗi của canhbao",
            what_to_do="Đã thử ba lần và tạm gác trang này; các trang khác vẫn được đọc. Hãy gửi phần chi tiết cho người phát triển.",
        ),
        "source_parked": Advice(
            headline="Một nguồn tin bị gác lại do lỗi của canhbao",
            what_to_do="Đã thử ba lần và gác nguồn này; các nguồn khác vẫn chạy. Hãy gửi phần chi tiết cho người phát triển.",
        ),
        "source_failing": Advice(
            headline="Một nguồn tin không đọc được",
            what_to_do=(
                "canhbao vẫn tiếp tục thử, nhưng trong lúc này không có tin nào từ nguồn này. Mở địa chỉ bên dưới trong trình duyệt: "
                "nếu báo đã đổi địa chỉ, sửa nguồn trong tệp của báo; `canhbao stats` cho biết tình trạng mọi nguồn."
            ),
        ),
        "source_quiet": Advice(
            headline="Một nguồn tin im lặng lâu hơn thường lệ",
            what_to_do=(
                "Nguồn này vẫn trả lời nhưng không có tin mới, trong khi theo nhịp thường ngày lẽ ra đã có. Mở địa chỉ bên dưới trong trình "
                "duyệt: nếu báo vẫn đăng bài, có thể trang hoặc nguồn tin đã đổi; nếu là ngày nghỉ thì không cần làm gì."
            ),
        ),
        "source_recovered": Advice(
            headline="Một nguồn tin đã hoạt động trở lại",
            what_to_do="Không cần làm gì. Những bài đăng trong lúc gián đoạn mà nguồn còn giữ đang được đọc bù.",
        ),
        "source_gaps": Advice(
            headline="Một nguồn tin có thể đã bị sót bài",
            what_to_do=(
                "Nhiều lần liền, danh sách của nguồn này đã đổi hết giữa hai lần đọc. canhbao đọc bù các trang cũ hơn hoặc sơ đồ trang, và hỏi "
                "nguồn này thường xuyên hơn. Nếu vẫn lặp lại: giảm min_s của nguồn, hoặc thêm sơ đồ trang (sitemap) vào tệp của báo."
            ),
        ),
        "rules_broken": Advice(
            headline="Trang của một báo đã đổi: quy tắc đọc bài không còn khớp",
            what_to_do=(
                "Không bài nào bị mất: canhbao đọc các bài này bằng cách đọc chung, và đánh dấu chúng là đọc kém (degraded). Chạy `canhbao repair` với "
                "mã của báo để có quy tắc mới, ghi vào thư mục báo của bạn bằng --write, rồi `canhbao reprocess` để đọc lại các bài đã đánh dấu. "
                "Khi quy tắc khớp trở lại sẽ có một thư báo."
            ),
        ),
        "rules_mended": Advice(
            headline="Quy tắc đọc bài của một báo đã khớp trở lại",
            what_to_do="Các bài mới lại được đọc đầy đủ. Chạy `canhbao reprocess` nếu chưa đọc lại các bài đọc kém trong lúc gián đoạn.",
        ),
        "everything_silent": Advice(
            headline="Quá nửa số nguồn tin không có tin",
            what_to_do=(
                "Hãy kiểm tra kết nối mạng, DNS và đồng hồ của máy chạy canhbao trước; nếu là ngày lễ thì không cần làm gì. "
                "`canhbao stats` cho biết tình trạng mọi nguồn. Sẽ không có thư riêng cho từng nguồn."
            ),
        ),
        "everything_back": Advice(
            headline="Đa số nguồn tin đã hoạt động trở lại",
            what_to_do="Không cần làm gì. Nguồn nào còn lỗi sẽ được báo riêng.",
        ),
        "was_offline": Advice(
            headline="Máy chạy canhbao đã mất kết nối mạng",
            what_to_do=(
                "Trong khoảng thời gian dưới đây không báo nào trả lời, nên canhbao coi là máy này mất mạng và không trách báo nào. Việc đọc "
                "báo tiếp tục ngay khi có mạng lại, các bài trong lúc đó mà nguồn còn giữ được đọc bù. Nếu hay lặp lại, hãy kiểm tra mạng và DNS "
                "của máy; `http.probe_url` giúp phân biệt rõ hơn."
            ),
        ),
        "disk_filling": Advice(
            headline="Cơ sở dữ liệu đã dùng hơn 80 % dung lượng cho phép",
            what_to_do=(
                "Khi đầy, canhbao xóa dần các trang gốc cũ nhất; bài viết, kết quả khớp và tin báo không bao giờ bị xóa. Nếu ổ đĩa còn chỗ, tăng "
                "`retention.disk_max_gb`; nếu không, giảm `retention.raw_days`. `canhbao stats` cho biết các trang gốc chiếm bao nhiêu."
            ),
        ),
        "disk_over": Advice(
            headline="Cơ sở dữ liệu vượt dung lượng cho phép dù không còn trang gốc nào",
            what_to_do=(
                "Mọi trang gốc đã bị xóa, riêng bài viết đã cần nhiều chỗ hơn `retention.disk_max_gb`. canhbao vẫn chạy và không xóa bài nào; hãy "
                "tăng giới hạn này nếu ổ đĩa còn chỗ, hoặc chuyển cơ sở dữ liệu sang ổ lớn hơn."
            ),
        ),
        "delivery_parked": Advice(
            headline="Một cảnh báo không gửi được do lỗi của canhbao",
            what_to_do="Đã thử ba lần và gác lại; các cảnh báo khác vẫn được gửi. Khi lỗi đã sửa, gửi lại bằng `canhbao alerts replay`.",
        ),
        "delivery_dead": Advice(
            headline="Có cảnh báo không gửi được",
            what_to_do=(
                "Cảnh báo được giữ lại, không mất. Sửa nguyên nhân bên dưới, rồi xem `canhbao alerts list --state dead` "
                "và gửi lại bằng `canhbao alerts replay`."
            ),
        ),
        "channel_disabled": Advice(
            headline="Nơi nhận đã yêu cầu ngừng gửi (HTTP 410)",
            what_to_do=(
                "Kênh này đã tắt. Sửa hoặc xóa kênh trong canhbao.yaml: sửa cấu hình sẽ bật lại kênh, "
                "sau đó gửi lại các cảnh báo đã giữ bằng `canhbao alerts replay`."
            ),
        ),
        "channel_refusing": Advice(
            headline="Một kênh từ chối mọi cảnh báo",
            what_to_do="Mười lần liền cùng một lý do. Hãy kiểm tra địa chỉ, khóa và nơi nhận của kênh; canhbao vẫn tiếp tục thử lại.",
        ),
        "config_rejected": Advice(
            headline="Cấu hình mới có lỗi, cấu hình cũ vẫn được dùng",
            what_to_do="Sửa những dòng nêu dưới đây. `canhbao check` liệt kê mọi lỗi cùng lúc.",
        ),
    },
)

EN = Words(
    topics="Topics",
    section="Section",
    author="Author",
    late="Late: this article was found more than 24 hours after it was published, or when old articles were read again.",
    why="Why you receive this mail",
    because_of="Topic “{}”",
    found="“{reason}” in the {field}",
    others="Other portals that carry this story",
    open_article="Read it at the newspaper",
    no_date="publication time unknown",
    with_time="%Y-%m-%d %H:%M (Vietnam time)",
    only_day="%Y-%m-%d",
    digest_subject="Digest of {n} stories: {topics}",
    digest_head="{n} new stories on the topics you follow.",
    late_mark="late",
    operator_subject="Operation: {}",
    mute=(
        "No longer want mail on this topic? Reply to this mail to tell the operator. The operator removes “{channel}” from alert: "
        "of the watch {watches} in watches.yaml, or your address from to: of the channel “{channel}” in canhbao.yaml."
    ),
    mute_operator="This mail is for the operator. To stop it, remove “{channel}” from operator: in canhbao.yaml.",
    what_to_do="What to do",
    detail="Technical detail",
    sent_by="Sent automatically by {name} to {recipient}.",
    fields={
        "title": "title",
        "lead": "lead",
        "text": "text",
        "captions": "captions",
        "caption": "caption",
        "author": "author",
        "section": "section",
        "tags": "tags",
        "tag": "tag",
    },
    unknown_kind=Advice(
        headline="canhbao wants to be looked at",
        what_to_do="Run `canhbao stats` and `canhbao alerts list` to see how things stand, then read the service's log.",
    ),
    kinds={
        "test": Advice(headline="Test message", what_to_do="Nothing: this channel works."),
        "link_parked": Advice(
            headline="A page could not be read because of a bug in canhbao",
            what_to_do="It was tried three times and set aside; all other pages go on. Please send the detail below to the developers.",
        ),
        "source_parked": Advice(
            headline="A source was set aside because of a bug in canhbao",
            what_to_do="It was tried three times; all other sources go on. Please send the detail below to the developers.",
        ),
        "source_failing": Advice(
            headline="A source cannot be read",
            what_to_do=(
                "canhbao goes on trying, but until it succeeds nothing comes from this source. Open the address below in a browser: "
                "if the portal has moved it, correct the source in the portal's file; `canhbao stats` shows how all sources do."
            ),
        ),
        "source_quiet": Advice(
            headline="A source has been silent for longer than usual",
            what_to_do=(
                "It answers, but shows nothing new, although its own rhythm says that it should. Open the address below in a browser: "
                "if the portal goes on publishing, its page or feed has changed; if it is a holiday, nothing is to be done."
            ),
        ),
        "source_recovered": Advice(
            headline="A source is back",
            what_to_do="Nothing. Articles of the time in between that the source still shows are being read now.",
        ),
        "source_gaps": Advice(
            headline="A source may have lost articles",
            what_to_do=(
                "Several times its whole list had changed between two polls. canhbao reads its older pages or the portal's sitemap, and asks it "
                "more often. If it goes on: lower the source's min_s, or add the sitemap to the portal's file."
            ),
        ),
        "rules_broken": Advice(
            headline="The pages of a portal have changed: its rules no longer fit",
            what_to_do=(
                "No article is lost: canhbao reads these pages as those of an unknown portal, and marks the articles degraded. Run `canhbao repair` with "
                "the portal's id for new rules, put them into your own folder of portals with --write, then run `canhbao reprocess` to read the "
                "marked articles again. When the rules fit again, one mail says so."
            ),
        ),
        "rules_mended": Advice(
            headline="The rules of a portal fit again",
            what_to_do="New articles are read in full again. Run `canhbao reprocess` if the degraded ones have not been read again yet.",
        ),
        "everything_silent": Advice(
            headline="More than half of the sources give nothing",
            what_to_do=(
                "Look first at the network, DNS and clock of the machine that runs canhbao; on a holiday nothing is to be done. "
                "`canhbao stats` shows how all sources do. There will be no mail for each of them."
            ),
        ),
        "everything_back": Advice(
            headline="Most sources are back",
            what_to_do="Nothing. Those that still fail are told one by one.",
        ),
        "was_offline": Advice(
            headline="The machine of canhbao was offline",
            what_to_do=(
                "In the time below no portal answered, so canhbao took it for an outage of this machine and blamed none of them. Reading went "
                "on as soon as the network was back, with what the sources still show of the meantime. If it happens often, look at this "
                "machine's network and DNS; `http.probe_url` makes the distinction surer."
            ),
        ),
        "disk_filling": Advice(
            headline="The database uses more than 80 % of the room it may take",
            what_to_do=(
                "When that is used up the oldest raw pages are dropped; articles, matches and messages never are. If the disk has room, raise "
                "`retention.disk_max_gb`; else lower `retention.raw_days`. `canhbao stats` says how much the raw pages take."
            ),
        ),
        "disk_over": Advice(
            headline="The database needs more room than it may take, although no raw page is left",
            what_to_do=(
                "All raw pages are gone, and the articles alone need more than `retention.disk_max_gb`. canhbao goes on and drops no article; "
                "raise the limit if the disk has room, or move the database to a larger one."
            ),
        ),
        "delivery_parked": Advice(
            headline="An alert could not be sent because of a bug in canhbao",
            what_to_do=(
                "It was tried three times and set aside; all other alerts go on. Once the bug is fixed, send it with `canhbao alerts replay`."
            ),
        ),
        "delivery_dead": Advice(
            headline="Alerts could not be delivered",
            what_to_do=(
                "They are kept, not lost. Mend the cause below, look at `canhbao alerts list --state dead` "
                "and send them again with `canhbao alerts replay`."
            ),
        ),
        "channel_disabled": Advice(
            headline="A receiver asked us to stop (HTTP 410)",
            what_to_do=(
                "The channel is disabled. Edit or remove it in canhbao.yaml: an edited channel is enabled again, "
                "then `canhbao alerts replay` sends what was kept."
            ),
        ),
        "channel_refusing": Advice(
            headline="A channel refuses every alert",
            what_to_do="Ten times in a row for the same reason. Check its address, its secret and the receiver; canhbao goes on trying.",
        ),
        "config_rejected": Advice(
            headline="The new configuration has mistakes, the old one stays in force",
            what_to_do="Correct the lines below. `canhbao check` lists all mistakes at once.",
        ),
    },
)

WORDS: Mapping[str, Words] = {"vi": VI, "en": EN}
