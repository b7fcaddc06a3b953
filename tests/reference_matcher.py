"""The matcher again, slow and obviously right: lists of words instead of symbols, every place tried for every term.

Only what short forms there are (`definitions`, `ShortForms`), how syllables are spelt (`tokens`) and what a reader sees (`printed`) is shared with the fast one.
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
from crawler.text.abbreviations import ShortForms, short_form
from crawler.text.definitions import definitions
from crawler.text.normal import fold_marks
from crawler.text.printed import printed
from crawler.text.tokens import folded, normal, parting, phrase_tokens, said, split

GLOSSARY = ShortForms.of_glossary(shipped_glossary())
WALL = "\n"


def matches(watch: Watch, article) -> bool:
    return in_scope(watch, article) and holds(expression_of(watch), article, watch.within_first) and is_enough(watch, article)


def is_enough(watch, article) -> bool:
    if watch.at_least == 1 and watch.min_score is None:
        return True
    found = mentioned(watch, article)
    return len(found) >= watch.at_least and (watch.min_score is None or score(watch, found) >= watch.min_score)


def score(watch, found):
    return round(sum(getattr(watch.weights, "caption" if field == "captions" else field) for field, _ in found), 6)


def mentioned(watch, article) -> list[tuple[str, set[int]]]:
    """Field and letters of each mention: finds that share a letter are one."""
    expression = expression_of(watch)
    finds = [
        each for leaf in sorted(wanted(expression), key=repr) for each in places(leaf, article) if counts(each, article, watch.within_first)
    ]
    joined: list[tuple[str, set[int]]] = []
    for field, start, end in finds:
        letters = set(range(start, end))
        for other in [other for other in joined if other[0] == field and other[1] & letters]:
            joined.remove(other)
            letters |= other[1]
        joined.append((field, letters))
    return joined


def wanted(expression, *, speaks_for=True):
    match expression:
        case And(parts) | Or(parts):
            return {leaf for part in parts for leaf in wanted(part, speaks_for=speaks_for)}
        case Not(part):
            return wanted(part, speaks_for=not speaks_for)
        case Maybe(part):
            return wanted(part, speaks_for=speaks_for)
    return {expression} if speaks_for else set()


def counts(place, article, within_first):
    """Whether a find begins in the title or in the first words of lead and text; other fields are asked for by name, but captions."""
    field, start, _ = place
    if within_first is None or field in {"title", *META}:
        return True
    if field == "captions":
        return False
    before = article.text[:start] if field == "text" else (article.lead or "")[:start]
    n_before = len(words(before)) + (len(words(article.lead or "")) if field == "text" else 0)
    return n_before < within_first


def in_scope(watch, article):
    return (
        (not watch.portals or article.identity.portal in watch.portals)
        and (not watch.provinces or any(same_province(name, article.province or "") for name in watch.provinces))
        and (not watch.sections or words(article.section or "") in [words(name) for name in watch.sections])
    )


def holds(expression, article, within_first=None, *, speaks_for=True) -> bool:
    match expression:
        case And(parts):
            return all(holds(part, article, within_first, speaks_for=speaks_for) for part in parts)
        case Or(parts):
            return any(holds(part, article, within_first, speaks_for=speaks_for) for part in parts)
        case Not(part):
            return not holds(part, article, within_first, speaks_for=not speaks_for)
    if isinstance(expression, Maybe):
        return True
    if within_first is None or not speaks_for or isinstance(expression, Published | Origin):
        return is_true(expression, article)
    return any(counts(each, article, within_first) for each in places(expression, article))


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
        case _:
            return bool(places(leaf, article))


def places(leaf, article) -> list[tuple[str, int, int]]:
    """Field, start and end of everything that is found."""
    if isinstance(leaf, Published | Origin):
        return []
    if isinstance(leaf, Pattern):
        seen = [(field, printed(text)) for field, text in fields(article, leaf.field)]
        found = [(field, text, *each.span()) for field, text in seen for each in compiled(leaf.regex).finditer(text.text)]
        return [(field, *text.original(start, end)) for field, text, start, end in found if end > start]
    return sorted(
        {
            (field, start, end)
            for field, text in fields(article, leaf.field)
            for reading in readings(leaf, text, article)
            for start, end in stands_in(leaf, reading)
        }
    )


def fields(article, name) -> list[tuple[str, str]]:
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
    return [(field, every[field]) for field in wanted if every[field]]


def readings(term, text, article) -> Iterator[list[tuple[str, int, int]]]:
    """As printed; without defining brackets; and, where the term wants that, with short forms written out. Each word with its place."""
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
            spelling = spelt(tokens, low, high, brackets if without_brackets else [], shorts if written_out else [])
            yield [(form, start - base, end - base) for form, start, end in spelling]


def around(term, text, article) -> tuple[str, int]:
    """Everything that is read together with a field's text, and where that text begins in it."""
    content = [article.title, article.lead, article.text, "\n\n".join(article.captions)]
    every = [part for part in ([article.author, article.section, "\n\n".join(article.tags)] if term.field in META else content) if part]
    same = [place for place, part in enumerate(every) if part is text]
    place = (same or [place for place, part in enumerate(every) if part == text])[0]
    return "\n\n".join(every), sum(len(part) + 2 for part in every[:place])


def spelt(tokens, low, high, brackets, shorts) -> list[tuple[str, int, int]]:
    """Forms and marks of the tokens between two offsets, and where each stands: a short form's words stand all where it stands."""
    reading: list[tuple[str, int, int]] = []
    place = 0
    by_first = {each.first: each for each in shorts}
    while place < len(tokens.parts):
        part, end = tokens.parts[place], tokens.ends[place]
        is_inside = low <= end - len(part) < high or (low < end <= high)
        closing = next((closing for opening, closing in brackets if opening == place), None)
        if closing is not None:
            between = parting(part).rpartition("(")[0] + parting(tokens.parts[closing]).partition(")")[2]
            reading += [(mark, end, end) for mark in between] if is_inside else []
            place = closing + 1
        elif place in by_first:
            short = by_first[place]
            span = tokens.span(short.first, short.last)
            reading += [(form, *span) for form in long_form(short.form.long)] if is_inside else []
            place = short.last + 1
        else:
            if is_inside:
                forms = [normal(part)] if place % 2 else said(part)
                reading += [(form, *tokens.span(place, place)) if place % 2 else (form, end, end) for form in forms]
            place += 1
    return reading


def long_form(long: str) -> list[str]:
    tokens = split(long)
    forms = [[normal(word)] for word in tokens.parts[1::2]]
    for each in reversed(GLOSSARY.find(tokens)):
        if each.form.long != long:
            forms[each.first // 2 : each.last // 2 + 1] = [words(each.form.long)]
    return [form for group in forms for form in group]


def stands_in(term, reading) -> Iterator[tuple[int, int]]:
    """From where to where."""
    for wanted, any_marks in spellings(term):
        for first, last in stands_spelt(term, wanted, [form for form, _, _ in reading], any_marks=any_marks):
            yield reading[first][1], reading[last][2]


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


def stands_spelt(term, wanted, reading, *, any_marks) -> list[tuple[int, int]]:
    """The first and the last word of each stretch that is what is wanted."""
    alike = folded if any_marks else str
    have, want = [alike(form) for form in reading], [alike(form) for form in wanted]
    match term:
        case Phrase():
            return [(start, start + len(want) - 1) for start in range(len(have)) if have[start : start + len(want)] == want]
        case Near():
            return near(term, [form for form in want if form[0].isalnum()], have)
        case _:  # a prefix without a tone of its own
            *before, beginning = want
            ends = [end for end in range(len(before), len(have)) if have[end].startswith(beginning)]
            return [(end - len(before), end) for end in ends if have[end - len(before) : end] == before]


def near(term, want, have) -> list[tuple[int, int]]:
    """Stretches that hold the words in order, and hold no smaller stretch that does."""
    kept = [place for place, form in enumerate(have) if form[0].isalnum() or form == WALL]
    longest = len(want) + term.n_between
    found = []
    for start in range(len(kept)):
        for end in range(start + 1, min(start + longest, len(kept)) + 1):
            stretch = [have[place] for place in kept[start:end]]
            if WALL not in stretch and in_order(want, stretch):
                found.append((kept[start], kept[end - 1]))
    return [(low, high) for low, high in found if not any(low <= a and b <= high and (a, b) != (low, high) for a, b in found)]


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
    for each in (short_form(short, long) for short, long in shipped_glossary().sure.items())
)
