"""What no single value shows: names that lead nowhere, ids given twice, bounds that contradict.

Works on what was typed, so that a mistake elsewhere in the same file hides nothing.
"""

import math
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from config.document import Document
from config.problem import Problem
from config.settings import Poll
from config.suggest import did_you_mean, one_of
from config.tree import Block, Leaf, Node, below, join, leaves, listed, text_below
from config.watch import WORD_LETTER

POLL = Poll()


def unknown_channels(main: Document, watches: Document) -> Iterator[Problem]:
    """`operator` and `alert` name channels of the main file."""
    channels = below(main.tree, "channels")
    if not isinstance(channels, Block):
        return
    known = {*channels.entries, *channels.lost}
    if not known:  # that there is none is told already
        return
    for document, key, node in [(main, "operator", below(main.tree, "operator")), *_of_watches(watches, "alert")]:
        yield from _unknown(document, key, node, known, "channel")


def unknown_portals(watches: Document, portals: Iterable[str]) -> Iterator[Problem]:
    """`portals` is every id that some portal file gives."""
    for document, key, node in _of_watches(watches, "portals"):
        yield from _unknown(document, key, node, set(portals), "portal")


def unreadable_queries(watches: Document, check_query: Callable[[str], Sequence[str]]) -> Iterator[Problem]:
    """`check_query` says what is wrong with a query."""
    for document, key, node in _of_watches(watches, "query"):
        if isinstance(node, Leaf) and node.text and WORD_LETTER.search(node.text):
            yield from (document.problem(node.line, key, problem) for problem in check_query(node.text))


def watch_lines(watches: Document) -> Mapping[str, Mapping[str, int]]:
    """By watch id: the line of each key and list entry (`any`, `any[0]`), and of the watch itself under ""."""
    lines: dict[str, Mapping[str, int]] = {}
    for _, watch in listed(below(watches.tree, "watches")):
        if isinstance(watch, Block):
            keys = {name: node.line for name, node in watch.entries.items()}
            entries = {join(name, n): leaf.line for name, node in watch.entries.items() for n, leaf in leaves(node)}
            lines[(text_below(watch, "id") or "").strip()] = {"": watch.line, **keys, **entries}
    return lines


def shared_watch_ids(watches: Document) -> Iterator[Problem]:
    ids = [(join(join("watches", n), "id"), below(watch, "id")) for n, watch in listed(below(watches.tree, "watches"))]
    yield from _twice(((watches, key, node) for key, node in ids), "watch")


def shared_portal_ids(folder: Sequence[Document]) -> Iterator[Problem]:
    """Within one folder; a later folder may override."""
    yield from _twice(((document, "id", below(document.tree, "id")) for document in folder), "portal")


def shared_sources(portals: Sequence[Document]) -> Iterator[Problem]:
    """An id twice in one portal, or one URL polled twice. `portals` are those in force."""
    for portal in portals:
        yield from _twice(_of_sources(portal, "id"), "source of this portal")
    enabled = [
        portal for portal in portals if (text_below(portal.tree, "enabled") or "true").lower() not in {"false", "no", "off", "0", "f", "n"}
    ]
    yield from _twice((entry for portal in enabled for entry in _of_sources(portal, "url")), "source", lambda url: url.rstrip("/"))


def unusable_certificates(portals: Sequence[Document]) -> Iterator[Problem]:
    """`extra_ca` must be there and hold certificates; else the first request would find out."""
    for portal in portals:
        node = below(portal.tree, "extra_ca")
        if not isinstance(node, Leaf) or not node.text:
            continue
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(portal.file.parent / node.text.strip())
        except (OSError, ValueError):  # ssl.SSLError is an OSError
            yield portal.problem(
                node.line, "extra_ca", "is no readable PEM file with certificates; correct the path, which is relative to this file"
            )


def impossible_intervals(main: Document, portals: Sequence[Document]) -> Iterator[Problem]:
    """A source's own bounds against each other, and against `poll` where it states but one."""
    if not main.holds("poll"):
        return
    lowest, highest = _number(below(main.tree, "poll", "min_s"), POLL.min_s), _number(below(main.tree, "poll", "max_s"), POLL.max_s)
    if lowest > highest:
        return
    for portal in portals:
        for n, source in listed(below(portal.tree, "sources")):
            key = join("sources", n)
            own_min, own_max = below(source, "min_s"), below(source, "max_s")
            min_s, max_s = _number(own_min, lowest), _number(own_max, highest)
            if min_s <= max_s or (own_min is None and own_max is None):
                continue
            if own_min is not None and own_max is not None:
                yield portal.problem(own_max.line, join(key, "max_s"), "is below min_s of the same source; swap them")
            elif own_min is not None:
                yield portal.problem(
                    own_min.line, join(key, "min_s"), f"is above poll.max_s ({highest:g}); lower it, or give this source a max_s"
                )
            elif own_max is not None:
                yield portal.problem(
                    own_max.line, join(key, "max_s"), f"is below poll.min_s ({lowest:g}); raise it, or give this source a min_s"
                )


Entry = tuple[Document, str, Node | None]


def _of_watches(watches: Document, name: str) -> Iterator[Entry]:
    for n, watch in listed(below(watches.tree, "watches")):
        yield watches, join(join("watches", n), name), below(watch, name)


def _of_sources(portal: Document, name: str) -> Iterator[Entry]:
    for n, source in listed(below(portal.tree, "sources")):
        yield portal, join(join("sources", n), name), below(source, name)


def _unknown(document: Document, key: str, node: Node | None, known: set[str], kind: str) -> Iterator[Problem]:
    for n, leaf in leaves(node):
        name = (leaf.text or "").strip()
        if name in known:
            continue
        quoted = f"{name[:60]!r} is" if leaf.origin is None else "is"
        guess = did_you_mean(name, known) or f"known: {one_of(known)}"
        yield document.problem(leaf.line, join(key, n), f"{quoted} no {kind} of this configuration; {guess}")


def _twice(entries: Iterable[Entry], kind: str, same: Callable[[str], str] = str) -> Iterator[Problem]:
    first: dict[str, tuple[Document, int]] = {}
    for document, key, node in entries:
        if not isinstance(node, Leaf) or not node.text:
            continue
        value = same(node.text.strip())
        if value not in first:
            first[value] = (document, node.line)
            continue
        where, line = first[value]
        place = f"line {line}" if where is document else f"{where.file.name} line {line}"
        yield document.problem(node.line, key, f"is that of another {kind} ({place}); give each its own or remove one")


def _number(node: Node | None, default: float) -> float:
    """The number typed there; the default when there is none, since its being no number is told elsewhere."""
    try:
        number = float(node.text or "") if isinstance(node, Leaf) else default
    except ValueError:
        return default
    return number if math.isfinite(number) else default


def portal_ids(documents: Iterable[Document]) -> Mapping[str, Document]:
    """The files in force by portal id: a later one overrides."""
    return {portal: document for document in documents if (portal := (text_below(document.tree, "id") or "").strip())}
