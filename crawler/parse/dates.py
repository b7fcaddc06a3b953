"""Vietnamese date lines and machine-readable dates to instants: our own grammar, because general parsers guess.

dateutil reads "(GMT+7)" as -07:00 and feedparser takes a time without a zone for UTC; see docs/decisions and tests/unit/test_dates.py.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from crawler.model import VIETNAM
from crawler.text.normal import clean
from storage.records import Precision

FIRST_YEAR = 1990  # the first Vietnamese paper went online in 1997; anything older is an empty field of the database (1970, 0001)
LAST_YEAR = 2100
_LONGEST_LINE = 400  # a date line is short; a longer text is an article that mentions dates
_LONGEST_LEAD_IN = 60  # before a date without a time: section and author; a whole sentence there is running text
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_WORDS = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_MONTH = r"(?:\d{1,2}|mười một|mười hai|mười|giêng|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|chạp)"
_ENGLISH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}"
_NAMED_ZONES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "gmt": 0, "ut": 0, "utc": 0, "z": 0}
_TWENTY_FIRST_CENTURY = 69  # two-digit years below it, as in RFC 2822 software


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment as a page states it. `at` is aware UTC; of a date without a time it is that day's first moment in Vietnam."""

    at: datetime
    precision: Precision
    raw: str


_DATE = re.compile(
    r"(?<![\d/.])(?:"
    r"(?P<d>\d{1,2})(?:\s?/\s?(?P<m>\d{1,2})\s?/\s?|-(?P<m2>\d{1,2})-|\.(?P<m3>\d{1,2})\.)(?P<y>\d{4})"
    r"|(?P<iy>\d{4})[-/](?P<im>\d{1,2})[-/](?P<id>\d{1,2})(?:t(?=\d))?"
    rf"|(?P<wd>\d{{1,2}})\s+(?:tháng\s+|th(?:g\.?\s?)?(?=\d))(?P<wm>{_MONTH})\s*,?\s*(?:năm\s+)?(?P<wy>\d{{4}})"
    rf"|\b(?:tháng\s+|th(?:g\.?\s?)?(?=\d))(?P<wm2>{_MONTH})\s+(?P<wd2>\d{{1,2}}),\s*(?P<wy2>\d{{4}})"
    rf"|(?P<em>\b{_ENGLISH})\.?\s+(?P<ed>\d{{1,2}}),\s*(?P<ey>\d{{4}})|(?P<ed2>\d{{1,2}})\s+(?P<em2>{_ENGLISH})\.?,?\s+(?P<ey2>\d{{4}})"
    r")(?:(?<=t)|(?!\d))"
)
_CLOCK = r"(?P<h>\d{1,2})(?::|\s?(?:h|giờ)\s?)(?P<min>\d{2})(?:[:'](?P<s>\d{2}))?(?!\d)(?:\s?(?:phút|['’]))?(?:\s?(?P<half>(?:am|pm|sa|ch)\b|(?:sáng|chiều|tối)(?=\s*(?:$|[,;|()\[\]–-]))))?"
_WEEKDAY = r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật)"
_CLOCK_AFTER = re.compile(r"[\s,|:•–-]{0,5}(?:lúc\s+)?" + _CLOCK)
_CLOCK_BEFORE = re.compile(r"(?<![\d:])" + _CLOCK + rf"[\s,|•–-]{{0,5}}(?:{_WEEKDAY}[\s,|•–-]{{0,5}})?(?:ngày\s+)?$")
_ZONE = re.compile(r"[\s,(\[]{0,4}(?:gmt|utc)\s?(?P<sign>[+-])\s?(?P<h>\d{1,2})(?::?(?P<min>\d{2}))?")
_OTHER_DAY = re.compile(r"(?:từ|đến|trước|sau|cấp|ký|hết|hạn|số ra|hiệu lực|ban hành)\s*(?:ngày)?\s*:?\s*$")
"""What stands before a date that is not the publication's: licences, laws, deadlines, issues of the printed paper."""
_BARE_DAY = re.compile(r"\bngày\s*$")
_DAY_OF_A_DATE_LINE = re.compile(r"(?:thứ\s+\S+|chủ\s+nhật|đăng|cập\s+nhật|xuất\s+bản|phát\s+hành)[\s,:–-]*ngày\s*$")
_UPDATED = re.compile(r"(?:cập nhật|sửa đổi|chỉnh sửa)[^\d]*$")


def parse_visible(text: str) -> When | None:
    """The moment a printed date line names (day before month), or None for running text, laws, licences and impossible dates.

    Of several dates the first with a time wins over one labelled as an update, and that over one without a time.
    """
    line = clean(text)[:_LONGEST_LINE]
    lower = line.lower()
    best: tuple[int, When] | None = None
    for date in _DATE.finditer(lower):
        found = _read_visible(lower, date)
        if found is None:
            continue
        rank, at, precision, (start, end) = found
        if best is None or rank > best[0]:
            raw = line if len(line) <= _LONGEST_LEAD_IN * 2 else line[start:end]
            best = rank, When(at=at, precision=precision, raw=raw)
    return best[1] if best else None


def _read_visible(line: str, date: re.Match[str]) -> tuple[int, datetime, Precision, tuple[int, int]] | None:
    clock, start, end = _CLOCK_AFTER.match(line, date.end()), date.start(), date.end()
    if clock is not None:
        end = clock.end()
    elif (clock := _CLOCK_BEFORE.search(line[: date.start()])) is not None:
        start = clock.start()
    lead_in = line[:start]
    if _OTHER_DAY.search(lead_in) or (clock is None and not _may_stand_alone(date, lead_in)):
        return None
    zone = _ZONE.match(line, end)
    at = _visible_moment(date, clock, _offset(zone["sign"], zone["h"], zone["min"]) if zone else VIETNAM)
    if at is None:
        return None
    rank = 0 if clock is None else 1 if _UPDATED.search(lead_in) else 2
    return rank, at, _precision(clock), (start, zone.end() if zone else end)


def _may_stand_alone(date: re.Match[str], lead_in: str) -> bool:
    """Whether a date without a time is a date line: "ngày 8.8.2026" in a sentence is none, "Thứ Năm, ngày 11/10/2018" is one."""
    if len(lead_in) > _LONGEST_LEAD_IN:
        return False
    if date["wy"] is not None or not _BARE_DAY.search(lead_in):
        return True
    return _DAY_OF_A_DATE_LINE.search(lead_in) is not None


def _visible_moment(date: re.Match[str], clock: re.Match[str] | None, zone: timezone) -> datetime | None:
    year, month, day = _numbers(date)
    hour, minute, second = _clock(clock)
    if clock is not None and clock["half"] in ("am", "pm") and date["d"] is not None and month > 12 >= day:  # noqa: PLR2004  months in a year
        day, month = month, day  # 11/19/2019 3:00 PM: a system set to English
    return _moment(year, month, day, hour, minute, second, zone)


def _numbers(date: re.Match[str]) -> tuple[int, int, int]:
    if date["iy"] is not None:
        return int(date["iy"]), int(date["im"]), int(date["id"])
    for year, month, day in (("wy", "wm", "wd"), ("wy2", "wm2", "wd2")):
        if date[year] is not None:
            return int(date[year]), _IN_WORDS.get(date[month]) or int(date[month]), int(date[day])
    for year, month, day in (("ey", "em", "ed"), ("ey2", "em2", "ed2")):
        if date[year] is not None:
            return int(date[year]), _MONTHS.index(date[month][:3]) + 1, int(date[day])
    return int(date["y"]), int(date["m"] or date["m2"] or date["m3"]), int(date["d"])


def _clock(clock: re.Match[str] | None) -> tuple[int, int, int]:
    if clock is None:
        return 0, 0, 0
    return _hour(int(clock["h"]), clock["half"]), int(clock["min"]), int(clock["s"] or 0)


def _hour(hour: int, half: str | None) -> int:
    """24-hour clocks are also printed with AM and PM ("00:01 AM", "13:05 PM"): the mark counts only where it can."""
    if half in ("pm", "ch", "chiều", "tối") and hour < 12:  # noqa: PLR2004  hours in half a day
        return hour + 12
    return 0 if half in ("am", "sa") and hour == 12 else hour  # noqa: PLR2004


def _precision(clock: re.Match[str] | None) -> Precision:
    if clock is None or clock["h"] is None:
        return "day"
    return "second" if clock["s"] is not None else "minute"


_ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T\s]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<zone>[^\d\s].*)?)?",
    re.IGNORECASE,
)
_RFC = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(?P<d>\d{1,2})[\s-](?P<month>[a-z]{3})[a-z]*\.?[\s-](?P<y>\d{4}|\d{2})"
    r"(?:,?\s+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<zone>.*))?",
    re.IGNORECASE,
)
_SLASHES = re.compile(
    r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})(?:,?\s+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<half>am|pm)?)?", re.IGNORECASE
)
_EPOCH = re.compile(r"(\d{10})(\d{3})?")
_OFFSET = re.compile(r"(?:gmt|utc)?\s?(?P<sign>[+-])\s?(?P<h>\d{1,2})(?::?(?P<min>\d{2}))?")


def parse_machine(text: str) -> When | None:
    """The moment a feed, a meta tag or JSON-LD names, or None. Without a zone it is Vietnam's time.

    Slashes with AM or PM are US order (month first), as every system seen writes them; without, day before month.
    """
    raw = text.strip()
    value = clean(html.unescape(raw) if "&" in raw else raw)[:_LONGEST_LINE]
    for pattern, read in ((_ISO, _read_iso), (_RFC, _read_rfc), (_SLASHES, _read_slashes), (_EPOCH, _read_epoch)):
        match = pattern.fullmatch(value)
        if match is not None:
            at = read(match)
            return None if at is None else When(at=at, precision="second" if pattern is _EPOCH else _precision(match), raw=raw)
    return parse_visible(text)


def _read_iso(match: re.Match[str]) -> datetime | None:
    return _moment(int(match["y"]), int(match["m"]), int(match["d"]), *_plain_clock(match), _zone(match["zone"]))


def _read_rfc(match: re.Match[str]) -> datetime | None:
    month, year = match["month"].lower(), int(match["y"])
    if month not in _MONTHS:
        return None
    if len(match["y"]) == 2:  # noqa: PLR2004  digits
        year += 2000 if year < _TWENTY_FIRST_CENTURY else 1900
    return _moment(year, _MONTHS.index(month) + 1, int(match["d"]), *_plain_clock(match), _zone(match["zone"]))


def _read_slashes(match: re.Match[str]) -> datetime | None:
    first, second, half = int(match["a"]), int(match["b"]), (match["half"] or "").lower()
    day, month = (second, first) if half or second > 12 >= first else (first, second)  # noqa: PLR2004  months in a year
    hour, minute, seconds = _plain_clock(match)
    return _moment(int(match["y"]), month, day, _hour(hour, half), minute, seconds, VIETNAM)


def _read_epoch(match: re.Match[str]) -> datetime | None:
    at = datetime.fromtimestamp(int(match[1]), UTC)
    return at if FIRST_YEAR <= at.year <= LAST_YEAR else None


def _plain_clock(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match["h"] or 0), int(match["min"] or 0), int(match["s"] or 0)


@lru_cache(maxsize=256)
def _zone(text: str | None) -> timezone:
    name = (text or "").strip(" ()[]").lower()
    if offset := _OFFSET.match(name):
        return _offset(offset["sign"], offset["h"], offset["min"])
    hours = _NAMED_ZONES.get(name.split(" ")[0])
    return VIETNAM if hours is None else timezone(timedelta(hours=hours))


def _offset(sign: str, hours: str, minutes: str | None) -> timezone:
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset >= timedelta(hours=24):
        return VIETNAM
    return timezone(-offset if sign == "-" else offset)


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int, zone: timezone) -> datetime | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
