"""What a part of the crawler wants to find again after a restart: one JSON value a name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.dialects import upsert
from storage.tables import memories


def remember(session: Session, name: str, value: Mapping[str, Any], *, now: datetime) -> None:
    """Keep `value` (JSON types) under `name`, in the place of what was there."""
    row = {"name": name, "value": dict(value), "kept_at": now}
    session.execute(upsert(session, memories, key=("name",), changing=("value", "kept_at")), [row])


def recall(session: Session, name: str) -> Mapping[str, Any]:
    """What was last kept under `name`; empty when nothing was."""
    return session.scalar(select(memories.c.value).where(memories.c.name == name)) or {}
