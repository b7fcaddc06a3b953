"""The provinces of Vietnam: 63 until 30 June 2025, 34 since. Scopes take old and new names alike.

Origin: Resolution 202/2025/QH15 of the National Assembly, in force since 12 June 2025, the units at work since 1 July 2025.
"""

import re
import unicodedata
from collections.abc import Mapping

MERGED: Mapping[str, tuple[str, ...]] = {
    # Six cities under the central government.
    "Hà Nội": ("Hà Nội",),
    "Huế": ("Thừa Thiên Huế",),
    "Hải Phòng": ("Hải Phòng", "Hải Dương"),
    "Đà Nẵng": ("Đà Nẵng", "Quảng Nam"),
    "TP Hồ Chí Minh": ("TP Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu"),
    "Cần Thơ": ("Cần Thơ", "Sóc Trăng", "Hậu Giang"),
    # Nine provinces that stayed as they were.
    "Cao Bằng": ("Cao Bằng",),
    "Điện Biên": ("Điện Biên",),
    "Hà Tĩnh": ("Hà Tĩnh",),
    "Lai Châu": ("Lai Châu",),
    "Lạng Sơn": ("Lạng Sơn",),
    "Nghệ An": ("Nghệ An",),
    "Quảng Ninh": ("Quảng Ninh",),
    "Sơn La": ("Sơn La",),
    "Thanh Hóa": ("Thanh Hóa",),
    # Nineteen merged provinces.
    "An Giang": ("An Giang", "Kiên Giang"),
    "Bắc Ninh": ("Bắc Ninh", "Bắc Giang"),
    "Cà Mau": ("Cà Mau", "Bạc Liêu"),
    "Đắk Lắk": ("Đắk Lắk", "Phú Yên"),
    "Đồng Nai": ("Đồng Nai", "Bình Phước"),
    "Đồng Tháp": ("Đồng Tháp", "Tiền Giang"),
    "Gia Lai": ("Gia Lai", "Bình Định"),
    "Hưng Yên": ("Hưng Yên", "Thái Bình"),
    "Khánh Hòa": ("Khánh Hòa", "Ninh Thuận"),
    "Lào Cai": ("Lào Cai", "Yên Bái"),
    "Lâm Đồng": ("Lâm Đồng", "Đắk Nông", "Bình Thuận"),
    "Ninh Bình": ("Ninh Bình", "Hà Nam", "Nam Định"),
    "Phú Thọ": ("Phú Thọ", "Vĩnh Phúc", "Hòa Bình"),
    "Quảng Ngãi": ("Quảng Ngãi", "Kon Tum"),
    "Quảng Trị": ("Quảng Trị", "Quảng Bình"),
    "Tây Ninh": ("Tây Ninh", "Long An"),
    "Thái Nguyên": ("Thái Nguyên", "Bắc Kạn"),
    "Tuyên Quang": ("Tuyên Quang", "Hà Giang"),
    "Vĩnh Long": ("Vĩnh Long", "Bến Tre", "Trà Vinh"),
}
"""The 34 units of today, and the units of before that each was made of."""

OTHER_NAMES: Mapping[str, str] = {
    "Hồ Chí Minh": "TP Hồ Chí Minh",
    "HCM": "TP Hồ Chí Minh",
    "Sài Gòn": "TP Hồ Chí Minh",
    "Bà Rịa Vũng Tàu": "Bà Rịa - Vũng Tàu",
    "Vũng Tàu": "Bà Rịa - Vũng Tàu",
    "Thừa Thiên - Huế": "Thừa Thiên Huế",
    "Đắc Lắc": "Đắk Lắk",
    "Đắc Nông": "Đắk Nông",
    "Bắc Cạn": "Bắc Kạn",
}
PREFIX = re.compile(r"(?:tỉnh|thành phố|tp\.?)\s*", re.IGNORECASE)
MARKS_OF_TONE = "\u0300\u0301\u0303\u0309\u0323"


def province_name(name: str) -> str | None:
    """`name` as the tables above spell it, whatever its case, tone placement and title (tỉnh, TP.); None when it is no province."""
    return _BY_KEY.get(_key(name))


def province_group(name: str) -> frozenset[str]:
    """Every name, old and new, of today's unit that `name` belongs to; empty when it is no province."""
    known = province_name(name)
    return _GROUPS[known] if known is not None else frozenset()


def same_province(a: str, b: str) -> bool:
    """Whether both lie in one unit of today: Tiền Giang and Đồng Tháp do."""
    return bool(province_group(a) & province_group(b))


def _key(name: str) -> str:
    """Equal for spellings that differ in case, form, punctuation and the place of the tone only (Hoà, Hòa)."""
    bare = PREFIX.sub("", unicodedata.normalize("NFC", name).strip(), count=1) if PREFIX.match(name) else name
    words = re.findall(r"\w+", unicodedata.normalize("NFC", bare).casefold())
    return " ".join(_tone_last(word) for word in words)


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(c for c in letters if c not in MARKS_OF_TONE) + "".join(c for c in letters if c in MARKS_OF_TONE)


_GROUPS: Mapping[str, frozenset[str]] = {
    name: group for unit, parts in MERGED.items() for group in [frozenset({unit, *parts})] for name in group
}
_BY_KEY: Mapping[str, str] = {_key(name): name for name in _GROUPS} | {_key(other): name for other, name in OTHER_NAMES.items()}

PROVINCE_NAMES = tuple(sorted(_GROUPS))
"""All old and new names, as they are spelled here."""
