"""What a delivery says to a person: a subject, a text and an HTML page, from the templates. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crawler.alert import views
from crawler.alert.voice import Voice
from storage.records import DueDelivery

MAX_TITLE_CHARS = 150  # a subject line that mail programs still show whole; Vietnamese headlines have 40 to 110
MAX_SUMMARY_CHARS = 2000
MAX_DETAIL_CHARS = 8000  # a traceback of some eighty frames

TEMPLATES = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=lambda name: name is not None and name.endswith(".html"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
TEMPLATES.filters["starred"] = views.starred


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    subject: str
    text: str
    html: str


def is_for_operator(delivery: DueDelivery) -> bool:
    return all(event.type.startswith("operator.") for event in delivery.events)


def letter(delivery: DueDelivery, voice: Voice) -> Letter:
    """The mail of `delivery`: on one story, on many (a digest), or on the service itself."""
    kind, words = ("operator", _operator_words) if is_for_operator(delivery) else ("alert", _alert_words)
    said = words(delivery, voice)
    return Letter(
        subject=said["subject"],
        text=TEMPLATES.get_template(f"{kind}.txt").render(said),
        html=TEMPLATES.get_template(f"{kind}.html").render(said),
    )


def chat_text(delivery: DueDelivery, voice: Voice) -> tuple[str, str]:
    """Title and short text, for channels that show a few lines."""
    if is_for_operator(delivery):
        said = _operator_words(delivery, voice)
        return said["subject"], f"{said['summary']}\n\n{said['what_to_do']}"
    said = _alert_words(delivery, voice)
    return said["subject"], TEMPLATES.get_template("chat.txt").render(said)


def _alert_words(delivery: DueDelivery, voice: Voice) -> Mapping[str, Any]:
    topics = views.watches(delivery)
    stories = views.stories(delivery, voice)
    is_digest = delivery.group.startswith("digest:")
    words = voice.words
    if is_digest:
        headline = words.digest_subject.format(n=len(stories), topics=", ".join(topics.values()))
    else:
        headline = f"{', '.join(topics.values())}: {stories[0].articles[0].title}"
    return _common(delivery, voice) | {
        "subject": f"[{voice.name}] {_cut(headline, MAX_TITLE_CHARS)}",
        "is_digest": is_digest,
        "topics": list(topics.values()),
        "stories": stories,
        "mute": words.mute.format(channel=delivery.channel, watches=", ".join(topics)),
    }


def _operator_words(delivery: DueDelivery, voice: Voice) -> Mapping[str, Any]:
    event, words = delivery.events[0], voice.words
    advice = words.kinds.get(event.type.removeprefix("operator."), words.unknown_kind)
    return _common(delivery, voice) | {
        "subject": f"[{voice.name}] {words.operator_subject.format(advice.headline)}",
        "headline": advice.headline,
        "what_to_do": advice.what_to_do,
        "summary": _cut(views.UNSEEN.sub("", event.data["summary"]), MAX_SUMMARY_CHARS),
        "detail": views.UNSEEN.sub("", event.data["detail"] or "")[-MAX_DETAIL_CHARS:],  # a traceback tells most at its end
        "mute": words.mute_operator.format(channel=delivery.channel),
    }


def _common(delivery: DueDelivery, voice: Voice) -> dict[str, Any]:
    sent_by = voice.words.sent_by.format(name=f"{voice.name} {voice.version}", recipient=delivery.recipient or delivery.channel)
    return {"words": voice.words, "language": voice.language, "sent_by": sent_by}


def _cut(text: str, max_chars: int) -> str:
    return text if len(text) <= max_chars else f"{text[: max_chars - 1].rstrip()}…"
