"""The labelled texts of tests/corpus/watches: watches, and what they must say of each text."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from config.watch import Watch
from storage.records import Article
from tests.builders import make_article, make_identity

FOLDER = Path(__file__).parent / "corpus/watches"
LABELS = {"yes": (True, False), "hard_yes": (True, True), "no": (False, False), "hard_no": (False, True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    watch: Watch
    article: Article
    matches: bool
    is_trap: bool

    def __str__(self) -> str:
        return f"{self.watch.id}: {'yes' if self.matches else 'no'}: {self.article.title} | {self.article.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    precision: float
    recall: float
    wrong: tuple[Labelled, ...]


def labelled() -> list[Labelled]:
    return [each for path in sorted(FOLDER.glob("*.yaml")) for each in _topic(path)]


def score(texts: list[Labelled], fires: Callable[[Labelled], bool]) -> Score:
    said = {id(each): fires(each) for each in texts}
    right = sum(each.matches and said[id(each)] for each in texts)
    return Score(
        precision=right / max(sum(said.values()), 1),
        recall=right / sum(each.matches for each in texts),
        wrong=tuple(each for each in texts if said[id(each)] != each.matches),
    )


def _topic(path: Path) -> Iterator[Labelled]:
    topic = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    watch = Watch(**{"id": path.stem, "name": path.stem} | topic.pop("watch"))
    for label, items in topic.items():
        matches, is_trap = LABELS[label]
        for item in items:
            yield Labelled(watch=watch, article=_article(item), matches=matches, is_trap=is_trap)


def _article(item: Any) -> Article:
    fields = item if isinstance(item, dict) and "nfd" not in item else {"text": item}
    values: dict[str, Any] = {name: _text(value) for name, value in fields.items()}
    if "published" in values:
        values["published_at"] = datetime.fromisoformat(values.pop("published"))
    return make_article(**{"title": "", "lead": None, "author": None, "identity": make_identity()} | values)


def _text(value: Any) -> str:
    return unicodedata.normalize("NFD", value["nfd"]) if isinstance(value, dict) else str(value)
