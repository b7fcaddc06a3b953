"""The papers of the simulated province: real names and content systems, loopback addresses, invented news."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

FamilyId: TypeAlias = Literal["aspnet-webforms", "portal-yyyymm", "v1-homepage", "onecms-1cdn"]
SourceShape: TypeAlias = tuple[Literal["feed", "listing", "sitemap"], str]
"""Kind, and the theme it covers or `home` for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    theme: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressPortal:
    """A paper of the press. `base_url` names the port once the press is up."""

    id: str
    name: str
    province: str
    family: FamilyId
    address: str
    """Its own 127/8 address."""
    sections: tuple[Section, ...]
    sources: tuple[SourceShape, ...]
    """What its portal file polls; other feeds and listings are served all the same."""
    dateline: str | None = None
    first_number: int = 100_000
    """The id of its first article."""
    base_url: str = ""

    @property
    def host(self) -> str:
        return self.base_url.removeprefix("http://")

    def section(self, theme: str) -> Section:
        return next(section for section in self.sections if section.theme == theme)


def _sections(politics: str, economy: str, society: str, culture: str) -> tuple[Section, ...]:
    """Each given as "slug Name"."""
    named = zip(("chinh-tri", "kinh-te", "xa-hoi", "van-hoa"), (politics, economy, society, culture), strict=True)
    return tuple(Section(theme=theme, slug=text.partition(" ")[0], name=text.partition(" ")[2]) for theme, text in named)


DEFAULT_PORTALS = (
    PressPortal(
        id="baodongthap",
        name="Báo Đồng Tháp",
        province="Đồng Tháp",
        family="aspnet-webforms",
        address="127.0.11.1",
        sections=_sections("thoi-su Thời sự", "kinh-te Kinh tế", "xa-hoi Xã hội", "van-hoa Văn hóa"),
        sources=(("feed", "home"), ("listing", "chinh-tri")),
        dateline="ĐTO",
        first_number=101_000,
    ),
    PressPortal(
        id="baoapbac",
        name="Báo Ấp Bắc",
        province="Tiền Giang",
        family="portal-yyyymm",
        address="127.0.11.2",
        sections=_sections("chinh-tri Chính trị", "kinh-te Kinh tế", "xa-hoi Xã hội", "van-hoa-nghe-thuat Văn hóa - Nghệ thuật"),
        sources=(("listing", "chinh-tri"), ("listing", "kinh-te"), ("listing", "xa-hoi"), ("listing", "van-hoa")),
        dateline="ABO",
        first_number=1_052_000,
    ),
    PressPortal(
        id="baocantho",
        name="Báo Cần Thơ",
        province="Cần Thơ",
        family="v1-homepage",
        address="127.0.11.3",
        sections=_sections(
            "chinh-tri Chính trị", "kinh-te Kinh tế", "xa-hoi-phap-luat Xã hội - Pháp luật", "van-hoa-giai-tri Văn hóa - Giải trí"
        ),
        sources=(("feed", "chinh-tri"), ("feed", "kinh-te"), ("feed", "xa-hoi"), ("feed", "van-hoa")),
        first_number=217_000,
    ),
    PressPortal(
        id="baonghean",
        name="Báo Nghệ An",
        province="Nghệ An",
        family="onecms-1cdn",
        address="127.0.11.4",
        sections=_sections("thoi-su Thời sự", "kinh-te Kinh tế", "xa-hoi Xã hội", "giai-tri Giải trí"),
        sources=(("feed", "chinh-tri"), ("listing", "kinh-te"), ("listing", "xa-hoi"), ("listing", "van-hoa"), ("feed", "home")),
        first_number=10_310_000,
    ),
)
