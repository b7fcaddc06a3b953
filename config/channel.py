"""Channels: where alerts go."""

import base64
import binascii
import ipaddress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationInfo, field_validator, model_validator

from config.base import Contradiction, Model, Refusal

MIN_SECRET_BYTES = 24  # Standard Webhooks 1.0, "Signature scheme"
TRUE_WORDS = frozenset({"true", "yes", "on", "1", "t", "y"})  # what pydantic reads as true


def _address(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or c in "<>,;" for c in value):
        raise Refusal("is not a mail address; write it like vanphong@example.org")
    return value


MailAddress = Annotated[str, AfterValidator(_address)]


def _webhook_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    try:
        n_bytes = len(base64.b64decode(text.removeprefix("whsec_"), validate=True))
    except (binascii.Error, ValueError):
        n_bytes = 0
    if not text.startswith("whsec_") or n_bytes < MIN_SECRET_BYTES:
        raise Refusal(
            f"must be whsec_ and the base64 of at least {MIN_SECRET_BYTES} random bytes; "
            "make one with: echo whsec_$(head -c 32 /dev/urandom | base64)"
        )
    return value


WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        raise Refusal("is not a network; write it like 10.0.0.0/8, or one address") from error
    return value


Network = Annotated[str, AfterValidator(_network)]


def _apprise_url(value: SecretStr) -> SecretStr:
    scheme, mark, rest = value.get_secret_value().partition("://")
    if not (scheme and mark and rest) or any(c.isspace() for c in value.get_secret_value()):
        raise Refusal("is not an Apprise address; write it like tgram://bot-token/chat-id")
    return value


class Smtp(Model):
    host: str = Field(min_length=1)
    """Name or address of the mail server."""
    port: int = Field(default=587, ge=1, le=65535)
    """587 for starttls, 465 for tls, 25 inside a network."""
    tls: bool = False
    """TLS from the first byte (port 465). Excludes starttls."""
    starttls: bool = True
    """Upgrade to TLS after connecting (port 587); false when tls is true. Set false only for a server on this machine."""
    username: str | None = Field(default=None, min_length=1, repr=False)
    """Where the server wants a login."""
    password: SecretStr | None = Field(default=None, min_length=1)
    """Better `"${SMTP_PASSWORD}"`, or `password_file`: a path."""
    deadline_s: float = Field(default=60, gt=0, le=600)
    """One message, from connecting to the server's answer."""

    @model_validator(mode="before")
    @classmethod
    def _tls_needs_no_starttls(cls, typed: Any) -> Any:
        if isinstance(typed, dict) and "starttls" not in typed and str(typed.get("tls")).lower() in TRUE_WORDS:
            return {**typed, "starttls": False}
        return typed

    @field_validator("starttls")
    @classmethod
    def _one_kind_of_tls(cls, starttls: bool, others: ValidationInfo) -> bool:
        if starttls and others.data.get("tls"):
            raise Contradiction("tls and starttls exclude each other; keep tls for port 465, starttls for port 587")
        return starttls

    @field_validator("password")
    @classmethod
    def _password_of_somebody(cls, password: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        if password is not None and others.data.get("username", "") is None:
            raise Contradiction("a password without username; add username")
        return password


class EmailChannel(Model):
    type: Literal["email"]
    """Mail over SMTP."""
    sender: MailAddress = Field(alias="from")
    """The sender's address."""
    to: tuple[MailAddress, ...] = Field(min_length=1)
    """The readers; each gets a message of their own."""
    reply_to: MailAddress | None = None
    """Where answers go; default: to the sender."""
    smtp: Smtp
    """The mail server."""


class WebhookChannel(Model):
    type: Literal["webhook"]
    """A signed HTTP request (Standard Webhooks), one for each event."""
    url: HttpUrl = Field(repr=False)
    """Where it is sent. Not shown in logs."""
    secret: WebhookSecret
    """The key of the signature: `whsec_` and base64 of at least 24 bytes."""
    deadline_s: float = Field(default=20, gt=0, le=300)
    """One request, from connecting to the receiver's answer."""
    allow_addresses: tuple[Network, ...] = ()
    """Networks (CIDR) the receiver may live in although they are private, e.g. 10.0.0.0/8."""


class AppriseChannel(Model):
    type: Literal["apprise"]
    """Chat and push services, by Apprise."""
    url: Annotated[SecretStr, AfterValidator(_apprise_url)]
    """The service and its key, e.g. `tgram://bot-token/chat-id`."""
    deadline_s: float = Field(default=60, gt=0, le=600)
    """One message, from connecting to the service's answer."""


class FileChannel(Model):
    type: Literal["file"]
    """A file of JSON Lines, one for each event."""
    path: Path
    """Made when missing, with its folders."""


Channel = Annotated[EmailChannel | WebhookChannel | AppriseChannel | FileChannel, Field(discriminator="type")]
