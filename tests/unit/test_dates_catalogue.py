"""Every literal of ../shared/portals/dates.md, read by our grammar and, as a second opinion, by its bare numbers."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.model import VIETNAM
from crawler.parse.dates import parse_machine, parse_visible

CATALOGUE = Path(__file__).resolve().parents[2] / "../shared/portals/dates.md"
_DAY = re.compile(r"(?<!\d)(?:(\d{1,2})[/-](\d{1,2})[/-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2}))(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?(?!\d)")
_ZONE = re.compile(r":\d\d(?:\.\d+)?\s*([+-])(\d{2}):?(\d{2})?$|(Z|GMT)$")
_MONTHS = {"Feb": 2, "Aug": 8}
_BARE = re.compile(r"\d+/\d+/\d{4}")  # a licence's too: only its place tells (tests/layouts/no-date.html)
_NEVER_TEXT = re.compile(r"licence|legal|site notes|paper issues|short forms")


def sections() -> dict[str, list[str]]:
    """The lines of each numbered section."""
    found: dict[str, list[str]] = {}
    number = ""
    for line in CATALOGUE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## (\d)", line):
            number = heading[1]
        found.setdefault(number, []).append(line)
    return found


def literals(line: str) -> list[str]:
    return [found.replace("\\|", "|") for found in re.findall(r"`([^`]+)`", line)]


def rows(number: str) -> Iterator[tuple[str, str]]:
    """Each literal of the first column, and the rest of its row."""
    for line in sections()[number]:
        if line.startswith("| `"):
            first, _, rest = line.removeprefix("| ").replace("\\|", "\x00").partition(" | ")
            yield from ((text.replace("\x00", "|"), rest) for text in literals(first))


def by_numbers(text: str, *, is_american: bool = False) -> datetime | None:
    """What the bare numbers of a line say: a day, the clock beside it, the offset at its end."""
    text = html.unescape(text).replace("\u202f", " ")
    day, clock, zone = _DAY.search(text), _CLOCK.search(text), _ZONE.search(text)
    if day is None:
        return None
    first, second, year, *iso = map(int, (part or "0" for part in day.groups()))
    year, month, number = tuple(iso) if iso[0] else (year, first, second) if is_american else (year, second, first)
    hour, minute, seconds = map(int, (part or "0" for part in clock.groups())) if clock else (0, 0, 0)
    if is_american:
        hour = hour % 12 + 12 * text.endswith("PM")
    offset = VIETNAM
    if zone is not None:
        offset = UTC if zone[4] else timezone(timedelta(hours=int(zone[2])) * (1 if zone[1] == "+" else -1))
    try:
        return datetime(year, month, number, hour, minute, seconds, tzinfo=offset).astimezone(UTC)
    except ValueError:
        return None


if CATALOGUE.is_file():
    PRINTED = [(text, rest) for text, rest in rows("1") if re.search(r"\d", text) and "%" not in text]
    MACHINE = [(text, rest) for text, rest in rows("2") if "DECOY" not in rest]
    NEVER = [
        text for line in sections()["4"] if _NEVER_TEXT.search(line.split("`")[0]) for text in literals(line) if not _BARE.fullmatch(text)
    ]

    def test_the_catalogue_is_read_whole():
        assert (len(PRINTED) > 55, len(MACHINE) > 15, len(NEVER) > 15) == (True, True, True)

    @pytest.mark.parametrize(("text", "rest"), PRINTED, ids=[text for text, _ in PRINTED])
    def test_each_printed_line_means_what_its_numbers_say(text: str, rest: str):
        wanted = by_numbers(text, is_american="US order" in rest)
        got = parse_visible(text.replace("…", " "))
        assert (got.at if got else None) == wanted
        assert got is None or (got.precision == "day") == (_CLOCK.search(text) is None)

    @pytest.mark.parametrize(("text", "rest"), MACHINE, ids=[text for text, _ in MACHINE])
    def test_each_value_in_the_markup_means_what_its_numbers_say(text: str, rest: str):
        if re.fullmatch(r"[\d:]+", text):  # two clocks without a day, quoted to compare them
            assert parse_machine(text) is None
            return
        got = parse_machine(text)
        assert got is not None
        assert got.at == by_numbers(text, is_american=text.endswith("M"))

    @pytest.mark.parametrize(("text", "rest"), list(rows("3")), ids=[text for text, _ in rows("3")])
    def test_each_pub_date_means_what_its_numbers_say(text: str, rest: str):
        text = text.replace("\\u202f", "\u202f")
        got = parse_machine(text)
        words = re.match(r"\w{3}, (\d+) (\w{3}) (\d{2,4}) ([\d:]+) (?:\+07(?:00|:00)?|(GMT))$", text)
        if words is None:
            wanted = by_numbers(text, is_american=True)
        else:
            hour, minute, second = (int(part) for part in words[4].split(":"))
            zone = UTC if words[5] else VIETNAM
            day = datetime(int(words[3]) % 100 + 2000, _MONTHS[words[2]], int(words[1]), hour, minute, second, tzinfo=zone)
            wanted = day.astimezone(UTC)
        assert got is not None
        assert (got.at, got.precision) == (wanted, "second")

    @pytest.mark.parametrize("text", NEVER, ids=NEVER)
    def test_licences_laws_and_running_text_date_nothing(text: str):
        assert parse_visible(text) is None
