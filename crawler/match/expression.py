"""Watches as Boolean expressions: how to build one of phrases, what it needs at least, and whether it holds."""

from collections.abc import Callable, Iterator

from crawler.match.terms import And, Expression, Indexed, Leaf, Maybe, Near, Not, Or, Phrase, Prefix
from crawler.text.normal import clean, fold_marks

_QUOTES = '"“”„«»'


def of_phrases(
    any_of: tuple[str, ...], all_of: tuple[str, ...], none_of: tuple[str, ...], *, marks: str, abbreviations: bool
) -> Expression:
    """any, all and none of a watch. `marks`: auto (any marks match only if no phrase carries one), exact or ignore."""
    any_marks = marks == "ignore" or (marks == "auto" and not any(map(has_marks, (*any_of, *all_of, *none_of))))

    def phrase(typed: str) -> Phrase:
        bare = clean(typed).strip(_QUOTES)
        return Phrase(bare, any_marks and (marks == "ignore" or bare == clean(typed)), None, abbreviations)

    parts: list[Expression] = [phrase(typed) for typed in all_of]
    if any_of:
        parts.append(Or(tuple(phrase(typed) for typed in any_of)))
    parts += [Not(phrase(typed)) for typed in none_of]
    return And(tuple(parts))


def has_marks(phrase: str) -> bool:
    """Whether any letter carries a Vietnamese mark (đ included)."""
    return fold_marks(phrase) != clean(phrase)


def leaves(expression: Expression, *, wanted: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Every leaf, and whether it speaks for a match (true) or against it."""
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part, wanted=wanted)
        case Not(part):
            yield from leaves(part, wanted=not wanted)
        case Maybe(part):
            yield from leaves(part, wanted=wanted)
        case _:
            yield expression, wanted


def needs(expression: Expression) -> frozenset[Indexed] | None:
    """Terms of which at least one occurs in everything that matches; None: it may match where no such term occurs."""
    match expression:
        case And(parts):
            return min((need for need in map(needs, parts) if need is not None), key=len, default=None)
        case Or(parts):
            each = [needs(part) for part in parts]
            return None if None in each else frozenset().union(*(need for need in each if need is not None))
        case Phrase() | Near() | Prefix():
            return frozenset({expression})
        case _:
            return None


def holds(expression: Expression, is_true: Callable[[Leaf], bool]) -> bool:
    """Whether the expression holds where the leaves hold of which `is_true` says so."""
    match expression:
        case And(parts):
            return all(holds(part, is_true) for part in parts)
        case Or(parts):
            return any(holds(part, is_true) for part in parts)
        case Not(part):
            return not holds(part, is_true)
        case Maybe():
            return True
        case _:
            return is_true(expression)


def holds_by_side(expression: Expression, is_true: Callable[[Leaf, bool], bool], *, wanted: bool = True) -> bool:
    """As `holds`, but `is_true` is also told whether a leaf speaks for a match (true) or against it."""
    match expression:
        case And(parts):
            return all(holds_by_side(part, is_true, wanted=wanted) for part in parts)
        case Or(parts):
            return any(holds_by_side(part, is_true, wanted=wanted) for part in parts)
        case Not(part):
            return not holds_by_side(part, is_true, wanted=not wanted)
        case Maybe():
            return True
        case _:
            return is_true(expression, wanted)


def wanted_leaves(expression: Expression) -> list[Leaf]:
    """The leaves that speak for a match, each once."""
    return list(dict.fromkeys(leaf for leaf, is_wanted in leaves(expression) if is_wanted))
