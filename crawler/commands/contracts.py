"""How each portal's pages keep what they always gave, for `stats` and `check --live`. Every figure is a query over rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from crawler.commands.terminal import print_json, print_table
from crawler.contract.guard import alarm_of
from crawler.contract.rule import MEMORY
from crawler.wording import moment
from storage.readings import last_readings, n_degraded, portals_read
from storage.records import PastReading

SHOWN = ("title", "text", "published", "author")
LAST = 20
"""Pages whose share is shown beside the share of those before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """`shares`: field to its share of the last pages and of those before, which is None where there were none."""

    portal: str
    shares: Mapping[str, tuple[float, float | None]]
    n_degraded: int
    broken_since: datetime | None
    broken: tuple[str, ...]


def contracts(session: Session) -> list[Contract]:
    """One for each portal that any page was read of."""
    degraded = n_degraded(session)
    return [_contract(session, portal, degraded.get(portal, 0)) for portal in portals_read(session)]


def _contract(session: Session, portal: str, degraded: int) -> Contract:
    readings, alarm = last_readings(session, portal, limit=MEMORY), alarm_of(session, portal)
    before, last = readings[:-LAST], readings[-LAST:]
    shares = {name: (_share(last, name) or 0.0, _share([one for one in before if not one.is_degraded], name)) for name in SHOWN}
    return Contract(
        portal=portal,
        shares=shares,
        n_degraded=degraded,
        broken_since=alarm.since if alarm else None,
        broken=alarm.doubt.clauses if alarm else (),
    )


def _share(readings: Sequence[PastReading], field: str) -> float | None:
    return sum(field in one.reading.kept for one in readings) / len(readings) if readings else None


def print_contracts(found: Sequence[Contract], say: Callable[..., str]) -> None:
    """Of each field: its share of the last pages, and in brackets that of the pages before where it differs."""
    rows = [(one.portal, _state(one, say), *(_shown(*one.shares[name]) for name in SHOWN), str(one.n_degraded or "")) for one in found]
    heads = [say("portal"), say("state"), *(say(f"contract {name}") for name in SHOWN), say("contract degraded")]
    print_table(say("contracts", n=LAST), heads, rows, right=(2, 3, 4, 5, 6))


def print_contracts_json(found: Sequence[Contract]) -> None:
    for one in found:
        shares = {name: {"last": last, "before": before} for name, (last, before) in one.shares.items()}
        facts = {"n_degraded": one.n_degraded, "broken_since": one.broken_since, "broken": list(one.broken)}
        print_json({"kind": "contract", "portal": one.portal, "shares": shares, **facts})


def _state(one: Contract, say: Callable[..., str]) -> str:
    return say("ok") if one.broken_since is None else say("contract broken", at=moment(one.broken_since), clauses=", ".join(one.broken))


def _shown(last: float, before: float | None) -> str:
    return f"{last:.0%}" if before is None or f"{before:.0%}" == f"{last:.0%}" else f"{last:.0%} ({before:.0%})"
