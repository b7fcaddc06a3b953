"""What the store is asked for a watch or a query: all that may match passes, and more; the matcher judges."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from config.watch import Watch
from crawler.match.compile import expression_of
from crawler.match.index import Catalogue, index_pair, index_word
from crawler.match.prefilter import AllOf, AnyOf, Candidates, Everything, Row
from crawler.match.terms import And, Expression, Origin, Published
from crawler.model import VIETNAM
from storage import records
from storage.records import IndexColumn, Sieve, Sought

MOST_WORDS = 400
"""Queries that ask for more are not narrowed by the index: no database is asked in pages of text."""
_COLUMNS: dict[str, IndexColumn] = {"normal": "normalised", "expanded": "expanded", "folded": "folded"}


def sieve_of(watch: Watch, catalogue: Catalogue, *, since: datetime | None = None) -> Sieve:
    """What every article has that `watch` matches, and that is not older than `since`. Raises: QueryError."""
    expression = expression_of(watch)
    sought = _sought(catalogue.candidates(expression))
    not_before, until = _days(expression)
    return Sieve(
        version=catalogue.version,
        words=sought if sought is not None and sum(1 for _ in _words_of(sought)) <= MOST_WORDS else None,
        portals=watch.portals or _portal(expression),
        since=max((each for each in (since, not_before) if each is not None), default=None),
        until=until,
    )


def _sought(asked: Candidates) -> Sought | None:
    match asked:
        case Everything():
            return None
        case Row(column, words, is_open):
            return _row(_COLUMNS[column], [index_word(word) for word in words], is_open=is_open)
        case AllOf(parts):
            narrow = tuple(each for each in map(_sought, parts) if each is not None)
            return records.AllOf(narrow) if narrow else None
        case AnyOf(parts):
            wide = [_sought(part) for part in parts]
            return None if None in wide else records.AnyOf(tuple(each for each in wide if each is not None))


def _row(column: IndexColumn, words: Sequence[str], *, is_open: bool) -> Sought:
    asked = [index_pair(*each) for each in pairwise(words)] or list(words)
    last = len(asked) - 1
    return records.AllOf(tuple(records.Word(word, column, is_open and place == last) for place, word in enumerate(asked)))


def _words_of(sought: Sought) -> Iterator[records.Word]:
    if isinstance(sought, records.Word):
        yield sought
    else:
        for part in sought.parts:
            yield from _words_of(part)


def _days(expression: Expression) -> tuple[datetime | None, datetime | None]:
    """Within which times an article must be published; None is open."""
    match expression:
        case Published(since, until):
            return _midnight(since), _midnight(until, days_on=1)
        case And(parts):
            bounds = [_days(part) for part in parts]
            since = max((low for low, _ in bounds if low is not None), default=None)
            return since, min((high for _, high in bounds if high is not None), default=None)
        case _:
            return None, None


def _midnight(day: date | None, *, days_on: int = 0) -> datetime | None:
    if day is None or not date(1900, 1, 1) < day < date(9000, 1, 1):  # outside of what arithmetic and databases can do, nothing is lost
        return None
    return (datetime(day.year, day.month, day.day, tzinfo=VIETNAM) + timedelta(days=days_on)).astimezone(UTC)


def _portal(expression: Expression) -> tuple[str, ...]:
    match expression:
        case Origin("portal", name):
            return (name,)
        case And(parts):
            return next(filter(None, map(_portal, parts)), ())
        case _:
            return ()
