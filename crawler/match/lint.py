"""What somebody should look at in a watch although it can be used. Pure: what the store knows comes in as values."""

from collections.abc import Collection, Iterator, Sequence

from config.glossary import Glossary
from config.suggest import did_you_mean
from config.watch import Watch
from crawler.match.automaton import Automaton
from crawler.match.document import Document
from crawler.match.evaluate import Evaluation
from crawler.match.expression import holds, wanted_leaves
from crawler.match.lint_doubles import doubles
from crawler.match.lint_words import bare_twins, bare_words, short_forms
from crawler.match.ordinary import ORDINARY_TEXTS
from crawler.match.reasoning import consequences
from crawler.match.relations import Relations
from crawler.match.remarks import Remark, Subject, Surroundings, term
from crawler.match.scope import name_key, province_keys
from crawler.match.terms import And, Expression, Leaf, Maybe, Near, Not, Or, Origin, Pattern, Phrase, Prefix
from storage.records import Article, Identity

_NO_ARTICLE = Article(identity=Identity(portal="", era="", ident=""), url="", title="", text="", content_hash="", text_hash="")


def lint(watches: Sequence[Watch], around: Surroundings) -> list[list[Remark]]:
    """Remarks about each watch; that it matches never or always comes first. Raises: QueryError."""
    relations = Relations(around.glossary, around.provinces)
    subjects = [Subject(watch, around, relations) for watch in watches]
    everywhere = _everywhere([leaf for subject in subjects for leaf in wanted_leaves(subject.expression)], around.glossary)
    return [_remarks(subject, everywhere) for subject in subjects]


def _remarks(subject: Subject, everywhere: Collection[Leaf]) -> list[Remark]:
    never = list(_never(subject))
    rest = [] if never else [*_dead(subject), *_everything(subject, everywhere), *doubles(subject)]
    return [*never, *rest, *_scope(subject), *_sections(subject), *bare_words(subject), *bare_twins(subject), *short_forms(subject)]


def _everywhere(wanted: Sequence[Leaf], glossary: Glossary) -> frozenset[Leaf]:
    """Those that stand in every ordinary text."""
    textual = [leaf for leaf in dict.fromkeys(wanted) if isinstance(leaf, Phrase | Near | Prefix | Pattern) and leaf.field is None]
    automaton = Automaton([leaf for leaf in textual if not isinstance(leaf, Pattern)], glossary)
    texts = [Evaluation(_NO_ARTICLE, automaton, "", Document.of_text(text)) for text in ORDINARY_TEXTS]
    return frozenset(leaf for leaf in textual if all(text.is_true(leaf) for text in texts))


def _never(subject: Subject) -> Iterator[Remark]:
    watch, counted = (
        subject.watch,
        [leaf for leaf in wanted_leaves(subject.expression) if isinstance(leaf, Phrase | Near | Prefix | Pattern)],
    )
    if consequences(_scope_of(subject), subject.implications, is_true=True) is None:
        yield subject.warning("no-portal-in-both", key="portals")
    elif consequences(_in_scope(subject), subject.implications, is_true=True) is None:
        pair = next(((leaf, why) for leaf, why in _excluded(subject) if why is not None), None)
        yield subject.warning("never") if pair is None else subject.warning("never-because", pair[0], other=term(pair[1]))
    elif not counted and (watch.at_least > 1 or watch.min_score is not None):
        yield subject.warning("nothing-to-count", key="at_least" if watch.at_least > 1 else "min_score")
    elif watch.min_score is not None and not any(_weight(watch, leaf.field) for leaf in counted):
        yield subject.warning("no-weight", key="weights")


def _scope_of(subject: Subject) -> Expression:
    return And(tuple(Or(each) for each in subject.scope))


def _in_scope(subject: Subject) -> Expression:
    return And((subject.expression, _scope_of(subject)))


def _weight(watch: Watch, field: str | None) -> float:
    """What a mention can weigh at most."""
    weights = dict(watch.weights)
    fields = ("title", "lead", "text", "caption") if field is None else (field.removesuffix("s"),)
    return max(float(weights[each]) for each in fields)


def _dead(subject: Subject) -> Iterator[Remark]:
    for leaf, why in _excluded(subject):
        yield subject.warning("dead", leaf) if why is None else subject.warning("dead-because", leaf, other=term(why))


def _excluded(subject: Subject) -> Iterator[tuple[Leaf, Leaf | None]]:
    """Leaves that are wanted and cannot be, and what they hold that must not occur, where that is why."""
    forbidden = [leaf for leaf, wanted in _firm(subject.expression) if not wanted]
    known = consequences(_in_scope(subject), subject.implications, is_true=True) or {}
    for leaf in wanted_leaves(subject.expression):
        why = next((each for each in forbidden if subject.implications.implies(leaf, each)), None)
        if why is not None or known.get(leaf) is False:
            yield leaf, why


def _firm(expression: Expression, *, wanted: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """The leaves that must hold, or must not, in everything that matches."""
    match expression:
        case And(parts) | Or(parts):
            for part in parts if isinstance(expression, And) is wanted or len(parts) == 1 else ():
                yield from _firm(part, wanted=wanted)
        case Not(part):
            yield from _firm(part, wanted=not wanted)
        case Maybe():
            return
        case leaf:
            yield leaf, wanted


def _everything(subject: Subject, everywhere: Collection[Leaf]) -> Iterator[Remark]:
    is_whole = subject.watch.within_first is None
    if is_whole and consequences(subject.expression, subject.implications, is_true=False) is None:
        yield subject.warning("always")
    elif holds(subject.expression, lambda _: False):
        yield subject.warning("without")
    yield from (subject.warning("ordinary", leaf) for leaf in wanted_leaves(subject.expression) if leaf in everywhere)


def _scope(subject: Subject) -> Iterator[Remark]:
    provinces = subject.around.provinces
    served = frozenset(key for province in provinces.values() for key in province_keys(province))
    asked = [(f"provinces[{place}]", Origin("province", name)) for place, name in enumerate(subject.watch.provinces)]
    asked += [(f"portals[{place}]", Origin("portal", name)) for place, name in enumerate(subject.watch.portals)]
    asked += [("query", leaf) for leaf in wanted_leaves(subject.expression) if isinstance(leaf, Origin)]
    for key, origin in asked if provinces else ():
        if origin.field == "province" and served.isdisjoint(province_keys(origin.name)):
            yield subject.warning("no-portal", key=key, province=origin.name)
        elif origin.field == "portal" and origin.name not in provinces:
            yield subject.warning("unknown-portal", key=key, portal=origin.name, advice=_advice(did_you_mean(origin.name, provinces)))


def _sections(subject: Subject) -> Iterator[Remark]:
    known = {name_key(name): name for name in subject.around.sections}
    for place, section in enumerate(subject.watch.sections if known else ()):
        if name_key(section) not in known:
            advice = _advice(did_you_mean(section, known.values()))
            yield subject.warning("unknown-section", key=f"sections[{place}]", section=section, advice=advice)


def _advice(guess: str | None) -> str:
    return f" ({guess})" if guess else ""
