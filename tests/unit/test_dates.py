from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import VIETNAM
from crawler.parse.dates import When, parse_machine, parse_visible


def told(when: When | None) -> tuple[str, str] | None:
    """Vietnam time and precision, short enough for a table."""
    return None if when is None else (when.at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S"), when.precision)


VISIBLE = [
    ("Cập nhật ngày: 24/04/2015 05:21:36", "2015-04-24 05:21:36", "second"),
    ("Cập nhật ngày: 13/01/2022 12:40:31", "2022-01-13 12:40:31", "second"),
    ("Thứ Sáu, 29/08/2025, 09:51 (GMT+7)", "2025-08-29 09:51:00", "minute"),
    ("Chủ Nhật, 18/01/2026, 21:21 (GMT+7)", "2026-01-18 21:21:00", "minute"),
    ("Thứ Ba, 28/04/2020, 17:30 [GMT+7]", "2020-04-28 17:30:00", "minute"),
    ("Chủ Nhật, 25/01/2015, 20:22 (GMT+7)", "2015-01-25 20:22:00", "minute"),
    ("Thứ Ba, 26/03/2024, 21:10 (GMT+7)", "2024-03-26 21:10:00", "minute"),
    ("Cập nhật: 20:45, 07/10/2018 (GMT+7)", "2018-10-07 20:45:00", "minute"),
    ("12/03/2014 - 13:14", "2014-03-12 13:14:00", "minute"),
    ("30/06/2023 - 14:50", "2023-06-30 14:50:00", "minute"),
    ("Thứ 4, 01/12/2021 | 11:51:00 [GMT +7]", "2021-12-01 11:51:00", "second"),
    ("Thứ sáu: 15:00 ngày 09/02/2024", "2024-02-09 15:00:00", "minute"),
    ("19:48, 05/09/2020", "2020-09-05 19:48:00", "minute"),
    ("2018-05-27 06:34:00", "2018-05-27 06:34:00", "second"),
    ("2024-04-21 15:43:00", "2024-04-21 15:43:00", "second"),
    ("21/06/2023 05:49", "2023-06-21 05:49:00", "minute"),
    ("16/10/2018", "2018-10-16 00:00:00", "day"),
    ("13:00, 31/03/2014", "2014-03-31 13:00:00", "minute"),
    ("13:05 PM - 04/09/2017", "2017-09-04 13:05:00", "minute"),
    ("21/11/2023 09:28", "2023-11-21 09:28:00", "minute"),
    ("08/01/2026 10:02", "2026-01-08 10:02:00", "minute"),
    ("26/04/2022 11:05", "2022-04-26 11:05:00", "minute"),
    ("Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "2026-03-07 00:05:00", "minute"),
    ("07/03/2026 08:01 GMT+7", "2026-03-07 08:01:00", "minute"),
    ("Thứ bảy, 07/03/2026 - 08:07", "2026-03-07 08:07:00", "minute"),
    ("Thứ Bảy, 07/03/2026 - 08:52", "2026-03-07 08:52:00", "minute"),
    ("07/03/2026\u00a0  08:52 (GMT+07:00)", "2026-03-07 08:52:00", "minute"),
    ("01/03/2026 \n 09:51", "2026-03-01 09:51:00", "minute"),
    ("- 07/03/2026 08:47", "2026-03-07 08:47:00", "minute"),
    ("07-03-2026 - 00:01 AM", "2026-03-07 00:01:00", "minute"),
    ("23:02 , 06/03/2026", "2026-03-06 23:02:00", "minute"),
    ("Thứ Ba, 22:35, 26/08/2025", "2025-08-26 22:35:00", "minute"),
    ("Thứ tư, 17/04/2024 06:23 (GMT+7)", "2024-04-17 06:23:00", "minute"),
    ("Cập nhật lúc 14:30, Thứ Ba, 12/05/2020", "2020-05-12 14:30:00", "minute"),
    ("14:30 Thứ Ba ngày 12/05/2020", "2020-05-12 14:30:00", "minute"),
    ("08:05 | Chủ Nhật - 10/05/2020", "2020-05-10 08:05:00", "minute"),
    ("12/05/2020 lúc 2:30 chiều", "2020-05-12 14:30:00", "minute"),
    ("7:45 tối, 12/05/2020", "2020-05-12 19:45:00", "minute"),
    ("9:00 sáng 12/05/2020", "2020-05-12 09:00:00", "minute"),
    ("12/05/2020 08:30 Tối qua, đoàn kiểm tra về xã", "2020-05-12 08:30:00", "minute"),
    ("12 thg 5, 2020", "2020-05-12 00:00:00", "day"),
    ("14:30 12 thg 5, 2020", "2020-05-12 14:30:00", "minute"),
    ("12 Th5 2020", "2020-05-12 00:00:00", "day"),
    ("Th12 5, 2020 - 14:30", "2020-12-05 14:30:00", "minute"),
    ("Chủ nhật, 04/01/2026", "2026-01-04 00:00:00", "day"),
    ("12:00 22/10/2020", "2020-10-22 12:00:00", "minute"),
    ("Xã hội - Thành Nhân - 20:18, 18/11/2019", "2019-11-18 20:18:00", "minute"),
    ("Thời sự - 15:27, 02/03/2026", "2026-03-02 15:27:00", "minute"),
    ("Thứ năm, 11:01, 18/09/2025", "2025-09-18 11:01:00", "minute"),
    ("18:02 26/08/2019", "2019-08-26 18:02:00", "minute"),
    ("Tin đăng lúc : 05-05-2025", "2025-05-05 00:00:00", "day"),
    ("21:28 22/09/2025", "2025-09-22 21:28:00", "minute"),
    ("Điểm báo trong ngày (31/01/2026, 07:27)", "2026-01-31 07:27:00", "minute"),
    ("Thông tin báo chí ngày 31/01/2026 (31/01/2026, 07:27)", "2026-01-31 07:27:00", "minute"),
    ("Thứ Năm, ngày 11/10/2018", "2018-10-11 00:00:00", "day"),
    ("Thứ Tư, ngày 15/6/2016", "2016-06-15 00:00:00", "day"),
    ("Thứ Bảy, ngày 21/3/2020", "2020-03-21 00:00:00", "day"),
    ("Thứ sáu, 02/7/2021 - 09:49", "2021-07-02 09:49:00", "minute"),
    ("Thứ tư - 22/01/2025 17:21", "2025-01-22 17:21:00", "minute"),
    ("01/10/2021 15:53    4792", "2021-10-01 15:53:00", "minute"),
    ("10:55 08/03/2012", "2012-03-08 10:55:00", "minute"),
    ("20/10/2020, 17:16", "2020-10-20 17:16:00", "minute"),
    ("Cập nhật 21/06/2018 10:49 Xem với cỡ chữ", "2018-06-21 10:49:00", "minute"),
    ("15:22 30/04/2017", "2017-04-30 15:22:00", "minute"),
    ("30/01/2023Theo Sở Y tế, toàn tỉnh có thêm hai trạm", "2023-01-30 00:00:00", "day"),
    ("11/19/2019 3:00 PM", "2019-11-19 15:00:00", "minute"),
    ("ngày 5 tháng 3 , 2020", "2020-03-05 00:00:00", "day"),
    ("Ngày 5 tháng 3 năm 2020", "2020-03-05 00:00:00", "day"),
    ("NGÀY 21 THÁNG 11, 2019 | 16:40", "2019-11-21 16:40:00", "minute"),
    ("9:15' 04/02/2019", "2019-02-04 09:15:00", "minute"),
    ("16:40 ngày 21-11-2019", "2019-11-21 16:40:00", "minute"),
    ("16:40 | 21/11/2019", "2019-11-21 16:40:00", "minute"),
    ("2019-11-21T16:40", "2019-11-21 16:40:00", "minute"),
    ("21/11/2019 09:15 PM", "2019-11-21 21:15:00", "minute"),
    ("21-11-2019 - 09:15 PM", "2019-11-21 21:15:00", "minute"),
    ("21/11/2019 9:15 CH", "2019-11-21 21:15:00", "minute"),
    ("Thứ Sáu, 29/08/2025, 9h51", "2025-08-29 09:51:00", "minute"),
    ("Chủ Nhật, 07/10/2018, 20:22 (GMT+7) Cập nhật: 21:45, 07/10/2018 (GMT+7)", "2018-10-07 20:22:00", "minute"),
    ("Cập nhật: 21:45, 07/10/2018. Đăng lúc 20:22, 07/10/2018", "2018-10-07 20:22:00", "minute"),
    ("Thứ Tư, 13/01/2022 17:00 (GMT+9)", "2022-01-13 15:00:00", "minute"),
]


@pytest.mark.parametrize(("line", "at", "precision"), VISIBLE, ids=[line for line, *_ in VISIBLE])
def test_a_printed_date_line_means_its_moment_in_vietnam(line, at, precision):
    assert told(parse_visible(line)) == (at, precision)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "30/47/2023",
        "30/36/2023",
        "31/02/2024 10:00",
        "12/03/2014 25:61",
        "01/01/1970 07:00",
        "Giấy phép do Bộ TT-TT cấp ngày 17/10/2025",
        "cấp ngày 15/04/2024",
        "do Sở cấp ngày 21/10/2021 cho đơn vị",
        "có hiệu lực từ ngày 15/3/2026",
        "có hiệu lực kể từ ngày 31/12/2025",
        "Nghị quyết số 04/2022/NQ-HĐND ngày 12/1/2022",
        "Từ ngày 1-1-2023",
        "Đón đọc Báo Đồng Tháp số ra ngày 19-1-2026",
        "Đón đọc số ra ngày 29-8",
        "28-8",
        "Sáng 26-4",
        "trước ngày 15-5",
        "từ tháng 3-2021 đến ngày 25-4-2022",
        "Chiều 29/12",
        "tối 25/7",
        "Ngày 21.8",
        "ngày 08.8.2026",
        "sáng nay (23/9)",
        "Hotline: 0889.382.382",
        "từ 8:00 đến 17:00",
        "Công tác dân vận " * 8 + "16/10/2018",
    ],
)
def test_a_decoy_or_an_impossible_date_means_nothing(line):
    assert parse_visible(line) is None


MACHINE = [
    ("2026-03-07T08:52:11.000 +07:00", "2026-03-07 08:52:11", "second"),
    ("2026-03-01T09:51:00&#x2B;07:00", "2026-03-01 09:51:00", "second"),
    ("2026-03-07T00:01:00", "2026-03-07 00:01:00", "second"),
    ("2026-03-07 08:07", "2026-03-07 08:07:00", "minute"),
    ("2021-12-01 11:51:00", "2021-12-01 11:51:00", "second"),
    ("2021-12-01T04:51:00.000000Z", "2021-12-01 11:51:00", "second"),
    ("2014-03-12", "2014-03-12 00:00:00", "day"),
    ("2021-08-06", "2021-08-06 00:00:00", "day"),
    ("2023-06-30T14:50:06+07:00", "2023-06-30 14:50:06", "second"),
    ("11/21/2023 9:28:56 AM", "2023-11-21 09:28:56", "second"),
    ("1/8/2026 10:02:01 AM", "2026-01-08 10:02:01", "second"),
    ("4/26/2022 11:05:00 AM", "2022-04-26 11:05:00", "second"),
    ("9/30/2026 10:56:42 PM", "2026-09-30 22:56:42", "second"),
    ("01/10/2026 12:57:04", "2026-10-01 12:57:04", "second"),
    ("01/03/2026 09:54:33", "2026-03-01 09:54:33", "second"),
    ("11/21/2023 14:28", "2023-11-21 14:28:00", "minute"),
    ("12/31/2023 12:05:00 AM", "2023-12-31 00:05:00", "second"),
    ("12/31/2023 12:05:00 PM", "2023-12-31 12:05:00", "second"),
    ("2008-10-22T19:23:48+0700", "2008-10-22 19:23:48", "second"),
    ("Sun, 23 Aug 2026 02:00:00 +0700", "2026-08-23 02:00:00", "second"),
    ("Sun, 23 Aug 26 05:52:00 +0700", "2026-08-23 05:52:00", "second"),
    ("Sat, 22 Aug 2026 23:13:00 +07", "2026-08-22 23:13:00", "second"),
    ("Sat, 22 Aug 2026 22:58:22 +07:00", "2026-08-22 22:58:22", "second"),
    ("8/23/2026 5:20:00\u202fAM", "2026-08-23 05:20:00", "second"),
    ("8/22/2026 11:00:00 PM", "2026-08-22 23:00:00", "second"),
    ("8/1/2026 8:58:00 PM", "2026-08-01 20:58:00", "second"),
    ("Sat, 22 Aug 2026 09:16:02 GMT", "2026-08-22 16:16:02", "second"),
    ("Sat, 18 Feb 2017 15:16:55 +0700", "2017-02-18 15:16:55", "second"),
    ("18 Feb 2017 15:16 GMT+7", "2017-02-18 15:16:00", "minute"),
    ("Sat, 18 Feb 2017 15:16:55", "2017-02-18 15:16:55", "second"),
    ("06-08-2021 01:08", "2021-08-06 01:08:00", "minute"),
    ("1700214560", "2023-11-17 16:49:20", "second"),
    ("1700214560123", "2023-11-17 16:49:20", "second"),
    ("Thứ Bảy, 07/03/2026 - 08:52", "2026-03-07 08:52:00", "minute"),
]


@pytest.mark.parametrize(("value", "at", "precision"), MACHINE, ids=[value for value, *_ in MACHINE])
def test_a_machine_readable_date_means_its_moment(value, at, precision):
    assert told(parse_machine(value)) == (at, precision)


@pytest.mark.parametrize(
    "value", ["", "0001-01-01T00:00:00", "1970-01-01", "2026-13-01", "0", "Sun, 23 Foo 2026 02:00:00 +0700", "yesterday", "99/99/2026"]
)
def test_an_empty_or_impossible_machine_date_means_nothing(value):
    assert parse_machine(value) is None


def test_the_line_is_kept_as_printed():
    when = parse_visible(" Cập nhật ngày:\u00a013/01/2022 12:40:31 ")
    assert when is not None
    assert when.raw == "Cập nhật ngày: 13/01/2022 12:40:31"


def test_times_are_told_in_utc():
    when = parse_visible("13/01/2022 05:00")
    assert when is not None
    assert when.at == datetime(2022, 1, 12, 22, 0, tzinfo=UTC)
    assert when.at.utcoffset() == timedelta(0)


WEEKDAYS = ("Thứ Hai", "Thứ ba", "Thứ 4", "Thứ năm", "Thứ Sáu", "Thứ bảy", "Chủ Nhật")
MINUTE_FORMATS = (
    "{w}, %d/%m/%Y, %H:%M (GMT+7)",
    "{w}, %d/%m/%Y - %H:%M",
    "{w}: %H:%M ngày %d/%m/%Y",
    "{w}, %H:%M, %d/%m/%Y",
    "{w} - %d/%m/%Y %H:%M",
    "%H:%M %d/%m/%Y",
    "%H:%M - %d/%m/%Y",
    "%Y-%m-%dT%H:%M",
    "%d/%m/%Y | %H:%M",
    "%d/%m/%Y %H:%M",
    "%H:%M ngày %d-%m-%Y",
    "%d/%m/%Y, %H:%M",
    "%H:%M, %d/%m/%Y",
    "%H:%M' %d/%m/%Y",
    "%H:%M | %d/%m/%Y",
    "%Y-%m-%d %H:%M",
    "%d-%m-%Y - %H:%M",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %I:%M %p",
    "NGÀY %d THÁNG %m, %Y | %H:%M",
    "%d/%m/%Y\u00a0  %H:%M (GMT+07:00)",
    "%d-%m-%Y - %H:%M %p",
)
moments = st.integers(631_300_000 // 60, 2_240_000_000 // 60).map(
    lambda minute: datetime.fromtimestamp(minute * 60, VIETNAM)
)  # 1990 to 2040


@given(moments, st.sampled_from(MINUTE_FORMATS))
def test_every_printed_format_comes_back_as_it_was_written(moment, pattern):
    line = moment.strftime(pattern).replace("{w}", WEEKDAYS[moment.weekday()])
    when = parse_visible(line)
    assert when is not None
    assert (when.at, when.precision) == (moment, "minute")


MACHINE_FORMATS = (
    "%a, %d %b %Y %H:%M:%S +0700",
    "%a, %d %b %Y %H:%M:%S +07",
    "%a, %d %b %Y %H:%M:%S +07:00",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M:%S\u202f%p",
    "%d/%m/%Y %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S+07:00",
    "%Y-%m-%dT%H:%M:%S.000 +07:00",
    "%Y-%m-%dT%H:%M:%S",
)


@given(moments, st.sampled_from(MACHINE_FORMATS), st.integers(0, 59))
def test_every_machine_format_comes_back_as_it_was_written(moment, pattern, second):
    moment = moment.replace(second=second)
    when = parse_machine(moment.strftime(pattern))
    assert when is not None
    assert (when.at, when.precision) == (moment, "second")


@given(st.text(max_size=200) | st.from_regex(r"[0-9/:\-. ,APMngàythứ]{0,60}", fullmatch=True))
def test_any_text_at_all_is_read_without_failing(text):
    for when in (parse_visible(text), parse_machine(text)):
        assert when is None or when.at.tzinfo is UTC
