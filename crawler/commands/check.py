"""`canhbao check`: is the configuration right, and with --live: does each source still answer as it should?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from config.load import Config
from config.portal import Portal, Source
from crawler.app import open_client
from crawler.commands.contracts import Contract, contracts, print_contracts, print_contracts_json
from crawler.commands.remarks import print_remarks
from crawler.commands.terminal import print_json, print_table, say_line
from crawler.errors import FetchError, ParseError
from crawler.fetch.client import Client
from crawler.model import NotModified, Page, Skipped
from crawler.reading import read_article, read_source
from crawler.wording import speak
from storage.connect import shown
from storage.engine import Store
from storage.errors import SchemaTooOld
from storage.records import Article, SeenLink


def summary(config: Config, *, as_json: bool) -> int:
    """The configuration has been loaded, so it is right: say what it holds, and what is odd about its watches."""
    asked = [portal for portal in config.portals.values() if portal.enabled]
    facts = {
        "path": str(config.path),
        "portals": len(config.portals),
        "asked": len(asked),
        "by_rules": sum(portal.level == "rules" for portal in asked),
        "sources": sum(len(portal.sources) for portal in asked),
        "watches": len(config.watches),
        "channels": len(config.settings.channels),
        "database": shown(config.database_url),
    }
    if as_json:
        print_json({"kind": "config", **facts})
    else:
        say_line(speak(config.settings.language)("config fine", **facts))
    print_remarks(config, as_json=as_json)
    return 0


ARTICLE = "(article)"
"""Stands where the name of a source does: the page of one article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one source gave. `why` is None when it gave articles."""

    portal: str
    source: str
    url: str
    n_entries: int
    n_articles: int
    why: str | None


def live(config: Config, *, as_json: bool) -> int:
    """Fetch each source once and an article of each portal, politely, and report. 1 when any gave no article, or its rules no longer fit."""
    visits = asyncio.run(_visit_all(config))
    if as_json:
        for visit in visits:
            print_json({"kind": "visit", **{name: getattr(visit, name) for name in Visit.__slots__}})
    else:
        say = speak(config.settings.language)
        print_table(
            say("sources"),
            [say("source"), say("number"), say("error")],
            [(f"{v.portal}/{v.source}", f"{v.n_articles}/{v.n_entries}", v.why or "") for v in visits],
            right=(1,),
        )
    broken = _broken(config)
    if as_json:
        print_contracts_json(broken)
    else:
        print_contracts(broken, speak(config.settings.language))
    return 1 if broken or any(visit.why for visit in visits) else 0


def _broken(config: Config) -> list[Contract]:
    """The contracts whose alarm stands; none where nothing was stored yet."""
    try:
        with Store.open(config.database_url) as store:
            return [one for one in store.look(contracts) if one.broken_since is not None]
    except SchemaTooOld:
        return []


async def _visit_all(config: Config) -> list[Visit]:
    portals = [portal for portal in config.portals.values() if portal.enabled]
    async with open_client(config.settings.http, portals=config.portals.values()) as client:
        visits = await asyncio.gather(*(_visit_portal(client, portal) for portal in portals))
    return [visit for of_one in visits for visit in of_one]


async def _visit_portal(client: Client, portal: Portal) -> list[Visit]:
    """Each source, then the first article that any of them names: do the portal's rules still read it?"""
    visits = await asyncio.gather(*(_visit(client, portal, source) for source in portal.sources))
    link = next((link for _, links in visits for link in links), None)
    page = [] if link is None else [await _visit_article(client, portal, link)]
    return [*(visit for visit, _ in visits), *page]


async def _visit(client: Client, portal: Portal, source: Source) -> tuple[Visit, Sequence[SeenLink]]:
    n_entries, links, why = 0, tuple[SeenLink, ...](), None
    try:
        page = await _ask(client, portal, str(source.url))
        if isinstance(page, Page):
            gleaned = read_source(page, portal, source)
            n_entries, links = gleaned.n_entries, gleaned.links
            why = None if links else f"{n_entries} links, none has the shape of an article: check article.urls"
        else:
            why = page
    except (FetchError, ParseError) as error:
        why = error.reason
    url = str(source.url)
    return Visit(portal=portal.id, source=source.id, url=url, n_entries=n_entries, n_articles=len(links), why=why), links


async def _visit_article(client: Client, portal: Portal, link: SeenLink) -> Visit:
    try:
        page = await _ask(client, portal, link.url)
        why = page if isinstance(page, str) else _drift(read_article(page, portal, link.hint), portal)
    except (FetchError, ParseError) as error:
        why = error.reason
    return Visit(portal=portal.id, source=ARTICLE, url=link.url, n_entries=1, n_articles=int(why is None), why=why)


def _drift(article: Article, portal: Portal) -> str | None:
    """What is wrong with how the portal's rules read one article; None when they read it, or it has none."""
    if portal.article.rules and article.provenance.get("text") != "rule":
        return "; ".join(article.problems) or "the rules found no text"
    return None


async def _ask(client: Client, portal: Portal, url: str) -> Page | str:
    """The page, or why there is none."""
    match await client.get(url, interval_s=portal.per_host_interval_s):
        case Page() as page:
            return page
        case Skipped(reason=reason):
            return f"not fetched: {reason}"
        case NotModified():
            return "304 although nothing was asked to compare"
