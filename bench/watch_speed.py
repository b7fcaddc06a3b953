"""From an article to the ids of the watches it sets off: milliseconds, with 1,000 and with 10,000 watches."""

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench import rivals
from bench.figures import Figures, median
from config.watch import Watch
from crawler.match.compile import expression_of
from crawler.match.expression import holds, leaves
from crawler.match.matcher import Matcher
from crawler.match.terms import Leaf, Pattern, Published
from crawler.text.normal import clean
from crawler.text.tokens import phrase_tokens
from storage.records import Article
from tests.builders import make_article
from tests.labelled import labelled

N_WORDS = 800
SEED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    n_watches: tuple[int, ...]
    n_articles: int
    n_rounds: int
    with_rivals: bool = False


FULL = Size(n_watches=(1_000, 10_000), n_articles=60, n_rounds=5, with_rivals=True)
TINY = Size(n_watches=(20, 60), n_articles=2, n_rounds=1)


def measure(size: Size) -> Figures:
    rng = random.Random(SEED)
    articles = [_article(rng) for _ in range(size.n_articles)]
    rows: list[tuple[str, ...]] = []
    for n in size.n_watches:
        watches = [_watch(rng, place) for place in range(n)]
        rows.append(_row(f"canhbao, {n:,} watches", *_ours(watches), articles, size.n_rounds))
    regexes = [Watch(id=f"r{place}", name="r", query=f"/{_phrase(rng, 2)}.{{0,20}}{_phrase(rng, 1)}/") for place in range(100)]
    rows.append(_row("canhbao, 100 watches with a regular expression", *_ours(regexes), articles, 1))
    rows.append(_row(f"one compiled re for each of {size.n_watches[-1]:,} watches", *_one_re_each(watches), articles[:2], 1))
    notes: list[str] = []
    if size.with_rivals:
        try:
            rows.append(_hyperscan(watches, articles))
            notes.append(
                "hyperscan is asked for the phrases alone: letter case aside, no other spelling, no short form, no AND or NOT, no field or distance."
            )
        except (rivals.NoRivalsError, RuntimeError) as error:
            notes.append(f"Without hyperscan: {error}.")
    return Figures(
        name="watch-speed",
        input=(
            f"{size.n_articles} articles of {N_WORDS} words made of the labelled texts, 7 in 10 no traps (seed {SEED}); watches: half 1-3 phrases, the rest Booleans, "
            f"fields, proximity and prefixes of 2-5 syllables; processor time of one thread, {size.n_rounds} rounds, no spans, no snippets"
        ),
        columns=("", "compile s", "median ms", "90 % below ms", "matching, mean"),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _row(
    name: str, compile_s: float, matching: Callable[[Article], Sequence[object]], articles: Sequence[Article], n_rounds: int
) -> tuple[str, ...]:
    for article in articles[:3]:
        matching(article)
    took_ms, n_matching = [], []
    for article in [*articles] * n_rounds:
        began = time.thread_time()
        n_matching.append(len(matching(article)))
        took_ms.append((time.thread_time() - began) * 1000)
    slow = sorted(took_ms)[int(len(took_ms) * 0.9)]
    return name, f"{compile_s:.2f}", f"{median(took_ms):.2f}", f"{slow:.2f}", f"{sum(n_matching) / len(n_matching):.1f}"


def _ours(watches: Sequence[Watch]) -> tuple[float, Callable[[Article], Sequence[object]]]:
    began = time.thread_time()
    matcher = Matcher(watches)
    return time.thread_time() - began, matcher.matching


def _one_re_each(watches: Sequence[Watch]) -> tuple[float, Callable[[Article], Sequence[object]]]:
    began = time.thread_time()
    compiled = [(expression, _Compiled()) for expression in map(expression_of, watches)]
    for expression, known in compiled:
        holds(expression, known.exists)

    def matching(article: Article) -> Sequence[object]:
        text = f"{article.title}\n\n{article.lead}\n\n{article.text}"
        return [expression for expression, known in compiled if holds(expression, lambda leaf: known.is_true(leaf, text))]  # noqa: B023

    return time.thread_time() - began, matching


def _hyperscan(watches: Sequence[Watch], articles: Sequence[Article]) -> tuple[str, ...]:
    shown = sorted({getattr(leaf, "shown", "") for watch in watches for leaf, _ in leaves(expression_of(watch))} - {""})
    patterns = [r"\s+".join(map(re.escape, words.split())) for words in shown]
    scans = rivals.scan(patterns, [f"{each.title}\n\n{each.lead}\n\n{each.text}" for each in articles], n_rounds=2)
    took_ms = [seconds * 1000 for seconds in scans.seconds]
    name = f"hyperscan {rivals.versions()['hyperscan']}, the {len(patterns):,} phrases of the {len(watches):,} watches"
    found = sum(scans.n_found) / len(scans.n_found)
    return name, f"{scans.compile_s:.2f}", f"{median(took_ms):.2f}", f"{sorted(took_ms)[int(len(took_ms) * 0.9)]:.2f}", f"{found:.1f}"


class _Compiled(dict[Leaf, "re.Pattern[str]"]):
    def is_true(self, leaf: Leaf, text: str) -> bool:
        return not isinstance(leaf, Published) and self[leaf].search(text) is not None

    def exists(self, leaf: Leaf) -> bool:
        """Compiles it."""
        return isinstance(leaf, Published) or bool(self[leaf])

    def __missing__(self, leaf: Leaf) -> "re.Pattern[str]":
        shown = getattr(leaf, "shown", "")
        regex = shown.strip("/") if isinstance(leaf, Pattern) else r"\s+".join(map(re.escape, shown.split()))
        self[leaf] = re.compile(rf"\b{regex}\b", re.IGNORECASE)
        return self[leaf]


TEXTS = [clean(each.article.text) for each in labelled()]
PLAIN = [clean(each.article.text) for each in labelled() if not each.is_trap]
_PLAIN_SHARE = 0.7
"""Of an article's texts: so that it explains some two short forms, as articles of the press do, not the seven of traps in a row."""
COMMON = sorted({form for text in TEXTS for form in phrase_tokens(text) if form.isalpha()})
RARE = [
    onset + rime
    for onset in ["b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "r", "s", "t", "th", "tr", "v", "x"]
    for rime in [
        "a",
        "á",
        "à",
        "ả",
        "ạ",
        "an",
        "án",
        "àn",
        "anh",
        "ăn",
        "âm",
        "ao",
        "âu",
        "i",
        "inh",
        "in",
        "iên",
        "oa",
        "oan",
        "ong",
        "ông",
        "ơn",
        "ương",
        "u",
        "ung",
        "ươi",
        "ê",
        "ên",
        "ệt",
        "ốc",
        "úc",
        "ật",
    ]
]


def _phrase(rng: random.Random, n_syllables: int = 0) -> str:
    return " ".join(rng.choice(COMMON if rng.random() < 0.5 else RARE) for _ in range(n_syllables or rng.choice([2, 2, 3, 3, 4, 5])))


def _watch(rng: random.Random, place: int) -> Watch:
    kind = rng.random()
    if kind < 0.5:
        wish: dict[str, object] = {"any": [_phrase(rng) for _ in range(rng.choice([1, 1, 2, 3]))]}
    elif kind < 0.7:
        wish = {"any": [_phrase(rng), _phrase(rng, 2)], "all": [_phrase(rng, 2)], "none": [_phrase(rng, 2)]}
    elif kind < 0.85:
        wish = {"query": f'("{_phrase(rng)}" OR {_phrase(rng, 2)}) AND NOT "{_phrase(rng, 2)}"'}
    elif kind < 0.9:
        wish = {"query": f'title:"{_phrase(rng, 2)}" OR "{_phrase(rng, 3)}"~5'}
    elif kind < 0.95:
        wish = {"query": f'"{_phrase(rng, 2)}" AND {_phrase(rng, 2)} AND ({_phrase(rng, 2)} OR {_phrase(rng, 2)})'}
    elif kind < 0.995:
        wish = {"query": f'{_phrase(rng, 2)}* OR "{_phrase(rng, 3)}"'}
    else:
        start = rng.randrange(len(TEXTS))
        words = [form for form in phrase_tokens(TEXTS[start]) if form[0].isalnum()]
        begin = rng.randrange(max(len(words) - 2, 1))
        wish = {"any": [" ".join(words[begin : begin + 2])]}
    return Watch.model_validate({"id": f"w{place}", "name": "w", **wish})


def _article(rng: random.Random) -> Article:
    words: list[str] = []
    while len(words) < N_WORDS:
        words += rng.choice(PLAIN if rng.random() < _PLAIN_SHARE else TEXTS).split()
    return make_article(title=rng.choice(TEXTS), lead=rng.choice(TEXTS), text=" ".join(words[:N_WORDS]))
