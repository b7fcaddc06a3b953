"""Channels: where alerts go."""

import base64
import binascii
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, model_validator

from config.base import Model

MIN_SECRET_BYTES = 24  # Standard Webhooks 1.0, "Signature scheme"


def _address(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or c in "<>,;" for c in value):
        raise ValueError("is not a mail address; write it like vanphong@example.org")
    return value


MailAddress = Annotated[str, AfterValidator(_address)]


def _webhook_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    try:
        n_bytes = len(base64.b64decode(text.removeprefix("whsec_"), validate=True))
    except (binascii.Error, ValueError):
        n_bytes = 0
    if not text.startswith("whsec_") or n_bytes < MIN_SECRET_BYTES:
        raise ValueError(
            f"must be whsec_ and the base64 of at least {MIN_SECRET_BYTES} random bytes; "
            "make one with: echo whsec_$(head -c 32 /dev/urandom | base64)"
        )
    return value


WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]


class Smtp(Model):
    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    starttls: bool = True
    """Upgrade to TLS after connecting (port 587). Set false only for a server on this machine."""
    tls: bool = False
    """TLS from the first byte (port 465). Excludes starttls."""
    username: str | None = None
    password: SecretStr | None = None
    deadline_s: float = Field(default=60, gt=0, le=600)

    @model_validator(mode="after")
    def _one_kind_of_tls(self) -> "Smtp":
        if self.tls and self.starttls and "starttls" in self.model_fields_set:
            raise ValueError("tls and starttls exclude each other; keep tls for port 465, starttls for port 587")
        if self.password is not None and self.username is None:
            raise ValueError("password without username; add username")
        return self


class EmailChannel(Model):
    type: Literal["email"]
    sender: MailAddress = Field(alias="from")
    to: tuple[MailAddress, ...] = Field(min_length=1)
    reply_to: MailAddress | None = None
    smtp: Smtp


class WebhookChannel(Model):
    type: Literal["webhook"]
    url: HttpUrl
    secret: WebhookSecret
    deadline_s: float = Field(default=20, gt=0, le=300)
    allow_addresses: tuple[str, ...] = ()
    """Networks (CIDR) the receiver may live in although they are private, e.g. 10.0.0.0/8."""


class AppriseChannel(Model):
    type: Literal["apprise"]
    url: SecretStr
    deadline_s: float = Field(default=60, gt=0, le=600)


class FileChannel(Model):
    type: Literal["file"]
    path: Path


Channel = Annotated[EmailChannel | WebhookChannel | AppriseChannel | FileChannel, Field(discriminator="type")]
