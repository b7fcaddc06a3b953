"""The tables: what a row holds, what makes it unique, which index a claim walks. Rows never leave `storage`, records do.

Statements are written against the Core tables at the end: a unit of work per article would cost more than its SQL.
"""
# No `from __future__ import annotations` here: SQLModel reads the annotations as types.

from datetime import datetime
from typing import Annotated, Any, Final, cast

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.types import CleanJson, CleanText

BigInt: Final = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER PRIMARY KEY is SQLite's own row id

Key = Annotated[int | None, Field(default=None, primary_key=True, sa_type=BigInt)]
Str = Annotated[str, Field(sa_type=CleanText)]
MaybeStr = Annotated[str | None, Field(default=None, sa_type=CleanText)]
JsonMap = Annotated[dict[str, Any], Field(sa_type=CleanJson)]
JsonMaps = Annotated[list[dict[str, Any]], Field(sa_type=CleanJson)]
JsonStrs = Annotated[list[str], Field(sa_type=CleanJson)]

# The partial indexes and the claims that walk them say the same words: SQLite sees only then that they mean the same.
ACTIVE: Final = text("is_active")
OPEN: Final = text("state = 'open'")
NEWS: Final = text("state = 'open' AND NOT is_backfill")
PAST: Final = text("state = 'open' AND is_backfill")
BACKFILLED: Final = text("backfill_id IS NOT NULL")
LEASED: Final = text("lease_token IS NOT NULL")
UNDELIVERED: Final = text("state NOT IN ('delivered', 'dead')")  # not IN: SQLite would then take the index on state


class Base(SQLModel):
    """Our own metadata, so that tables of other SQLModel users in the process never mix with these."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Keyed(Base):
    id: Key = None


class Leased(Keyed):
    """A row that is worked on under a lease: who holds it, the token that proves it, and until when."""

    lease_owner: MaybeStr = None
    lease_token: MaybeStr = None
    lease_until: datetime | None = None


class SourceRow(Leased, table=True):
    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("portal", "source"),
        Index("ix_sources_due", "next_poll_at", sqlite_where=ACTIVE, postgresql_where=ACTIVE),
    )

    portal: Str
    source: Str
    kind: Str
    url: Str
    is_active: bool
    first_seen_at: datetime
    baseline_before: datetime
    first_poll_at: datetime | None = None
    last_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    failing_since: datetime | None = None
    next_poll_at: datetime
    n_polls: int = 0
    n_failures: int = 0
    n_bugs: int = 0
    parked: bool = False
    last_error: MaybeStr = None
    last_error_kind: MaybeStr = None
    traceback: MaybeStr = None
    etag: MaybeStr = None
    last_modified: MaybeStr = None
    report: JsonMap
    memory: JsonMap


class StoryRow(Keyed, table=True):
    __tablename__ = "stories"
    __table_args__ = (UniqueConstraint("key"),)

    key: Str
    opened_at: datetime


class ArticleRow(Keyed, table=True):
    """The article as it reads now; `revisions` keeps what it read before."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("portal", "era", "ident"),)

    portal: Str
    era: Str
    ident: Str
    url: Str
    story_id: int = Field(sa_type=BigInt, foreign_key="stories.id", index=True)
    copy_of: int | None = Field(default=None, sa_type=BigInt, foreign_key="articles.id", index=True)
    first_seen_at: datetime
    revised_at: datetime | None = None
    n_revisions: int = 1
    province: MaybeStr = None
    title: Str
    lead: MaybeStr = None
    text: Str
    author: MaybeStr = None
    credit: MaybeStr = None
    section: MaybeStr = None
    tags: JsonStrs
    captions: JsonStrs
    images: JsonMaps
    published_at: datetime | None = None
    published_precision: MaybeStr = None
    published_raw: MaybeStr = None
    updated_at: datetime | None = None
    provenance: JsonMap
    problems: JsonStrs
    content_hash: Str
    text_hash: str = Field(sa_type=CleanText, index=True)
    is_backfilled: bool = False
    """What it says now came by a backfill, and nobody was told. Ends when a poll names it."""


class ArticleUrlRow(Keyed, table=True):
    """Every URL an article is known under, its canonical one included."""

    __tablename__ = "article_urls"
    __table_args__ = (UniqueConstraint("url"),)

    url: Str
    article_id: int = Field(sa_type=BigInt, foreign_key="articles.id", index=True)


class ArticleIndexRow(Base, table=True):
    """Where full-text search stands with an article, beside it in a narrow row: `version` are the rules its words were made by.

    The words themselves are in `article_words` (see `storage.words`), which each kind of database has in its own form.
    """

    __tablename__ = "article_index"
    __table_args__ = (
        UniqueConstraint("words_id"),
        Index("ix_article_index_fresh", "fresh_at", "article_id"),
        Index("ix_article_index_version", "version", "article_id"),
    )

    article_id: int = Field(sa_type=BigInt, foreign_key="articles.id", primary_key=True)
    portal: Str
    fresh_at: datetime
    """When it was published, else first seen."""
    version: MaybeStr = None
    """None: its words are not indexed yet, or no longer."""
    words_id: int | None = Field(default=None, sa_type=BigInt)


class RevisionRow(Keyed, table=True):
    """What an article said from `seen_at` on; number 1 is what it said first."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    article_id: int = Field(sa_type=BigInt, foreign_key="articles.id")
    number: int
    seen_at: datetime
    updated_at: datetime | None = None
    title: Str
    lead: MaybeStr = None
    text: Str
    content_hash: Str
    reason: MaybeStr = None
    """None: the newspaper's page said so. `reprocess`: we read the same page by other rules; the newspaper changed nothing."""


class MatchRow(Keyed, table=True):
    """A watch that found its topic in an article; `revision` is the number of the revision it was last found in."""

    __tablename__ = "matches"
    __table_args__ = (UniqueConstraint("article_id", "watch"), Index("ix_matches_watch", "watch", "article_id"))

    article_id: int = Field(sa_type=BigInt, foreign_key="articles.id")
    watch: Str
    name: Str
    score: float
    revision: int
    matched_at: datetime
    spans: JsonMaps
    snippets: JsonMaps


class LinkRow(Leased, table=True):
    """A URL once seen in a source. `fresh_at` orders the claims: when it was published, else when it was found."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("url"),
        Index("ix_links_turn", "host", "fresh_at", "id", sqlite_where=NEWS, postgresql_where=NEWS),
        Index("ix_links_past", "host", "fresh_at", "id", sqlite_where=PAST, postgresql_where=PAST),
        Index("ix_links_backfill", "backfill_id", "state", "next_try_at", sqlite_where=BACKFILLED, postgresql_where=BACKFILLED),
        Index("ix_links_due", "next_try_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_links_leased", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
        Index("ix_links_census", "portal", "source_id", "state", "reason"),
    )

    url: Str
    host: Str
    portal: Str
    source_id: int = Field(sa_type=BigInt, foreign_key="sources.id")
    state: Str
    reason: MaybeStr = None
    found_at: datetime
    fresh_at: datetime
    next_try_at: datetime
    n_tries: int = 0
    n_bugs: int = 0
    hint: JsonMap
    article_id: int | None = Field(default=None, sa_type=BigInt, foreign_key="articles.id", index=True)
    traceback: MaybeStr = None
    is_backfill: bool = False
    """Only a backfill has named it; the first poll that does makes it a link like any other."""
    backfill_id: int | None = Field(default=None, sa_type=BigInt, foreign_key="backfills.id")
    """The last backfill that named it."""


class BackfillRow(Keyed, table=True):
    """A walk back through what a portal still shows, down to `since`."""

    __tablename__ = "backfills"
    __table_args__ = (Index("ix_backfills_portal", "portal", "id"), Index("ix_backfills_state", "state"))

    portal: Str
    since: datetime
    state: Str
    asked_at: datetime
    ended_at: datetime | None = None


class BackfillPageRow(Leased, table=True):
    """A list that a backfill has asked or will ask: a sitemap, or one page of a listing or feed.

    `part` is the slice of a list too long to be taken at once; `after_id` the page before it, which decides whether it is asked.
    """

    __tablename__ = "backfill_pages"
    __table_args__ = (
        UniqueConstraint("backfill_id", "source", "url", "part"),
        Index("ix_backfill_pages_due", "next_try_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_backfill_pages_leased", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
    )

    backfill_id: int = Field(sa_type=BigInt, foreign_key="backfills.id")
    source: Str
    kind: Str
    url: Str
    part: int = 0
    after_id: int | None = Field(default=None, sa_type=BigInt, foreign_key="backfill_pages.id")
    n_barren: int = 0
    state: Str
    reason: MaybeStr = None
    next_try_at: datetime
    n_tries: int = 0
    n_bugs: int = 0
    fingerprint: MaybeStr = None
    """Of the links it shows: a list that ignores the number of the page shows the same ones again."""
    n_shown: int = 0
    traceback: MaybeStr = None


class BackfillShownRow(Base, table=True):
    """Which page of a source showed a link first, in one backfill. Forgotten when that has ended."""

    __tablename__ = "backfill_shown"

    backfill_id: int = Field(sa_type=BigInt, foreign_key="backfills.id", primary_key=True)
    source: Annotated[str, Field(primary_key=True, sa_type=CleanText)]
    link_id: int = Field(sa_type=BigInt, foreign_key="links.id", primary_key=True)
    page_id: int = Field(sa_type=BigInt, foreign_key="backfill_pages.id", index=True)


class PageRow(Keyed, table=True):
    """A page as it came, for reading it again: one a revision of an article, or one a link that could not be read."""

    __tablename__ = "pages"
    __table_args__ = (
        UniqueConstraint("article_id", "revision"),
        UniqueConstraint("link_id"),
        Index("ix_pages_age", "fetched_at", "article_id", "n_bytes"),
        Index("ix_pages_portal", "portal", "id"),
    )

    portal: Str
    article_id: int | None = Field(default=None, sa_type=BigInt, foreign_key="articles.id")
    revision: int | None = None
    link_id: int | None = Field(default=None, sa_type=BigInt, foreign_key="links.id")
    fetched_at: datetime
    n_bytes: int
    requested_url: Str
    url: Str
    redirects: JsonStrs
    status: int
    content_type: MaybeStr = None
    hint: JsonMap
    body_hash: Str
    body: bytes = Field(sa_type=LargeBinary)
    """The last column: what stands before it is read without it."""


class ReadingRow(Keyed, table=True):
    """What one fetched page gave to its portal's rules: the contract of a portal is judged by its last rows. One a link, the first look stays
    its place in the order; without an article where the page could not be read at all.
    """

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("link_id"), Index("ix_readings_portal", "portal", "id"))

    portal: Str
    link_id: int = Field(sa_type=BigInt, foreign_key="links.id")
    article_id: int | None = Field(default=None, sa_type=BigInt, foreign_key="articles.id", index=True)
    read_at: datetime
    kept: JsonStrs
    n_chars: int
    signs: JsonMap
    is_degraded: bool = False


class EventRow(Keyed, table=True):
    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("dedup_key"),)

    type: Str
    dedup_key: Str
    occurred_at: datetime
    data: JsonMap
    article_id: int | None = Field(default=None, sa_type=BigInt, foreign_key="articles.id", index=True)


class DeliveryRow(Leased, table=True):
    """One message to one reader. `key` is its public id; `message` is what is sent at every try, once rendered."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("channel", "recipient", "group"),
        Index("ix_deliveries_turn", "channel", "next_try_at", "id", sqlite_where=UNDELIVERED, postgresql_where=UNDELIVERED),
        Index("ix_deliveries_due", "next_try_at", sqlite_where=UNDELIVERED, postgresql_where=UNDELIVERED),
        Index("ix_deliveries_leased", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
        Index("ix_deliveries_census", "state", "channel"),
        Index("ix_deliveries_state", "state", "id"),
    )

    key: Str
    channel: Str
    recipient: Str
    group: Str
    state: Str
    created_at: datetime
    next_try_at: datetime
    n_tries: int = 0
    n_bugs: int = 0
    n_events_claimed: int = 0
    """How many events the holder of the lease was told of: more by now, and its message would leave one out."""
    why: MaybeStr = None
    traceback: MaybeStr = None
    message: bytes | None = Field(default=None, sa_type=LargeBinary)
    delivered_at: datetime | None = None


class DeliveryEventRow(Base, table=True):
    """Which events a delivery carries."""

    __tablename__ = "delivery_events"

    delivery_id: int = Field(sa_type=BigInt, foreign_key="deliveries.id", primary_key=True)
    event_id: int = Field(sa_type=BigInt, foreign_key="events.id", primary_key=True, index=True)


class ChannelRow(Keyed, table=True):
    """What a channel's receiver told us; belongs to the configuration with this fingerprint and is void for any other."""

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("channel"),)

    channel: Str
    fingerprint: Str
    disabled_why: MaybeStr = None
    disabled_at: datetime | None = None
    n_equal_refusals: int = 0
    last_refusal: MaybeStr = None
    last_refused_at: datetime | None = None


class MemoryRow(Base, table=True):
    """What a part of the crawler wants to find again after a restart, under its name."""

    __tablename__ = "memories"

    name: Annotated[str, Field(primary_key=True, sa_type=CleanText)]
    value: JsonMap
    kept_at: datetime


METADATA: Final = Base.metadata


def _table(row: type[Base]) -> Table:
    return cast("Table", row.__table__)  # type: ignore[attr-defined]  # SQLModel adds it to table models


sources: Final = _table(SourceRow)
stories: Final = _table(StoryRow)
articles: Final = _table(ArticleRow)
article_urls: Final = _table(ArticleUrlRow)
article_index: Final = _table(ArticleIndexRow)
revisions: Final = _table(RevisionRow)
matches: Final = _table(MatchRow)
links: Final = _table(LinkRow)
pages: Final = _table(PageRow)
readings: Final = _table(ReadingRow)
backfills: Final = _table(BackfillRow)
backfill_pages: Final = _table(BackfillPageRow)
backfill_shown: Final = _table(BackfillShownRow)
events: Final = _table(EventRow)
deliveries: Final = _table(DeliveryRow)
delivery_events: Final = _table(DeliveryEventRow)
channels: Final = _table(ChannelRow)
memories: Final = _table(MemoryRow)
