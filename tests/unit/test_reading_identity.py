import pytest

from config.portal import Portal
from crawler.model import Page, Validators
from crawler.reading import read_article
from tests.builders import NOON

BODY = "Đại biểu thảo luận sôi nổi về công tác dân vận ở cơ sở, gần dân và sát dân hơn trước."


def make_portal(**article) -> Portal:
    home = "https://bao.example/"
    rules = {"rules": [{"title": "h1", "body": "div.body"}]}
    return Portal.model_validate(
        {
            "id": "mau",
            "name": "Báo Mẫu",
            "home": home,
            "sources": [{"id": "home", "kind": "listing", "url": home}],
            "article": rules | article,
        }
    )


def identity_of(url: str, canonical: str, portal: Portal) -> str:
    html = f'<head><link rel="canonical" href="{canonical}"></head><h1>Hội nghị</h1><div class=body><p>{BODY}</p></div>'
    page = Page(
        requested_url=url, url=url, status=200, body=html.encode(), content_type="text/html", validators=Validators(), fetched_at=NOON
    )
    return str(read_article(page, portal, {}).identity)


WITHOUT_IDS = make_portal()
WITH_IDS = make_portal(urls=[{"era": "a", "match": r"-a(?P<id>\d+)\.html$"}])


@pytest.mark.parametrize(
    ("url", "canonical", "portal", "wanted"),
    [
        pytest.param("https://bao.example/x/bai-mot?z=1", "/x/bai-mot", WITHOUT_IDS, "mau/url/https://bao.example/x/bai-mot", id="its-own"),
        pytest.param(
            "https://bao.example/x/bai-mot", "/x/", WITHOUT_IDS, "mau/url/https://bao.example/x/bai-mot", id="the-section-is-no-article"
        ),
        pytest.param("https://bao.example/bai-mot", "/", WITHOUT_IDS, "mau/url/https://bao.example/bai-mot", id="nor-is-the-home-page"),
        pytest.param("https://bao.example/cu-a1.html", "/moi-a1.html", WITH_IDS, "mau/a/1", id="a-new-slug-of-the-same-id"),
        pytest.param("https://bao.example/cu-a1.html", "/moi-a2.html", WITH_IDS, "mau/a/1", id="another-id-is-not-believed"),
    ],
)
def test_a_canonical_url_never_joins_two_articles(url, canonical, portal, wanted):
    assert identity_of(url, canonical, portal) == wanted
