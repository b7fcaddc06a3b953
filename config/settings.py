"""The main file: canhbao.yaml."""

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from config.base import Model
from config.channel import Channel, MailAddress
from config.watch import Slug


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("use sqlite:///data/canhbao.db or postgresql+psycopg://user:password@host/database")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("is not a time zone; Vietnam's is Asia/Ho_Chi_Minh") from error
    return value


class Http(Model):
    contact: MailAddress | None = None
    """Stands in the User-Agent, so that a portal's admin can reach you."""
    per_host_interval_s: float = Field(default=5, ge=0, le=3600)
    per_address_interval_s: float = Field(default=0.5, ge=0, le=3600)
    deadline_s: float = Field(default=30, gt=0, le=600)
    """One request, from the first byte to the last, redirects each anew."""
    max_bytes: int = Field(default=10_000_000, ge=10_000)
    allow_addresses: tuple[str, ...] = ()
    """Networks (CIDR) that may be fetched from although they are private."""


class Poll(Model):
    min_s: float = Field(default=300, gt=0)
    max_s: float = Field(default=21_600, gt=0)
    tick_s: float = Field(default=2, gt=0, le=60)
    """How often the daemon looks for due work."""

    @model_validator(mode="after")
    def _ordered(self) -> "Poll":
        if self.min_s > self.max_s:
            raise ValueError("min_s is above max_s; swap them")
        return self


class Outbox(Model):
    retry_s: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(5, 60, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400), min_length=1
    )
    """Pauses between tries; after the last one a delivery is dead."""
    lease_s: float = Field(default=60, gt=0)


class Settings(Model):
    database: Annotated[str, AfterValidator(_database)] = "sqlite:///data/canhbao.db"
    portals: tuple[str, ...] = ("builtin",)
    """`builtin` (the shipped catalogue) and folders of own portal files, which override by id."""
    watches: Path = Path("watches.yaml")
    http: Http = Http()
    poll: Poll = Poll()
    outbox: Outbox = Outbox()
    drain_s: float = Field(default=30, gt=0, le=600)
    """How long SIGTERM waits for running work."""
    workers: int = Field(default=0, ge=0, le=64)
    """Processes that read pages; 0: one per core, at most four."""
    language: Literal["vi", "en"] = "vi"
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    channels: dict[Slug, Channel] = Field(min_length=1)
    operator: tuple[str, ...] = ()
    """Channels that hear of dead sources, broken rules and floods."""
    log: Literal["debug", "info", "warning", "error"] = "info"
