from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.answer import MAX_FRESH_S, MAX_RETRY_AFTER_S, failure_of, max_age_s, retry_after_s

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("1.5", 1),
        ("999999999", MAX_RETRY_AFTER_S),
        ("9" * 400, None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Mon, 02 Mar 2026 05:01:30 GMT", 90),
        ("Monday, 02-Mar-26 05:01:30 GMT", 90),
        ("Mon Mar  2 05:01:30 2026", 90),
        ("Mon, 02 Mar 2026 12:01:30 +0700", 90),
        ("Mon, 02 Mar 2026 04:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER_S),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("Mon, 99 Mar 2026 99:99:99 GMT", None),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after_s(value, now=NOW) == seconds


@given(st.text() | st.from_regex(r"(Mon, )?\d{1,3} (Mar|Foo) \d{1,6} \d\d:\d\d(:\d\d)? (GMT|[+-]\d{4,9}|)"))
def test_no_retry_after_is_too_strange(value):
    seconds = retry_after_s(value, now=NOW)
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER_S


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001  made aware below
def test_every_http_date_is_read(at):
    moment = at.replace(microsecond=0, tzinfo=UTC)
    wanted = min(max((moment - NOW) / timedelta(seconds=1), 0), MAX_RETRY_AFTER_S)
    assert retry_after_s(moment.strftime("%a, %d %b %Y %H:%M:%S GMT"), now=NOW) == wanted


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, None, id="nothing said"),
        pytest.param({"cache-control": "public"}, None, id="nothing useful said"),
        pytest.param({"cache-control": "public, max-age=300"}, 300, id="max-age"),
        pytest.param({"cache-control": 'Max-Age = "300"'}, 300, id="max-age, oddly written"),
        pytest.param({"cache-control": "s-maxage=900"}, None, id="s-maxage is for proxies"),
        pytest.param({"cache-control": "max-age=300", "age": "100"}, 200, id="age spent in a cache"),
        pytest.param({"cache-control": "max-age=300", "age": "x"}, 300, id="an age that is none"),
        pytest.param({"cache-control": "max-age=31536000"}, MAX_FRESH_S, id="a year"),
        pytest.param({"cache-control": "no-cache"}, 0, id="no-cache"),
        pytest.param({"cache-control": "private,no-store"}, 0, id="no-store"),
        pytest.param({"cache-control": "max-age=60", "expires": "0"}, 60, id="max-age before Expires"),
        pytest.param({"expires": "0"}, 0, id="Expires: 0"),
        pytest.param({"expires": "Mon, 02 Mar 2026 05:10:00 GMT"}, 600, id="Expires"),
        pytest.param(
            {"expires": "Mon, 02 Mar 2026 06:10:00 GMT", "date": "Mon, 02 Mar 2026 06:00:00 GMT"}, 600, id="by the server's clock"
        ),
        pytest.param({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0, id="long expired"),
    ],
)
def test_freshness(headers, seconds):
    assert max_age_s(headers, now=NOW) == seconds


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text(max_size=60)))
def test_no_freshness_is_too_strange(headers):
    seconds = max_age_s(headers, now=NOW)
    assert seconds is None or 0 <= seconds <= MAX_FRESH_S


@given(st.integers(100, 999))
def test_only_200_and_203_are_pages(status):
    assert (failure_of(status) is None) == (status in {200, 203})
