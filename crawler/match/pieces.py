"""A query cut into pieces: what is quoted, what are words, what is syntax. Lucene's grammar then sees only stand-ins.

The grammar alone would read `a b OR c d` as a (b OR c) d, scope `title:quy chế` to one word, make a field of `nghị quyết: số 5`,
and keep curly quotes in words. So neighbouring bare words become one piece before it looks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NoReturn, TypeAlias

FIELDS = ("title", "lead", "text", "caption", "author", "section", "tag", "portal", "province", "published")
_ONE_WORD = ("portal", "published")
LONGEST = 10_000  # characters; the longest query seen in the wild has some 2,000
DEEPEST = 40
"""Brackets, NOTs and signs within each other: the grammar and we recurse over them."""
MOST_PIECES = 2_000

Kind: TypeAlias = Literal["words", "quoted", "regex", "field", "syntax", "range"]


class QueryError(ValueError):
    """The query cannot be read. `position` counts code points from 0; `advice` says what to do."""

    def __init__(self, problem: str, *, position: int, advice: str) -> None:
        super().__init__(f"at character {position + 1}: {problem}; {advice}")
        self.problem, self.position, self.advice = problem, position, advice

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (self.problem, self.position, self.advice)


def _rebuilt(problem: str, position: int, advice: str) -> QueryError:
    return QueryError(problem, position=position, advice=advice)


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` without its quotes, slashes or colon; `start` in the query as typed."""

    kind: Kind
    text: str
    start: int
    end: int


_OPEN, _CLOSE = '"“”„‟«»″', '"“”„‟«»″'
_QUOTED = re.compile(rf"[{_OPEN}]([^{_CLOSE}]*)[{_CLOSE}]|(?<!\w)‘([^’]+)’(?!\w)")
_REGEX = re.compile(r"/((?:[^/\\\n]|\\.)+)/(?=$|[\s()^~])")
_RANGE = re.compile(r"[\[{]\s*([^\s\[\]{}]+)\s+TO\s+([^\s\[\]{}]+)\s*[\]}]|[<>]=?\s*[^\s()<>=]+")
_OPERATOR = re.compile(r"(AND|OR|NOT|&&|\|\|)(?=$|[\s()\"“”„«»‘+-])|(!)(?=[^\s!)])")
_OPERATORS = {"&&": "AND", "||": "OR", "!": "NOT"}
_FIELD = re.compile(r"([^\W\d_][\w-]*):(?!\S*:/)")
_SIGN = re.compile(r"[+-](?=[^\s)])")
_NEAR = re.compile(r"~(\d*)")
_WORD = re.compile(rf"(?:\\.|[^\s()\\{_OPEN}])+")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def pieces(query: str) -> list[Piece]:
    """The pieces of `query`, neighbouring words joined. Raises: QueryError."""
    if len(query) > LONGEST:
        raise QueryError(f"the query has more than {LONGEST} characters", position=LONGEST, advice="split it into several watches")
    found = _joined(list(_Cutter(query).cut()))
    if len(found) > MOST_PIECES:
        raise QueryError(f"the query has more than {MOST_PIECES} parts", position=found[MOST_PIECES].start, advice="split it")
    _check_nesting(found)
    return found


class _Cutter:
    def __init__(self, query: str) -> None:
        self._query, self._place = query, 0

    def cut(self) -> Iterator[Piece]:
        before: Piece | None = None
        while self._place < len(self._query):
            if self._query[self._place].isspace():
                self._place += 1
                continue
            before = self._next(before)
            self._place = before.end
            yield before

    def _next(self, before: Piece | None) -> Piece:
        start, char = self._place, self._query[self._place]
        is_glued = before is not None and before.end == start
        if found := self._at(_QUOTED):
            return Piece("quoted", found[1] if found[1] is not None else found[2], start, found.end())
        if char in _OPEN:
            self._fail("a quotation mark is not closed", "add the closing one")
        if char in "()":
            return Piece("syntax", char, start, start + 1)
        if before is not None and before.kind == "field" and (found := self._at(_RANGE)):
            return Piece("range", found[0], start, found.end())
        if is_glued and (found := self._at(_NEAR)):
            return Piece("syntax", f"~{found[1]}", start, found.end())
        return self._sign_or_word(start, before, is_glued=is_glued)

    def _sign_or_word(self, start: int, before: Piece | None, *, is_glued: bool) -> Piece:
        if found := self._at(_OPERATOR):
            return Piece("syntax", _OPERATORS.get(found[0], found[0]), start, found.end())
        opens = not is_glued or (before is not None and before.kind in {"syntax", "field"})
        if opens and (found := self._at(_SIGN)):
            return Piece("syntax", found[0], start, start + 1)
        if opens and (found := self._at(_REGEX)):
            return Piece("regex", found[1], start, found.end())
        if opens and (found := self._at(_FIELD)) and self._is_field(found, before):
            return Piece("field", found[1].lower(), start, found.end())
        found = self._at(_WORD)
        if found is None:
            self._fail("a backslash stands at the end", "remove it")
        return Piece("words", re.sub(r"\\(.)", r"\1", found[0]), start, found.end())

    def _is_field(self, found: re.Match[str], before: Piece | None) -> bool:
        """A known name with a colon is a field. An unknown one is a mistake, unless it reads as prose: nghị quyết: số 5."""
        name = found[1].lower()
        if name in FIELDS:
            return True
        is_prose = not _IDENTIFIER.fullmatch(name) or (
            before is not None and before.kind == "words" and self._query[found.end() : found.end() + 1].isspace()
        )
        if is_prose:
            return False
        return self._fail(f"{found[1]}: is not a field", f"known fields: {', '.join(FIELDS)}; or put the words in quotes")

    def _at(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self._query, self._place)

    def _fail(self, problem: str, advice: str) -> NoReturn:
        raise QueryError(problem, position=self._place, advice=advice)


def _joined(found: list[Piece]) -> list[Piece]:
    """Neighbouring words as one piece. A dash or slash by itself between words is part of them."""
    joined: list[Piece] = []
    for piece in found:
        if piece.kind == "words" and joined and joined[-1].kind == "words" and not _is_complete(joined):
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {piece.text}", end=piece.end)
        else:
            joined.append(piece)
    return joined


def _is_complete(joined: list[Piece]) -> bool:
    """Whether the last piece is complete: it ends with a star, or is the value of a field whose values have no spaces."""
    is_value = len(joined) > 1 and joined[-2].kind == "field" and joined[-2].text in _ONE_WORD
    return is_value or joined[-1].text.endswith("*")


def _check_nesting(found: list[Piece]) -> None:
    depth, n_prefixed = 0, 0
    for piece in found:
        is_prefix = piece.kind == "field" or (piece.kind == "syntax" and piece.text in {"NOT", "+", "-"})
        n_prefixed = n_prefixed + 1 if is_prefix else 0
        if piece.kind == "syntax" and piece.text in "()":
            depth += 1 if piece.text == "(" else -1
        if depth < 0:
            raise QueryError("a closing bracket has no opening one", position=piece.start, advice="remove it, or quote it")
        if depth + n_prefixed > DEEPEST:
            raise QueryError(f"more than {DEEPEST} levels within each other", position=piece.start, advice="simplify the query")
    if depth:
        last_open = max(piece.start for piece in found if piece.text == "(")
        raise QueryError("a bracket is not closed", position=last_open, advice="add the closing one")
