"""A process that records articles as it is told to, and stops in the middle of each decision until it may go on.

Reads `ident portal` lines, then one line per decision; prints `deciding` when it is inside the transaction and the outcome
when it is over. With it the tests bring two recorders to the same point at the same moment.
"""

import sys
from collections.abc import Sequence

from crawler.dedup.decide import decide
from crawler.model import Route, Routing
from storage.articles import record
from storage.engine import Store
from storage.records import Article, Held, Outcome, Story
from tests.builders import NOON, make_article, make_identity, make_match

MATCH = make_match()
ROUTES = [
    Route(channel="mail", recipient="a@example.org", grouping="story"),
    Route(channel="mail", recipient="b@example.org", grouping="story"),
]
ROUTINGS = {MATCH.watch: Routing(watch=MATCH.watch, routes=ROUTES)}


def wire_copy(ident: str, portal: str) -> Article:
    """The same agency text as on every other portal."""
    identity = make_identity(ident, portal=portal)
    return make_article(identity=identity, url=f"http://{portal}/{ident}", text_hash=f"wire-{ident}", content_hash=f"wire-{ident}")


def judge(article: Article, held: Held, stories: Sequence[Story]) -> Outcome:
    return decide(article, held, stories, matches=[MATCH], routings=ROUTINGS, now=NOON)


def main(url: str) -> None:
    store = Store.open(url)
    for line in sys.stdin:
        article = wire_copy(*line.split())

        def stop_then_judge(held: Held, stories: Sequence[Story], article: Article = article) -> Outcome:
            print("deciding", flush=True)  # noqa: T201  # the protocol
            sys.stdin.readline()
            return judge(article, held, stories)

        outcome = store.run(record, article, [MATCH], stop_then_judge, link=None, now=NOON)
        print(type(outcome).__name__, flush=True)  # noqa: T201  # the protocol
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
