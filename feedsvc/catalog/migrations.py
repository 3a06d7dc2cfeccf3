"""Versions of the schema: a database with an older one, or none, in; the same with the present one out.

A new version is a number in `schema.VERSION`, and one function here that brings a database from the version before to
it. Each is written in SQL of its own time, for both dialects: what `schema` says may have changed since. All steps that
are needed are made in one transaction. A step that changes what is read from records lets the next sync read them all
again, by `_read_anew`; what is published stays published meanwhile, so it has to leave `article` whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import inspect, text

from feedsvc.catalog import facts, fulltext
from feedsvc.catalog.schema import VERSION, tables
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from feedsvc.catalog.database import Database


def version(connection: Connection) -> int | None:
    """The version of the schema that a database has; None where it has none."""
    if not inspect(connection).has_table("fact"):
        return None
    return int(facts.get(connection, facts.SCHEMA) or 0)


def check(found: int, name: str) -> None:
    """Refuses a version that is not the present one.

    Raises:
        CatalogError: with what to do.
    """
    if found == VERSION:
        return
    cure = "use the feedsvc that made it, or another --database"
    if found < VERSION:
        cure = "start the feedsvc that syncs it first: feedsvc sync, or feedsvc serve CONTENT"
    raise CatalogError(f"{name}: its schema is version {found}, this feedsvc knows version {VERSION} ({cure})")


def migrate(connection: Connection, database: Database) -> None:
    """Makes the tables where there are none, else brings them to the present version, with a copy of the old beside.

    Args:
        connection: a writing transaction of the database.

    Raises:
        CatalogError: where the version is newer, or so old that nobody has it.
    """
    found = version(connection)
    if found is None:
        _make(connection, database.name)
        return
    if found > VERSION or any(step not in STEPS for step in range(found, VERSION)):
        check(found, database.name)
    if found < VERSION:
        database.backup(f"backup-v{found}")
    for step in range(found, VERSION):
        STEPS[step](connection)
        facts.put(connection, facts.SCHEMA, str(step + 1))


def _make(connection: Connection, name: str) -> None:
    if connection.dialect.name == "postgresql":
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise CatalogError(f"{name}: its encoding is {encoding} (createdb --encoding=UTF8 --template=template0)")
    tables.create_all(connection)
    fulltext.create(connection)
    facts.put(connection, facts.SCHEMA, str(VERSION))
    facts.put(connection, facts.CATALOG, uuid4().hex)


def _sizes_of_pictures(connection: Connection) -> None:
    """2 to 3: media have a length and a size, and may lie outside; articles refer to them."""
    _run(connection, _SIZES_OF_PICTURES)
    _read_anew(connection)


_SIZES_OF_PICTURES = """
    ALTER TABLE media RENAME TO media_before;
    CREATE TABLE media (
        address TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, length INTEGER NOT NULL,
        width INTEGER, height INTEGER, body BLOB
    );
    INSERT INTO media SELECT address, digest, length(body), NULL, NULL, body FROM media_before;
    DROP TABLE media_before;
    CREATE TABLE reference (media TEXT NOT NULL, article TEXT NOT NULL, PRIMARY KEY (media, article)) WITHOUT ROWID;
    CREATE INDEX ix_reference_article ON reference (article);
    CREATE TABLE IF NOT EXISTS alias (
        path TEXT NOT NULL, "key" INTEGER NOT NULL REFERENCES identity ("key") ON DELETE CASCADE,
        PRIMARY KEY (path, "key")
    );
    CREATE INDEX IF NOT EXISTS ix_alias_key ON alias ("key");
    DROP INDEX membership_by_date;
    CREATE INDEX membership_by_date ON membership (channel, published DESC, id DESC)
"""


def _source_texts(connection: Connection) -> None:
    """3 to 4: source texts stand in a table of their own, and an article is found by its address alone."""
    _run(connection, _SOURCE_TEXTS)


_SOURCE_TEXTS = """
    ALTER TABLE article RENAME TO article_before;
    CREATE TABLE article (
        number INTEGER NOT NULL, address TEXT NOT NULL, title TEXT NOT NULL, slug TEXT NOT NULL,
        slug_is_explicit BOOLEAN NOT NULL, written_date TEXT NOT NULL, published BIGINT NOT NULL,
        updated BIGINT NOT NULL, expires BIGINT, withdrawn BIGINT, summary TEXT, link TEXT, image TEXT,
        authors TEXT NOT NULL, categories TEXT NOT NULL, language TEXT, aliases TEXT NOT NULL,
        enclosures TEXT NOT NULL, rights TEXT, content TEXT, excerpt_length INTEGER, markup TEXT NOT NULL,
        PRIMARY KEY (number), UNIQUE (address)
    );
    INSERT INTO article SELECT
        rowid, address, title, slug, slug_is_explicit, written_date, published, updated, expires, withdrawn, summary,
        link, image, authors, categories, language, aliases, enclosures, rights, content, excerpt_length, markup
        FROM article_before;
    CREATE TABLE source_text (
        number INTEGER NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (number), FOREIGN KEY (number) REFERENCES article (number) ON DELETE CASCADE
    );
    INSERT INTO source_text SELECT rowid, source FROM article_before;
    DROP TABLE article_before;
    ALTER TABLE record RENAME TO record_before;
    CREATE TABLE record (
        address TEXT NOT NULL, mark TEXT NOT NULL, is_settled BOOLEAN NOT NULL, digest TEXT NOT NULL, waits_for TEXT,
        file TEXT, PRIMARY KEY (address)
    ) WITHOUT ROWID;
    INSERT INTO record SELECT address, mark, is_settled, digest, waits_for, file FROM record_before;
    DROP TABLE record_before;
    CREATE INDEX record_by_waits_for ON record (waits_for) WHERE waits_for IS NOT NULL;
    CREATE INDEX record_by_file ON record (file) WHERE file IS NOT NULL;
    DROP INDEX ix_identity_address;
    DROP INDEX ix_identity_digest;
    CREATE UNIQUE INDEX identity_by_id ON identity (id);
    CREATE UNIQUE INDEX identity_by_slug ON identity (slug);
    CREATE INDEX identity_by_address ON identity (address);
    CREATE INDEX identity_by_digest ON identity (digest)
"""


def _private_channels(connection: Connection) -> None:
    """4 to 5: articles have an audience, and a reason for their withdrawal; there are tokens; edits are found."""
    _run(connection, _PRIVATE_CHANNELS)
    _read_anew(connection)


_PRIVATE_CHANNELS = """
    ALTER TABLE article ADD COLUMN reason TEXT;
    ALTER TABLE article ADD COLUMN audience TEXT DEFAULT '[]' NOT NULL;
    CREATE INDEX membership_by_updated ON membership (channel, updated DESC) WHERE updated > published;
    CREATE TABLE token (
        prefix TEXT NOT NULL, digest TEXT NOT NULL, channel TEXT NOT NULL, name TEXT NOT NULL,
        created BIGINT NOT NULL, revoked BIGINT, PRIMARY KEY (prefix)
    )
"""


def _full_text(connection: Connection) -> None:
    """5 to 6: the words of articles can be found."""
    _run(connection, _FULL_TEXT)
    fulltext.create(connection)


_FULL_TEXT = """
    ALTER TABLE article ADD COLUMN doc BIGINT;
    CREATE UNIQUE INDEX article_by_doc ON article (doc) WHERE doc IS NOT NULL;
    CREATE INDEX article_to_index ON article (published DESC) WHERE doc IS NULL AND audience = '[]'
"""


def _themes(connection: Connection) -> None:
    """6 to 7: what lies in the folder `theme` is the site's look, and no article or picture any more."""
    body = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    collation = ' COLLATE "C"' if connection.dialect.name == "postgresql" else ""
    _run(connection, _THEMES.format(body=body, collation=collation))
    _read_anew(connection)


_THEMES = """
    CREATE TABLE theme (
        address TEXT{collation} NOT NULL, digest TEXT{collation} NOT NULL, length INTEGER NOT NULL, body {body},
        PRIMARY KEY (address)
    )
"""


def _run(connection: Connection, statements: str) -> None:
    for statement in statements.split(";"):
        connection.execute(text(statement))


def _read_anew(connection: Connection) -> None:
    facts.forget(connection, facts.READ_WITH)


# By the version from which each step leads to the next. Versions 2 and 3 were there on SQLite only.
STEPS: Mapping[int, Callable[[Connection], None]] = {
    2: _sizes_of_pictures,
    3: _source_texts,
    4: _private_channels,
    5: _full_text,
    6: _themes,
}
