"""Prints pieces as pages, listings and feeds: the templates' values, spellings and markup. Pure; same values, same bytes."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from crawler.model import VIETNAM
from crawler.press.families import Family, rfc822
from crawler.press.newsroom import Piece, Spelling
from crawler.press.plan import Slot
from crawler.press.roster import PressPortal, Section
from storage.records import Precision

EVERY_NTH_TITLE_IS_BROKEN = 5  # a line break typed into the title, which spoils the JSON-LD of v1 pages
EVERY_NTH_PARAGRAPH_HAS_MARKUP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    image: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Menus and scripts round the article, to bring a page to the size of a real one."""

    before: Markup
    after: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """A piece as one paper carries it: its id and URL there, and the time printed beside it."""

    portal: PressPortal
    family: Family
    slot: Slot
    piece: Piece
    number: int
    section: Section
    path: str
    published_at: datetime
    """Vietnamese time, cut to the family's precision."""

    @property
    def url(self) -> str:
        return self.portal.base_url + self.path

    @property
    def image(self) -> str:
        return f"{self.portal.base_url}/image/news/{self.published_at:%Y/%Y%m%d}/thumbnail/510x286/{self.number}.jpg"


def make_printing(slot: Slot, piece: Piece, *, portal: PressPortal, family: Family, number: int) -> Printing:
    published_at = at_precision(slot.appears_at, family.precision)
    section = portal.section(piece.theme)
    path = family.path(section, slug_of(piece.title), number, published_at)
    return Printing(
        portal=portal, family=family, slot=slot, piece=piece, number=number, section=section, path=path, published_at=published_at
    )


def at_precision(moment: datetime, precision: Precision) -> datetime:
    local = moment.astimezone(VIETNAM)
    return local.replace(microsecond=0) if precision == "second" else local.replace(second=0, microsecond=0)


def slug_of(title: str) -> str:
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def spell(text: str, spelling: Spelling) -> str:
    """The same letters otherwise: decomposed, or every other space a no-break one."""
    match spelling:
        case "nfd":
            return unicodedata.normalize("NFD", text)
        case "nbsp":
            return re.sub(r" ([^ ]+) ?", lambda found: f"\u00a0{found[1]} " if found[0].endswith(" ") else f"\u00a0{found[1]}", text)
        case _:
            return text


def mark_up(text: str, n: int) -> Markup:
    """The paragraph as an editor leaves it: here and there a few words bold, in italics or linked."""
    html = str(escape(text)).replace("\u00a0", "&nbsp;")
    words = html.split(" ")
    if n % EVERY_NTH_PARAGRAPH_HAS_MARKUP == 0 and len(words) > EVERY_NTH_PARAGRAPH_HAS_MARKUP:
        opening, closing = (("<strong>", "</strong>"), ("<em>", "</em>"), ('<a href="/tu-khoa/">', "</a>"))[n // 4 % 3]
        words[2:4] = [f"{opening}{words[2]}", f"{words[3]}{closing}"]
    return Markup(" ".join(words))  # noqa: S704 - escaped above


def article_page(printing: Printing, related: Sequence[Printing], noise: Noise, *, is_redesigned: bool = False) -> str:
    """`is_redesigned`: in another markup, of which the family's rules know nothing, and without any word of the page about itself.

    Every other paragraph stands in an <aside>, as some papers set off the voices in a story: what does not know the paper takes it for a box.
    """
    piece, family, spelling = printing.piece, printing.family, printing.piece.spelling
    title = spell(piece.title, spelling)
    value: dict[str, Any] = brief(printing) | {
        "title_as_typed": title.replace(" ", "\n", 1) if printing.number % EVERY_NTH_TITLE_IS_BROKEN == 0 else title,
        "dateline": f"{printing.portal.dateline} - " if printing.portal.dateline else "",
        "paragraphs": [mark_up(spell(text, spelling), printing.number + i) for i, text in enumerate(piece.paragraphs)],
        "captions": [Picture(image=f"{printing.image}?{i}", text=text) for i, text in enumerate(piece.captions)],
        "byline": piece.author or f"Theo {piece.credit}",
        "tags": piece.tags,
        "section": printing.section.name,
        "section_path": family.listing_path(printing.section),
        "section_url": printing.portal.base_url + family.listing_path(printing.section),
        "section_feed": family.feed_path(printing.section),
        "related": [brief(other) for other in related],
        "date_only": f"{printing.published_at:%Y-%m-%d}",
        "us_date": _us_date(printing.published_at),
    }
    template = "redesign" if is_redesigned else family.id
    return render(f"{template}.article.html", p=value, portal=printing.portal, noise=noise)


def brief(printing: Printing) -> dict[str, Any]:
    """An article as a list of others shows it."""
    piece, at = printing.piece, printing.published_at
    return {
        "number": printing.number,
        "path": printing.path,
        "url": printing.url,
        "title": spell(piece.title, piece.spelling),
        "lead": spell(piece.lead, piece.spelling),
        "image": printing.image,
        "date_line": printing.family.date_line(at),
        "feed_date": rfc822(at, printing.family.feed_zone),
        "iso": at.isoformat(),
    }


def listing_page(portal: PressPortal, family: Family, section: Section, shown: Sequence[Printing], *, page: int, has_more: bool) -> str:
    return render(
        f"{family.id}.listing.html",
        portal=portal,
        section=section,
        items=[brief(printing) for printing in shown],
        page=page,
        this_page=family.listing_path(section, page),
        next_page=family.listing_path(section, page + 1) if has_more else None,
        feed_path=family.feed_path(section),
        hidden=hidden_path(portal, family),
    )


def feed(portal: PressPortal, family: Family, section: Section | None, shown: Sequence[Printing]) -> str:
    path = family.feed_path(section)
    name = section.name if section else "Trang chủ"
    items = [brief(printing) for printing in shown]
    return render("feed.xml", portal=portal, name=name, items=items, self_url=portal.base_url + path)


def hidden_path(portal: PressPortal, family: Family) -> str:
    """Looks like an article, is linked from every listing, and robots.txt forbids it."""
    when = datetime(2026, 1, 5, tzinfo=VIETNAM)
    return "/noi-bo" + family.path(portal.sections[0], "ban-tin-noi-bo", portal.first_number - 1, when)


def make_noise(portal: PressPortal, n_bytes: int) -> Noise:
    """About `n_bytes` of menu before and script after, the same on all pages of a paper."""
    menu = [
        f'<li class="menu-{i}"><a href="/chuyen-muc/{section.slug}/{i}/">{section.name} {i}</a></li>'
        for i in range(40)
        for section in portal.sections
    ]
    script = [
        f"window.__cfg{i}={{zone:'{portal.id}-{i}',slot:{i * 7919 % 997},lazy:true,sizes:[[300,250],[728,90]]}};"
        for i in range(n_bytes // 90)
    ]
    before = "<ul>" + "\n".join(menu) + "</ul>" if n_bytes else ""
    rest = max(0, n_bytes - len(before))
    return Noise(before=Markup(before), after=Markup("<script>" + "\n".join(script)[:rest] + "</script>") if rest else Markup(""))  # noqa: S704 - ours


def render(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder), autoescape=select_autoescape(["html", "xml"]), undefined=StrictUndefined, trim_blocks=True
    )


def _us_date(when: datetime) -> str:
    """M/D/YYYY h:mm:ss AM, as onecms prints it."""
    hour = (when - timedelta(hours=1)).hour % 12 + 1
    return f"{when.month}/{when.day}/{when.year} {hour}:{when:%M:%S} {'AM' if when.hour < 12 else 'PM'}"  # noqa: PLR2004 - noon
