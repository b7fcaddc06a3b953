"""Alembic's entry: runs the revisions on the connection `storage.schema` hands over, inside its transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import METADATA


def render_plain(_: str, item: Any, __: AutogenContext) -> str | Literal[False]:
    """Revisions name SQLAlchemy's own types, so that they run unchanged when ours have moved on."""
    match type(item).__name__:
        case "CleanText":
            return "sa.Text()"
        case "CleanJson":
            return "sa.JSON()"
        case "UTCDateTime":
            return "sa.DateTime(timezone=True)"
        case _:
            return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # SQLite too: a migration that fails half-way leaves nothing
    render_as_batch=True,  # SQLite alters a table by copying it
    render_item=render_plain,
)
context.run_migrations()
