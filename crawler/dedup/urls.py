"""URLs made comparable, and what they say about an article: its identity, and whether it is one at all."""

import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from config.portal import Portal
from storage.records import Identity

TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|zarsrc|zalo\w*|_ga|mc_[ce]id|igshid|at_(?:medium|campaign)|ref_src)", re.IGNORECASE
)
"""Query arguments that say how a reader came, not what is read. Others stay: `?cate=342&page=2` names a page."""

INDEX_PAGE = re.compile(r"/index\.html?$", re.IGNORECASE)
"""Báo Ấp Bắc serves one article under …-1006431, …-1006431/ and …-1006431/index.htm (portals/facts.yaml)."""


def canonical(url: str) -> str:
    """`url` in one spelling: host in lower case, no default port, dot segments resolved, arguments sorted, no tracking, no fragment.

    Idempotent. Raises: ValueError when `url` is no absolute http(s) URL.
    """
    return _canonical(url)


@lru_cache(maxsize=16_384)
def _canonical(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is not an absolute http(s) URL")
    if parts.query:
        names = {pair.partition("=")[0] for pair in parts.query.split("&")}
        tracking = [name for name in names if TRACKING.fullmatch(name)]
        url = url_query_cleaner(url.strip(), tracking, remove=True) if tracking else url
    settled = urlsplit(canonicalize_url(url.strip()))
    path = INDEX_PAGE.sub("/", _without_dots(settled.path or "/"))
    return urlunsplit((settled.scheme, _host_and_port(settled.scheme, settled.netloc), path, settled.query, ""))


def _without_dots(path: str) -> str:
    """RFC 3986 §5.2.4, for absolute paths."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _host_and_port(scheme: str, netloc: str) -> str:
    host, colon, port = netloc.rpartition(":")
    default = {"http": "80", "https": "443"}[scheme]
    return host.rstrip(".") if colon and port in ("", default) else netloc.removesuffix(".")


def host_of(url: str) -> str:
    """Host and port, in lower case, as the politeness gate counts them."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


@lru_cache(maxsize=1024)
def hosts_of(portal: Portal) -> frozenset[str]:
    """Every host `portal` is served under: its home with and without www., and those it names."""
    home = host_of(str(portal.home))
    bare = home.removeprefix("www.")
    return frozenset({home, bare, f"www.{bare}", *(host.lower() for host in portal.hosts)})


def settle(url: str, portal: Portal) -> str:
    """`canonical`, and on the portal's own host the scheme and www. of its home page, so that twins are one link."""
    settled = canonical(url)
    parts, home = urlsplit(settled), urlsplit(canonical(str(portal.home)))
    if parts.netloc.removeprefix("www.") == home.netloc.removeprefix("www."):
        return urlunsplit((home.scheme, home.netloc, parts.path, parts.query, ""))
    return settled


def is_article(url: str, portal: Portal) -> bool:
    """Whether `url` is on the portal and has the shape of an article there. Without any pattern every page of the portal may be one."""
    if host_of(url) not in hosts_of(portal):
        return False
    bare = _without_query(url)
    if any(re.search(skip, bare) for skip in portal.article.skip):
        return False
    return not portal.article.urls or any(re.search(pattern.match, bare) for pattern in portal.article.urls)


def identity(url: str, portal: Portal) -> Identity:
    """Who the article at `url` is. Raises: ValueError as `canonical`."""
    bare = _without_query(url)
    for pattern in portal.article.urls:
        if (found := re.search(pattern.match, bare)) and found.groupdict().get("id"):
            return Identity(portal=portal.id, era=pattern.era, ident=found["id"])
    return Identity(portal=portal.id, era="url", ident=settle(url, portal))


def _without_query(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]
