"""Findings as a portal file: YAML with comments that say what was found, what was tried, and how sure we are. Pure."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlsplit

from config.provinces import MERGED
from crawler.discover.findings import Findings, FoundPattern, FoundRules, FoundSource

MAX_TRIED = 30
_SUFFIXES = re.compile(r"\.(?:com|org|gov|net|edu|vn|info)(?=\.|$)")


def portal_id(findings: Findings) -> str:
    """The host without www. and its endings; of an address the paper's name."""
    host = urlsplit(findings.home).hostname or ""
    bare = _SUFFIXES.sub("", host.removeprefix("www."))
    if not re.search("[a-z]", bare) or bare == "localhost":
        bare = slug(findings.name).replace("-", "")
    return slug(bare) or "portal"


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def province_of(name: str) -> str | None:
    """The province in a paper's name, old or new; None for a national one. The longest wins: Hà Tĩnh before Hà."""
    names = {old for parts in MERGED.values() for old in parts} | set(MERGED)
    found = [province for province in names if slug(province) in slug(name)]
    return max(found, key=len, default=None)


def as_yaml(findings: Findings, *, today: date) -> str:
    """A portal file that `canhbao check` accepts."""
    province = province_of(findings.name)
    lines = [
        *_head(findings, today),
        f"id: {portal_id(findings)}",
        f"name: {_quoted(findings.name)}",
        f"province: {_quoted(province)}"
        if province
        else "# province: …                # none was told by the name; a national paper has none",
        f"home: {_quoted(findings.home)}",
        *([f"hosts: {_list(findings.hosts)}"] if findings.hosts else []),
        "verified: unverified          # set a date once you have looked at what `canhbao check --live` gives",
        "sources:",
        *_sources(findings),
        *_family(findings.rules),
        "article:",
        *_urls(findings.patterns),
        *_skip(findings.skip),
        *([f"  datelines: {_list(findings.datelines)}    # what leads open with"] if findings.datelines else []),
        *_tried(findings.tried),
    ]
    return "\n".join(lines) + "\n"


def _head(findings: Findings, today: date) -> Iterable[str]:
    yield f"# {_one_line(findings.name)}: proposed by `canhbao discover` on {today:%d %B %Y}. Confidence: {findings.confidence}."
    yield "# Look it over, then: canhbao try <an article's URL>, canhbao check --live. docs/adding-a-portal.md says what each line means."


# --- sources


def _sources(findings: Findings) -> Iterable[str]:
    """Feeds first; the sections that no feed covers; the sitemap, which shows what lists have dropped."""
    taken: set[str] = set()
    feeds = [feed for feed in findings.feeds if feed.articles]
    for feed in feeds:
        yield _source(feed, taken)
    for listing in findings.listings:
        covering = next((feed for feed in feeds if _covers(feed, listing, feeds)), None)
        if covering is None:
            yield _source(listing, taken)
        else:
            yield f"  # {_one_line(listing.url)} shows what the feed {_one_line(covering.url)} has"
    for sitemap in findings.sitemaps:
        if sitemap.articles or sitemap.sitemaps:
            yield _source(sitemap, taken)
        else:
            yield f"  # {_one_line(sitemap.url)} is a sitemap without articles"
    if not taken:
        yield f'  - {{id: home, kind: listing, url: "{findings.home}"}}    # nothing better was found'


def _covers(feed: FoundSource, listing: FoundSource, feeds: Sequence[FoundSource]) -> bool:
    """Whether this is the section's own feed. The feed of everything covers a section only today: in a busy hour it shows less."""
    is_of_all = len(feeds) > 1 and len(feed.articles - listing.articles) > len(feed.articles & listing.articles)
    return not is_of_all and feed.section == listing.section and listing.section is not None and bool(feed.articles & listing.articles)


def _source(source: FoundSource, taken: set[str]) -> str:
    name = _source_name(source)
    ident = next(each for each in (name, *(f"{name}-{n}" for n in range(2, 99))) if each not in taken)
    taken.add(ident)
    section = f", section: {_quoted(source.section)}" if source.section and source.kind != "sitemap" else ""
    said = (
        f"an index of {len(source.sitemaps)} sitemaps"
        if source.sitemaps
        else f"{len(source.articles)} of {source.n_entries} links are articles"
    )
    return f"  - {{id: {ident}, kind: {source.kind}, url: {json.dumps(source.url)}{section}}}    # {said}"


def _source_name(source: FoundSource) -> str:
    parts = urlsplit(source.url)
    words = [part for part in re.split(r"[/.]", parts.path) if part and part not in ("rss", "xml", "html", "gz", "subcate", "json", "aspx")]
    prefix = {"feed": "rss-", "listing": "", "sitemap": ""}[source.kind]
    return f"{prefix}{slug(words[-1]) if words else 'home'}" or "home"


# --- articles


def _urls(patterns: Sequence[FoundPattern]) -> Iterable[str]:
    if not patterns:
        yield "  urls: []    # no shape of article URLs was recognised: every page of the portal is looked at"
        return
    yield "  urls:"
    for pattern in patterns:
        yield f"    # {pattern.n_links} links, like {_one_line(pattern.example)}"
        yield f"    # {pattern.n_read} of {pattern.n_tried} pages of this shape held an article"
        if "(?P<id>" not in pattern.match:
            yield "    # no id in it: an article whose title changes may come twice"
        yield f"    - {{era: {_quoted(pattern.era)}, match: {_single(pattern.match)}}}"


def _skip(skip: Sequence[str]) -> Iterable[str]:
    if skip:
        yield "  skip:"
        yield from (f"    - {_single(each)}" for each in dict.fromkeys(skip))


def _family(found: Sequence[FoundRules]) -> Iterable[str]:
    """The content systems that read the pages: their rules, and what looks like their articles but is none, come with the name."""
    distinct = {rules.family: rules for rules in found if rules.family is not None}
    for rules in found:
        if rules.family is None:
            yield f"# No known content system reads these pages; by what they say of themselves {rules.n_read} of {rules.n_tried} were read."
            yield "# Write article.rules where `canhbao try` shows something wrong: title and body at least."
    for family, rules in distinct.items():
        yield f"# {family} ({rules.n_marks} of its marks seen): {rules.n_read} of {rules.n_tried} pages were read by its rules"
        yield f"# found in them: {', '.join(f'{name} {n}' for name, n in rules.fields.items())}"
    if len(distinct) == 1:
        yield f"family: {next(iter(distinct))}"
    elif distinct:
        yield f"family: [{', '.join(distinct)}]"


def _tried(tried: Sequence[tuple[str, str]]) -> Iterable[str]:
    if tried:
        yield "# Tried without success:"
        yield from (f"#   {_one_line(url)}: {_one_line(why)}" for url, why in tried[:MAX_TRIED])
        if len(tried) > MAX_TRIED:
            yield f"#   … and {len(tried) - MAX_TRIED} more"


def _one_line(text: str) -> str:
    """What a site says, as a comment can hold it."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    """As YAML's double-quoted style, unless it is plain words. Home pages may call themselves anything."""
    text = _one_line(text).replace("$", "") or "?"
    return text if re.fullmatch(r"[^\W\d_][\w /-]*", text) and text.lower() not in _NOT_PLAIN else json.dumps(text, ensure_ascii=False)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
