"""What a page says of itself in its head: JSON-LD, OpenGraph and meta tags, as claims."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.parse.byline import is_login
from crawler.parse.claims import Claims
from crawler.parse.markup import Element, plain

_ARTICLE_TYPES = frozenset(
    {"NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle", "BlogPosting", "LiveBlogPosting"}
)
_PERSON_TYPES = frozenset({"Person", ""})
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$|;\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_HOME = frozenset({"trang chủ", "trang nhất", "home", "homepage"})
_LONGEST_CRUMB = 60  # characters; longer is a headline
_N_NODES = 2000  # of one page's JSON-LD: more is no description of an article
_TIME_OF_REQUEST = "datetimenow"
"""A meta tag of the onecms family that looks like a date and is the moment of the request (portals/dates.md §2)."""


@dataclass(slots=True)
class Head:
    """The head of a page, read once: metas by lower-case name, the first of each name; <link rel=canonical>; JSON-LD texts; <title>."""

    metas: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    canonical: str | None = None
    json_ld: list[str] = field(default_factory=list)
    title: str | None = None


def read_head(root: Element) -> Head:
    """Portals put these anywhere, also in the body: the whole page is looked through."""
    head = Head()
    for element in root.iter("meta", "link", "script", "title"):
        match element.tag:
            case "meta":
                _note_meta(head, element)
            case "link" if head.canonical is None and "canonical" in (element.get("rel") or "").lower().split():
                head.canonical = element.get("href")
            case "script" if "ld+json" in (element.get("type") or "").lower():
                head.json_ld.append(element.text or "")
            case "title" if head.title is None:
                head.title = element.text
    return head


def _note_meta(head: Head, element: Element) -> None:
    name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
    content = (element.get("content") or "").strip()
    if not name or not content or name == _TIME_OF_REQUEST:
        return
    if name == "article:tag":
        head.tags.append(content)
    head.metas.setdefault(name, content)


def claim(claims: Claims, head: Head, url: str) -> None:
    """Make the claims of JSON-LD, OpenGraph and meta tags, in this order of trust. The name in meta author is never the writer's."""
    metas = head.metas
    claims.make("canonical_url", "meta", head.canonical or metas.get("canonical"))
    nodes = [node for text in head.json_ld for node in _nodes(_loads(text)) if "@type" in node]
    if node := _article_node(nodes, head, url):
        _claim_json_ld(claims, node, metas)
        _claim_lead(claims, node, metas)
    for name, what in (("og:title", "title"), ("og:description", "lead"), ("og:url", "canonical_url")):
        claims.make(what, "og", metas.get(name))
    claims.make("section", "json-ld", _last_crumb(nodes, metas.get("og:title") or ""))
    for name in ("article:published_time", "og:article:published_time", "datepublished", "pubdate", "dc.date.issued"):
        claims.make("published", "meta", metas.get(name))
    for name in ("article:modified_time", "datemodified"):
        claims.make("updated", "meta", metas.get(name))
    claims.make("section", "meta", metas.get("article:section"))
    claims.make("site", "og", metas.get("og:site_name"))
    claims.make("author", "meta", metas.get("dable:author"))
    claims.make("tags", "meta", head.tags)
    claims.make("title", "meta", head.title)
    claims.make("lead", "meta", metas.get("description"))


def _claim_lead(claims: Claims, node: Mapping[str, Any], metas: Mapping[str, str]) -> None:
    """Some systems strip the full stops from what they put into JSON-LD: the same words in a meta tag are fuller."""
    description = plain(_string(node.get("description")))
    metas_say = [text for name in ("og:description", "description") if (text := plain(metas.get(name)))]
    fuller = (text for text in metas_say if description and len(text) > len(description) and _letters(text) == _letters(description))
    claims.make("lead", "json-ld", next(fuller, description))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _claim_json_ld(claims: Claims, node: Mapping[str, Any], metas: Mapping[str, str]) -> None:
    for key, what in (
        ("headline", "title"),
        ("name", "title"),
        ("articleBody", "body"),
        ("articleSection", "section"),
    ):
        claims.make(what, "json-ld", _string(node.get(key)))
    claims.make("published", "json-ld", _string(node.get("datePublished")))
    claims.make("updated", "json-ld", _string(node.get("dateModified")))
    claims.make("author", "json-ld", _authors(node.get("author"), _papers(node, metas)))
    claims.make("tags", "json-ld", _keywords(node.get("keywords")))
    claims.make("canonical_url", "json-ld", _url_of(node))


def _string(value: object) -> str | None:
    if isinstance(value, list):
        value = next((item for item in value if item), None)
    return value.strip() if isinstance(value, str) else None


def _authors(value: object, papers: set[str]) -> str | None:
    """The persons among the authors; papers and log-in names write nothing."""
    names = []
    for author in value if isinstance(value, list) else [value]:
        if isinstance(author, str):
            name, kind = author, ""
        elif isinstance(author, dict):
            name, kind = _string(author.get("name")) or "", _string(author.get("@type")) or ""
        else:
            continue
        if name.strip() and kind in _PERSON_TYPES and not is_login(name) and _letters(name).casefold() not in papers:
            names.append(name.strip())
    return ", ".join(dict.fromkeys(names)) or None


def _papers(node: Mapping[str, Any], metas: Mapping[str, str]) -> set[str]:
    """The paper's own names, which some systems put where the writer's belongs."""
    publisher = node.get("publisher")
    names = [_string(publisher.get("name")) if isinstance(publisher, dict) else None, metas.get("og:site_name")]
    return {_letters(text).casefold() for name in names if (text := plain(name))}


def _keywords(value: object) -> list[str]:
    words = value if isinstance(value, list) else str(value or "").split(",")
    return [word.strip() for word in words if isinstance(word, str) and word.strip()]


def _url_of(node: Mapping[str, Any]) -> str | None:
    page = node.get("mainEntityOfPage")
    return _string(page.get("@id") if isinstance(page, dict) else page) or _string(node.get("url"))


def _article_node(all_nodes: Sequence[Mapping[str, Any]], head: Head, url: str) -> Mapping[str, Any] | None:
    """The article the page is about: the one that names the page's URL, else one with its title. One with another URL and another title
    is another article: "next video", related lists.
    """
    nodes = [node for node in all_nodes if _ARTICLE_TYPES & _types(node)]
    if not nodes:
        return None
    places = {_path(link) for link in (url, head.canonical, head.metas.get("canonical"), head.metas.get("og:url")) if link}
    titles = [_letters(title) for text in (head.metas.get("og:title"), head.title) if (title := plain(text))]
    for is_own in (lambda node: _path(_url_of(node) or "") in places, lambda node: _is_titled(node, titles)):
        if (found := next(filter(is_own, nodes), None)) is not None:
            return found
    return next((node for node in nodes if not (titles and _string(node.get("headline")) and _url_of(node))), None)


def _path(link: str) -> str:
    """What names the article on whatever host and by whatever scheme the page was reached."""
    parts = re.sub(r"^(?:https?:)?//[^/]*", "", link.strip()).partition("#")[0].partition("?")[0].rstrip("/")
    return parts or "no article's"


def _is_titled(node: Mapping[str, Any], titles: list[str]) -> bool:
    headline = _letters(plain(_string(node.get("headline")) or _string(node.get("name"))) or "")
    return len(headline) > 1 and any(title.startswith(headline) or headline.startswith(title) for title in titles)


def _last_crumb(nodes: Sequence[Mapping[str, Any]], title: str) -> str | None:
    """The innermost section of a BreadcrumbList: its last entry, or the one before when the last is the article itself."""
    lists = [node for node in nodes if "BreadcrumbList" in _types(node)]
    items = lists[0].get("itemListElement") if lists else None
    names = [plain(name) or "" for item in (items if isinstance(items, list) else []) if (name := _crumb(item))]
    names = [name for name in names if name != plain(title) and name.lower() not in _HOME and len(name) <= _LONGEST_CRUMB]
    return names[-1] if names else None


def _crumb(item: object) -> str | None:
    if not isinstance(item, dict):
        return None
    inner = item.get("item")
    return _string(item.get("name")) or (_string(inner.get("name")) if isinstance(inner, dict) else None)


def _types(node: Mapping[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {kind.rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}


def _loads(text: str) -> Any:
    """JSON as portals write it: with raw line breaks in strings, comment marks around it and commas after the last item. None if none."""
    text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip()
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    """All objects in it, outermost first, a bounded number."""
    queue, n_seen = [value], 0
    while queue and n_seen < _N_NODES:
        node = queue.pop(0)
        n_seen += 1
        if isinstance(node, dict):
            yield node
            queue.extend(inner for inner in node.values() if isinstance(inner, (dict, list)))
        elif isinstance(node, list):
            queue.extend(node[:_N_NODES])
