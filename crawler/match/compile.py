"""A watch as an expression, whether it is written in phrases or as a query."""

from config.watch import Watch
from crawler.match.expression import of_phrases
from crawler.match.query import parse_query
from crawler.match.terms import And, Expression


def expression_of(watch: Watch) -> Expression:
    """Raises: QueryError."""
    phrases = of_phrases(watch.any, watch.all, watch.none, marks=watch.marks, abbreviations=watch.abbreviations)
    if watch.query is None:
        return phrases
    return And((parse_query(watch.query, marks=watch.marks, abbreviations=watch.abbreviations), phrases))
