"""Watches: the topics to keep watch for, and who hears of them."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from config.base import Model


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", value):
        raise ValueError("use lower-case letters a-z, digits and hyphens, e.g. quy-che-dan-chu")
    return value


def _local_time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('is not a time of day; write it in quotes as HH:MM, e.g. "07:00"')
    return value


def _hours(value: str) -> str:
    start, dash, end = value.partition("-")
    if not dash or _local_time(start) == _local_time(end):
        raise ValueError('is not a span of hours; write it as "22:00-06:00"')
    return value


def _phrase(value: str) -> str:
    if not any(c.isalnum() for c in value):
        raise ValueError("a phrase needs at least one letter or digit")
    return value


Slug = Annotated[str, AfterValidator(_id)]
LocalTime = Annotated[str, AfterValidator(_local_time)]
Hours = Annotated[str, AfterValidator(_hours)]
Phrase = Annotated[str, AfterValidator(_phrase)]


class Digest(Model):
    digest: tuple[LocalTime, ...] = Field(min_length=1)


class Watch(Model):
    """One topic. All phrases are whole syllables, whatever their letter case and tone placement."""

    id: Slug
    name: str = Field(min_length=1)
    any: tuple[Phrase, ...] = ()
    """At least one of these must occur."""
    all: tuple[Phrase, ...] = ()
    """Each of these must occur."""
    none: tuple[Phrase, ...] = ()
    """None of these may occur."""
    portals: tuple[str, ...] = ()
    """Only articles of these portals (ids); empty: of all."""
    provinces: tuple[str, ...] = ()
    """Only articles of portals of these provinces; empty: of all."""
    sections: tuple[str, ...] = ()
    """Only articles in these sections, as the portal names them; empty: in all."""
    alert: tuple[str, ...] = ()
    """Channels that are told; empty: every channel of the file."""
    when: str | Digest = "now"
    """`now`, or `{digest: ["07:00", "17:00"]}` (Vietnam time)."""
    quiet_hours: Hours | None = None
    """Mail and chat wait in these hours (Vietnam time)."""
    enabled: bool = True

    @model_validator(mode="after")
    def _finds_something(self) -> "Watch":
        if not (self.any or self.all):
            raise ValueError("add phrases under any: or all:, else nothing can match")
        if isinstance(self.when, str) and self.when != "now":
            raise ValueError('when: is now, or {digest: ["07:00"]}')
        return self
