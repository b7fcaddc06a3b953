"""Short forms: what they stand for, and where in a text they stand."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from config.glossary import Glossary
from crawler.text.normal import fold_marks
from crawler.text.partial import halves
from crawler.text.tokens import Tokens, normal, parting, said, split

_SYLLABLE = re.compile(r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?")
_NUMBERED = re.compile(r"(\w*[A-ZĐ])([0-9]+[A-Z]?)")
_ENOUGH_IN_SMALL = 3
"""Letters from which on a short form may be written small: ubnd, but not tp or kg."""
_ENOUGH_FOR_JOINTS = 4
"""Letters from which on it may be printed in pieces: U.B.N.D and UB.ND, but N.T.M is somebody whose name is not told."""
_JOINTS = frozenset({".", "-", "\u2010", "\u2011", "–"})
"""What stands between such pieces."""


@dataclass(frozen=True, slots=True)
class ShortForm:
    """`short` stands for `long`, both as written. `tokens` are the short form's own, `is_defined`: the article says so itself."""

    short: str
    long: str
    tokens: tuple[str, ...]
    is_defined: bool = False
    is_word: bool = False
    """A capitalised word ("the Committee"), which stands for more only where no name follows."""
    since: int = 0
    """Where the article defines it, as a part of the text: a later definition holds from there on."""
    before: tuple[str, ...] = ()
    """Normal forms that must stand right before it: *đồng bằng* before SCL."""
    behind: tuple[str, ...] = ()
    """The same, right behind it."""

    @property
    def reason(self) -> str:
        """As an alert tells it."""
        return f"{self.short} = {self.long} ({'định nghĩa trong bài' if self.is_defined else 'bảng viết tắt'})"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A short form at parts `first` to `last` of a text, both included."""

    first: int
    last: int
    form: ShortForm


_Starting: TypeAlias = list[tuple[tuple[str, ...], list[ShortForm]]]
"""Short forms that begin with the same token, longest first: the tokens as printed, and all that are printed so."""
_ByStart: TypeAlias = dict[str, _Starting]
_LONGEST = 20
"""Letters beyond which nothing in pieces is a short form."""


class ShortForms:
    """Short forms, found by their first token. Longer ones win over shorter ones, earlier given ones over later ones."""

    def __init__(self, forms: Iterable[ShortForm], *, never: Collection[str] = (), take_numbers: bool = False) -> None:
        """`never`: short forms that are not meant even where they are another spelling (CT-XH is sure, CTXH is not).

        `take_numbers`: also with a number right behind them, QL30 where QL is meant.
        """
        self._take_numbers = take_numbers
        alike: dict[tuple[str, ...], list[ShortForm]] = {}
        for form in forms:
            for tokens in as_printed(form):
                if tokens[0] not in never or len(tokens) > 1 or form.short.endswith("."):
                    alike.setdefault(tokens, []).append(form)
        self._by_start: _ByStart = {}
        for tokens in sorted(alike, key=len, reverse=True):
            self._learn(tokens, sorted(alike[tokens], key=_since))
        jointed = [tokens[0] for tokens in alike if len(tokens) == 1 and tokens[0].isupper() and len(tokens[0]) >= _ENOUGH_FOR_JOINTS]
        self._whole = frozenset(token for token in jointed if token.isalpha())

    @classmethod
    @lru_cache(maxsize=4)
    def of_glossary(cls, glossary: Glossary) -> "ShortForms":
        """Those that need no definition, and halves of them where the other half is written out."""
        forms = cls((short_form(short, long) for short, long in glossary.sure.items()), never=glossary.ambiguous)
        for half in halves(glossary.sure):
            if half.short not in glossary.sure and not _is_double(half.long, glossary.ambiguous.get(half.short, ())):
                form = ShortForm(half.short, half.long, (half.short,), before=half.before, behind=half.behind)
                forms._learn(form.tokens, [form])
        return forms

    def _learn(self, tokens: tuple[str, ...], alike: list[ShortForm]) -> None:
        for start in (tokens[0], f"{tokens[0]}."):
            self._by_start.setdefault(start, []).append((tokens, alike))

    def find(self, tokens: Tokens, *, except_for: Collection[str] = ()) -> list[Occurrence]:
        """Where they stand, left to right, none inside another; those that hold a token of `except_for` are left out."""
        parts = tokens.parts
        by_start = {start: self._by_start[start] for start in self._by_start.keys() & tokens.distinct}
        if self._take_numbers:
            by_start |= self._numbered(tokens.distinct)
        if self._whole and not _JOINTS.isdisjoint(tokens.distinct):
            pieces = self._in_pieces(parts)
            for each in sorted(pieces, key=len):
                by_start[each[0]] = [(each, pieces[each]), *by_start.get(each[0], ())]
        found: list[Occurrence] = []
        for place in [place for place in range(1, len(parts), 2) if parts[place] in by_start] if by_start else ():
            if not found or place > found[-1].last:
                found += _at(by_start[parts[place]], parts, place, except_for)
        return found

    def _in_pieces(self, parts: Sequence[str]) -> dict[tuple[str, ...], list[ShortForm]]:
        """Short forms that are printed in pieces here, as UB.ND and ĐB-SCL, by their pieces."""
        pieces: dict[tuple[str, ...], list[ShortForm]] = {}
        for place in [place for place in range(2, len(parts) - 1, 2) if parts[place] in _JOINTS and parts[place - 1].isupper()]:
            last, whole = place + 1, parts[place - 1] + parts[place + 1]
            while True:
                if whole in self._whole:
                    pieces[tuple(parts[place - 1 : last + 1 : 2])] = next(
                        alike for tokens, alike in self._by_start[whole] if tokens == (whole,)
                    )
                if last + 2 >= len(parts) or parts[last + 1] not in _JOINTS or len(whole) > _LONGEST:
                    break
                last, whole = last + 2, whole + parts[last + 2]
        return pieces

    def _numbered(self, words: Collection[str]) -> _ByStart:
        """Of `words` those that are a short form with a number."""
        numbered: _ByStart = {}
        for found in filter(None, map(_NUMBERED.fullmatch, [word for word in words if not (word.isalpha() or word.isdigit())])):
            for tokens, alike in self._by_start.get(found[1], ()):
                if len(tokens) == 1:
                    forms = [replace(form, short=found[0], long=f"{form.long} {found[2]}", tokens=(found[0],)) for form in alike]
                    numbered[found[0]] = [((found[0],), forms)]
        return numbered


def _is_double(long: str, meanings: Sequence[str]) -> bool:
    """Whether of some meanings another one ends as `long` does, so that no other words tell them apart: Tỉnh ủy, Thành ủy."""
    return sum(meaning.split()[-1] == long.rsplit(maxsplit=1)[-1] for meaning in meanings) > 1


def _at(starting: _Starting, parts: Sequence[str], place: int, except_for: Collection[str]) -> list[Occurrence]:
    """The longest one of `starting` at `place`, as a list of at most one."""
    for tokens, alike in starting:
        last = place + 2 * len(tokens) - 2
        if last > place and not _in_a_row(tokens, parts, place, last):
            continue
        form = _latest(alike, place) if alike[0].is_defined else alike[0]
        if _stands(form, tokens, parts, place, last) and not any(token in except_for for token in form.tokens):
            return [Occurrence(place, last, form)]
    return []


def _latest(alike: Sequence[ShortForm], place: int) -> ShortForm:
    """Of several definitions the last one before `place`, else the first one."""
    return alike[max(bisect_right(alike, place, key=_since) - 1, 0)]


def _since(form: ShortForm) -> int:
    return form.since


def short_form(short: str, long: str) -> ShortForm:
    return ShortForm(short=short, long=long, tokens=_tokens(short))


def _tokens(short: str) -> tuple[str, ...]:
    return tuple(part.removesuffix(".") for part in split(short).parts[1::2])


def _in_a_row(tokens: tuple[str, ...], parts: Sequence[str], place: int, last: int) -> bool:
    """Whether several tokens are those of parts place to last, with nothing between but what joins or lists them."""
    if last >= len(parts) or parts[place + 2].removesuffix(".") != tokens[1]:
        return False
    if tuple(part.removesuffix(".") for part in parts[place : last + 1 : 2]) != tokens:
        return False
    return not any(parting(between).strip(".,") for between in parts[place + 1 : last : 2])


def _stands(form: ShortForm, tokens: tuple[str, ...], parts: Sequence[str], place: int, last: int) -> bool:
    """Whether `form`, printed as `tokens` at parts place to last, is meant there."""
    if form.is_word:
        return place > form.since and not _name_follows(parts, last)
    if form.short.endswith(".") and not ("." in parts[last] and _name_or_number_follows(parts, last)):
        return False
    if not _are_read(reversed(form.before), parts, range(place - 1, 0, -1)) or not _are_read(
        form.behind, parts, range(last + 1, len(parts))
    ):
        return False
    return not (could_be_word("".join(tokens)) and _is_shouted(parts, place, last))


def _are_read(forms: Iterable[str], parts: Sequence[str], places: Iterable[int]) -> bool:
    """Whether these normal forms, and nothing else, are read going through `places`; `&` is read as `và`."""
    read = (form for place in places for form in ([normal(parts[place])] if place % 2 else said(parts[place])))
    return all(form == next(read, None) for form in forms)


def _name_or_number_follows(parts: Sequence[str], last: int) -> bool:
    return last + 2 < len(parts) and not parting(parts[last + 1]) and (parts[last + 2][0].isupper() or parts[last + 2][0].isdigit())


def _name_follows(parts: Sequence[str], last: int) -> bool:
    return last + 2 < len(parts) and not parting(parts[last + 1]) and parts[last + 2][0].isupper()


def _is_shouted(parts: Sequence[str], place: int, last: int) -> bool:
    """Whether the words on both sides are in capitals too: then AN in AN GIANG is a word."""
    around = [parts[near] for near in (place - 2, last + 2) if 0 < near < len(parts)]
    return any(part.isupper() and len(part) > 1 and could_be_word(part) for part in around)


def as_printed(form: ShortForm) -> list[tuple[str, ...]]:
    """The spellings in which a short form is met: GD&ĐT also as GDĐT and GD và ĐT, LĐ-TB&XH as LĐ-TBXH, UBND also as ubnd, Ubnd and U.B.N.D."""
    tokens = form.tokens
    spellings = [tokens]
    if "&" in form.short:
        spellings.append(_tokens(form.short.replace("&", " và ")))
    if len(tokens) > 1 and all(token.isupper() for token in tokens):
        spellings += [*_joined(tokens), tuple(token.lower() for token in tokens)]
    if len(tokens) == 1 and len(tokens[0]) >= _ENOUGH_IN_SMALL and not could_be_word(tokens[0]):
        spellings += [(tokens[0].lower(),), (tokens[0].capitalize(),)]
        spellings += [(".".join(tokens[0]),)] if len(tokens[0]) >= _ENOUGH_FOR_JOINTS or form.is_defined else []
    return list(dict.fromkeys(spellings))


def _joined(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    """All ways to write some neighbours of `tokens` as one."""
    if len(tokens) == 1:
        return [tokens]
    rest = _joined(tokens[1:])
    return [*((tokens[0], *each) for each in rest), *((tokens[0] + each[0], *each[1:]) for each in rest)]


@lru_cache(maxsize=100_000)
def could_be_word(short: str) -> bool:
    """Whether a short form reads as a syllable (CA, AN, BOT): such a one is a short form only in capitals among small letters."""
    return _SYLLABLE.fullmatch(fold_marks(short).casefold()) is not None
