"""The matcher again, slow and obviously right: lists of words instead of symbols, every place tried for every term.

Only what short forms there are (`definitions`, `ShortForms`) and how syllables are spelt (`tokens`) is shared with the fast one.
"""

from collections.abc import Iterator
from datetime import timedelta, timezone

from config.glossary import shipped_glossary
from config.provinces import province_group
from config.watch import Watch
from crawler.match.compile import expression_of
from crawler.match.patterns import compiled
from crawler.match.prefilter import AllOf, AnyOf, Row
from crawler.match.terms import META, And, Maybe, Near, Not, Or, Origin, Pattern, Phrase, Published
from crawler.text.abbreviations import ShortForms
from crawler.text.definitions import definitions
from crawler.text.normal import clean_block, fold_marks
from crawler.text.tokens import folded, normal, parting, phrase_tokens, said, split

GLOSSARY = ShortForms.of_glossary(shipped_glossary())
WALL = "\n"


def matches(watch: Watch, article) -> bool:
    return holds(expression_of(watch), article) and in_scope(watch, article)


def in_scope(watch, article):
    return (
        (not watch.portals or article.identity.portal in watch.portals)
        and (not watch.provinces or any(same_province(name, article.province or "") for name in watch.provinces))
        and (not watch.sections or words(article.section or "") in [words(name) for name in watch.sections])
    )


def holds(expression, article) -> bool:
    match expression:
        case And(parts):
            return all(holds(part, article) for part in parts)
        case Or(parts):
            return any(holds(part, article) for part in parts)
        case Not(part):
            return not holds(part, article)
    return isinstance(expression, Maybe) or is_true(expression, article)


def is_true(leaf, article) -> bool:
    match leaf:
        case Published(since, until):
            if article.published_at is None:
                return False
            day = article.published_at.astimezone(timezone(timedelta(hours=7))).date()
            return bool((since is None or day >= since) and (until is None or day <= until))
        case Origin("portal", name):
            return bool(article.identity.portal == name)
        case Origin("province", name):
            return same_province(name, article.province or "")
        case Pattern():
            return any(compiled(leaf.regex).search(clean_block(text)) for text in fields(article, leaf.field))
        case term:
            return any(stands_in(term, reading) for text in fields(article, term.field) for reading in readings(term, text, article))


def fields(article, name) -> list[str]:
    every = {
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "captions": "\n\n".join(article.captions),
        "author": article.author,
        "section": article.section,
        "tag": "\n\n".join(article.tags),
    }
    wanted = [name] if name else [field for field in every if field not in META]
    return [every[field] for field in wanted if every[field]]


def readings(term, text, article) -> Iterator[list[str]]:
    """As printed; without defining brackets; and, where the term wants that, with short forms written out."""
    whole, base = around(term, text, article)
    tokens = split(whole)
    defined = definitions(whole, tokens)
    single = {each.form.tokens[0] for each in defined if len(each.form.tokens) == 1}
    own = ShortForms((each.form for each in defined), take_numbers=True).find(tokens)
    taken = {place for each in own for place in range(each.first, each.last + 1)}
    shorts = own + [each for each in GLOSSARY.find(tokens, except_for=single) if not taken & set(range(each.first, each.last + 1))]
    brackets = [each.bracket for each in defined if each.bracket]
    low, high = base, base + len(text)
    for without_brackets in (False, True):
        for written_out in (False, True) if term.abbreviations else (False,):
            yield spelt(tokens, low, high, brackets if without_brackets else [], shorts if written_out else [])


def around(term, text, article) -> tuple[str, int]:
    """Everything that is read together with a field's text, and where that text begins in it."""
    content = [article.title, article.lead, article.text, "\n\n".join(article.captions)]
    every = [part for part in ([article.author, article.section, "\n\n".join(article.tags)] if term.field in META else content) if part]
    same = [place for place, part in enumerate(every) if part is text]
    place = (same or [place for place, part in enumerate(every) if part == text])[0]
    return "\n\n".join(every), sum(len(part) + 2 for part in every[:place])


def spelt(tokens, low, high, brackets, shorts) -> list[str]:
    """Forms and marks of the tokens between two offsets."""
    reading: list[str] = []
    place = 0
    by_first = {each.first: each for each in shorts}
    while place < len(tokens.parts):
        part, end = tokens.parts[place], tokens.ends[place]
        is_inside = low <= end - len(part) < high or (low < end <= high)
        closing = next((closing for opening, closing in brackets if opening == place), None)
        if closing is not None:
            between = parting(part).rpartition("(")[0] + parting(tokens.parts[closing]).partition(")")[2]
            reading += list(between) if is_inside else []
            place = closing + 1
        elif place in by_first:
            short = by_first[place]
            reading += long_form(short.form.long) if is_inside else []
            place = short.last + 1
        else:
            if is_inside:
                reading += [normal(part)] if place % 2 else said(part)
            place += 1
    return reading


def long_form(long: str) -> list[str]:
    tokens = split(long)
    forms = [[normal(word)] for word in tokens.parts[1::2]]
    for each in reversed(GLOSSARY.find(tokens)):
        if each.form.long != long:
            forms[each.first // 2 : each.last // 2 + 1] = [words(each.form.long)]
    return [form for group in forms for form in group]


def stands_in(term, reading) -> bool:
    return any(stands_spelt(term, wanted, reading, any_marks=any_marks) for wanted, any_marks in spellings(term))


def spellings(term) -> Iterator[tuple[list[str], bool]]:
    yield phrase_tokens(term.shown), term.any_marks
    yield words(term.shown), term.any_marks
    tokens = split(term.shown)
    shorts = (GLOSSARY.find(tokens) or (BARE.find(tokens) if term.any_marks else [])) if term.abbreviations else []
    if shorts:
        parts = list(tokens.parts)
        for each in reversed(shorts):
            parts[each.first : each.last + 1] = [each.form.long]
        yield phrase_tokens("".join(parts)), False
        yield words("".join(parts)), False


def stands_spelt(term, wanted, reading, *, any_marks) -> bool:
    alike = folded if any_marks else str
    have, want = [alike(form) for form in reading], [alike(form) for form in wanted]
    match term:
        case Phrase():
            return any(have[start : start + len(want)] == want for start in range(len(have)))
        case Near():
            want = [form for form in want if form[0].isalnum()]
            have = [form for form in have if form[0].isalnum() or form == WALL]
            longest = len(want) + term.n_between
            stretches = [have[start:end] for start in range(len(have)) for end in range(start + 1, min(start + longest, len(have)) + 1)]
            return any(WALL not in stretch and in_order(want, stretch) for stretch in stretches)
        case _:  # a prefix without a tone of its own
            *before, beginning = want
            ends = [end for end in range(len(before), len(have)) if have[end].startswith(beginning)]
            return any(have[end - len(before) : end] == before for end in ends)


def in_order(wanted, stretch) -> bool:
    rest = iter(stretch)
    return all(form in rest for form in wanted)


def may_match(question, columns) -> bool:
    """A full-text index, slow and obviously right."""
    match question:
        case AllOf(parts):
            return all(may_match(part, columns) for part in parts)
        case AnyOf(parts):
            return any(may_match(part, columns) for part in parts)
        case Row(column, wanted, is_open):
            row = f" {' '.join(wanted)}"
            return f"{row}{'' if is_open else ' '}" in f" {getattr(columns, column)} "
    return True


def words(text: str) -> list[str]:
    return [form for form in phrase_tokens(text) if form[0].isalnum()]


def same_province(one: str, other: str) -> bool:
    return any(words(name) == words(other) for name in {one, *province_group(one)})


BARE = ShortForms(
    type(each)(each.short, each.long, tuple(fold_marks(token) for token in each.tokens))
    for each in (form for group in GLOSSARY._by_start.values() for _, alike in group for form in alike)
)
