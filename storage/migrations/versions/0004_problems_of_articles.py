"""What should be looked at in an article: letters lost or garbled, rules that did not match."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("problems", sa.JSON(), nullable=False, server_default="[]"))
