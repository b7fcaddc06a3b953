"""From the links of a site to the shapes of its articles' URLs. Pure.

An article's URL ends in a slug, a mark that the content system sets before its id (-, -a, -post …), the id, and an ending. Menus, tags,
authors and pages have other shapes, or no headline for a text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["digits", "hex", "none"]

_TAIL = re.compile(
    r"^(?P<slug>.*?[a-z0-9])(?P<mark>[-_./][a-z]{0,8}|[a-z]{0,3})(?P<id>\d{3,20}|(?=[a-f]*\d)[0-9a-f]{7,8})(?P<end>\.[a-z]{3,5})?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^(?P<id>\d{4,20})(?P<end>\.[a-z]{3,5})?$", re.IGNORECASE)
_SLUG = re.compile(r"^(?P<slug>[a-z0-9]+(?:-[a-z0-9]+){4,})(?P<end>\.[a-z]{3,5})?$", re.IGNORECASE)
_FOLDERS = (
    (re.compile(r"/(?:19|20)\d{2}(?:0[1-9]|1[0-2])/"), r"/\d{6}/"),
    (re.compile(r"/(?:19|20)\d{2}/\d{1,2}/\d{1,2}/"), r"/\d{4}/\d{1,2}/\d{1,2}/"),
    (re.compile(r"/(?:19|20)\d{2}/\d{1,2}/"), r"/\d{4}/\d{1,2}/"),
)
"""What content systems that date their URLs put before the slug."""

_NEVER = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|mp[34]|rss|xml|css|js|zip)$", re.IGNORECASE)
_NO_ARTICLES = re.compile(
    r"/(?:tags?|tu-khoa|tac-gia|author|chu-de|chuyen-muc|tim-kiem|search|rss|video|podcast|page|trang|login|dang-nhap|category)(?:[/.?]|-\d|$)",
    re.IGNORECASE,
)
_HEADLINE_WORDS = 4
_HEADLINE_CHARS = 16
_FEWEST = 3
"""Links of one shape that it takes to believe in it."""

_FEWEST_LISTED = 20
"""Likewise of one that only a sitemap shows."""

_SHARE = 0.4
"""Of a shape's links how many must read like headlines: pictures link to articles too, and have no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the site. `is_announced`: it stood in a feed or a news sitemap, which hold nothing but articles. `is_listed`: in a
    sitemap, which holds everything and tells nothing of it.
    """

    url: str
    text: str = ""
    is_announced: bool = False
    is_listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the URLs of one content system have in common. `end` is the ending with its dot, or ""."""

    folder: str
    mark: str
    ident: Kind
    end: str


@dataclass(slots=True)
class Group:
    """The links of one shape."""

    shape: Shape
    idents: dict[str, str] = field(default_factory=dict)
    """URL to the id in it."""
    shown: set[str] = field(default_factory=set)
    """On pages and in feeds, not only in sitemaps."""
    headlines: set[str] = field(default_factory=set)
    announced: set[str] = field(default_factory=set)

    @property
    def urls(self) -> Sequence[str]:
        return list(self.idents)

    @property
    def pattern(self) -> str:
        """The regular expression for a portal file, searched in the URL without its query."""
        shape = self.shape
        end = re.escape(shape.end) + "$" if shape.end else "/?$"
        if shape.ident == "none":
            return f"{shape.folder or '/'}[a-z0-9]+(?:-[a-z0-9]+){{4,}}{end}"
        lengths = [len(ident) for ident in self.idents.values()]
        number = r"\d+"
        if shape.ident == "hex":
            number = f"[0-9a-f]{{{min(lengths)}{f',{max(lengths)}' if max(lengths) > min(lengths) else ''}}}"
        elif len(shape.mark) < len("-a") and not shape.folder:
            number = rf"\d{{{max(min(lengths) - 2, 3)},}}"  # nothing but its length tells this id from the number in a section's URL
        before = f"{shape.folder}[^/]+" if shape.folder else ""
        if shape.mark == "/":
            before = shape.folder.removesuffix("/")
        return before + re.escape(shape.mark).replace(r"\-", "-") + f"(?P<id>{number})" + end


def shape_of(url: str) -> tuple[Shape, str] | None:
    """The shape of `url` and the id in it; None for what cannot be an article: a picture, a page of a list, a section."""
    path = urlsplit(url).path
    bare = path.rstrip("/")
    head, _, tail = bare.rpartition("/")
    if not tail or _NEVER.search(tail):
        return None
    folder = next((shape for found, shape in _FOLDERS if found.search(f"{head}/")), "")
    if (found := _NUMBER.match(tail)) is not None:
        return Shape(folder=folder, mark="/", ident="digits", end=found["end"] or ""), found["id"]
    if (found := _TAIL.match(tail)) is not None:
        ident: Kind = "digits" if found["id"].isdigit() else "hex"
        if ident == "digits" or (found["mark"] == "-" and folder):
            return Shape(folder=folder, mark=found["mark"], ident=ident, end=found["end"] or ""), found["id"]
    if (found := _SLUG.match(tail)) is not None:
        return Shape(folder=folder, mark="", ident="none", end=found["end"] or ""), ""
    return None


def group(links: Iterable[Link]) -> list[Group]:
    """The links by shape, the likeliest article shape first; shapes with too little for them are left out."""
    groups: dict[Shape, Group] = {}
    for link in links:
        url = link.url.partition("#")[0].partition("?")[0]
        if _NO_ARTICLES.search(urlsplit(url).path) or (found := shape_of(url)) is None:
            continue
        shape, ident = found
        here = groups.setdefault(shape, Group(shape))
        here.idents.setdefault(url, ident)
        if not link.is_listed:
            here.shown.add(url)
        if is_headline(link.text):
            here.headlines.add(url)
        if link.is_announced:
            here.announced.add(url)
    return sorted((each for each in _merged(groups) if _is_likely(each)), key=_weight, reverse=True)


def _merged(groups: dict[Shape, Group]) -> Iterable[Group]:
    """Of a system whose ids are hexadecimal some have digits only."""
    for shape, here in groups.items():
        other = groups.get(Shape(folder=shape.folder, mark=shape.mark, ident="hex", end=shape.end)) if shape.ident == "digits" else None
        if other is None:
            yield here
        else:
            other.idents |= here.idents
            other.shown |= here.shown
            other.headlines |= here.headlines
            other.announced |= here.announced


def is_headline(text: str) -> bool:
    return len(text) >= _HEADLINE_CHARS and len(text.split()) >= _HEADLINE_WORDS


def _is_likely(one: Group) -> bool:
    n_told = len(one.announced | one.headlines)
    if not one.shown:
        return len(one.idents) >= _FEWEST_LISTED and one.shape.ident != "none"
    return n_told >= _FEWEST and n_told >= _SHARE * len(one.shown)


def _weight(one: Group) -> tuple[int, int]:
    return 3 * len(one.announced) + len(one.headlines) + (len(one.idents) if one.shape.ident != "none" else 0), len(one.idents)


def twin_folders(urls: Iterable[str]) -> list[str]:
    """First folders under which articles are shown a second time: /print/<article>, /in-bai/<article>."""
    paths = {urlsplit(url).path for url in urls}
    found = Counter(folder for path in paths for folder, rest in [_first_folder(path)] if folder and rest in paths)
    return sorted(found)


def _first_folder(path: str) -> tuple[str, str]:
    folder, slash, rest = path.lstrip("/").partition("/")
    return (folder, slash + rest) if slash else ("", "")


def short_of(links: Iterable[Link], articles: re.Pattern[str]) -> list[Link]:
    """Links that may be sections: short texts, no article, nothing with a file's ending; each once, in the order of the page."""
    found: dict[str, Link] = {}
    for link in links:
        path = urlsplit(link.url).path
        words = link.text.split()
        if _NEVER.search(path) or _NO_ARTICLES.search(path) or _OFFICE.search(path) or path in ("", "/"):
            continue
        if not 1 <= len(words) <= _SECTION_WORDS or not any(map(str.isalpha, link.text)) or path.count("/") > _SECTION_DEPTH:
            continue
        if articles.search(link.url.partition("?")[0]):
            continue
        found.setdefault(link.url.partition("#")[0].rstrip("/"), link)
    return list(found.values())


_SECTION_WORDS = 7
_SECTION_DEPTH = 3
_OFFICE = re.compile(
    r"/(?:lien-he|gioi-thieu|toa-soan|quang-cao|bang-gia|dat-bao|xem-bao|bao-in|rao-vat|contact|about|privacy|dieu-khoan|app|en|english|live|truyen-hinh-truc-tuyen)"
    r"(?:[/.?-]|$)",
    re.IGNORECASE,
)
"""What stands in the menu and is no section: the newsroom's address, advertising, the printed paper."""
