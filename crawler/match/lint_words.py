"""Terms that may be other words than their author thinks: without marks, or short for several things."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from config.glossary import Glossary
from config.watch import Watch
from crawler.match.compile import expression_of
from crawler.match.expression import has_marks, wanted_leaves
from crawler.match.remarks import Remark, Subject, term
from crawler.match.terms import Indexed, Near, Phrase, Prefix
from crawler.text.abbreviations import ShortForms
from crawler.text.common import common_readings
from crawler.text.tokens import folded, normal, phrase_tokens, split

MOST_BARE_WORDS = 2
"""Longer terms without marks seldom stand for anything else; where the store has seen it, that is told."""
MOST_TOLD = 6
N_EXAMPLES = 3
ENOUGH = 20
"""Finds in the store from which on a single spelling shows that a bare term is harmless."""
SHARE = 0.05
"""Of the finds, that must be other words before a longer bare term is worth a remark."""


def bare_terms(watch: Watch) -> list[Indexed]:
    """The terms that are looked for with any marks although nobody said so. Raises: QueryError."""
    if watch.marks != "auto":
        return []
    return [leaf for leaf in wanted_leaves(expression_of(watch)) if isinstance(leaf, Phrase | Near | Prefix) and leaf.any_marks]


def bare_words(subject: Subject) -> Iterator[Remark]:
    """Terms without marks that are several common words; with how often, where the store knows."""
    for leaf in bare_terms(subject.watch):
        seen = subject.around.spellings.get(leaf, {})
        n_found = sum(seen.values())
        n_others = n_found - max(seen.values(), default=0)
        words = [form for form in phrase_tokens(leaf.shown) if form[0].isalnum()]
        readings = [common_readings(word) for word in words]
        is_doubtful = len(words) <= MOST_BARE_WORDS and all(len(each) > 1 for each in readings)
        if n_others and (is_doubtful or n_others >= SHARE * n_found):
            told = ", ".join(f"{spelling} ({n})" for spelling, n in islice(seen.items(), MOST_TOLD))
            yield subject.warning("folds-in-store", leaf, n=n_found, readings=told, quoted=_quoted(leaf, subject.watch))
        elif is_doubtful and n_found < ENOUGH:
            yield subject.warning("folds", leaf, readings=", ".join(_examples(words, readings)), quoted=_quoted(leaf, subject.watch))


def bare_twins(subject: Subject) -> Iterator[Remark]:
    """Terms without marks beside the same with marks: they are exact there, and find only text that is typed without."""
    wanted = [leaf for leaf in wanted_leaves(subject.expression) if isinstance(leaf, Phrase | Near | Prefix) and not leaf.any_marks]
    marked = {_folded(leaf): leaf for leaf in wanted if has_marks(leaf.shown)}
    for leaf in wanted:
        twin = marked.get(_folded(leaf))
        if twin is not None and not has_marks(leaf.shown) and subject.watch.marks == "auto":
            yield subject.note("bare-twin", leaf, other=term(twin))


def _folded(leaf: Indexed) -> str:
    return " ".join(folded(form) for form in phrase_tokens(leaf.shown))


def _quoted(leaf: Indexed, watch: Watch) -> str:
    """As it is typed to be exact: in a list the quotation marks must outlive YAML's."""
    return f'"{leaf.shown}"' if watch.query is not None else f"'\"{leaf.shown}\"'"


def _examples(words: Sequence[str], readings: Sequence[Sequence[str]]) -> list[str]:
    """A few of the words it may be, as different as can be."""
    most = max(map(len, readings))
    spelt = dict.fromkeys(" ".join(each[place % len(each)] for each in readings) for place in range(most))
    return [each for each in spelt if each != " ".join(words)][:N_EXAMPLES]


def short_forms(subject: Subject) -> Iterator[Remark]:
    """Short forms of several meanings or that are words, too; and what would also be found if short forms were looked for."""
    glossary = subject.around.glossary
    for leaf in wanted_leaves(subject.expression):
        if not isinstance(leaf, Phrase | Near | Prefix):
            continue
        short = _ambiguous(leaf.shown, glossary)
        if short is not None:
            meanings = glossary.ambiguous[short]
            yield subject.warning("ambiguous", leaf, short=short, meanings=", ".join(meanings), example=meanings[0])
        elif _is_word_in_capitals(leaf):
            yield subject.warning("capitals", leaf, word=leaf.shown.casefold())
        elif not leaf.abbreviations and (other := _other_form(leaf, subject)):
            yield subject.note("could-be-short", leaf, other=other)


def _ambiguous(shown: str, glossary: Glossary) -> str | None:
    """A short form of several meanings that no word beside it settles, as XD in Sở XD is settled."""
    tokens = split(shown)
    settled = {place for each in ShortForms.of_glossary(glossary).find(tokens) for place in range(each.first, each.last + 1)}
    words = (part for place, part in enumerate(tokens.parts) if place % 2 and place not in settled)
    return next((word for word in words if word in glossary.ambiguous), None)


def _is_word_in_capitals(leaf: Indexed) -> bool:
    """AI, which is also *ai* (who): letter case makes no difference."""
    word = leaf.shown
    return isinstance(leaf, Phrase) and len(word) > 1 and word.isupper() and normal(word) in map(normal, common_readings(word))


def _other_form(leaf: Indexed, subject: Subject) -> str | None:
    """What a short form in the term stands for, or which short form stands for it."""
    spellings = subject.speller.spellings(replace(leaf, abbreviations=True))
    known = next((each.shorts for each in spellings if each.shorts), ())
    if known:
        return known[0].long
    words = f" {' '.join(phrase_tokens(leaf.shown))} "
    return next((short for short, long in subject.around.glossary.sure.items() if f" {' '.join(phrase_tokens(long))} " in words), None)
