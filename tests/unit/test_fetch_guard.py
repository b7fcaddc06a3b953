import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Failure, FetchError
from crawler.fetch.guard import AddressGuard, read_target

REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.9",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public_is_refused(address):
    assert AddressGuard().refusal(address) is not None


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "14.225.0.1", "100.63.255.255", "172.32.0.1", "203.162.4.190", "2405:4800::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_what_is_public_is_let_through(address):
    assert AddressGuard().refusal(address) is None


@pytest.mark.parametrize("address", ["127.0.0.7", "::ffff:127.0.0.7", "fd00::5"])
def test_a_private_network_may_be_allowed(address):
    assert AddressGuard(["127.0.0.0/24", "fd00::/64"]).refusal(address) is None


@pytest.mark.parametrize("address", ["127.0.1.7", "10.0.0.1", "fd01::5"])
def test_allowing_one_network_allows_no_other(address):
    assert AddressGuard(["127.0.0.0/24", "fd00::/64"]).refusal(address) is not None


@given(st.ip_addresses())
def test_whatever_the_standard_library_calls_private_is_refused(address):
    embedded = isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address in ipaddress.IPv6Network("64:ff9b::/96"))
    if not address.is_global and not embedded:
        assert AddressGuard().refusal(str(address)) is not None


BYPASSES = [
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0177.0.0.01/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0x/",
    "http://127.0.0.256/",
    "http://1.2.3.4.5/",
    "http://127%2e0%2e0%2e1/",
    "http://%31%32%37.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://１２７.０.０.１/",
    "http://user@127.0.0.1/",
    "http://good.vn@127.0.0.1/",
    "http://good.vn:80@10.0.0.1/",
    "http://:@good.vn/",
    "http://good.vn\\@127.0.0.1/",
    "http://[::1",
    "http://[::1%25lo]/",
    "http://[fe80::1%25eth0]/",
    "http://[::ffff:127.0.0.1.]/",
    "http://[0:0:0:0:0:ffff:0x7f.1]/",
    "http:///etc/passwd",
    "http:127.0.0.1",
    "http://",
    "http://.",
    "http://..",
    "http://.vn/",
    "http://-/",
    "http://bao vn/",
    "http://bao.vn:0/",
    "http://bao.vn:65536/",
    "http://bao.vn:-1/",
    "http://bao.vn:http/",
    "http://bao.vn\x00.evil/",
    "http://bao.vn\r\nHost: evil/",
    "file:///etc/passwd",
    "ftp://bao.vn/",
    "gopher://127.0.0.1:6379/_",
    "data:text/html,x",
    "javascript:alert(1)",
    "//bao.vn/x",
    "/thoi-su",
    "",
    "   ",
    "http://" + "a" * 70_000 + ".vn/",
    "http://\ud800.vn/",
    "http://bao.vn:" + "9" * 5000 + "/",
]


@pytest.mark.parametrize("url", BYPASSES)
def test_a_url_that_hides_where_it_leads_is_refused(url):
    with pytest.raises(FetchError) as caught:
        read_target(url)
    assert caught.value.kind is Failure.GUARDED


@pytest.mark.parametrize("url", ["http://127.0.0.1./x", "http://127。0。0。1/", "http://[::ffff:7f00:1]/", "http://[0:0::1]/"])
def test_an_odd_spelling_of_an_address_is_judged_as_the_address(url):
    assert AddressGuard().refusal(read_target(url).host) is not None


def test_what_looks_like_a_second_host_in_the_fragment_is_none():
    assert read_target("http://good.vn#@127.0.0.1:bad/").host == "good.vn"


@given(st.text() | st.from_regex(r"https?://[^/]{0,30}(/.*)?") | st.from_regex(r"http://[0-9a-fx.:%\[\]]{1,20}/"))
def test_whatever_stands_in_a_page_is_a_target_or_a_fetch_error(url):
    with suppress(FetchError):
        target = read_target(url)
        assert target.scheme in {"http", "https"}
        assert target.host


@pytest.mark.parametrize(
    ("url", "origin", "text"),
    [
        pytest.param("HTTP://Bao.VN", "http://bao.vn:80", "http://bao.vn", id="letter case"),
        pytest.param("https://bao.vn:443/a?b=c#d", "https://bao.vn:443", "https://bao.vn/a?b=c", id="default port and fragment"),
        pytest.param("https://bao.vn.:8443/a", "https://bao.vn:8443", "https://bao.vn:8443/a", id="trailing dot"),
        pytest.param("http://báo.vn/tin tức", "http://xn--bo-mia.vn:80", "http://xn--bo-mia.vn/tin%20t%E1%BB%A9c", id="Vietnamese name"),
        pytest.param("http://[2405:4800::1]:81/", "http://[2405:4800::1]:81", "http://[2405:4800::1]:81/", id="IPv6"),
        pytest.param(" http://bao_cu.vn/ ", "http://bao_cu.vn:80", "http://bao_cu.vn/", id="blanks and underscore"),
    ],
)
def test_a_target_is_taken_apart_once(url, origin, text):
    target = read_target(url)
    assert (target.origin, target.text) == (origin, text)
