"""Which terms of a watch follow from which: where *quy chế dân chủ* stands, *dân chủ* stands too.

Says only what is so for every article: what it does not see costs a remark, what it saw wrongly would be a false one.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from config.glossary import Glossary
from crawler.match.scope import province_keys
from crawler.match.spelling import Speller, Spelling
from crawler.match.terms import CONTENT, Indexed, Leaf, Near, Origin, Phrase, Prefix, Published
from crawler.text.abbreviations import could_be_word
from crawler.text.tokens import folded

MOST_LEAVES = 150
"""Every pair is looked at; of longer watches only each term by itself."""
_NONE: Mapping[str, str] = MappingProxyType({})


class Relations:
    """Between leaves of any watches. `provinces` are those of the portals, by id."""

    def __init__(self, glossary: Glossary, provinces: Mapping[str, str] = _NONE) -> None:
        self.speller, self._provinces = Speller(glossary), provinces

    def among(self, leaves: Sequence[Leaf]) -> "Implications":
        """All implications and exclusions of these."""
        pairs = [(one, other) for one in leaves for other in leaves if one != other] if len(leaves) <= MOST_LEAVES else []
        return Implications(
            frozenset(pair for pair in pairs if self.implies(*pair)),
            frozenset(pair for pair in pairs if self.excludes(*pair)),
        )

    def implies(self, one: Leaf, other: Leaf) -> bool:
        """Whether `other` is true of every article of which `one` is."""
        match one, other:
            case _ if one == other:
                return True
            case Published(), Published():
                return _within(one, other)
            case Origin("province", name), Origin("province", other_name):
                return province_keys(name) == province_keys(other_name)
            case Origin("portal", portal), Origin("province", name):
                return portal in self._provinces and not province_keys(self._provinces[portal]).isdisjoint(province_keys(name))
            case Phrase() | Near() | Prefix(), Phrase() | Near():
                return self._is_found_with(other, one)
            case _:
                return False

    def excludes(self, one: Leaf, other: Leaf) -> bool:
        """Whether no article is of both."""
        match one, other:
            case Published(since, until), Published(other_since, other_until):
                starts, ends = (each for each in (since, other_since) if each), (each for each in (until, other_until) if each)
                latest, earliest = max(starts, default=None), min(ends, default=None)
                return latest is not None and earliest is not None and latest > earliest
            case Origin("portal", portal), Origin("portal", other_portal):
                return portal != other_portal
            case Origin("province", name), Origin("province", other_name):
                return province_keys(name).isdisjoint(province_keys(other_name))
            case Origin("portal", portal), Origin("province", name):
                return portal in self._provinces and province_keys(self._provinces[portal]).isdisjoint(province_keys(name))
            case Origin("province"), Origin("portal"):
                return self.excludes(other, one)
            case _:
                return False

    def _is_found_with(self, term: Phrase | Near, given: Indexed) -> bool:
        """Whether `term` stands wherever `given` does, in every spelling and reading that `given` is found by."""
        if term.field != given.field and not (term.field is None and given.field in CONTENT):
            return False
        if given.abbreviations and not term.abbreviations:
            return False
        return all(
            any(_holds(wanted, each) for wanted in self._spellings(term) for each in self._readings(spelling, given))
            for spelling in self._spellings(given)
        )

    def _readings(self, spelling: Spelling, given: Indexed) -> list[Spelling]:
        """A spelling, and how it reads written out wherever it stands."""
        is_sure = spelling.shorts and not any(could_be_word("".join(form.tokens)) for form in spelling.shorts)
        return [spelling, *(each for each in self._spellings(given) if each.note)] if is_sure else [spelling]

    @lru_cache(maxsize=1024)  # noqa: B019 - lives as long as one check
    def _spellings(self, term: Indexed) -> tuple[Spelling, ...]:
        return tuple(self.speller.spellings(term))


class Implications:
    """What was found out about the leaves of one watch."""

    def __init__(self, implied: frozenset[tuple[Leaf, Leaf]], excluded: frozenset[tuple[Leaf, Leaf]]) -> None:
        self._implied, self._excluded = implied, excluded

    def implies(self, one: Leaf, other: Leaf) -> bool:
        return one == other or (one, other) in self._implied

    def follow(self, leaf: Leaf, *, is_true: bool) -> list[tuple[Leaf, bool]]:
        """What else holds, or does not, where `leaf` does, or does not."""
        if not is_true:
            return [(one, False) for one, other in self._implied if other == leaf]
        follows = [(other, True) for one, other in self._implied if one == leaf]
        return follows + [(other, False) for one, other in self._excluded if one == leaf]


def _within(one: Published, other: Published) -> bool:
    after = other.since is None or (one.since is not None and one.since >= other.since)
    return after and (other.until is None or (one.until is not None and one.until <= other.until))


def _holds(wanted: Spelling, given: Spelling) -> bool:
    """Whether whatever is spelt as `given` has in it what is spelt as `wanted`."""
    if (given.any_marks and not wanted.any_marks) or not set(wanted.shorts) <= set(given.shorts):
        return False
    have = given.forms[:-1] if isinstance(given.term, Prefix) else given.forms
    need: Sequence[str] = wanted.words if isinstance(wanted.term, Near) else wanted.forms
    if wanted.any_marks:
        have, need = tuple(map(folded, have)), tuple(map(folded, need))
    if isinstance(given.term, Near):
        return _near_holds(wanted, given.term, have, need)
    longest = len(need) + (wanted.term.n_between if isinstance(wanted.term, Near) else 0)
    if isinstance(wanted.term, Near):
        return any(_in_order(need, have[start : start + longest]) for start in range(len(have)))
    return any(have[start : start + longest] == need for start in range(len(have) - longest + 1))


def _near_holds(wanted: Spelling, given: Near, have: Sequence[str], need: Sequence[str]) -> bool:
    """Words near each other hold each of them, and the same words less near."""
    if isinstance(wanted.term, Near):
        return tuple(need) == tuple(have) and given.n_between <= wanted.term.n_between
    return len(need) == 1 and need[0] in have


def _in_order(need: Sequence[str], have: Sequence[str]) -> bool:
    rest = iter(have)
    return all(word in rest for word in need)
