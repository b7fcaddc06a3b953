"""Keeping watch over the sources themselves: what the operator hears of one that fails, falls silent, loses items, or is back.

What lasts (failing, quiet) is told by its key, so that it is told once however often it is seen; what passes (it is back) is written down in
the very transaction that ends it. When most sources give nothing, that is one thing to tell and not twenty.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from loguru import logger
from sqlalchemy.orm import Session

from crawler.alert.operator import operator_event, planned, raise_to, tell_operator
from crawler.backoff import is_worth_telling
from crawler.memory import Memory
from crawler.memory import load as load_memory
from crawler.model import Route
from crawler.silence import is_suspicious, majority_since
from storage.alerts import has_happened
from storage.engine import Store
from storage.memories import recall, remember
from storage.records import DueSource, Event, FailedPoll, News, PollPlan
from storage.sources import standing

EVERYTHING = "everything_silent"
BACK = "everything_back"


def good_news(due: DueSource, before: Memory, follows: PollPlan, operators: Sequence[Route], *, now: datetime) -> tuple[News, ...]:
    """The source is back, after a failure or a silence that had been told."""
    ended: list[tuple[str, datetime]] = []
    if due.failing_since is not None:
        ended.append((f"operator.source_failing/{_key(due, due.failing_since)}", due.failing_since))
    quiet = before.quiet
    if quiet.since and is_suspicious(quiet, n_items=before.rhythm.n_items, now=now):
        after = load_memory(follows.memory).quiet
        if after.since != quiet.since:
            ended.append((f"operator.source_quiet/{_key(due, quiet.since)}", quiet.since))
    return tuple(_recovered(due, told, since, operators, now=now) for told, since in ended)


def _recovered(due: DueSource, told: str, since: datetime, operators: Sequence[Route], *, now: datetime) -> News:
    event = operator_event(kind="source_recovered", key=told, summary=_name(due), detail=f"{due.url}\n{_span(now - since)}", now=now)
    return News(event=event, deliveries=planned(event, operators, now=now), after=told)


async def look_after(store: Store, operators: Sequence[Route], due: DueSource, kept: PollPlan, *, url: str, now: datetime) -> None:
    """After an answered poll: is the source implausibly quiet, does it lose items, does it end everybody's silence?"""
    quiet_since = load_memory(kept.memory).quiet.since if kept.report.get("quiet_since") else None
    if quiet_since is not None:
        detail = f"{url}\nlast new item {quiet_since:%Y-%m-%d %H:%M} UTC, usually {kept.report['per_day']} a day"
        await _tell_silence(store, operators, due, "source_quiet", quiet_since, detail, now=now)
    if kept.report.get("has_repeated_gaps"):
        year, week, _ = now.isocalendar()
        detail = (
            f"{url}\n{kept.report['n_gaps']} gaps so far, the last {kept.report['last_gap_at']}; {kept.report['n_open_gaps']} not closed"
        )
        await tell_operator(
            store, operators, kind="source_gaps", key=f"{_name(due)}/{year}-{week}", summary=_name(due), detail=detail, now=now
        )
    if kept.news:
        await store.write(_tell_back, operators, now=now)


async def look_into(
    store: Store, operators: Sequence[Route], due: DueSource, state: FailedPoll, *, url: str, reason: str, now: datetime
) -> None:
    """After a failed poll: was it the bug that parks the source, has it failed for long enough to be told?"""
    if state.parked_now:
        await tell_operator(
            store, operators, kind="source_parked", key=f"{_name(due)}/{now:%Y-%m-%d}", summary=_name(due), detail=reason, now=now
        )
    elif state.failing_since and is_worth_telling(n_failures=state.n_failures, failing_since=state.failing_since, now=now):
        await _tell_silence(store, operators, due, "source_failing", state.failing_since, f"{url}\n{reason}", now=now)


async def _tell_silence(
    store: Store, operators: Sequence[Route], due: DueSource, kind: str, since: datetime, detail: str, *, now: datetime
) -> None:
    """One source's silence; or everybody's, in one message, when it is that: until most are back, none is told alone."""
    if await store.read(_is_told, f"operator.{kind}/{_key(due, since)}"):
        return
    all_sources = await store.read(standing)
    all_since = majority_since(all_sources, now)
    if all_since is None:
        await tell_operator(store, operators, kind=kind, key=_key(due, since), summary=_name(due), detail=detail, now=now)
        return
    n_silent = len(all_sources.failing_since) + len(all_sources.quiet_since)
    summary = f"{n_silent}/{all_sources.n_active}"
    event = operator_event(kind=EVERYTHING, key=_stamp(all_since), summary=summary, detail=detail, now=now)
    if await store.write(_tell_everything, operators, event, now=now):
        logger.warning("operator: {}: {}", EVERYTHING, summary)


def _is_told(session: Session, key: str) -> bool:
    return bool(recall(session, EVERYTHING)) or has_happened(session, key)


def _tell_everything(session: Session, operators: Sequence[Route], event: Event, *, now: datetime) -> bool:
    remember(session, EVERYTHING, {"told": event.dedup_key}, now=now)
    return raise_to(session, operators, event, now=now)


def _tell_back(session: Session, operators: Sequence[Route], *, now: datetime) -> bool:
    """Once most sources answer again after a silence of everybody that was told."""
    told = recall(session, EVERYTHING).get("told")
    if told is None:
        return False
    all_sources = standing(session)
    if majority_since(all_sources, now) is not None:
        return False
    remember(session, EVERYTHING, {}, now=now)
    event = operator_event(kind=BACK, key=told, summary=f"{all_sources.n_active}", detail=None, now=now)
    return raise_to(session, operators, event, now=now)


def _name(due: DueSource) -> str:
    return f"{due.portal}/{due.source}"


def _key(due: DueSource, since: datetime) -> str:
    return f"{_name(due)}/{_stamp(since)}"


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"


def _span(lasted: timedelta) -> str:
    hours = lasted.total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} d"  # noqa: PLR2004 - two days
