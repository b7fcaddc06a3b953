"""The main file: canhbao.yaml."""

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationInfo, field_validator

from config.base import Contradiction, Model, Refusal
from config.channel import Channel, MailAddress, Network
from config.watch import Slug


def _database(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    is_sqlite = url.startswith("sqlite:///") and len(url) > len("sqlite:///")
    if not (is_sqlite or POSTGRESQL.fullmatch(url)):
        raise Refusal(
            "use sqlite:///data/canhbao.db or postgresql+psycopg://user:password@host/database; a /, @ or # in a password is %2F, %40, %23"
        )
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder
        raise Refusal("is not a time zone; Vietnam's is Asia/Ho_Chi_Minh") from error
    return value


POSTGRESQL = re.compile(r"postgresql\+psycopg://(?:[^/@#\s]+@)?(?:[^/@#\s:]+|\[[0-9a-fA-F:]+\])?(?::\d{1,5})?(?:/[^#\s]*)?")
Database = Annotated[SecretStr, AfterValidator(_database)]


class Http(Model):
    contact: MailAddress | None = None
    """Stands in the User-Agent, so that a portal's admin can reach you."""
    per_host_interval_s: float = Field(default=5, ge=0, le=3600)
    """Pause between two requests to one host."""
    per_address_interval_s: float = Field(default=0.5, ge=0, le=3600)
    """Pause between two requests to one IP address, where many portals may live."""
    deadline_s: float = Field(default=30, gt=0, le=600)
    """One request, from the first byte to the last, redirects each anew."""
    max_bytes: int = Field(default=10_000_000, ge=10_000)
    """A page or feed that is larger, unpacked, is given up."""
    allow_addresses: tuple[Network, ...] = ()
    """Networks (CIDR) that may be fetched from although they are private."""
    probe_url: HttpUrl | None = None
    """Something that always answers, asked when portals do not: if it is silent too, this machine is offline and no portal is blamed."""


class Poll(Model):
    min_s: float = Field(default=300, gt=0)
    """No source is asked more often than this."""
    max_s: float = Field(default=21_600, gt=0, validate_default=True)
    """No source is asked less often than this."""
    tick_s: float = Field(default=2, gt=0, le=60)
    """How often the daemon looks for due work."""

    @field_validator("max_s")
    @classmethod
    def _ordered(cls, max_s: float, others: ValidationInfo) -> float:
        if max_s < others.data.get("min_s", 0):
            raise Contradiction("is below min_s; swap them")
        return max_s


class Outbox(Model):
    retry_s: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(5, 60, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400), min_length=1
    )
    """Pauses between tries; after the last one a delivery is dead."""
    lease_s: float = Field(default=60, gt=0)
    """How long a crashed sender's messages wait before another try."""


class Retention(Model):
    raw_days: int = Field(default=30, ge=0, le=3650)
    """Pages are kept packed for so many days, so that they can be read again by better rules (`canhbao reprocess`); 0: none are."""
    matched_raw_days: int = Field(default=365, ge=0, le=3650)
    """Those of articles that a watch matched stay so long, and never less than `raw_days`: evidence of what was told."""
    disk_max_gb: float = Field(default=20, gt=0, le=100_000)
    """How large the database may grow. You hear of it at 80 %; at the limit the oldest pages go. Articles never do."""


class Settings(Model):
    database: Database = SecretStr("sqlite:///data/canhbao.db")
    """Where everything is kept: an SQLite file, or `postgresql+psycopg://user:password@host/database`."""
    portals: tuple[str, ...] = ("builtin",)
    """`builtin` (the shipped catalogue) and folders of own portal files; a later one overrides by id."""
    watches: Path = Path("watches.yaml")
    """The file of the topics."""
    http: Http = Http()
    """How portals are asked."""
    poll: Poll = Poll()
    """How often sources are asked."""
    outbox: Outbox = Outbox()
    """How alerts are sent again."""
    retention: Retention = Retention()
    """How long pages are kept for reading them again, and how large the database may grow."""
    drain_s: float = Field(default=30, gt=0, le=600)
    """How long SIGTERM waits for running work."""
    workers: int = Field(default=0, ge=0, le=64)
    """Processes that read pages; 0: one per core, at most four."""
    language: Literal["vi", "en"] = "vi"
    """Of mails and chat messages."""
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    """Of digests, quiet hours and the times in messages."""
    channels: dict[Slug, Channel] = Field(min_length=1)
    """Where alerts go, by a name of your own."""
    operator: tuple[str, ...] = ()
    """Channels that hear of dead sources, broken rules and floods."""
    log: Literal["debug", "info", "warning", "error"] = "info"
    """The least important lines that are logged."""
