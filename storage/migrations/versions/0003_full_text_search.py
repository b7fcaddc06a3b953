"""Full-text search: our own index words, in FTS5 or as tsvectors, and beside each article by which rules they were made."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article_index",
        sa.Column("article_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("words_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_article_index_article_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_article_index"),
        sa.UniqueConstraint("words_id", name="uq_article_index_words_id"),
    )
    op.execute(
        "INSERT INTO article_index (article_id, portal, fresh_at) SELECT id, portal, coalesce(published_at, first_seen_at) FROM articles"
    )
    op.create_index("ix_article_index_fresh", "article_index", ["fresh_at", "article_id"])
    op.create_index("ix_article_index_version", "article_index", ["version", "article_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE article_words (id bigint PRIMARY KEY REFERENCES articles ON DELETE CASCADE, normalised tsvector, folded tsvector, expanded tsvector)")
        op.execute("CREATE INDEX ix_article_words ON article_words USING gin (normalised, folded, expanded)")
    else:
        # The words are ready made: no diacritics to remove, and _ joins neighbours. Without positions and without the words
        # themselves (content=''): a match is judged on the article's own text. Such tables cannot forget one row before SQLite 3.43.
        op.execute(
            "CREATE VIRTUAL TABLE article_words USING fts5(normalised, folded, expanded, "
            "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\", content='', detail=column)"
        )
