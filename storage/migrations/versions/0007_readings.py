"""What each fetched page gave to its portal's rules, by which a portal's contract is judged."""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "readings",
        sa.Column("id", big, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("link_id", big, nullable=False),
        sa.Column("article_id", big, nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("n_chars", sa.Integer(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("is_degraded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_readings_link_id_links"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_readings_article_id_articles"),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
        sa.UniqueConstraint("link_id", name="uq_readings_link_id"),
    )
    op.create_index("ix_readings_portal", "readings", ["portal", "id"])
    op.create_index("ix_readings_article_id", "readings", ["article_id"])
