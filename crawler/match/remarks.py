"""What can be remarked about a watch that can be used, and what there is to know for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from config.glossary import Glossary
from config.watch import Watch
from crawler.match.compile import expression_of
from crawler.match.explain import shown
from crawler.match.expression import leaves
from crawler.match.relations import Implications, Relations
from crawler.match.terms import And, Expression, Leaf, Origin, Published

Severity: TypeAlias = Literal["warning", "note"]
"""A warning is about what is found: nothing, everything, or something else than meant. A note: something is superfluous, or more could be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """`key` is that of the watch it is about (`any[0]`, `query`). `facts` fill in the wording of its `code`."""

    code: str
    severity: Severity
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a watch is looked at with.

    `provinces`: of the enabled portals, by id. Of the store, where there is one: `sections`, the names that occur, and `spellings`, how often terms
    without marks were found there in which spelling, most often first.
    """

    glossary: Glossary
    provinces: Mapping[str, str] = field(default_factory=dict)
    sections: frozenset[str] = frozenset()
    spellings: Mapping[Leaf, Mapping[str, int]] = field(default_factory=dict)


class Subject:
    """A watch taken apart for those who look at it. Raises: QueryError."""

    def __init__(self, watch: Watch, around: Surroundings, relations: Relations) -> None:
        self.watch, self.around, self.speller = watch, around, relations.speller
        self.expression = expression_of(watch)
        portals = tuple(Origin("portal", portal) for portal in watch.portals)
        provinces = tuple(Origin("province", province) for province in watch.provinces)
        self.scope = tuple(each for each in (portals, provinces) if each)
        every = [*(leaf for leaf, _ in leaves(self.expression)), *(leaf for each in self.scope for leaf in each)]
        self.implications: Implications = relations.among(list(dict.fromkeys(every)))
        self._keys = keys_of(watch, self.expression)

    @property
    def whole(self) -> str:
        """The key under which most of it stands."""
        return next(name for name in ("query", "all", "any") if getattr(self.watch, name))

    def warning(self, code: str, leaf: Leaf | None = None, *, key: str | None = None, **facts: object) -> Remark:
        return self._remark(code, "warning", leaf, key, facts)

    def note(self, code: str, leaf: Leaf, **facts: object) -> Remark:
        return self._remark(code, "note", leaf, None, facts)

    def _remark(self, code: str, severity: Severity, leaf: Leaf | None, key: str | None, facts: Mapping[str, object]) -> Remark:
        where = key or (self._keys.get(leaf, "query") if leaf is not None else self.whole)
        what = {"term": term(leaf)} if leaf is not None else {}
        return Remark(code=code, severity=severity, key=where, facts={**what, **facts})


def term(leaf: Leaf) -> str:
    """A leaf as it is typed, its field included."""
    name = None if isinstance(leaf, Published | Origin) else leaf.field
    return f"{name}:{shown(leaf)}" if name else shown(leaf)


def keys_of(watch: Watch, expression: Expression) -> dict[Leaf, str]:
    """In which entry of the file each phrase stands (`any[0]`), in the first one where there are several; a query's terms are left out."""
    phrases = expression if watch.query is None else expression.parts[1] if isinstance(expression, And) else None
    assert isinstance(phrases, And), "phrases are joined by And"
    parts = list(phrases.parts)
    n_all = len(watch.all)
    groups = [("all", parts[:n_all]), ("any", list(getattr(parts[n_all], "parts", ())) if watch.any else [])]
    groups.append(("none", parts[n_all + bool(watch.any) :]))
    keys: dict[Leaf, str] = {}
    for name, entries in groups:
        for place, entry in enumerate(entries):
            for leaf, _ in leaves(entry):
                keys.setdefault(leaf, f"{name}[{place}]")
    return keys
