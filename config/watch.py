"""Watches: the topics to keep watch for, and who hears of them."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, ValidationInfo, field_validator

from config.base import Contradiction, Model, Refusal
from config.provinces import PROVINCE_NAMES, province_name
from config.suggest import did_you_mean

ID = re.compile(r"[a-z0-9][a-z0-9-]*")
TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

WORD_LETTER = re.compile(r"[^\W_²³¹⁰-⁹₀-₉]")
"""What a phrase can be looked for by: letters and digits; raised and lowered digits are a footnote's number and no word."""
SPAN = re.compile(r"[1-9][0-9]{0,4}[hdwmy]")


def _id(value: str) -> str:
    if not ID.fullmatch(value):
        raise Refusal("is no id; use lower-case letters a-z, digits and hyphens, e.g. quy-che-dan-chu")
    return value


def _local_time(value: str) -> str:
    if not TIME_OF_DAY.fullmatch(value):
        raise Refusal('is not a time of day; write it in quotes as HH:MM, e.g. "07:00"')
    return value


def _hours(value: str) -> str:
    start, _, end = value.partition("-")
    if not (TIME_OF_DAY.fullmatch(start) and TIME_OF_DAY.fullmatch(end)) or start == end:
        raise Refusal('is not a span of hours; write it as "22:00-06:00"')
    return value


def _span(value: str) -> str:
    if not SPAN.fullmatch(value):
        raise Refusal("is no stretch of time; write 90d, 12h, 4w, 6m or 2y")
    return value


def _phrase(value: str) -> str:
    if not WORD_LETTER.search(value):
        raise Refusal("holds nothing to look for; a phrase needs a letter or a digit")
    return value


def _province(value: str) -> str:
    if (name := province_name(value)) is None:
        raise Refusal("is not a province of Vietnam, of before or after July 2025", detail=did_you_mean(value, PROVINCE_NAMES) or "")
    return name


Slug = Annotated[str, AfterValidator(_id), Field(json_schema_extra={"pattern": f"^{ID.pattern}$"})]
LocalTime = Annotated[str, AfterValidator(_local_time), Field(json_schema_extra={"pattern": f"^{TIME_OF_DAY.pattern}$"})]
Hours = Annotated[str, AfterValidator(_hours), Field(json_schema_extra={"pattern": f"^{TIME_OF_DAY.pattern}-{TIME_OF_DAY.pattern}$"})]
Stretch = Annotated[str, AfterValidator(_span), Field(json_schema_extra={"pattern": f"^{SPAN.pattern}$"})]
Phrase = Annotated[str, AfterValidator(_phrase)]
Province = Annotated[str, AfterValidator(_province), Field(examples=list(PROVINCE_NAMES))]


class Digest(Model):
    digest: tuple[LocalTime, ...] = Field(min_length=1)
    """Times of day at which alerts are bundled into one message."""


def _kind_of_when(value: Any) -> str:
    return "digest" if isinstance(value, dict | Digest) else "now"


def _at_once(value: Any) -> Any:
    if value != "now":
        raise Refusal('is neither now nor a digest; write now, or {digest: ["07:00"]}')
    return value


When = Annotated[
    Annotated[Literal["now"], BeforeValidator(_at_once), Tag("now")] | Annotated[Digest, Tag("digest")], Discriminator(_kind_of_when)
]


Weight = Annotated[float, Field(ge=0, le=1000)]


class Weights(Model):
    """What one mention counts, by where it stands. A term looks at author, section and tag only where a query names them."""

    title: Weight = 1
    """In the title."""
    lead: Weight = 1
    """In the lead."""
    text: Weight = 1
    """In the text."""
    caption: Weight = 1
    """In the caption of a picture."""
    author: Weight = 1
    """In the author's name."""
    section: Weight = 1
    """In the name of the section."""
    tag: Weight = 1
    """In a tag."""


class Watch(Model):
    """One topic. All phrases are whole syllables, whatever their letter case and tone placement."""

    id: Slug
    """Its name for commands and webhooks; keep it, since history hangs on it."""
    name: str = Field(min_length=1)
    """Its name for readers."""
    query: Phrase | None = None
    """For experts, instead of any and all: Lucene syntax, see docs/watches.md."""
    any: tuple[Phrase, ...] = ()
    """At least one of these must occur."""
    all: tuple[Phrase, ...] = Field(default=(), validate_default=True)
    """Each of these must occur."""
    none: tuple[Phrase, ...] = ()
    """None of these may occur."""
    marks: Literal["auto", "exact", "ignore"] = "auto"
    """Whether letters must carry the marks as typed. auto: where the watch carries no mark at all (`quy che dan chu`), any will do."""
    abbreviations: bool = True
    """Also find short forms (UBND), those an article defines itself included, and what they stand for."""
    at_least: int = Field(default=1, ge=1, le=1000)
    """So many mentions are needed; places that overlap are one mention, however many phrases they are of."""
    within_first: int | None = Field(default=None, ge=1, le=100_000)
    """Only the title and so many words (syllables) from the beginning of lead and text count, e.g. `100`."""
    weights: Weights = Weights()
    """What one mention counts for the score, by where it stands, e.g. `{title: 3, lead: 2}`; what is not named counts 1."""
    min_score: float | None = Field(default=None, gt=0, le=1_000_000)
    """So high a score is needed: the weights of all mentions together, e.g. `4`."""
    portals: tuple[str, ...] = ()
    """Only articles of these portals (ids); empty: of all."""
    provinces: tuple[Province, ...] = ()
    """Only articles of portals of these provinces, by their names before or after July 2025; empty: of all."""
    sections: tuple[str, ...] = ()
    """Only articles in these sections, as the portal names them; empty: in all."""
    alert: tuple[str, ...] = ()
    """Channels that are told; empty: every channel of the file."""
    when: When = "now"
    """At once, or bundled at times of day (in `timezone`): `{digest: ["07:00", "17:00"]}`."""
    quiet_hours: Hours | None = None
    """Mail and chat wait in these hours (in `timezone`), e.g. `"22:00-06:00"`."""
    since: Stretch | None = None
    """Once, bundled and marked late: also tell what is found among articles stored already, so far back, e.g. `90d` (also h, w, m, y)."""
    enabled: bool = True
    """False: keep it, but find nothing."""

    @field_validator("all")
    @classmethod
    def _finds_something(cls, phrases: tuple[str, ...], others: ValidationInfo) -> tuple[str, ...]:
        if "query" not in others.data or "any" not in others.data:
            return phrases
        if others.data["query"] is None and not (phrases or others.data["any"]):
            raise Contradiction("add phrases under any: or all:, else nothing can match")
        if others.data["query"] is not None and (phrases or others.data["any"]):
            raise Contradiction("give either query: or any: and all:, not both; a query says AND and OR itself")
        return phrases


class Watches(Model):
    """The file of the watches."""

    watches: tuple[Watch, ...]
    """The topics; an empty list only archives."""
