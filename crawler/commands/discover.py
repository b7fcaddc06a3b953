"""`canhbao discover`: looks at a site and proposes a portal file for it."""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from ruamel.yaml import YAML

from config.files import create_text
from config.load import Config, ConfigError, load
from config.shipped import SHIPPED_WATCHES
from crawler.app import open_client
from crawler.commands.showing import Say
from crawler.commands.terminal import print_json, say_line
from crawler.dedup import urls
from crawler.discover.findings import Findings, FoundSource
from crawler.discover.proposal import as_yaml, portal_id
from crawler.discover.survey import Survey
from crawler.errors import FetchError, ParseError
from crawler.model import VIETNAM
from crawler.wording import say_failure, speak


def discover(config: Config, url: str, *, write: Path | None, as_json: bool, now: datetime) -> int:
    """Print the proposal, or write it into the folder `write`. 1 when the site cannot be read, or shows no article."""
    say = speak(config.settings.language)
    told = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    try:
        findings = asyncio.run(_survey(config, url, told))
    except (FetchError, ParseError) as error:
        told.print(say("discover failed", why=_why(say, error)))
        return 1
    text = as_yaml(findings, today=now.astimezone(VIETNAM).date())
    if as_json:
        print_json({"kind": "portal", "id": portal_id(findings), "yaml": text, "confidence": findings.confidence, **_facts(findings)})
    is_kept = write is not None and written(write / f"{portal_id(findings)}.yaml", text, told, say("discover exists"))
    if not is_kept and not as_json:
        say_line(text)  # also where it could not be written: a minute of polite asking must not be lost for that
    problems = problems_of(text)  # only now: a full disk ends it
    for problem in problems:
        told.print(problem)
    if write is not None and not is_kept:
        return 1
    for known in _known(config, findings):
        told.print(say("discover known", portal=known))
    told.print(say(f"discover {findings.confidence}", home=findings.home))
    return 1 if problems or findings.confidence == "low" else 0


def _why(say: Say, error: FetchError | ParseError) -> str:
    reason = say_failure(say, error.kind.value, error.reason) if isinstance(error, FetchError) else error.reason
    return f"{error.url}: {reason}"


async def _survey(config: Config, url: str, told: Console) -> Findings:
    async with open_client(config.settings.http, portals=config.portals.values()) as client:
        return await Survey(client, tell=lambda asked: told.print(f"… {asked}")).run(url if "://" in url else f"https://{url}/")


def problems_of(text: str) -> Sequence[str]:
    """What `canhbao check` would have against this portal file."""
    with tempfile.TemporaryDirectory() as folder:
        path, portals = Path(folder) / "canhbao.yaml", Path(folder) / "portals"
        portals.mkdir()
        (portals / "proposal.yaml").write_text(text, encoding="utf-8")
        with path.open("w", encoding="utf-8") as main:
            channels = {"log": {"type": "file", "path": "alerts.jsonl"}}  # which the shipped watch names
            YAML().dump({"portals": ["portals"], "watches": str(SHIPPED_WATCHES), "channels": channels}, main)
        try:
            load(path, environ={})
        except ConfigError as error:
            return [problem for problem in error.problems if "proposal.yaml" in problem]
    return []


def written(path: Path, text: str, told: Console, exists: str) -> bool:
    """Write a new file, or no part of it, and say its path. Never over a file that is there: somebody may have edited it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_text(path, text)
    except OSError as error:
        told.print(f"{path}: {exists if isinstance(error, FileExistsError) and path.exists() else error.strerror}")
        return False
    say_line(str(path))
    return True


def _known(config: Config, findings: Findings) -> Sequence[str]:
    host = urls.host_of(findings.home)
    return [portal.id for portal in config.portals.values() if host in urls.hosts_of(portal)]


def _facts(findings: Findings) -> dict[str, object]:
    return {
        "home": findings.home,
        "name": findings.name,
        "sources": [_source(each) for each in (*findings.feeds, *findings.listings, *findings.sitemaps)],
        "patterns": [{"era": each.era, "match": each.match, "example": each.example} for each in findings.patterns],
        "families": [each.family for each in findings.rules],
        "tried": [{"url": asked, "why": why} for asked, why in findings.tried],
    }


def _source(source: FoundSource) -> dict[str, object]:
    return {"kind": source.kind, "url": source.url, "n_entries": source.n_entries, "n_articles": len(source.articles)}
