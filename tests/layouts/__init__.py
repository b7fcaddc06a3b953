"""Pages as content systems lay them out, with text of our own in place of the papers': `*.html` beside this file.

A layout is a page whose text stands as marks, below lines of `field: value` that say what must come out of it:
- `{{p 240}}` a paragraph of about 240 characters that belongs to the text, `{{p=…}}` one in these words
- `{{lead 160}}` the lead; `{{lead}}` and `{{title}}` repeat them, `{{lead<80}}` is the lead cut short as descriptions are
- `{{cap 60}}`, `{{cap=…}}` a caption
- `{{x 200}}` what belongs to something else: it must come out nowhere
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
_PROSE = (
    "bà con nông dân trong xã vừa thu hoạch vụ lúa hè thu với năng suất cao hơn năm trước nhờ giống mới cán bộ ấp đến từng nhà vận động góp công sửa"
    " đường trồng cây xanh dọc bờ kênh hội phụ nữ mở lớp dạy nghề may cho chị em lúc nhàn rỗi thanh niên tình nguyện dọn rác sau cơn mưa lớn trường học"
    " được xây thêm phòng thư viện nhỏ của huyện mở cửa cả buổi tối người già kể chuyện xưa cho trẻ nghe chợ nổi đông khách vào sáng sớm thuyền ghe tấp"
    " nập chở đầy trái cây nước lũ về muộn nên cá đồng ít hơn mọi năm ngành y tế khám bệnh miễn phí cho hộ nghèo đoàn công tác khảo sát bãi bồi ven sông"
    " để làm bờ kè công trình cầu nông thôn hoàn thành trước tết nhân dân phấn khởi đi lại thuận tiện hợp tác xã ký kết tiêu thụ sản phẩm sạch"
)
_WORDS = _PROSE.split()
_LINK, _CELL = re.compile(r"</?a\b[^>]*>"), re.compile(r"</?t[dr]\b[^>]*>")
_FIRST_PARAGRAPH = re.compile(r"<p(?: [^>]*)?>\{\{p \d+\}\}</p>")
_MARK = re.compile(r"\{\{(title|lead|p|cap|x)(?: (\d+)|=(.*?)|<(\d+))?\}\}", re.DOTALL)


@dataclass(slots=True)
class Layout:
    """`facts` as in the head of the file; `html` is the page, the rest what must come out of it."""

    name: str
    facts: dict[str, str]
    html: str = ""
    lead: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def layouts(folder: Path = HERE) -> Iterator[Layout]:
    for path in sorted(folder.glob("*.html")):
        yield read(path)


def read(path: Path, *, before_the_text: str = "") -> Layout:
    """`before_the_text`: markup put right before the first paragraph."""
    head, _, html = path.read_text(encoding="utf-8").partition("\n---\n")
    if before_the_text and (first := _FIRST_PARAGRAPH.search(html)) is not None:
        html = html[: first.start()] + before_the_text + html[first.start() :]
    layout = Layout(name=path.stem, facts=dict(line.split(": ", 1) for line in head.splitlines()))
    prose = random.Random(path.stem)
    layout.html = _MARK.sub(lambda mark: _filled(layout, mark, prose), html)
    return layout


def _filled(layout: Layout, mark: re.Match[str], prose: random.Random) -> str:
    kind, size, words, cut = mark.groups()
    if kind == "title":
        return layout.facts["title"]
    if cut is not None:
        return f"{(layout.lead or '')[: int(cut)].rpartition(' ')[0]}..."
    text = words if words is not None else written(prose, int(size)) if size else layout.lead or ""
    match kind:
        case "lead":
            layout.lead = text
        case "p":
            layout.paragraphs.append(" ".join(_CELL.sub(" ", _LINK.sub("", text)).split()))
        case "cap":
            layout.captions.append(text)
        case _:
            layout.others.append(text)
    return text


def written(prose: random.Random, n: int) -> str:
    """Sentences of about `n` characters together."""
    sentences: list[str] = []
    while sum(map(len, sentences)) < n - 20:
        at, length = prose.randrange(len(_WORDS) - 20), prose.randint(7, 17)
        words = _WORDS[at : at + length]
        words.insert(prose.randrange(2, len(words)), prose.choice(("nay", "đã", "vẫn", "cùng", "thêm", "luôn")))
        sentences.append(" ".join(words).capitalize() + ".")
    return " ".join(sentences)
