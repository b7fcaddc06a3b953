"""Precision and recall on the labelled texts, beside the ways in which others search Vietnamese."""

import re
import sqlite3
from collections.abc import Callable

from bench.figures import Figures
from crawler.match.compile import expression_of
from crawler.match.expression import holds
from crawler.match.matcher import Matcher
from crawler.match.terms import Leaf, Near, Origin, Pattern, Phrase, Prefix, Published
from crawler.text.normal import clean, fold_marks
from tests.labelled import Labelled, labelled, score

Finds = Callable[[Leaf, str], bool]


def measure(_tiny: bool = False) -> Figures:
    texts = labelled()
    ways: list[tuple[str, Callable[[Labelled], bool]]] = [
        ("canhbao", _ours(texts)),
        ("substring, letter case aside", _by(_substring)),
        ("regular expression on folded text", _by(_folded_regex)),
        ("SQLite FTS5, remove_diacritics 2", _by(_fts5)),
    ]
    rows = []
    for name, fires in ways:
        reached = score(texts, fires)
        rows.append((name, f"{reached.precision:.3f}", f"{reached.recall:.3f}", str(len(reached.wrong))))
    n_traps = sum(each.is_trap for each in texts)
    return Figures(
        name="watch-quality",
        input=f"{len(texts)} labelled short texts on {len({each.watch.id for each in texts})} topics, {n_traps} of them traps (tests/corpus/watches)",
        columns=("way to search", "precision", "recall", "wrong"),
        rows=tuple(rows),
        notes=(
            "The others are given the same terms and the same Booleans; only how a term is found in a text differs.",
            "The texts were written by the authors of the matcher: expect less on others.",
        ),
    )


def _ours(texts: list[Labelled]) -> Callable[[Labelled], bool]:
    watches = {each.watch.id: each.watch for each in texts}
    matchers = {name: Matcher([watch]) for name, watch in watches.items()}
    return lambda each: bool(matchers[each.watch.id].matching(each.article))


def _by(finds: Finds) -> Callable[[Labelled], bool]:
    def fires(each: Labelled) -> bool:
        expression = expression_of(each.watch)
        return holds(expression, lambda leaf: _found(leaf, each, finds))

    return fires


def _found(leaf: Leaf, each: Labelled, finds: Finds) -> bool:
    article = each.article
    if isinstance(leaf, Published | Origin):
        return True
    values = {"title": article.title, "lead": article.lead, "text": article.text, "author": article.author, "section": article.section}
    wanted = [values.get(leaf.field)] if leaf.field else [article.title, article.lead, article.text]
    return any(finds(leaf, text) for text in wanted if text)


def _substring(leaf: Leaf, text: str) -> bool:
    return _shown(leaf).casefold() in text.casefold()


def _folded_regex(leaf: Leaf, text: str) -> bool:
    if isinstance(leaf, Pattern):
        return re.search(leaf.regex, text, re.IGNORECASE) is not None
    words = [re.escape(fold_marks(word)) for word in clean(_shown(leaf)).split()]
    between = rf"\s+(?:\S+\s+){{0,{leaf.n_between}}}" if isinstance(leaf, Near) else r"\s+"
    end = "" if isinstance(leaf, Prefix) else r"\b"
    return re.search(rf"\b{between.join(words)}{end}", fold_marks(text), re.IGNORECASE) is not None


def _fts5(leaf: Leaf, text: str) -> bool:
    if isinstance(leaf, Pattern):
        return _folded_regex(leaf, text)
    words = re.findall(r"\w+", clean(_shown(leaf)))
    match leaf:
        case Near():
            query = f"NEAR({' '.join(words)}, {leaf.n_between})"
        case Prefix():
            query = f'"{" ".join(words)}"*'
        case _:
            query = f'"{" ".join(words)}"'
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')")
        database.execute("INSERT INTO t VALUES (?)", (text,))
        return database.execute("SELECT 1 FROM t WHERE t MATCH ?", (query,)).fetchone() is not None


def _shown(leaf: Leaf) -> str:
    assert isinstance(leaf, Phrase | Near | Prefix | Pattern)
    return leaf.shown
