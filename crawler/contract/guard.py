"""Keeps watch over the contracts: after each page, has its portal stopped giving what it always gave, does it give it again?

Both are told once, by what is written down in the same transaction. While a contract is broken, `Doubt` goes with every page to the
reading of it: where the rules miss what broke, the page is read as one of an unknown portal and its article is marked degraded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from loguru import logger
from sqlalchemy.orm import Session

from config.portal import Portal
from crawler.alert.operator import operator_event, raise_to
from crawler.contract.evidence import evidence
from crawler.contract.reading import DEGRADED
from crawler.contract.rule import (
    MEMORY,
    MIN_PAST,
    NEIGHBOURS,
    WINDOWS,
    Doubt,
    Norm,
    Sane,
    Shortfall,
    clauses_kept,
    is_mended,
    is_suspicious,
    judge,
    missed,
    norm_of,
)
from crawler.model import Route
from storage.dialects import RECORDING, alone
from storage.engine import Store
from storage.memories import recall, remember
from storage.readings import last_readings, mark_degraded
from storage.records import PastReading, Reading

LOOK_AFTER_PAGES = 50
"""The norm is worked out anew so often, however well all goes."""
GIVE_RULES_PAGES = 10
"""Mended rules are believed for so many pages; when these do not end the alarm, they are doubted as the old ones were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A broken contract, as it is remembered. `after`: the last reading before it was raised; `tried`: mended rules, and since when."""

    since: datetime
    after: int
    doubt: Doubt
    told: str
    tried: tuple[str, int] | None = None


def fingerprint(portal: Portal) -> str:
    """The same as long as the portal is read by the same rules."""
    return sha256("\n".join(rules.model_dump_json() for rules in portal.article.rules).encode()).hexdigest()[:16]


def alarm_of(session: Session, portal: str) -> Alarm | None:
    """The alarm that stands for a portal."""
    return _load(recall(session, _name(portal)))


@dataclass(slots=True, kw_only=True)
class _Known:
    """What is known of one portal between two looks at the rows. `past`: its sound readings, oldest first; `misses`: which owed something."""

    alarm: Alarm | None
    norm: Norm | None
    past: list[Reading]
    misses: list[bool]
    n_pages: int = 0

    def note(self, reading: Reading) -> None:
        before = self.past[-NEIGHBOURS:]
        self.misses.append(self.norm is not None and bool(missed(reading, before, self.norm)))
        self.past.append(reading)
        self.n_pages += 1

    @property
    def wants_a_look(self) -> bool:
        is_young = self.norm is None and len(self.past) >= MIN_PAST
        return self.alarm is not None or is_young or is_suspicious(self.misses) or self.n_pages >= LOOK_AFTER_PAGES


class Guard:
    """One for a process. What it holds is a copy of rows, so that a page that keeps its portal's contract costs no query."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    async def doubt(self, store: Store, portal: Portal) -> Doubt | None:
        """What is to be doubted in the next page; None when the contract stands, or the rules are not those that broke it."""
        known = self._known.get(portal.id) or await self._learn(store, portal)
        if known.alarm is None or known.alarm.doubt.rules != fingerprint(portal):
            return None
        return known.alarm.doubt

    async def look(self, store: Store, operators: Sequence[Route], portal: Portal, reading: Reading, *, now: datetime) -> None:
        """After a page of `portal` was read and stored: raise or end its alarm if that is due."""
        known = self._known.get(portal.id)
        if known is not None:
            known.note(reading)
            if not known.wants_a_look:
                return
        known = await self._learn(store, portal)
        if known.alarm is not None:
            ended = await store.write(end_or_go_on, operators, portal, now=now)
        elif is_suspicious(known.misses) and judge(known.past):
            ended = await store.write(raise_if_broken, operators, portal, now=now)
        else:
            return
        if ended:
            logger.warning("operator: {}", ended)
            await self._learn(store, portal)

    async def _learn(self, store: Store, portal: Portal) -> _Known:
        """Read anew what the rows say."""
        alarm, past = await store.read(_standing, portal.id)
        norm, recent = norm_of(past[: -WINDOWS[0]]), range(max(0, len(past) - WINDOWS[0]), len(past))
        misses = [norm is not None and bool(missed(past[n], past[max(0, n - NEIGHBOURS) : n], norm)) for n in recent]
        known = self._known[portal.id] = _Known(alarm=alarm, norm=norm, past=past, misses=misses)
        return known


# --- within one transaction


def _standing(session: Session, portal: str) -> tuple[Alarm | None, list[Reading]]:
    return alarm_of(session, portal), [past.reading for past in sound_readings(session, portal)]


def sound_readings(session: Session, portal: str) -> list[PastReading]:
    """The portal's own past: its last readings without those of a time when its contract was broken. Oldest first."""
    return [past for past in last_readings(session, portal, limit=MEMORY) if not past.is_degraded]


def raise_if_broken(session: Session, operators: Sequence[Route], portal: Portal, *, now: datetime) -> str | None:
    """Remember that the contract is broken, mark the articles that lack something, and tell the operator; what was told."""
    alone(session, RECORDING)
    past = sound_readings(session, portal.id)
    broken = judge([one.reading for one in past])
    if alarm_of(session, portal.id) is not None or not broken:
        return None
    clauses = tuple(short.clause for short in broken)
    norm = norm_of([one.reading for one in past[: -max(short.n_of for short in broken)]])
    sane = norm.sane if norm is not None else Sane()
    event = operator_event(
        kind="rules_broken",
        key=f"{portal.id}/{now:%Y-%m-%dT%H:%M:%S.%f}",
        summary=f"{portal.id}: {', '.join(clauses)}",
        detail=evidence(portal, broken, past[-1], sane),
        now=now,
    )
    mark_degraded(session, _lacking(past, broken, sane), DEGRADED)
    doubt = Doubt(clauses=clauses, sane=sane, rules=fingerprint(portal))
    _keep(session, portal.id, Alarm(since=now, after=past[-1].id, doubt=doubt, told=event.dedup_key), now)
    raise_to(session, operators, event, now=now)
    return f"rules_broken: {portal.id}: {', '.join(clauses)}"


def _lacking(past: Sequence[PastReading], broken: Sequence[Shortfall], sane: Sane) -> list[int]:
    """The readings, of those the alarm rests on, that miss something of what broke."""
    ids = []
    for n in range(max(0, len(past) - max(short.n_of for short in broken)), len(past)):
        before = [one.reading for one in past[max(0, n - NEIGHBOURS) : n]]
        if not clauses_kept(past[n].reading, before, sane).issuperset(short.clause for short in broken):
            ids.append(past[n].id)
    return ids


def end_or_go_on(session: Session, operators: Sequence[Route], portal: Portal, *, now: datetime) -> str | None:
    """End the alarm once the pages read since keep again what was broken; doubt mended rules, too, that mend nothing."""
    alone(session, RECORDING)
    alarm = alarm_of(session, portal.id)
    if alarm is None:
        return None
    since = last_readings(session, portal.id, limit=MEMORY, after=alarm.after)
    if is_mended([one.reading for one in since], alarm.doubt.clauses, alarm.doubt.sane):
        remember(session, _name(portal.id), {}, now=now)
        event = operator_event(
            kind="rules_mended", key=alarm.told, summary=portal.id, detail=f"broken since {alarm.since:%Y-%m-%d %H:%M} UTC", now=now
        )
        raise_to(session, operators, event, now=now)
        return f"rules_mended: {portal.id}"
    _judge_mended_rules(session, portal, alarm, since, now)
    return None


def _judge_mended_rules(session: Session, portal: Portal, alarm: Alarm, since: Sequence[PastReading], now: datetime) -> None:
    rules = fingerprint(portal)
    if rules == alarm.doubt.rules:
        return
    if alarm.tried is None or alarm.tried[0] != rules:
        newest = since[-1].id if since else alarm.after
        _keep(session, portal.id, replace(alarm, tried=(rules, newest)), now)
    elif sum(one.id > alarm.tried[1] for one in since) >= GIVE_RULES_PAGES:
        _keep(session, portal.id, replace(alarm, doubt=replace(alarm.doubt, rules=rules)), now)


# --- what is remembered


def _name(portal: str) -> str:
    return f"contract/{portal}"


def _keep(session: Session, portal: str, alarm: Alarm, now: datetime) -> None:
    doubt = alarm.doubt
    value = {
        "since": alarm.since.isoformat(),
        "after": alarm.after,
        "clauses": list(doubt.clauses),
        "shortest": doubt.sane.shortest,
        "longest": None if doubt.sane.longest == float("inf") else doubt.sane.longest,
        "rules": doubt.rules,
        "told": alarm.told,
        "tried": list(alarm.tried) if alarm.tried else None,
    }
    remember(session, _name(portal), value, now=now)


def _load(kept: Any) -> Alarm | None:
    if not kept:
        return None
    sane = Sane(shortest=kept["shortest"], longest=float("inf") if kept["longest"] is None else kept["longest"])
    return Alarm(
        since=datetime.fromisoformat(kept["since"]),
        after=kept["after"],
        doubt=Doubt(clauses=tuple(kept["clauses"]), sane=sane, rules=kept["rules"]),
        told=kept["told"],
        tried=tuple(kept["tried"]) if kept["tried"] else None,
    )
