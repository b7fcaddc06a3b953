"""`canhbao check`: is the configuration right, and with --live: does each source still answer as it should?"""

import asyncio
from dataclasses import dataclass

from config.load import Config
from config.portal import Portal, Source
from crawler.app import open_client
from crawler.commands.remarks import print_remarks
from crawler.commands.terminal import print_json, print_table, say_line
from crawler.errors import FetchError, ParseError
from crawler.fetch.client import Client
from crawler.model import NotModified, Page, Skipped
from crawler.reading import read_source
from crawler.wording import speak
from storage.connect import shown


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
    """Fetch each source once, politely, and report. 1 when any gave no article."""
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
    return 1 if any(visit.why for visit in visits) else 0


async def _visit_all(config: Config) -> list[Visit]:
    async with open_client(config.settings.http, portals=config.portals.values()) as client:
        return await asyncio.gather(
            *(_visit(client, portal, source) for portal in config.portals.values() if portal.enabled for source in portal.sources)
        )


async def _visit(client: Client, portal: Portal, source: Source) -> Visit:
    n_entries = n_articles = 0
    why: str | None = None
    try:
        match await client.get(str(source.url), interval_s=portal.per_host_interval_s):
            case Page() as page:
                gleaned = read_source(page, portal, source)
                n_entries, n_articles = gleaned.n_entries, len(gleaned.links)
                why = None if n_articles else f"{n_entries} links, none has the shape of an article: check article.urls"
            case Skipped(reason=reason):
                why = f"not fetched: {reason}"
            case NotModified():
                why = "304 although nothing was asked to compare"
    except (FetchError, ParseError) as error:
        why = error.reason
    return Visit(portal=portal.id, source=source.id, url=str(source.url), n_entries=n_entries, n_articles=n_articles, why=why)
