from config.portal import Portal
from crawler.model import Page, Validators
from crawler.reading import read_article
from tests.builders import NOON

URL = "https://bao.example/hoi-nghi-a1.html"
PORTAL = Portal.model_validate(
    {
        "id": "mau",
        "name": "Báo Mẫu",
        "home": "https://bao.example/",
        "sources": [{"id": "home", "kind": "listing", "url": "https://bao.example/"}],
        "article": {"urls": [{"era": "a", "match": r"-a(?P<id>\d+)\.html$"}], "rules": [{"title": "h1", "body": "div.body"}]},
    }
)
BODY = "Đại biểu thảo luận sôi nổi về công tác dân vận ở cơ sở, gần dân và sát dân hơn trước."


def read(html: bytes):
    page = Page(requested_url=URL, url=URL, status=200, body=html, content_type="text/html", validators=Validators(), fetched_at=NOON)
    return read_article(page, PORTAL, {})


def test_what_should_be_looked_at_goes_with_the_article():
    spoilt = f"<h1>Hội nghị</h1><div class=body><p>{BODY}</p><p>{BODY.encode().decode('latin-1')}</p></div>"
    assert read(spoilt.encode()).problems == ("charset: letters are lost or garbled",)


def test_an_article_that_is_in_order_has_no_problems():
    assert read(f"<h1>Hội nghị</h1><div class=body><p>{BODY}</p></div>".encode()).problems == ()
