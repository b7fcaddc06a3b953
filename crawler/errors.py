"""The failures of the crawler that somebody above can do something about.

    CrawlError
    ├── FetchError        the portal gave us no usable bytes
    ├── ParseError        we have bytes, but nothing we can use in them
    │   └── NoArticleError  they are another page's than an article's
    └── DeliveryError     a channel did not take a message

An outcome (`NotModified`, `Duplicate`, `Skipped`) is a value, not an error; a bug is whatever else is raised. The
configuration has its own error, `config.load.ConfigError`.
"""

from enum import StrEnum


class Failure(StrEnum):
    """Why a fetch gave nothing. How each is classed and backed off: `crawler.backoff`, docs/operating.md."""

    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    PROTOCOL = "protocol"
    TRUNCATED = "truncated"
    TOO_LARGE = "too-large"
    BAD_ENCODING = "bad-encoding"
    HTTP_4XX = "http-4xx"
    NOT_FOUND = "not-found"  # 404 and 410
    THROTTLED = "throttled"  # 429 and 503
    HTTP_5XX = "http-5xx"
    REDIRECT = "redirect"
    GUARDED = "guarded"  # an address or a scheme we refuse to talk to
    BLOCKED = "blocked"  # a challenge page, or not served to this country
    CONTENT_TYPE = "content-type"
    NOT_A_FEED = "not-a-feed"
    EMPTY = "empty"
    ROBOTS_UNREACHABLE = "robots-unreachable"
    PROXY = "proxy"  # the operator's proxy does not let us through
    OFFLINE = "offline"  # our own outage, not theirs


class CrawlError(Exception):
    """Base of the failures below."""


class FetchError(CrawlError):
    """The portal gave us no usable bytes for `url`. `retry_after_s` is the portal's own wish in seconds, or None.

    `connected` is False where nobody answered at all, so that it may be our own outage.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        kind: Failure,
        status: int | None = None,
        retry_after_s: float | None = None,
        connected: bool = True,
    ) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason, self.kind, self.status, self.retry_after_s = url, reason, kind, status, retry_after_s
        self.connected = connected


class ParseError(CrawlError):
    """The bytes of `url` are not what they should be: no feed, no article, too deep, too slow to read."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason = url, reason

    def __reduce__(self) -> tuple[type["ParseError"], tuple[str, str]]:
        return type(self), (self.url, self.reason)  # crosses the process pool


class NoArticleError(ParseError):
    """The URL led to another page than an article's: taken off the site, or never one. That says nothing of how articles are read."""


class DeliveryError(CrawlError):
    """A channel did not take a message. `permanent`: no retry will help. `gone`: the receiver asked us to stop (HTTP 410)."""

    def __init__(
        self, reason: str, *, permanent: bool = False, retry_after_s: float | None = None, status: int | None = None, gone: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.retry_after_s, self.status, self.gone = reason, permanent, retry_after_s, status, gone
