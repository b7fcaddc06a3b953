"""A watch as an expression, whether it is written in phrases or as a query."""

from config.watch import Watch
from crawler.match.expression import of_phrases
from crawler.match.terms import Expression


def expression_of(watch: Watch) -> Expression:
    """Raises: QueryError."""
    return of_phrases(watch.any, watch.all, watch.none, marks="auto", abbreviations=True)
