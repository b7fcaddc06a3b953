"""What must be so of every article that a watch matches, or does not: a few steps of logic, sound but not complete."""

from collections.abc import Sequence

from crawler.match.relations import Implications
from crawler.match.terms import And, Expression, Leaf, Maybe, Not, Or


class _ContradictionError(Exception):
    """Something would have to be both true and false."""


def consequences(expression: Expression, implications: Implications, *, is_true: bool) -> dict[Leaf, bool] | None:
    """Leaves that hold, or do not, wherever `expression` does (or does not); None where it never does."""
    known: dict[Leaf, bool] = {}
    waiting: list[tuple[Expression, bool]] = [(expression, is_true)]
    try:
        while True:
            n_known, kept = len(known), []
            for each, value in waiting:
                kept += _narrow(each, value, known, implications)
            if len(known) == n_known:
                return known
            waiting = kept
    except _ContradictionError:
        return None


def _narrow(expression: Expression, value: bool, known: dict[Leaf, bool], implications: Implications) -> list[tuple[Expression, bool]]:
    """Write down what follows; what is left to be looked at again."""
    match expression:
        case And(parts) | Or(parts):
            if isinstance(expression, And) is value:
                return [left for part in parts for left in _narrow(part, value, known, implications)]
            return _choose(expression, parts, value, known, implications)
        case Not(part):
            return _narrow(part, not value, known, implications)
        case Maybe():
            if not value:
                raise _ContradictionError
        case leaf:
            _learn(leaf, value, known, implications)
    return []


def _choose(
    expression: Expression, parts: Sequence[Expression], value: bool, known: dict[Leaf, bool], implications: Implications
) -> list[tuple[Expression, bool]]:
    """One part at least must be `value`: where only one still can, it is."""
    said = [verdict(part, known) for part in parts]
    if value in said:
        return []
    still = [part for part, each in zip(parts, said, strict=True) if each is None]
    if not still:
        raise _ContradictionError
    return _narrow(still[0], value, known, implications) if len(still) == 1 else [(expression, value)]


def _learn(leaf: Leaf, value: bool, known: dict[Leaf, bool], implications: Implications) -> None:
    for each, is_so in [(leaf, value), *implications.follow(leaf, is_true=value)]:
        if known.setdefault(each, is_so) is not is_so:
            raise _ContradictionError


def verdict(expression: Expression, known: dict[Leaf, bool]) -> bool | None:
    """Whether `expression` holds as far as is known; None where that is open."""
    match expression:
        case And(parts) | Or(parts):
            decisive = isinstance(expression, Or)
            said = [verdict(part, known) for part in parts]
            return decisive if decisive in said else None if None in said else not decisive
        case Not(part):
            of_part = verdict(part, known)
            return None if of_part is None else not of_part
        case Maybe():
            return True
        case leaf:
            return known.get(leaf)
