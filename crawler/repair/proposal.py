"""New rules for a portal: each field's most lasting selector that reads it on nearly all pages, and how well all of them do. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from config.portal import Portal, Rules
from crawler.errors import ParseError
from crawler.model import ParsedArticle
from crawler.parse import marks
from crawler.parse.article import parse_article
from crawler.parse.markup import Element, select, text_of
from crawler.repair.sample import Sample, squeezed
from crawler.repair.selectors import candidates
from crawler.repair.wanted import WANTED, Wanted, body_of

ENOUGH = 0.8
"""Of the pages that have a field: a selector that reads it on so many is proposed."""
_A_BOX_ROUND_IT = 0.3
"""What a box costs that holds the same text as an element in it: something may be put beside that."""
_MOSTLY_LINKS = 0.6
MAX_DROPS = 12
EVERY_NTH_IS_HELD_OUT = 3
MIN_SAMPLES = 3
COMPARED = ("title", "lead", "text", "published_at", "author", "section", "tags", "captions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The selector of one field: right on `n_right` of the `n_pages` it was chosen on."""

    field: str
    css: str
    n_right: int
    n_pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`rules` is None when title or body cannot be found again. `scores`: field to (equal, of so many) on the pages held out."""

    rules: Rules | None
    found: tuple[Found, ...]
    missing: tuple[str, ...]
    """Fields the articles have and no selector reads on enough of the pages."""
    scores: Mapping[str, tuple[int, int]]
    n_samples: int
    is_held_out: bool
    """False: there were so few pages that the rules were tried out on those they were made from."""
    is_partial: bool
    """The articles it was made from were themselves degraded: their text is in what the rules read, which may be more."""
    n_changed: int
    """Pages that no longer hold the text that was stored: they say nothing of selectors."""

    @property
    def is_good(self) -> bool:
        """Whether title and text come out as they were stored on nearly all pages."""
        return self.rules is not None and all(equal >= ENOUGH * of for name in ("title", "text") for equal, of in [self.scores[name]])


def propose(samples: Sequence[Sample]) -> Proposal:
    """The rules that read `samples` as they were stored."""
    usable = [sample for sample in samples if body_of(sample) is not None]
    is_held_out = len(usable) >= MIN_SAMPLES
    training = [sample for n, sample in enumerate(usable) if not is_held_out or n % EVERY_NTH_IS_HELD_OUT]
    held_out = [sample for n, sample in enumerate(usable) if not is_held_out or n % EVERY_NTH_IS_HELD_OUT == 0]
    found = [one for wanted in WANTED if (one := best(wanted, training)) is not None]
    by_field = {one.field: one.css for one in found}
    having = {wanted.name for wanted in WANTED if any(wanted.has(sample) for sample in training)}
    rules = _rules(by_field, training) if {"title", "body"} <= set(by_field) else None
    return Proposal(
        rules=rules,
        found=tuple(found),
        missing=tuple(wanted.name for wanted in WANTED if wanted.name in having - set(by_field)),
        scores=score(rules, held_out) if rules is not None else {},
        n_samples=len(samples),
        is_held_out=is_held_out,
        is_partial=any(sample.is_partial for sample in usable),
        n_changed=len(samples) - len(usable),
    )


def best(wanted: Wanted, samples: Sequence[Sample]) -> Found | None:
    """The selector that reads the field on most pages, of equals the most lasting; None when none reads it on enough."""
    having = [sample for sample in samples if wanted.has(sample)]
    costs: dict[str, float] = {}
    for sample in having:
        places = list(wanted.places(sample))
        for element in places:
            outer = _A_BOX_ROUND_IT if any(above is element for place in places for above in place.iterancestors()) else 0.0
            for one in candidates(element):
                costs[one.css] = min(one.cost + outer, costs.get(one.css, one.cost + outer))
    chosen: tuple[int, float, int, str] | None = None
    for css, cost in costs.items():
        n_right = sum(wanted.reads(sample, css) for sample in having)
        rank = (-n_right, cost, len(css), css)
        if chosen is None or rank < chosen:
            chosen = rank
    if chosen is None or -chosen[0] < ENOUGH * len(having):
        return None
    return Found(field=wanted.name, css=chosen[3], n_right=-chosen[0], n_pages=len(having))


def _rules(by_field: Mapping[str, str], samples: Sequence[Sample]) -> Rules:
    """With what must be dropped for the text to be the stored one, and with captions where they do not come by themselves."""
    rules = Rules(**by_field)
    rules = rules.model_copy(update={"drop": tuple(_drops(rules, samples))})
    lost = [
        (sample, caption)
        for sample in samples
        if (read := read_by(rules, sample))
        for caption in set(sample.stored.captions) - set(read.captions)
    ]
    if not lost:
        return rules
    chosen = _covering(
        [element for sample, caption in lost for element, text in sample.elements if text == caption and _is_in_body(element, sample)]
    )
    return _better(rules, [rules.model_copy(update={"captions": css}) for css in chosen], samples)


def _better(rules: Rules, others: Iterable[Rules], samples: Sequence[Sample]) -> Rules:
    """Of `rules` and `others` the first that reads most fields as they were stored."""
    return max([rules, *others], key=lambda one: sum(equal for equal, _ in score(one, samples).values()))


def _drops(rules: Rules, samples: Sequence[Sample]) -> list[str]:
    """Selectors of what stands in the body and was never stored, until nothing is left over; none of them takes away what was."""
    drops: list[str] = []
    while len(drops) < MAX_DROPS:
        now = rules.model_copy(update={"drop": tuple(drops)})
        strays = [(sample, element) for sample in samples for element in _strays(now, sample)]
        if not strays:
            break
        scored = {css: sum(_takes(css, sample, element) for sample, element in strays) for css in _covering([e for _, e in strays])}
        safe = [css for css in scored if scored[css] and not any(_harms(css, sample) for sample in samples)]
        if not safe:
            break
        drops.append(max(safe, key=lambda css: scored[css]))
    return drops


def _covering(elements: Iterable[Element]) -> list[str]:
    """The selectors of all of them, the most lasting first."""
    return [one.css for one in sorted({one for element in elements for one in candidates(element)})]


def _strays(rules: Rules, sample: Sample) -> list[Element]:
    """The outermost elements of the body that hold a paragraph read now and never stored, and nothing that was."""
    article, body = read_by(rules, sample), marks.container_of(select(sample.root, rules.body))
    if article is None or body is None:
        return []
    foreign = [squeezed(text) for text in article.text.split("\n\n") if text and text not in sample.paragraphs]
    inside = list(body[0].iterdescendants(etree.Element))
    outermost = (next((element for element in inside if _is_apart(text, element, sample)), None) for text in foreign)
    return [element for element in outermost if element is not None]


def _is_apart(text: str, element: Element, sample: Sample) -> bool:
    """Whether `element` holds `text` and nothing of the article. Of an article known in part, only lists of links are surely apart."""
    inside = squeezed(text_of(element))
    if text not in inside or any(one in inside for one in _kept(sample)):
        return False
    n_link = sum(len(squeezed(text_of(link))) for link in select(element, "a"))
    return not sample.is_partial or n_link >= _MOSTLY_LINKS * len(inside)


def _kept(sample: Sample) -> list[str]:
    return [squeezed(text) for text in (*sample.paragraphs, *sample.stored.captions)]


def _takes(css: str, sample: Sample, stray: Element) -> bool:
    above = {stray, *stray.iterancestors()}
    return any(element in above for element in select(sample.root, css))


def _harms(css: str, sample: Sample) -> bool:
    kept = _kept(sample)
    texts = (squeezed(text_of(element)) for element in select(sample.root, css) if _is_in_body(element, sample))
    return any(one in text for text in texts for one in kept)


def _is_in_body(element: Element, sample: Sample) -> bool:
    body = body_of(sample)
    return body is not None and any(above is body for above in element.iterancestors())


# --- trying them out


def score(rules: Rules, samples: Sequence[Sample]) -> dict[str, tuple[int, int]]:
    """Of the pages whose article has a field: on how many `rules` read it exactly as it was stored."""
    read = [(sample, read_by(rules, sample)) for sample in samples]
    scores: dict[str, tuple[int, int]] = {}
    for name in COMPARED:
        having = [(sample, article) for sample, article in read if getattr(sample.stored, name)]
        scores[name] = (sum(article is not None and _is_equal(name, sample, article) for sample, article in having), len(having))
    return scores


def _is_equal(name: str, sample: Sample, article: ParsedArticle) -> bool:
    if name == "published_at":
        stored, at = sample.stored.published_at, article.published_at
        return isinstance(stored, datetime) and at is not None and at.replace(second=0) == stored.replace(second=0)
    if name == "author":
        return (article.author, article.credit) == (sample.stored.author, sample.stored.credit)
    if name == "text" and sample.is_partial:
        return set(sample.paragraphs) <= set(article.text.split("\n\n"))
    return bool(getattr(article, name) == getattr(sample.stored, name))


def read_by(rules: Rules, sample: Sample) -> ParsedArticle | None:
    """The sample's page, read by nothing but `rules`; None when they do not fit it."""
    alone = sample.portal.model_copy(update={"article": sample.portal.article.model_copy(update={"rules": (rules,)})})
    try:
        article = parse_article(sample.page, alone)
    except ParseError:
        return None
    return article if article.provenance.get("text") == "rule" else None


def read_as_stored(sample: Sample) -> bool:
    """Whether the rules in force read the page as it was stored, or all that is known of it: then it is no page to learn from."""
    try:
        article = parse_article(sample.page, sample.portal)
    except ParseError:
        return False
    is_by_rules = article.provenance.get("text") == "rule" or not sample.portal.article.rules
    return is_by_rules and all(_is_equal(name, sample, article) for name in ("title", "text"))


def with_rules(portal: Portal, rules: Rules) -> Portal:
    """The new rules go first; the old ones stay behind them, for the pages of before."""
    others = tuple(each for each in portal.article.rules if each != rules)
    return portal.model_copy(update={"article": portal.article.model_copy(update={"rules": (rules, *others)})})
