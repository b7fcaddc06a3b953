"""Following redirects by hand: every hop is a URL like any other, and some hops are not followed. Pure."""

from collections.abc import Collection

from crawler.errors import Failure, FetchError
from crawler.fetch.guard import Target, read_target

MAX_REDIRECTS = 5  # RFC 9309 asks for five; browsers allow twenty, honest portals use two


def follow(asked: list[Target], location: str, portal_hosts: Collection[str]) -> Target:
    """Where a redirect leads, if a page may come from there: not down to http, not out of the portal. Raises: FetchError."""
    last, target = asked[-1], next_hop(asked, location)
    if last.scheme == "https" and target.scheme == "http":
        raise FetchError(target.text, "redirects from https to http: what comes then may be anybody's", kind=Failure.REDIRECT)
    if portal_hosts and target.host != last.host and _bare(target.host) not in {_bare(host) for host in portal_hosts}:
        raise FetchError(target.text, f"redirects out of the portal, to {target.host}", kind=Failure.REDIRECT)
    return target


def next_hop(asked: list[Target], location: str) -> Target:
    """Where a redirect leads: not too far, not in circles. `asked` is not empty. Raises: FetchError."""
    target = read_target(location, base=asked[-1].url)
    if len(asked) > MAX_REDIRECTS:
        raise FetchError(target.text, f"more than {MAX_REDIRECTS} redirects", kind=Failure.REDIRECT)
    if any(target.text == earlier.text for earlier in asked):
        raise FetchError(target.text, "redirects in a circle", kind=Failure.REDIRECT)
    return target


def _bare(host: str) -> str:
    return host.lower().partition(":")[0].removeprefix("www.")
