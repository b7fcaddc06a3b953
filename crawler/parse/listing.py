"""Section pages to candidates: the links that are articles, in the order of the page, each once."""

from collections.abc import Callable
from urllib.parse import urldefrag

from crawler.model import Candidate, Harvest
from crawler.parse import pages
from crawler.parse.charset import decode
from crawler.parse.markup import Element, absolute, html_root, select, text_of
from crawler.text.normal import clean

_NEXT = frozenset({"trang sau", "trang tiếp", "trang kế", "tiếp", "tiếp theo", "sau", "»", "›", ">", ">>", "next"})


def parse_listing(
    body: bytes, url: str, content_type: str | None = None, *, link_css: str | None, is_article: Callable[[str], bool]
) -> Harvest:
    """The articles a section page links to. `link_css` None: every link that `is_article` knows.

    The picture and the headline of a teaser are two links: one entry, at the place of the first, with the headline as its title.
    Raises: ParseError when the page holds no HTML.
    """
    root = html_root(decode(body, content_type).text, url)
    base = base_of(root, url)
    titles: dict[str, list[tuple[int, str]]] = {}
    for anchor in select(root, link_css or "a[href]"):
        link = _link(anchor, base)
        if link is not None and link != url and is_article(link):
            titles.setdefault(link, []).extend(_titles(anchor))
    entries = tuple(Candidate(url=link, title=min(found)[1] if found else None) for link, found in titles.items())
    return Harvest(kind="listing", url=url, entries=entries, title=_page_title(root), next_page=_next_page(root, base, url))


def base_of(root: Element, url: str) -> str:
    """What relative links of the page resolve against: <base href> (which may name another host), else the page itself."""
    bases = select(root, "base[href]")
    return (absolute(bases[0].get("href"), url) if bases else None) or url


def _link(anchor: Element, base: str) -> str | None:
    if anchor.tag != "a":  # a selector that names the headline instead of its link
        inner = select(anchor, "a[href]")
        outer = next((above for above in anchor.iterancestors("a")), None)
        anchor = inner[0] if inner else outer if outer is not None else anchor
    link = absolute(anchor.get("href"), base)
    return urldefrag(link).url if link else None


def _titles(anchor: Element) -> list[tuple[int, str]]:
    """What may be the headline, the most trusted first: the link's text, its title, the picture's description."""
    pictures = select(anchor, "img[alt]")
    found = (text_of(anchor), clean(anchor.get("title") or ""), clean(pictures[0].get("alt") or "") if pictures else "")
    return [(rank, text) for rank, text in enumerate(found) if text]


def _page_title(root: Element) -> str | None:
    titles = select(root, "title")
    return (text_of(titles[0]) or None) if titles else None


def _next_page(root: Element, base: str, url: str) -> str | None:
    """The older page, where the page says so: rel=next, a link that reads "Trang sau", or the one with the next number."""
    named = select(root, "link[rel~=next][href], a[rel~=next][href]")
    read = (a for a in select(root, "a[href]") if len(a.get("href", "")) > 1 and text_of(a).lower() in _NEXT)
    link = next((absolute(a.get("href"), base) for a in (*named, *read)), None)
    if link and link != url:
        return link
    links = (_link(a, base) for a in select(root, "a[href]"))
    return next((link for link in links if link and pages.is_next(link, url)), None)
