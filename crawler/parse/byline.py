"""Who wrote it and whom it was taken from, out of the one line in which papers print both."""

import re
from dataclasses import dataclass

from crawler.text.normal import clean

_LONGEST = 120  # characters; four names with their titles. A longer line is a sentence
_JOINT = r"(?:\s*(?:,|và|&|-|/|\+)\s*)"
_TITLE = r"(?:bác sĩ|bs|ths|ts|gs|pgs|thạc sĩ|tiến sĩ|kỹ sư|ks|luật sư|ls|nhà báo|nhà văn|nhà thơ|họa sĩ|nhạc sĩ|giáo sư|phó giáo sư|dược sĩ|lương y|pv|ctv)"
_KIND = r"(?:viết bởi|người đăng|tác giả bài viết|tin|bài|bài viết|ảnh|hình|clip|video|thực hiện|nội dung|đồ họa|thiết kế|trình bày|kỹ thuật|tác giả|phóng viên|người viết|biên soạn|nhóm pv|nhóm phóng viên)"
_PICTURES = r"(?:ảnh|hình|clip|video|đồ họa|thiết kế|trình bày|kỹ thuật)"
_LABEL = re.compile(rf"^(?:{_KIND}{_JOINT}?)+\s*:\s*", re.IGNORECASE)
_PICTURES_BY = re.compile(rf"\s*[-–;,.(]?\s*\b{_PICTURES}\s*:.*$", re.IGNORECASE)
_ROLE = re.compile(r"\s*[-–,]?\s*\(?\b(?:thực hiện|tổng hợp|lược ghi|lược dịch|biên dịch|dịch|ghi|sưu tầm|st|t\.h|th)\)?$", re.IGNORECASE)
_TAKEN_FROM = re.compile(r"[\s(]*(?:\btheo\b|\bnguồn(?:\s+tin\s*:|\s*:?)|\bsource\s*:)\s*:?\s*(?P<credit>[^()]+?)\s*\)?$", re.IGNORECASE)
_ONLY_PICTURES = re.compile(rf"^(?:{_PICTURES}{_JOINT}?)+\s*:", re.IGNORECASE)
_PRODUCTION = re.compile(
    r"(?:(?P<led>ngày (?:xuất bản|đăng|phát hành)|chỉ đạo(?: (?:thực hiện|nội dung|sản xuất))?|tổ chức (?:sản xuất|thực hiện|nội dung)|chịu trách nhiệm (?:sản xuất|nội dung))"
    r"|biên tập|hiệu đính|trình bày|thiết kế|mỹ thuật|đồ họa|kỹ thuật|lập trình|ảnh|hình|video|clip|quay phim|dựng(?: phim)?|âm thanh|lời bình|kịch bản)"
    r"(?:\s*[,&/-]\s*[\w ]{2,20})?\s*:\s*(?P<names>.*)",
    re.IGNORECASE,
)
"""What the credits of a long-read say beside the writer."""
_DESK = re.compile(
    r"^(?:ban|phòng|nhóm|tổ) (?:thời sự|biên tập|bạn đọc|chính trị|kinh tế|quốc tế|thể thao|văn hóa|văn nghệ|xã hội|pháp luật|khoa giáo|phóng viên|pv)\b.*$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\s(]*\S+@\S+")
_TITLES = re.compile(rf"^(?:{_TITLE}\b[\s.,]*)+", re.IGNORECASE)
_AGENCY = re.compile(
    r"^(?:TTXVN|Vietnam\s?\+|VietnamPlus|VNA|BNEWS|Xinhua|Tân Hoa xã|Reuters|AFP|AP|BBC|CNN|Kyodo|Yonhap|(?:Báo|Đài|Tạp chí|Cổng|Thông tấn xã)\s.+"
    r"|V(?:OV|TV|TC|NE)\S*|(?:[\w-]+\.)+(?:vn|com|net|org|info))$",
    re.IGNORECASE,
)
_AGENCY_FIRST = re.compile(r"^(TTXVN|Thông tấn xã Việt Nam)\s*[-–,]\s+(?!\S+$)", re.IGNORECASE)
_ITS_REPORTER = re.compile(r"(?:theo\s+)?(?:p\.?v|phóng viên|nhóm pv|nhóm phóng viên)?", re.IGNORECASE)
"""Beside the name of an agency: nobody of the paper's own."""
_AFFILIATION = re.compile(r"\s+\([^()]*\)?$")
_LABELS_ALONE = ("bởi", "viết bởi", "đăng bởi", "người viết", "người đăng", "by", "posted by", "written by")
"""Their name stands in an element beside them."""
_PLACEHOLDERS = frozenset(
    {"bút danh", "tác giả", "tác giả:", "author", "admin", "administrator", "undefined", "null", "none", "n/a", "guest", *_LABELS_ALONE}
)
_WORKS_AT = re.compile(
    rf"[\s,;:()–-]+(?:{_TITLE}\b|trường|đại học|học viện|viện|khoa|trung tâm|sở|ban|phòng|báo|tạp chí|phó|trưởng|giám đốc|hiệu trưởng|chủ tịch|bí thư|ủy viên)",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"[a-z0-9._-]+")
_INITIALS = re.compile(r"[A-ZĐ][a-z]?(?:\.[A-ZĐ][a-z]?){1,3}\.?|PV|CTV|BBT")
_URL = re.compile(r"(?:https?:)?//|^www\.", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*[-–—,&/;()]\s*|\s+và\s+|\s+")
_LONGEST_NAME = 60
_LONGEST_CREDIT = 40
_N_NAME_WORDS = (2, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """`author` as printed, without labels and roles; `credit` is the agency or paper the text was taken from."""

    author: str | None = None
    credit: str | None = None

    def __bool__(self) -> bool:
        return self.author is not None or self.credit is not None


def read_byline(line: str, *, paper: str = "") -> Byline:
    """What a byline says. `paper` is the portal's own name, which is nobody's."""
    author, credit = clean(_MAIL.sub("", clean(line))), None
    if len(author) > _LONGEST or _URL.search(author) or _ONLY_PICTURES.match(author) or _is_paper(author, paper):
        return Byline()
    if taken := _TAKEN_FROM.search(author):
        author, credit = author[: taken.start()], _trim(taken["credit"])
        if _DESK.match(credit):
            author, credit = author or credit, None
        author = without_by(author)  # "Theo Thu Lan (Nguồn: Báo Mẫu)"
    author = _PICTURES_BY.sub("", author) if not _LABEL.match(author) else _PICTURES_BY.sub("", _LABEL.sub("", author))
    author = _trim(_ROLE.sub("", _trim(author)))
    author, agency = _without_agency(author)
    if agency is not None and _ITS_REPORTER.fullmatch(author):
        author = ""
    author = _trim(_AFFILIATION.sub("", author)) or author
    return Byline(author=_person(author, paper), credit=credit or agency)


def _trim(text: str) -> str:
    return text.strip(" -–—:;,.*•|()[]/")


def _without_agency(author: str) -> tuple[str, str | None]:
    """The person and the agency: "Tạ Nguyên/Báo Tin tức" is both, "TTXVN/Vietnam+" an agency alone."""
    if postal := _AGENCY_FIRST.match(author):
        return "", postal[1]
    parts = [part for part in re.split(r"\s*[/()]\s*|\s+[-–]\s+", author) if part]
    agencies = [part for part in parts if _AGENCY.match(part)]
    if not agencies:
        return author, None
    persons = [part for part in parts if part not in agencies]
    return " - ".join(persons), "/".join(agencies)


def _person(author: str, paper: str) -> str | None:
    is_nobody = not any(char.isalpha() for char in author) or author.casefold() in _PLACEHOLDERS or _is_paper(author, paper)
    return None if is_nobody else author


def _is_paper(author: str, paper: str) -> bool:
    return bool(paper) and author.casefold() == paper.casefold()


def is_login(name: str) -> bool:
    """A user name of the content system (longantv), as structured data give it for an author."""
    return _LOGIN.fullmatch(name.strip()) is not None


def without_by(line: str) -> str:
    """Of a line beside which another names the paper: "Theo Hồ Hương" there names the writer."""
    found = _TAKEN_FROM.fullmatch(line.strip())
    name = found["credit"] if found is not None else ""
    return name if looks_like_byline(name) and not _AGENCY.match(name) else line


def is_credit(line: str) -> bool:
    """Whether a whole line only names where the text was taken from: "Theo TTXVN", "(Nguồn: Báo Mẫu)"."""
    found = _TAKEN_FROM.fullmatch(line.strip())
    return (
        found is not None
        and len(found["credit"]) <= _LONGEST_CREDIT
        and found["credit"][:1].isupper()
        and not line.rstrip().endswith((".", "…", ":"))
    )


def is_signed(line: str) -> bool:
    """Whether a line says in brackets what the one it names did: "Hải Yến (tổng hợp)"."""
    return line.endswith(")") and looks_like_byline(name := _ROLE.sub("", line)) and name != line


def is_labelled(line: str) -> bool:
    """Whether a line begins with what somebody did: "Tin, ảnh: …", "Thực hiện: …"."""
    return len(line) <= _LONGEST and _LABEL.match(line) is not None


def is_production(line: str) -> bool:
    """Whether a line of the credits names who led, laid out or drew it, or the day, and not the writer."""
    found = _PRODUCTION.fullmatch(line) if len(line) <= _LONGEST else None
    return found is not None and (looks_like_byline(found["names"]) or (found["led"] is not None and not found["names"].endswith(".")))


def names_in(line: str) -> frozenset[str]:
    """Each name in a line, without titles and letter case, to compare two lines by."""
    parts = re.split(r"\s*[-–—,&/;|]\s*|\s+và\s+", _LABEL.sub("", clean(line)))
    return frozenset(name.casefold() for part in parts if (name := _trim(_TITLES.sub("", _trim(part)))))


def repeats_names(line: str, known: frozenset[str]) -> bool:
    """Whether a line says nothing but names that are `known` (`names_in`), or one of them and where it works."""
    if len(line) > _LONGEST or not known:
        return False
    names = names_in(line)
    if names and names <= known:
        return True
    folded = _TITLES.sub("", line).casefold()
    return not line.endswith(".") and any(folded.startswith(name) and _WORKS_AT.match(folded[len(name) :]) for name in known)


def looks_like_byline(line: str) -> bool:
    """Whether a short last line in bold is one: names only, or "Theo …", or an agency."""
    if len(line) > _LONGEST_NAME or line.endswith((".", ":", "!", "?", "…")):
        return False
    if _TAKEN_FROM.match(line) or _LABEL.match(line) or _AGENCY.match(_trim(line)):
        return True
    if _INITIALS.fullmatch(line):
        return True
    words = [word for word in _BETWEEN_NAMES.split(_TITLES.sub("", line.strip())) if word]
    return _N_NAME_WORDS[0] <= len(words) <= _N_NAME_WORDS[1] and all(word[0].isupper() for word in words)
