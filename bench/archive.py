"""A large archive in a SQLite file, built in minutes: articles put together from sentences, some of them about a topic.

The rows and index words are those the daemon would write, but for pairs of words over the edge of two sentences, which no phrase
reaches over. Revisions, URLs and links are left out: no search reads them.
"""

import itertools
import json
import random
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.match.index import index_pair, shipped_catalogue
from crawler.press.newsroom import write
from crawler.press.plan import make_plan
from storage.engine import upgrade
from storage.records import Article, Identity
from tests.labelled import labelled

PORTALS = tuple(f"bao-{n:02}" for n in range(34))
END = datetime(2026, 11, 1, tzinfo=UTC)
PHRASE = "quy chế dân chủ"
TOPIC = index_pair("che", "dan")
"""The middle of it with any marks: no other sentence says that, with whatever between, so that no article holds all its pairs by chance."""
ABOUT = (
    "Đoàn công tác kiểm tra việc thực hiện quy chế dân chủ ở cơ sở tại các xã, phường.",
    "Nhiều nơi đưa qui chế dân chủ vào sinh hoạt thường kỳ của từng chi bộ.",
    "Việc thực hiện Quy chế dân chủ (QCDC) được giám sát thường xuyên. Ban chỉ đạo QCDC họp mỗi quý.",
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CHUNK = 2_000
_AT_ONCE = 20_000
"""Articles in one transaction: each writes a segment of the index, and merging those is half of the work."""
_FTS_MEMORY = "INSERT INTO article_words (article_words, rank) VALUES ('hashsize', ?)"
_MUCH, _DEFAULT = 256 << 20, 1 << 20  # bytes of index words held before a segment is written; the second is FTS5's own


@dataclass(frozen=True, slots=True)
class Sentence:
    """With its index words, a tuple of them for each column."""

    text: str
    words: tuple[tuple[str, ...], ...]


def build(path: Path, *, n_articles: int, share_about: float, n_sentences: int, seed: int = 1) -> None:
    """A new file with `n_articles` over two years, `n_sentences` in each; every 1/`share_about`th is about PHRASE."""
    upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        connection.execute(_FTS_MEMORY, (_MUCH,))
        made = _articles(n_articles, share_about, n_sentences, random.Random(seed))
        for first in range(0, n_articles, _AT_ONCE):
            connection.execute("BEGIN")
            for _ in range(first, min(first + _AT_ONCE, n_articles), _CHUNK):
                _insert(connection, list(itertools.islice(made, _CHUNK)))
            connection.execute("COMMIT")
        connection.execute(_FTS_MEMORY, (_DEFAULT,))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: int
    portal: str
    at: str
    title: str
    text: str
    words: tuple[str, ...]


def _articles(n: int, share_about: float, n_sentences: int, dice: random.Random) -> Iterator[Row]:
    pool, about = _pool(dice), [_sentence(text) for text in ABOUT]
    every = round(1 / share_about)
    for number in range(1, n + 1):
        chosen = dice.choices(pool, k=n_sentences)
        if number % every == 0:
            chosen[dice.randrange(1, n_sentences)] = dice.choice(about)
        at = END - timedelta(days=730) * dice.random()
        yield Row(
            id=number,
            portal=dice.choice(PORTALS),
            at=f"{at:%Y-%m-%d %H:%M:%S}.000000",
            title=chosen[0].text,
            text="\n\n".join(" ".join(each.text for each in chosen[place : place + 4]) for place in range(1, n_sentences, 4)),
            words=tuple(" ".join(dict.fromkeys(itertools.chain(*(each.words[column] for each in chosen)))) for column in range(3)),
        )


def _pool(dice: random.Random) -> list[Sentence]:
    """Sentences of the press and of the labelled texts, none of them about the topic."""
    slots = make_plan(seed=1, start=END, n_backlog=0, n_articles=400, period_s=0, portals=PORTALS)
    texts = [" ".join(write(slot, seed=1, province="Đồng Tháp").paragraphs) for slot in slots] + [each.article.text for each in labelled()]
    found = dict.fromkeys(sentence for text in texts for sentence in _SENTENCE.split(" ".join(text.split())) if len(sentence) > 30)
    plain = [each for each in map(_sentence, found) if TOPIC not in each.words[1]]
    dice.shuffle(plain)
    return plain


def _sentence(text: str) -> Sentence:
    identity = Identity(portal="", era="", ident="")
    index = shipped_catalogue().index(Article(identity=identity, url="", title="", text=text, content_hash="", text_hash=""))
    return Sentence(text, tuple(tuple(column.split()) for column in (index.normalised, index.folded, index.expanded)))


def _insert(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    version = shipped_catalogue().version
    connection.executemany(
        "INSERT INTO stories (id, key, opened_at) VALUES (?, ?, ?)", ((r.id, f"{r.portal}/url/{r.id}", r.at) for r in rows)
    )
    connection.executemany(_ARTICLE, (_article(row) for row in rows))
    connection.executemany(
        "INSERT INTO article_index (article_id, portal, fresh_at, version, words_id) VALUES (?, ?, ?, ?, ?)",
        ((row.id, row.portal, row.at, version, row.id) for row in rows),
    )
    connection.executemany(
        "INSERT INTO article_words (rowid, normalised, folded, expanded) VALUES (?, ?, ?, ?)", ((row.id, *row.words) for row in rows)
    )


_COLUMNS = [
    "id",
    "portal",
    "era",
    "ident",
    "url",
    "story_id",
    "first_seen_at",
    "n_revisions",
    "province",
    "title",
    "text",
    "tags",
    "captions",
    "images",
    "problems",
    "published_at",
    "published_precision",
    "provenance",
    "content_hash",
    "text_hash",
]
_ARTICLE = f"INSERT INTO articles ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - constants


def _article(row: Row) -> tuple[object, ...]:
    url, nothing = f"http://{row.portal}.example/tin-{row.id}.html", json.dumps([])
    return (
        *(
            row.id,
            row.portal,
            "2026",
            str(row.id),
            url,
            row.id,
            row.at,
            1,
            "Đồng Tháp",
            row.title,
            row.text,
            nothing,
            nothing,
            nothing,
            nothing,
        ),
        *(row.at, "second", "{}", f"c{row.id}", f"t{row.id}"),
    )
