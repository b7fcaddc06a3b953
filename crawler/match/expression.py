"""Watches as Boolean expressions: how to build one, what it needs at least, and whether it holds."""

from collections.abc import Container, Iterator
from typing import assert_never

from config.watch import Watch
from crawler.match.terms import And, Expression, Not, Or, Phrase, Term
from crawler.text.normal import fold_marks


def of_phrases(watch: Watch) -> Expression:
    """any, all and none of a watch. Raises nothing: the configuration has seen to it that there is a phrase."""
    typed = (*watch.any, *watch.all, *watch.none)
    any_marks = not any(has_marks(phrase) for phrase in typed)
    terms = {phrase: Phrase(phrase, any_marks=any_marks) for phrase in typed}
    parts: list[Expression] = [terms[phrase] for phrase in watch.all]
    if watch.any:
        parts.append(Or(tuple(terms[phrase] for phrase in watch.any)))
    parts += [Not(terms[phrase]) for phrase in watch.none]
    return And(tuple(parts))


def has_marks(phrase: str) -> bool:
    """Whether any letter carries a Vietnamese mark (đ included)."""
    return fold_marks(phrase) != phrase


def leaves(expression: Expression, *, wanted: bool = True) -> Iterator[tuple[Term, bool]]:
    """Every term, and whether it speaks for a match (true) or against it."""
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part, wanted=wanted)
        case Not(part):
            yield from leaves(part, wanted=not wanted)
        case Phrase():
            yield expression, wanted
        case _:
            assert_never(expression)


def needs(expression: Expression) -> frozenset[Term] | None:
    """Terms of which at least one occurs in everything that matches; None: it may match where no term occurs."""
    match expression:
        case And(parts):
            known = [need for need in map(needs, parts) if need is not None]
            return min(known, key=len, default=None)
        case Or(parts):
            each = [needs(part) for part in parts]
            return None if None in each else frozenset().union(*(need for need in each if need is not None))
        case Not():
            return None
        case Phrase():
            return frozenset({expression})
        case _:
            assert_never(expression)


def holds(expression: Expression, found: Container[Term]) -> bool:
    """Whether the expression is true of an article in which exactly the terms `found` occur."""
    match expression:
        case And(parts):
            return all(holds(part, found) for part in parts)
        case Or(parts):
            return any(holds(part, found) for part in parts)
        case Not(part):
            return not holds(part, found)
        case Phrase():
            return expression in found
        case _:
            assert_never(expression)
