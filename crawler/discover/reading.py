"""Which rules read these pages? Every known content system is tried on them; the one that reads them best is taken. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from config.article import ArticleConfig
from config.family import Family
from config.portal import Portal
from crawler.discover import families
from crawler.discover.findings import FoundRules
from crawler.errors import ParseError
from crawler.model import Page, ParsedArticle
from crawler.parse.article import parse_article
from crawler.parse.charset import decode

_FIELDS = ("title", "lead", "text", "published", "author", "section", "tags", "captions")
_LEAST_CHARS = 150  # of lead and text: less is a video's caption or a notice
_DATELINE = re.compile(r"^\(?(?P<name>[A-ZĐ][A-ZĐa-z.]{1,11})\)?\s?[-–—]\s?(?=\S)")


def choose(pages: Sequence[Page], portal: Portal) -> tuple[FoundRules, list[ParsedArticle]]:
    """The best rules for `pages` (of one URL shape), and the articles they read. `portal` has no rules of its own."""
    texts = [decode(page.body, page.content_type).text for page in pages]
    best: tuple[int, FoundRules, list[ParsedArticle]] | None = None
    for family, n_marks in families.by_marks(texts):
        read = [article for page in pages if (article := _read(page, _with_rules(portal, family))) is not None and _is_by_rules(article)]
        score = sum(_n_by_rules(article) for article in read) + n_marks
        if read and (best is None or score > best[0]):
            best = score, _found(family, n_marks, pages, read), read
    if best is not None and best[1].n_read * 2 > len(pages):
        return best[1], best[2]
    read = [article for page in pages if (article := _read(page, portal)) is not None]
    return _found(None, 0, pages, read), read


def _with_rules(portal: Portal, family: Family) -> Portal:
    article = portal.article.model_copy(update={"rules": family.rules})
    return portal.model_copy(update={"article": article})


def _read(page: Page, portal: Portal) -> ParsedArticle | None:
    try:
        article = parse_article(page, portal)
    except ParseError:
        return None
    return article if article.published_at and len(article.text) + len(article.lead or "") >= _LEAST_CHARS else None


def _is_by_rules(article: ParsedArticle) -> bool:
    return article.provenance.get("title") == "rule" and article.provenance.get("text") == "rule"


def _n_by_rules(article: ParsedArticle) -> int:
    return sum(origin == "rule" for origin in article.provenance.values())


def _found(family: Family | None, n_marks: int, pages: Sequence[Page], read: Sequence[ParsedArticle]) -> FoundRules:
    return FoundRules(
        family=family.id if family else None,
        n_marks=n_marks,
        n_tried=len(pages),
        n_read=len(read),
        fields=Counter(field for article in read for field in _FIELDS if _said(article, field)),
    )


def _said(article: ParsedArticle, field: str) -> bool:
    return bool(article.published_at if field == "published" else getattr(article, field))


def datelines(articles: Sequence[ParsedArticle]) -> tuple[str, ...]:
    """What the leads open with to name the paper: ĐTO - …; seen at least twice, or it is a place."""
    heads = Counter(found["name"] for article in articles if (found := _DATELINE.match(article.lead or article.text)))
    return tuple(name for name, n in heads.most_common() if n > 1 and name.isupper())


def bare_portal(home: str, hosts: Sequence[str], article: ArticleConfig) -> Portal:
    """A portal without rules: enough to read a page by what it says of itself."""
    source = {"id": "home", "kind": "listing", "url": home}
    portal = Portal.model_validate({"id": "unknown", "name": "unknown", "home": home, "hosts": list(hosts), "sources": [source]})
    return portal.model_copy(update={"article": article})
