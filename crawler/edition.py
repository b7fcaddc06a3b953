"""One configuration in force: what a reload swaps as a whole, so that running work finishes on what it began with."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from importlib.metadata import version
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from config.channel import Channel, EmailChannel
from config.load import Config
from config.portal import Portal, Source
from config.proxy import DIRECT, Proxy, read_proxy
from config.settings import Http
from config.watch import Digest, Watch
from crawler.dedup.urls import host_of, hosts_of
from crawler.fetch.tls import MODERN, TlsProfile
from crawler.fetch.transport import Ways
from crawler.match.matcher import Matcher
from crawler.model import VIETNAM, Route, Routing
from storage.records import SourceSpec

VERSION = version("canhbao")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    config: Config
    matcher: Matcher
    routings: Mapping[str, Routing]
    operators: tuple[Route, ...]
    ways: Ways
    """How portals are reached. What stands in `config` of a portal goes to the processes that read its pages, its proxy's password not."""
    _portals_by_host: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, config: Config) -> "Edition":
        settings = config.settings
        watches = [watch for watch in config.watches if watch.enabled]
        operators = tuple(route for name in settings.operator for route in routes_of(name, settings.channels[name]))
        return cls(
            config=replace(config, portals={name: _without_proxy(portal) for name, portal in config.portals.items()}),
            matcher=Matcher(watches, portals=config.portals),
            routings={watch.id: routing_of(watch, settings.channels, ZoneInfo(settings.timezone)) for watch in watches},
            operators=operators,
            ways=ways_of(settings.http, config.portals.values()),
            _portals_by_host=_by_host(config.portals.values()),
        )

    def find(self, portal: str, source: str) -> tuple[Portal, Source] | None:
        """The configured portal and source, or None when a reload took them away."""
        home = self.config.portals.get(portal)
        if home is None or not home.enabled:
            return None
        return next(((home, s) for s in home.sources if s.id == source), None)

    def portals_on(self, hosts: Iterable[str]) -> set[str]:
        """The ids of the portals with a source on one of `hosts`, names without ports."""
        return {portal for host in hosts for portal in self._portals_by_host.get(host, ())}

    def specs(self) -> list[SourceSpec]:
        return [
            SourceSpec(portal=portal.id, source=source.id, kind=source.kind, url=str(source.url))
            for portal in self.config.portals.values()
            if portal.enabled
            for source in portal.sources
        ]


def ways_of(http: Http, portals: Iterable[Portal]) -> Ways:
    """How the hosts of `portals` are reached, where otherwise than usual; the proxy of all others."""
    profiles: dict[str, TlsProfile] = {}
    proxies: dict[str, Proxy | None] = {}
    for portal in portals:
        if not portal.enabled:
            continue
        hosts = {host.partition(":")[0] for host in hosts_of(portal) | {host_of(str(source.url)) for source in portal.sources}}
        profile = TlsProfile(legacy=portal.tls == "legacy", extra_ca=portal.extra_ca)
        if profile != MODERN:
            profiles |= dict.fromkeys(hosts, profile)
        if portal.proxy is not None:
            proxies |= dict.fromkeys(hosts, _proxy(portal.proxy))
    return Ways(tls_by_host=profiles, proxy_by_host=proxies, proxy=_proxy(http.proxy))


def _without_proxy(portal: Portal) -> Portal:
    return portal if portal.proxy is None else portal.model_copy(update={"proxy": None})


def _proxy(told: SecretStr | None) -> Proxy | None:
    return None if told is None or told.get_secret_value() == DIRECT else read_proxy(told.get_secret_value())


def _by_host(portals: Iterable[Portal]) -> Mapping[str, Collection[str]]:
    found: dict[str, set[str]] = {}
    for portal in portals:
        for source in portal.sources:
            found.setdefault((source.url.host or "").lower(), set()).add(portal.id)
    return found


def routes_of(name: str, channel: Channel) -> tuple[Route, ...]:
    """One reader an address for mail; programs and chats are one reader each."""
    if isinstance(channel, EmailChannel):
        return tuple(Route(channel=name, recipient=address, grouping="story") for address in channel.to)
    return (Route(channel=name, recipient="", grouping="story" if channel.type == "apprise" else "event"),)


def routing_of(watch: Watch, channels: Mapping[str, Channel], zone: tzinfo = VIETNAM) -> Routing:
    start, dash, end = (watch.quiet_hours or "").partition("-")
    return Routing(
        watch=watch.id,
        routes=tuple(route for name in watch.alert or channels for route in routes_of(name, channels[name])),
        digest_at=watch.when.digest if isinstance(watch.when, Digest) else (),
        quiet_hours=(start, end) if dash else None,
        zone=zone,
    )
