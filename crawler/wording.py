"""What the terminal says, in Vietnamese and English. Mails have their own words: `crawler.alert.words`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

from config.suggest import MAX_LISTED, nearest
from crawler.model import VIETNAM

Language = Literal["vi", "en"]

WORDS: dict[str, tuple[str, str]] = {
    # stats
    "sources": ("Nguồn tin", "Sources"),
    "source": ("nguồn", "source"),
    "state": ("tình trạng", "state"),
    "last answer": ("trả lời", "answered"),
    "last new": ("có bài mới", "had news"),
    "overlap": ("trùng", "overlap"),
    "quiet": ("im lặng bất thường", "unusually quiet"),
    "gaps": ("Danh sách đã đổi hết giữa hai lần hỏi", "Lists that turned over between two polls"),
    "last gap": ("lần cuối", "last"),
    "caught": ("đọc bù", "caught up"),
    "not closed": ("không bù được", "not closed"),
    "next poll": ("hỏi lại", "next try"),
    "open": ("chờ đọc", "to read"),
    "done": ("đã đọc", "read"),
    "errors": ("Lỗi của nguồn tin", "Failing sources"),
    "error": ("lỗi", "error"),
    "ok": ("tốt", "ok"),
    "new": ("chưa hỏi", "not asked yet"),
    "failing": ("lỗi {n} lần", "failing: {n}"),
    "parked": ("tạm dừng", "parked"),
    "offline": ("mất mạng", "offline"),
    "inactive": ("đã bỏ", "removed"),
    "failure dns": ("không tìm thấy tên miền, hoặc máy này mất mạng", "no such host name, or this machine is offline"),
    "failure refused": ("máy chủ của báo từ chối kết nối", "the connection was refused"),
    "failure tls": ("chứng thư TLS của báo có vấn đề", "TLS trouble"),
    "failure timeout": ("quá lâu không trả lời", "no whole answer in time"),
    "failure reset": ("kết nối bị cắt giữa chừng", "the connection broke"),
    "failure truncated": ("trả lời bị cụt", "the answer was cut short"),
    "failure throttled": ("báo yêu cầu hỏi thưa hơn", "asked to come less often"),
    "failure not-found": ("trang không còn ở địa chỉ này", "no longer at this address"),
    "failure blocked": ("bị chặn", "blocked"),
    "failure not-a-feed": ("không phải nguồn tin RSS", "not a feed"),
    "failure empty": ("không có liên kết nào: trang đã thay đổi?", "no link in it: has the page changed?"),
    "failure robots-unreachable": ("không đọc được robots.txt", "robots.txt cannot be read"),
    "failure http-4xx": ("báo từ chối: {why}", "refused: {why}"),
    "failure http-5xx": ("máy chủ của báo bị lỗi: {why}", "their server has an error: {why}"),
    "failure redirect": ("chuyển hướng sai: {why}", "a redirect that is not followed: {why}"),
    "failure content-type": ("sai loại nội dung: {why}", "the wrong kind of content: {why}"),
    "failure too-large": ("quá lớn: {why}", "too large: {why}"),
    "failure bad-encoding": ("không giải nén được: {why}", "cannot be unpacked: {why}"),
    "failure protocol": ("trả lời sai chuẩn HTTP: {why}", "no proper HTTP: {why}"),
    "failure guarded": ("không được phép hỏi: {why}", "not allowed to be asked: {why}"),
    "failure proxy": ("proxy không dùng được: {why}", "the proxy does not work: {why}"),
    "failure offline": ("máy này mất mạng", "this machine is offline"),
    "contracts": ("Các trang có đủ những gì ({n} trang gần nhất; trước đó)", "What pages give (the last {n}; before)"),
    "contract title": ("tiêu đề", "title"),
    "contract text": ("nội dung", "text"),
    "contract published": ("ngày đăng", "date"),
    "contract author": ("tác giả", "author"),
    "contract degraded": ("đọc kém", "degraded"),
    "contract broken": ("quy tắc không khớp từ {at}: {clauses}", "rules do not fit since {at}: {clauses}"),
    "totals": (
        "{articles} bài, {stories} chuyện ({copies} bài chép lại), {links} liên kết",
        "{articles} articles, {stories} stories ({copies} copies), {links} links",
    ),
    "links": ("Liên kết", "Links"),
    "link open": ("chờ đọc", "open"),
    "link done": ("đã đọc", "done"),
    "link skipped": ("bỏ qua", "skipped"),
    "link failed": ("lỗi", "failed"),
    "link gone": ("đã gỡ", "gone"),
    "link done new": ("bài mới", "new"),
    "link done revised": ("bài có sửa", "revised"),
    "link done duplicate": ("bài đã có", "duplicate"),
    "portal": ("báo", "portal"),
    "reason": ("lý do", "reason"),
    "number": ("số lượng", "number"),
    "watches": ("Chủ đề theo dõi", "Watches"),
    "watch": ("chủ đề", "watch"),
    "matches": ("bài khớp", "matching articles"),
    "messages": ("Tin báo", "Messages"),
    "channel": ("kênh", "channel"),
    "nothing stored": (
        "Chưa có gì trong cơ sở dữ liệu. Chạy: canhbao run (hoặc canhbao demo để xem thử, không cần mạng).",
        "Nothing stored yet. Run: canhbao run (or canhbao demo to see it work without a network).",
    ),
    "late": ("Quá hạn hơn 10 phút", "Overdue by more than 10 minutes"),
    "late source": ("nguồn tin", "source"),
    "late delivery": ("tin báo", "message"),
    "kind": ("loại", "kind"),
    "which": ("tên", "which"),
    "due": ("hạn", "was due"),
    "more late": ("… và {n} mục khác.", "… and {n} more."),
    "nothing late": ("Không có gì quá hạn.", "Nothing is overdue."),
    # alerts
    "id": ("mã", "id"),
    "recipient": ("người nhận", "recipient"),
    "created": ("tạo lúc", "created"),
    "tries": ("lần gửi", "tries"),
    "about": ("nội dung", "about"),
    "no messages": ("Không có tin báo nào.", "No messages."),
    "pending": ("chờ gửi", "pending"),
    "sending": ("đang gửi", "sending"),
    "retry": ("sẽ gửi lại", "retry"),
    "delivered": ("đã gửi", "delivered"),
    "dead": ("không gửi được", "dead"),
    "unknown message": ("Không có tin báo nào mang mã {id}.", "No message has the id {id}."),
    "replay what": (
        "Gửi lại tin nào? Ghi mã của tin (xem: canhbao alerts list), hoặc --dead cho mọi tin không gửi được.",
        "Send which again? Give its id (see: canhbao alerts list), or --dead for all that failed for good.",
    ),
    "replayed": (
        "{n} tin báo sẽ được gửi lại, cùng nội dung và cùng mã, khi canhbao đang chạy.",
        "{n} messages will be sent again, same bytes and same id, as soon as the daemon runs.",
    ),
    "nothing to replay": ("Không có gì để gửi lại.", "Nothing to send again."),
    "test sent": ("Kênh {channel} đã nhận tin thử.", "Channel {channel} took the test message."),
    "test failed": ("Kênh {channel} không nhận tin thử: {why}", "Channel {channel} did not take the test message: {why}"),
    "unknown channel": ("Không có kênh {channel}. Các kênh: {known}.", "There is no channel {channel}. Channels: {known}."),
    # search, watch test, explain
    "found": ("{n} bài.", "{n} articles."),
    "found at least": ("{n} bài đầu tiên; xem thêm: --limit.", "The first {n} articles; for more: --limit."),
    "did you mean": ("có phải {name}?", "did you mean {name}?"),
    "one of": ("{names}", "{names}"),
    "one of many": ("{names} và {n} tên khác", "{names} and {n} more"),
    "one of none": ("chưa có gì", "none"),
    "unknown watch": ("Không có chủ đề {id} ({advice}).", "There is no watch {id} ({advice})."),
    "unknown portal": ("Không có báo {id} ({advice}).", "There is no portal {id} ({advice})."),
    "unknown province": ("{name} không phải tên tỉnh ({advice}).", "{name} is no province ({advice})."),
    "test what": (
        "Thử gì? Ghi mã của chủ đề, hoặc --query với một câu tìm.",
        "Test what? Give the id of a watch, or --query with a query.",
    ),
    "text found": ("khớp", "matches"),
    "text not found": ("không khớp", "does not match"),
    "judging": ("Đang xét", "Judging"),
    "estimate": (
        "Ước chừng {n_expected} bài khớp trong {n_candidates} bài cần xét (thử trước {n_sampled} bài).",
        "About {n_expected} of {n_candidates} candidates will match (from a sample of {n_sampled}).",
    ),
    "by day": ("Số bài theo ngày", "Articles by day"),
    "by week": ("Số bài theo tuần (từ thứ hai)", "Articles by week (from Monday)"),
    "by month": ("Số bài theo tháng", "Articles by month"),
    "by portal": ("Số bài theo báo", "Articles by portal"),
    "more found": ("… và {n} bài khớp nữa (--json: tất cả)\n", "… and {n} more that match (--json: all)\n"),
    "more removed": ("… và {n} bài bị bớt nữa (--json: tất cả)\n", "… and {n} more that are lost (--json: all)\n"),
    "backtest": ("{found} bài khớp (đã xét {judged} bài).", "{found} articles match ({judged} were judged)."),
    "backtest changes": (
        "So với trước: thêm {added} bài (+), bớt {removed} bài (−).",
        "Compared with before: {added} more (+), {removed} fewer (−).",
    ),
    "raised": (
        "{n} tin báo muộn sẽ được gửi gộp, khi canhbao đang chạy.",
        "{n} late alerts will be sent in one digest, as soon as the daemon runs.",
    ),
    "would raise": (
        "Nếu báo (--alert, không có --dry-run): {n} bài chưa từng báo, gộp trong {messages} tin gửi tới {readers}.",
        "With --alert and without --dry-run: {n} articles not told before, bundled in {messages} messages to {readers}.",
    ),
    "would raise nothing": ("Không còn gì để báo: bài nào khớp cũng đã được báo.", "Nothing to raise: whatever matches was told before."),
    "backtest stopped": ("Đã dừng trước khi xét hết.", "Stopped before all were judged."),
    "never seen": (
        "Chưa từng thấy {url} trong nguồn tin nào.",
        "{url} was never seen in any source.",
    ),
    "not an article": (
        "{url} chưa thành bài: {state} (thấy lần đầu {at}).",
        "{url} is no stored article: {state} (first seen {at}).",
    ),
    "explain yes": ("✓ Khớp với chủ đề {name}", "✓ Matches the watch {name}"),
    "explain no": ("✗ Không khớp với chủ đề {name}", "✗ Does not match the watch {name}"),
    "explain told": ("Đã có tin báo về bài này.", "An alert was raised for it."),
    "explain untold": (
        "Không có tin báo: bài có trước khi canhbao theo dõi nguồn này, do backfill đọc lại, hoặc được đọc khi chủ đề chưa như bây giờ.",
        "No alert was raised: it is older than our watch over its source, came by a backfill, or was read before the watch was as it is now.",
    ),
    "explain disabled": ("Chủ đề này đang tắt (enabled: false).", "The watch is switched off (enabled: false)."),
    "scope portals": ("báo {has} không thuộc: {wanted}", "portal {has} is none of: {wanted}"),
    "scope provinces": ("tỉnh {has} không thuộc: {wanted}", "province {has} is none of: {wanted}"),
    "scope sections": ("chuyên mục {has} không thuộc: {wanted}", "section {has} is none of: {wanted}"),
    "demand at_least": ("{has} trong {wanted} lần nhắc cần có (at_least)", "{has} of {wanted} mentions (at_least)"),
    "demand min_score": ("điểm {has}, cần {wanted} (min_score)", "score {has} of {wanted} (min_score)"),
    "demand within_first": (
        "lần nhắc đầu tiên ở chữ thứ {has}, xét {wanted} chữ đầu và tiêu đề (within_first)",
        "first mention at word {has}; the first {wanted} and the title count (within_first)",
    ),
    "demand within_first none": (
        "không được nhắc trong phần mở đầu và phần chính; xét {wanted} chữ đầu và tiêu đề (within_first)",
        "not mentioned in lead and text; the first {wanted} words and the title count (within_first)",
    ),
    "term found": ("có {n} chỗ", "found {n} times"),
    "term holds": ("đúng", "holds"),
    "term missing": ("không có", "not found"),
    "term unwanted": (" (không được có)", " (must not occur)"),
    "more places": ("… và {n} chỗ nữa", "… and {n} more places"),
    "nearest": ("gần nhất: {place} ({why})", "nearest: {place} ({why})"),
    "why punctuation": ("bị dấu câu ngăn", "parted by punctuation"),
    "why marks": ("khác dấu", "other marks"),
    "why words": ("khác chữ", "other words"),
    "why late": ("bắt đầu ở chữ thứ {n} của bài", "begins at word {n}"),
    "why field": ("ở phần {field}", "stands in {field}"),
    # check
    "config fine": (
        "Cấu hình tốt: {path}\n  {asked}/{portals} báo được theo dõi ({by_rules} báo có quy tắc đọc riêng, các báo khác đọc theo cách chung)\n  {sources} nguồn, {watches} chủ đề, {channels} kênh\n  Cơ sở dữ liệu: {database}",
        "The configuration is fine: {path}\n  {asked} of {portals} portals are asked ({by_rules} by rules, the others by generic extraction)\n  {sources} sources, {watches} watches, {channels} channels\n  Database: {database}",
    ),
    "remarks": ("Nên xem lại {n} điều trong các chủ đề:", "Worth a look in the watches ({n}):"),
    "warning": ("cảnh báo", "warning"),
    "note": ("lưu ý", "note"),
    # run
    "nothing reached": (
        "Không nguồn nào trả lời ({n}/{n}). Máy có kết nối mạng không? canhbao vẫn chạy và sẽ thử lại. Xem thử không cần mạng: make demo",
        "No source has answered ({n} of {n}). Is this machine online? canhbao keeps running and tries again. To see it work without a network: make demo",
    ),
    "nothing reached once": (
        "Không nguồn nào trả lời ({n}/{n}). Máy có kết nối mạng không? Xem thử không cần mạng: make demo",
        "No source has answered ({n} of {n}). Is this machine online? To see it work without a network: make demo",
    ),
    "once left over": (
        "{n} việc đến hạn chưa làm được; lý do ở các dòng trên. Lần chạy sau sẽ làm tiếp.",
        "{n} things that were due could not be done; the lines above say why. The next pass takes them up.",
    ),
    "once done": (
        "Xong: {sources} nguồn đã hỏi, {failing} nguồn lỗi, {open} liên kết còn chờ, {unsent} tin báo chưa gửi.",
        "Done: {sources} sources asked, {failing} failing, {open} links waiting, {unsent} messages unsent.",
    ),
    # discover
    "discover failed": ("Không xem được trang: {why}", "The site cannot be looked at: {why}"),
    "discover exists": (
        "đã có sẵn và được giữ nguyên; dời tệp đi hoặc chọn thư mục khác",
        "exists already and is left as it is; move it away",
    ),
    "discover known": (
        "canhbao đã có sẵn cấu hình cho báo này: {portal}. Tệp mới dùng mã (id) ấy thì sẽ thay cho cấu hình có sẵn.",
        "canhbao already has a portal of this host: {portal}. A file of your own with this id takes its place.",
    ),
    "discover high": (
        "{home}: các bài thử đều đọc được bằng quy tắc đã biết. Xem lại tệp, rồi chạy: canhbao check --live",
        "{home}: all sample articles were read by known rules. Look the file over, then run: canhbao check --live",
    ),
    "discover medium": (
        "{home}: đọc được bài, nhưng chưa có quy tắc chắc chắn. Thử vài bài bằng: canhbao try URL",
        "{home}: articles were read, but not all by known rules. Look at some of them: canhbao try URL",
    ),
    "discover low": (
        "{home}: hầu như không tìm thấy bài nào. Tệp này cần được sửa bằng tay; xem docs/adding-a-portal.md",
        "{home}: hardly an article was found. This file must be edited by hand; see docs/adding-a-portal.md",
    ),
    # backfill
    "backfill since what": (
        "Đọc lại từ ngày nào? Ghi --since 2024-01-01 (hoặc 01/01/2024, 90d, 2y).",
        "Back to which day? Give --since 2024-01-01 (or 01/01/2024, 90d, 2y).",
    ),
    "backfill future": ("{day} chưa tới; ghi một ngày đã qua.", "{day} is still to come; give a day that has passed."),
    "portal disabled": ("Báo {id} đang tắt (enabled: false).", "The portal {id} is switched off (enabled: false)."),
    "backfill new": (
        "{name}: đọc lại các bài từ {since} đến nay, không gửi tin báo.",
        "{name}: reading back to {since}; nobody is alerted.",
    ),
    "backfill further": (
        "{name}: đọc tiếp về trước, đến {since}; bài đã có thì không đọc lại.",
        "{name}: reading further back, to {since}; what was read already is not read again.",
    ),
    "backfill resumed": (
        "{name}: đọc tiếp từ chỗ đã dừng, đến {since}.",
        "{name}: going on where it had ended, back to {since}.",
    ),
    "backfill complete": (
        "{name}: đã đọc xong từ {since}: {n} bài. Để đọc lại từ đầu: --again; để lùi xa hơn: --since với ngày sớm hơn.",
        "{name}: all since {since} is read already: {n} pages. To walk it once more: --again; to reach further back: an earlier --since.",
    ),
    "backfill reach": (
        "Đọc theo {listings} chuyên mục, {feeds} nguồn RSS, {sitemaps} sơ đồ trang (sitemap), và các sitemap ghi trong robots.txt.",
        "By {listings} listings, {feeds} feeds, {sitemaps} sitemaps, and the sitemaps that robots.txt names.",
    ),
    "backfill feeds only": (
        "Báo này chỉ khai báo nguồn RSS: nếu robots.txt không ghi sitemap nào thì chỉ lùi được đến các bài đang có trong RSS.",
        "The file of this portal names feeds only: unless robots.txt names a sitemap, no more is reached than they show now.",
    ),
    "backfill reach more": (
        "Muốn lùi xa hơn, thêm chuyên mục hoặc sitemap vào tệp của báo: canhbao discover {home}",
        "To reach further, add listings or a sitemap to its file: canhbao discover {home}",
    ),
    "backfill by daemon": (
        "canhbao đang chạy và sẽ đọc lại ở nền, sau các bài mới. Ctrl-C chỉ thôi theo dõi.",
        "The daemon is running and reads it in the background, behind what is new. Ctrl-C only stops watching.",
    ),
    "backfill later": (
        "Sẽ được đọc khi canhbao chạy, hoặc chạy lại lệnh này không có --detach.",
        "It is read as soon as the daemon runs, or by this command without --detach.",
    ),
    "backfill line": (
        "{name}: đã đọc {read}/{found}, còn {left}{more} · {time}",
        "{name}: {read} of {found} read, {left}{more} to go · {time}",
    ),
    "backfill lists left": (" (và {n} trang danh sách)", " (and {n} lists)"),
    "backfill about": ("còn khoảng {time}", "about {time} left"),
    "backfill at least": ("còn ít nhất {time}", "at least {time} left"),
    "backfill nearly": ("sắp xong", "nearly done"),
    "backfill stuck": (
        "Đã {minutes} phút không có gì tiến triển. canhbao có đang chạy không? (canhbao stats)",
        "Nothing has moved for {minutes} minutes. Is the daemon running? (canhbao stats)",
    ),
    "backfill done": (
        "{name}: xong. {read} bài từ {since} đến nay; {failed} không đọc được. Xem: canhbao search, canhbao watch test.",
        "{name}: done. {read} pages since {since}; {failed} could not be read. See: canhbao search, canhbao watch test.",
    ),
    "backfill reached": (
        "Bài cũ nhất đọc được là của ngày {at}: các danh sách của báo không cho thấy gì cũ hơn.",
        "The oldest article is of {at}: the lists of this portal show nothing older.",
    ),
    "backfill list failed": ("{n} danh sách không đọc được: {why}", "{n} lists could not be read: {why}"),
    "backfill interrupted": (
        "Đã dừng; không mất gì. Đọc tiếp: chạy lại lệnh này, hoặc canhbao run. Bỏ hẳn: canhbao backfill {portal} --stop",
        "Stopped; nothing is lost. To go on: this command once more, or canhbao run. To give it up: canhbao backfill {portal} --stop",
    ),
    "backfill left over": (
        "Hiện không còn gì đọc được; {n} trang sẽ được thử lại sau {at}: chạy lại lệnh này, hoặc canhbao run.",
        "Nothing more can be read now; {n} pages are tried again after {at}: by this command once more, or by canhbao run.",
    ),
    "backfill goes on": ("canhbao vẫn đọc tiếp ở nền.", "The daemon goes on in the background."),
    "backfill stopped": ("{name}: đã bỏ. Những gì đã đọc vẫn được giữ.", "{name}: given up. What was read is kept."),
    "backfill none": ("{name}: không có lần đọc lại nào đang chạy.", "{name}: no backfill is running."),
    "backfill taken away": (
        "{name}: lần đọc lại này đã bị bỏ, hoặc đã được thay bằng một lần lùi xa hơn.",
        "{name}: this backfill was given up, or one that reaches further took its place.",
    ),
    "backfills": ("Đọc lại tin cũ", "Backfills"),
    "since day": ("từ ngày", "since"),
    "backfill running": ("đang đọc", "running"),
    "backfill state done": ("xong", "done"),
    "backfill state stopped": ("đã bỏ", "given up"),
    "lists": ("danh sách", "lists"),
    "to read": ("chờ đọc", "to read"),
    "failed": ("lỗi", "failed"),
    # repair
    "repair nothing stored": (
        "Chưa lưu bài nào của {portal} được đọc đầy đủ: chưa có gì để đối chiếu. Xem docs/adding-a-portal.md để viết quy tắc bằng tay.",
        "No article of {portal} is stored that was read in full: there is nothing to go by. docs/adding-a-portal.md says how to write rules.",
    ),
    "repair not needed": (
        "Cả {n} trang đều được đọc đúng như bài đã lưu bằng quy tắc hiện có: không cần sửa gì.",
        "The rules in force read all {n} pages as they were stored: nothing needs to be mended.",
    ),
    "repair failed": (
        "Không tìm được quy tắc: trong {n} trang không thấy lại đủ {missing}. Xem docs/adding-a-portal.md để viết quy tắc bằng tay.",
        "No rules found: {n} pages were looked at, and these not found again: {missing}. docs/adding-a-portal.md says how to write rules by hand.",
    ),
    "repair unread folder": (
        "Thư mục {folder} chưa có trong portals: của canhbao.yaml: hãy thêm vào, nếu không tệp mới không được đọc.",
        "The folder {folder} is not among portals: in canhbao.yaml: add it, or the new file is not read.",
    ),
    "repair unplaced": (
        "không thể tự thêm quy tắc vào tệp viết theo cách này; tệp được giữ nguyên, hãy chép các quy tắc trên vào bằng tay",
        "is written in a way that rules cannot be put into; it is left as it is: put the rules above into it by hand",
    ),
    "repair unwritten": (
        "Không ghi được gì, tệp cũ còn nguyên; hãy chép các quy tắc trên vào bằng tay.",
        "Nothing was written, what was there is as it was: put the rules above into it by hand.",
    ),
    "repair has them": (
        "các quy tắc này đã đứng đầu trong tệp. Tiếp theo: canhbao reprocess để đọc lại các bài đọc kém.",
        "has these rules already, as its first. Next: canhbao reprocess to read the degraded articles again.",
    ),
    "repair good": (
        "Quy tắc mới đọc đúng như bài đã lưu. Tiếp theo: canhbao check, rồi canhbao reprocess để đọc lại các bài đọc kém của {portal}.",
        "The new rules read what was stored. Next: canhbao check, then canhbao reprocess to read the degraded articles of {portal} again.",
    ),
    "repair poor": (
        "Quy tắc mới chưa đọc đúng hết như bài đã lưu; hãy xem các tỷ lệ ở trên và thử: canhbao try URL",
        "The new rules do not read all pages as they were stored; look at the shares above, and try: canhbao try URL",
    ),
    # demo
    "demo starts": ("Tòa soạn mô phỏng: {portals}", "Simulated press: {portals}"),
    "demo doors": (
        "Máy chủ thư ở cổng {mail}, nơi nhận webhook ở cổng {hook}. Không cần mạng.",
        "Mail server on port {mail}, webhook receiver on port {hook}. No network needed.",
    ),
    "demo lasts": (
        "Chạy đến khi mọi tin đã tới nơi, lâu nhất {for_s} giây (Ctrl-C để dừng).",
        "Runs until everything has arrived, at most {for_s} seconds (Ctrl-C stops it).",
    ),
    "demo cut short": ("Đã dừng trước khi xong.", "Stopped before the end."),
    "demo article": ("bài mới", "article"),
    "demo webhook": ("webhook ✓", "webhook ✓"),
    "demo bad webhook": ("webhook ✗", "webhook ✗"),
    "demo mail": ("thư báo", "mail"),
    "demo counts": (
        "{articles} bài đã lưu: {portals}\n{mails} thư báo, {webhooks} webhook, trong đó {signed} có chữ ký đúng.",
        "{articles} articles stored: {portals}\n{mails} mails, {webhooks} webhooks, {signed} of them well signed.",
    ),
    "demo right": (
        "Đúng hết: mỗi bài về chủ đề theo dõi được báo đúng một lần, không báo nhầm bài nào.",
        "All right: every article about a watched topic was told once, and no other.",
    ),
    "demo wrong": ("Kết quả không khớp với những gì tòa soạn mô phỏng đã đăng.", "This is not what the simulated press published."),
    "missing articles": ("thiếu bài", "missing article"),
    "wrong articles": ("bài thừa hoặc sai", "wrong article"),
    "missing webhooks": ("thiếu webhook", "missing webhook"),
    "wrong webhooks": ("webhook thừa hoặc sai", "wrong webhook"),
    "missing mails": ("thiếu thư báo", "missing mail"),
    "wrong mails": ("thư báo thừa hoặc sai", "wrong mail"),
    # db
    "upgraded": ("Cơ sở dữ liệu đã ở phiên bản {revision}.", "The database is at revision {revision}."),
    "copied": ("Bản sao trước khi nâng cấp: {copy}", "Copy from before the upgrade: {copy}"),
    "reindexed": ("Đã lập lại chỉ mục tìm kiếm cho {n} bài.", "Indexed {n} articles anew for search."),
    # reprocess
    "reading again": ("Đọc lại", "Reading again"),
    "read again so far": (
        "Đã đọc lại {done}/{total} trang, còn khoảng {minutes} phút.",
        "Read {done} of {total} pages again, about {minutes} minutes left.",
    ),
    "reprocess resumes": (
        "Lần chạy trước chưa xong: tiếp tục từ chỗ đã dừng.",
        "The last run did not come to its end: going on from there.",
    ),
    "reprocess done": (
        "Đã đọc lại {pages} trang: {changed} bài thay đổi, {new} bài mới; {unreadable} trang không hợp quy tắc hiện nay, được giữ nguyên.",
        "Read {pages} pages again: {changed} articles changed, {new} new; {unreadable} pages do not fit today's rules and stay as they were.",
    ),
    "reprocess would": (
        "Thử, chưa ghi gì: {pages} trang, {changed} bài sẽ thay đổi, {new} bài sẽ thêm; {unreadable} trang không hợp quy tắc hiện nay.",
        "A try, nothing is written: {pages} pages, {changed} articles would change, {new} be added; {unreadable} do not fit today's rules.",
    ),
    "reprocess stopped": (
        "Đã dừng giữa chừng; chạy lại cùng lệnh để tiếp tục.",
        "Stopped in between; run the same command again to go on.",
    ),
    "no pages": (
        "Không có trang nào được lưu từ lúc đó (xem retention.raw_days).",
        "No pages are kept since then (see retention.raw_days).",
    ),
    "new article": ("bài mới", "new article"),
    "changed fields": ("Phần thay đổi", "What changed"),
    "field province": ("tỉnh", "province"),
    "field title": ("tiêu đề", "title"),
    "field lead": ("phần mở đầu", "lead"),
    "field text": ("nội dung", "text"),
    "field author": ("tác giả", "author"),
    "field credit": ("nguồn", "credit"),
    "field section": ("chuyên mục", "section"),
    "field tags": ("từ khóa", "tags"),
    "field captions": ("chú thích ảnh", "captions"),
    "field images": ("ảnh", "images"),
    "field published_at": ("giờ đăng", "published"),
    "field updated_at": ("giờ sửa", "updated"),
    "field problems": ("ghi chú chất lượng", "marks"),
    "raw pages": (
        "{n} trang gốc ({gb} GB) từ {oldest}, {unread} trang chưa đọc thành bài",
        "{n} raw pages ({gb} GB) since {oldest}, {unread} not read as articles",
    ),
    "backed up": ("Đã sao lưu vào {target}", "Backed up to {target}"),
}


def speak(language: Language) -> Callable[..., str]:
    """A function that gives a wording by its key, with its facts filled in."""
    index = 0 if language == "vi" else 1

    def say(key: str, **facts: object) -> str:
        return WORDS[key][index].format(**facts)

    return say


def say_failure(say: Callable[..., str], kind: str | None, reason: str) -> str:
    """Why a source failed, for somebody who does not read English error messages; `reason` where we have no better words."""
    return say(f"failure {kind}", why=reason) if f"failure {kind}" in WORDS else reason


def say_choice(say: Callable[..., str], word: str, known: Iterable[str]) -> str:
    """What somebody may have meant by `word`, or what there is."""
    names = sorted(known)
    if (name := nearest(word, names)) is not None:
        return say("did you mean", name=name)
    how = "one of none" if not names else "one of many" if len(names) > MAX_LISTED else "one of"
    return say(how, names=", ".join(names[:MAX_LISTED]), n=len(names) - MAX_LISTED)


def say_link(say: Callable[..., str], state: str, reason: str | None) -> str:
    """A link's state in words: of a link that is done, what came of it."""
    exact = f"link {state} {reason}"
    if exact in WORDS:
        return say(exact)
    return f"{say(f'link {state}')}: {reason}" if reason else say(f"link {state}")


def moment(at: datetime | None) -> str:
    """A time as a reader in Vietnam writes it, or an en dash for none."""
    return f"{at.astimezone(VIETNAM):%d/%m %H:%M}" if at else "–"
