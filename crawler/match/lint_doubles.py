"""Terms that change nothing: they are spelt otherwise, stand within others, or are found with them anyway."""

from collections.abc import Iterator, Sequence

from crawler.match.remarks import Remark, Subject, term
from crawler.match.terms import And, Expression, Leaf, Near, Not, Or, Pattern, Phrase, Prefix
from crawler.text.tokens import phrase_tokens


def doubles(subject: Subject) -> Iterator[Remark]:
    """Of alternatives, and of what must not occur, those that add nothing; of what must, what others demand already."""
    yield from _within(subject, subject.expression)


def _within(subject: Subject, expression: Expression) -> Iterator[Remark]:
    match expression:
        case Or(parts):
            yield from _swallowed(subject, _terms(parts))
        case And(parts):
            yield from _swallowed(subject, _terms([part.part for part in parts if isinstance(part, Not)]))
            yield from _needed_anyway(subject, _terms(parts))
        case Not(part):
            yield from _within(subject, part)
    for part in expression.parts if isinstance(expression, And | Or) else ():
        yield from _within(subject, part)


def _terms(parts: Sequence[Expression]) -> list[Leaf]:
    return [part for part in parts if isinstance(part, Phrase | Near | Prefix | Pattern)]


def _swallowed(subject: Subject, siblings: Sequence[Leaf]) -> Iterator[Remark]:
    for place, leaf in enumerate(siblings):
        twin = next((each for each in siblings[:place] if _are_alike(subject, leaf, each)), None)
        shorter = next(
            (each for each in siblings if subject.implications.implies(leaf, each) and not _are_alike(subject, leaf, each)), None
        )
        if twin is not None:
            is_spelling = phrase_tokens(term(twin)) == phrase_tokens(term(leaf))
            yield subject.note("same" if is_spelling else "same-short", leaf, other=term(twin))
        elif shorter is not None:
            yield subject.note("swallowed", leaf, other=term(shorter))


def _needed_anyway(subject: Subject, siblings: Sequence[Leaf]) -> Iterator[Remark]:
    """Where mentions are counted, a term that is needed anyway may still add some."""
    if subject.watch.at_least > 1 or subject.watch.min_score is not None:
        return
    for place, leaf in enumerate(siblings):
        longer = next(
            (
                each
                for at, each in enumerate(siblings)
                if at != place and subject.implications.implies(each, leaf) and (at < place or not _are_alike(subject, leaf, each))
            ),
            None,
        )
        if longer is not None:
            yield subject.note("needed-anyway", leaf, other=term(longer))


def _are_alike(subject: Subject, one: Leaf, other: Leaf) -> bool:
    return subject.implications.implies(one, other) and subject.implications.implies(other, one)
