import pytest

from crawler.fetch.blocked import wall

HTML = b"<!DOCTYPE html><html><head>%s</head><body>%s</body></html>"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param({"cf-mitigated": "challenge"}, b"", id="Cloudflare says so"),
        pytest.param({"x-amzn-waf-action": "captcha"}, b"", id="AWS says so"),
        pytest.param({}, HTML % (b"<script>window._cf_chl_opt={}</script>", b"Just a moment..."), id="Cloudflare challenge"),
        pytest.param({}, HTML % (b"<title>Attention Required! | Cloudflare</title>", b""), id="Cloudflare block"),
        pytest.param({}, b"error code: 1009", id="not served to this country"),
        pytest.param({}, b"<html><body><script>c=toHex(slowAES.decrypt(c,2,a,b))</script></body></html>", id="cookie challenge"),
        pytest.param({}, HTML % (b"", b"Request unsuccessful. Incapsula incident ID: 1-2"), id="Imperva"),
    ],
)
def test_a_wall_is_recognised(headers, body):
    assert wall(headers, body) is not None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            HTML % (b"<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>", b"Tin"), id="a page behind Cloudflare"
        ),
        pytest.param(HTML % (b"<script src='/_Incapsula_Resource?x'></script>", b"Tin"), id="a page behind Imperva"),
        pytest.param(HTML % (b"", b"Tin " * 20_000 + b"_cf_chl_opt"), id="an article about them"),
        pytest.param(b"<rss><item>slowAES.decrypt(</item></rss>", id="a feed"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_page_is_no_wall(body):
    assert wall({}, body) is None
