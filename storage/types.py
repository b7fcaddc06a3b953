"""Column types that take whatever a page says and hold what both databases can store."""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import JSON, Row, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


def storable(value: str) -> str:
    """`value` without NUL and lone surrogates, which PostgreSQL refuses: one odd byte in a feed must not stop a whole poll."""
    if value.isascii():
        return value.replace("\0", "") if "\0" in value else value
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def to_json(value: Any) -> str:
    """JSON as both databases take it: readable Vietnamese, no NUL, no lone surrogate."""
    dumped = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if "\\u0000" not in dumped and _is_utf8(dumped):
        return dumped
    return json.dumps(_storable_tree(value), ensure_ascii=False, separators=(",", ":"))


def _is_utf8(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _storable_tree(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case Mapping():
            return {storable(key): _storable_tree(each) for key, each in value.items()}
        case list() | tuple():
            return [_storable_tree(each) for each in value]
        case _:
            return value


class CleanText(TypeDecorator[str]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else storable(value)


class CleanJson(TypeDecorator[Any]):
    """Any mapping or sequence of JSON types. JSON and not JSONB: what was written is what is read, the order of keys included."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        return dict(value) if isinstance(value, Mapping) else value
