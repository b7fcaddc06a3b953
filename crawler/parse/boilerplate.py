"""What stands around an article on Vietnamese news pages: the names its boxes go by, and the lines it is made of.

Seen on the pages of ../shared/samples and in portals/facts.yaml; a name here costs a box that much of an article would be lost with
nothing: `generic` never drops a box that holds a large part of the text.
"""

import re
from functools import lru_cache

from crawler.parse.markup import Element, text_of

_OTHERS = re.compile(
    # Anywhere in a name, whatever is written together with it: RelatedNewsBox, detail__related, tinlienquan.
    r"relate|relation|lien-?quan|liên quan|binh-?luan|comment|y-?kien|phan-?hoi|feedback|author-?(?:box|bio|desc)|authorbox|doc-?them|xem-?them|read-?more|see-?more|tin-?moi|cung-?chuyen-?muc|cungmuc|same-?cate"
    r"|other-?news|news-?other|quang-?cao|advert|newsletter|subscrib|sidebar|footer|copyright|tin-?khac|doc-?nhieu|xem-?nhieu|most-?(?:read|view)"
    r"|news-?in-?content|newest|lastest|latest|source-?wrapper|link-?source|google-?news|survey|khao-?sat|popup|modal|onenews|box-?gift|donate|reaction|disqus"
    # Only as a word of its own: "ads" is also in "roads".
    r"|(?:^|[\s_-])(?:ads?|adv|banner|menu|nav|navbar|navigation|vote|poll|rating|cmt|cookie|login|search|weather|hotline|(?<!elementor-)widget|audio|player|tts)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"share|sharing|social|breadcrumb|(?:entry|post|article)[_-]{0,2}footer|(?:^|[\s_-])(?:tags?|tagdetail|tukhoa|tu-khoa|keywords?|tools?|toolbar|print|topics?|event|seo|skip)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CONTENT = re.compile(r"(?:entry|post|article|detail|news|single)[_-]{0,2}(?:content|body)|content[_-]?(?:detail|body)", re.IGNORECASE)
"""Whatever else it is called: "entry-content with-share"."""
_OWN_FOOTER = re.compile(r"(?:entry|post|article)[_-]{0,2}footer", re.IGNORECASE)
"""Where WordPress and Blogger name author, day and tags."""
_BOX_TAGS = frozenset({"nav", "footer", "aside", "button", "select", "dialog"})
_HIDDEN = re.compile(r"(?:^|[\s])(?:d-none|hidden|hide|sr-only|visually-hidden)(?:$|[\s])|display\s*:\s*none", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|chappeau|chapeau|tomtat|tom-tat|hometext|home-text|trich-?dan|standfirst|dek|teaser-?text|intro|introtext|excerpt|summary|description|desc|sub-?title|reply)\d*(?:$|[\s_-])",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"\W*(?:giấy phép (?:số|hoạt động|thiết lập|xuất bản|báo)|(?:phó )?tổng biên tập\b.{0,30}:|(?:giữ )?bản quyền|ghi rõ nguồn|(?:báo|đài)\b.{0,60}\bcơ quan (?:ngôn luận )?của|cơ quan ngôn luận của|tiếng nói của (?:đảng bộ|đảng, )|liên hệ (?:quảng cáo|tòa soạn)\b|(?:cơ quan )?chủ quản\s*:|chịu trách nhiệm (?:nội dung|xuất bản)"
    r"|(?:địa chỉ )?tòa soạn\s*:|trụ sở\b.{0,20}:|(?:điện thoại|đt|tel|fax|email|hotline|đường dây nóng)\s*:|all rights reserved|©|bình luận của bạn (?:sẽ|đã)|vui lòng (?:nhập|gửi)"
    r"|mọi (?:thắc mắc|ý kiến|thông tin|câu hỏi|đóng góp|phản ánh)\b.{0,60}\bgửi (?:về|đến|tới)\b|(?:mọi )?ý kiến của bạn|xem với cỡ chữ|số điện thoại đường dây nóng|(?:chúng tôi|(?:trang web|website)(?: này)?) sử dụng cookies?\b|đăng ký (?:nhận|theo dõi)\b.{0,40}(?:bản tin|thông báo|e-?mail|kênh)|chịu trách nhiệm\s*:|.{0,120}giấy phép[^.]{0,40}\d\s?/\s?gp)",
    re.IGNORECASE,
)
"""How imprints, licences and the rules for comments begin."""
_IMPRINT = re.compile(
    r"\W*(?:giấy phép (?:số|hoạt động|thiết lập|xuất bản|báo)|(?:phó )?tổng biên tập\b.{0,30}:|©|bản quyền (?:thuộc|©)|.{0,120}giấy phép[^.]{0,40}\d\s?/\s?gp)",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"(?:chia sẻ|chia sẻ (?:bài viết|qua|lên|trên|facebook|zalo|twitter)\b.{0,30}|facebook|twitter(?: / x)?|zalo|youtube|tiktok|linkedin|telegram|mail|e-?mail|in(?: bài| trang| tin)?(?: viết| này)?|print|gửi (?:e-?mail|mail|cho bạn bè)"
    r"|bình luận(?: bài viết này)?|(?:gửi |viết )bình luận|ý kiến(?: bạn đọc| của bạn)?|thích|like|copy(?: link)?|sao chép|lưu(?: bài| tin)?|quay lại|về đầu trang|đăng nhập"
    r"|(?:(?:kính |trân trọng )?mời )?(?:(?:bạn đọc|quý (?:vị|độc giả|bạn đọc)) )?theo dõi (?:(?:kênh|fanpage|trang)\b.{0,40}|.{0,60}(?:google ?news|zalo|facebook|trên))|google ?news|nghe(?: bài viết| đọc bài| tin)?|xem thêm|đọc thêm|đọc tiếp|xem tiếp|xem chi tiết|đọc nhiều(?: nhất)?|xem nhiều(?: nhất)?"
    r"|tin mới(?: nhất| hơn| cập nhật)?|tin nóng|tin khác|các tin khác|tin cũ hơn|(?:tin|bài)(?:,? bài)?(?: viết)? liên quan|có thể bạn quan tâm|cùng chuyên mục|tin cùng chuyên mục"
    r"|tham khảo thêm|chủ đề|từ kh[oó][aá]|tags?|thẻ|quảng cáo|ad|advertisement|a[+-]?|cỡ chữ|font(?:size)?|nguồn tin|link bài gốc|lấy link!?|lượt xem|\d+ lượt xem|trở lại.{0,30}|mới nhất|video|ảnh"
    r"|xem (?:tất cả |thêm |các )*bài (?:viết|khác)\b.{0,40}|(?:những |các )?tin (?:cũ|mới) hơn|bạn (?:thấy|đánh giá|nghĩ)\b.{0,30} bài (?:viết|báo|này)\b.{0,60}|(?:nguồn )?(?:video|clip)\s*:.{1,60}|chi tiết|\[\w+\(.*\)\]|(?:bài |tin )?(?:tiếp theo|trước|sau))"
    r"\s*[:.»>!…]*\s*\d*",
    re.IGNORECASE,
)
"""Lines that are nothing but a caption of the page's own furniture."""
_LONGEST_LINE = 110
_CELLS = ("td", "th")
_FEWEST_COLUMNS = 2
_FEWEST_FILLED = 3  # rows of two columns; of more columns one row less
_LONGEST_DATUM = 300  # characters
_LONGEST_CAPTION = 600  # characters: a table with more text than that is text with pictures in it


def is_box(element: Element) -> bool:
    """Whether an element's name or tag says that it is something beside the article."""
    names = names_of(element)
    return is_foreign(element) or (bool(names) and _names_tool(names))


def is_foreign(element: Element) -> bool:
    """Whether an element's name or tag says that it is about something else than the article: others, comments, advertisements."""
    names = names_of(element)
    if element.tag in _BOX_TAGS:
        return element.tag != "footer" or not names or _OWN_FOOTER.search(names) is None
    return bool(names) and _names_others(names)


def names_of(element: Element) -> str:
    """All the names an element goes by, for one search."""
    get = element.get
    return f"{get('class') or ''} {get('id') or ''} {get('type') or ''} {get('data-role') or ''}".strip()


@lru_cache(maxsize=8192)
def _names_others(names: str) -> bool:
    return _OTHERS.search(_OWN_FOOTER.sub("", names)) is not None


@lru_cache(maxsize=8192)
def _names_tool(names: str) -> bool:
    return _TOOLS.search(names) is not None and _CONTENT.search(names) is None


def is_hidden(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('style') or ''}"
    return element.get("hidden") is not None or (len(names) > 1 and _hides(names))


@lru_cache(maxsize=8192)
def _hides(names: str) -> bool:
    return _HIDDEN.search(names) is not None


def names_lead(element: Element) -> bool:
    return _is_lead_name(
        f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-role') or ''} {element.get('itemprop') or ''}"
    )


@lru_cache(maxsize=8192)
def _is_lead_name(names: str) -> bool:
    return _LEAD.search(names) is not None


def is_legal(text: str) -> bool:
    """Imprint, licence, rules for comments."""
    return _LEGAL.match(text) is not None


def is_imprint(text: str) -> bool:
    """Whether a line names licence or editor of the whole paper: it stands in the foot of a page, whatever that is called."""
    return _IMPRINT.match(text) is not None


def is_furniture(line: str) -> bool:
    """Whether a short line is a label of the page and not of the article."""
    return len(line) <= _LONGEST_LINE and _LINE.fullmatch(line.strip(" \t\r\n>»|•·*-–")) is not None


def is_data(element: Element) -> bool:
    """In a table that prints figures and not the page: neighbouring rows of as many short cells each, three in two rows or two in three."""
    cell = next((one for one in (element, element.getparent()) if one is not None and one.tag in _CELLS), None)
    row = cell.getparent() if cell is not None else None
    if row is None or (n_cells := _n_cells(row)) == 0:
        return False
    n_alike = 1
    for step in ("getprevious", "getnext"):
        other = _row_beside(row, step)
        while other is not None and n_alike < _FEWEST_FILLED and _n_cells(other) == n_cells:
            n_alike, other = n_alike + 1, _row_beside(other, step)
    return n_alike >= _FEWEST_FILLED - (n_cells > _FEWEST_COLUMNS)


def _row_beside(row: Element, step: str) -> Element | None:
    """The row before or behind it, also from the table's head to its body."""
    beside = getattr(row, step)()
    if beside is None and (part := row.getparent()) is not None and part.tag in ("thead", "tbody"):
        beside = getattr(part, step)()
    if beside is not None and beside.tag in ("thead", "tbody") and len(beside):
        beside = beside[0 if step == "getnext" else -1]
    return beside if beside is not None and beside.tag == "tr" else None


def _n_cells(row: Element) -> int:
    """How many short texts stand side by side in it; 0 when they are fewer than make a table, or one is none."""
    texts = [text for cell in row.iterchildren(*_CELLS) if (text := text_of(cell))]
    return len(texts) if len(texts) >= _FEWEST_COLUMNS and max(map(len, texts)) <= _LONGEST_DATUM else 0


def is_caption(element: Element) -> bool:
    """In a figure or a small table with a picture: `pictures` takes these out, with the picture."""
    box = next(element.iterancestors("figure", "table"), element)
    return (
        box.tag in ("figure", "figcaption", "table") and next(box.iter("img"), None) is not None and len(text_of(box)) <= _LONGEST_CAPTION
    )
