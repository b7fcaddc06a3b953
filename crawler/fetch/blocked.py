"""Recognising what is shown instead of the page: bot walls, JavaScript challenges, country blocks. Pure."""

from collections.abc import Mapping

MAX_WALL_BYTES = 40_000  # walls are short; a long page that quotes such a mark is an article about them

# Marks that stand in walls only. Scripts that the same services put into every page (challenge-platform, _Incapsula_Resource) do not.
_MARKS = (
    (b"_cf_chl_opt", "Cloudflare challenge"),
    (b"attention required! | cloudflare", "Cloudflare block"),
    (b"error code: 1009", "not served to this country (Cloudflare 1009)"),
    (b"banned the country or region your ip address is in", "not served to this country (Cloudflare 1009)"),
    (b"ddos-guard/js-challenge", "DDoS-Guard challenge"),
    (b"incapsula incident id", "Imperva block"),
    (b"sucuri_cloudproxy_js", "Sucuri challenge"),
    (b"slowaes.decrypt(", "JavaScript cookie challenge"),  # nginx testcookie
    (b"captcha-delivery.com/c.js", "DataDome challenge"),
)
_HTML = (b"<html", b"<!doctype html", b"<script")


def wall(headers: Mapping[str, str], body: bytes) -> str | None:
    """What stands between us and the page, or None if this looks like the page itself."""
    if headers.get("cf-mitigated") == "challenge" or "x-amzn-waf-action" in headers:
        return "challenge, by the answer's headers"
    if len(body) > MAX_WALL_BYTES:
        return None
    small = body.lower()
    if not any(tag in small[:1000] for tag in _HTML) and not small.startswith(b"error code: "):
        return None
    return next((what for mark, what in _MARKS if mark in small), None)
