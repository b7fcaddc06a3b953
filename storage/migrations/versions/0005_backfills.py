"""Backfills: walks back through what a portal still shows, and which links and articles only they have brought."""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state = 'open'")
LEASED = sa.text("lease_token IS NOT NULL")
NEWS = sa.text("state = 'open' AND NOT is_backfill")
PAST = sa.text("state = 'open' AND is_backfill")
BACKFILLED = sa.text("backfill_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "backfills",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_backfills"),
    )
    op.create_index("ix_backfills_portal", "backfills", ["portal", "id"])
    op.create_index("ix_backfills_state", "backfills", ["state"])

    op.create_table(
        "backfill_pages",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("backfill_id", BIG_INT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("after_id", BIG_INT, nullable=True),
        sa.Column("n_barren", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n_tries", sa.Integer(), nullable=False),
        sa.Column("n_bugs", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("n_shown", sa.Integer(), nullable=False),
        sa.Column("traceback", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["backfill_id"], ["backfills.id"], name="fk_backfill_pages_backfill_id"),
        sa.ForeignKeyConstraint(["after_id"], ["backfill_pages.id"], name="fk_backfill_pages_after_id"),
        sa.PrimaryKeyConstraint("id", name="pk_backfill_pages"),
        sa.UniqueConstraint("backfill_id", "source", "url", "part", name="uq_backfill_pages_backfill_id_source_url_part"),
    )
    op.create_index("ix_backfill_pages_due", "backfill_pages", ["next_try_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_backfill_pages_leased", "backfill_pages", ["lease_until"], sqlite_where=LEASED, postgresql_where=LEASED)

    op.add_column("articles", sa.Column("is_backfilled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("links", sa.Column("is_backfill", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Alembic would copy the whole table on SQLite, which adds such a column in an instant when it is told so.
    number = "bigint" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(f"ALTER TABLE links ADD COLUMN backfill_id {number} CONSTRAINT fk_links_backfill_id REFERENCES backfills (id)")
    op.drop_index("ix_links_turn", "links")
    op.create_index("ix_links_turn", "links", ["host", "fresh_at", "id"], sqlite_where=NEWS, postgresql_where=NEWS)
    op.create_index("ix_links_past", "links", ["host", "fresh_at", "id"], sqlite_where=PAST, postgresql_where=PAST)
    op.create_index("ix_links_backfill", "links", ["backfill_id", "state", "next_try_at"], sqlite_where=BACKFILLED, postgresql_where=BACKFILLED)

    op.create_table(
        "backfill_shown",
        sa.Column("backfill_id", BIG_INT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("link_id", BIG_INT, nullable=False),
        sa.Column("page_id", BIG_INT, nullable=False),
        sa.ForeignKeyConstraint(["backfill_id"], ["backfills.id"], name="fk_backfill_shown_backfill_id"),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_backfill_shown_link_id"),
        sa.ForeignKeyConstraint(["page_id"], ["backfill_pages.id"], name="fk_backfill_shown_page_id"),
        sa.PrimaryKeyConstraint("backfill_id", "source", "link_id", name="pk_backfill_shown"),
    )
    op.create_index("ix_backfill_shown_page_id", "backfill_shown", ["page_id"])
