"""`canhbao repair`: new rules for a portal whose pages have changed, from articles that were read when the old ones still fitted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from sqlalchemy.orm import Session

from config.files import Unreadable, read_text, replace_text
from config.load import Config
from config.portal import Portal
from crawler.app import open_client
from crawler.commands.terminal import print_json, say_line
from crawler.dedup.urls import hosts_of
from crawler.errors import FetchError, ParseError
from crawler.fetch.client import Client
from crawler.model import VIETNAM, Page
from crawler.rawpages import unpack
from crawler.repair.patch import as_block, as_copy, report
from crawler.repair.placing import CannotPlaceError, anchored, placed
from crawler.repair.proposal import Proposal, propose, read_as_stored
from crawler.repair.sample import Sample
from crawler.wording import say_choice, speak
from storage.articles import article_by_url
from storage.engine import Store
from storage.pages import page_of_article
from storage.readings import degraded_articles, well_read
from storage.records import Article

N_PAGES = 12
NEEDED = ("title", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`is_stored`: the portal is asked nothing. `write`: the folder with the portal's file, or for it; None: the rules are printed."""

    portal: str
    n_pages: int = N_PAGES
    write: Path | None = None
    is_stored: bool = False


def repair(config: Config, wish: Wish, *, as_json: bool, now: datetime) -> int:
    """Print rules for a portal, or put them into its file. 1 when none are found that are good, or none are needed; 2 for no portal."""
    say = speak(config.settings.language)
    told = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    portal = config.portals.get(wish.portal)
    if portal is None:
        told.print(say("unknown portal", id=wish.portal, advice=say_choice(say, wish.portal, config.portals)))
        return 2
    with Store.open(config.database_url) as store:
        stored = [] if wish.is_stored else store.look(_well_read, portal.id, limit=wish.n_pages)
        looked_at = asyncio.run(_fetch_all(config, portal, stored, told)) if stored else []
        samples = [sample for sample in looked_at if not read_as_stored(sample)]
        if not samples:
            looked_at += (kept := store.look(_kept, portal, limit=wish.n_pages))
            samples = [sample for sample in kept if not read_as_stored(sample)]
    if not samples:
        told.print(say("repair not needed", n=len(looked_at)) if looked_at else say("repair nothing stored", portal=portal.id))
        return 1
    return _show(config, portal, propose(samples), wish, as_json=as_json, told=told, now=now)


def _well_read(session: Session, portal: str, *, limit: int) -> list[Article]:
    urls = well_read(session, portal, needed=NEEDED, limit=limit)
    return [article for url in urls if (article := article_by_url(session, url)) is not None]


def _kept(session: Session, portal: Portal, *, limit: int) -> list[Sample]:
    """The degraded articles whose pages are kept: where only new articles have the new layout, they alone show it."""
    samples = []
    for number, url in degraded_articles(session, portal.id, limit=limit):
        article, page = article_by_url(session, url), page_of_article(session, number)
        if article is not None and page is not None:
            samples.append(Sample(unpack(page.raw), article, portal, is_partial=True))
    return samples


async def _fetch_all(config: Config, portal: Portal, stored: Sequence[Article], told: Console) -> list[Sample]:
    async with open_client(config.settings.http, portals=[portal]) as client:
        return [sample for article in stored if (sample := await _fetch(client, portal, article, told)) is not None]


async def _fetch(client: Client, portal: Portal, article: Article, told: Console) -> Sample | None:
    told.print(f"… {article.url}")
    try:
        answer = await client.get(article.url, accept="page", portal_hosts=hosts_of(portal), interval_s=portal.per_host_interval_s)
        if not isinstance(answer, Page):
            told.print(f"  {answer}")
            return None
        sample = Sample(answer, article, portal)
        _ = sample.root  # a page that is no HTML says so here
    except (FetchError, ParseError) as error:
        told.print(f"  {error.reason}")
        return None
    return sample


def _show(config: Config, portal: Portal, proposal: Proposal, wish: Wish, *, as_json: bool, told: Console, now: datetime) -> int:
    say, today = speak(config.settings.language), now.astimezone(VIETNAM).date()
    if proposal.rules is None:
        if as_json:
            print_json(_facts(portal, proposal, None))
        for line in report(proposal):
            told.print(line)
        told.print(say("repair failed", n=proposal.n_samples, missing=", ".join(proposal.missing) or "title, body"))
        return 1
    block = as_block(portal, proposal, proposal.rules, today=today)
    if as_json:
        print_json(_facts(portal, proposal, block))
    trouble = _put(config, portal, proposal, wish.write, today=today) if wish.write is not None else None
    if not as_json and (wish.write is None or trouble is not None):
        say_line(block)
    if trouble is not None:
        told.print(trouble)
        return 1
    if wish.write is not None and not _is_read(config, wish.write):
        told.print(say("repair unread folder", folder=wish.write))
    told.print(say("repair good" if proposal.is_good else "repair poor", portal=portal.id))
    return 0 if proposal.is_good else 1


def _put(config: Config, portal: Portal, proposal: Proposal, folder: Path, *, today: date) -> str | None:
    """Put the rules into the portal's file in `folder`, or into a copy there of the one in force, and say its path. Else: why not."""
    say, rules, source = speak(config.settings.language), proposal.rules, config.portal_files[portal.id]
    is_there = source.parent.resolve() == folder.resolve()
    path = source if is_there else folder / f"{portal.id}.yaml"
    assert rules is not None
    if portal.article.rules[:1] == (rules,):
        return f"{source}: {say('repair has them')}"
    if not is_there and path.exists():
        return f"{path}: {say('discover exists')}"
    try:
        text = read_text(source)
        if not is_there:
            text = as_copy(portal, anchored(text, source.parent), today=today)
        text = placed(text, rules, [f"proposed by `canhbao repair` on {today:%d %B %Y}", *report(proposal)])
        folder.mkdir(parents=True, exist_ok=True)
        replace_text(path, text, like=source)
    except Unreadable as error:
        return f"{source}: {error.why}"
    except CannotPlaceError:
        return f"{source}: {say('repair unplaced')}"
    except OSError as error:
        return f"{path}: {error.strerror}. {say('repair unwritten')}"
    say_line(str(path))
    return None


def _is_read(config: Config, folder: Path) -> bool:
    """Whether portal files in `folder` are in force."""
    return folder.resolve() in {(config.path.parent / each).resolve() for each in config.settings.portals}


def _facts(portal: Portal, proposal: Proposal, block: str | None) -> dict[str, object]:
    return {
        "kind": "repair",
        "portal": portal.id,
        "rules": proposal.rules.model_dump(exclude_none=True, exclude_defaults=True) if proposal.rules is not None else None,
        "yaml": block,
        "good": proposal.is_good,
        "scores": {name: {"equal": equal, "of": of} for name, (equal, of) in proposal.scores.items()},
        "held_out": proposal.is_held_out,
        "missing": list(proposal.missing),
        "pages": proposal.n_samples,
        "pages_changed": proposal.n_changed,
    }
