"""What the operator reads of a broken contract: which field, on which page, what was expected and what was found. Pure."""

from collections.abc import Iterable, Sequence

from config.portal import Portal, Rules
from crawler.contract.rule import Sane, Shortfall
from storage.records import PastReading

_OF_WHICH = {"own title": "title", "own text": "body", "own date": "published", "text": "body", "length": "body"}
"""Of a clause, the rule that reads it."""
MAX_SELECTORS = 3


def evidence(portal: Portal, broken: Sequence[Shortfall], last: PastReading, sane: Sane) -> str:
    """Lines of `field: expected; found`, then where to look."""
    lines = [_line(portal, shortfall, last, sane) for shortfall in broken]
    return "\n".join([*lines, f"page: {last.url}", f"canhbao try {last.url} --kept", f"canhbao repair {portal.id}"])


def _line(portal: Portal, short: Shortfall, last: PastReading, sane: Sane) -> str:
    selectors = list(_selectors(portal.article.rules, short.clause))
    by = f" by {' | '.join(selectors)}" if selectors else ""
    return (
        f"{short.clause}: expected{by} on {short.usual:.0%} of the pages{_bounds(short.clause, sane)}; "
        f"found on {short.n_kept} of the last {short.n_of}{_found(short.clause, last)}"
    )


def _selectors(rules: Sequence[Rules], clause: str) -> Iterable[str]:
    field = _OF_WHICH.get(clause, clause)
    found = dict.fromkeys(str(css) for rule in rules if (css := getattr(rule, field)) is not None)
    return list(found)[:MAX_SELECTORS]


def _bounds(clause: str, sane: Sane) -> str:
    return f", {sane.shortest:.0f} to {sane.longest:.0f} characters" if clause == "length" else ""


def _found(clause: str, last: PastReading) -> str:
    if clause == "length":
        return f", on the last page {last.reading.n_chars} characters"
    if clause.startswith("own "):
        return ", else the same as on the pages before"
    return "" if clause in last.reading.kept else ", on the last page nothing"
