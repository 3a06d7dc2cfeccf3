"""The catalog's tables. Instants are whole seconds since the epoch; what a person wrote is text.

`identity`, `former_slug`, `channel`, and `membership` of what was removed are the ledger: what records alone cannot
say. All else is made again from them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, and_

VERSION = 7

tables = MetaData()

# Ordered and compared by its bytes everywhere, as SQLite does by itself: a locale's order would differ by replica.
Bytewise = Text().with_variant(Text(collation="C"), "postgresql")

# 32 bits would last until 2038.
Instant = BigInteger

# What holds for the catalog as a whole: `schema`, `site`, `program`, and `loaded` once the first sync has ended;
# `foremost` while only the newest articles are there.
fact = Table("fact", tables, Column("name", Bytewise, primary_key=True), Column("value", Text, nullable=False))

revision = Table(
    "revision",
    tables,
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
)

# What the source held when it was last read. `waits_for` is the address of the record that holds what this one claims.
# Each of several articles in one record has a row too: `file` is the address of that record.
record = Table(
    "record",
    tables,
    Column("address", Bytewise, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("is_settled", Boolean, nullable=False),
    Column("digest", Bytewise, nullable=False),
    Column("waits_for", Bytewise),
    Column("file", Bytewise),
    sqlite_with_rowid=False,
)
for _column in (record.c.waits_for, record.c.file):
    Index(f"record_by_{_column.name}", _column, sqlite_where=_column.is_not(None))

fault = Table(
    "fault",
    tables,
    Column("address", Bytewise, nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("column", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("cure", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("is_warning", Boolean, nullable=False),
)

# One row an id that was ever given. `wanted` is the slug its record asked for, by name if `is_explicit`, `slug` the one
# it got; `removed` the instant from which its record was gone, or a draft, after it had been public.
identity = Table(
    "identity",
    tables,
    Column("key", Integer, primary_key=True),
    Column("id", Bytewise, nullable=False),
    Column("address", Bytewise, nullable=False),
    Column("digest", Bytewise, nullable=False),
    Column("wanted", Bytewise, nullable=False),
    Column("is_explicit", Boolean, nullable=False),
    Column("slug", Bytewise),
    Column("removed", Instant),
)
Index("identity_by_id", identity.c.id, unique=True)
Index("identity_by_slug", identity.c.slug, unique=True)
Index("identity_by_address", identity.c.address)
Index("identity_by_digest", identity.c.digest)

former_slug = Table(
    "former_slug",
    tables,
    Column("slug", Bytewise, primary_key=True),
    Column("key", Integer, ForeignKey("identity.key", ondelete="CASCADE"), nullable=False, index=True),
)

# Where pages stood before, as records say: paths below the base URL, decoded, without slashes at their ends.
alias = Table(
    "alias",
    tables,
    Column("path", Bytewise, primary_key=True),
    Column("key", Integer, ForeignKey("identity.key", ondelete="CASCADE"), primary_key=True, index=True),
)

# The last good version of each record that is an article; the identity at the same address that was not removed is its.
article = Table(
    "article",
    tables,
    Column("number", Integer, primary_key=True),
    Column("address", Bytewise, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("slug", Bytewise, nullable=False),
    Column("slug_is_explicit", Boolean, nullable=False),
    Column("written_date", Text, nullable=False),
    Column("published", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("expires", Instant),
    Column("withdrawn", Instant),
    Column("summary", Text),
    Column("link", Text),
    Column("image", Text),
    Column("authors", Text, nullable=False),
    Column("categories", Text, nullable=False),
    Column("language", Text),
    Column("aliases", Text, nullable=False),
    Column("enclosures", Text, nullable=False),
    Column("rights", Text),
    Column("content", Text),
    Column("excerpt_length", Integer),
    Column("markup", Text, nullable=False),
    Column("reason", Text),
    Column("audience", Text, nullable=False),
    Column("doc", BigInteger),
)
# By its words (`fulltext`): `doc` is null until they are in the index, which those of private channels never are.
Index("article_by_doc", article.c.doc, unique=True, sqlite_where=article.c.doc.is_not(None))
_IS_UNREAD = and_(article.c.doc.is_(None), article.c.audience == "[]")
Index("article_to_index", article.c.published.desc(), sqlite_where=_IS_UNREAD)

AT_HOME = and_(identity.c.address == article.c.address, identity.c.removed.is_(None))
"""Of an identity and an article: that they are one."""

# The source text of each, apart: it is ten times as long as all else, and is written once and read seldom.
source_text = Table(
    "source_text",
    tables,
    Column("number", Integer, ForeignKey("article.number", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
)

# `revision` is the last one that changed what the channel will show at some time; `modified` the instant of the last
# one that changed what it shows, 0 before the first; `lost` the last revision in which something it showed was taken
# back. `term` is the subject's name as written.
channel = Table(
    "channel",
    tables,
    Column("key", Integer, primary_key=True),
    Column("name", Bytewise, nullable=False, unique=True),
    Column("term", Text, nullable=False),
    Column("revision", Integer, nullable=False, index=True),
    Column("modified", Instant, nullable=False),
    Column("lost", Integer, nullable=False),
)

# Which identity is in which channel, with all that decides whether and where it shows.
membership = Table(
    "membership",
    tables,
    Column("channel", Integer, ForeignKey("channel.key"), primary_key=True),
    Column("key", Integer, ForeignKey("identity.key", ondelete="CASCADE"), primary_key=True),
    Column("id", Bytewise, nullable=False),
    Column("published", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("expires", Instant),
    Column("withdrawn", Instant),
    sqlite_with_rowid=False,
)
Index("membership_by_date", membership.c.channel, membership.c.published.desc(), membership.c.id.desc())
Index("membership_by_key", membership.c.key)
for _column in (membership.c.expires, membership.c.withdrawn):
    Index(f"membership_by_{_column.name}", membership.c.channel, _column, sqlite_where=_column.is_not(None))

# Of what was edited after its publication only: hardly any at most sites.
_IS_EDITED = membership.c.updated > membership.c.published
Index("membership_by_updated", membership.c.channel, membership.c.updated.desc(), sqlite_where=_IS_EDITED)

# Who may ask for a private channel. `prefix` is the first part of what stands in the address, by which it is found;
# `digest` is of the whole; `revoked` the instant from which it counts no more.
token = Table(
    "token",
    tables,
    Column("prefix", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("revoked", Instant),
)

# Without a body: served from the folder that the sync read, by whoever has it.
media = Table(
    "media",
    tables,
    Column("address", Bytewise, primary_key=True),
    Column("digest", Bytewise, nullable=False),
    Column("length", Integer, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("body", LargeBinary),
)

# The files of the folder `theme`, by their addresses. Without a body: there was no room for it.
theme = Table(
    "theme",
    tables,
    Column("address", Bytewise, primary_key=True),
    Column("digest", Bytewise, nullable=False),
    Column("length", Integer, nullable=False),
    Column("body", LargeBinary),
)

# Which files an article refers to, those too that are not there (yet).
reference = Table(
    "reference",
    tables,
    Column("media", Bytewise, primary_key=True),
    Column("article", Bytewise, primary_key=True, index=True),
    sqlite_with_rowid=False,
)


def prepare_for_postgresql() -> None:
    """Tells PostgreSQL too which rows an index is of.

    Only where it is used: to say so loads SQLAlchemy's dialect, which costs each process 3 MB and 25 ms.
    """
    for index in (index for table in tables.sorted_tables for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
