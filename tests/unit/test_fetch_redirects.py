"""Where a redirect may lead: whatever stands in a Location is a target or a FetchError, and never another portal's or an unsafe one."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import FetchError
from crawler.fetch.guard import read_target
from crawler.fetch.redirects import follow, next_hop

PIECES = (
    "http:",
    "https:",
    "//",
    "/",
    "..",
    "@",
    ":80",
    ":",
    "?",
    "#",
    "\\",
    "%2e",
    "bao.vn",
    "khac.vn",
    "127.1",
    "[::1]",
    "\t",
    "\r\n",
    "ă",
    "\ud800",
)
LOCATIONS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
START = read_target("https://bao.vn/tin/a.html")


@given(location=LOCATIONS)
def test_whatever_stands_in_a_location_is_a_target_of_the_portal_or_a_fetch_error(location):
    try:
        target = follow([START], location, {"bao.vn"})
    except FetchError:
        return
    assert target.scheme == "https"
    assert target.host in ("bao.vn", "www.bao.vn")


@given(location=LOCATIONS)
def test_whatever_a_robots_txt_redirects_to_is_a_target_or_a_fetch_error(location):
    try:
        target = next_hop([START], location)
    except FetchError:
        return
    assert read_target(target.text) == target
    assert target.text != START.text


@given(locations=st.lists(LOCATIONS, max_size=12))
def test_no_chain_of_redirects_goes_on_for_ever(locations):
    asked = [START]
    try:
        for location in (*locations, *map(str, range(8))):
            asked.append(next_hop(asked, location))
    except FetchError:
        pass
    assert len(asked) <= 6
