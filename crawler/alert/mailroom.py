"""What the outbox needs of one configuration: channels, readers of news about the service, voice, pauses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from config.channel import Channel
from config.load import Config
from config.settings import Outbox as OutboxSettings
from crawler.alert.senders import deadline_s
from crawler.alert.voice import Voice, voice_of
from crawler.model import Route

QUEUE_S = 10.0
"""How long a claimed delivery may wait for its channel's turn; then it is put back for whoever is free."""

LEASE_MARGIN_S = 5.0
"""Between the last moment a message can be sent and the end of its lease: time to write down what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """A reload replaces it whole."""

    channels: Mapping[str, Channel]
    operators: Sequence[Route] = ()
    voice: Voice = field(default_factory=Voice)
    settings: OutboxSettings = field(default_factory=OutboxSettings)

    @property
    def lease(self) -> timedelta:
        """Long enough for the slowest channel, whatever `outbox.lease_s` says: nobody else may send what is still under way."""
        slowest_s = max((deadline_s(channel) for channel in self.channels.values()), default=0.0)
        return timedelta(seconds=max(self.settings.lease_s, slowest_s + QUEUE_S + LEASE_MARGIN_S))


def mailroom_of(config: Config, operators: Sequence[Route], *, version: str) -> Mailroom:
    settings = config.settings
    return Mailroom(
        channels=settings.channels,
        operators=operators,
        voice=voice_of(config, version=version),
        settings=settings.outbox,
    )
