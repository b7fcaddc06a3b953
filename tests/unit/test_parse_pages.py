import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parse.pages import following, is_next, split

HOME = "https://bao.example"


@pytest.mark.parametrize(
    ("current", "older"),
    [
        pytest.param("/thoi-su/", "/thoi-su/?page=2", id="query"),
        pytest.param("/thoi-su", "/thoi-su?page=2", id="query-without-slash"),
        pytest.param("/thoi-su?cate=342", "/thoi-su?cate=342&page=2", id="query-behind-another"),
        pytest.param("/thoi-su?page=2&cate=342", "/thoi-su?page=3&cate=342", id="query-before-another"),
        pytest.param("/thoi-su/", "/thoi-su/page-2.html", id="page-html"),
        pytest.param("/thoi-su/page-9.html", "/thoi-su/page-10.html", id="tenth-page"),
        pytest.param("/thoi-su.html", "/thoi-su/trang-2.html", id="trang"),
        pytest.param("/thoi-su/", "/thoi-su/page/2/", id="folder"),
        pytest.param("/thoi-su/", "/thoi-su/p2", id="short"),
        pytest.param("/thoi-su/?PageIndex=1", "/thoi-su/?PageIndex=2", id="named-first-page"),
    ],
)
def test_the_next_number_of_the_same_list_is_its_older_page(current, older):
    assert is_next(HOME + older, HOME + current)
    assert not is_next(HOME + current, HOME + older)


@pytest.mark.parametrize(
    "other", ["/thoi-su/?page=3", "/kinh-te/?page=2", "/thoi-su/?id=2", "/thoi-su/", "/thoi-su/p2p-a2.html", "/thoi-su/page-2-a77.html"]
)
def test_another_list_or_another_number_is_not(other):
    assert not is_next(HOME + other, HOME + "/thoi-su/")


@pytest.mark.parametrize(
    ("pattern", "current", "older"),
    [
        ("/thoi-su/page-{page}.html", "/thoi-su/", "/thoi-su/page-2.html"),
        ("/thoi-su/page-{page}.html", "/thoi-su/page-2.html", "/thoi-su/page-3.html"),
        ("/timelinelist/12/{page}.htm", "/thoi-su/", "/timelinelist/12/2.htm"),
        ("/timelinelist/12/{page}.htm", "/timelinelist/12/2.htm", "/timelinelist/12/3.htm"),
    ],
)
def test_a_pattern_counts_on(pattern, current, older):
    assert following(HOME + pattern, HOME + current, first=HOME + "/thoi-su/") == HOME + older


@given(st.text(max_size=60))
def test_any_url_can_be_asked_for_its_number(url):
    assert split(url)[1] >= 0
    assert not is_next(url, url)
