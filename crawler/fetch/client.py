"""Fetching a URL: robots, the host's and the address's turn, the guard, one bounded download, redirects by hand."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Self

from config.settings import Http
from crawler.errors import Failure, FetchError
from crawler.fetch.answer import max_age_s
from crawler.fetch.ask import Asker, Headers
from crawler.fetch.download import NOT_MODIFIED, REDIRECTS, Accept, Answer
from crawler.fetch.guard import Target, read_target
from crawler.fetch.outage import Outage
from crawler.fetch.politeness import Gate
from crawler.fetch.redirects import follow, next_hop
from crawler.fetch.resolver import Resolver
from crawler.fetch.robots import Robots, Rules
from crawler.fetch.transport import Ways
from crawler.model import NotModified, Page, Skipped, Validators

_NO_CONTACT = {Failure.DNS, Failure.REFUSED, Failure.TLS, Failure.GUARDED}

ACCEPT: Mapping[Accept, bytes] = {
    "feed": b"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "page": b"text/html, application/xhtml+xml, */*;q=0.5",
    "any": b"*/*",
}


def user_agent(version: str, contact: str | None) -> str:
    """How we introduce ourselves: RFC 9110 product and, in brackets, whom to write to."""
    return f"canhbao/{version}" + (f" (+mailto:{contact})" if contact else "")


class Client:
    """The one way to the portals. Belongs to one running loop; use it as `async with`."""

    def __init__(
        self,
        *,
        http: Http,
        gate: Gate,
        robots: Robots,
        user_agent: str,
        clock: Callable[[], datetime],
        resolver: Resolver | None = None,
        outage: Outage | None = None,
        ways: Ways | None = None,
    ) -> None:
        self._gate, self._robots, self._clock = gate, robots, clock
        self._asker = Asker(
            http=http,
            gate=gate,
            user_agent=user_agent,
            clock=clock,
            resolver=resolver or Resolver(),
            outage=outage or Outage(),
            ways=ways or Ways(),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._asker.aclose()

    def retune(self, ways: Ways) -> None:
        """Another configuration: reach these hosts so, all others as usual. Raises: OSError, and everything stays as it was."""
        self._asker.retune(ways)

    def busy_hosts(self, within_s: float) -> frozenset[str]:
        """Hosts that are being asked, or may not be asked within so many seconds."""
        return self._gate.busy_hosts(within_s)

    def distant_hosts(self, beyond_s: float) -> frozenset[str]:
        """Hosts whose turn would not come within so many seconds. Not those that want to be left alone: asking them fails at once."""
        return self._gate.distant_hosts(beyond_s)

    async def look_outside(self) -> bool:
        """While we are offline: ask http.probe_url whether we still are. False when there is none, and only portals can tell."""
        return await self._asker.look_outside()

    async def get(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        accept: Accept = "any",
        portal_hosts: Collection[str] = (),
        interval_s: float | None = None,
    ) -> Page | NotModified | Skipped:
        """What stands at `url` now. `Skipped("robots")` where robots.txt forbids it, also on a redirect.

        `portal_hosts`: redirects to other hosts are failures. `interval_s`: the portal's own pause between requests.
        Raises: FetchError, and nothing else.
        """
        asked: list[Target] = []
        target = read_target(url)
        headers = _headers(validators, accept)
        while True:
            rules = await self._rules(target, interval_s)
            if not rules.allow(target.text):
                return Skipped("robots")
            answer = await self._asker.ask(target, headers, self._pause_s(rules, interval_s), accept)
            asked.append(target)
            if answer.status not in REDIRECTS:
                return self._outcome(url, asked, answer, validators)
            target = follow(asked, answer.headers["location"], portal_hosts)

    async def rules(self, url: str) -> Rules:
        """What robots.txt says at the origin of `url`: for discovery, which wants its sitemaps. Raises: FetchError."""
        return await self._rules(read_target(url), None)

    async def _rules(self, target: Target, interval_s: float | None) -> Rules:
        async def fetch(url: str) -> bytes:
            return await self._robots_txt(read_target(url), interval_s)

        return await self._robots.rules(target.origin, fetch)

    async def _robots_txt(self, target: Target, interval_s: float | None) -> bytes:
        """Follows redirects to wherever the guard lets us: the rules there are this host's rules (RFC 9309 §2.3.1.2)."""
        asked: list[Target] = []
        try:
            while True:
                answer = await self._asker.ask(target, _headers(None, "any"), interval_s, "any")
                asked.append(target)
                if answer.status not in REDIRECTS:
                    return answer.body
                target = next_hop(asked, answer.headers["location"])
        except FetchError as error:
            if asked and error.kind in _NO_CONTACT:
                error.kind = Failure.ROBOTS_UNREACHABLE  # the host itself was there
            raise

    def _pause_s(self, rules: Rules, interval_s: float | None) -> float:
        wanted_s = self._gate.per_host_interval_s if interval_s is None else interval_s
        return max(wanted_s, rules.crawl_delay_s)

    def _outcome(self, url: str, asked: list[Target], answer: Answer, validators: Validators | None) -> Page | NotModified:
        now, final = self._clock(), asked[-1].text
        if answer.status == NOT_MODIFIED:
            if validators is None or (validators.etag is None and validators.last_modified is None):
                raise FetchError(final, "304 to a question without validators", kind=Failure.PROTOCOL, status=NOT_MODIFIED)
            return NotModified(url=final, max_age_s=max_age_s(answer.headers, now=now))
        return Page(
            requested_url=url,
            url=final,
            status=answer.status,
            body=answer.body,
            content_type=answer.headers.get("content-type"),
            validators=Validators(etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified")),
            fetched_at=now,
            redirects=tuple(target.text for target in asked[:-1]),
            max_age_s=max_age_s(answer.headers, now=now),
        )


def _headers(validators: Validators | None, accept: Accept) -> Headers:
    headers = {b"accept": ACCEPT[accept]}
    if validators is not None and validators.etag is not None:
        headers[b"if-none-match"] = validators.etag.encode(errors="replace")
    if validators is not None and validators.last_modified is not None:
        headers[b"if-modified-since"] = validators.last_modified.encode(errors="replace")
    return headers
