"""Raw pages, kept packed, and which revisions came of reading them again."""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pages",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("article_id", BigInt, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("link_id", BigInt, nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n_bytes", sa.Integer(), nullable=False),
        sa.Column("requested_url", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("redirects", sa.JSON(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("hint", sa.JSON(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_pages_article_id"),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_pages_link_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("article_id", "revision", name="uq_pages_article_id_revision"),
        sa.UniqueConstraint("link_id", name="uq_pages_link_id"),
    )
    op.create_index("ix_pages_age", "pages", ["fetched_at", "article_id", "n_bytes"])
    op.create_index("ix_pages_portal", "pages", ["portal", "id"])
    op.add_column("revisions", sa.Column("reason", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE pages ALTER COLUMN body SET STORAGE EXTERNAL")  # it is packed already
