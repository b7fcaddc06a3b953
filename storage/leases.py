"""Claims are leases: who takes a row names itself, and everything it later writes there must show the token it was given.

A crash after a claim only delays the row until the lease runs out. Two claimers never get the same row: SQLite has one
writer, PostgreSQL skips rows that another transaction has locked.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import BindParameter, Column, ColumnElement, Select, Table, TextClause, Update, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from storage.types import AnyRow

FREE = {"lease_owner": None, "lease_token": None, "lease_until": None}
"""The values of a row that nobody works on."""

N_BUGS_TO_PARK = 3  # design §2.8: after three tries a row that hits our own bugs is parked


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One claim: the same token for all rows of its batch, since each is only ever looked up by row and token."""

    token: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, owner: str, *, until: datetime) -> "Lease":
        token = uuid4().hex
        return cls(token=token, values={"lease_owner": owner, "lease_token": token, "lease_until": until})


def is_free(table: Table, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Nobody works on the row, or whoever did has been silent for too long."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= now)


def take(session: Session, table: Table, ids: Sequence[int], lease: Lease, **values: Any) -> Sequence[AnyRow]:
    """Put rows that were selected for update under `lease` and return them whole, in the order of `ids`."""
    if not ids:
        return []
    taken = session.execute(update(table).where(table.c.id.in_(ids)).values(**lease.values, **values).returning(table))
    place = {row_id: n for n, row_id in enumerate(ids)}
    return sorted(taken.all(), key=lambda row: place[row.id])


def update_ours(session: Session, table: Table, row_id: int, token: str, **values: Any) -> bool:
    """Write to a row we hold and let go of it. False, and nothing written, when it is no longer ours."""
    reckoned = {name: value for name, value in values.items() if isinstance(value, ColumnElement)}
    statement = _ours_updated(table).values(**reckoned) if reckoned else _ours_updated(table)
    plain = {name: value for name, value in {**FREE, **values}.items() if name not in reckoned}
    return session.execute(statement, {**plain, "the_id": row_id, "the_token": token}).first() is not None


def lock_ours(session: Session, table: Table, row_id: int, token: str) -> AnyRow | None:
    """The row, locked until the transaction ends; None when it is no longer ours."""
    return session.execute(_ours_locked(table), {"the_id": row_id, "the_token": token}).first()


@cache  # building a statement costs more than running it
def _ours_updated(table: Table) -> Update:
    """Give it the values to execute: its columns are those of the parameters."""
    return update(table).where(_is_ours(table)).returning(table.c.id)


@cache
def _ours_locked(table: Table) -> Select[Any]:
    return select(table).where(_is_ours(table)).with_for_update()


def _is_ours(table: Table) -> ColumnElement[bool]:
    return and_(table.c.id == bindparam("the_id"), table.c.lease_token == bindparam("the_token"))


def distinct(column: Column[str], where: TextClause) -> Select[Any]:
    """The distinct values of `column` among the rows `where`, walking its index from value to value.

    The cost grows with the hosts, not with their backlog.
    """
    table = column.table
    turns = select(func.min(column).label("value")).where(where).cte("turns", recursive=True)
    following = select(func.min(column)).select_from(table).where(where, column > turns.c.value).correlate(turns).scalar_subquery()
    turns = turns.union_all(select(following).where(turns.c.value.is_not(None)))
    return select(turns.c.value).where(turns.c.value.is_not(None))


def in_turn(values: Iterable[str], *, without: Collection[str] = (), now: datetime, every_s: int = 1) -> list[str]:
    """`values` but `without` some, beginning at another one every `every_s` seconds.

    The moving start keeps the turns fair when there is room for fewer than all, and needs no memory.
    """
    left = [value for value in values if value not in without]
    start = int(now.timestamp()) // every_s % len(left) if left else 0
    return left[start:] + left[:start]


def by_turns(values: Sequence[str], limit: int, pick: Callable[[str, int], Sequence[int]]) -> list[int]:
    """The ids that `pick(value, share)` gives, at most `limit`: each value may take its part, and what others left over."""
    ids: list[int] = []
    for n, value in enumerate(values):
        if len(ids) >= limit:
            break
        ids += pick(value, -(-(limit - len(ids)) // (len(values) - n)))
    return ids
