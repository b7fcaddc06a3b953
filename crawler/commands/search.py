"""`canhbao search`: stored articles that a query matches, by the very rules of the watches."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from itertools import islice
from typing import Literal

from config.load import Config
from config.provinces import PROVINCE_NAMES, province_name
from config.suggest import nearest
from config.watch import WORD_LETTER, Watch
from crawler.commands.showing import article_record, match_record, print_find
from crawler.commands.terminal import print_json, say_line
from crawler.history import Find, History
from crawler.match.pieces import QueryError
from crawler.wording import say_choice, speak
from storage.engine import Store

Order = Literal["newest", "relevance"]
QUERY = "query"
"""The id of a watch that stands in no configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which articles, how many of them and in which order."""

    since: datetime | None = None
    portals: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    limit: int = 20
    order: Order = "newest"


def search(config: Config, query: str, choice: Choice, *, as_json: bool) -> int:
    """Print at most `limit` articles; 0 also when there are none. Raises: QueryError."""
    say = speak(config.settings.language)
    if complaint := _unknown_places(config, choice, say):
        say_line(complaint)
        return 2
    watch = watch_of(query, portals=choice.portals, provinces=choice.provinces)
    with Store.open(config.database_url) as store:
        history = History(store, [watch], portals=config.portals, since=choice.since)
        finds = _ordered(history, choice.order, choice.limit)
    for find in finds:
        article, match = find.stored.article, find.match(QUERY)
        if as_json:
            print_json(article_record(article) | match_record(match))
        else:
            print_find(article, match, portal=portal_name(config, article.identity.portal), first_seen_at=find.stored.first_seen_at)
    if not as_json:
        say_line(say("found", n=len(finds)) if len(finds) < choice.limit else say("found at least", n=len(finds)))
    return 0


def _unknown_places(config: Config, choice: Choice, say: Callable[..., str]) -> str | None:
    """What to say of a portal or province that is none."""
    for portal in choice.portals:
        if portal not in config.portals:
            advice = say_choice(say, portal, config.portals)
            elsewhere = "" if nearest(portal, config.portals) else f"; portal:{portal}"
            return say("unknown portal", id=portal, advice=advice + elsewhere)
    for province in choice.provinces:
        if province_name(province) is None:
            return say("unknown province", name=province, advice=say_choice(say, province, PROVINCE_NAMES))
    return None


def _ordered(history: History, order: Order, limit: int) -> list[Find]:
    if order == "newest":
        return list(islice(history.newest(), limit))
    best = nlargest(
        limit,
        (
            (find.match(QUERY).score, -place, find)
            for place, find in enumerate(history.judge(history.candidates(), in_full=True))
            if find.watches
        ),
    )
    return [find for _, _, find in best]


def watch_of(query: str, *, portals: tuple[str, ...] = (), provinces: tuple[str, ...] = (), instead_of: Watch | None = None) -> Watch:
    """`query` as a watch, everything else as in `instead_of`. Raises: QueryError."""
    if not WORD_LETTER.search(query):
        raise QueryError("the query holds nothing to look for", position=0, advice="write a letter or a digit")
    said: dict[str, object] = {"id": QUERY, "name": query, "query": query, "portals": portals, "provinces": provinces}
    if instead_of is not None:
        of = instead_of
        said |= {"id": f"{of.id}-{QUERY}", "marks": of.marks, "abbreviations": of.abbreviations, "sections": of.sections}
        said |= {"portals": of.portals, "provinces": of.provinces}
        said |= {"at_least": of.at_least, "within_first": of.within_first, "weights": of.weights, "min_score": of.min_score}
    return Watch.model_validate(said)


def portal_name(config: Config, portal: str) -> str:
    return config.portals[portal].name if portal in config.portals else portal
