r"""Queries in Lucene syntax: text to an expression.

quy chế dân chủ                bare words: a phrase; any marks, where none is typed
"quy chế dân chủ"              a quoted phrase: marks exactly as typed
a AND b, a OR b, NOT a, ( )    also &&, ||, !; neighbours without a word between must all hold
+a b -c                        a must, b may, c must not
title:a  title:(a OR b)        fields: title lead text caption author section tag portal province published
"a b c"~5                      the syllables in order, at most 5 others within
doanh ngh*                     a syllable that begins so
/ngh[iị] quyết \d+/             a regular expression (google-re2), letter case put aside
published:[2024-01-01 TO *]    days in Vietnam, both included; {a TO b} without them; also >=2024-01-01
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal, NoReturn, TypeAlias

from luqum import thread, tree
from luqum.exceptions import ParseError

from config.provinces import PROVINCE_NAMES, province_name
from config.suggest import did_you_mean
from crawler.match.days import day_range
from crawler.match.expression import has_marks, leaves
from crawler.match.patterns import compiled
from crawler.match.pieces import Piece, QueryError, pieces
from crawler.match.terms import And, Expression, Maybe, Near, Not, Or, Origin, Pattern, Phrase, Prefix
from crawler.text.normal import clean
from crawler.text.tokens import is_token, split

Marks: TypeAlias = Literal["auto", "exact", "ignore"]

MOST_BETWEEN = 100
"""The widest ~n: a paragraph. Wider is AND."""
_SHORTEST_PREFIX = 2
_NAMES = {"caption": "captions"}
_AT = re.compile(r"position (\d+)")


def parse_query(text: str, *, marks: Marks = "auto", abbreviations: bool = True) -> Expression:
    """The expression that `text` says. Raises: QueryError."""
    found = pieces(text)
    if not found:
        raise QueryError("the query is empty", position=0, advice='write words to look for, e.g. "quy chế dân chủ"')
    said, places = _stand_ins(found)
    try:
        grown = thread.parse(said)
    except ParseError as error:
        _explain(str(error), found, places, len(text))
    return _Reader(found, marks, abbreviations=abbreviations).read(grown, None)


def check_query(text: str, *, marks: Marks = "auto") -> list[str]:
    """What is wrong with a query, as lines for the operator; empty when it can be used."""
    try:
        expression = parse_query(text, marks=marks)
    except QueryError as error:
        return [str(error)]
    if not any(wanted for _, wanted in leaves(expression)):
        return ["the query says only what must not occur; add what must"]
    return []


def _stand_ins(found: Sequence[Piece]) -> tuple[str, list[int]]:
    """The query with a number for every piece, w3 for words and "3" for what is quoted; and where each piece stands in it."""
    said: list[str] = []
    for place, piece in enumerate(found):
        match piece.kind:
            case "quoted":
                said.append(f'"{place}"')
            case "field":
                said.append(f"f{place}:")
            case "syntax":
                said.append(piece.text)
            case _:
                said.append(f"w{place}")
    return " ".join(said), [0, *accumulate(len(stand_in) + 1 for stand_in in said)]


def _explain(message: str, found: Sequence[Piece], places: Sequence[int], length: int) -> NoReturn:
    """What the grammar complains of, at the place in the query as typed."""
    at = _AT.search(message)
    n_before = bisect_right(places, int(at[1])) - 1 if at else len(found)
    if n_before >= len(found):
        raise QueryError("something is missing at the end", position=length, advice="add words after the last AND, OR, NOT or field")
    piece = found[n_before]
    raise QueryError(f"{piece.text!r} does not fit here", position=piece.start, advice="put words that are meant as words in quotes")


class _Reader:
    """Turns luqum's tree into ours."""

    def __init__(self, found: Sequence[Piece], marks: Marks, *, abbreviations: bool) -> None:
        self._found, self._marks, self._abbreviations = found, marks, abbreviations

    def read(self, node: tree.Item, field: str | None) -> Expression:
        match node:
            case tree.OrOperation() | tree.AndOperation() | tree.UnknownOperation():
                return self._joined(node, [self.read(child, field) for child in node.children])
            case tree.Group() | tree.FieldGroup() | tree.Plus():
                return self.read(node.children[0], field)
            case tree.Not() | tree.Prohibit():
                return Not(self.read(node.children[0], field))
            case tree.SearchField():
                return self._in_field(node, field)
            case tree.Proximity():
                return self._near(self._piece(node.term), int(node.degree), field)
        return self._term(self._piece(node), field)

    def _joined(self, node: tree.Item, parts: Sequence[Expression]) -> Expression:
        """Neighbours without a word between must all hold; but where one is marked with +, the unmarked ones only may."""
        if isinstance(node, tree.OrOperation):
            return Or(tuple(parts))
        if isinstance(node, tree.UnknownOperation) and any(isinstance(child, tree.Plus) for child in node.children):
            is_firm = [isinstance(child, tree.Plus | tree.Prohibit | tree.Not) for child in node.children]
            return And(tuple(part if firm else Maybe(part) for part, firm in zip(parts, is_firm, strict=True)))
        return And(tuple(parts))

    def _in_field(self, node: tree.SearchField, field: str | None) -> Expression:
        piece = self._found[int(node.name[1:])]
        if field is not None:
            raise QueryError(f"{piece.text}: stands inside {field}:", position=piece.start, advice="name one field at a time")
        return self.read(node.children[0], piece.text)

    def _piece(self, node: tree.Item) -> Piece:
        return self._found[int(node.value.strip('"w'))]

    def _term(self, piece: Piece, field: str | None) -> Expression:
        if field == "published":
            return day_range(piece)
        if piece.kind == "range":
            raise QueryError(f"{field}: has no range", position=piece.start, advice="only published: takes a range")
        if field == "portal":
            return Origin("portal", clean(piece.text))
        if field == "province":
            return self._province(piece)
        name = _NAMES.get(field, field) if field else None
        if piece.kind == "regex":
            return self._regex(piece, name)
        shown = clean(piece.text)
        self._check_words(shown, piece)
        any_marks = self._any_marks(piece)
        if not shown.endswith("*"):
            return Phrase(shown, any_marks, name, self._abbreviations)
        shown = shown.rstrip("*")
        if split(shown).parts[-1] or len(shown) < _SHORTEST_PREFIX:
            raise QueryError("too little before *", position=piece.start, advice=f"write at least {_SHORTEST_PREFIX} letters before it")
        return Prefix(shown, any_marks, name, self._abbreviations)

    def _province(self, piece: Piece) -> Expression:
        name = province_name(clean(piece.text))
        if name is None:
            advice = did_you_mean(piece.text, PROVINCE_NAMES) or "write a name of before or after July 2025"
            advice += "; put it in quotes where other words follow"
            raise QueryError(f"{piece.text!r} is no province", position=piece.start, advice=advice)
        return Origin("province", name)

    def _near(self, piece: Piece, n_between: int, field: str | None) -> Expression:
        if field in ("portal", "province", "published"):
            raise QueryError(f"{field}: takes no ~", position=piece.start, advice="remove it")
        shown, name = clean(piece.text), _NAMES.get(field, field) if field else None
        self._check_words(shown, piece)
        if n_between > MOST_BETWEEN or "*" in shown:
            raise QueryError(f"~ takes at most {MOST_BETWEEN} and no *", position=piece.end, advice="use AND for words far apart")
        return Near(shown, n_between, self._any_marks(piece), name, self._abbreviations)

    def _regex(self, piece: Piece, name: str | None) -> Expression:
        regex = unicodedata.normalize("NFC", piece.text)
        try:
            compiled(regex)
        except ValueError as error:
            raise QueryError(f"/{piece.text}/ {error}", position=piece.start, advice="see google-re2's syntax") from error
        return Pattern(regex, name)

    def _check_words(self, shown: str, piece: Piece) -> None:
        if not any(map(is_token, split(shown).parts)):
            raise QueryError(f"{piece.text!r} holds nothing to look for", position=piece.start, advice="write a letter or a digit")
        if "*" in shown.rstrip("*"):
            raise QueryError("* stands inside a word", position=piece.start, advice="it may only stand at the end")
        if "^" in shown and piece.kind == "words":
            raise QueryError("^ is not supported", position=piece.start, advice="remove it; all terms weigh the same")
        if "~" in shown and piece.kind == "words":
            raise QueryError("~ follows bare words", position=piece.start, advice='put them in quotes: "a b"~5')

    def _any_marks(self, piece: Piece) -> bool:
        if self._marks != "auto":
            return self._marks == "ignore"
        return piece.kind == "words" and not has_marks(piece.text)
