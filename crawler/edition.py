"""One configuration in force: what a reload swaps as a whole, so that running work finishes on what it began with."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from importlib.metadata import version
from zoneinfo import ZoneInfo

from config.channel import Channel, EmailChannel
from config.load import Config
from config.portal import Portal, Source
from config.watch import Digest, Watch
from crawler.dedup.timing import VIETNAM
from crawler.dedup.urls import host_of, hosts_of
from crawler.fetch.tls import MODERN, TlsProfile
from crawler.match.matcher import Matcher
from crawler.model import Route, Routing
from storage.records import SourceSpec

VERSION = version("canhbao")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    config: Config
    matcher: Matcher
    routings: Mapping[str, Routing]
    operators: tuple[Route, ...]
    _portals_by_host: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, config: Config) -> "Edition":
        settings = config.settings
        watches = [watch for watch in config.watches if watch.enabled]
        operators = tuple(route for name in settings.operator for route in routes_of(name, settings.channels[name]))
        return cls(
            config=config,
            matcher=Matcher(watches, portals=config.portals),
            routings={watch.id: routing_of(watch, settings.channels, ZoneInfo(settings.timezone)) for watch in watches},
            operators=operators,
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

    def tls_by_host(self) -> Mapping[str, TlsProfile]:
        """How to speak TLS to the hosts of portals that need it otherwise than usual."""
        return tls_by_host(self.config.portals.values())

    def specs(self) -> list[SourceSpec]:
        return [
            SourceSpec(portal=portal.id, source=source.id, kind=source.kind, url=str(source.url))
            for portal in self.config.portals.values()
            if portal.enabled
            for source in portal.sources
        ]


def tls_by_host(portals: Iterable[Portal]) -> Mapping[str, TlsProfile]:
    profiles: dict[str, TlsProfile] = {}
    for portal in portals:
        profile = TlsProfile(legacy=portal.tls == "legacy", extra_ca=portal.extra_ca)
        if portal.enabled and profile != MODERN:
            hosts = hosts_of(portal) | {host_of(str(source.url)) for source in portal.sources}
            profiles |= dict.fromkeys((host.partition(":")[0] for host in hosts), profile)
    return profiles


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
