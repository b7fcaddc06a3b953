"""Pages and what must come out of them, for `bench extraction` and for tests/unit/test_parse_samples.py.

A folder of pages is one of these:
- `expected.json` beside the pages: file name → {url, title, published_at, published_precision, author, section, lead, text}; every key may be missing,
  `text` is a string or a list of paragraphs. Texts that must not be copied stand as facts: `title_hash` and the like instead of the
  value, `grams` instead of lead and text (`hashed` makes them).
- tests/corpus: `*/*/page.html` with its own `expected.json` (one object).
- `ground-truth.json` and `html/<name>.html.gz`, as the article extraction benchmark of 2020 has them (`articleBody`, `url`).
"""

import base64
import gzip
import json
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

Grams: TypeAlias = Counter[int]
_N = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page with its truth. `body` is the page as bytes; `expected` as in the file, `grams` of lead and text (None: not known)."""

    name: str
    url: str
    body: bytes
    expected: Mapping[str, Any]
    grams: Grams | None


@dataclass(frozen=True, slots=True)
class Score:
    """Of 4-grams: how much of what was found is right, and how much of what is right was found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def grams(*texts: str | None) -> Grams:
    """The 4-grams of words of all texts in a row, as 32-bit hashes; of fewer than four words the words together. Letter case is no difference."""
    words = [word for text in texts if text for word in _WORD.findall(text.lower())]
    if not words:
        return Counter()
    return Counter(_hash(" ".join(words[at : at + _N])) for at in range(max(1, len(words) - _N + 1)))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "little")


def fact(text: str) -> str:
    """A value to compare with but not to read."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def score(found: Grams, true: Grams) -> Score:
    common = sum((found & true).values())
    return Score(common / (sum(found.values()) or 1), common / (sum(true.values()) or 1))


def pack(counted: Grams) -> str:
    return base64.b85encode(array("I", sorted(counted.elements())).tobytes()).decode()


def unpack(packed: str) -> Grams:
    return Counter(array("I", base64.b85decode(packed)))


def hashed(expected: Mapping[str, Any], page: bytes) -> dict[str, Any]:
    """`expected` without its texts: dates and numbers stay, names and titles become facts, lead and text become grams."""
    kept = {key: expected[key] for key in ("url", "published_at", "published_precision", "updated_at") if expected.get(key)}
    facts = {f"{key}_hash": fact(expected[key]) for key in ("title", "author", "credit", "section", "lead") if expected.get(key)}
    lists = {f"{key}_hash": [fact(one) for one in expected[key]] for key in ("tags", "captions") if expected.get(key)}
    packed = pack(grams(expected.get("lead"), *_paragraphs(expected)))
    return {"page_hash": blake2b(page, digest_size=16).hexdigest(), **kept, **facts, **lists, "grams": packed}


def _paragraphs(expected: Mapping[str, Any]) -> Sequence[str]:
    text = expected.get("text") or expected.get("articleBody") or ()
    return [text] if isinstance(text, str) else text


def read(folder: Path, *, pages: Path | None = None) -> Iterator[Case]:
    """The cases of a folder, by name. `pages`: where the pages are when they do not stand beside their expectations."""
    if (truth := folder / "ground-truth.json").is_file():
        for name, expected in sorted(json.loads(truth.read_text(encoding="utf-8")).items()):
            yield _case(name, expected, gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()))
    elif (named := folder if folder.is_file() else folder / "expected.json").is_file():
        for name, expected in sorted(json.loads(named.read_text(encoding="utf-8")).items()):
            yield _case(name, expected, ((pages or named.parent) / name).read_bytes())
    else:
        for page in sorted(folder.glob("*/*/page.html")):
            expected = json.loads(page.with_name("expected.json").read_text(encoding="utf-8"))
            yield _case(f"{page.parent.parent.name}/{page.parent.name}", expected, page.read_bytes())


def _case(name: str, expected: Mapping[str, Any], body: bytes) -> Case:
    known = unpack(expected["grams"]) if "grams" in expected else grams(expected.get("lead"), *_paragraphs(expected)) or None
    return Case(name=name, url=expected.get("url") or "https://unknown.invalid/", body=body, expected=expected, grams=known)
