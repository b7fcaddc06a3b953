"""A page to an article: the portal's rules first, then what the page says of itself, then what the feed said of it.

One parse of the page; lxml finds, BeautifulSoup cleans only the cut-out body. Each field remembers where it came from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.portal import Portal
from crawler.contract.reading import DEGRADED, reading_of
from crawler.contract.rule import OF_THE_TEXT, Doubt
from crawler.errors import ParseError
from crawler.model import Page, ParsedArticle
from crawler.parse import fields, generic, marks, mojibake, structured
from crawler.parse.body import Body, read_body
from crawler.parse.byline import Byline, without_by
from crawler.parse.charset import decode
from crawler.parse.claims import Claims
from crawler.parse.dates import parse_machine
from crawler.parse.generic import Guess
from crawler.parse.listing import base_of
from crawler.parse.markup import Element, html_root, n_chars_in_runs, plain
from crawler.parse.sheet import Sheet
from storage.records import Origin, Reading

GARBLED = "charset: letters are lost or garbled"
REPAIRED = "charset: was encoded twice; repaired, every letter came back"
_SHORTEST_BODY = 40  # characters of lead, text and captions: the shortest real items (photo stories, notices) have more
_SHORTEST_CERTAIN = 400  # characters: the body of rules with less may be a box beside the text
_SENTENCE, _FAR_MORE = 80, 3
_LONG_BODY = 400  # characters: with as much text and its headline on the page, an article that has a lead prints it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The body, and where it came from; `gave` is what the rules found beside it."""

    body: Body
    origin: Origin
    gave: Reading = field(default_factory=Reading)


def parse_article(page: Page, portal: Portal, hint: Mapping[str, Any] | None = None, doubt: Doubt | None = None) -> ParsedArticle:
    """What `page` says. `hint` is what its source said of it (`crawler.reading.hint_of`), believed last.

    `doubt`: the portal's rules are not to be believed where they miss this; without them the page is read as one of an unknown portal.
    Raises: ParseError when the page has no title, or no body that could be an article's.
    """
    try:
        return _parse(page, portal, hint or {}, doubt)
    except ParseError:
        if doubt is None:
            raise
        return replace(parsed := _parse(page, portal, hint or {}, None), problems=(*parsed.problems, DEGRADED))


def _parse(page: Page, portal: Portal, hint: Mapping[str, Any], doubt: Doubt | None) -> ParsedArticle:
    decoded = decode(page.body, page.content_type)
    root = html_root(decoded.text, page.url)
    problems = [GARBLED] if decoded.is_suspect else [REPAIRED] if decoded.is_repaired else []
    claims, said, base = Claims(), Claims(), base_of(root, page.url)
    structured.claim(said, structured.read_head(root), page.url)
    reading = _by_rules(root, portal, base, claims, problems)
    if reading is not None and _is_beside_the_text(root, decoded.text, page.url, base, claims, reading):
        problems.append("rules: the body they found is not the article's text")
        marks.forget(root)
        claims, reading = Claims(), None
    gave = reading.gave if reading is not None else Reading()
    if doubt is not None and portal.article.rules and (missed := doubt.missed(gave)):
        problems.append(DEGRADED)
        if missed & OF_THE_TEXT:
            marks.forget(root)
            claims, reading = Claims(), None
        elif "own date" in missed:
            claims.retract("published")
    guess = generic.read(root, base, titles=_texts(said, "title"), descriptions=_texts(said, "lead")) if reading is None else None
    _claim_seen(claims, guess, portal)
    claims.extend(said)
    _claim_guessed(claims, guess, portal)
    _claim_hint(claims, hint)
    if reading is None:
        reading = _by_guess(guess) or _by_claims(claims)
    sites = _texts(said, "site")
    title = claims.take("title", lambda raw: fields.title(raw, portal, sites))
    if reading is None or title is None:
        raise ParseError(page.url, "no article's text found" if reading is None else "no title")
    article = _assemble(page, portal, claims, reading, gave, title=title, sites=sites, problems=problems)
    if portal.article.rules:
        return article
    given = _given_without_rules(article)
    lacks = doubt is not None and doubt.missed(given)
    return replace(article, reading=given, problems=(*article.problems, DEGRADED) if lacks else article.problems)


def _by_rules(root: Element, portal: Portal, base: str, claims: Claims, problems: list[str]) -> _Reading | None:
    """The first rules that give a title and a body win; what they found becomes the first claims."""
    if not portal.article.rules:
        return None
    sheet = Sheet(root)
    for rules in portal.article.rules:
        found = marks.find(sheet, rules)
        if found is None:
            continue
        body = read_body(found.fragment, base)
        if _is_sane(body, found.lead):
            _claim_found(claims, found, body, asked=rules.published is not None, problems=problems)
            return _Reading(body=body, origin="rule", gave=_given_to_rules(found, body))
        marks.forget(root)
    problems.append("rules: none found a title and a body")
    return None


def _is_beside_the_text(root: Element, text: str, url: str, base: str, claims: Claims, reading: _Reading) -> bool:
    """Whether the rules took a box for the body: hardly anything in it, while under the same headline there is a whole article.

    Asked only of the rare pages with so little text; a notice or a photo story has no more to find.
    """
    n_chars = sum(map(len, (*reading.body.paragraphs, *reading.body.captions)))
    n_wanted = max(_LONG_BODY, _FAR_MORE * n_chars)
    if n_chars >= _SHORTEST_CERTAIN or n_chars_in_runs(root, least=_SENTENCE) < n_wanted:
        return False
    titles = _texts(claims, "title")
    guess = generic.read(html_root(text, url), base, titles=titles, descriptions=())  # a tree of its own: the rules' notes stay on theirs
    if guess is None or guess.title not in titles:
        return False
    return sum(len(one) for one in guess.body.paragraphs if len(one) >= _SENTENCE) >= n_wanted


def _is_sane(body: Body, lead: str | None) -> bool:
    return len(lead or "") + sum(map(len, body.paragraphs)) + sum(map(len, body.captions)) >= _SHORTEST_BODY


def _claim_found(claims: Claims, found: marks.Found, body: Body, *, asked: bool, problems: list[str]) -> None:
    if asked and found.published is None:
        problems.append("published: the rule found no date")
    claims.make("title", "rule", found.title)
    claims.make("lead", "rule", found.lead)
    claims.make("published", "rule", found.published)
    claims.make("updated", "rule", found.updated)
    claims.make("author", "rule", found.author)
    claims.make("author", "rule", " - ".join(body.bylines))
    claims.make("section", "rule", found.section)
    claims.make("tags", "rule", [tag.lstrip("# ") for tag in found.tags])


def _given_to_rules(found: marks.Found, body: Body) -> Reading:
    fields = (
        ("title", found.title),
        ("text", body.paragraphs or body.captions),
        ("published", found.published),
        ("lead", found.lead),
        ("author", found.author or body.bylines),
        ("section", found.section),
        ("tags", found.tags),
    )
    return reading_of(fields, title=found.title, paragraphs=body.paragraphs, date=str(found.published.at) if found.published else None)


def _given_without_rules(article: ParsedArticle) -> Reading:
    fields = (
        ("title", article.title),
        ("text", article.text or article.captions),
        ("published", article.published_at),
        ("lead", article.lead),
        ("author", article.author or article.credit),
        ("section", article.section),
        ("tags", article.tags),
    )
    date = str(article.published_at) if article.published_at else None
    return reading_of(fields, title=article.title, paragraphs=article.text.split("\n\n"), date=date)


def _texts(claims: Claims, field: str) -> list[str]:
    return [text for _, raw in claims.of(field) if (text := plain(raw))]


def _claim_seen(claims: Claims, guess: Guess | None, portal: Portal) -> None:
    """What is printed on the page is what the paper published: the head's copies come after it, cut short or with the paper's name."""
    if guess is None:
        return
    claims.make("title", "generic", guess.title)
    claims.make("lead", "generic", guess.lead)
    for line in (*guess.authors, " - ".join(line for line in guess.body.bylines if fields.byline(line, portal))):
        claims.make("author", "generic", without_by(line) if guess.sources else line)


def _claim_guessed(claims: Claims, guess: Guess | None, portal: Portal) -> None:
    """What a page says of itself in so many words is surer than what was found round the text."""
    if guess is None:
        return
    for when in guess.stated:
        claims.make("published", "meta", when)
    for when in guess.published:
        claims.make("published", "generic", when)
    for when in guess.updated:
        claims.make("updated", "generic", when)
    for source in guess.sources:
        if (both := fields.byline(source, portal)).author and both.credit:
            claims.make("author", "generic", source)  # "Theo Thu Lan (Nguồn: Báo Mẫu)"
        claims.make("credit", "generic", source)
    for line in guess.authors_beside:
        claims.make("author", "generic", line)
    claims.make("section", "generic", guess.section)
    claims.make("tags", "generic", guess.tags)


def _by_guess(guess: Guess | None) -> _Reading | None:
    if guess is None or not _is_sane(guess.body, guess.lead):
        return None
    return _Reading(body=guess.body, origin="generic")


def _by_claims(claims: Claims) -> _Reading | None:
    """Without rules, the page's own JSON-LD may hold the text."""
    for origin, raw in claims.of("body"):
        paragraphs = tuple(text for part in re.split(r"\n\s*|<br\s*/?>|</p>", raw) if (text := plain(part)))
        body = Body(paragraphs=paragraphs, captions=(), images=(), bylines=())
        if _is_sane(body, None):
            return _Reading(body=body, origin=origin)
    return None


def _claim_hint(claims: Claims, hint: Mapping[str, Any]) -> None:
    for name, what in (("title", "title"), ("summary", "lead"), ("author", "author"), ("section", "section"), ("tags", "tags")):
        claims.make(what, "feed", hint.get(name))
    if isinstance(at := hint.get("published_at"), str) and (when := parse_machine(at)) is not None:
        precision = hint.get("published_precision") or when.precision
        claims.make("published", "feed", replace(when, precision=precision, raw=hint.get("published_raw") or when.raw))


def _assemble(
    page: Page, portal: Portal, claims: Claims, reading: _Reading, gave: Reading, *, title: str, sites: list[str], problems: list[str]
) -> ParsedArticle:
    body = reading.body
    claims.note("text", reading.origin)
    is_whole = reading.origin == "generic" and sum(map(len, body.paragraphs)) >= _LONG_BODY and "generic" in dict(claims.of("title"))
    lead, paragraphs = fields.lead(claims, body.paragraphs, portal, title=title, sites=sites, is_printed=is_whole)
    byline = claims.take("author", lambda raw: fields.byline(raw, portal, sites)) or Byline()
    claims.move("author", {"author": byline.author, "credit": byline.credit})
    credit = byline.credit or claims.take("credit", lambda raw: fields.credit(raw, portal, sites))
    if GARBLED not in problems and mojibake.is_spoilt((title, lead or "", *paragraphs)):
        problems.append(GARBLED)  # pasted into a page that is itself in order
    when = fields.published(claims, page.fetched_at, problems)
    for what, values in (("captions", body.captions), ("images", body.images)):
        if values:
            claims.note(what, reading.origin)
    return ParsedArticle(
        canonical_url=claims.take("canonical_url", lambda raw: fields.own_url(raw, page, portal)),
        title=title,
        lead=lead,
        text="\n\n".join(paragraphs),
        author=byline.author,
        credit=credit,
        section=claims.take("section", fields.section),
        tags=claims.take("tags", lambda raw: fields.tags(raw, portal)) or (),
        captions=body.captions,
        images=body.images,
        published_at=when.at if when else None,
        published_precision=when.precision if when else None,
        published_raw=when.raw if when else None,
        updated_at=fields.updated(claims, when, page.fetched_at),
        provenance=dict(claims.provenance),
        runners_up=dict(claims.runners_up),
        problems=tuple(problems),
        reading=gave,
    )
