"""Short stretches of the article that show what was found."""

import re
from collections.abc import Sequence

from crawler.match.document import Document
from storage.records import Snippet

WIDTH = 160  # code points: two lines of a mail, one screen of a phone
MOST = 3
_WHITE_SPACE = re.compile(r"\s")


def snippets(document: Document, spans: Sequence[tuple[int, int, str]]) -> tuple[Snippet, ...]:
    """At most MOST stretches around `spans` (start, end, reason in `document.text`, by place), in reading order.

    What was found for different reasons comes before more of the same.
    """
    groups = _near_ones(document, spans)
    first_seen: set[str] = set()
    ranks: list[tuple[int, int]] = []
    for place, group in enumerate(groups):
        reasons = {reason for _, _, reason in group}
        ranks.append((0 if reasons - first_seen else 1, place))
        first_seen |= reasons
    chosen = sorted(place for _, place in sorted(ranks)[:MOST])
    return tuple(_snippet(document, groups[place]) for place in chosen)


def _near_ones(document: Document, spans: Sequence[tuple[int, int, str]]) -> list[list[tuple[int, int, str]]]:
    """Spans that one snippet can show together: within WIDTH and in one paragraph."""
    groups: list[list[tuple[int, int, str]]] = []
    for span in spans:
        if groups:
            start = groups[-1][0][0]
            _, paragraph_end = document.paragraph(start, groups[-1][0][1])
            if span[1] <= min(start + WIDTH, paragraph_end):
                groups[-1].append(span)
                continue
        groups.append([span])
    return groups


def _snippet(document: Document, group: Sequence[tuple[int, int, str]]) -> Snippet:
    start, end = group[0][0], max(end for _, end, _ in group)
    first, last = _window(document, start, end)
    before, after = "… " if first > document.paragraph(start, end)[0] else "", " …" if last < document.paragraph(start, end)[1] else ""
    shift = len(before) - first
    return Snippet(
        field=document.field_at(start)[0],
        snippet=before + _WHITE_SPACE.sub(" ", document.text[first:last]) + after,
        spans=tuple((low + shift, high + shift) for low, high in _joined([(low, high) for low, high, _ in group])),
        reason="; ".join(dict.fromkeys(reason for _, _, reason in group)),
    )


def _window(document: Document, start: int, end: int) -> tuple[int, int]:
    """About WIDTH code points around start:end, cut where a syllable ends, inside the paragraph."""
    low, high = document.paragraph(start, end)
    room = max(WIDTH - (end - start), 0)
    first = max(low, start - room // 2)
    last = min(high, first + max(WIDTH, end - first))
    first = max(low, min(first, last - WIDTH))
    if first > low:
        gap = _WHITE_SPACE.search(document.text, first - 1, start)
        first = gap.end() if gap else start
    if last < high:
        gap_before = max((found.start() for found in _WHITE_SPACE.finditer(document.text, end, last + 1)), default=end)
        last = gap_before
    return first, last


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap become one, so that highlighting never nests."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if joined and low < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined
