"""How this installation speaks: its language, its name, and the names of the portals it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from config.channel import EmailChannel
from config.load import Config
from crawler.alert.words import WORDS, Words

NO_DOMAIN = "canhbao.invalid"  # RFC 2606: never a real host's


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    language: Literal["vi", "en"] = "vi"
    name: str = "canhbao"
    """Of the installation: the sender's display name, the tag in the subject, the List-Id."""
    domain: str = NO_DOMAIN
    """Right part of every Message-ID."""
    version: str = "0"
    portals: Mapping[str, str] = field(default_factory=dict)
    """Portal id to the name its readers know it by."""

    @property
    def words(self) -> Words:
        return WORDS[self.language]

    def portal(self, portal: str) -> str:
        """The portal's name; its id when the configuration no longer knows it."""
        return self.portals.get(portal, portal)


def voice_of(config: Config, *, version: str) -> Voice:
    settings = config.settings
    senders = [channel.sender for channel in settings.channels.values() if isinstance(channel, EmailChannel)]
    address = next(iter(senders), settings.http.contact or f"@{NO_DOMAIN}")
    return Voice(
        language=settings.language,
        domain=wire_domain(address.rpartition("@")[2]),
        version=version,
        portals={portal.id: portal.name for portal in config.portals.values()},
    )


def wire_domain(domain: str) -> str:
    """`domain` as mail servers know it: báo.vn becomes xn--… ; left alone when it cannot be written so."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
