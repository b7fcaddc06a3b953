"""The newsroom: writes a slot's article. Same seed and slot, same words; titles do not repeat within 12,288 stories."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Literal, TypeAlias

from crawler.press import vocabulary as words
from crawler.press.plan import Slot
from crawler.press.topics import TOPICS, TRAPS, Topic

Spelling: TypeAlias = Literal["plain", "nfd", "nbsp"]
Place: TypeAlias = Literal["title", "lead", "body"]

PLACES: tuple[tuple[Place, ...], ...] = (("title", "lead", "body"), ("lead", "body"), ("body",), ("lead",), ("title",))
PLACES_BELOW_A_TITLE: tuple[tuple[Place, ...], ...] = (("lead", "body"), ("body",))
"""Of a second topic, when the first already stands in the title."""

THEMES = tuple(words.ACTIVITIES)
SUBJECTS = tuple((theme, activity) for theme, activities in words.ACTIVITIES.items() for activity in activities)
N_TITLES = len(SUBJECTS) * len(words.COMMUNES) * len(words.TITLES)
STRIDE = 7919  # a prime that divides no factor of N_TITLES: i -> i * STRIDE mod N_TITLES visits every title once


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What was written, in NFC and without markup or dateline. The pages may print it in another `spelling` of the same letters."""

    theme: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]
    author: str | None
    credit: str | None
    tags: tuple[str, ...]
    topics: Mapping[str, tuple[Place, ...]]
    """Topic id to where its phrase stands."""
    spelling: Spelling


class _Words(dict[str, str]):
    """The values of a frame's slots: the subject's are kept, numbers are thrown anew at each use."""

    def __init__(self, dice: random.Random, **kept: str) -> None:
        super().__init__(kept)
        self._dice = dice

    def __missing__(self, slot: str) -> str:
        if slot in _THROWN:
            return _THROWN[slot](self._dice)
        return _capital(self[slot.lower()])


_THROWN: Mapping[str, Callable[[random.Random], str]] = {
    "n": lambda dice: str(dice.randint(13, 480)),
    "it": lambda dice: str(dice.randint(2, 12)),
    "pct": lambda dice: f"{dice.randint(11, 98)},{dice.randint(1, 9)}%",
    "tien": lambda dice: dice.choice((f"{dice.randint(12, 95) * 10} triệu đồng", f"{dice.randint(1, 9)},{dice.randint(1, 9)} tỷ đồng")),
    "ngay": lambda dice: f"{dice.randint(1, 28)}/{dice.randint(1, 12)}",
    "ap": lambda dice: dice.choice(words.HAMLETS),
}


def write(slot: Slot, *, seed: int, province: str) -> Piece:
    """The article of `slot`. Copies share everything but the title; `province` is that of the story's first paper."""
    dice = random.Random(f"story:{seed}:{slot.story}")
    frame, place, theme, activity = _subject(slot.story, seed)
    is_wire = slot.kind.startswith("wire")
    slots = _Words(dice, xa=place, viec=activity, tinh=province, dan=_resident(dice))
    slots["nguoi"] = f"{_person(dice)}, {dice.choice(words.OFFICES).format_map(slots)}"
    topics = dice.sample(TOPICS, k={"topic": 1, "wire-topic": 1, "two-topics": 2}.get(slot.kind, 0))
    title_end, lead, sentences, places = _compose(dice, slots, topics)
    sentences += [told.format_map(slots) for told in words.THEME_SENTENCES[theme]]
    if slot.kind == "trap":
        sentences.append(dice.choice(TRAPS).format_map(slots))
    dice.shuffle(sentences)
    title = frame.format_map(slots) + title_end + _episode(slot.story)
    if slot.copy:
        title = words.COPY_TITLES[slot.copy - 1].format(tinh=province, title=title)
    return Piece(
        theme=theme,
        title=title,
        lead=lead,
        paragraphs=_paragraphs(dice, [_capital(sentence) for sentence in sentences]),
        captions=tuple(caption.format_map(slots) for caption in dice.sample(words.CAPTIONS, k=dice.randint(0, 2))),
        author=None if is_wire else f"{dice.choice(words.MIDDLE_NAMES[2:])} {dice.choice(words.GIVEN_NAMES)}",
        credit="TTXVN" if is_wire else None,
        tags=(place, activity, province),
        topics=places,
        spelling=dice.choices(("plain", "nfd", "nbsp"), weights=(88, 6, 6))[0],
    )


def theme_of(slot: Slot, *, seed: int) -> str:
    """The theme of what `write` would write, without writing it."""
    return _subject(slot.story, seed)[2]


def _subject(story: int, seed: int) -> tuple[str, str, str, str]:
    """The story's frame of the title, its place, theme and activity: no two stories share all, until the supply is used up."""
    number, frame = divmod((story * STRIDE + seed) % N_TITLES, len(words.TITLES))
    commune, subject = divmod(number, len(SUBJECTS))
    return words.TITLES[frame], words.COMMUNES[commune], *SUBJECTS[subject]


def _compose(dice: random.Random, slots: _Words, topics: Sequence[Topic]) -> tuple[str, str, list[str], dict[str, tuple[Place, ...]]]:
    """The end of the title, the lead, the sentences of the body, and where each topic stands in them."""
    title_end, lead = "", dice.choice(words.LEADS).format_map(slots)
    body = [frame.format_map(slots) for frame in dice.sample(words.SENTENCES, k=dice.randint(12, 20))]
    places: dict[str, tuple[Place, ...]] = {}
    for topic in topics:
        places[topic.id] = dice.choice(PLACES if not title_end else PLACES_BELOW_A_TITLE)
        if "title" in places[topic.id]:
            title_end = topic.title_end.format(p=dice.choice(topic.spellings))
        if "lead" in places[topic.id]:
            lead += " " + _told(dice, slots, topic)
        if "body" in places[topic.id]:
            body.append(_told(dice, slots, topic))
    return title_end, lead, body, places


def _told(dice: random.Random, slots: _Words, topic: Topic) -> str:
    return _capital(dice.choice(topic.sentences).replace("{p}", dice.choice(topic.spellings)).format_map(slots))


def _episode(story: int) -> str:
    """Beyond the supply of titles they begin anew as sequels."""
    return f" (bài {story // N_TITLES + 1})" if story >= N_TITLES else ""


def _paragraphs(dice: random.Random, sentences: Sequence[str]) -> tuple[str, ...]:
    """Two to four sentences each. A trap that needs its two halves side by side is one frame, so it is never torn."""
    paragraphs, at = [], 0
    while at < len(sentences):
        size = dice.randint(2, 4)
        paragraphs.append(" ".join(sentences[at : at + size]))
        at += size
    return tuple(paragraphs)


def _person(dice: random.Random) -> str:
    middle = dice.choice(words.MIDDLE_NAMES)
    return (
        f"{'bà' if middle in ('Thị', 'Kim', 'Ngọc') else 'ông'} {dice.choice(words.FAMILY_NAMES)} {middle} {dice.choice(words.GIVEN_NAMES)}"
    )


def _resident(dice: random.Random) -> str:
    return f"{_person(dice)} ({dice.choice(words.HAMLETS)})"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


assert gcd(STRIDE, N_TITLES) == 1
