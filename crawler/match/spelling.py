"""The strings under which a term is looked for: as typed, without its commas, with its short forms written out."""

from dataclasses import dataclass, replace
from functools import lru_cache

from config.glossary import Glossary
from crawler.match.readings import written_out
from crawler.match.terms import Indexed, Near, Phrase, Prefix
from crawler.text.abbreviations import Occurrence, ShortForm, ShortForms, short_form
from crawler.text.normal import fold_marks
from crawler.text.tokens import phrase_tokens, split


@dataclass(frozen=True, slots=True)
class Spelling:
    """`forms` are normal forms and parting marks. `note` tells of short forms that were written out."""

    term: Indexed
    forms: tuple[str, ...]
    note: str = ""
    shorts: tuple[ShortForm, ...] = ()
    """Short forms of the glossary that the term is typed with; where an article defines them otherwise it means something else."""

    any_marks: bool = False
    """A short form written out is looked for with its marks, however bare the short form is: BHYT is no bảo hiểm ý tế."""
    prefix: str = ""
    """Of a Prefix: the last syllable as typed."""

    @property
    def is_plain(self) -> bool:
        """Whether it counts in every field and every reading of every article."""
        return isinstance(self.term, Phrase) and self.term.field is None and self.term.abbreviations and not self.shorts

    @property
    def n_reached(self) -> int:
        """Syllables from the first to the last one, both included."""
        return len(self.words) + (self.term.n_between if isinstance(self.term, Near) else 0)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(form for form in self.forms if form[:1].isalnum())


class Speller:
    """Knows the glossary both as printed and as somebody types it who leaves all marks out."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = ShortForms.of_glossary(glossary)
        self._bare = _bare(glossary)

    def spellings(self, term: Indexed) -> list[Spelling]:
        """All of them, each once."""
        shorts = self._shorts(term) if term.abbreviations else []
        told = tuple(each.form for each in shorts)
        as_typed = Spelling(term, tuple(phrase_tokens(term.shown)), "", told, term.any_marks, _prefix(term, term.shown))
        found = [as_typed]
        if shorts:
            long = self._written_out(term.shown, shorts)
            note = "; ".join(dict.fromkeys(form.reason for form in told))
            found.append(Spelling(term, tuple(phrase_tokens(long)), note, (), prefix=_prefix(term, long)))
        return [
            spelling for each in found for spelling in ([each] if each.words == each.forms else [each, replace(each, forms=each.words)])
        ]

    def _shorts(self, term: Indexed) -> list[Occurrence]:
        tokens = split(term.shown)
        return self._glossary.find(tokens) or (self._bare.find(tokens) if term.any_marks else [])

    def _written_out(self, shown: str, shorts: list[Occurrence]) -> str:
        parts = split(shown).parts
        for each in reversed(shorts):
            parts[each.first : each.last + 1] = [
                written_out(each.form.long, self._glossary) if "," not in each.form.long else each.form.long
            ]
        return "".join(parts)


@lru_cache(maxsize=4)
def _bare(glossary: Glossary) -> ShortForms:
    """The short forms of a glossary without their marks."""
    return ShortForms(
        replace(form, tokens=tuple(map(fold_marks, form.tokens))) for form in (short_form(*each) for each in glossary.sure.items())
    )


def _prefix(term: Indexed, shown: str) -> str:
    return split(shown).parts[-2] if isinstance(term, Prefix) else ""
