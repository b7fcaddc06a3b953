import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.portal import Portal
from crawler.dedup import urls
from storage.records import Identity

PORTAL = Portal.model_validate(
    {
        "id": "baodongthap",
        "name": "Báo Đồng Tháp",
        "home": "https://www.baodongthap.vn/",
        "hosts": ["m.baodongthap.vn"],
        "sources": [{"id": "thoi-su", "kind": "listing", "url": "https://www.baodongthap.vn/thoi-su"}],
        "article": {
            "urls": [
                {"era": "2026", "match": r"-a(?P<id>\d+)\.html$"},
                {"era": "2025", "match": r"/\d{6}/[^/]+-(?P<id>[0-9a-f]+)/?$"},
                {"era": "aspx", "match": r"-(?P<id>\d+)\.aspx$"},
            ],
            "skip": ["/print/"],
        },
    }
)


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        pytest.param("HTTPS://WWW.BaoDongThap.VN:443/Thoi-Su/", "https://www.baodongthap.vn/Thoi-Su/", id="host-lower-path-kept"),
        pytest.param("http://a.vn", "http://a.vn/", id="empty-path"),
        pytest.param("http://a.vn/x/../y/./z", "http://a.vn/y/z", id="dots"),
        pytest.param("http://a.vn/x#binh-luan", "http://a.vn/x", id="fragment"),
        pytest.param("http://a.vn/x?utm_source=zalo&utm_medium=m&id=7", "http://a.vn/x?id=7", id="tracking"),
        pytest.param("http://a.vn/x?fbclid=1", "http://a.vn/x", id="only-tracking"),
        pytest.param("http://a.vn/?page=2&cate=342", "http://a.vn/?cate=342&page=2", id="arguments-that-name-a-page-stay"),
        pytest.param("http://baoapbac.vn/a/201810/x-817720/index.htm", "http://baoapbac.vn/a/201810/x-817720/", id="index-page"),
        pytest.param("http://127.0.1.1:8080/x", "http://127.0.1.1:8080/x", id="other-port"),
        pytest.param("http://a.vn/đồng tháp", "http://a.vn/%C4%91%E1%BB%93ng%20th%C3%A1p", id="letters-are-escaped"),
    ],
)
def test_canonical_gives_one_spelling(given_url, wanted):
    assert urls.canonical(given_url) == wanted
    assert urls.canonical(wanted) == wanted


@pytest.mark.parametrize("bad", ["", "x", "/x", "mailto:a@b.vn", "javascript:void(0)", "http://", "ftp://a.vn/x", "http://[::1"])
def test_canonical_refuses_what_is_no_web_address(bad):
    with pytest.raises(ValueError):
        urls.canonical(bad)


@given(st.text(max_size=60))
def test_canonical_is_idempotent_and_raises_nothing_but_value_error(tail):
    try:
        once = urls.canonical(f"http://baodongthap.vn/{tail}")
    except ValueError:
        return
    assert urls.canonical(once) == once


@given(st.text(max_size=60))
def test_canonical_of_anything_raises_nothing_but_value_error(text):
    try:
        once = urls.canonical(text)
    except ValueError:
        return
    assert urls.canonical(once) == once


@pytest.mark.parametrize(
    ("url", "era", "ident"),
    [
        pytest.param("https://www.baodongthap.vn/phong-su-anh/40-nam-48437.aspx", "aspx", "48437", id="aspx"),
        pytest.param("https://www.baodongthap.vn/ban-doc/202508/don-doc-1048744", "2025", "1048744", id="2025-no-slash"),
        pytest.param("https://www.baodongthap.vn/ban-doc/202508/don-doc-1048744/", "2025", "1048744", id="2025-slash"),
        pytest.param("http://baodongthap.vn/don-doc-a235582.html?utm_source=x", "2026", "235582", id="2026"),
    ],
)
def test_identity_is_the_id_of_its_era(url, era, ident):
    assert urls.identity(url, PORTAL) == Identity(portal="baodongthap", era=era, ident=ident)


def test_identity_without_an_id_is_the_settled_url():
    assert urls.identity("http://baodongthap.vn/infographic/x?utm_source=y", PORTAL) == Identity(
        portal="baodongthap", era="url", ident="https://www.baodongthap.vn/infographic/x"
    )


def test_twins_with_and_without_www_and_tls_are_one_link():
    twins = ["http://baodongthap.vn/x-a1.html", "https://baodongthap.vn/x-a1.html", "https://www.baodongthap.vn/x-a1.html#top"]
    assert {urls.settle(twin, PORTAL) for twin in twins} == {"https://www.baodongthap.vn/x-a1.html"}


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        pytest.param("https://www.baodongthap.vn/x-a1.html", True, id="article"),
        pytest.param("https://m.baodongthap.vn/x-a1.html", True, id="named-host"),
        pytest.param("https://www.baodongthap.vn/print/x-a1.html", False, id="skipped"),
        pytest.param("https://www.baodongthap.vn/thoi-su/", False, id="section"),
        pytest.param("https://elsewhere.vn/x-a1.html", False, id="other-host"),
    ],
)
def test_is_article(url, answer):
    assert urls.is_article(url, PORTAL) is answer
